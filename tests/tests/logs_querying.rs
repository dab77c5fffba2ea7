//! `docs/querying.md`, held to lines that a service wrote.

use std::collections::BTreeMap;
use std::fmt;
use std::process::Command;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::Value;
use throughline::logs::JsonLayer;
use throughline_tests::lines::Lines;
use throughline_tests::recorded::recorded;
use throughline_tests::wire::{exchange, serve};
use tracing_subscriber::prelude::*;

const PAGE: &str = include_str!("../../docs/querying.md");

#[derive(Debug)]
struct NoAnswer(Option<Box<NoAnswer>>);

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "no answer" } else { "connection refused" })
    }
}

impl std::error::Error for NoAnswer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.as_deref().map(|source| source as _)
    }
}

async fn order(Path(id): Path<u32>) -> StatusCode {
    if id == 7 {
        tracing::info!(target: "shop::orders", items = 3, "placing");
        tracing::warn!(target: "shop::stock", waited_ms = 12.5, quoted = r#""request_id":"req-def""#, "slow");
        return StatusCode::OK;
    }
    let error = NoAnswer(Some(Box::new(NoAnswer(None))));
    tracing::error!(target: "shop::orders", error = &error as &dyn std::error::Error, "cannot charge");
    StatusCode::INTERNAL_SERVER_ERROR
}

/// What a server of gRPC answers where there is nothing.
async fn find() -> [(&'static str, &'static str); 2] {
    [("content-type", "application/grpc"), ("grpc-status", "5")]
}

/// The lines of `shop` and `mailer`.
fn logs() -> [String; 2] {
    let service = |name: &str, work: &dyn Fn()| {
        let lines = Lines::default();
        let layer = JsonLayer::new().with_service(name).with_writer(lines.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
        lines.take().concat()
    };
    let shop = service("shop", &|| {
        recorded(async |_| {
            let orders =
                Router::new().route("/orders/{id}", get(order)).layer(throughline_axum::server_layer());
            let catalog = Router::new()
                .route("/shop.Catalog/Find", post(find))
                .layer(throughline_tonic::server_layer());
            let server = serve(orders.merge(catalog)).await;
            let parent = |trace: &str| format!("traceparent: 00-{trace}-00f067aa0ba902b7-01").into_bytes();
            let first = parent("4bf92f3577b34da6a3ce929d0e0e4736");
            exchange(server, "GET /orders/7", &[b"x-request-id: req-abc", &first]).await;
            let second = parent("0af7651916cd43dd8448eb211c80319c");
            exchange(server, "GET /orders/8", &[b"x-request-id: req-def", &second]).await;
            exchange(server, "POST /shop.Catalog/Find", &[b"x-request-id: req-ghi"]).await;
        });
    });
    let mailer = service("mailer", &|| {
        let _attached = throughline::extract(&[("x-request-id", "req-abc")]).attach();
        tracing::info!("sent");
    });
    [shop, mailer]
}

/// The blocks of code on the page, with their languages.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let mut blocks = PAGE.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap());
    blocks.by_ref().collect()
}

#[test]
fn the_commands_find_what_the_page_says() {
    if Command::new("jq").arg("--version").output().is_err() {
        return throughline_test_servers::skip("jq is not installed: apt-get install jq");
    }
    let folder = std::env::temp_dir().join(format!("throughline-querying-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, log) in ["app.log", "other.log"].into_iter().zip(logs()) {
        std::fs::write(folder.join(name), log).unwrap();
    }
    let blocks = blocks();
    let commands: Vec<_> = blocks.windows(2).filter(|pair| pair[0].0 == "sh").collect();
    assert_eq!(commands.len(), 6);
    for pair in commands {
        let [(_, command), (language, expected)] = pair else { unreachable!("windows of two") };
        assert_eq!(*language, "text", "{command}");
        let output = Command::new("sh").args(["-c", command]).current_dir(&folder).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{command}: {output:?}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), *expected, "{command}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn every_field_has_the_type_of_the_mapping() {
    let is_template =
        |(language, text): &(&str, &str)| *language == "json" && text.contains("index_patterns");
    let (_, template) = blocks().into_iter().find(is_template).unwrap();
    let template: Value = serde_json::from_str(template).unwrap();
    let types: BTreeMap<String, Value> =
        serde_json::from_value(template["template"]["mappings"]["properties"].clone()).unwrap();
    let mut met = BTreeMap::new();
    for line in logs().concat().lines() {
        let line: BTreeMap<String, Value> = serde_json::from_str(line).unwrap();
        for (key, value) in line {
            let Some(mapping) = types.get(&key) else { continue };
            let fits = match mapping["type"].as_str().unwrap() {
                "date_nanos" => is_rfc_3339_in_microseconds(value.as_str().unwrap()),
                "keyword" => value.is_string(),
                "text" => {
                    value.is_string() || value.as_array().is_some_and(|all| all.iter().all(Value::is_string))
                }
                "integer" => value.is_i64(),
                "double" => value.is_f64(),
                other => panic!("{other}"),
            };
            assert!(fits, "{key}: {value} is no {mapping}");
            met.insert(key, ());
        }
    }
    assert!(met.keys().eq(types.keys()), "each was written: {met:?}");
}

/// Checked by what everybody else reads times with, beside the fixed width.
fn is_rfc_3339_in_microseconds(text: &str) -> bool {
    text.len() == 27 && text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()
}
