//! The messages of OTLP as far as they are written here: what each field is called, and what it is.
//!
//! The numbers are those of the
//! [protocol](https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto), and stand once more
//! beside what writes them.

/// A message: its fields in the order in which they become members of an object.
pub(super) struct Message(pub(super) &'static [Member]);

/// A field of a message.
pub(super) struct Member {
    pub(super) number: u64,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) number_of: NumberOf,
}

/// How many of a field there are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberOf {
    /// One, or none.
    One,
    /// Any number, as an array; without any there is no member.
    Many,
    /// Any number, as an array that may be empty: some readers want the member.
    Any,
}

/// How a field is written.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// Bytes in hexadecimal: IDs.
    Hex,
    Bool,
    /// A number of at most 32 bits, or of an enum.
    Number,
    /// An integer of 64 bits, as text: most readers of JSON know no more than 53.
    Integer,
    Double,
    /// Many integers of always 64 bits in one field.
    PackedIntegers,
    PackedDoubles,
    Message(&'static Message),
}

const fn one(number: u64, name: &'static str, kind: Kind) -> Member {
    Member { number, name, kind, number_of: NumberOf::One }
}

const fn many(number: u64, name: &'static str, message: &'static Message) -> Member {
    Member { number, name, kind: Kind::Message(message), number_of: NumberOf::Many }
}

pub(super) static TRACES: Message = Message(&[many(1, "resourceSpans", &RESOURCE_SPANS)]);
static RESOURCE_SPANS: Message =
    Message(&[one(1, "resource", Kind::Message(&RESOURCE)), many(2, "scopeSpans", &SCOPE_SPANS)]);
static SCOPE_SPANS: Message = Message(&[one(1, "scope", Kind::Message(&SCOPE)), many(2, "spans", &SPAN)]);

pub(super) static METRICS: Message = Message(&[many(1, "resourceMetrics", &RESOURCE_METRICS)]);
static RESOURCE_METRICS: Message =
    Message(&[one(1, "resource", Kind::Message(&RESOURCE)), many(2, "scopeMetrics", &SCOPE_METRICS)]);
static SCOPE_METRICS: Message =
    Message(&[one(1, "scope", Kind::Message(&SCOPE)), many(2, "metrics", &METRIC)]);

static RESOURCE: Message = Message(&[many(1, "attributes", &KEY_VALUE)]);
static SCOPE: Message = Message(&[one(1, "name", Kind::Text), one(2, "version", Kind::Text)]);

static SPAN: Message = Message(&[
    one(1, "traceId", Kind::Hex),
    one(2, "spanId", Kind::Hex),
    one(3, "traceState", Kind::Text),
    one(4, "parentSpanId", Kind::Hex),
    one(16, "flags", Kind::Number),
    one(5, "name", Kind::Text),
    one(6, "kind", Kind::Number),
    one(7, "startTimeUnixNano", Kind::Integer),
    one(8, "endTimeUnixNano", Kind::Integer),
    many(9, "attributes", &KEY_VALUE),
    one(10, "droppedAttributesCount", Kind::Number),
    many(11, "events", &EVENT),
    one(12, "droppedEventsCount", Kind::Number),
    many(13, "links", &LINK),
    one(14, "droppedLinksCount", Kind::Number),
    one(15, "status", Kind::Message(&STATUS)),
]);
static EVENT: Message = Message(&[
    one(1, "timeUnixNano", Kind::Integer),
    one(2, "name", Kind::Text),
    many(3, "attributes", &KEY_VALUE),
]);
static LINK: Message =
    Message(&[one(1, "traceId", Kind::Hex), one(2, "spanId", Kind::Hex), one(6, "flags", Kind::Number)]);
static STATUS: Message = Message(&[one(2, "message", Kind::Text), one(3, "code", Kind::Number)]);

static KEY_VALUE: Message = Message(&[one(1, "key", Kind::Text), one(2, "value", Kind::Message(&ANY_VALUE))]);
static ANY_VALUE: Message = Message(&[
    one(1, "stringValue", Kind::Text),
    one(2, "boolValue", Kind::Bool),
    one(3, "intValue", Kind::Integer),
    one(4, "doubleValue", Kind::Double),
    one(5, "arrayValue", Kind::Message(&ARRAY_VALUE)),
]);
static ARRAY_VALUE: Message =
    Message(&[Member { number_of: NumberOf::Any, ..many(1, "values", &ANY_VALUE) }]);

static METRIC: Message = Message(&[
    one(1, "name", Kind::Text),
    one(2, "description", Kind::Text),
    one(3, "unit", Kind::Text),
    one(9, "histogram", Kind::Message(&HISTOGRAM)),
]);
static HISTOGRAM: Message =
    Message(&[many(1, "dataPoints", &POINT), one(2, "aggregationTemporality", Kind::Number)]);
static POINT: Message = Message(&[
    many(9, "attributes", &KEY_VALUE),
    one(2, "startTimeUnixNano", Kind::Integer),
    one(3, "timeUnixNano", Kind::Integer),
    one(4, "count", Kind::Integer),
    one(5, "sum", Kind::Double),
    one(6, "bucketCounts", Kind::PackedIntegers),
    one(7, "explicitBounds", Kind::PackedDoubles),
    many(8, "exemplars", &EXEMPLAR),
    one(11, "min", Kind::Double),
    one(12, "max", Kind::Double),
]);
static EXEMPLAR: Message = Message(&[
    one(2, "timeUnixNano", Kind::Integer),
    one(3, "asDouble", Kind::Double),
    one(4, "spanId", Kind::Hex),
    one(5, "traceId", Kind::Hex),
]);
