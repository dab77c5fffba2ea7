//! `/v1/rerank`, in the form that Cohere, Jina and vLLM share: how much of a query is in each document.

use std::collections::HashSet;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::words;

/// The documents by their relevance, best first.
pub(super) fn answer(request: &Value) -> anyhow::Result<Value> {
    let query = words::stems(request["query"].as_str().context("no query")?);
    let documents = request["documents"].as_array().context("no documents")?;
    let mut scored: Vec<(usize, f64)> = documents
        .iter()
        .map(|text| relevance(&query, text.as_str().unwrap_or_default()))
        .enumerate()
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let most = request["top_n"].as_u64().and_then(|number| usize::try_from(number).ok());
    scored.truncate(most.unwrap_or(documents.len()));
    let results: Vec<Value> =
        scored.iter().map(|(index, score)| json!({"index": index, "relevance_score": score})).collect();
    Ok(json!({"model": request["model"], "results": results}))
}

/// The share of the query's words that the document has, from 0 to 1.
fn relevance(query: &HashSet<String>, document: &str) -> f64 {
    let shared = words::stems(document).intersection(query).count();
    if query.is_empty() { 0.0 } else { shared as f64 / query.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_with_the_most_words_of_the_query_come_first() {
        let documents = ["A fish.", "A red crab.", "The crab walks."];
        let request = json!({"model": "m", "query": "red crabs", "documents": documents, "top_n": 2});
        let results = answer(&request).unwrap()["results"].clone();
        assert_eq!(
            results,
            json!([{"index": 1, "relevance_score": 1.0}, {"index": 2, "relevance_score": 0.5}])
        );
    }
}
