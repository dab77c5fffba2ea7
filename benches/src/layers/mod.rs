//! The cases of what stands on the core: model calls, HTTP, log lines.

mod completion;
mod http;
mod llm;
mod logs;

use std::hint::black_box;

use crate::driver::Scenario;

/// The scenario of a case in the hands of a side.
pub fn scenario(side: &str, case: &str) -> Option<Scenario> {
    Some(match (side, case) {
        ("ours", "llm_chunk") => llm::chunk(),
        ("ours", "llm_chunk_json") => llm::chunk_json(),
        ("ours", "llm_response") => llm::response(),
        ("ours", "http_request") => http::observed(),
        ("without", "http_request") => http::bare(),
        ("ours", "log_line") => logs::ours(),
        ("tracing-subscriber", "log_line") => logs::peer(),
        _ => return None,
    })
}

fn repeat(times: u64, each: impl Fn(u64)) {
    for n in 0..times {
        each(black_box(n));
    }
}
