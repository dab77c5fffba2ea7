//! What is measured.

use crate::semconv;

/// A histogram of the conventions: what is measured of a model call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instrument {
    OperationDuration,
    TokenUsage,
    TimeToFirstChunk,
    TimePerOutputChunk,
}

/// The upper bounds of buckets; one more bucket has what is above the last.
pub(crate) type Bounds = [f64; 14];

const SECONDS: Bounds =
    [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS: Bounds = [
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1024.0,
    4096.0,
    16384.0,
    65536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];

impl Instrument {
    pub(crate) const ALL: [Self; 4] =
        [Self::OperationDuration, Self::TokenUsage, Self::TimeToFirstChunk, Self::TimePerOutputChunk];

    /// The name, in the words of the conventions.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::OperationDuration => semconv::GEN_AI_CLIENT_OPERATION_DURATION,
            Self::TokenUsage => semconv::GEN_AI_CLIENT_TOKEN_USAGE,
            Self::TimeToFirstChunk => semconv::GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK,
            Self::TimePerOutputChunk => semconv::GEN_AI_CLIENT_OPERATION_TIME_PER_OUTPUT_CHUNK,
        }
    }

    /// The description, in the words of the conventions.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::OperationDuration => "GenAI operation duration.",
            Self::TokenUsage => "Number of input and output tokens used.",
            Self::TimeToFirstChunk => {
                "Time to receive the first chunk, measured from when the client issues the generation request to when \
                 the first chunk is received in the response stream."
            }
            Self::TimePerOutputChunk => {
                "Time per output chunk, recorded for each chunk received after the first one, measured as the time \
                 elapsed from the end of the previous chunk to the end of the current chunk."
            }
        }
    }

    /// The unit, as UCUM writes it.
    pub(crate) const fn unit(self) -> &'static str {
        match self {
            Self::TokenUsage => "{token}",
            _ => "s",
        }
    }

    pub(crate) const fn bounds(self) -> &'static Bounds {
        match self {
            Self::TokenUsage => &TOKENS,
            _ => &SECONDS,
        }
    }
}
