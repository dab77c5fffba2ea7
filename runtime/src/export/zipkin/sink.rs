//! The sink that sends spans to a Zipkin server.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::ZipkinConfig;
use crate::export::otlp::{OtlpSink, Resource, Signal};
use crate::report;
use crate::span::{Sink, SpanView};
use crate::stats::Counters;

/// Sends spans to a Zipkin server, as JSON of its second version. All else is as with [`OtlpSink`], whose thread here is
/// `throughline-zipkin`.
#[derive(Debug)]
pub struct ZipkinSink(OtlpSink);

impl ZipkinSink {
    /// Starts the sending thread; see [`OtlpSink::start`].
    ///
    /// # Errors
    ///
    /// As [`OtlpSink::start`].
    pub fn start(config: ZipkinConfig, resource: &Resource, counters: Arc<Counters>) -> io::Result<Self> {
        Self::start_saying(config, resource, counters, report::say)
    }

    /// The same with another place for what has to be said.
    ///
    /// # Errors
    ///
    /// As [`OtlpSink::start`].
    pub fn start_saying(
        mut config: ZipkinConfig,
        resource: &Resource,
        counters: Arc<Counters>,
        say: impl Fn(&str) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        // Whoever puts one of their own there has that of OTLP.
        config.http.signal = Signal::Zipkin;
        OtlpSink::start_saying(config.http, resource, counters, say).map(Self)
    }
}

impl Sink for ZipkinSink {
    #[inline]
    fn span(&mut self, span: &SpanView<'_>) {
        self.0.span(span);
    }

    fn pass(&mut self) {
        self.0.pass();
    }

    fn flush(&mut self, timeout: Duration) -> bool {
        self.0.flush(timeout)
    }
}
