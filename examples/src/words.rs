//! The words of English texts, as the searches and the stand-in for a model compare them.

use std::collections::HashSet;

use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
    TokenStream as _,
};

/// Cuts English text into words, and words down to their stems: "owners" finds "owner".
pub fn analyzer() -> TextAnalyzer {
    let words = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser);
    match StopWordFilter::new(Language::English) {
        Some(stop_words) => words.filter(stop_words).filter(Stemmer::new(Language::English)).build(),
        None => words.filter(Stemmer::new(Language::English)).build(),
    }
}

/// The stems of a text's words, in their order.
pub fn sequence(text: &str) -> Vec<String> {
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(text);
    let mut stems = Vec::new();
    stream.process(&mut |token| stems.push(token.text.clone()));
    stems
}

/// The stems of a text's words, each once.
pub fn stems(text: &str) -> HashSet<String> {
    sequence(text).into_iter().collect()
}
