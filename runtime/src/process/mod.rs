//! Context for programs that are started by others and start others: command lines, jobs of a CI, children of a server.
//!
//! It travels in variables of the environment, as
//! [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/context/env-carriers/) names them: `TRACEPARENT`, `TRACESTATE`,
//! `BAGGAGE`, and the request ID in `X_REQUEST_ID`. [`entry`] takes it up where the program begins, [`CommandExt`] hands it
//! to the programs it starts:
//!
//! ```no_run
//! use std::process::Command;
//! use throughline::process::{self, CommandExt as _};
//!
//! fn main() -> std::io::Result<()> {
//!     let _guard = throughline::init();
//!     let _program = process::entry().entered();
//!     Command::new("convert").arg("photo.png").with_context().status()?;
//!     Ok(())
//! }
//! ```
//!
//! Any carrier of another kind is read by [`extract`](crate::extract) of an [`Environment`]. Who can set variables of a
//! program decides whose trace it joins, and can read what it is given: request ID and baggage are no place for secrets.

mod command;
mod environment;

pub use command::CommandExt;
pub use environment::Environment;

use crate::propagation::entry_span;
use crate::semconv;
use crate::span::{Callsite, Span};

static PROGRAM: Callsite = Callsite::new("program", module_path!(), file!(), line!(), &[]);

/// Opens the span of this program, a child of the span of who started it, with the request ID that came or a fresh one.
///
/// It has the name of the executable, and follows the conventions for
/// [programs](https://opentelemetry.io/docs/specs/semconv/cli/cli-spans/). Open it after `init`, and enter it: for an async
/// program, run its work in it.
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use throughline::FutureExt as _;
/// use throughline::{process, semconv};
///
/// # async fn work() -> Result<(), std::io::Error> { Ok(()) }
/// #[tokio::main]
/// async fn main() -> ExitCode {
///     let _guard = throughline::init();
///     let work = async {
///         let code: u8 = work().await.map_or(1, |()| 0);
///         throughline::set(semconv::PROCESS_EXIT_CODE, code);
///         code
///     };
///     ExitCode::from(work.in_span(process::entry()).await) // `std::process::exit` would not drop the guard
/// }
/// ```
pub fn entry() -> Span {
    let span = entry_span(&PROGRAM, &Environment);
    if span.is_recording() {
        span.set(semconv::PROCESS_PID, std::process::id());
        if let Some(name) = executable_name() {
            span.rename(&name);
            span.set(semconv::PROCESS_EXECUTABLE_NAME, name.as_str());
        }
    }
    span
}

fn executable_name() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    Some(path.file_name()?.to_string_lossy().into_owned())
}
