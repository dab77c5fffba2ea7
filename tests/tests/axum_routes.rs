//! Routes and request IDs in axum.

use axum::Router;
use axum::routing::{get, post};
use throughline::http::ServerLayer;
use throughline_axum::{RequestId, RouteLayer, server_layer};
use throughline_tests::recorded::recorded;
use throughline_tests::wire::{exchange, serve};
use tower::Layer;

fn routes() -> Router {
    let inner = Router::new().route("/items/{item}", post(async || "item"));
    Router::new().route("/ask/{id}", get(async || "asked")).nest("/shop/{shop}", inner)
}

fn check(app: Router) {
    recorded(async |recorder| {
        let server = serve(app).await;
        for (line, name, route) in [
            ("GET /ask/7", "GET /ask/{id}", Some("/ask/{id}".into())),
            (
                "POST /shop/1/items/2",
                "POST /shop/{shop}/items/{item}",
                Some("/shop/{shop}/items/{item}".into()),
            ),
            ("DELETE /ask/7", "DELETE /ask/{id}", Some("/ask/{id}".into())),
            ("GET /nowhere", "GET", None),
        ] {
            exchange(server, line, &[]).await;
            let span = recorder.only();
            assert_eq!((span.name(), span.attribute("http.route")), (name, route), "{line}");
        }
    });
}

#[test]
fn a_layer_of_the_router_names_requests_by_their_route() {
    check(routes().layer(server_layer()));
}

#[test]
fn a_layer_around_the_router_is_told_the_route() {
    let service = ServerLayer::new().layer(routes().layer(RouteLayer::new()));
    check(Router::new().fallback_service(service));
}

#[test]
fn a_fallback_has_no_route_wherever_it_is() {
    recorded(async |recorder| {
        let inner = Router::new().route("/items/{item}", get(async || "item")).fallback(async || "inner");
        let app = Router::new().nest("/shop/{shop}", inner).fallback(async || "outer");
        let server = serve(app.layer(server_layer())).await;
        for (path, body) in [("/shop/1/nothing/7", "inner"), ("/nothing/7", "outer")] {
            assert_eq!(exchange(server, &format!("GET {path}"), &[]).await.body, body);
            let span = recorder.only();
            assert_eq!((span.name(), span.attribute("http.route")), ("GET", None), "{path}");
        }
    });
}

#[test]
fn a_service_under_a_path_is_named_by_what_it_tells_itself() {
    recorded(async |recorder| {
        let items = || Router::new().route("/items/{item}", get(async || "item"));
        let app = Router::new()
            .nest_service("/silent", items())
            .nest_service("/shop", items().layer(RouteLayer::new()))
            .layer(server_layer());
        let server = serve(app).await;
        for (path, name) in [("/shop/items/7", "GET /shop/items/{item}"), ("/silent/items/7", "GET")] {
            assert_eq!(exchange(server, &format!("GET {path}"), &[]).await.body, "item");
            assert_eq!(recorder.only().name(), name);
        }
    });
}

#[test]
fn a_router_with_a_layer_in_one_with_a_layer_is_observed_once() {
    recorded(async |recorder| {
        let id = async |RequestId(id): RequestId| id.to_string();
        let layered = |path| Router::new().route(path, get(id)).layer(server_layer());
        let app = layered("/orders/{id}").merge(layered("/carts/{id}")).nest("/shop", layered("/items/{id}"));
        let server = serve(app.layer(server_layer())).await;
        for (path, name) in [
            ("/orders/7", "GET /orders/{id}"),
            ("/carts/7", "GET /carts/{id}"),
            ("/shop/items/7", "GET /shop/items/{id}"),
            ("/nowhere", "GET"),
        ] {
            let answer = exchange(server, &format!("GET {path}"), &[]).await;
            let span = recorder.only();
            assert_eq!(span.name(), name);
            let id = answer.get("x-request-id").expect("an ID");
            assert_eq!(span.attribute("request.id"), Some(id.into()));
            assert!(answer.body.is_empty() || answer.body == id, "{path}: the handler knows another ID");
        }
    });
}

#[test]
fn handlers_take_the_request_id_as_argument() {
    recorded(async |_| {
        let handler = get(async |RequestId(id): RequestId| id.to_string());
        let server = serve(Router::new().route("/", handler.clone()).layer(server_layer())).await;
        assert_eq!(exchange(server, "GET /", &[b"x-request-id: req-abc"]).await.body, "req-abc");
        let without = serve(Router::new().route("/", handler)).await;
        assert_eq!(exchange(without, "GET /", &[]).await.status(), 500);
    });
}

#[test]
fn a_request_id_that_others_put_into_a_request_does_not_keep_its_headers_from_being_read() {
    recorded(async |recorder| {
        let theirs: throughline::RequestId = "req-theirs".parse().unwrap();
        let app = Router::new().route("/", get(async |RequestId(id): RequestId| id.to_string()));
        let server = serve(app.layer(server_layer()).layer(axum::Extension(theirs))).await;
        let parent = b"traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let answer = exchange(server, "GET /", &[b"x-request-id: req-abc", parent]).await;
        assert_eq!((answer.body.as_str(), answer.get("x-request-id")), ("req-abc", Some("req-abc")));
        assert_eq!(recorder.only().trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    });
}
