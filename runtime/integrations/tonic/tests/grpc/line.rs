//! The log line at the end of a call.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use throughline::logs::JsonLayer;
use tonic::{Request, Status};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

use crate::server::{Talker, line, observed, serve, stranger};
use crate::talk::Line;

/// What was written, one entry for each line.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<Value>>>);

impl Lines {
    /// The lines that `test` writes.
    pub(crate) fn of(test: impl FnOnce()) -> Vec<Value> {
        let lines = Self::default();
        let subscriber = tracing_subscriber::registry().with(JsonLayer::new().with_writer(lines.clone()));
        tracing::subscriber::with_default(subscriber, test);
        std::mem::take(&mut lines.0.lock().unwrap())
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(serde_json::from_slice(bytes).unwrap());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Only those at the end of calls.
pub(crate) fn of_calls(lines: &[Value]) -> Vec<&Value> {
    lines.iter().filter(|line| line["target"] == "throughline::request").collect()
}

#[test]
fn a_call_ends_with_one_line_that_has_its_method_and_status() {
    let lines = Lines::of(|| {
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
    });
    let lines = of_calls(&lines);
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
