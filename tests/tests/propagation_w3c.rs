//! Every valid and invalid form of `traceparent` and `tracestate` in the recommendation, over the wire: a client sends the
//! bytes, a server behind `ServerLayer` calls another one through `ClientLayer`, which tells the bytes it got.

use std::fmt::Write as _;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, Response};
use throughline::http::{ClientLayer, ServerLayer};
use throughline_tests::recorded::{Recorder, recorded};
use throughline_tests::wire::{Head, client, exchange, mirror, serve};
use tower::{Service, ServiceBuilder, service_fn};

const TRACE: &str = "12345678901234567890123456789012";
const PARENT: &str = "1234567890123456";

/// What has to come of the headers.
#[derive(Clone, Debug)]
enum Expected {
    /// The trace goes on, with these flags and this state.
    Continued { flags: &'static str, state: Option<String> },
    /// A new trace begins, without a state.
    Restarted,
}

struct Row {
    title: String,
    headers: Vec<Vec<u8>>,
    expected: Expected,
}

#[derive(Default)]
struct Table(Vec<Row>);

impl Table {
    fn row(&mut self, title: &str, headers: &[&str], expected: Expected) {
        let headers = headers.iter().map(|line| line.as_bytes().to_vec()).collect();
        self.0.push(Row { title: title.to_owned(), headers, expected });
    }

    /// A row whose headers are a single `traceparent`.
    fn parent(&mut self, title: &str, value: &str, expected: Expected) {
        self.row(title, &[&format!("traceparent: {value}")], expected);
    }

    /// A row with a valid `traceparent` and these values of `tracestate`.
    fn state(&mut self, title: &str, values: &[&str], state: Option<&str>) {
        let mut headers = vec![format!("traceparent: 00-{TRACE}-{PARENT}-00")];
        headers.extend(values.iter().map(|value| format!("tracestate: {value}")));
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let state = state.map(str::to_owned);
        self.row(title, &headers, Expected::Continued { flags: "00", state });
    }
}

const SAMPLED: Expected = Expected::Continued { flags: "01", state: None };

fn valid_parents(table: &mut Table) {
    let parent = |flags: &str| format!("00-{TRACE}-{PARENT}-{flags}");
    table.parent("sampled", &parent("01"), SAMPLED);
    for (flags, passed_on) in
        [("00", "00"), ("02", "02"), ("03", "03"), ("04", "00"), ("09", "01"), ("ff", "03"), ("fe", "02")]
    {
        let expected = Expected::Continued { flags: passed_on, state: None };
        table.parent(&format!("flags {flags}, of which the known are passed on"), &parent(flags), expected);
    }
    for name in ["TraceParent", "TrAcEpArEnT", "TRACEPARENT"] {
        let header = format!("{name}: {}", parent("01"));
        table.row("a name in another case", &[&header], SAMPLED);
    }
    for (before, after) in [(" ", ""), ("\t", ""), ("", " "), ("", "\t"), ("\t ", " \t")] {
        let value = format!("{before}{}{after}", parent("01"));
        table.parent("optional white space around the value", &value, SAMPLED);
    }
    for version in ["01", "cc", "fe"] {
        let later = format!("{version}-{TRACE}-{PARENT}-01");
        table.parent("a later version", &later, SAMPLED);
        table.parent("a later version with more", &format!("{later}-what-the-future-will-be-like"), SAMPLED);
        table.parent("a later version that ends in a dash", &format!("{later}-"), SAMPLED);
        table.parent(
            "a later version with more that is no field",
            &format!("{later}.more"),
            Expected::Restarted,
        );
        table.parent("a later version, cut", &later[..54], Expected::Restarted);
    }
}

fn invalid_parents(table: &mut Table) {
    let mut bad = |title: &str, value: &str| table.parent(title, value, Expected::Restarted);
    let valid = format!("00-{TRACE}-{PARENT}-01");
    bad("empty", "");
    bad("version 00 with more", &format!("{valid}-what-the-future-will-be-like"));
    bad("version 00 with a dash at the end", &format!("{valid}-"));
    bad("version 00 with a dot at the end", &format!("{valid}."));
    bad("version ff", &format!("ff-{TRACE}-{PARENT}-01"));
    for version in [".0", "0.", "0", "000", "0000", "", "0A", "CC", "gg", "é"] {
        bad("a version of other characters or length", &format!("{version}-{TRACE}-{PARENT}-01"));
    }
    for trace in [
        "00000000000000000000000000000000",
        ".2345678901234567890123456789012",
        "1234567890123456789012345678901.",
        "1234567890123456789012345678901g",
        "123456789012345678901234567890123",
        "1234567890123456789012345678901",
        "ABCDEF78901234567890123456789012",
        "1234567890123456789012345678901F",
        "",
    ] {
        bad("a trace ID of zeros, other characters or length", &format!("00-{trace}-{PARENT}-01"));
    }
    for parent in [
        "0000000000000000",
        ".234567890123456",
        "123456789012345.",
        "12345678901234567",
        "123456789012345",
        "ABCDEF7890123456",
        "",
    ] {
        bad("a parent ID of zeros, other characters or length", &format!("00-{TRACE}-{parent}-01"));
    }
    for flags in [".0", "0.", "001", "1", "", "0A", "FF", "gg"] {
        bad("flags of other characters or length", &format!("00-{TRACE}-{PARENT}-{flags}"));
    }
    for (from, to) in [(2, "_"), (35, "_"), (52, "."), (2, " "), (35, ""), (52, "")] {
        let mut value = valid.clone();
        value.replace_range(from..=from, to);
        bad("another separator", &value);
    }
    bad("white space inside", &format!("00 -{TRACE}-{PARENT}-01"));
    bad("two values in one header", &format!("{valid},{valid}"));
}

fn parents_in_other_headers(table: &mut Table) {
    let [one, two] =
        ["1", "2"].map(|end| format!("traceparent: 00-1234567890123456789012345678901{end}-{PARENT}-01"));
    table.row("two different headers", &[&one, &two], Expected::Restarted);
    table.row("the same header twice", &[&two, &two], Expected::Restarted);
    table.row("a valid header and an invalid one", &[&two, "traceparent: bad"], Expected::Restarted);
    table.row("an invalid header and a valid one", &["traceparent: bad", &two], Expected::Restarted);
    table.row("no header", &[], Expected::Restarted);
    table.row("a state without a parent", &["tracestate: foo=1"], Expected::Restarted);
    table.row("a state with a bad parent", &["traceparent: bad", "tracestate: foo=1"], Expected::Restarted);
    for name in ["trace-parent", "trace.parent"] {
        let header = format!("{name}: 00-{TRACE}-{PARENT}-01");
        table.row("a name that only looks alike", &[&header], Expected::Restarted);
    }
    let mut bytes = format!("traceparent: 00-{TRACE}-{PARENT}-0").into_bytes();
    bytes.push(0xff);
    let title = "a byte that is no ASCII".to_owned();
    table.0.push(Row { title, headers: vec![bytes], expected: Expected::Restarted });
}

fn valid_states(table: &mut Table) {
    table.state("one member", &["foo=1"], Some("foo=1"));
    table.state("two members", &["foo=1,bar=2"], Some("foo=1,bar=2"));
    table.state("an empty header", &[""], None);
    table.state("white space only", &[" \t "], None);
    table.state("empty members only", &[",, ,"], None);
    table.state("an empty header after another", &["foo=1", ""], Some("foo=1"));
    table.state("an empty header before another", &["", "foo=1"], Some("foo=1"));
    table.state("empty members between", &["foo=1,,bar=2, ,\t,baz=3,"], Some("foo=1,bar=2,baz=3"));
    let several = ["foo=1,bar=2", "rojo=1,congo=2", "baz=3"];
    table.state("several headers, in order", &several, Some("foo=1,bar=2,rojo=1,congo=2,baz=3"));
    for value in ["foo=1 \t , \t bar=2, \t baz=3", "foo=1\t \t,\t \tbar=2,\t \tbaz=3"] {
        table.state("white space around members", &[value], Some("foo=1,bar=2,baz=3"));
    }
    for value in [" foo=1", "\tfoo=1", "foo=1 ", "foo=1\t", "\t foo=1 \t"] {
        table.state("white space around the list", &[value], Some("foo=1"));
    }
    table.state("a value with spaces before it and in it", &["foo=  b a r "], Some("foo=  b a r"));
    for repeated in [&["foo=1,foo=1"][..], &["foo=1,foo=2"], &["foo=1", "foo=1"], &["foo=1", "foo=2"]] {
        table.state("a key twice, of which the first is passed on", repeated, Some("foo=1"));
    }
    for key in
        ["a", "0", "9z", "foo@", "foo@@bar", "foo@bar@baz", "fw529a3039@dt", "1a-_*/@", "t@vvvvvvvvvvvvvvv"]
    {
        table.state("a key", &[&format!("{key}=1,bar=2")], Some(&format!("{key}=1,bar=2")));
    }
    let key = "abcdefghijklmnopqrstuvwxyz0123456789_-*/@a-z0-9_-*/";
    let value: String = (' '..='~').filter(|c| !",=".contains(*c)).collect();
    table.state("all characters", &[&format!("{key}={value}")], Some(&format!("{key}={value}")));
}

fn invalid_states(table: &mut Table) {
    for member in [
        "foo",
        "=1",
        "foo=",
        "foo =1",
        "FOO=1",
        "foo.bar=1",
        "@foo=1",
        "_foo=1",
        "-foo=1",
        "*foo=1",
        "/foo=1",
        "fo o=1",
        "foo=bar=baz",
        "foo=é",
        "föö=1",
        "foo=a\tb",
        "foo;bar=1",
    ] {
        table.state("a malformed member discards the list", &[&format!("bar=2,{member}")], None);
        table.state("a malformed member discards the list", &[&format!("{member},bar=2")], None);
        table.state("a malformed member discards the list", &["bar=2", member], None);
    }
    for name in ["trace-state", "trace.state"] {
        let parent = format!("traceparent: 00-{TRACE}-{PARENT}-00");
        let expected = Expected::Continued { flags: "00", state: None };
        table.row("a name that only looks alike", &[&parent, &format!("{name}: foo=1")], expected);
    }
    for name in ["TraceState", "TrAcEsTaTe", "TRACESTATE"] {
        let parent = format!("traceparent: 00-{TRACE}-{PARENT}-00");
        let expected = Expected::Continued { flags: "00", state: Some("foo=1".to_owned()) };
        table.row("a name in another case", &[&parent, &format!("{name}: foo=1")], expected);
    }
}

/// `name01=01,name02=02` and so on.
fn members(name: &str, numbers: std::ops::RangeInclusive<u32>) -> String {
    let mut list = String::new();
    for number in numbers {
        let comma = if list.is_empty() { "" } else { "," };
        write!(list, "{comma}{name}{number:02}={number:02}").unwrap();
    }
    list
}

fn limits_of_states(table: &mut Table) {
    let all = members("bar", 1..=32);
    table.state("32 members", &[&all], Some(&all));
    let parts = [members("bar", 1..=10), members("bar", 11..=20), members("bar", 21..=32)];
    table.state("32 members in three headers", &parts.each_ref().map(String::as_str), Some(&all));
    table.state("32 members and empty ones", &[&format!("{all},, ,")], Some(&all));
    table.state("33 members", &[&members("bar", 1..=33)], None);
    table.state("33 members in two headers", &[&all, "bar33=33"], None);

    let key = "z".repeat(256);
    table.state("a key of 256", &["foo=1", &format!("{key}=1")], Some(&format!("foo=1,{key}=1")));
    table.state("a key of 257", &["foo=1", &format!("{key}z=1")], None);
    for (tenant, system) in [(241, 14), (242, 1), (1, 15), (1, 254)] {
        let key = format!("{}@{}", "t".repeat(tenant), "v".repeat(system));
        table.state("a key with a tenant", &["foo=1", &format!("{key}=1")], Some(&format!("foo=1,{key}=1")));
    }
    let value = "v".repeat(256);
    table.state("a value of 256", &[&format!("foo={value}")], Some(&format!("foo={value}")));
    table.state("a value of 257", &[&format!("foo={value}v")], None);

    let long = format!("a={value},b={value},c=1");
    table.state("more than 512 characters", &[&long], Some(&long));
    let many: Vec<String> = (1..=32).map(|number| format!("k{number:02}={}", "v".repeat(124))).collect();
    let kept = many[..31].join(",");
    table.state("more than 4096 characters: members go from the end", &[&many.join(",")], Some(&kept));
    let mixed = [format!("long={}", "v".repeat(200)), many[..31].join(",")].join(",");
    table.state("more than 4096 characters: the long go first", &[&mixed], Some(&kept));
}

/// A server that passes every request on.
async fn passing_on() -> SocketAddr {
    let to = mirror().await;
    let send = service_fn(async |request: Request<reqwest::Body>| {
        let request = reqwest::Request::try_from(request)?;
        Ok::<_, reqwest::Error>(Response::<reqwest::Body>::from(client().execute(request).await?))
    });
    let client = ServiceBuilder::new().layer(ClientLayer::new()).service(send);
    let handler = get(async move || {
        let request = Request::get(format!("http://{to}/")).body(reqwest::Body::default()).unwrap();
        let response = client.clone().call(request).await.unwrap();
        Body::new(response.into_body())
    });
    serve(Router::new().route("/", handler).layer(ServerLayer::new())).await
}

fn table() -> Table {
    let mut table = Table::default();
    valid_parents(&mut table);
    invalid_parents(&mut table);
    parents_in_other_headers(&mut table);
    valid_states(&mut table);
    invalid_states(&mut table);
    limits_of_states(&mut table);
    table
}

async fn check(row: &Row, server: SocketAddr, recorder: &Recorder) -> Result<(), String> {
    let lines: Vec<&[u8]> = row.headers.iter().map(Vec::as_slice).collect();
    let response = exchange(server, "GET /", &lines).await;
    let sent_on = Head::parse(&response.body);
    let parent = sent_on.get("traceparent").ok_or("no traceparent was sent on")?;
    let [version, trace, span, flags] = parent.split('-').collect::<Vec<_>>()[..] else {
        return Err(format!("sent on: {parent}"));
    };
    let spans = recorder.take();
    let (is_continued, expected_flags, expected_state) = match &row.expected {
        Expected::Continued { flags, state } => (true, *flags, state.as_deref()),
        Expected::Restarted => (false, "03", None),
    };
    let facts = [
        ("version 00 is written", version == "00"),
        ("the trace", (trace == TRACE) == is_continued && !trace.bytes().all(|digit| digit == b'0')),
        ("the parent is ours", span != PARENT),
        ("flags", flags == expected_flags),
        ("tracestate", sent_on.get("tracestate") == expected_state),
        ("a request ID", sent_on.get("x-request-id") == response.get("x-request-id")),
    ];
    for (fact, holds) in facts {
        if !holds {
            return Err(format!("{fact}: {:?}", sent_on.headers));
        }
    }
    if flags.ends_with(['1', '3']) {
        let root =
            spans.spans().find(|span| span.kind() == throughline::span::Kind::Server).ok_or("no span")?;
        let parent = root.parent_id().map(|parent| parent.to_string());
        if parent.as_deref() != is_continued.then_some(PARENT) || root.parent_is_remote() != is_continued {
            return Err(format!("recorded: {root:?}"));
        }
        if !spans
            .spans()
            .any(|client| client.span_id().to_string() == span && client.parent_id() == Some(root.span_id()))
        {
            return Err("the span sent on is not the client's span under the server's".to_owned());
        }
    }
    Ok(())
}

#[test]
fn every_form_of_the_recommendation_has_its_effect_over_the_wire() {
    recorded(async |recorder| {
        let server = passing_on().await;
        let rows = table().0;
        let mut failures = Vec::new();
        for row in &rows {
            if let Err(failure) = check(row, server, recorder).await {
                let headers: Vec<_> = row.headers.iter().map(|line| String::from_utf8_lossy(line)).collect();
                failures.push(format!("{}: {headers:?}\n    {failure}", row.title));
            }
        }
        assert!(failures.is_empty(), "{} of {} rows:\n{}", failures.len(), rows.len(), failures.join("\n"));
        assert!(rows.len() > 170, "{} rows", rows.len());
    });
}
