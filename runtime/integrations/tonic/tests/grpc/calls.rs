//! Calls of one message that get one: names, attributes, statuses, request IDs.

use throughline::span::{Kind, Outcome};
use throughline::testing::{OwnedValue, SpanNode, Trace};
use tonic::client::Grpc;
use tonic::{Code, Request, Response, Status};
use tonic_prost::ProstCodec;

use crate::server::{Talker, caller, endpoint, line, observed, serve, stranger};
use crate::talk::Line;
use crate::talk::talk_client::TalkClient;
use throughline_tonic::ClientLayer;
use tower_layer::Layer;

const SAY: &str = "throughline.test.Talk/Say";

/// The one span of this kind.
#[track_caller]
pub(crate) fn one(trace: &Trace, kind: Kind) -> SpanNode<'_> {
    let mut found = trace.spans().filter(|span| span.kind() == kind);
    let one = found.next().unwrap_or_else(|| panic!("no {kind:?}: {}", trace.tree()));
    assert!(found.next().is_none(), "more than one {kind:?}: {}", trace.tree());
    one
}

/// Asserts that these attributes are on the span, or are not.
#[track_caller]
pub(crate) fn check(span: &SpanNode<'_>, expected: &[(&str, Option<OwnedValue>)]) {
    for (key, value) in expected {
        assert_eq!(span.attribute(key), *value, "{key}");
    }
}

#[test]
fn a_call_is_a_span_on_both_sides_with_the_attributes_of_the_conventions() {
    let (port, trace) = observed(async || {
        let server = serve(&Talker::saying(async |request| {
            throughline::span!("handled").in_scope(|| ());
            tokio::task::yield_now().await;
            throughline::span!("handled later").in_scope(|| ());
            Ok(Response::new(request.into_inner()))
        }))
        .await;
        let answer = caller(server).say(line("hello")).await.unwrap();
        assert_eq!(answer.into_inner().text, "hello");
        server.port()
    });
    trace.assert_tree(
        "
        throughline.test.Talk/Say [client]
          throughline.test.Talk/Say [server]
            handled
            handled later
        ",
    );
    for kind in [Kind::Client, Kind::Server] {
        let span = one(&trace, kind);
        assert_eq!((span.name(), span.outcome()), (SAY, Outcome::Ok));
        check(
            &span,
            &[
                ("rpc.system.name", Some("grpc".into())),
                ("rpc.method", Some(SAY.into())),
                ("rpc.method_original", None),
                ("rpc.response.status_code", Some("OK".into())),
                ("server.address", Some("127.0.0.1".into())),
                ("server.port", Some(port.into())),
                ("error.type", None),
            ],
        );
    }
}

#[test]
fn every_status_but_ok_fails_a_client_and_those_of_its_own_fault_a_server() {
    let faults = ["UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"];
    let names = [
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ];
    for (number, name) in (1..).zip(names) {
        let (status, trace) = observed(async || {
            let fails =
                Talker::saying(
                    move |_| async move { Err(Status::new(Code::from_i32(number), "no, 100 %: ü")) },
                );
            caller(serve(&fails).await).say(line("")).await.unwrap_err()
        });
        assert_eq!((status.code(), status.message()), (Code::from_i32(number), "no, 100 %: ü"));
        for (kind, is_error) in [(Kind::Client, true), (Kind::Server, faults.contains(&name))] {
            let span = one(&trace, kind);
            let outcome = if is_error { Outcome::Error } else { Outcome::Ok };
            assert_eq!((span.name(), span.outcome()), (SAY, outcome), "{name} of a {kind:?}");
            assert_eq!(span.message(), is_error.then_some("no, 100 %: ü"));
            let error_type = is_error.then(|| name.into());
            check(&span, &[("rpc.response.status_code", Some(name.into())), ("error.type", error_type)]);
        }
    }
}

#[test]
fn a_method_that_the_server_does_not_know_names_no_span_of_it() {
    for path in ["/throughline.test.Talk/Nope", "/nobody.Here/Say", "/nobody"] {
        let (status, trace) = observed(async || {
            let endpoint = endpoint(serve(&Talker::echo()).await);
            let mut client = Grpc::new(ClientLayer::new(endpoint.uri()).layer(endpoint.connect_lazy()));
            client.ready().await.unwrap();
            let codec = ProstCodec::<Line, Line>::default();
            client.unary(Request::new(line("")), path.parse().unwrap(), codec).await.unwrap_err()
        });
        assert_eq!(status.code(), Code::Unimplemented);
        assert!(status.metadata().contains_key("x-request-id"));
        assert_eq!(one(&trace, Kind::Client).name(), &path[1..], "the client knows what it calls");
        let server = one(&trace, Kind::Server);
        assert_eq!((server.name(), server.outcome()), ("grpc", Outcome::Error));
        check(
            &server,
            &[
                ("rpc.method", Some("_OTHER".into())),
                ("rpc.method_original", Some(path[1..].into())),
                ("rpc.response.status_code", Some("UNIMPLEMENTED".into())),
            ],
        );
    }
}

#[test]
fn a_method_that_says_why_it_is_not_implemented_keeps_its_name() {
    let (_, trace) = observed(async || {
        let talker = Talker::saying(async |_| Err(Status::unimplemented("next year")));
        caller(serve(&talker).await).say(line("")).await.unwrap_err()
    });
    assert_eq!((one(&trace, Kind::Server).name(), one(&trace, Kind::Client).name()), (SAY, SAY));
}

/// The ID of the request, told by the handler in its answer or in the message of its error.
async fn tell_id(request: Request<Line>) -> Result<Response<Line>, Status> {
    tokio::task::yield_now().await;
    let id = throughline::request_id().unwrap().to_string();
    let extension = request.extensions().get::<throughline::http::RequestId>().unwrap();
    assert_eq!(extension.to_string(), id);
    match &*request.into_inner().text {
        "fail" => Err(Status::not_found(id)),
        _ => Ok(Response::new(line(&id))),
    }
}

#[test]
fn the_request_id_reaches_handlers_and_comes_back_with_answers_and_errors() {
    observed(async || {
        let server = serve(&Talker::saying(tell_id)).await;
        for supplied in [Some("req-abc"), None] {
            let ask = async |text: &str| {
                let mut request = Request::new(line(text));
                if let Some(id) = supplied {
                    request.metadata_mut().insert("x-request-id", id.parse().unwrap());
                }
                stranger(server).say(request).await
            };
            let answer = ask("").await.unwrap();
            let came_back = answer.metadata().get("x-request-id").unwrap().to_str().unwrap();
            assert_eq!(answer.get_ref().text, came_back);
            assert!(supplied.is_none_or(|id| id == came_back));
            assert!(came_back.starts_with("req-"), "{came_back}");
            let status = ask("fail").await.unwrap_err();
            let came_back = status.metadata().get("x-request-id").unwrap().to_str().unwrap();
            assert_eq!((status.code(), status.message()), (Code::NotFound, came_back));
        }
    });
}

#[test]
fn the_callers_request_id_and_baggage_go_with_a_call() {
    observed(async || {
        let server = serve(&Talker::saying(async |_| {
            let id = throughline::request_id().unwrap();
            let tenant = throughline::baggage::get("tenant").unwrap_or_default();
            Ok(Response::new(line(&format!("{id} {tenant}"))))
        }))
        .await;
        let _attached =
            throughline::extract(&[("x-request-id", "req-abc"), ("baggage", "tenant=acme")]).attach();
        assert_eq!(caller(server).say(line("")).await.unwrap().into_inner().text, "req-abc acme");
        let mut own = Request::new(line(""));
        own.metadata_mut().insert("x-request-id", "theirs".parse().unwrap());
        assert_eq!(caller(server).say(own).await.unwrap().into_inner().text, "theirs acme");
    });
}

#[test]
fn what_stands_between_the_layer_and_the_channel_belongs_to_the_call() {
    let (_, trace) = observed(async || {
        let endpoint = endpoint(serve(&Talker::echo()).await);
        let signed = tower::util::MapRequest::new(endpoint.connect_lazy(), |request| {
            throughline::span!("signed").in_scope(|| request)
        });
        TalkClient::new(ClientLayer::new(endpoint.uri()).layer(signed)).say(line("")).await.unwrap();
    });
    one(&trace, Kind::Client).assert_parent_of(&trace.span("signed"));
}
