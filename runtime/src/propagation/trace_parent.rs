//! The header `traceparent`.

use crate::context::Flags;
use crate::id::{SpanId, TraceId, hex_byte};
use crate::propagation::ows::trim;

/// Where a request is in its trace, as in the header
/// [`traceparent`](https://www.w3.org/TR/trace-context-2/#traceparent-header).
///
/// ```
/// use throughline::propagation::TraceParent;
///
/// let header = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// let parent = TraceParent::parse(header).unwrap();
/// assert!(parent.flags.is_sampled());
/// assert_eq!(&parent.to_bytes(), header);
/// assert!(TraceParent::parse(b"00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TraceParent {
    /// The trace.
    pub trace_id: TraceId,
    /// The span that sent the request.
    pub span_id: SpanId,
    /// Whether it is sampled, and whether its ID is random. Other flags have no meaning yet: the recommendation wants
    /// them written as 0, and a reader of this level drops them.
    pub flags: Flags,
}

impl TraceParent {
    /// The number of characters of a header of version 00, the only one written.
    pub const LEN: usize = 55;

    /// The value of the header, in ASCII.
    #[inline]
    pub fn to_bytes(self) -> [u8; Self::LEN] {
        let mut text = *b"00-00000000000000000000000000000000-0000000000000000-00";
        text[3..35].copy_from_slice(&self.trace_id.to_hex());
        text[36..52].copy_from_slice(&self.span_id.to_hex());
        text[54] = b'0' + self.flags.known().bits();
        text
    }

    /// Reads the value of the header; `None` when the recommendation wants it ignored.
    ///
    /// Of versions after 00 the known part is read, whatever follows it after a dash. Spaces and tabs around the value
    /// are not part of it.
    #[inline]
    pub fn parse(value: &[u8]) -> Option<Self> {
        let value = trim(value);
        let (known, rest) = value.split_at_checked(Self::LEN)?;
        let version = hex_byte(&known[..2])?;
        let is_complete = match version {
            0 => rest.is_empty(),
            0xff => false,
            _ => rest.first().is_none_or(|next| *next == b'-'),
        };
        if !is_complete || [known[2], known[35], known[52]] != *b"---" {
            return None;
        }
        Some(Self {
            trace_id: TraceId::from_hex(&known[3..35])?,
            span_id: SpanId::from_hex(&known[36..52])?,
            flags: Flags::from_bits(hex_byte(&known[53..])?).known(),
        })
    }
}
