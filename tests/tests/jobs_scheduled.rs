//! Work that starts by itself: each run is a trace and a request of its own.

use throughline::jobs::scheduled;
use throughline::span::{Kind, Outcome};
use throughline::testing::OwnedValue;
use throughline::{FutureExt as _, logs, traced};
use throughline_tests::recorded::recorded;

fn request() -> Option<String> {
    throughline::request_id().map(|id| id.to_string())
}

#[traced]
async fn sweep(run: u32) -> Result<(), String> {
    tokio::task::yield_now().await;
    if run == 1 { Err("the disk is full".to_owned()) } else { Ok(()) }
}

#[test]
fn each_run_of_a_loop_is_a_trace_and_a_request_of_its_own() {
    recorded(async |recorder| {
        let context = throughline::extract(&[("x-request-id", "req-start"), ("baggage", "tenant=acme")]);
        let work = async {
            let mut requests = vec![request()];
            for run in 0..3 {
                let seen = scheduled("sweep disks").run(async || {
                    logs::bind("run", run);
                    assert_eq!(throughline::baggage::get("tenant"), None);
                    sweep(run)
                        .await
                        .map(|()| request())
                        .or_else(|error| if run == 1 { Err(error) } else { Ok(None) })
                });
                requests.extend(seen.await);
            }
            requests
        };
        let _attached = context.attach();
        let requests = work.in_span(throughline::span!("start")).await;
        assert_eq!(requests.len(), 3, "one has failed: {requests:?}");

        let spans = recorder.spans();
        let runs: Vec<_> = spans.spans_named("sweep disks").collect();
        let outcomes: Vec<_> = runs.iter().map(|run| run.outcome()).collect();
        assert_eq!(outcomes, [Outcome::Ok, Outcome::Error, Outcome::Ok]);
        for run in &runs {
            assert_eq!((run.kind(), run.parent_id(), run.links().len()), (Kind::Internal, None, 0));
            let inner = spans.spans_named("sweep").find(|inner| inner.trace_id() == run.trace_id()).unwrap();
            assert_eq!(inner.parent_id(), Some(run.span_id()));
        }
        let start = spans.span("start");
        let mut traces: Vec<_> = runs.iter().map(|run| run.trace_id()).chain([start.trace_id()]).collect();
        traces.sort_by_key(ToString::to_string);
        traces.dedup();
        assert_eq!(traces.len(), 4);
        for (run, request) in [(&runs[0], &requests[1]), (&runs[2], &requests[2])] {
            assert_eq!(run.attribute("request.id").unwrap(), request.as_deref().unwrap());
        }
        assert_eq!(start.attribute("request.id"), Some("req-start".into()));
    });
}

#[test]
fn a_run_tells_how_late_it_is_and_what_becomes_of_it() {
    recorded(async |recorder| {
        scheduled("sweep").due_at(0).run_blocking(|| ());
        let late = recorder.only().attribute("job.queue.latency_ms");
        assert!(
            matches!(late, Some(OwnedValue::Int(since_1970)) if since_1970 > 1_000_000_000_000),
            "{late:?}"
        );
        scheduled("sweep").due_at(u64::MAX).run_blocking(|| ());
        assert_eq!(recorder.only().attribute("job.queue.latency_ms"), Some(0.into()));
        drop(scheduled("sweep").run(async || std::future::pending::<()>().await));
        let dropped = recorder.only();
        assert_eq!(
            (dropped.outcome(), dropped.attribute("job.queue.latency_ms")),
            (Outcome::Cancelled, None)
        );
    });
}

#[test]
fn without_tracing_a_run_has_a_request() {
    let seen = || scheduled("sweep").run_blocking(|| Ok::<_, String>(request())).unwrap().unwrap();
    let (one, other) = (seen(), seen());
    assert!(one.starts_with("req-") && one != other, "{one} {other}");
}
