//! Knows what there is, and what it costs.

mod store;

use tonic::{Request, Response, Status};

use crate::proto::catalog_server::{Catalog, CatalogServer};
use crate::proto::{Basket, Reservation};
use crate::role::{Stop, grpc};
use store::{Refused, Store};

pub(super) async fn run(stop: Stop) -> anyhow::Result<()> {
    let store = Store::open().await?;
    grpc::serve(CatalogServer::new(store), stop).await
}

#[tonic::async_trait]
impl Catalog for Store {
    async fn reserve(&self, request: Request<Basket>) -> Result<Response<Reservation>, Status> {
        let basket = request.into_inner();
        if basket.with_report {
            self.report().await.map_err(status)?;
        }
        let total_cents = self.reserve(&basket.lines, basket.one_by_one).await.map_err(status)?;
        tracing::info!(reservation.lines = basket.lines.len(), "set aside");
        Ok(Response::new(Reservation { total_cents }))
    }
}

fn status(refused: Refused) -> Status {
    match refused {
        Refused::NotSold(_) => Status::not_found(refused.to_string()),
        Refused::SoldOut(_) => Status::failed_precondition(refused.to_string()),
        Refused::Database(_) => Status::unavailable(refused.to_string()),
    }
}
