//! Methods, and the callsites of their spans.

use http::Method;

use crate::http::keys::KEYS;
use crate::semconv::HTTP_REQUEST_METHOD;
use crate::span::{Callsite, Kind, ValueView};

/// The callsites of one method: a span's name is the method until the route is known.
pub(super) struct Callsites {
    pub(super) server: Callsite,
    pub(super) client: Callsite,
}

impl Callsites {
    const fn new(name: &'static str, constants: Constants) -> Self {
        Self {
            server: callsite(name, constants).with_kind(Kind::Server),
            client: callsite(name, constants).with_kind(Kind::Client),
        }
    }
}

type Constants = &'static [(&'static str, ValueView<'static>)];

const fn callsite(name: &'static str, constants: Constants) -> Callsite {
    Callsite::new(name, "throughline::http", file!(), line!(), KEYS).with_constants(constants)
}

/// The name of a span whose method is none of the known.
const UNKNOWN_NAME: &str = "HTTP";

macro_rules! known {
    ($($method:ident),+) => {
        /// The callsites of `method`.
        pub(super) fn callsites(method: &Method) -> &'static Callsites {
            $(
                static $method: Callsites = Callsites::new(
                    stringify!($method),
                    &[(HTTP_REQUEST_METHOD, ValueView::Str(stringify!($method)))],
                );
            )+
            static UNKNOWN: Callsites =
                Callsites::new(UNKNOWN_NAME, &[(HTTP_REQUEST_METHOD, ValueView::Str("_OTHER"))]);
            match *method {
                $(Method::$method => &$method,)+
                _ => &UNKNOWN,
            }
        }
    };
}

known!(GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, CONNECT, TRACE);

/// The method where the conventions do not know it.
pub(super) fn unknown<'a>(callsite: &Callsite, method: &'a Method) -> Option<&'a str> {
    (callsite.name == UNKNOWN_NAME).then(|| method.as_str())
}
