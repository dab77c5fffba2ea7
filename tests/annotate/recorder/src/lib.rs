//! Linked into a program, it turns tracing on before `main`, and when the process ends it adds to a file how many spans each
//! function had: test binaries, and the programs that they start.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use throughline::init::Guard;
use throughline::span::{Sink, SpanView};

/// The variable with the path of the file. Without it nothing is recorded.
const FILE: &str = "ANNOTATE_SPANS";

/// The number of spans by the place of their function.
type Spans = BTreeMap<(&'static str, u32, &'static str), u64>;

static SPANS: Mutex<Spans> = Mutex::new(BTreeMap::new());
static STARTED: OnceLock<(PathBuf, Mutex<Option<Guard>>)> = OnceLock::new();

struct Count;

impl Sink for Count {
    fn span(&mut self, span: &SpanView<'_>) {
        let callsite = span.callsite;
        let mut spans = SPANS.lock().unwrap_or_else(PoisonError::into_inner);
        *spans.entry((callsite.file, callsite.line, callsite.name)).or_default() += 1;
    }
}

#[ctor::ctor(unsafe)]
fn start() {
    let Some(file) = std::env::var_os(FILE) else { return };
    let guard = throughline::builder().exporters([]).sink(Count).init();
    let _ = STARTED.set((file.into(), Mutex::new(Some(guard))));
}

#[dtor::dtor(unsafe)]
fn end() {
    let Some((path, guard)) = STARTED.get() else { return };
    let is_handed_on = throughline::flush(std::time::Duration::from_secs(60));
    let dropped = throughline::stats().dropped_spans() + u64::from(!is_handed_on);
    drop(guard.lock().unwrap_or_else(PoisonError::into_inner).take());
    let mut lines = format!("{dropped} dropped\n");
    for ((file, line, name), count) in &*SPANS.lock().unwrap_or_else(PoisonError::into_inner) {
        let _ = writeln!(lines, "{count} {file}:{line} {name}");
    }
    // In one write, so that the lines of processes that end at the same time stay apart.
    let file = OpenOptions::new().create(true).append(true).open(path);
    if let Err(error) = file.and_then(|mut file| file.write_all(lines.as_bytes())) {
        eprintln!("the spans of this process are lost: {}: {error}", path.display());
    }
}
