//! The header `X-Amzn-Trace-Id` of
//! [AWS X-Ray](https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader):
//! `Root=1-{time}-{random};Parent={span};Sampled={0, 1 or ?}`, in any order, with other fields between.
//!
//! A load balancer sends a root without a parent. As in OpenTelemetry's propagators, that is no context: the trace begins
//! here, with an ID of its own.

use crate::context::Flags;
use crate::propagation::formats::hex;
use crate::propagation::formats::single_header::{SingleHeader, Written};
use crate::propagation::formats::trace::{Trace, sampled};
use crate::propagation::ows::trim;

/// `xray`.
pub(super) const X_RAY: SingleHeader = SingleHeader { name: "xray", key: "X-Amzn-Trace-Id", parse, write };

fn write(trace: &Trace) -> Written {
    let number = trace.trace_id.to_u128();
    let (time, random) = (number >> 96, number & (u128::MAX >> 32));
    let verdict = if trace.flags.is_deferred() { '?' } else { trace.digit() };
    let parent = trace.span_id;
    Written::of(format_args!("Root=1-{time:08x}-{random:024x};Parent={parent};Sampled={verdict}"))
}

fn parse(value: &[u8]) -> Option<Trace> {
    let (mut root, mut parent, mut verdict) = (None, None, None);
    for field in value.split(|byte| *byte == b';') {
        let Some(equals) = field.iter().position(|byte| *byte == b'=') else { continue };
        let (name, value) = (trim(&field[..equals]), trim(&field[equals + 1..]));
        let is_first = match name {
            b"Root" => root.replace(root_id(value)?).is_none(),
            b"Parent" => parent.replace(fixed(value, 16)? as u64).is_none(),
            b"Sampled" => verdict.replace(sampled_or_not(value)?).is_none(),
            _ => true,
        };
        if !is_first {
            return None;
        }
    }
    Trace::new(root?, parent?, verdict.unwrap_or(Flags::DEFERRED))
}

/// A version, seconds since 1970, which some write without the zeros in front, and 96 bits.
fn root_id(value: &[u8]) -> Option<u128> {
    let mut fields = value.split(|byte| *byte == b'-');
    let version = fields.next()?;
    let (time, random) = (hex::parse(fields.next()?, 8)?, fixed(fields.next()?, 24)?);
    (version == b"1" && fields.next().is_none()).then_some(time << 96 | random)
}

fn fixed(digits: &[u8], count: usize) -> Option<u128> {
    hex::parse(digits, count).filter(|_| digits.len() == count)
}

/// `?` asks whoever comes next.
fn sampled_or_not(value: &[u8]) -> Option<Flags> {
    match value {
        b"1" => Some(sampled(true)),
        b"0" => Some(sampled(false)),
        b"?" => Some(Flags::DEFERRED),
        _ => None,
    }
}
