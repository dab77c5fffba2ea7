//! Headers made at random from the characters that matter: nothing panics, and what is read can be written and read again.

use throughline::propagation::TraceParent;
use throughline::{extract, inject};

/// A text of these characters, at random, from a seed that never changes.
fn random(random: &mut fastrand::Rng, characters: &[u8], longest: usize) -> Vec<u8> {
    let length = random.usize(0..=longest);
    (0..length).map(|_| characters[random.usize(0..characters.len())]).collect()
}

#[test]
fn a_damaged_traceparent_is_read_as_itself_or_not_at_all() {
    let mut rng = fastrand::Rng::with_seed(1);
    let valid = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let mut is_read = 0;
    for _ in 0..50_000 {
        let mut value = valid.to_vec();
        for _ in 0..rng.usize(0..3) {
            let place = rng.usize(0..value.len());
            value[place] = b"0123456789abcdefABCDEFg- \xff\x00"[rng.usize(0..27)];
        }
        value.truncate(if rng.u8(..) == 0 { rng.usize(0..=value.len()) } else { value.len() });
        let Some(parent) = TraceParent::parse(&value) else { continue };
        is_read += 1;
        let written = parent.to_bytes();
        assert_eq!(TraceParent::parse(&written), Some(parent));
        assert_eq!(written[2..53], value[2..53]);
    }
    assert!((10_000..50_000).contains(&is_read), "{is_read}");
}

#[test]
fn lists_made_at_random_do_no_harm() {
    let mut rng = fastrand::Rng::with_seed(2);
    let parent = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_vec();
    for _ in 0..20_000 {
        let carrier: Vec<(&str, Vec<u8>)> = vec![
            ("traceparent", parent.clone()),
            ("tracestate", random(&mut rng, b"ab1@=,; \t_-*/.A\xc3\xa9", 80)),
            ("tracestate", random(&mut rng, b"ab=,", 40)),
            ("baggage", random(&mut rng, b"ab1%2F=,; \t\"\\\xc3\xa9", 80)),
            ("x-request-id", random(&mut rng, b"ab1.-_:, \xff\n", 20)),
        ];
        let context = extract(&carrier);
        let _attached = context.attach();
        let mut written = Vec::new();
        inject(&mut written);
        assert_eq!(extract(&written).to_parts(), context.to_parts(), "{carrier:?}");
    }
}
