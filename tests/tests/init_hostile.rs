//! Variables of the environment that say what nobody should: what is reported of them.

use std::process::{Command, Stdio};

#[test]
fn a_malformed_value_is_reported_on_one_line_that_it_cannot_paint() {
    let strange = "nothing\u{1b}[2J\r\nthroughline: all is well\u{2028}\u{202e}\u{9b}31m";
    let variables = [
        "OTEL_PROPAGATORS",
        "OTEL_TRACES_EXPORTER",
        "OTEL_TRACES_SAMPLER",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        "THROUGHLINE_REQUEST_ID",
        "THROUGHLINE_LOG",
        "THROUGHLINE_FILTER",
    ];
    let mut program = Command::new(env!("CARGO_BIN_EXE_init_program"));
    program.arg("work").env_clear().envs(variables.map(|name| (name, strange))).stdin(Stdio::null());
    let output = program.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let written = String::from_utf8(output.stderr).unwrap();
    let unprintable = ['\u{1b}', '\r', '\u{2028}', '\u{202e}', '\u{9b}'];
    for line in written.lines() {
        assert!(line.starts_with("throughline: ") && !line.contains(unprintable), "{line:?}");
        assert!(!line.starts_with("throughline: all"), "{written}");
    }
    for name in variables {
        assert!(written.contains(name), "nothing is said of {name}: {written}");
    }
    assert!(written.contains(r"nothing\u{1b}[2J"), "what it was is said: {written}");
}
