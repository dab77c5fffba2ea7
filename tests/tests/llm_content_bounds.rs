//! Content of any size and any depth: what is written is valid JSON within its bound, and says what it lost.

mod llm;
mod llm_content_support;

use llm::{root, trace};
use llm_content_support::{captured, json_of};
use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde_json::{Value, json};
use throughline::__private::content;
use throughline::llm::{Content, record, record_input};

const INPUT: &str = "gen_ai.input.messages";

/// What is recorded under `key`, with at most `most` bytes.
fn recorded(most: usize, key: &str, record: impl FnOnce()) -> String {
    captured(Content::new().max_bytes(most), || trace(|| root(record)).span("root").get(key).to_owned())
}

#[track_caller]
fn input(most: usize, messages: &(impl Serialize + ?Sized)) -> Value {
    let text = recorded(most, INPUT, || record_input(messages));
    assert!(text.len() <= most, "{} > {most}", text.len());
    json_of(&text)
}

#[test]
fn a_long_text_loses_its_end_and_says_how_much() {
    let long = format!("The beginning. {}", "word ".repeat(2_000_000));
    let said = input(32 << 10, &long);
    let content = said[0]["parts"][0]["content"].as_str().unwrap();
    assert!(content.starts_with("The beginning. word word"), "{}", &content[..64]);
    let (kept, rest) = content.rsplit_once(" … [").unwrap();
    let missing: usize = rest.strip_suffix(" bytes left out]").unwrap().parse().unwrap();
    assert_eq!(kept.len() + missing, long.len(), "of 10 MB");
    assert!(kept.len() > 10 << 10, "the room is used: {}", kept.len());
}

#[test]
fn a_long_conversation_loses_its_middle_and_says_how_much() {
    let message =
        |number: u32| json!({"role": "user", "content": format!("{number} {}", "word ".repeat(40))});
    let messages: Vec<_> = (0..1000).map(message).collect();
    let said = input(16 << 10, &messages);
    let said = said.as_array().unwrap();
    let text = |message: &Value| message["parts"][0]["content"].as_str().unwrap().to_owned();
    assert!(text(&said[0]).starts_with("0 word"));
    assert_eq!(said[1]["role"], "system");
    assert_eq!(text(&said[1]), format!("[{} messages left out]", 1000 - (said.len() - 1)));
    assert!(text(said.last().unwrap()).starts_with("999 word"));
    assert!(said.len() > 20, "the room is used: {}", said.len());
}

#[test]
fn every_bound_is_kept() {
    let messages: Vec<_> = (0..50)
        .map(|number| json!({"role": "user", "content": format!("{number} \"\n\\\u{1}ä😀 {}", "wörd ".repeat(number))}))
        .collect();
    for most in [256, 300, 500, 1000, 2000, 5000, 10_000, 60_000] {
        let said = input(most, &messages);
        assert!(!said.as_array().unwrap().is_empty(), "{most}");
    }
    assert_eq!(
        recorded(10, INPUT, || record_input(&messages)),
        "",
        "not even what says that it was left out"
    );
}

#[test]
fn control_characters_and_quotes_come_back_as_they_went_in() {
    let hostile: String = (0..=0x2_ffff_u32).step_by(7).take(4000).filter_map(char::from_u32).collect();
    let hostile = format!("\0\u{1b}[31m\"}}]\\ \u{202e}\u{feff}{hostile}");
    let said = captured(Content::new().patterns([]), || {
        trace(|| root(|| record_input(&hostile))).span("root").get(INPUT).to_owned()
    });
    assert_eq!(json_of(&said)[0]["parts"][0]["content"], hostile);
}

#[test]
fn what_is_nested_deep_is_cut_off() {
    struct Deep(u32);

    impl Serialize for Deep {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut list = serializer.serialize_seq(Some(1))?;
            list.serialize_element(&Deep(self.0 + 1))?;
            list.end()
        }
    }

    // It has no end: who follows it does not come back.
    let text = recorded(32 << 10, "gen_ai.tool.call.result", || content!(Result, Deep(0)));
    assert!(text.ends_with(&format!("\"[nested too deep]\"{}", "]".repeat(65))), "{text}");
}

#[test]
fn what_is_wide_is_cut_off() {
    struct Wide;

    impl Serialize for Wide {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut list = serializer.serialize_seq(None)?;
            (0..1_000_000).try_for_each(|_| list.serialize_element("the same again"))?;
            list.end()
        }
    }

    let text = recorded(4 << 10, "gen_ai.tool.call.result", || content!(Result, Wide));
    assert!(text.len() <= 4 << 10);
    let said = json_of(&text);
    assert_eq!(said[0], "the same again");
    assert!(text.contains(" left out]"), "{text}");
}

#[test]
fn an_object_of_many_fields_loses_some() {
    let fields: serde_json::Map<_, _> =
        (0..5000).map(|n| (format!("field {n}"), json!("some text"))).collect();
    let text = recorded(4 << 10, "gen_ai.tool.call.arguments", || content!(Arguments, fields));
    assert!(text.len() <= 4 << 10);
    assert!(json_of(&text)["[left out]"].as_u64().unwrap() > 4000, "{text}");
}

#[test]
fn images_are_told_by_their_size() {
    let data = "A".repeat(10 << 20);
    let said = input(
        32 << 10,
        &json!([{"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": format!("data:image/png;base64,{data}")}},
        {"type": "image", "source": {"type": "base64", "media_type": "image/gif", "data": data}},
        {"type": "text", "text": "What is this?"}]}]),
    );
    let bytes = (10 << 20) / 4 * 3;
    assert_eq!(
        said[0]["parts"],
        json!([
            {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "", "bytes": bytes},
            {"type": "blob", "modality": "image", "mime_type": "image/gif", "content": "", "bytes": bytes},
            {"type": "text", "content": "What is this?"}])
    );
    // Where nobody expects one.
    let result = json!({"shot": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==", "note": "data: none"});
    let text = recorded(32 << 10, "gen_ai.tool.call.result", || content!(Result, result));
    assert_eq!(json_of(&text), json!({"shot": "[image/png, 18 bytes]", "note": "data: none"}));
}

#[test]
fn a_secret_at_the_place_of_the_cut_is_not_halved() {
    // The text is cut somewhere in a long row of card numbers, when it is read and when it is written.
    let text = "4111 1111 1111 1111, ".repeat(50_000);
    for most in [1 << 10, 4 << 10, 32 << 10] {
        let said = input(most, &text);
        let content = said[0]["parts"][0]["content"].as_str().unwrap();
        assert!(!content.contains("111"), "{}", &content[content.len() - 100..]);
    }
}

#[test]
fn a_value_that_cannot_be_read_takes_nothing_with_it() {
    struct Panics;

    impl Serialize for Panics {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            panic!("on purpose")
        }
    }

    let trace = captured(Content::new(), || {
        trace(|| {
            root(|| {
                record_input(&Panics);
                record(
                    &json!({"model": "m", "choices": [{"message": {"content": "x"}}], "usage": {"prompt_tokens": 1}}),
                );
            });
        })
    });
    assert_eq!(trace.span("root").get(INPUT), "");
    assert_ne!(trace.span("root").get("gen_ai.output.messages"), "");
}

#[test]
fn a_stream_without_end_is_kept_within_a_bound() {
    let chunk = json!({"choices": [{"delta": {"content": "word ".repeat(100)}}]});
    let text = captured(Content::new().max_bytes(8 << 10), || {
        trace(|| root(|| (0..20_000).for_each(|_| throughline::llm::record_chunk(&chunk))))
            .span("root")
            .get("gen_ai.output.messages")
            .to_owned()
    });
    assert_eq!(text, "", "it has not finished, and nobody tells when the span does");
    let text = captured(Content::new().max_bytes(8 << 10), || {
        trace(|| {
            root(|| llm::call(|_| (0..20_000).for_each(|_| throughline::llm::record_chunk(&chunk))));
        })
        .span("call")
        .get("gen_ai.output.messages")
        .to_owned()
    });
    let said = json_of(&text);
    let content = said[0]["parts"][0]["content"].as_str().unwrap();
    let missing = content.rsplit_once(" … [").unwrap().1.strip_suffix(" bytes left out]").unwrap();
    assert!(missing.parse::<usize>().unwrap() > 9_900_000, "{missing}");
}
