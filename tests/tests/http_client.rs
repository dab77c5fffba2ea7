//! The span of a request made, and what it sends along; by `ClientLayer` and by the adapter for reqwest.

use std::net::SocketAddr;

use http::{Method, Request, Response};
use throughline::http::ClientLayer;
use throughline::span::{Kind, Outcome};
use throughline::{Context, ContextParts};
use throughline_reqwest::{Client, RequestBuilderExt};
use throughline_tests::receiver::Nobody;
use throughline_tests::recorded::recorded;
use throughline_tests::wire::{Head, client, mirror};
use tower::{Layer, ServiceExt, service_fn};

fn get(url: &str) -> reqwest::Request {
    reqwest::Request::new(Method::GET, url.parse().unwrap())
}

fn context() -> Context {
    let mut parts = ContextParts { request_id: Some("req-abc".parse().unwrap()), ..ContextParts::default() };
    parts.baggage.set("tenant", "acme", "");
    Context::from(parts)
}

async fn sent(layer: ClientLayer, to: SocketAddr, request: reqwest::Request) -> Head {
    let attached = context().attach();
    let answer = Client::new(client()).layer(layer).execute(request);
    drop(attached);
    let text = answer.await.unwrap().text().await.unwrap();
    let head = Head::parse(&text);
    assert_eq!(head.get("host"), Some(&*to.to_string()));
    head
}

#[test]
fn a_request_has_the_attributes_of_the_conventions_and_sends_its_span() {
    recorded(async |recorder| {
        let to = mirror().await;
        let url = format!("http://ada:secret@{to}/200?q=1&sig=secret");
        let head = sent(ClientLayer::new(), to, get(&url)).await;
        let span = recorder.only();
        assert_eq!((span.name(), span.kind(), span.outcome()), ("GET", Kind::Client, Outcome::Ok));
        for (key, value) in [
            ("http.request.method", Some("GET".into())),
            ("http.response.status_code", Some(200.into())),
            ("server.address", Some("127.0.0.1".into())),
            ("server.port", Some(to.port().into())),
            ("url.full", Some(format!("http://REDACTED:REDACTED@{to}/200?q=1&sig=REDACTED").into())),
        ] {
            assert_eq!(span.attribute(key), value, "{key}");
        }
        let parent = format!("00-{}-{}-03", span.trace_id(), span.span_id());
        assert_eq!(head.get("traceparent"), Some(&*parent));
        assert_eq!(head.get("x-request-id"), Some("req-abc"));
        assert_eq!(head.get("baggage"), Some("tenant=acme"));
    });
}

#[test]
fn statuses_from_400_on_fail_a_client() {
    recorded(async |recorder| {
        let to = mirror().await;
        for (status, outcome) in
            [(204, Outcome::Ok), (304, Outcome::Ok), (404, Outcome::Error), (503, Outcome::Error)]
        {
            Client::new(client()).execute(get(&format!("http://{to}/{status}"))).await.unwrap();
            let span = recorder.only();
            assert_eq!(span.outcome(), outcome, "{status}");
            let error_type = (status >= 400).then(|| status.to_string().into());
            assert_eq!(span.attribute("error.type"), error_type);
        }
    });
}

#[test]
fn no_response_fails_a_client_without_telling_the_url_twice() {
    recorded(async |recorder| {
        let nobody = Nobody::new();
        assert!(Client::new(client()).execute(get(&format!("{}/?q=secret", nobody.url()))).await.is_err());
        let span = recorder.only();
        assert_eq!((span.outcome(), span.attribute("error.type")), (Outcome::Error, Some("connect".into())));
        let message = span.message().unwrap();
        assert!(!message.is_empty() && !message.contains("secret"), "{message}");
    });
}

#[test]
fn a_call_that_is_dropped_is_cancelled() {
    recorded(async |recorder| {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        let call = Client::new(client()).execute(get(&url));
        tokio::select! {
            _ = call => panic!("nobody answers"),
            _ = silent.accept() => {}
        }
        assert_eq!(recorder.only().outcome(), Outcome::Cancelled);
    });
}

#[test]
fn context_goes_to_allowed_hosts_only() {
    recorded(async |recorder| {
        let to = mirror().await;
        for (hosts, is_allowed) in [
            (&["127.0.0.1"][..], true),
            (&["localhost", "127.0.0.1"], true),
            (&["localhost"], false),
            (&[], false),
        ] {
            let layer = ClientLayer::new().allow_hosts(hosts);
            let head = sent(layer, to, get(&format!("http://{to}/"))).await;
            for header in ["traceparent", "x-request-id", "baggage"] {
                assert_eq!(head.get(header).is_some(), is_allowed, "{header} with {hosts:?}");
            }
            assert_eq!(recorder.only().name(), "GET", "the span is there all the same");
        }
    });
}

#[test]
fn an_id_that_the_caller_set_is_kept_and_a_stale_trace_is_replaced() {
    recorded(async |_| {
        let to = mirror().await;
        let mut request = get(&format!("http://{to}/"));
        for (name, value) in [
            ("x-request-id", "theirs"),
            ("traceparent", "00-00000000000000000000000000000001-0000000000000002-00"),
            ("tracestate", "theirs=1"),
        ] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let head = sent(ClientLayer::new(), to, request).await;
        assert_eq!(head.get("x-request-id"), Some("theirs"));
        assert!(!head.get("traceparent").unwrap().contains("00000000000000000000000000000001"));
        assert_eq!(head.get("tracestate"), None);
    });
}

#[test]
fn send_traced_sends_the_context() {
    recorded(async |recorder| {
        let to = mirror().await;
        let _attached = context().attach();
        let answer = client().post(format!("http://{to}/")).body("hi").send_traced().await;
        let head = Head::parse(&answer.unwrap().text().await.unwrap());
        assert_eq!(head.get("x-request-id"), Some("req-abc"));
        assert_eq!(recorder.only().name(), "POST");
    });
}

#[test]
fn a_client_that_connects_by_itself_has_its_host_in_a_header() {
    recorded(async |recorder| {
        let send = service_fn(async |request: Request<()>| {
            assert!(request.headers().contains_key("traceparent"));
            Ok::<_, std::fmt::Error>(Response::new(()))
        });
        let request = Request::get("/users?sig=secret").header("host", "api.example:8443").body(()).unwrap();
        ClientLayer::new().layer(send).oneshot(request).await.unwrap();
        let span = recorder.only();
        assert_eq!(span.attribute("server.address"), Some("api.example".into()));
        assert_eq!(span.attribute("server.port"), Some(8443.into()));
        assert_eq!(span.attribute("url.full"), Some("http://api.example:8443/users?sig=REDACTED".into()));
    });
}

#[test]
fn a_client_that_errs_fails_the_call() {
    recorded(async |recorder| {
        let send = service_fn(async |_: Request<()>| Err::<Response<()>, _>(std::fmt::Error));
        let request = Request::get("http://[::1]:9/").body(()).unwrap();
        assert!(ClientLayer::new().layer(send).oneshot(request).await.is_err());
        let span = recorder.only();
        assert_eq!(
            (span.outcome(), span.attribute("error.type")),
            (Outcome::Error, Some("core::fmt::Error".into()))
        );
        assert_eq!(span.attribute("server.address"), Some("::1".into()));
    });
}
