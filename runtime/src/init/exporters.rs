//! `OTEL_TRACES_EXPORTER`.

use crate::init::environment::Environment;

/// Where finished spans go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Exporter {
    /// To an OpenTelemetry backend, by OTLP.
    Otlp,
    /// To a file, as lines of OTLP's JSON.
    OtlpFile,
    /// To the standard output, as the same lines.
    OtlpStdout,
    /// To Zipkin, as its JSON.
    Zipkin,
    /// To stderr, as a waterfall.
    Console,
}

const VARIABLE: &str = "OTEL_TRACES_EXPORTER";
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// The exporters that the variable lists; `None` when it says nothing and no endpoint does: the console then, if it is
/// a terminal. This departs from OpenTelemetry, whose default is OTLP to localhost.
pub(super) fn read(environment: &mut Environment<'_>) -> Option<Vec<Exporter>> {
    let by_endpoint = ENDPOINTS.iter().any(|variable| environment.read(variable).is_some());
    let default = by_endpoint.then(|| vec![Exporter::Otlp]);
    let Some(list) = environment.read(VARIABLE) else { return default };
    let (mut exporters, mut is_none, mut unknown) = (Vec::new(), false, Vec::new());
    let mut add = |exporter| {
        if !exporters.contains(&exporter) {
            exporters.push(exporter);
        }
    };
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match name.to_ascii_lowercase().as_str() {
            "otlp" => add(Exporter::Otlp),
            "otlp_file" => add(Exporter::OtlpFile),
            "otlp/stdout" => add(Exporter::OtlpStdout),
            "zipkin" => add(Exporter::Zipkin),
            "console" => add(Exporter::Console),
            "none" => is_none = true,
            _ => unknown.push(name),
        }
    }
    if !unknown.is_empty() {
        let instead = match (exporters.is_empty() && !is_none, by_endpoint) {
            (false, _) => "the others are used",
            (true, true) => "otlp is used, since an endpoint is set",
            (true, false) => "the console is used where it is a terminal",
        };
        let problem =
            format!("`{}` is none of otlp, otlp_file, otlp/stdout, zipkin, console, none", unknown.join(","));
        environment.problem(VARIABLE, problem, instead);
    }
    if is_none && !exporters.is_empty() {
        environment.problem(VARIABLE, "`none` stands beside other exporters", "the others are used");
    }
    if exporters.is_empty() && !is_none { default } else { Some(exporters) }
}
