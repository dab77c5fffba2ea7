//! Retrieval: a BM25 index over the book's passages, in memory.

use anyhow::Context as _;
use serde::Serialize;
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value as _};
use tantivy::{Index, IndexReader, TantivyDocument, doc};
use throughline_examples::book::Passage;
use throughline_examples::words;

/// The name under which the index knows [`words::analyzer`].
const ENGLISH: &str = "english";
/// The smallest heap that tantivy allows one writer: the book needs a tenth of it.
const WRITER_BYTES: usize = 15_000_000;

/// A passage that matched, with its BM25 score.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Hit {
    pub(crate) passage: Passage,
    pub(crate) score: f32,
}

/// The index over all passages.
pub(crate) struct Library {
    index: Index,
    reader: IndexReader,
    fields: Fields,
}

struct Fields {
    chapter: Field,
    section: Field,
    text: Field,
}

impl Library {
    /// Indexes the passages.
    pub(crate) fn new(passages: &[Passage]) -> anyhow::Result<Self> {
        let (schema, fields) = schema();
        let index = Index::create_in_ram(schema);
        index.tokenizers().register(ENGLISH, words::analyzer());
        let mut writer = index.writer_with_num_threads(1, WRITER_BYTES).context("no index writer")?;
        for passage in passages {
            writer.add_document(doc!(
                fields.chapter => passage.chapter.as_str(),
                fields.section => passage.section.as_str(),
                fields.text => passage.text.as_str(),
            ))?;
        }
        writer.commit().context("the index could not be written")?;
        let reader = index.reader().context("the index could not be read")?;
        Ok(Self { index, reader, fields })
    }

    /// The best passages for a question, best first.
    pub(crate) fn search(&self, question: &str, limit: usize) -> anyhow::Result<Vec<Hit>> {
        let searcher = self.reader.searcher();
        let mut parser = QueryParser::for_index(
            &self.index,
            vec![self.fields.chapter, self.fields.section, self.fields.text],
        );
        parser.set_field_boost(self.fields.section, 3.0);
        // A question is prose, not query syntax: what does not parse is left out.
        let (query, _ignored) = parser.parse_query_lenient(&without_syntax(question));
        let top = searcher.search(&query, &TopDocs::with_limit(limit).order_by_score())?;
        top.into_iter()
            .map(|(score, address)| Ok(Hit { passage: self.passage(&searcher.doc(address)?), score }))
            .collect()
    }

    fn passage(&self, document: &TantivyDocument) -> Passage {
        let text =
            |field| document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        Passage {
            chapter: text(self.fields.chapter),
            section: text(self.fields.section),
            text: text(self.fields.text),
        }
    }
}

/// The question without the characters that mean something to the query parser.
fn without_syntax(question: &str) -> String {
    question.replace(|c: char| !c.is_alphanumeric(), " ")
}

fn schema() -> (Schema, Fields) {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(ENGLISH)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default().set_indexing_options(indexing) | STORED;
    let mut schema = Schema::builder();
    let fields = Fields {
        chapter: schema.add_text_field("chapter", options.clone()),
        section: schema.add_text_field("section", options.clone()),
        text: schema.add_text_field("text", options),
    };
    (schema.build(), fields)
}

#[cfg(test)]
mod tests {
    use throughline_examples::book;

    use super::*;

    fn sections(question: &str) -> Vec<String> {
        let library = Library::new(&book::passages()).unwrap();
        library.search(question, 2).unwrap().into_iter().map(|hit| hit.passage.section).collect()
    }

    #[test]
    fn the_rules_of_ownership_are_found() {
        assert!(sections("What are the ownership rules?").contains(&"Ownership Rules".to_owned()));
    }

    #[test]
    fn a_question_full_of_query_syntax_is_taken_as_words() {
        let sections = sections("Rc<T>: (reference AND \"counting\" +multiple -owners)~2^ [");
        assert!(sections.iter().any(|section| section.contains("Rc<T>")), "{sections:?}");
    }

    #[test]
    fn a_question_without_any_known_word_finds_nothing() {
        let library = Library::new(&book::passages()).unwrap();
        assert!(library.search("xyzzy plugh", 4).unwrap().is_empty());
    }
}
