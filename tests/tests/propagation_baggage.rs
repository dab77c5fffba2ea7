//! The header `baggage`, as in the recommendation.

use std::collections::BTreeMap;

use throughline::{Context, ContextParts, extract, inject};

fn read(values: &[&str]) -> Vec<(String, String, String)> {
    let carrier: Vec<(&str, &str)> = values.iter().map(|value| ("baggage", *value)).collect();
    let parts = extract(&carrier).to_parts();
    parts.baggage.iter().map(|(name, value, more)| (name.into(), value.into(), more.into())).collect()
}

fn check(values: &[&str], expected: &[(&str, &str, &str)]) {
    let read = read(values);
    let read: Vec<_> = read.iter().map(|(name, value, more)| (&**name, &**value, &**more)).collect();
    assert_eq!(read, expected, "{values:?}");
}

#[test]
fn the_examples_of_the_recommendation_are_read() {
    let all = [("userId", "alice", ""), ("serverNode", "DF 28", ""), ("isProduction", "false", "")];
    check(&["userId=alice,serverNode=DF%2028,isProduction=false"], &all);
    check(&["userId=alice", "serverNode=DF%2028,isProduction=false"], &all);
    check(&["userId =   alice", "serverNode = DF%2028, isProduction = false"], &all);
    check(
        &["key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue"],
        &[
            ("key1", "value1", "property1;property2"),
            ("key2", "value2", ""),
            ("key3", "value3", "propertyKey=propertyValue"),
        ],
    );
    check(&["equal=a=b=="], &[("equal", "a=b==", "")]);
    check(&["empty="], &[("empty", "", "")]);
    check(
        &["utf8=%C3%A9%E2%82%AC", "broken=%FF%zz%4"],
        &[("utf8", "é€", ""), ("broken", "\u{fffd}%zz%4", "")],
    );
    check(&["twice=1,twice=2"], &[("twice", "2", "")]);
}

#[test]
fn malformed_members_are_left_out_alone() {
    for bad in [
        "",
        " ",
        "noequals",
        "=1",
        "a b=1",
        "a(=1",
        "k=a b",
        "k=a\"b",
        "k=a\\b",
        "k=é",
        "é=1",
        ";p=1",
        "k=1;\u{1}",
    ] {
        check(&[&format!("a=1,{bad},z=2")], &[("a", "1", ""), ("z", "2", "")]);
    }
}

#[test]
fn what_is_over_the_limits_is_left_out() {
    let many: Vec<String> = (0..200).map(|number| format!("k{number}=v")).collect();
    assert_eq!(read(&[&many.join(",")]).len(), 180);
    let long = "v".repeat(8000);
    assert_eq!(read(&[&format!("a={long},b={long}")]).len(), 1);
}

#[test]
fn what_is_written_can_be_read_and_fits_a_header() {
    let mut parts = ContextParts { request_id: Some("r".parse().unwrap()), ..ContextParts::default() };
    parts.baggage.set("plain", "a=b", "");
    parts.baggage.set("odd", "ü, \"x\"; 100%\r\n\0", "");
    parts.baggage.set("more", "1", "ttl=3;flag");
    parts.baggage.set("not a token", "1", "");
    parts.baggage.set("bad-properties", "1", "a\r\nb");
    let _attached = Context::from(parts).attach();
    let mut carrier = BTreeMap::new();
    inject(&mut carrier);
    let written = &carrier["baggage"];
    assert!(written.bytes().all(|byte| byte.is_ascii_graphic()), "{written}");
    check(
        &[written],
        &[
            ("plain", "a=b", ""),
            ("odd", "ü, \"x\"; 100%\r\n\0", ""),
            ("more", "1", "ttl=3;flag"),
            ("bad-properties", "1", ""),
        ],
    );
}

#[test]
fn what_is_written_keeps_to_the_limits() {
    let mut parts = ContextParts::default();
    for number in 0..300 {
        parts.baggage.set(&format!("key{number}"), &"%".repeat(30), "");
    }
    let _attached = Context::from(parts).attach();
    let mut carrier = BTreeMap::new();
    inject(&mut carrier);
    assert!(carrier["baggage"].len() <= 8192);
    assert!(carrier["baggage"].split(',').count() >= 64);
}
