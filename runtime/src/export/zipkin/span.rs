//! One span as Zipkin's.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::net::IpAddr;

use serde::{Serialize, Serializer};

use super::value::{self, key_value, shown, text};
use crate::export::otlp::wire::{Field, Fields};
use crate::semconv::{self, zipkin};

/// Attributes as text: each key once, and in order.
type Tags<'a> = BTreeMap<Cow<'a, str>, Cow<'a, str>>;

/// A span in the words of [Zipkin](https://github.com/openzipkin/zipkin-api/blob/master/zipkin2-api.yaml). What it has
/// nothing of is left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Span<'a> {
    trace_id: Hex<'a>,
    #[serde(skip_serializing_if = "Hex::is_empty")]
    parent_id: Hex<'a>,
    id: Hex<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: Cow<'a, str>,
    /// Microseconds, as all times.
    timestamp: u64,
    duration: u64,
    local_endpoint: Endpoint<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_endpoint: Option<Endpoint<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Annotation>,
    tags: Tags<'a>,
}

/// One side of a call.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    service_name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ipv4: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ipv6: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
}

/// What happened in a span.
#[derive(Serialize)]
struct Annotation {
    timestamp: u64,
    value: String,
}

/// An ID.
struct Hex<'a>(&'a [u8]);

/// What spans of one resource and scope share.
pub(super) struct Source<'a> {
    service: Cow<'a, str>,
    tags: Tags<'a>,
}

impl<'a> Source<'a> {
    /// That of a `ResourceSpans` and one of its `ScopeSpans`.
    pub(super) fn of(resource_spans: &'a [u8], scope_spans: &'a [u8]) -> Self {
        let resource = Fields { bytes: resource_spans }.bytes_of(1).last().unwrap_or_default();
        let mut tags: Tags<'a> = attributes(resource, 1).collect();
        let service = tags.remove(semconv::SERVICE_NAME).unwrap_or_default();
        let scope = Fields { bytes: scope_spans }.bytes_of(1).last().unwrap_or_default();
        for (field, keys) in [
            (1, [zipkin::OTEL_SCOPE_NAME, zipkin::OTEL_LIBRARY_NAME]),
            (2, [zipkin::OTEL_SCOPE_VERSION, zipkin::OTEL_LIBRARY_VERSION]),
        ] {
            let value = text(Fields { bytes: scope }.bytes_of(field).last());
            tags.extend(keys.map(|key| (key.into(), value.clone())));
        }
        Self { service, tags }
    }
}

impl<'a> Span<'a> {
    /// That of a `Span` of OTLP.
    pub(super) fn of(bytes: &'a [u8], source: &Source<'a>) -> Self {
        let fields = Fields { bytes };
        let [mut start, mut end, mut kind] = [0; 3];
        let mut tags = source.tags.clone();
        tags.extend(attributes(bytes, 9));
        // Zipkin takes a span with this tag for one that failed, whatever it says.
        tags.remove(zipkin::ERROR);
        for (number, field) in fields {
            match (number, field) {
                (6, Field::Number(number)) => kind = number,
                (7, Field::Fixed64(nanos)) => start = nanos,
                (8, Field::Fixed64(nanos)) => end = nanos,
                (10, Field::Number(count)) => {
                    count_dropped(&mut tags, zipkin::OTEL_DROPPED_ATTRIBUTES_COUNT, count)
                }
                (12, Field::Number(count)) => {
                    count_dropped(&mut tags, zipkin::OTEL_DROPPED_EVENTS_COUNT, count)
                }
                (14, Field::Number(count)) => {
                    count_dropped(&mut tags, zipkin::OTEL_DROPPED_LINKS_COUNT, count)
                }
                // A status is there where a span failed, and nowhere else.
                (15, Field::Bytes(status)) => {
                    tags.insert(zipkin::OTEL_STATUS_CODE.into(), "ERROR".into());
                    let message = text(Fields { bytes: status }.bytes_of(2).last());
                    tags.insert(zipkin::ERROR.into(), message);
                }
                _ => {}
            }
        }
        let id = |number| Hex(fields.bytes_of(number).last().unwrap_or_default());
        let kind = kind_of(kind);
        Self {
            trace_id: id(1),
            parent_id: id(4),
            id: id(2),
            kind,
            name: text(fields.bytes_of(5).last()),
            timestamp: start / 1000,
            // 0 would be "not known".
            duration: (end.saturating_sub(start) / 1000).max(1),
            local_endpoint: Endpoint { service_name: source.service.clone(), ..Endpoint::default() },
            remote_endpoint: kind
                .filter(|kind| ["CLIENT", "PRODUCER"].contains(kind))
                .and_then(|_| remote(&tags)),
            annotations: fields.bytes_of(11).map(Annotation::of).collect(),
            tags,
        }
    }
}

/// `Span.kind`, whose first number here is "internal", which Zipkin has no word for.
fn kind_of(number: u64) -> Option<&'static str> {
    match number {
        2 => Some("SERVER"),
        3 => Some("CLIENT"),
        4 => Some("PRODUCER"),
        5 => Some("CONSUMER"),
        _ => None,
    }
}

fn count_dropped(tags: &mut Tags<'_>, key: &'static str, count: u64) {
    tags.insert(key.into(), count.to_string().into());
}

/// The attributes of a message, which are its fields of this number.
fn attributes(message: &[u8], number: u64) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    Fields { bytes: message }.bytes_of(number).map(|attribute| {
        let (key, value) = key_value(attribute);
        (key, shown(value))
    })
}

/// The other side of a call, by the best of the attributes that name it.
fn remote<'a>(tags: &Tags<'a>) -> Option<Endpoint<'a>> {
    let ranked = zipkin::REMOTE_ENDPOINTS.into_iter();
    let (name, port) =
        ranked.filter_map(|(key, port)| Some((tags.get(key)?, port))).find(|(name, _)| !name.is_empty())?;
    let Some(port) = port else {
        return Some(Endpoint { service_name: name.clone(), ..Endpoint::default() });
    };
    let port = tags.get(port).and_then(|port| port.parse().ok());
    Some(match name.parse() {
        Ok(address @ IpAddr::V4(_)) => Endpoint { ipv4: Some(address), port, ..Endpoint::default() },
        Ok(address @ IpAddr::V6(_)) => Endpoint { ipv6: Some(address), port, ..Endpoint::default() },
        Err(_) => Endpoint { service_name: name.clone(), port, ..Endpoint::default() },
    })
}

impl Annotation {
    /// That of a `Span.Event`: its name, and its attributes as an object behind it.
    fn of(bytes: &[u8]) -> Self {
        let fields = Fields { bytes };
        let nanos = fields.filter_map(|(number, field)| match (number, field) {
            (1, Field::Fixed64(nanos)) => Some(nanos),
            _ => None,
        });
        let name = text(fields.bytes_of(2).last());
        let attributes: serde_json::Map<_, _> = fields
            .bytes_of(3)
            .map(|attribute| {
                let (key, value) = key_value(attribute);
                (key.into_owned(), value::json(value))
            })
            .collect();
        let value = if attributes.is_empty() {
            name.into_owned()
        } else {
            format!("{}: {}", serde_json::Value::from(name), serde_json::Value::from(attributes))
        };
        Self { timestamp: nanos.last().unwrap_or_default() / 1000, value }
    }
}

impl Hex<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Hex<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
