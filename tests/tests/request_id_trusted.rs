//! `request_id = ..` where the policy of the process trusts what comes.

use throughline::propagation::{Config, Policy};
use throughline::testing::capture;
use throughline::traced;

#[traced(request_id = id)]
fn handle(id: &str) -> String {
    throughline::request_id().unwrap().to_string()
}

#[test]
fn the_policy_of_the_process_says_what_is_taken() {
    let mut config = Config::default();
    config.request_ids.policy = Policy::Trust;
    config.install().unwrap();
    let trace = capture(|| {
        assert_eq!(handle("two words"), "two words");
        assert_ne!(handle("two\nlines"), "two\nlines", "no header could carry it");
    });
    let replaced: Vec<_> = trace.spans().map(|span| span.attribute("request.id.replaced")).collect();
    assert_eq!(replaced, [None, Some("two\\nlines".into())]);
}
