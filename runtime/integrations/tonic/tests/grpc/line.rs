//! The log line at the end of a call.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use serde_json::Value;
use throughline::logs::JsonLayer;
use tonic::{Request, Status};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

use crate::server::{Talker, line, observed, serve, stranger};
use crate::talk::Line;

thread_local! {
    static LINES: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
}

/// Keeps log lines from now on. One subscriber for all tests, and before the first call of any: one that comes while others
/// log can be missed by callsites that are just being registered.
pub(crate) fn keep() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let json = JsonLayer::new().with_writer(|| OfThread).with_filter(LevelFilter::INFO);
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(json)).unwrap();
    });
    LINES.take();
}

/// The lines at the ends of calls since [`keep`], on this thread: where all of a test runs.
pub(crate) fn of_calls() -> Vec<Value> {
    LINES.take().into_iter().filter(|line| line["target"] == "throughline::request").collect()
}

/// Writes into the lines of the thread.
struct OfThread;

impl Write for OfThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.push(serde_json::from_slice(bytes).unwrap()));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_call_ends_with_one_line_that_has_its_method_and_status() {
    observed(async || {
        let talker = Talker::saying(async |_| Err(Status::not_found("no")));
        let server = serve(&talker).await;
        let mut request = Request::new(line(""));
        request.metadata_mut().insert("x-request-id", "req-abc".parse().unwrap());
        stranger(server).say(request).await.unwrap_err();
        let mut words = stranger(server).listen(line("a b")).await.unwrap().into_inner();
        while words.message().await.unwrap().is_some() {}
        let mut words = stranger(server).listen(line("a wait")).await.unwrap().into_inner();
        assert_eq!(words.message().await.unwrap(), Some(Line { text: "a".to_owned() }));
        drop(words);
        // Of the first call, then of the second stream; the first stream's is not waited for.
        for _ in 0..2 {
            talker.gone.notified().await;
        }
    });
    let lines = of_calls();
    assert_eq!(lines.len(), 3, "{lines:?}");
    let expected =
        [("Say", "NOT_FOUND", None), ("Listen", "OK", None), ("Listen", "CANCELLED", Some("cancelled"))];
    for (line, (method, status, error)) in lines.iter().zip(expected) {
        assert_eq!(line["method"], format!("throughline.test.Talk/{method}"));
        assert_eq!((&line["rpc_status"], &line["message"]), (&status.into(), &"request".into()));
        assert_eq!(line.get("error").and_then(Value::as_str), error);
        assert!(line["duration_ms"].as_f64().is_some_and(|millis| millis >= 0.0), "{line}");
        assert!(line.get("status").is_none() && line.get("route").is_none(), "{line}");
    }
    assert_eq!(lines[0]["request_id"], "req-abc");
}
