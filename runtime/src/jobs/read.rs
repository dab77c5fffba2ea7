//! Reading an envelope.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::jobs::Envelope;
use crate::jobs::lenient::{Lenient, Texts};

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Envelope<T> {
    /// Formats that do not describe themselves cannot tell what is damaged: there an envelope has to be whole.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_map(Fields(PhantomData))
        } else {
            Whole::deserialize(deserializer).map(Self::from)
        }
    }
}

/// The names of the fields.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Payload,
    Context,
    Attempt,
    Destination,
    EnqueuedAt,
    ScheduledAt,
    #[serde(other)]
    Unknown,
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = Envelope<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an envelope")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Envelope<T>, A::Error> {
        let (mut payload, mut context) = (None, Texts::default());
        let (mut attempt, mut destination) = (Lenient(None), Lenient(None));
        let (mut enqueued_at, mut scheduled_at) = (Lenient(None), Lenient(None));
        while let Some(field) = fields.next_key()? {
            match field {
                Field::Payload => payload = Some(fields.next_value()?),
                Field::Context => context = fields.next_value()?,
                Field::Attempt => attempt = fields.next_value()?,
                Field::Destination => destination = fields.next_value()?,
                Field::EnqueuedAt => enqueued_at = fields.next_value()?,
                Field::ScheduledAt => scheduled_at = fields.next_value()?,
                Field::Unknown => _ = fields.next_value::<IgnoredAny>()?,
            }
        }
        Ok(Envelope {
            payload: payload.ok_or_else(|| Error::missing_field("payload"))?,
            context: context.0,
            attempt: attempt.0,
            destination: destination.0,
            enqueued_at: enqueued_at.0,
            scheduled_at: scheduled_at.0,
        })
    }
}

/// An envelope with each field in its place.
#[derive(Deserialize)]
#[serde(rename = "Envelope")]
struct Whole<T> {
    payload: T,
    context: BTreeMap<String, String>,
    attempt: Option<u32>,
    destination: Option<String>,
    enqueued_at: Option<u64>,
    scheduled_at: Option<u64>,
}

impl<T> From<Whole<T>> for Envelope<T> {
    fn from(whole: Whole<T>) -> Self {
        let Whole { payload, context, attempt, destination, enqueued_at, scheduled_at } = whole;
        Self { payload, context, attempt, destination, enqueued_at, scheduled_at }
    }
}
