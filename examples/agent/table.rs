//! A table of what the questions took.

use std::io::{self, Write as _};

use crate::totals::Total;

/// How much of a question is shown.
const WIDTH: usize = 48;

/// Prints one line for each question.
pub(crate) fn print(asked: &[(&str, Total)]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{:WIDTH$}  models  tools  tokens in    out       cost", "question")?;
    for (question, total) in asked {
        let Total { model_calls, tool_calls, input_tokens, output_tokens, cost } = total;
        let question = shortened(question);
        writeln!(
            out,
            "{question:WIDTH$}  {model_calls:6}  {tool_calls:5}  {input_tokens:9}  {output_tokens:5}  ${cost:.6}"
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
