//! A program that the tests of `init` start with an environment. Its argument says what it does.

use std::io::Write;
use std::time::Duration;

use throughline::span::{Sink, SpanView};

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("work") => {
            let _guard = throughline::init();
            work();
        }
        Some("twice") => {
            let _first = throughline::init();
            let _second = throughline::builder().service_name("second").init();
            work();
        }
        Some("own-subscriber") => {
            tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap();
            let _guard = throughline::init();
            work();
        }
        Some("own-logger") => {
            log::set_logger(&Own).unwrap();
            log::set_max_level(log::LevelFilter::Info);
            let _guard = throughline::init();
            work();
        }
        Some("current-thread-runtime") => {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let _guard = throughline::init();
                work();
            });
        }
        Some("busy") => {
            let _guard = throughline::init();
            (0..250).for_each(|_| work());
            throughline::flush(Duration::from_secs(30));
            let throughline::Stats { dropped_lines, dropped_waterfalls, .. } = throughline::stats();
            let _ = writeln!(std::io::stderr(), "lines {dropped_lines}, waterfalls {dropped_waterfalls}");
        }
        Some("said-in-code") => {
            let _guard = throughline::builder()
                .service_name("code")
                .sink(Names)
                .request_id(throughline::propagation::Policy::Trust)
                .log_format(throughline::init::LogFormat::Off)
                .flush_timeout(Duration::from_secs(30))
                .init();
            throughline::extract(&[("x-request-id", "two words")]).attach_and(work);
        }
        other => panic!("unknown: {other:?}"),
    }
}

/// A span with two events, one of `tracing` and one of `log`.
fn work() {
    tracing::info!(target: "program", "before");
    throughline::span!("work").in_scope(|| {
        tracing::info!(target: "program", items = 3, "inside");
        tracing::debug!(target: "program", "detail");
        log::warn!(target: "legacy", "from log");
    });
}

trait AttachAnd {
    fn attach_and(self, work: impl FnOnce());
}

impl AttachAnd for throughline::Context {
    fn attach_and(self, work: impl FnOnce()) {
        let _attached = self.attach();
        work();
    }
}

/// A logger of the program.
struct Own;

impl log::Log for Own {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(std::io::stdout(), "own logger: {}", record.args());
    }

    fn flush(&self) {}
}

/// A sink of the program.
struct Names;

impl Sink for Names {
    fn span(&mut self, span: &SpanView<'_>) {
        let request_id = span.attributes.get("request.id");
        let _ = writeln!(std::io::stdout(), "sink: {} {request_id:?}", span.name);
    }
}
