//! Annotated functions that a filter switched off. The filter is one for the whole process, so it is set in one test.

mod support;

use std::sync::{Arc, Mutex};

use throughline::span::{Level, set_filter};
use throughline::{Context, llm_span, traced};

#[traced]
async fn outer(context: &Context) {
    inner(1, context).await;
    let _ = fails();
    let _ = chat("m").await;
}

#[traced(level = "debug", args, skip(context), links = [context])]
async fn inner(n: u32, context: &Context) {
    throughline::set("set", n);
}

#[traced(level = "trace", fields(a = never_computed()))]
fn fails() -> Result<(), String> {
    Err("no failure of the outer span".to_owned())
}

fn never_computed() -> u32 {
    unreachable!("nothing is recorded")
}

#[llm_span(provider = "local", model = model, level = "debug")]
async fn chat(model: &str) -> Result<String, String> {
    Err(model.to_owned())
}

#[traced]
fn context() -> Context {
    Context::current()
}

#[test]
fn what_is_off_writes_nothing_on_the_span_around_it_and_is_asked_for_once() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let names = Arc::clone(&asked);
    set_filter(move |callsite| {
        names.lock().unwrap().push(callsite.name);
        callsite.level <= Level::Info
    });
    for _ in 0..2 {
        support::check_async(
            async { outer(&context()).await },
            // What the body says of itself goes to the span that is current.
            &["context", "outer set=1"],
        );
    }
    let asked = asked.lock().unwrap();
    for name in ["outer", "inner"] {
        assert_eq!(asked.iter().filter(|asked| **asked == name).count(), 1, "{name} of {asked:?}");
    }
}
