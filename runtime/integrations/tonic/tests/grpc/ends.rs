//! Calls that end otherwise than by an answer, and who gets to see what.

use std::error::Error;
use std::time::Duration;

use http::Response;
use throughline::span::{Kind, Outcome};
use throughline_tonic::{ClientLayer, server_layer};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::body::Body;
use tonic::transport::Server;
use tonic::{Code, Request, Status};
use tower_http::catch_panic::CatchPanicLayer;
use tower_layer::Layer;

use crate::calls::{check, one};
use crate::server::{Talker, caller, endpoint, line, listen, observed, serve, stranger};
use crate::talk::talk_client::TalkClient;
use crate::talk::talk_server::TalkServer;

#[test]
fn a_deadline_that_passes_cancels_the_server_and_fails_the_client() {
    let (status, trace) = observed(async || {
        let talker = Talker::silent();
        let mut request = Request::new(line(""));
        request.set_timeout(Duration::from_millis(1));
        let status = caller(serve(&talker).await).say(request).await.unwrap_err();
        talker.gone.notified().await;
        status
    });
    // What tonic says of its own deadlines, on both sides.
    assert_eq!(status.code(), Code::Cancelled);
    let client = one(&trace, Kind::Client);
    assert_eq!(client.outcome(), Outcome::Error);
    check(&client, &[("error.type", Some("CANCELLED".into()))]);
    let server = one(&trace, Kind::Server);
    assert_eq!(server.outcome(), Outcome::Cancelled);
    for span in [client, server] {
        check(&span, &[("rpc.response.status_code", Some("CANCELLED".into()))]);
    }
}

#[test]
fn a_call_of_nobody_is_unavailable_and_keeps_the_error() {
    let (status, trace) = observed(async || {
        let (listener, address) = listen().await;
        drop(listener);
        caller(address).say(line("")).await.unwrap_err()
    });
    assert_eq!(status.code(), Code::Unavailable);
    let source = status.source().unwrap();
    assert!(source.is::<tonic::transport::Error>(), "{source:?}");
    let client = one(&trace, Kind::Client);
    assert_eq!((client.outcome(), client.message()), (Outcome::Error, Some(status.message())));
    check(
        &client,
        &[
            ("rpc.response.status_code", Some("UNAVAILABLE".into())),
            ("error.type", Some("UNAVAILABLE".into())),
        ],
    );
}

#[test]
fn a_panic_closes_the_call_as_panicked_and_fails_the_client() {
    for in_a_stream in [false, true] {
        let (status, trace) = observed(async || {
            let talker = Talker::saying(async |_| panic!("this test wants a panic"));
            let mut caller = caller(serve(&talker).await);
            if in_a_stream {
                let mut words = caller.listen(line("a panic")).await.unwrap().into_inner();
                // A reset may overtake the first word.
                loop {
                    match words.message().await {
                        Ok(word) => assert_eq!(word, Some(line("a"))),
                        Err(status) => break status,
                    }
                }
            } else {
                caller.say(line("")).await.unwrap_err()
            }
        });
        let server = one(&trace, Kind::Server);
        assert_eq!(server.outcome(), Outcome::Panicked);
        check(&server, &[("rpc.response.status_code", None)]);
        let client = one(&trace, Kind::Client);
        assert_eq!((client.outcome(), client.message()), (Outcome::Error, Some(status.message())));
    }
}

#[test]
fn the_answer_to_a_caught_panic_carries_the_request_id() {
    let (status, trace) = observed(async || {
        let (listener, address) = listen().await;
        let caught =
            CatchPanicLayer::custom(|_| -> Response<Body> { Status::internal("caught").into_http() });
        let talker = Talker::saying(async |_| panic!("this test wants a panic"));
        let server =
            Server::builder().layer(server_layer()).layer(caught).add_service(TalkServer::new(talker));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        let mut request = Request::new(line(""));
        request.metadata_mut().insert("x-request-id", "req-abc".parse().unwrap());
        caller(address).say(request).await.unwrap_err()
    });
    assert_eq!((status.code(), status.message()), (Code::Internal, "caught"));
    assert_eq!(status.metadata().get("x-request-id").unwrap(), "req-abc");
    for kind in [Kind::Client, Kind::Server] {
        assert_eq!(one(&trace, kind).outcome(), Outcome::Error);
    }
}

#[test]
fn an_answer_that_is_not_of_grpc_is_taken_for_what_its_status_of_http_says() {
    for (status, page, name) in [
        (503, "not available", "UNAVAILABLE"),
        (401, "who are you?", "UNAUTHENTICATED"),
        (200, "", "UNKNOWN"),
    ] {
        let (_, trace) = observed(async || {
            let (listener, address) = listen().await;
            let answer = move |_: http::Request<Body>| async move {
                let response = Response::builder().status(status).body(Body::new(page.to_owned()));
                Ok::<_, std::convert::Infallible>(response.unwrap())
            };
            let instead = tower_layer::layer_fn(move |_| tower::service_fn(answer));
            let mut server = Server::builder().layer(server_layer()).layer(instead);
            let server = server.add_service(TalkServer::new(Talker::echo()));
            tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
            caller(address).say(line("")).await.unwrap_err()
        });
        for kind in [Kind::Client, Kind::Server] {
            check(&one(&trace, kind), &[("rpc.response.status_code", Some(name.into()))]);
        }
        assert_eq!(one(&trace, Kind::Client).outcome(), Outcome::Error);
    }
}

#[test]
fn a_public_endpoint_links_its_calls_to_the_traces_of_their_callers() {
    let (_, trace) = observed(async || {
        let (listener, address) = listen().await;
        let layer = server_layer().public_endpoint();
        let server = Server::builder().layer(layer).add_service(TalkServer::new(Talker::echo()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        caller(address).say(line("")).await.unwrap();
    });
    let (client, server) = (one(&trace, Kind::Client), one(&trace, Kind::Server));
    assert_ne!(client.trace_id(), server.trace_id());
    assert_eq!(server.parent_id(), None);
    let links: Vec<_> = server.links().iter().map(|link| (link.trace_id, link.span_id)).collect();
    assert_eq!(links, [(client.trace_id(), client.span_id())]);
}

#[test]
fn context_goes_to_allowed_hosts_only() {
    for (hosts, is_allowed) in [(&["127.0.0.1"][..], true), (&["*.internal.example"], false)] {
        let (_, trace) = observed(async || {
            let address = serve(&Talker::echo()).await;
            let endpoint = endpoint(address);
            let layer = ClientLayer::new(endpoint.uri()).allow_hosts(hosts);
            let context = throughline::extract(&[("x-request-id", "req-abc")]);
            let _attached = context.attach();
            let answer = TalkClient::new(layer.layer(endpoint.connect_lazy())).say(line("")).await.unwrap();
            let id = answer.metadata().get("x-request-id").unwrap();
            assert_eq!(id == "req-abc", is_allowed);
        });
        let (client, server) = (one(&trace, Kind::Client), one(&trace, Kind::Server));
        assert_eq!(client.trace_id() == server.trace_id(), is_allowed, "{hosts:?}");
    }
}

#[test]
fn a_config_of_its_own_decides_about_names_of_headers() {
    observed(async || {
        let mut config = throughline::propagation::Config::default();
        config.request_ids.headers = vec!["x-call-id".into()];
        config.request_ids.http_header = "x-call-id".into();
        let (listener, address) = listen().await;
        let layer = server_layer().config(config.clone());
        let server = Server::builder().layer(layer).add_service(TalkServer::new(Talker::echo()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        let _attached = throughline::extract(&[("x-request-id", "req-abc")]).attach();
        let layer = ClientLayer::new(endpoint(address).uri()).config(config);
        let answer =
            TalkClient::new(layer.layer(endpoint(address).connect_lazy())).say(line("")).await.unwrap();
        assert_eq!(answer.metadata().get("x-call-id").unwrap(), "req-abc");
        let answer = stranger(address).say(line("")).await.unwrap();
        assert!(answer.metadata().contains_key("x-call-id"));
        assert!(!answer.metadata().contains_key("x-request-id"));
    });
}
