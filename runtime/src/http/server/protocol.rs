//! What the layer leaves to the protocol of a request.

use std::fmt;

use http::{HeaderMap, Method, Request, Response};
use http_body::Body;

use crate::http::EndFields;
use crate::span::Callsite;

/// The conventions of a protocol: how the spans of its requests are named, and what an answer says of how they ended.
/// [`Http`](crate::http::Http) is that of HTTP itself; adapters bring those of protocols that use HTTP as transport.
///
/// The value that a layer holds is cloned for each request, and keeps what is known of that. All but
/// [`callsite`](Self::callsite) and [`length`](Self::length) run with the request's span current: what they have to
/// say they write by the functions of [`span::current`](crate::span::current), which do nothing where it is not recorded.
///
/// ```
/// use http::{HeaderMap, Method, Request, Response};
/// use throughline::http::{EndFields, Protocol, ServerLayer};
/// use throughline::span::{Callsite, Kind, current};
///
/// /// Requests that are named by a header, and that failed if a trailer says so.
/// #[derive(Clone, Debug, Default)]
/// struct Soap {
///     action: String,
/// }
///
/// static CALL: Callsite = Callsite::new("SOAP", module_path!(), file!(), line!(), &[]).with_kind(Kind::Server);
///
/// impl Protocol for Soap {
///     fn callsite(&self, _: &Method) -> &'static Callsite {
///         &CALL
///     }
///     fn requested<B>(&mut self, request: &Request<B>) {
///         let action = request.headers().get("soapaction").and_then(|action| action.to_str().ok());
///         self.action = action.unwrap_or_default().to_owned();
///         current::rename(&self.action);
///     }
///     fn answered<R: http_body::Body>(&mut self, _: &mut Response<R>) {}
///     fn trailed(&mut self, trailers: &HeaderMap) {
///         if trailers.contains_key("fault") {
///             current::fail("fault", "");
///         }
///     }
///     fn end_fields(&self) -> EndFields<'_> {
///         EndFields { method: &self.action, ..EndFields::default() }
///     }
/// }
///
/// let layer = ServerLayer::of(Soap::default()).public_endpoint();
/// ```
pub trait Protocol: Clone + fmt::Debug + 'static {
    /// The callsite of the span of a request with this method.
    fn callsite(&self, method: &Method) -> &'static Callsite;

    /// A request came.
    fn requested<B>(&mut self, request: &Request<B>);

    /// The head of its response is there.
    fn answered<R: Body>(&mut self, response: &mut Response<R>);

    /// How many bytes the body of this response has, if it ends with the last of them. Servers do not ask for the end
    /// then.
    fn length<R: Body>(&self, response: &Response<R>) -> Option<u64> {
        let _ = response;
        None
    }

    /// The trailers of the response are there: nothing comes after them.
    fn trailed(&mut self, trailers: &HeaderMap) {
        let _ = trailers;
    }

    /// The response was sent to its end.
    fn completed(&mut self) {}

    /// The client went away before that.
    fn cancelled(&mut self) {}

    /// What the log line at the end says of it.
    fn end_fields(&self) -> EndFields<'_>;
}
