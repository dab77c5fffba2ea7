//! Spans of every shape.

use throughline::span::{Callsite, Dropped, LinkView, Outcome};
use throughline::{Flags, SpanId, TraceId};

use super::{Event, Shape, Typed};

/// Numbers that take every length of a varint, and both signs.
fn integer(random: &mut fastrand::Rng) -> i64 {
    let value = random.i64(..) >> random.u32(0..64);
    *random.choice([value, 0, -1, i64::MIN, i64::MAX, 127, 128].iter()).expect("not empty")
}

/// Text of lengths around those at which a length takes one more byte, not all of it ASCII.
fn text(random: &mut fastrand::Rng) -> String {
    let len = *random
        .choice([0, 1, 5, 23, 100, 124, 125, 126, 127, 128, 16_380, 16_390].iter())
        .expect("not empty");
    let letters = ['a', 'Z', '7', '.', ' ', '\n', '\u{e9}', '\u{4e16}', '\u{1f980}'];
    (0..len).map(|_| letters[random.usize(..letters.len())]).collect()
}

fn typed(random: &mut fastrand::Rng, depth: u8) -> Typed {
    match random.u8(0..if depth == 0 { 4 } else { 5 }) {
        0 => Typed::Bool(random.bool()),
        1 => Typed::Int(integer(random)),
        2 => Typed::Double(*random.choice([0.0, -1.5, 1e300, f64::INFINITY].iter()).expect("not empty")),
        3 => Typed::Str(text(random)),
        _ => Typed::Array((0..random.usize(0..4)).map(|_| typed(random, depth - 1)).collect()),
    }
}

/// Few keys, so that many are written twice, and some that the callsites have.
fn pairs(random: &mut fastrand::Rng) -> Vec<(String, Typed)> {
    const KEYS: [&str; 12] = [
        "",
        "a",
        "b",
        "user.id",
        "user.ie",
        "retries",
        "gen_ai.provider.name",
        "code.line.number",
        "throughline.outcome",
        "a.key.of.the.same.length.1",
        "a.kez.of.the.same.length.1",
        "code.function.name",
    ];
    let few = random.usize(0..6);
    let len = *random.choice([few, 0, 3, 40].iter()).expect("not empty");
    let key = |random: &mut fastrand::Rng| match random.u8(0..4) {
        0 => format!("key.{}", random.u8(0..50)),
        _ => KEYS[random.usize(..KEYS.len())].to_owned(),
    };
    (0..len).map(|_| (key(random), typed(random, 2))).collect()
}

impl Shape {
    /// A span of one of these callsites, with anything that a span can have.
    pub fn random(random: &mut fastrand::Rng, callsites: &[&'static Callsite]) -> Self {
        let mut shape = Self::new(random.choice(callsites).expect("not empty"), random.u64(1..));
        let span_id = |random: &mut fastrand::Rng| SpanId::new(random.u64(1..));
        if random.u8(0..4) == 0 {
            shape.name = text(random);
        }
        shape.trace_id = TraceId::new(random.u128(1..)).expect("not 0");
        shape.parent = span_id(random).filter(|_| random.bool());
        shape.parent_is_remote = shape.parent.is_some() && random.bool();
        shape.flags = Flags::from_bits(random.u8(..));
        shape.trace_state = Some("vendor=opaque,other=1".to_owned()).filter(|_| random.u8(0..4) == 0);
        shape.start = random.u64(..u64::MAX / 2);
        shape.duration = random.u64(..u64::MAX / 2);
        shape.outcome =
            [Outcome::Ok, Outcome::Error, Outcome::Panicked, Outcome::Cancelled][random.usize(..4)];
        shape.message = Some(text(random)).filter(|_| random.bool());
        shape.attributes = pairs(random);
        let event = |random: &mut fastrand::Rng| Event {
            name: text(random),
            time: random.u64(..),
            attributes: pairs(random),
        };
        shape.events = (0..random.usize(0..3)).map(|_| event(random)).collect();
        let link = |random: &mut fastrand::Rng| LinkView {
            trace_id: TraceId::new(random.u128(1..)).expect("not 0"),
            span_id: span_id(random).expect("not 0"),
            flags: Flags::from_bits(random.u8(..)),
        };
        shape.links = (0..random.usize(0..3)).map(|_| link(random)).collect();
        let mut count = || random.u32(..).wrapping_mul(random.u32(0..2));
        shape.dropped = Dropped { attributes: count(), events: count(), links: count() };
        shape
    }
}
