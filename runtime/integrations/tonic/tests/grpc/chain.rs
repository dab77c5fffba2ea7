//! Calls from service to service.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use throughline::http::ServerLayer;
use throughline::span::Kind;
use throughline::testing::SpanNode;
use throughline_tonic::server_layer;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Server;
use tonic::{Request, Response};

use crate::server::{Talker, caller, line, listen, observed, serve, stranger};
use crate::talk::Line;
use crate::talk::talk_server::TalkServer;

/// A service that asks the next one, and adds its name and the ID of the request to what that said.
async fn relay(name: &'static str, next: Option<SocketAddr>) -> SocketAddr {
    let next = next.map(caller);
    serve(&Talker::saying(move |request: Request<Line>| {
        let next = next.clone();
        async move {
            let said = request.into_inner();
            let text = match next {
                Some(mut next) => next.say(said).await?.into_inner().text,
                None => said.text,
            };
            tokio::task::yield_now().await;
            let id = throughline::request_id().unwrap();
            Ok(Response::new(line(&format!("{text} {name}:{id}"))))
        }
    }))
    .await
}

async fn a_b_c() -> SocketAddr {
    let c = relay("c", None).await;
    let b = relay("b", Some(c)).await;
    relay("a", Some(b)).await
}

#[test]
fn services_that_call_each_other_are_one_trace_with_one_request_id() {
    let (text, trace) = observed(async || {
        let mut request = Request::new(line("hi"));
        request.metadata_mut().insert("x-request-id", "req-abc".parse().unwrap());
        stranger(a_b_c().await).say(request).await.unwrap().into_inner().text
    });
    assert_eq!(text, "hi c:req-abc b:req-abc a:req-abc");
    let say = "throughline.test.Talk/Say";
    let kinds: Vec<Kind> = chain(trace.root()).map(|span| span.kind()).collect();
    assert_eq!(kinds, [Kind::Server, Kind::Client, Kind::Server, Kind::Client, Kind::Server]);
    assert!(trace.len() == kinds.len() && trace.spans().all(|span| span.name() == say));
    assert!(trace.spans().all(|span| span.request_id().as_deref() == Some("req-abc")));
}

/// The span, its only child, the only child of that, and so on.
fn chain(root: SpanNode<'_>) -> impl Iterator<Item = SpanNode<'_>> {
    std::iter::successors(Some(root), |span| span.children().into_iter().next())
}

#[test]
fn a_call_behind_a_layer_of_http_is_a_span_of_its_request() {
    let (ids, trace) = observed(async || {
        let (listener, address) = listen().await;
        let talker = Talker::saying(async |_| {
            Ok(Response::new(line(&throughline::request_id().unwrap().to_string())))
        });
        // As in a router of HTTP that has calls of gRPC beside its own routes.
        let mut server = Server::builder().layer(ServerLayer::new()).layer(server_layer());
        let server = server.add_service(TalkServer::new(talker));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        let answer = stranger(address).say(line("hi")).await.unwrap();
        let echoed: Vec<_> = answer.metadata().get_all("x-request-id").iter().cloned().collect();
        (echoed, answer.into_inner().text)
    });
    trace.assert_tree(
        "
        POST [server]
          throughline.test.Talk/Say [server]
        ",
    );
    let request_id = trace.root().request_id().unwrap();
    assert_eq!(ids, (vec![request_id.parse().unwrap()], request_id));
}

#[test]
fn hundreds_of_calls_at_the_same_time_keep_their_ids_apart() {
    const CALLS: usize = 300;
    let (_, trace) = observed(async || {
        let client = stranger(a_b_c().await);
        let mut calls = tokio::task::JoinSet::new();
        for number in 0..CALLS {
            let mut client = client.clone();
            calls.spawn(async move {
                let mut request = Request::new(line("hi"));
                let id = format!("req-{number}");
                request.metadata_mut().insert("x-request-id", id.parse().unwrap());
                let answer = client.say(request).await.unwrap();
                assert_eq!(answer.metadata().get("x-request-id").unwrap(), &*id);
                assert_eq!(answer.into_inner().text, format!("hi c:{id} b:{id} a:{id}"));
            });
        }
        while let Some(call) = calls.join_next().await {
            call.unwrap();
        }
    });
    assert_eq!((trace.len(), trace.roots().count()), (5 * CALLS, CALLS));
    let ids: BTreeSet<_> = trace
        .roots()
        .map(|root| {
            let ids: BTreeSet<_> = chain(root).map(|span| span.request_id().unwrap()).collect();
            assert_eq!((ids.len(), chain(root).count()), (1, 5));
            ids
        })
        .collect();
    assert_eq!(ids.len(), CALLS);
}
