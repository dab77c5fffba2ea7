//! `#[traced]` on functions and methods, sync and async.

mod support;

use support::{check, check_async};
use throughline::traced;

#[traced]
fn outer() -> u32 {
    inner(1) + inner(2)
}

#[traced(fields(n = n, twice = n * 2, text = %n, list = ?[n]))]
fn inner(n: u32) -> u32 {
    n
}

#[test]
fn a_function_called_by_a_traced_one_is_its_child() {
    check(
        || assert_eq!(outer(), 3),
        &[
            "outer",
            "  inner n=1 twice=2 text=\"1\" list=\"[1]\"",
            "  inner n=2 twice=4 text=\"2\" list=\"[2]\"",
        ],
    );
}

#[traced(name = "answer", kind = "server", fields(user.id = 7, plan = "free", ratio = 0.5, beta = true, later))]
async fn answer(question: &str) -> Result<String, std::num::ParseIntError> {
    throughline::set("later", "now");
    let n: u32 = question.parse()?;
    Ok(helper(n).await.to_string())
}

#[traced]
async fn helper(n: u32) -> u32 {
    tokio::task::yield_now().await;
    n + 1
}

#[test]
fn async_functions_nest_and_keep_typed_values() {
    check_async(
        async { assert_eq!(answer("41").await.unwrap(), "42") },
        &["answer Server user.id=7 plan=\"free\" ratio=0.5 beta=true later=\"now\"", "  helper"],
    );
}

#[test]
fn an_error_that_question_mark_returns_marks_the_span() {
    check_async(
        async { assert!(answer("x").await.is_err()) },
        &[concat!(
            "answer Server !Error \"invalid digit found in string\" user.id=7 plan=\"free\" ratio=0.5 beta=true",
            " later=\"now\" error.type=\"core::num::error::ParseIntError\""
        )],
    );
}
