//! Traces in files: lines of OTLP as JSON, from one process and from several.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry_proto::tonic::trace::v1::Span;
use throughline::Pipeline;
use throughline::export::file::FileSink;
use throughline::export::otlp::Resource;
use throughline::init::{Config, Exporter};
use throughline::span::{Callsite, Sink};
use throughline::stats::Counters;
use throughline_tests::otlp::{self, Shape};

static WORK: Callsite = Callsite::new("work", "shop", "src/shop.rs", 1, &[]);

const PATIENCE: Duration = Duration::from_secs(60);

/// A file of this test alone, which goes with it.
struct File(PathBuf);

impl File {
    fn new(test: &str) -> Self {
        let name = format!("{test}-{}-{}.jsonl", std::process::id(), fastrand::u64(..));
        Self(std::env::temp_dir().join(name))
    }

    fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.0).expect("a file");
        assert!(text.ends_with('\n'), "the last line is whole");
        text.lines().map(str::to_owned).collect()
    }

    fn spans(&self) -> Vec<Span> {
        self.lines().iter().flat_map(|line| otlp::spans_of_json(line.as_bytes())).collect()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn sink(file: &File, counters: &Arc<Counters>) -> FileSink {
    FileSink::append(&file.0, &Resource::new("shop"), Arc::clone(counters)).expect("a file")
}

#[test]
fn each_flush_is_a_line_and_the_end_is_one_too() {
    let (file, counters) = (File::new("flush"), Arc::default());
    let mut sink = sink(&file, &counters);
    let text = Shape::new(&WORK, 1).with("text", "several\nlines\r\n\u{2028}");
    text.view(|span| sink.span(span));
    assert!(sink.flush(PATIENCE) && sink.flush(PATIENCE), "nothing is no line");
    (2..=3).for_each(|id| Shape::new(&WORK, id).view(|span| sink.span(span)));
    drop(sink);
    assert_eq!(file.lines().len(), 2);
    let spans = file.spans();
    assert_eq!(spans.iter().map(|span| span.span_id[7]).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(otlp::attributes(&spans[0].attributes)["text"], "several\nlines\r\n\u{2028}".into());
    assert_eq!(counters.stats().exported, 3);
}

#[test]
fn sinks_that_share_a_file_do_not_mix_their_lines() {
    let (file, counters) = (File::new("shared"), Arc::default());
    let sinks = [sink(&file, &counters), sink(&file, &counters), sink(&file, &counters)];
    std::thread::scope(|scope| {
        for (number, mut sink) in (0..).zip(sinks) {
            scope.spawn(move || {
                for id in 1..=200 {
                    let shape = Shape::new(&WORK, number * 200 + id).with("long", &*"x".repeat(10_000));
                    shape.view(|span| sink.span(span));
                    assert!(sink.flush(PATIENCE));
                }
            });
        }
    });
    let mut ids: Vec<_> = file.spans().into_iter().map(|span| span.span_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((file.lines().len(), ids.len()), (600, 600));
}

#[test]
fn a_pipeline_writes_without_being_flushed() {
    let (file, counters) = (File::new("pipeline"), Arc::<Counters>::default());
    let pipeline = Pipeline::builder().counters(Arc::clone(&counters)).sink(sink(&file, &counters)).start();
    let pipeline = pipeline.expect("a pipeline");
    let entered = pipeline.enter();
    throughline::span!("work").in_scope(|| ());
    drop(entered);
    while counters.stats().exported == 0 {
        std::thread::yield_now();
    }
    assert_eq!(file.spans()[0].name, "work");
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_written_is_counted() {
    let counters = Arc::<Counters>::default();
    let mut sink =
        FileSink::append("/dev/full", &Resource::new("shop"), Arc::clone(&counters)).expect("a device");
    Shape::new(&WORK, 1).view(|span| sink.span(span));
    assert!(!sink.flush(PATIENCE));
    assert_eq!((counters.stats().exported, counters.stats().dropped_export), (0, 1));
    assert!(FileSink::append("/nowhere/traces.jsonl", &Resource::new("shop"), counters).is_err());
}

#[test]
fn variables_name_the_file() {
    let read = |variables: &[(&str, &str)]| {
        Config::from_env(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    };
    let config =
        read(&[("OTEL_TRACES_EXPORTER", "otlp_file,otlp/stdout"), ("THROUGHLINE_OTLP_FILE", "a.jsonl")]);
    assert_eq!(config.exporters, Some(vec![Exporter::OtlpFile, Exporter::OtlpStdout]));
    assert_eq!(config.backend.file, PathBuf::from("a.jsonl"));
    assert_eq!(read(&[]).backend.file, PathBuf::from("traces.jsonl"));
}

#[test]
fn a_program_writes_where_its_environment_says() {
    let file = File::new("program");
    let program = |exporter: &str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_init_program"));
        program.arg("work").env("OTEL_TRACES_EXPORTER", exporter).env("THROUGHLINE_OTLP_FILE", &file.0);
        let output = program.env("THROUGHLINE_LOG", "off").output().expect("it runs");
        assert!(output.status.success(), "{output:?}");
        output
    };
    program("otlp_file");
    program("otlp_file");
    assert_eq!(file.lines().len(), 2, "the second one appends");
    let said = program("otlp/stdout");
    assert!(!otlp::spans_of_json(said.stdout.trim_ascii_end()).is_empty(), "{said:?}");
}
