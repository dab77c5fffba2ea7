//! What is measured, and what it may cost.

use crate::driver::{FEW, SPANS};

/// One case: the same work for every side.
#[derive(Debug)]
pub struct Case {
    /// Its name on the command line and in the stored counts.
    pub name: &'static str,
    /// The units of a round.
    pub units: u64,
    /// The most that a unit may take in our hands; `None` where only the ratio is promised.
    pub budget: Option<Budget>,
    /// Whether the same is counted without us, and taken off before it is held to its budget.
    pub less_without: bool,
    /// What it is compared with.
    pub beside: Beside,
}

/// The most that a unit may take.
#[derive(Clone, Copy, Debug)]
pub enum Budget {
    /// So many instructions: gated.
    Instructions(f64),
    /// So many nanoseconds: reported, not gated.
    Nanos(f64),
}

/// What a case is compared with.
#[derive(Clone, Copy, Debug)]
pub enum Beside {
    /// The same in the hands of a peer, and the most that ours may take as a share of it. Reported, not gated: the peer's
    /// share is not ours to fix.
    Peer(&'static str, f64),
    /// No peer does it.
    Nothing,
}

/// A program that runs cases.
#[derive(Debug)]
pub struct Program {
    /// Its name, which is that of its binary.
    pub name: &'static str,
    /// The features that it is built with.
    pub features: &'static str,
    /// Its cases, in the order of the table.
    pub cases: &'static [Case],
}

/// All programs. The core is counted alone, as a library uses it.
pub const PROGRAMS: &[Program] = &[
    Program { name: "cases", features: "", cases: CORE },
    Program { name: "layers", features: "layers", cases: LAYERS },
];

const fn core(name: &'static str, budget: f64, ratio: f64) -> Case {
    let budget = Some(Budget::Instructions(budget));
    Case { name, units: SPANS, budget, less_without: true, beside: Beside::Peer("fastrace", ratio) }
}

const fn layer(name: &'static str, nanos: f64) -> Case {
    let budget = Some(Budget::Nanos(nanos));
    Case { name, units: FEW, budget, less_without: false, beside: Beside::Nothing }
}

/// The cases of the core.
pub const CORE: &[Case] = &[
    core("off", 25.0, 0.25),               // a call while no pipeline is at work
    core("not_sampled", 25.0, 0.30),       // a span of 100 in a trace that is not recorded
    core("trace_1", 260.0, 0.20),          // a trace of one span
    core("trace_10", 125.0, 0.40),         // a span in a trace of 10
    core("trace_100", 110.0, 0.55),        // a span in a trace of 100
    core("attributes_3", 260.0, 0.20),     // the same with an i64, a &str and an f64
    core("async_ready", 125.0, 0.25),      // an async span, ready at once
    core("async_request_id", 170.0, 0.35), // the same in a request that came with an ID
    core("async_yields_3", 180.0, 0.08),   // an async span that yields 3 times
    // a traceparent written
    Case { budget: None, less_without: false, ..core("traceparent_write", 0.0, 0.12) },
    // a traceparent parsed
    Case { budget: None, less_without: false, ..core("traceparent_parse", 0.0, 0.30) },
];

/// The cases of what stands on the core.
pub const LAYERS: &[Case] = &[
    Case { units: SPANS, ..layer("llm_chunk", 200.0) }, // a chunk of a model's stream, typed
    Case { units: SPANS, ..layer("llm_chunk_json", 200.0) }, // the same as a document
    layer("llm_response", 6_000.0), // a model call that returns 2 KB: usage and cost filled
    // what a server's layer adds to a request with a trace and an ID
    Case { less_without: true, ..layer("http_request", 1_500.0) },
    // a JSON log line, ours with the IDs of its request
    Case { budget: None, beside: Beside::Peer("tracing-subscriber", 1.0), ..layer("log_line", 0.0) },
];

/// The case of that name.
pub fn find(name: &str) -> Option<&'static Case> {
    PROGRAMS.iter().flat_map(|program| program.cases).find(|case| case.name == name)
}

impl Case {
    /// The instructions that a unit may take.
    pub fn instructions(&self) -> Option<f64> {
        match self.budget {
            Some(Budget::Instructions(most)) => Some(most),
            _ => None,
        }
    }

    /// The nanoseconds that a unit may take.
    pub fn nanos(&self) -> Option<f64> {
        match self.budget {
            Some(Budget::Nanos(most)) => Some(most),
            _ => None,
        }
    }

    /// The share of its peer's that it may take.
    pub fn ratio(&self) -> Option<f64> {
        match self.beside {
            Beside::Peer(_, ratio) => Some(ratio),
            _ => None,
        }
    }
}
