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

/// To open it again would wait for a reader.
#[cfg(unix)]
#[test]
fn a_pipe_without_a_reader_holds_nobody_up() {
    let (pipe, counters) = (File::new("pipe"), Arc::default());
    assert!(Command::new("mkfifo").arg(&pipe.0).status().expect("mkfifo is there").success());
    // Either end waits for the other one.
    let mut reader = Command::new("head").args(["-c", "0"]).arg(&pipe.0).spawn().expect("head is there");
    let mut sink = sink(&pipe, &counters);
    reader.wait().expect("it has ended");
    for id in 1..=3 {
        Shape::new(&WORK, id).view(|span| sink.span(span));
        assert!(!sink.flush(PATIENCE));
    }
    assert_eq!((counters.stats().exported, counters.stats().dropped_export), (0, 3));
}

#[test]
fn a_file_that_is_taken_away_is_made_anew() {
    let (file, counters) = (File::new("moved"), Arc::default());
    let rotated = File(file.0.with_extension("1"));
    let mut sink = sink(&file, &counters);
    let mut write = |id| {
        Shape::new(&WORK, id).view(|span| sink.span(span));
        sink.flush(PATIENCE)
    };
    let ids = |file: &File| file.spans().iter().map(|span| span.span_id[7]).collect::<Vec<_>>();
    assert!(write(1));
    std::fs::rename(&file.0, &rotated.0).expect("it is there");
    assert!(write(2));
    assert_eq!((ids(&rotated), ids(&file)), (vec![1], vec![2]));
    std::fs::remove_file(&file.0).expect("it is there");
    std::fs::write(&file.0, "").expect("another one");
    assert!(write(3) && write(4));
    assert_eq!(ids(&file), [3, 4]);
}

#[test]
fn spans_are_counted_while_the_folder_is_gone_and_written_when_it_is_back() {
    let folder = std::env::temp_dir().join(format!("folder-{}-{}", std::process::id(), fastrand::u64(..)));
    std::fs::create_dir(&folder).expect("a folder");
    let (file, counters) = (File(folder.join("traces.jsonl")), Arc::<Counters>::default());
    let mut sink = sink(&file, &counters);
    let mut write = |id| {
        Shape::new(&WORK, id).view(|span| sink.span(span));
        sink.flush(PATIENCE)
    };
    assert!(write(1));
    std::fs::remove_dir_all(&folder).expect("it is there");
    assert!(!write(2) && !write(3));
    std::fs::create_dir(&folder).expect("a folder");
    assert!(write(4));
    assert_eq!(file.spans().iter().map(|span| span.span_id[7]).collect::<Vec<_>>(), [4]);
    assert_eq!((counters.stats().exported, counters.stats().dropped_export), (2, 2));
    drop(file);
    std::fs::remove_dir(&folder).expect("it is there");
}

#[test]
fn behind_half_a_line_the_next_one_is_whole() {
    let (file, counters) = (File::new("cut"), Arc::default());
    std::fs::write(&file.0, "{\"resourceSpans\":[{\"reso").expect("a file");
    let mut sink = sink(&file, &counters);
    (1..=2).for_each(|id| {
        Shape::new(&WORK, id).view(|span| sink.span(span));
        assert!(sink.flush(PATIENCE));
    });
    let lines = file.lines();
    assert_eq!(lines.len(), 3);
    let spans = lines[1..].iter().flat_map(|line| otlp::spans_of_json(line.as_bytes()));
    assert_eq!(spans.map(|span| span.span_id[7]).collect::<Vec<_>>(), [1, 2]);
}

/// A limit on the size of files is what a full disk is: some of a line is written, and no more.
#[test]
#[cfg(target_os = "linux")]
fn what_finds_the_disk_full_is_counted_and_said_at_once_and_at_the_end() {
    let file = File::new("limited");
    std::fs::write(&file.0, " ".repeat(1000) + "\n").expect("a file");
    let program = env!("CARGO_BIN_EXE_init_program");
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 2; exec \"$0\" busy"]).arg(program).env_clear();
    limited.env("OTEL_TRACES_EXPORTER", "otlp_file").env("THROUGHLINE_OTLP_FILE", &file.0);
    let output = limited.env("THROUGHLINE_LOG", "off").output().expect("it runs");
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stderr).expect("text");
    let lost = format!("spans for {} dropped: ", file.0.display());
    let losses: Vec<_> = said.lines().filter(|line| line.contains(&lost)).collect();
    assert!(!losses.is_empty() && losses.len() <= 2, "{said}");
    let count = |line: &&str| line.split(' ').nth(1).and_then(|count| count.parse::<u64>().ok());
    assert_eq!(losses.iter().filter_map(count).sum::<u64>(), 250, "{said}");
    assert!(
        losses.iter().all(|line| line.contains("could not be written; last error: File too large")),
        "{said}"
    );
    let unlimited = Command::new(program)
        .arg("work")
        .env_clear()
        .env("OTEL_TRACES_EXPORTER", "otlp_file")
        .env("THROUGHLINE_OTLP_FILE", &file.0)
        .output()
        .expect("it runs");
    assert_eq!(String::from_utf8(unlimited.stderr).expect("text"), "");
    let lines = file.lines();
    assert_eq!(lines.len(), 3, "room, half a line, and one behind it");
    assert_eq!(otlp::spans_of_json(lines[2].as_bytes()).len(), 1);
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
