//! Methods, and the callsites of their spans.

use http::Method;

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
    Callsite::new(name, "throughline::http", file!(), line!(), &[]).with_constants(constants)
}

/// The name of a method that is none of the known, as attribute.
pub(super) const OTHER: &str = "_OTHER";

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
            static UNKNOWN: Callsites = Callsites::new("HTTP", &[(HTTP_REQUEST_METHOD, ValueView::Str(OTHER))]);
            match *method {
                $(Method::$method => &$method,)+
                _ => &UNKNOWN,
            }
        }
    };
}

known!(GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, CONNECT, TRACE);

/// Whether the conventions know the method.
pub(super) fn is_known(method: &Method) -> bool {
    callsites(method).server.name != "HTTP"
}
