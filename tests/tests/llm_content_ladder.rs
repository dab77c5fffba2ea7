//! Which values content is read from: by their data, else as text, else not at all.

mod llm;

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use llm::{root, trace};
use throughline::__private::{content, content_is_asked};
use throughline::llm::{Content, set_content};

#[derive(serde::Serialize)]
struct Data {
    path: &'static str,
    lines: Vec<u32>,
}

struct Opaque;

struct Name(String);

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

struct Said;

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("as it says")
    }
}

struct Refuses;

impl fmt::Display for Refuses {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("not me")
    }
}

impl serde::Serialize for Refuses {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("not me")
    }
}

/// What is recorded as the result of a tool.
macro_rules! result {
    ($value:expr) => {
        trace(|| root(|| content!(Result, $value))).span("root").get("gen_ai.tool.call.result").to_owned()
    };
}

#[test]
fn each_value_is_read_by_what_its_type_allows() {
    set_content(Content::new());
    let data = Data { path: "src", lines: vec![1, 2] };
    let json = r#"{"path":"src","lines":[1,2]}"#;
    assert_eq!(result!(data), json);
    assert_eq!(result!(&&data), json);
    assert_eq!(result!(Some(Box::new(&data))), json);
    assert_eq!(result!(Ok::<_, Opaque>(Arc::new(7))), "7");
    assert_eq!(result!(Err::<u8, _>(Opaque)), "");
    assert_eq!(result!(None::<u8>), "");
    assert_eq!(result!(Name("by reference".to_owned())), "by reference");
    assert_eq!(result!(Said), "as it says");
    assert_eq!(result!(Opaque), "");
    assert_eq!(result!(Refuses), "", "a value that panics over it has said nothing");
    assert_eq!(data.lines.len(), 2, "it was only looked at");
}

#[test]
fn several_values_are_an_object_of_those_that_are_known() {
    set_content(Content::new());
    let (query, top_k, opaque) = ("tea", 3, Opaque);
    let trace = trace(|| {
        root(|| {
            content!(Arguments, { "query" => query, "top_k" => &top_k, "opaque" => opaque, "none" => None::<u8> });
        });
    });
    assert_eq!(trace.span("root").get("gen_ai.tool.call.arguments"), r#"{"query":"tea","top_k":3}"#);
}

#[test]
fn nothing_is_evaluated_where_nothing_is_recorded() {
    set_content(Content::new());
    assert!(!content_is_asked(), "no span is recorded here");
    let evaluated = Cell::new(false);
    content!(Result, evaluated.replace(true));
    content!(Arguments, { "x" => evaluated.replace(true) });
    assert!(!evaluated.get());
}
