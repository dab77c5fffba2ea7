//! Spans without attributes: by macros and values, as libraries write them that never call `init`.

use std::cell::Cell;

use futures_util::{FutureExt as _, StreamExt as _, stream};
use throughline::span::{Callsite, EnteredSpan, Kind, Level, Outcome, Parent, Value, current};
use throughline::testing::{Trace, capture, capture_returning};
use throughline::{Context, FutureExt as _, Span, StreamExt as _, event, span, traced};

/// Compares the spans of `code`, with attributes, events and links.
#[track_caller]
fn check<R>(code: impl FnOnce() -> R, expected: &str) {
    let trace = capture(code);
    let keys: Vec<String> =
        trace.spans().flat_map(|span| span.attributes().keys().cloned().collect::<Vec<_>>()).collect();
    let keys = keys.iter().map(String::as_str).filter(|key| *key != "request.id");
    let tree = trace.tree().with(keys).with_events().with_links();
    assert!(tree == *expected, "{tree}");
}

#[test]
fn what_runs_in_the_scope_of_a_span_is_its_child() {
    let code = || {
        let outer = span!("outer");
        assert_eq!(outer.in_scope(|| span!("inner").in_scope(|| 42)), 42);
        outer.in_scope(|| span!("inner again").end());
    };
    check(
        code,
        "
        outer
          inner
          inner again
        ",
    );
}

#[test]
fn a_span_that_is_entered_is_current_until_its_guard_is_dropped() {
    let (ids, trace) = capture_returning(|| {
        let outer = span!("outer").entered();
        outer.set("known", true);
        let inside = throughline::span_id();
        span!("inner").end();
        drop(outer);
        span!("after").end();
        (inside, throughline::span_id())
    });
    trace.assert_tree("after\nouter\n  inner");
    assert_eq!(ids, (Some(trace.span("outer").span_id()), None));
    assert_eq!(trace.span("outer").attribute("known"), Some(true.into()));
}

#[test]
fn a_span_that_is_left_goes_on() {
    let code = || {
        let span = span!("work").entered().exit();
        span!("beside").end();
        span.set("left", true);
        span.in_scope(|| span!("inside again").end());
    };
    check(code, "beside\nwork {left: true}\n  inside again");
}

#[test]
fn a_span_goes_to_other_threads_and_a_guard_stays_on_its_own() {
    trait IsSend<A> {
        const ANSWER: () = ();
    }
    struct Yes;
    impl<T: ?Sized> IsSend<()> for T {}
    impl<T: ?Sized + Send> IsSend<Yes> for T {}
    // It compiles only where one of the two is meant.
    let () = <EnteredSpan as IsSend<_>>::ANSWER;
    let trace = capture(|| {
        let span = span!("outer");
        std::thread::scope(|scope| {
            scope.spawn(move || span.in_scope(|| span!("elsewhere").end()));
        });
    });
    trace.assert_tree("outer\n  elsewhere");
}

#[test]
fn futures_and_streams_run_inside_of_the_span_they_are_given() {
    let code = || {
        let work = async {
            span!("in a future").end();
            42
        };
        assert_eq!(work.in_span(span!("future", n = 1)).now_or_never(), Some(42));
        let items = stream::iter([1, 2]).inspect(|_| span!("in a stream").end());
        assert_eq!(items.in_span(span!("stream")).count().now_or_never(), Some(2));
    };
    check(
        code,
        "
        future {n: 1}
          in a future
        stream
          in a stream
          in a stream
        ",
    );
}

const KEY: &str = "order.key";

#[derive(Debug)]
struct Item {
    id: u8,
}

#[test]
fn fields_are_typed_or_shown_by_display_or_debug() {
    let (user, item, items) = (7, Item { id: 3 }, ["tea", "milk"]);
    let code = || {
        let _forms = span!(
            "forms",
            plain = user,
            order.items = items,
            "quoted key" = %user,
            {KEY} = ?item,
            shown = %"tea",
            none = None::<u8>,
            type = true,
        );
        let _shorthand = span!("shorthand", user, %item.id, ?item);
        let r#type = Item { id: 4 };
        let _raw = span!("raw", ?r#type, %r#type.id, order.r#fn.r#match = 1);
    };
    check(
        code,
        r#"
        forms {order.items: ["tea", "milk"], order.key: "Item { id: 3 }", plain: 7, quoted key: "7", shown: "tea", type: true}
        raw {order.fn.match: 1, type: "Item { id: 4 }", type.id: "4"}
        shorthand {item: "Item { id: 3 }", item.id: "3", user: 7}
        "#,
    );
}

#[test]
fn attributes_are_set_on_a_span_in_hand_and_on_the_current_one_and_the_last_value_counts() {
    let code = || {
        let span = span!("work", stage = "new");
        span.set("stage", "open");
        span.set_all(&[("a", Value::I64(1)), ("b", Value::Bool(true))]);
        span.in_scope(|| {
            throughline::set("stage", "done");
            current::set("rows", 3_usize);
        });
        throughline::set("nobody", "is current");
    };
    check(code, r#"work {a: 1, b: true, rows: 3, stage: "done"}"#);
}

#[test]
fn what_a_function_declares_is_recorded_by_what_it_calls() {
    #[traced(fields(rows, plan))]
    fn query() {
        helper();
    }

    fn helper() {
        throughline::set("rows", 3);
    }

    check(query, "query {rows: 3}");
}

#[test]
fn events_are_on_the_current_span_or_on_one_in_hand() {
    let key = "user:7";
    let code = || {
        let span = span!("work");
        span.in_scope(|| {
            event!("cache.miss", cache.key = %key, attempt = 2, key);
            event!("plain");
            current::event("by function", &[]);
        });
        span.event("in hand", &[("n", Value::I64(1))]);
    };
    check(
        code,
        r#"
        work
          * cache.miss {attempt: 2, cache.key: "user:7", key: "user:7"}
          * plain
          * by function
          * in hand {n: 1}
        "#,
    );
}

#[test]
fn links_are_to_any_context() {
    let code = || {
        let (first, second) = (span!("first"), span!("second"));
        let batch = span!("batch");
        batch.link(&first.context());
        batch.in_scope(|| current::link(&second.context()));
        batch.link(&Context::default());
    };
    check(
        code,
        "
        batch
          -> first
          -> second
        first
        second
        ",
    );
}

#[test]
fn a_span_is_renamed_when_its_name_is_known() {
    let code = || {
        let span = span!("request");
        span.rename("GET /orders");
        span!("other").in_scope(|| current::rename("GET /items/{id}"));
    };
    check(code, "GET /items/{id}\nGET /orders");
}

#[test]
fn a_span_fails_or_ends_as_it_is_told() {
    let code = || {
        span!("in hand").fail("timeout", "after 3 s");
        span!("current").in_scope(|| current::fail("timeout", "after 5 s"));
        span!("given up").set_outcome(Outcome::Cancelled);
        span!("given up inside").in_scope(|| current::set_outcome(Outcome::Cancelled));
    };
    check(
        code,
        r#"
        current error: after 5 s {error.type: "timeout"}
        given up cancelled
        given up inside cancelled
        in hand error: after 3 s {error.type: "timeout"}
        "#,
    );
}

#[test]
fn a_parent_is_a_context_or_a_span_and_none_begins_a_trace() {
    let nobody: Option<Span> = None;
    let code = || {
        let parent = span!("parent");
        span!("around").in_scope(|| {
            span!(parent: &parent, "of a span", n = 1).end();
            span!(parent: parent.context(), "of a context").end();
            span!(parent: Some(&parent), "of an option").end();
            span!(parent: None, "of none").end();
            span!(parent: nobody, "of nobody").end();
        });
        let entered = parent.entered();
        span!(parent: entered, "of a guard").end();
    };
    let trace = capture(code);
    trace.assert_tree(
        "
        around
        of nobody
        of none
        parent
          of a context
          of a guard
          of a span
          of an option
        ",
    );
    assert_eq!(trace.trace_ids().len(), 4, "each root begins a trace of its own");
}

#[test]
fn a_callsite_made_by_hand_takes_a_parent_too() {
    static CALLSITE: Callsite = Callsite::new("by hand", module_path!(), file!(), line!(), &[]);
    let code = || {
        let parent = span!("parent").context();
        span!("around").in_scope(|| {
            Span::with_parent(&CALLSITE, Parent::Of(&parent)).end();
            Span::with_parent(&CALLSITE, Parent::Root).end();
            Span::with_parent(&CALLSITE, Parent::Current).end();
            Span::new(&CALLSITE).end();
        });
    };
    check(code, "around\n  by hand\n  by hand\nby hand\nparent\n  by hand");
}

#[test]
fn target_level_and_kind_stand_in_front_of_the_name_in_any_order() {
    const TARGET: &str = "shop::sql";
    let (_, trace) = capture_returning(|| {
        let parent = span!(kind: Kind::Server, "plain");
        span!(level: Level::Debug, parent: &parent, kind: Kind::Client, target: TARGET, "all", n = 1).end();
    });
    let settings = |trace: &Trace, name| {
        let span = trace.span(name);
        let site = span.callsite();
        (site.target, site.level, site.kind)
    };
    assert_eq!(settings(&trace, "plain"), (module_path!(), Level::Info, Kind::Server));
    assert_eq!(settings(&trace, "all"), (TARGET, Level::Debug, Kind::Client));
    trace.assert_tree("plain [server]\n  all [client]");
}

/// What a library does; it knows nothing of whoever traces it.
fn library(computed: &Cell<u32>) -> u32 {
    let value = || {
        computed.set(computed.get() + 1);
        computed.get()
    };
    let span = span!("library", n = value());
    span.set("known", true);
    span.link(&Context::current());
    let rows = span.in_scope(|| {
        throughline::set("rows", 3);
        event!("read", n = value());
        let _entered = span!("nested").entered();
        async { 3 }.in_span(span!("later")).now_or_never().expect("nothing waits")
    });
    span.rename("library: done");
    span.end();
    rows
}

#[test]
fn where_nobody_calls_init_a_library_works_and_computes_nothing_for_its_spans() {
    let computed = Cell::new(0);
    assert_eq!(library(&computed), 3);
    assert_eq!(computed.get(), 0, "no value was asked for");
    assert!(!span!("library").is_recording() && !current::is_recording());
    assert_eq!((throughline::trace_id(), throughline::span_id()), (None, None));
    assert!(throughline::flush(std::time::Duration::ZERO), "there is nothing to wait for");
}

#[test]
fn the_spans_of_a_library_are_those_of_whoever_traces_it() {
    let computed = Cell::new(0);
    let trace = capture(|| span!("application").in_scope(|| library(&computed)));
    trace.assert_tree(
        "
        application
          library: done
            nested
              later
        ",
    );
    assert_eq!(computed.get(), 2);
    let library = trace.span("library: done");
    assert_eq!((library.attribute("n"), library.attribute("rows")), (Some(1.into()), Some(3.into())));
    library.assert_linked_to(&trace.span("application"));
}
