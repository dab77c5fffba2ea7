//! What a span is to an application of language models.

use super::facts::Facts;
use crate::semconv;
use crate::span::SpanView;

/// What a span is to an application of language models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A call of a model that answers.
    Generation,
    /// A call of a model that embeds.
    Embedding,
    Retrieval,
    /// Documents are put into another order.
    Rerank,
    Tool,
    Agent,
    /// What holds other steps: a workflow, or a local root with model calls.
    Chain,
}

impl Step {
    /// `None` for a span that has nothing to do with models.
    pub(super) fn of(span: &SpanView<'_>, facts: Facts<'_>) -> Option<Self> {
        let by_name = facts.text(semconv::GEN_AI_OPERATION_NAME).and_then(Self::named);
        by_name
            // An operation that no convention names, or a span in which a response was recorded.
            .or_else(|| facts.model().map(|_| Self::Generation))
            .or_else(|| (span.is_local_root() && has_calls(facts)).then_some(Self::Chain))
    }

    fn named(operation: &str) -> Option<Self> {
        Some(match operation {
            "chat" | "text_completion" | "generate_content" => Self::Generation,
            "embeddings" => Self::Embedding,
            "retrieval" => Self::Retrieval,
            "rerank" => Self::Rerank,
            "execute_tool" => Self::Tool,
            "create_agent" | "invoke_agent" => Self::Agent,
            "invoke_workflow" => Self::Chain,
            _ => return None,
        })
    }
}

fn has_calls(facts: Facts<'_>) -> bool {
    facts.int(semconv::LLM_TOTAL_CALLS).is_some_and(|calls| calls > 0)
}
