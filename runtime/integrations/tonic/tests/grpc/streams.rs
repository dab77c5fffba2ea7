//! Calls with streams of messages.

use throughline::span::{Kind, Outcome};
use throughline::testing::Trace;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

use crate::calls::{check, one};
use crate::server::{Talker, caller, line, observed, serve};

/// Asserts how the spans of both sides ended.
#[track_caller]
fn check_ends(trace: &Trace, name: &str, client: (Outcome, &str), server: (Outcome, &str)) {
    for (kind, (outcome, status)) in [(Kind::Client, client), (Kind::Server, server)] {
        let span = one(trace, kind);
        assert_eq!((span.name(), span.outcome()), (name, outcome), "{kind:?}");
        check(&span, &[("rpc.response.status_code", Some(status.into()))]);
    }
}

const OK: (Outcome, &str) = (Outcome::Ok, "OK");
const CANCELLED: (Outcome, &str) = (Outcome::Cancelled, "CANCELLED");

#[test]
fn what_a_handler_does_with_each_message_it_is_sent_belongs_to_the_call() {
    let (told, trace) = observed(async || {
        let server = serve(&Talker::echo()).await;
        let lines = tokio_stream::iter(["a", "b", "c"].map(line));
        caller(server).tell(lines).await.unwrap().into_inner().text
    });
    assert_eq!(told, "a b c");
    trace.assert_tree(
        "
        throughline.test.Talk/Tell [client]
          throughline.test.Talk/Tell [server]
            told
            told
            told
        ",
    );
    check_ends(&trace, "throughline.test.Talk/Tell", OK, OK);
}

#[test]
fn a_call_lasts_until_the_last_message_of_its_stream() {
    let (_, trace) = observed(async || {
        let server = serve(&Talker::echo()).await;
        let mut words = caller(server).listen(line("a b c")).await.unwrap().into_inner();
        let mut heard = Vec::new();
        while let Some(word) = words.message().await.unwrap() {
            heard.push(word.text);
        }
        assert_eq!(heard, ["a", "b", "c"]);
    });
    trace.assert_tree(
        "
        throughline.test.Talk/Listen [client]
          throughline.test.Talk/Listen [server]
            word
            word
            word
        ",
    );
    check_ends(&trace, "throughline.test.Talk/Listen", OK, OK);
    let last = trace.spans_named("word").map(|word| word.end()).max().unwrap();
    for kind in [Kind::Client, Kind::Server] {
        assert!(one(&trace, kind).end() > last, "{kind:?}");
    }
}

#[test]
fn messages_of_both_directions_go_through_one_by_one() {
    let (_, trace) = observed(async || {
        let server = serve(&Talker::echo()).await;
        let (says, said) = mpsc::channel(1);
        let mut answers = caller(server).chat(ReceiverStream::new(said)).await.unwrap().into_inner();
        for word in ["a", "b", "c"] {
            // The next one is only said when this one was answered.
            says.send(line(word)).await.unwrap();
            assert_eq!(answers.message().await.unwrap().unwrap().text, word);
        }
        drop(says);
        assert_eq!(answers.message().await.unwrap(), None);
    });
    check_ends(&trace, "throughline.test.Talk/Chat", OK, OK);
    assert_eq!(one(&trace, Kind::Server).children().len(), 3);
}

#[test]
fn an_error_after_some_messages_is_the_status_of_the_call() {
    let (_, trace) = observed(async || {
        let server = serve(&Talker::echo()).await;
        let mut words = caller(server).listen(line("a fail c")).await.unwrap().into_inner();
        assert_eq!(words.message().await.unwrap().unwrap().text, "a");
        assert_eq!(words.message().await.unwrap_err().code(), Code::DataLoss);
    });
    let failed = (Outcome::Error, "DATA_LOSS");
    check_ends(&trace, "throughline.test.Talk/Listen", failed, failed);
    for kind in [Kind::Client, Kind::Server] {
        let span = one(&trace, kind);
        assert_eq!(span.message(), Some("a word is missing"));
        check(&span, &[("error.type", Some("DATA_LOSS".into()))]);
    }
}

#[test]
fn a_client_that_goes_away_amid_a_stream_cancels_both_sides() {
    let (_, trace) = observed(async || {
        let talker = Talker::echo();
        let server = serve(&talker).await;
        let mut words = caller(server).listen(line("a wait")).await.unwrap().into_inner();
        assert_eq!(words.message().await.unwrap().unwrap().text, "a");
        drop(words);
        talker.gone.notified().await;
    });
    check_ends(&trace, "throughline.test.Talk/Listen", CANCELLED, CANCELLED);
    check(&one(&trace, Kind::Client), &[("error.type", None)]);
}

#[test]
fn a_call_that_is_dropped_before_its_answer_is_cancelled_on_both_sides() {
    let (_, trace) = observed(async || {
        let (asked, mut is_asked) = mpsc::channel(1);
        let talker = Talker::saying(move |_| {
            let asked = asked.clone();
            async move {
                asked.send(()).await.unwrap();
                std::future::pending().await
            }
        });
        let mut caller = caller(serve(&talker).await);
        tokio::select! {
            _ = caller.say(line("")) => panic!("nobody answers"),
            _ = is_asked.recv() => {}
        }
        talker.gone.notified().await;
    });
    check_ends(&trace, "throughline.test.Talk/Say", CANCELLED, CANCELLED);
}
