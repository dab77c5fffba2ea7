//! What is replaced in content before it is written, and what is left alone.

mod llm;
mod llm_content_support;

use std::borrow::Cow;

use llm::{root, trace};
use llm_content_support::{captured, json_of};
use serde_json::json;
use throughline::__private::content;
use throughline::llm::{Content, Pattern, record_input};

/// What is recorded of a text.
fn recorded(content: Content, text: &str) -> String {
    captured(content, || {
        trace(|| root(|| content!(Query, text))).span("root").get("gen_ai.retrieval.query.text").to_owned()
    })
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(recorded(Content::new(), text), expected, "{text:?}");
}

#[track_caller]
fn check_left_alone(texts: &[&str]) {
    for text in texts {
        check(text, text);
    }
}

#[test]
fn mail_addresses() {
    check("jane@example.com", "[mail]");
    check("Write to Jane.Doe+news@mail.example.co.uk.", "Write to [mail].");
    check("<jane@example.com>,john@example.org", "<[mail]>,[mail]");
    check("mailto:o'neil@example.ie?subject=x", "mailto:[mail]?subject=x");
    check("Für jürgen@müller.de: bitte", "Für [mail]: bitte");
    check("联系jane@example.com谢谢", "联系[mail]谢谢");
    check_left_alone(&[
        "@jane",
        "jane@",
        "a @ b.c",
        "user@localhost",
        "@scope/package",
        "x@1.2",
        "@@@@",
        "a@.b",
        "5 @ 3.50",
    ]);
}

#[test]
fn phone_numbers() {
    check("Call +49 171 1234567 now", "Call [phone] now");
    check("+1 (415) 555-2671.", "[phone].");
    check("+4930123456", "[phone]");
    check("(415) 555-2671 or 415-555-2671 or 415.555.2671", "[phone] or [phone] or [phone]");
    check("1-415-555-2671", "[phone]");
    check("030/12345678, 0171-1234567", "[phone], [phone]");
    check("01 23 45 67 89", "[phone]");
    check("00491711234567", "[phone]");
    check("7,+491711234567", "7,[phone]");
    check_left_alone(&[
        "2024-02-29",
        "01.02.2024",
        "01-02-2024 10:30",
        "192.168.100.200",
        "1700000000",
        "1700000000123",
        "3.14159265358979",
        "12 345 678",
        "1,234,567,890",
        "v1.2.3-4567",
        "order 4155552671",
        "0.30 123",
        "+5",
        "+1 + 2",
        "(1) (2) (3)",
        "ISBN 978-3-16-148410-0",
        "000012345678",
    ]);
}

#[test]
fn payment_cards() {
    check("4111111111111111", "[card]");
    check("Visa 4111 1111 1111 1111, CVC 123", "Visa [card], CVC 123");
    check("5500-0000-0000-0004", "[card]");
    check("3782 822463 10005", "[card]");
    check("6011000990139424.", "[card].");
    check("123 4111 1111 1111 1111 12/27", "123 [card] 12/27");
    check("7,4111111111111111,123\n8,5500-0000-0000-0004,124", "7,[card],123\n8,[card],124");
    check_left_alone(&[
        "4111111111111112",
        "4111 1111 1111 1112",
        "41111111111111111111111111",
        "0.4111111111111111",
        "x4111111111111111",
        "4111111111111111a",
        "1700000000123456",
    ]);
}

/// A key in pieces: nothing that looks like one stands in this file.
fn key(prefix: &str, rest: &str) -> String {
    format!("{prefix}{rest}")
}

#[test]
fn keys_of_services() {
    let random = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    for key in [
        key("sk-", random),
        key("sk-proj-", random),
        key("sk-ant-api03-", random),
        key("sk_live_", &random[..24]),
        key("AKIA", "IOSFODNN7EXAMPLE"),
        key("AIza", &random[..35]),
        key("ghp_", random),
        key("github_pat_", random),
        key("glpat-", &random[..20]),
        key("hf_", &random[..34]),
        key("xoxb-", "123456789012-abcdefABCDEF"),
    ] {
        check(&format!("key={key}; next"), "key=[key]; next");
        check(&format!("\"{key}\""), "\"[key]\"");
        check(&format!("7,{key},2.{key}"), "7,[key],2.[key]");
    }
    let pem =
        key("-----BEGIN RSA PRIVATE", " KEY-----\nMIIEpAIBAAKCAQEA\nabc=\n-----END RSA PRIVATE KEY-----");
    check(&format!("It is {pem} so"), "It is [key] so");
    check(&pem[..50], "[key]");
    check(&key("sk-", &"sk-".repeat(5000)), "[key]");
    check_left_alone(&[
        "sk-learn",
        "sk-this-is-a-long-word-with-hyphens",
        "task-a1B2c3D4e5F6g7H8i9J0k1L2m3",
        "AKIA",
        "AKIAshort1",
        "ghp_short1",
        "-----BEGIN CERTIFICATE-----",
        "- a list\n- of things",
        "xoxo",
    ]);
}

#[test]
fn bearer_tokens() {
    check("Authorization: Bearer abc.DEF-123_456~7==", "Authorization: Bearer [token]");
    check("bearer 0123456789abcdef", "bearer [token]");
    check("7,Bearer 0123456789abcdef", "7,Bearer [token]");
    let token = key("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0.SflKxwRJSM");
    check(&format!("token {token}"), "token [token]");
    check(&format!("Bearer {token}, next"), "Bearer [token], next");
    check_left_alone(&[
        "the bearer of bad news",
        "Bearer: understanding",
        "bearers 0123456789abcdef",
        "eyJust a word",
    ]);
}

#[test]
fn only_what_is_asked_for_is_replaced() {
    let text = "jane@example.com +49 171 1234567 4111 1111 1111 1111";
    let with = |patterns: &[Pattern]| recorded(Content::new().patterns(patterns.iter().copied()), text);
    assert_eq!(with(&[]), text);
    assert_eq!(with(&[Pattern::Mail]), "[mail] +49 171 1234567 4111 1111 1111 1111");
    assert_eq!(with(&[Pattern::Card]), "jane@example.com +49 171 1234567 [card]");
    assert_eq!(with(&Pattern::ALL), "[mail] [phone] [card]");
}

#[test]
fn a_hook_changes_words_and_not_the_json_around_them() {
    let arguments = json!({"query": "tea", "nested": {"deep": ["leaf", 7, true, null]}});
    let trace = captured(Content::new().redact(|text| text.to_uppercase().into()), || {
        trace(|| {
            root(|| {
                record_input(&json!([
                    {"role": "user", "content": "hello"},
                    {"role": "assistant", "tool_calls": [
                        {"id": "call_a", "type": "function", "function": {"name": "look", "arguments": "{\"at\":\"cat\"}"}}]}]));
                content!(Arguments, arguments);
            });
        })
    });
    assert_eq!(
        json_of(trace.span("root").get("gen_ai.input.messages")),
        json!([
            {"role": "user", "parts": [{"type": "text", "content": "HELLO"}]},
            {"role": "assistant", "parts": [
                {"type": "tool_call", "id": "call_a", "name": "look", "arguments": {"at": "CAT"}}]}])
    );
    assert_eq!(
        json_of(trace.span("root").get("gen_ai.tool.call.arguments")),
        json!({"query": "TEA", "nested": {"deep": ["LEAF", 7, true, null]}})
    );
}

#[test]
fn hooks_come_one_after_the_other_and_before_the_patterns() {
    let content = Content::new()
        .redact(|text| text.replace("J", "jane").into())
        .redact(|text| text.replace("jane", "jane@example.com").into());
    assert_eq!(recorded(content, "J was here"), "[mail] was here");
    assert_eq!(recorded(Content::new().redact(|text| text.into()), "as it is"), "as it is");
}

#[test]
fn a_hook_that_panics_costs_its_text_and_nothing_else() {
    fn picky(text: &str) -> Cow<'_, str> {
        assert!(!text.contains("secret"), "on purpose");
        text.into()
    }

    let said = captured(Content::new().redact(picky), || {
        trace(|| root(|| record_input(&["secret", "open"])))
            .span("root")
            .get("gen_ai.input.messages")
            .to_owned()
    });
    let said = json_of(&said);
    assert_eq!(said[0]["parts"][0]["content"], "[not recorded: its redaction panicked]");
    assert_eq!(said[1]["parts"][0]["content"], "open");
}

#[test]
fn a_hook_may_trace_and_record() {
    fn hook(text: &str) -> Cow<'_, str> {
        throughline::llm::record(&json!({"model": "judge", "usage": {"prompt_tokens": 1}}));
        text.into()
    }

    let response = json!({"id": "c1", "model": "m", "choices": [{"message": {"content": "x"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 2}});
    // It would wait for itself for ever, were it called while its call is locked.
    let trace = captured(Content::new().redact(hook), || {
        trace(|| root(|| llm::call(|_| throughline::llm::record(&response))))
    });
    assert_ne!(trace.span("call").get("gen_ai.output.messages"), "");
}

#[test]
fn numbers_and_names_of_fields_are_looked_at_too() {
    let result =
        json!({"card": 4111111111111111_u64, "jane@example.com": 1, "score": 0.4111111111111111, "n": 12});
    let trace = captured(Content::new(), || trace(|| root(|| content!(Result, result))));
    assert_eq!(
        json_of(trace.span("root").get("gen_ai.tool.call.result")),
        json!({"card": "[card]", "[mail]": 1, "score": 0.4111111111111111, "n": 12})
    );
}

#[test]
fn documents_have_their_ids_and_scores_and_what_they_say() {
    let documents = |found: serde_json::Value| {
        let trace = captured(Content::new(), || trace(|| root(|| content!(Documents, found))));
        json_of(trace.span("root").get("gen_ai.retrieval.documents"))
    };
    let expected = json!([{"id": "a", "score": 0.5, "content": "Ask jane"}]);
    assert_eq!(documents(json!([{"id": "a", "score": 0.5, "text": "Ask jane", "vector": [1, 2]}])), expected);
    assert_eq!(documents(json!([[0.5, {"id": "a", "page_content": "Ask jane"}]])), expected);
    assert_eq!(documents(json!([{"score": 0.5, "document": {"id": "a", "content": "Ask jane"}}])), expected);
    assert_eq!(documents(json!({"results": [{"id": "a", "score": 0.5, "content": "Ask jane"}]})), expected);
    assert_eq!(
        documents(json!([{"id": 7, "content": "Ask jane@example.com"}])),
        json!([{"id": "7", "content": "Ask [mail]"}])
    );
    assert_eq!(documents(json!(["Ask jane"])), json!([{"content": "Ask jane"}]));
}
