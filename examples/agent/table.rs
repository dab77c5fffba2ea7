//! A table of what the questions took.

use std::io::{self, Write as _};

use crate::totals::Total;

/// How much of a question is shown.
const WIDTH: usize = 48;

/// Prints one line for each question. A cost of which a part is unknown is more than that.
pub(crate) fn print(asked: &[(&str, Total)]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{:WIDTH$}  models  tools  tokens in    out        cost", "question")?;
    for (question, total) in asked {
        let Total { model_calls, tool_calls, input_tokens, output_tokens, cost, unpriced_calls } = total;
        let question = shortened(question);
        let more = if *unpriced_calls > 0 { ">" } else { "" };
        let cost = format!("{more}${cost:.6}");
        writeln!(
            out,
            "{question:WIDTH$}  {model_calls:6}  {tool_calls:5}  {input_tokens:9}  {output_tokens:5}  {cost:>10}"
        )?;
    }
    Ok(())
}

fn shortened(question: &str) -> String {
    if question.chars().count() <= WIDTH {
        return question.to_owned();
    }
    question.chars().take(WIDTH - 1).chain(['…']).collect()
}
