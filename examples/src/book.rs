//! The documents: chapters of *The Rust Programming Language*, cut into passages that can be found and quoted.

use std::mem;

use serde::Serialize;

/// How long a passage grows before the next paragraph starts another one.
const PASSAGE_WORDS: usize = 150;

/// One chapter, as it ships beside this file.
#[derive(Clone, Copy, Debug)]
pub struct Chapter {
    /// Its title.
    pub title: &'static str,
    /// Its text, in markdown.
    pub text: &'static str,
}

impl Chapter {
    /// The number of words of the chapter, code and headings included.
    pub fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }
}

/// A few paragraphs of one section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// The title of its chapter.
    pub chapter: String,
    /// The heading above it.
    pub section: String,
    /// Its text, in markdown.
    pub text: String,
}

macro_rules! chapters {
    ($($file:literal => $title:literal),+ $(,)?) => {
        &[$(Chapter { title: $title, text: include_str!(concat!("../rag/documents/", $file)) }),+]
    };
}

/// All chapters, in the book's order. `rag/documents/README.md` says where they come from.
pub const CHAPTERS: &[Chapter] = chapters! {
    "ch04-01-what-is-ownership.md" => "What Is Ownership?",
    "ch04-02-references-and-borrowing.md" => "References and Borrowing",
    "ch04-03-slices.md" => "The Slice Type",
    "ch06-01-defining-an-enum.md" => "Defining an Enum",
    "ch06-02-match.md" => "The match Control Flow Construct",
    "ch08-01-vectors.md" => "Storing Lists of Values with Vectors",
    "ch08-02-strings.md" => "Storing UTF-8 Encoded Text with Strings",
    "ch08-03-hash-maps.md" => "Storing Keys with Associated Values in Hash Maps",
    "ch09-01-unrecoverable-errors-with-panic.md" => "Unrecoverable Errors with panic!",
    "ch09-02-recoverable-errors-with-result.md" => "Recoverable Errors with Result",
    "ch09-03-to-panic-or-not-to-panic.md" => "To panic! or Not to panic!",
    "ch10-02-traits.md" => "Traits: Defining Shared Behavior",
    "ch10-03-lifetime-syntax.md" => "Validating References with Lifetimes",
    "ch13-02-iterators.md" => "Processing a Series of Items with Iterators",
    "ch15-01-box.md" => "Using Box<T> to Point to Data on the Heap",
    "ch15-02-deref.md" => "Treating Smart Pointers Like Regular References with the Deref Trait",
    "ch15-03-drop.md" => "Running Code on Cleanup with the Drop Trait",
    "ch15-04-rc.md" => "Rc<T>, the Reference Counted Smart Pointer",
    "ch15-05-interior-mutability.md" => "RefCell<T> and the Interior Mutability Pattern",
    "ch15-06-reference-cycles.md" => "Reference Cycles Can Leak Memory",
    "ch16-01-threads.md" => "Using Threads to Run Code Simultaneously",
    "ch16-02-message-passing.md" => "Using Message Passing to Transfer Data Between Threads",
    "ch16-03-shared-state.md" => "Shared-State Concurrency",
    "ch16-04-extensible-concurrency-sync-and-send.md" => "Extensible Concurrency with the Sync and Send Traits",
};

/// The chapter of that title, if the book has it.
pub fn chapter(title: &str) -> Option<&'static Chapter> {
    CHAPTERS.iter().find(|chapter| chapter.title.eq_ignore_ascii_case(title.trim()))
}

/// The passages of the whole book.
pub fn passages() -> Vec<Passage> {
    CHAPTERS.iter().flat_map(|chapter| Cutter::new(chapter).cut()).collect()
}

/// Cuts one chapter: a new passage at every heading, and wherever the current one is long enough.
struct Cutter<'a> {
    chapter: &'a Chapter,
    section: String,
    text: String,
    passages: Vec<Passage>,
}

impl<'a> Cutter<'a> {
    fn new(chapter: &'a Chapter) -> Self {
        Self { chapter, section: chapter.title.to_owned(), text: String::new(), passages: Vec::new() }
    }

    fn cut(mut self) -> Vec<Passage> {
        for block in blocks(self.chapter.text) {
            if let Some(heading) = heading(&block) {
                self.finish();
                self.section = heading;
                continue;
            }
            if self.text.split_whitespace().count() >= PASSAGE_WORDS {
                self.finish();
            }
            if !self.text.is_empty() {
                self.text.push_str("\n\n");
            }
            self.text.push_str(&block);
        }
        self.finish();
        self.passages
    }

    fn finish(&mut self) {
        if !self.text.is_empty() {
            self.passages.push(Passage {
                chapter: self.chapter.title.to_owned(),
                section: self.section.clone(),
                text: mem::take(&mut self.text),
            });
        }
    }
}

/// The paragraphs of a text; a fenced block of code is one, whatever empty lines it has.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    let mut fenced = false;
    for line in text.lines() {
        let line = line.strip_prefix("> ").unwrap_or(line);
        fenced ^= line.starts_with("```");
        match blocks.last_mut() {
            Some(block) if fenced || !line.trim().is_empty() => {
                block.push_str(line);
                block.push('\n');
            }
            _ => blocks.push(String::new()),
        }
    }
    blocks.iter().map(|block| block.trim_end().to_owned()).filter(|block| !block.is_empty()).collect()
}

/// The text of a markdown heading, without its marks.
fn heading(block: &str) -> Option<String> {
    let text = block.trim_start_matches('#');
    (text.len() < block.len() && text.starts_with(' ')).then(|| text.trim().replace('`', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_book_has_more_than_thirty_pages_of_four_hundred_words() {
        assert!(CHAPTERS.iter().map(Chapter::words).sum::<usize>() >= 30 * 400);
    }

    #[test]
    fn every_chapter_is_listed_under_the_title_that_its_text_begins_with() {
        for chapter in CHAPTERS {
            let first = chapter.text.lines().next().and_then(heading);
            assert_eq!(first.as_deref(), Some(chapter.title));
        }
    }

    #[test]
    fn passages_lose_no_word_but_those_of_headings() {
        let chapter = &CHAPTERS[0];
        let headings: usize = blocks(chapter.text).iter().filter_map(|block| heading(block)).count();
        let kept: usize =
            Cutter::new(chapter).cut().iter().map(|passage| passage.text.split_whitespace().count()).sum();
        assert!(headings > 5);
        assert!(kept > chapter.words() * 9 / 10 && kept < chapter.words());
    }

    #[test]
    fn code_with_empty_lines_stays_in_one_block() {
        let text = "before\n\n```\na\n\nb\n```\n\nafter\n";
        assert_eq!(blocks(text), ["before", "```\na\n\nb\n```", "after"]);
    }
}
