//! What an annotated function starts elsewhere stays in its trace, whatever is given to `tokio::spawn` and its like.
#![allow(clippy::disallowed_methods, reason = "threads are what the tests are about")]
#![allow(clippy::redundant_closure, reason = "a closure is another thing to wrap than a function")]

mod support;

use std::sync::mpsc;

use support::{check, check_async};
use throughline::{span, traced};

#[traced]
fn leaf() {}

#[traced]
async fn async_leaf() {
    tokio::task::yield_now().await;
}

#[traced]
async fn spawns_blocks() {
    tokio::spawn(async {
        async_leaf().await;
        leaf();
    })
    .await
    .unwrap();
    ::tokio::task::spawn(async move { leaf() }).await.unwrap();
}

#[test]
fn a_block_that_is_spawned_is_part_of_the_trace() {
    check_async(spawns_blocks(), &["spawns_blocks", "  async_leaf", "  leaf", "  leaf"]);
}

#[traced]
async fn spawns_closures() {
    tokio::task::spawn_blocking(|| leaf()).await.unwrap();
    tokio::task::spawn_blocking(leaf).await.unwrap();
}

#[test]
fn a_closure_on_a_blocking_thread_is_part_of_the_trace() {
    check_async(spawns_closures(), &["spawns_closures", "  leaf", "  leaf"]);
}

#[traced]
async fn spawns_here() {
    tokio::task::spawn_local(async {
        let not_sendable = std::rc::Rc::new(());
        async_leaf().await;
        drop(not_sendable);
    })
    .await
    .unwrap();
}

#[test]
fn a_local_task_is_part_of_the_trace() {
    check_async(tokio::task::LocalSet::new().run_until(spawns_here()), &["spawns_here", "  async_leaf"]);
}

#[traced]
fn starts_a_thread() -> u32 {
    let captured = String::from("12");
    let thread = std::thread::spawn(move || {
        leaf();
        captured.parse().unwrap()
    });
    thread.join().unwrap()
}

#[test]
fn a_thread_is_part_of_the_trace() {
    check(|| assert_eq!(starts_a_thread(), 12), &["starts_a_thread", "  leaf"]);
}

#[traced]
fn spawns_on_rayon() {
    let (sender, receiver) = mpsc::channel();
    rayon::spawn(move || {
        leaf();
        sender.send(()).unwrap();
    });
    receiver.recv().unwrap();
}

#[test]
fn work_of_rayon_is_part_of_the_trace() {
    check(spawns_on_rayon, &["spawns_on_rayon", "  leaf"]);
}

#[traced]
async fn opens_nothing() {
    tokio::spawn(async { throughline::event!("seen") }).await.unwrap();
}

#[test]
fn no_span_is_opened_for_what_is_spawned() {
    check_async(opens_nothing(), &["opens_nothing @seen"]);
}

#[traced]
async fn goes_elsewhere() {
    use throughline::FutureExt as _;
    tokio::spawn(async { leaf() }.in_span(span!("background"))).await.unwrap();
    tokio::spawn(async_leaf()).await.unwrap();
}

#[test]
fn what_has_a_span_already_keeps_it() {
    check_async(goes_elsewhere(), &["goes_elsewhere", "  background", "    leaf", "  async_leaf"]);
}

macro_rules! passed_on {
    ($($tokens:tt)*) => { $($tokens)* };
}

#[traced]
async fn spawns_anywhere(is_sure: bool) {
    tokio::select! {
        spawned = tokio::spawn(async { leaf() }) => spawned.unwrap(),
        () = std::future::pending() => {}
    }
    passed_on!(tokio::spawn(async { leaf() }).await.unwrap());
    if is_sure {
        let outcome = tokio::spawn(async { tokio::spawn(async { leaf() }).await }).await;
        outcome.unwrap().unwrap();
    }
    let later = async || tokio::spawn(async { leaf() }).await.unwrap();
    later().await;
    let () = std::thread::spawn(|| std::thread::spawn(leaf).join().unwrap()).join().unwrap();
}

#[test]
fn calls_are_found_in_macros_blocks_and_closures_and_in_what_is_spawned() {
    let leaves = ["  leaf"; 5];
    check_async(spawns_anywhere(true), &[&["spawns_anywhere"][..], &leaves].concat());
}

#[traced]
async fn names_types() -> Vec<String> {
    let text = tokio::task::spawn_blocking::<_, Box<dyn std::fmt::Display + Send>>(|| {
        leaf();
        Box::new(1)
    });
    let parsed = std::thread::spawn::<_, Result<u8, Box<dyn std::error::Error + Send + Sync>>>(move || {
        leaf();
        Ok("2".parse()?)
    });
    tokio::spawn::<_>(async { leaf() }).await.unwrap();
    vec![text.await.unwrap().to_string(), parsed.join().unwrap().unwrap().to_string()]
}

#[test]
fn a_turbofish_says_what_a_closure_is_coerced_to() {
    let work = async { assert_eq!(names_types().await, ["1", "2"]) };
    check_async(work, &["names_types", "  leaf", "  leaf", "  leaf"]);
}

/// Spawns what is not known here.
#[traced]
async fn spawns_any<F, G>(future: F, closure: G)
where
    F: Future<Output = ()> + Send + 'static,
    G: FnOnce() + Send + 'static,
{
    tokio::spawn(future).await.unwrap();
    std::thread::spawn(closure).join().unwrap();
    let mut later = None;
    if later.is_none() {
        later = Some(Box::pin(async { leaf() }) as std::pin::Pin<Box<dyn Future<Output = ()> + Send>>);
    }
    tokio::spawn(later.unwrap()).await.unwrap();
    let boxed: Box<dyn FnOnce() + Send> = Box::new(leaf);
    std::thread::spawn(boxed).join().unwrap();
}

#[test]
fn futures_and_closures_of_any_type_are_wrapped() {
    let work = spawns_any(async { leaf() }, || leaf());
    check_async(work, &[&["spawns_any"][..], &["  leaf"; 4]].concat());
}

#[traced(spawn = false)]
async fn lets_go() {
    tokio::spawn(async { leaf() }).await.unwrap();
}

#[test]
fn it_can_be_switched_off() {
    check_async(lets_go(), &["lets_go", "leaf"]);
}

/// Crates that have functions of the same paths, which take something else.
mod elsewhere {
    use throughline::traced;

    mod tokio {
        pub(super) fn spawn(name: &str) -> String {
            format!("spawned {name}")
        }

        pub(super) mod task {
            pub(crate) fn spawn(name: String, times: usize) -> String {
                name.repeat(times)
            }

            pub(crate) fn spawn_blocking<F: FnOnce(u8) -> u8>(work: F) -> u8 {
                work(1)
            }
        }
    }

    mod std {
        pub(super) mod thread {
            pub(crate) fn spawn(number: Option<u32>) -> u32 {
                number.unwrap_or_default()
            }
        }
    }

    mod thread {
        pub(super) fn spawn<F: Fn() -> u8 + Clone>(work: F) -> u8 {
            work.clone()() + work()
        }
    }

    mod task {
        pub(super) fn spawn(work: ::std::pin::Pin<::std::boxed::Box<dyn Future<Output = u8>>>) -> bool {
            drop(work);
            true
        }
    }

    /// Shorter paths could be anybody's, who may ask for more than what runs once.
    #[traced]
    pub(super) fn asks_for_more() -> (u8, bool) {
        (thread::spawn(|| 1), task::spawn(Box::pin(async { 1 })))
    }

    #[traced]
    pub(super) fn resolves() -> (String, String, u8, u32) {
        let local = ::std::string::String::from("x");
        let spawned = tokio::spawn(&local);
        let times = tokio::task::spawn(local, 2);
        (spawned, times, tokio::task::spawn_blocking(|one| one + 1), std::thread::spawn(Some(3)))
    }
}

#[test]
fn another_function_of_the_same_path_is_called_as_before() {
    let expected = ("spawned x".to_owned(), "xx".to_owned(), 2, 3);
    check(|| assert_eq!(elsewhere::resolves(), expected), &["resolves"]);
    check(|| assert_eq!(elsewhere::asks_for_more(), (2, true)), &["asks_for_more"]);
}

/// A function inside of another is not part of it: it has an attribute of its own, or none.
#[traced]
async fn has_functions_inside() {
    #[traced(spawn = false)]
    async fn lets_go_inside() {
        tokio::spawn(async { leaf() }).await.unwrap();
    }
    #[traced]
    async fn carries_inside() {
        tokio::spawn(async { leaf() }).await.unwrap();
    }
    lets_go_inside().await;
    carries_inside().await;
    assert_eq!(stringify!(tokio::spawn(1)), "tokio::spawn(1)");
}

#[test]
fn functions_inside_and_quoted_code_are_left_alone() {
    check_async(
        has_functions_inside(),
        &["has_functions_inside", "  lets_go_inside", "  carries_inside", "    leaf", "leaf"],
    );
}
