//! What is measured, and what it may cost.

/// One case: the same work for every side.
#[derive(Debug)]
pub struct Case {
    /// Its name on the command line and in the stored counts.
    pub name: &'static str,
    /// What one unit of it is.
    pub what: &'static str,
    /// The most instructions that a unit may take in our hands; `None` where only the ratio is promised.
    pub budget: Option<f64>,
    /// The most it may take as a share of fastrace's. Reported, not gated: the peer's share is not ours to fix.
    pub ratio: f64,
}

const fn case(name: &'static str, what: &'static str, budget: f64, ratio: f64) -> Case {
    Case { name, what, budget: Some(budget), ratio }
}

/// All cases, in the order of the table.
pub const CASES: &[Case] = &[
    case("off", "a call while no pipeline is at work", 25.0, 0.25),
    case("not_sampled", "a span of 100 in a trace that is not recorded", 25.0, 0.30),
    case("trace_1", "a trace of one span", 260.0, 0.20),
    case("trace_10", "a span in a trace of 10", 125.0, 0.40),
    case("trace_100", "a span in a trace of 100", 110.0, 0.55),
    case("attributes_3", "the same with an i64, a &str and an f64", 260.0, 0.20),
    case("async_ready", "an async span, ready at once", 125.0, 0.25),
    case("async_request_id", "the same in a request that came with an ID", 170.0, 0.35),
    case("async_yields_3", "an async span that yields 3 times", 180.0, 0.08),
    Case { budget: None, ..case("traceparent_write", "a traceparent written", 0.0, 0.12) },
    Case { budget: None, ..case("traceparent_parse", "a traceparent parsed", 0.0, 0.30) },
];

/// The case of that name.
pub fn find(name: &str) -> Option<&'static Case> {
    CASES.iter().find(|case| case.name == name)
}

/// Cases, by profile, that are over their budget and may land all the same, as long as they do not get worse: what is owed.
/// Only for what was never within its budget; a case that has come within leaves this list for good.
pub const OWED: &[(&str, &str)] = &[
    ("release", "trace_1"),
    ("release", "trace_10"),
    ("release", "trace_100"),
    ("release", "attributes_3"),
    ("release", "async_ready"),
    ("release", "async_request_id"),
    ("release", "async_yields_3"),
    ("thin", "trace_1"),
    ("thin", "trace_10"),
    ("thin", "trace_100"),
    ("thin", "attributes_3"),
    ("thin", "async_ready"),
    ("thin", "async_request_id"),
    ("thin", "async_yields_3"),
];

/// Whether the budget of the case is owed.
pub fn is_owed(profile: &str, case: &str) -> bool {
    OWED.contains(&(profile, case))
}
