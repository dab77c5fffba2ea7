//! Retrieval: the passages whose vectors are nearest to that of a query, in the order that a ranking model gives them.

use std::sync::Arc;

use anyhow::Context as _;
use throughline::{retrieval_span, traced};
use throughline_examples::book::{self, Passage};

use crate::models::Models;

/// How many passages are near enough to be ranked.
const CANDIDATES: usize = 20;
/// How many of them an agent is given.
const PASSAGES: usize = 4;

/// The book's passages with their vectors.
pub(crate) struct Library {
    models: Arc<Models>,
    passages: Vec<(Passage, Vec<f32>)>,
}

impl Library {
    /// Has a vector made of every passage of the book.
    #[traced("index")]
    pub(crate) async fn index(models: Arc<Models>) -> anyhow::Result<Self> {
        let passages = book::passages();
        let vectors = models.vectors(passages.iter().map(|passage| passage.text.as_str())).await?;
        tracing::info!(passages = passages.len(), "indexed");
        Ok(Self { models, passages: passages.into_iter().zip(vectors).collect() })
    }

    /// The best passages for a query, best first.
    pub(crate) async fn search(&self, query: &str) -> anyhow::Result<Vec<&Passage>> {
        let near = self.nearest(query).await?;
        let texts: Vec<&str> = near.iter().map(|passage| passage.text.as_str()).collect();
        let order = match self.models.rank(query, &texts, PASSAGES).await {
            Ok(ranks) => ranks.into_iter().map(|rank| rank.index).collect(),
            Err(error) => {
                // Not every provider has such a model: OpenAI has none.
                tracing::warn!(%error, "not ranked");
                Vec::from_iter(0..PASSAGES)
            }
        };
        Ok(order.into_iter().filter_map(|index| near.get(index).copied()).collect())
    }

    /// The passages that are about the same as the query.
    #[retrieval_span(data_source = "rust-book", top_k = CANDIDATES, capture(query = query, documents))]
    async fn nearest(&self, query: &str) -> anyhow::Result<Vec<&Passage>> {
        let vectors = self.models.vectors([query]).await?;
        let [query] = &vectors[..] else { anyhow::bail!("{} vectors of one query", vectors.len()) };
        let mut scored: Vec<(f32, &Passage)> =
            self.passages.iter().map(|(passage, vector)| (product(query, vector), passage)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored.truncate(CANDIDATES);
        let (best, _) = scored.first().context("the book is empty")?;
        throughline::set("search.best_score", *best);
        Ok(scored.into_iter().map(|(_, passage)| passage).collect())
    }
}

/// How near two vectors of the length one are.
fn product(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
