//! What clippy's pedants say of annotated code is what they say without the attribute.
//!
//! Clippy holds this file to it, as it does `traced_lints`: what is said here fires nowhere but where it is expected, and
//! there it has to.
//!
//! Some lints cannot be kept. Of an annotated async function they do not see that it was one (`unused_async`,
//! `missing_errors_doc`, `async_fn_in_trait`), nor that another could be one (`manual_async_fn`); where a returned value is
//! looked at, the body is a closure, which they do not look into (`unnecessary_wraps`, `needless_pass_by_value`,
//! `must_use_candidate`, `only_used_in_recursion`, the compiler's `unconditional_recursion`); and what is traced cannot be
//! `const` (`missing_const_for_fn`).

#![warn(clippy::pedantic, clippy::nursery)]

#[allow(clippy::pedantic, clippy::nursery, reason = "it is no annotated code")]
mod support;

use std::pin::Pin;
use std::sync::Mutex;

use futures_util::stream::{self, BoxStream, Stream, StreamExt as _};
use support::check_async;
use throughline::{agent_span, embedding_span, llm_span, rerank_span, tool_span, traced, workflow_span};
use throughline_tests::exported::{Ticket, not_sendable, number};

#[traced]
fn size() -> usize {
    use std::mem::size_of_val;
    const ONE: usize = 1;
    size_of_val(&ONE) + ONE
}

#[traced]
fn checked() -> Result<usize, String> {
    const ONE: usize = 1;
    const fn twice(number: usize) -> usize {
        number * 2
    }
    let number = twice(ONE);
    number.checked_add(1).ok_or_else(|| "too large".to_owned())
}

#[traced]
async fn later() -> usize {
    #[derive(Default)]
    struct Local(usize);
    leaf().await;
    Local::default().0
}

#[traced]
fn in_a_block() -> impl Future<Output = usize> {
    const ONE: usize = 1;
    async { ONE }
}

#[traced]
fn numbers() -> impl Stream<Item = usize> {
    const ONE: usize = 1;
    stream::iter(0..ONE)
}

#[traced]
async fn boxed_numbers() -> Result<BoxStream<'static, usize>, String> {
    const ONE: usize = 1;
    leaf().await;
    Ok(Box::pin(stream::iter(0..ONE)))
}

#[traced]
#[expect(clippy::items_after_statements, reason = "it fires without the attribute")]
fn after_a_statement() -> usize {
    let one = 1;
    const TWO: usize = 2;
    one + TWO
}

#[traced]
#[expect(clippy::items_after_statements, reason = "it fires without the attribute")]
async fn after_a_statement_later() -> Result<usize, String> {
    leaf().await;
    const TWO: usize = 2;
    Ok(TWO)
}

#[traced]
async fn leaf() {}

#[derive(Debug, PartialEq, Eq)]
struct Number(u64);

impl Number {
    #[traced]
    #[expect(clippy::use_self, reason = "it fires without the attribute")]
    fn twice(&self) -> Number {
        Number(self.0 * 2)
    }

    #[traced]
    #[expect(clippy::use_self, reason = "it fires without the attribute")]
    async fn twice_later(&self) -> Result<Number, String> {
        leaf().await;
        Ok(Number(self.0 * 2))
    }

    #[traced]
    #[expect(clippy::wrong_self_convention, reason = "it fires without the attribute")]
    fn into_text(&self) -> String {
        self.0.to_string()
    }

    #[traced]
    #[expect(clippy::unused_self, reason = "it fires without the attribute")]
    fn zero(&self) -> Result<u64, String> {
        "0".parse::<u64>().map_err(|error| error.to_string())
    }

    #[traced]
    #[expect(clippy::needless_pass_by_value, reason = "it fires without the attribute")]
    fn is_text(&self, text: String) -> bool {
        self.0.to_string() == text
    }
}

#[traced]
#[expect(clippy::semicolon_if_nothing_returned, reason = "it fires without the attribute")]
fn count(numbers: &Mutex<Vec<u64>>) {
    numbers.lock().expect("nobody panicked").push(1)
}

#[traced]
#[expect(clippy::significant_drop_tightening, reason = "it fires without the attribute")]
fn sum(numbers: &Mutex<Vec<u64>>) -> Result<u64, String> {
    let guard = numbers.lock().map_err(|error| error.to_string())?;
    let sum: u64 = guard.iter().sum();
    let twice = sum.checked_mul(2);
    twice.ok_or_else(|| "too large".to_owned())
}

#[traced]
#[expect(clippy::needless_return, reason = "it fires without the attribute")]
async fn returned(numbers: &[u64]) -> Option<u64> {
    leaf().await;
    return numbers.first().copied();
}

#[traced]
#[expect(clippy::needless_return, reason = "it fires without the attribute")]
fn returned_at_once(numbers: &[u64]) -> Result<u64, String> {
    return numbers.first().copied().ok_or_else(|| "nothing here".to_owned());
}

#[traced]
#[expect(clippy::option_if_let_else, reason = "it fires without the attribute")]
fn boxed(number: Option<u64>) -> Pin<Box<dyn Future<Output = u64> + Send>> {
    let number = if let Some(number) = number { number * 2 } else { 0 };
    Box::pin(async move { number })
}

#[test]
fn what_pedants_look_at_is_traced_all_the_same() {
    check_async(
        async {
            assert_eq!(size(), size_of::<usize>() + 1);
            assert_eq!(checked(), Ok(3));
            assert_eq!(later().await + in_a_block().await, 1);
            assert_eq!(numbers().count().await, 1);
            assert_eq!(boxed_numbers().await.expect("a stream").count().await, 1);
            assert_eq!(after_a_statement(), 3);
            assert_eq!(after_a_statement_later().await, Ok(2));
        },
        &[
            "size",
            "checked",
            "later",
            "  leaf",
            "in_a_block",
            "numbers",
            "boxed_numbers",
            "  leaf",
            "after_a_statement",
            "after_a_statement_later",
            "  leaf",
        ],
    );
    check_async(
        async {
            let number = Number(21);
            assert_eq!(number.twice(), number.twice_later().await.expect("a number"));
            assert!(number.is_text(number.into_text()));
            assert_eq!(number.zero(), Ok(0));
        },
        &["twice", "twice_later", "  leaf", "into_text", "is_text", "zero"],
    );
    let numbers = Mutex::new(vec![1]);
    check_async(
        async {
            count(&numbers);
            assert_eq!(sum(&numbers), Ok(4));
            assert_eq!(returned(&[2]).await, Some(2));
            assert_eq!(returned_at_once(&[3]), Ok(3));
            assert_eq!(boxed(Some(2)).await, 4);
        },
        &["count", "sum", "returned", "  leaf", "returned_at_once", "boxed"],
    );
}

#[test]
fn exported_functions_are_traced_all_the_same() {
    check_async(
        async {
            let ticket = Ticket::from_text("21");
            assert_eq!(ticket.countdown().count().await, 21);
            assert_ne!(Ticket::from_text(""), ticket);
            assert_eq!(number(Some(1)).await, 1);
            assert_eq!(not_sendable(&std::cell::Cell::new(1)).await, 1);
        },
        &["from_text", "countdown", "from_text", "  next", "number", "not_sendable"],
    );
}

#[llm_span(provider = "local", model = format!("{name}-1").as_str(), temperature = 0.5, capture(input = name, system = "short", output))]
fn answer(name: &str) -> String {
    name.to_uppercase()
}

#[embedding_span(provider = "local", model = name, dimensions = name.len())]
async fn embed(name: &str) -> Vec<usize> {
    leaf().await;
    vec![name.len()]
}

#[rerank_span(provider = %name, top_k = names.len().checked_sub(1), capture(query = ?name, documents))]
fn rank(name: &str, names: &[u8]) -> Vec<u8> {
    let _ = name;
    names.to_vec()
}

#[tool_span(capture(arguments, result))]
fn shift((x, _): (u8, u8), by: Option<&Number>) -> Option<u64> {
    by.map(|by| by.0 + u64::from(x))
}

#[agent_span(agent = name.trim(), conversation = Some(name), capture(input = name.chars().rev().collect::<String>(), output))]
async fn run(name: &str) -> Result<u64, String> {
    leaf().await;
    shift((1, 2), Some(&Number(2))).ok_or_else(|| name.to_owned())
}

#[workflow_span(capture(output))]
fn flow() -> Number {
    Number(1)
}

#[test]
fn operations_are_traced_all_the_same() {
    let spans = support::spans_of(async {
        assert_eq!(answer("a"), "A");
        assert_eq!(embed("ab").await, [2]);
        assert_eq!(rank("a", &[1]), [1]);
        assert_eq!(run(" a ").await, Ok(3));
        assert_eq!(flow(), Number(1));
    });
    let starts =
        ["chat a-1", "embeddings ab", "  leaf", "rerank", "invoke_agent a", "  leaf", "  execute_tool shift"];
    let mut spans = spans.lines();
    for start in starts.into_iter().chain(["invoke_workflow flow"]) {
        assert!(spans.next().is_some_and(|span| span.starts_with(start)), "{start}");
    }
}
