//! What a search found, in the form of the conventions.

use crate::llm::content::tree::Tree;

/// The documents of a list, or of an object that holds one.
pub(super) fn documents(found: &Tree) -> Tree {
    let holder = found.get(&["documents", "results", "hits", "matches", "chunks", "points", "data"]);
    let list = holder.filter(|_| found.as_list().is_none()).unwrap_or(found);
    Tree::List(list.each().iter().map(document).collect())
}

/// A document: its ID, its score, what it says. Pairs of a score and a document are as common as fields.
fn document(found: &Tree) -> Tree {
    if let Some([first, second]) = found.as_list() {
        let with_score = |score: &Tree, inner: &Tree| {
            let Tree::Map(mut fields) = document(inner) else { return document(inner) };
            fields.retain(|(key, _)| key != "score");
            let at = fields.iter().take_while(|(key, _)| key == "id").count();
            fields.insert(at, ("score".to_owned(), score.clone()));
            Tree::Map(fields)
        };
        return match (first, second) {
            (score @ Tree::Number(_), inner) | (inner, score @ Tree::Number(_)) => with_score(score, inner),
            _ => Tree::map([("content", found.clone())]),
        };
    }
    let Tree::Map(fields) = found else { return Tree::map([("content", found.clone())]) };
    // Others have the document inside, beside its score.
    let inner = found
        .get(&["document", "doc", "payload", "chunk", "node"])
        .filter(|inner| matches!(inner, Tree::Map(_)));
    let field = |keys: &[&str]| found.get(keys).or_else(|| inner?.get(keys)).cloned();
    let id =
        field(&["id", "_id", "doc_id", "document_id", "chunk_id", "uri", "url", "path", "source", "title"]);
    let id = id.map(|id| match id {
        Tree::Text(_) | Tree::Word(_) => id,
        other => Tree::text(other.to_json()),
    });
    let says = ["content", "text", "page_content", "body", "snippet", "chunk", "document", "passage"];
    let content = inner.and_then(|inner| inner.get(&says)).or_else(|| found.get(&says)).cloned();
    let score = field(&["score", "_score", "relevance_score", "similarity", "distance", "rank"]);
    if id.is_none() && content.is_none() && score.is_none() {
        return Tree::map([("content", Tree::Map(fields.clone()))]);
    }
    Tree::map([
        ("id", id.unwrap_or_default()),
        ("score", score.unwrap_or_default()),
        ("content", content.unwrap_or_default()),
    ])
}
