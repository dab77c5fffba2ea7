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
    check("TraceContext,B3,b3,NONE", "tracecontext,b3", &[PropagatorError::NoneAmongOthers]);
}

#[test]
fn the_formats_of_other_systems_stand_in_the_order_in_which_they_are_named() {
    for name in ["b3", "b3multi", "jaeger", "xray", "ottrace", "datadog", "gcp"] {
        check(name, name, &[]);
        check(&format!("baggage,{name},tracecontext"), &format!("{name},tracecontext,baggage"), &[]);
        check(&format!("tracecontext,{name},{name}"), &format!("tracecontext,{name}"), &[]);
    }
    assert_ne!(
        Propagators::parse("b3,jaeger").propagators,
        Propagators::parse("jaeger,b3").propagators,
        "the last one wins"
    );
}

#[test]
fn unknown_names_are_reported_and_left_out() {
    check("w3c,baggage", "baggage", &[PropagatorError::Unknown("w3c".to_owned())]);
    let unknown = PropagatorError::Unknown("w3c".to_owned()).to_string();
    assert_eq!(
        unknown,
        "unknown propagator `w3c`; there are `tracecontext`, `baggage`, `b3`, `b3multi`, `jaeger`, `xray`, `ottrace`, \
         `datadog`, `gcp`, and `none`"
    );
    check("W3C", "tracecontext,baggage", &[PropagatorError::Unknown("W3C".to_owned())]);
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
