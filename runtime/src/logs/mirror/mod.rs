//! Throughline's spans as spans of `tracing`.

mod at_work;
mod callsites;
mod entered;
mod open;
mod shown;

pub(super) use at_work::{is_at_work, mirrored};

use crate::context::scopes::{self, Scopes};
use crate::span::hooks::{self, Mirror};

/// From now on makes a span of `tracing` of every recorded span, which is entered and left with it: for subscribers that
/// want spans (`tokio-console`, `tracing-chrome`, a `fmt` layer that shows where an event happened) and for code that
/// calls `tracing::Span::current()`, as `in_current_span` does. There is no way back.
///
/// The same is said by `THROUGHLINE_MIRROR=true` and [`Builder::mirror_spans`](crate::init::Builder::mirror_spans). A span
/// is shown to the subscriber that is current when it begins, under its name, target and level, with the file and line of
/// its function. Its fields are the attributes that the annotation declares, and on a local root `trace_id` and
/// `request_id`; subscribers cannot be told of other attributes, of a later name and of how it ended. Mirrored spans do not
/// come back as ours. Spans take longer while they are mirrored: none takes the quick way.
///
/// ```
/// use throughline::testing::capture;
/// use throughline::traced;
///
/// #[traced]
/// fn checkout() -> Option<&'static str> {
///     Some(tracing::Span::current().metadata()?.name())
/// }
///
/// throughline::logs::mirror_spans();
/// tracing::subscriber::with_default(tracing_subscriber::registry(), || {
///     capture(|| assert_eq!(checkout(), Some("checkout")));
/// });
/// ```
pub fn mirror_spans() {
    scopes::watch(Scopes { enters: entered::enter, leaves: entered::leave });
    hooks::on_all(Mirror { begins: open::begin, sets: open::set, ends: open::end });
}
