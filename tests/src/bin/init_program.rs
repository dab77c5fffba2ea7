//! A program that the tests of `init` start with an environment. Its argument says what it does.

#[path = "init_program/content.rs"]
mod content;
#[path = "init_program/errors.rs"]
mod errors;
#[path = "init_program/filtered.rs"]
mod filtered;
#[path = "init_program/libraries.rs"]
mod libraries;

use std::io::Write;
use std::time::Duration;

use throughline::llm::Content;
use throughline::span::{Sink, SpanView, ValueView};
use throughline::testing::MemorySink;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("work") => {
            let _guard = throughline::init();
            work();
        }
        Some("model") => {
            let _guard = throughline::init();
            model::ask();
        }
        Some("model-with-profiles") => {
            let _guard =
                throughline::builder().profile(throughline::llm::Profile::Logfire).sink(Names).init();
            model::ask();
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
        Some("returned") => {
            let _guard = throughline::init();
            returned::all();
        }
        Some("orphans") => {
            let _guard = throughline::builder().sink(Names).init();
            orphans::all();
        }
        Some("filtered") => {
            let _guard = throughline::builder().sink(Names).init();
            filtered::all();
        }
        Some("libraries") => {
            let memory = MemorySink::new();
            let _guard = throughline::builder().sink(memory.clone()).init();
            libraries::all();
            throughline::flush(Duration::from_secs(30));
            for span in memory.take().spans() {
                let parent = span.parent().map(|parent| parent.name().to_owned()).unwrap_or_default();
                let target = span.callsite().target;
                let (trace, id) = (span.trace_id(), span.span_id());
                let _ = writeln!(std::io::stderr(), "{target}|{}|{parent}|{trace}|{id}", span.name());
            }
        }
        Some("errors") => {
            let memory = MemorySink::new();
            let _guard = throughline::builder().sink(memory.clone()).init();
            errors::all();
            throughline::flush(Duration::from_secs(30));
            errors::print(&memory.take());
        }
        Some("level") => {
            let _guard = throughline::builder().sink(Names).init();
            let _ = writeln!(std::io::stdout(), "{}", tracing::level_filters::LevelFilter::current());
        }
        Some("content") => {
            let _guard = throughline::builder().sink(content::Printed).init();
            content::call();
        }
        Some("content-in-code") => {
            let content =
                Content::new().max_bytes(256).redact(|text| text.replace("kettle", "[thing]").into());
            let _guard = throughline::builder().sink(content::Printed).content(content).init();
            content::call();
        }
        Some("no-content-in-code") => {
            let _guard = throughline::builder().sink(content::Printed).content(None).init();
            content::call();
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

/// A call of a model.
mod model {
    use throughline::llm::Usage;
    use throughline::llm_span;

    #[llm_span(provider = "openai", model = "gpt-4o-mini", usage = |usage: &Usage| *usage)]
    pub(super) fn ask() -> Usage {
        Usage { input: 1000, output: 500, cache_read: 200, ..Usage::default() }
    }
}

/// Functions whose errors and values are reported, each in one form.
mod returned {
    use std::future::Future;
    use std::pin::Pin;

    use futures_util::FutureExt as _;
    use throughline::traced;

    pub(super) fn all() {
        let _attached = throughline::extract(&[("x-request-id", "req-abc")]).attach();
        let _ = sync_err();
        let _ = sync_ret(1);
        let _ = sync_ret(0);
        let _ = warned();
        let _ = told_nothing();
        detail();
        let later = async {
            let _ = async_err().await;
            let _ = async_ret(1).await;
            let _ = async_ret(0).await;
            let _ = Shop.boxed().await;
            let _ = Shop.made_before().await;
            let _ = outer().await;
        };
        later.now_or_never().expect("nothing waits");
    }

    #[traced(err)]
    fn sync_err() -> Result<(), String> {
        Err("sync".to_owned())
    }

    #[traced(err, ret)]
    fn sync_ret(n: u32) -> Result<u32, String> {
        n.checked_sub(1).ok_or_else(|| "too small".to_owned())
    }

    #[traced(err(Debug, level = "warn"), target = "shop")]
    fn warned() -> Result<(), String> {
        Err("as text".to_owned())
    }

    #[traced]
    fn told_nothing() -> Result<(), String> {
        Err("on the span alone".to_owned())
    }

    #[traced(ret(level = "debug"))]
    fn detail() -> u32 {
        7
    }

    #[traced(err)]
    async fn async_err() -> Result<(), std::num::ParseIntError> {
        "x".parse::<u32>().map(drop)
    }

    #[traced(ret, err)]
    async fn async_ret(n: u32) -> Result<u32, String> {
        n.checked_sub(1).ok_or_else(|| "too small".to_owned())
    }

    #[traced(err)]
    async fn outer() -> Result<(), String> {
        inner().await
    }

    #[traced(err)]
    async fn inner() -> Result<(), String> {
        Err("passed on".to_owned())
    }

    struct Shop;

    impl Shop {
        #[traced(err)]
        fn boxed(&self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> {
            Box::pin(async { Err("boxed".to_owned()) })
        }

        #[traced(err)]
        fn made_before(&self) -> impl Future<Output = Result<(), String>> + use<> {
            std::future::ready(Err("made before".to_owned()))
        }
    }
}

/// Spans with and without a parent, before and after a request is served.
mod orphans {
    use std::convert::Infallible;

    use futures_util::FutureExt as _;
    use throughline::{Context, FutureExt as _, jobs, traced};
    use tower::{Layer as _, ServiceExt as _, service_fn};

    pub(super) fn all() {
        send();
        before();
        serve();
        for _ in 0..2 {
            lost_on_a_thread();
            lost_in_a_task().now_or_never().unwrap();
            throughline::span!("lost value").end();
        }
        asked_for();
        asked_for_in_a_task().now_or_never().unwrap();
        placed(&Context::default());
        let known = throughline::extract(&[("x-request-id", "req-abc")]);
        known.clone().attach_and(of_a_request_without_a_trace);
        async_of_a_request_without_a_trace().in_context(known).now_or_never().unwrap();
        let _panicked = std::panic::catch_unwind(|| {
            let _late = Late;
            std::panic::resume_unwind(Box::new("on purpose"));
        });
    }

    use super::AttachAnd as _;

    fn serve() {
        let service = service_fn(async |_: http::Request<String>| {
            handled();
            Ok::<_, Infallible>(http::Response::new(String::new()))
        });
        let service = throughline::http::ServerLayer::new().layer(service);
        let answered = service.oneshot(http::Request::new(String::new())).now_or_never();
        answered.expect("nothing waits").unwrap();
    }

    /// What is sent brings no work into the process, whatever its sender set.
    fn send() {
        let headers = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
        jobs::link_sender(&jobs::enqueue("orders"), &headers);
    }

    #[traced]
    fn before() {}

    #[traced]
    fn handled() {}

    #[traced]
    fn lost_on_a_thread() {}

    #[traced]
    async fn lost_in_a_task() {}

    #[traced]
    fn lost_while_unwinding() {}

    #[traced(root)]
    fn asked_for() {}

    #[traced(root)]
    async fn asked_for_in_a_task() {}

    #[traced(parent = context)]
    fn placed(context: &Context) {}

    #[traced]
    fn of_a_request_without_a_trace() {}

    #[traced]
    async fn async_of_a_request_without_a_trace() {}

    struct Late;

    impl Drop for Late {
        fn drop(&mut self) {
            lost_while_unwinding();
        }
    }
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
        if let Some(ValueView::Double(cost)) = span.attributes.get("operation.cost") {
            let _ = writeln!(std::io::stdout(), "sink: {cost:.6} dollars");
        }
    }
}
