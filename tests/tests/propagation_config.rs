//! `OTEL_PROPAGATORS` and `THROUGHLINE_REQUEST_ID`.

use throughline::propagation::{Policy, PropagatorError, Propagators};

fn check(names: &str, used: &str, errors: &[PropagatorError]) {
    let parsed = Propagators::parse(names);
    assert_eq!(parsed.propagators.to_string(), used, "{names:?}");
    assert_eq!(parsed.errors, errors, "{names:?}");
}

#[test]
fn names_choose_propagators() {
    check("", "tracecontext,baggage", &[]);
    check("tracecontext,baggage", "tracecontext,baggage", &[]);
    check(" baggage ,, tracecontext,tracecontext", "tracecontext,baggage", &[]);
    check("baggage", "baggage", &[]);
    check("none", "none", &[]);
}

#[test]
fn names_known_but_not_built_are_reported_as_such() {
    for name in ["b3", "b3multi", "jaeger", "ottrace", "xray"] {
        let error = PropagatorError::NotBuilt(name.to_owned());
        assert_eq!(error.to_string(), format!("propagator `{name}` is not built yet"));
        check(name, "tracecontext,baggage", std::slice::from_ref(&error));
        check(&format!("baggage,{name}"), "baggage", &[error]);
    }
}

#[test]
fn unknown_names_are_reported_and_left_out() {
    check("w3c,baggage", "baggage", &[PropagatorError::Unknown("w3c".to_owned())]);
    check("TraceContext", "tracecontext,baggage", &[PropagatorError::Unknown("TraceContext".to_owned())]);
    check("none,baggage", "baggage", &[PropagatorError::NoneAmongOthers]);
}

#[test]
fn a_policy_is_read_by_its_name_only() {
    for policy in [Policy::Trust, Policy::Validate, Policy::AlwaysNew] {
        assert_eq!(policy.to_string().parse(), Ok(policy));
    }
    assert!("Trust".parse::<Policy>().is_err());
    assert!("".parse::<Policy>().is_err());
}
