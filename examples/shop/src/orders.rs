//! What is ordered, and what ought to become of it.

use anyhow::{Context as _, ensure};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// An order.
#[derive(Debug)]
pub struct Order {
    /// What is shown above its trace.
    pub title: &'static str,
    customer: &'static str,
    /// What, and how many.
    items: &'static [(&'static str, u32)],
    /// Flags of the request, which make the catalog careless or slow.
    flags: &'static [&'static str],
    status: StatusCode,
}

/// The orders of a run: one that goes well, one that fails, one whose job fails once, one that is slow, and one with a query
/// for each of its items.
pub static ORDERS: [Order; 5] = [
    Order {
        title: "two teas",
        customer: "ada",
        items: &[("tea", 2)],
        flags: &[],
        status: StatusCode::ACCEPTED,
    },
    Order {
        title: "a unicorn, which is not sold",
        customer: "ada",
        items: &[("tea", 1), ("unicorn", 1)],
        flags: &[],
        status: StatusCode::NOT_FOUND,
    },
    Order {
        title: "a cup for someone whose mailbox is full at first",
        customer: "grace",
        items: &[("cup", 1)],
        flags: &[],
        status: StatusCode::ACCEPTED,
    },
    Order {
        title: "a kettle, and a report that takes a while",
        customer: "ada",
        items: &[("kettle", 1)],
        flags: &["with_report"],
        status: StatusCode::ACCEPTED,
    },
    Order {
        title: "a whole table, looked up one by one",
        customer: "ada",
        items: &[
            ("tea", 1),
            ("cup", 6),
            ("kettle", 1),
            ("milk", 2),
            ("sugar", 1),
            ("spoon", 6),
            ("plate", 6),
            ("cake", 1),
        ],
        flags: &["one_by_one"],
        status: StatusCode::ACCEPTED,
    },
];

impl Order {
    /// Sends it, and tells the ID of the request.
    ///
    /// # Errors
    ///
    /// When it is not answered as it should be.
    pub async fn send(&self, gateway: &str) -> anyhow::Result<String> {
        let items: Vec<Value> =
            self.items.iter().map(|(item, count)| json!({"item": item, "count": count})).collect();
        let mut order = json!({ "items": items });
        self.flags.iter().for_each(|&flag| order[flag] = true.into());
        let request =
            reqwest::Client::new().post(format!("{gateway}/orders")).bearer_auth(self.customer).json(&order);
        let answer = request.send().await.context("the gateway does not answer")?;
        let id = answer.headers().get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        let status = answer.status();
        ensure!(status == self.status, "`{}` was answered {status}: {}", self.title, answer.text().await?);
        id.context("the answer has no request ID")
    }
}
