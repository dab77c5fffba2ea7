//! The keys of attributes that are written by their index in the callsite, which is cheaper than by their text.

use crate::semconv;

/// The keys, in the order of the indexes.
pub(super) const KEYS: &[&str] = &[
    semconv::URL_PATH,
    semconv::URL_SCHEME,
    semconv::URL_FULL,
    semconv::SERVER_ADDRESS,
    semconv::SERVER_PORT,
    semconv::USER_AGENT_ORIGINAL,
    semconv::NETWORK_PROTOCOL_VERSION,
    semconv::HTTP_REQUEST_METHOD_ORIGINAL,
    semconv::HTTP_RESPONSE_STATUS_CODE,
];

pub(super) const URL_PATH: u16 = 0;
pub(super) const URL_SCHEME: u16 = 1;
pub(super) const URL_FULL: u16 = 2;
pub(super) const SERVER_ADDRESS: u16 = 3;
pub(super) const SERVER_PORT: u16 = 4;
pub(super) const USER_AGENT_ORIGINAL: u16 = 5;
pub(super) const NETWORK_PROTOCOL_VERSION: u16 = 6;
pub(super) const HTTP_REQUEST_METHOD_ORIGINAL: u16 = 7;
pub(super) const HTTP_RESPONSE_STATUS_CODE: u16 = 8;
