//! Pipelines that begin and end: flush, shutdown, fork, runtimes.
#![allow(clippy::disallowed_methods, reason = "tests start threads of their own")]

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use throughline::Pipeline;
use throughline::span::{Callsite, Sink, SpanView};
use throughline::testing::MemorySink;
use throughline_tests::guarded::in_span;
use throughline_tests::recorded::Recorder;

static SPAN: Callsite = Callsite::new("span", module_path!(), file!(), line!(), &[]);

fn span() {
    in_span(&SPAN, || ());
}

/// A sink whose end can be waited for: a pipeline that is dropped waits no longer than a second or two.
struct Ending(MemorySink, #[expect(dead_code, reason = "hangs up when the sink is gone")] Sender<()>);

impl Ending {
    fn new() -> (Self, MemorySink, Receiver<()>) {
        let (sender, ended) = mpsc::channel();
        let memory = MemorySink::default();
        (Self(memory.clone(), sender), memory, ended)
    }
}

impl Sink for Ending {
    fn span(&mut self, span: &SpanView<'_>) {
        self.0.span(span);
    }
}

fn wait_for_the_end(ended: &Receiver<()>) {
    assert_eq!(ended.recv_timeout(Duration::from_secs(60)), Err(RecvTimeoutError::Disconnected));
}

#[test]
fn a_pipeline_that_is_dropped_hands_on_what_was_finished() {
    let (sink, memory, ended) = Ending::new();
    let pipeline = Pipeline::builder().sink(sink).start().unwrap();
    {
        let _entered = pipeline.enter();
        span();
    }
    drop(pipeline);
    wait_for_the_end(&ended);
    assert_eq!(memory.take().len(), 1);
}

#[test]
fn spans_of_a_pipeline_that_is_gone_go_nowhere_and_harm_nobody() {
    let sink = MemorySink::default();
    let first = Pipeline::builder().sink(sink.clone()).start().unwrap();
    let second = Pipeline::builder().sink(sink.clone()).start().unwrap();
    let of_first = {
        let _entered = first.enter();
        throughline::Context::current()
    };
    drop(first);
    {
        let _attached = of_first.attach();
        (0..10_000).for_each(|_| span());
    }
    {
        let _entered = second.enter();
        span();
    }
    assert!(second.flush(Duration::from_secs(60)));
    assert_eq!(sink.take().len(), 1);
}

#[test]
fn pipelines_run_beside_each_other_and_get_their_own_spans() {
    let threads: Vec<_> = (1..=4)
        .map(|count: usize| {
            std::thread::spawn(move || {
                for _ in 0..200 {
                    let recorder = Recorder::new();
                    {
                        let _entered = recorder.enter();
                        (0..count * 100).for_each(|_| span());
                    }
                    assert_eq!(recorder.take().len(), count * 100);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn flush_gives_up_in_time_when_a_sink_does_not_answer() {
    struct Stuck(mpsc::Receiver<()>);

    impl Sink for Stuck {
        fn span(&mut self, _: &SpanView<'_>) {
            let _ = self.0.recv();
        }
    }

    let (release, released) = mpsc::channel();
    let pipeline = Pipeline::builder().sink(Stuck(released)).start().unwrap();
    {
        let _entered = pipeline.enter();
        span();
    }
    assert!(!pipeline.flush(Duration::from_millis(50)), "it came back, and without success");
    drop(release);
    assert!(pipeline.flush(Duration::from_secs(60)));
}

#[test]
fn a_pipeline_can_be_flushed_and_dropped_inside_of_a_current_thread_runtime() {
    let (sink, memory, ended) = Ending::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let pipeline = Pipeline::builder().sink(sink).start().unwrap();
        {
            let _entered = pipeline.enter();
            span();
        }
        assert!(pipeline.flush_async(Duration::from_secs(60)).await);
        assert_eq!(memory.take().len(), 1);
        {
            let _entered = pipeline.enter();
            span();
        }
        drop(pipeline);
    });
    wait_for_the_end(&ended);
    assert_eq!(memory.take().len(), 1);
}

#[test]
fn a_trace_that_came_from_outside_unsampled_is_not_recorded_and_its_ids_go_on() {
    let recorder = Recorder::new();
    let _entered = recorder.enter();
    let context = throughline::Context::from(throughline::ContextParts {
        trace_id: Some("4bf92f3577b34da6a3ce929d0e0e4736".parse().unwrap()),
        span_id: Some("00f067aa0ba902b7".parse().unwrap()),
        ..Default::default()
    });
    {
        let _attached = context.attach();
        in_span(&SPAN, || {
            assert_eq!(throughline::trace_id(), context.trace_id());
            span();
        });
    }
    assert!(recorder.take().is_empty());
}
