//! A program that the tests of metrics start with an environment. It says on stderr which threads it has, and calls a model
//! as often as its argument says.

use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};
use throughline::llm_span;

fn main() {
    let calls: u64 = std::env::args().nth(1).and_then(|calls| calls.parse().ok()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let _guard = throughline::init();
        throughline::span!("work").in_scope(|| ());
        throughline::flush(Duration::from_secs(30));
        say("before", &senders());
        for _ in 0..calls {
            ask();
        }
        throughline::flush(Duration::from_secs(30));
        say("after", &senders());
        // What nobody flushes.
        for _ in 0..calls {
            ask();
        }
    });
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn ask() -> Value {
    json!({"id": "c", "model": "gpt-4o-mini", "usage": {"prompt_tokens": 7, "completion_tokens": 2}})
}

fn say(when: &str, senders: &str) {
    let _ = writeln!(std::io::stderr(), "{when}: {senders} senders");
}

/// The threads that send, by their names, where the system tells: it cuts names after 15 letters.
fn senders() -> String {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return "unknown".to_owned() };
    let names = threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("comm")).ok());
    names.filter(|name| name.trim() == "throughline-otl").count().to_string()
}
