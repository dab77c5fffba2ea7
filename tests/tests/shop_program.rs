//! The `shop` example as a program: how it ends, and what it leaves.

use std::fs;
use std::net::{SocketAddr, TcpStream};

use reqwest::{Client, StatusCode};
use serde_json::json;
use throughline_test_servers::{Scratch, free_addresses};
use throughline_tests::rag::{Finished, Program, Server};

/// A shop whose temporary files are in `folder`.
fn shop(folder: &Scratch, args: &[&str]) -> Program {
    Program::example_with("shop", args).env("TMPDIR", folder.path().to_str().expect("a path that is text"))
}

#[track_caller]
fn assert_nothing_is_left_in(folder: &Scratch) {
    let left: Vec<_> = fs::read_dir(folder.path()).expect("the folder").collect();
    assert!(left.is_empty(), "{left:?}");
}

/// A shop that stays open, gets an order, and ends by `end`.
async fn keep_until(end: impl FnOnce(Server) -> Finished) -> Finished {
    let folder = Scratch::new("kept-shop");
    let mut shop = shop(&folder, &["--keep"]).keep();
    let gateway: SocketAddr = shop.url("")["http://".len()..].parse().expect("an address");
    let order = Client::new().post(shop.url("/orders")).bearer_auth("ada");
    let answer = order.json(&json!({ "items": [{ "item": "tea", "count": 1 }] })).send().await;
    assert_eq!(answer.expect("an answer").status(), StatusCode::ACCEPTED);
    shop.wait_for("── your order ──");
    let finished = end(shop).success();
    assert_nothing_is_left_in(&folder);
    assert!(TcpStream::connect(gateway).is_err(), "a process of the shop still listens");
    assert_eq!(finished.stderr, "");
    finished
}

#[tokio::test]
async fn a_shop_that_stays_open_is_closed_by_ctrl_c_and_leaves_nothing() {
    let Finished { stdout, .. } = keep_until(|shop| shop.interrupt()).await;
    assert!(stdout.contains("Ctrl-C closes it."), "{stdout}");
}

#[tokio::test]
async fn a_shop_that_is_told_to_terminate_leaves_nothing() {
    keep_until(|shop| shop.terminate()).await;
}

#[test]
fn a_shop_whose_servers_do_not_answer_says_which_and_ends() {
    let [nowhere] = free_addresses();
    for (variable, url, said) in [
        (
            "DATABASE_URL",
            format!("postgres://{nowhere}/shop"),
            "DATABASE_URL names no PostgreSQL that answers",
        ),
        ("AMQP_URL", format!("amqp://{nowhere}"), "AMQP_URL names no RabbitMQ that answers"),
        ("AMQP_URL", "nonsense".to_owned(), "AMQP_URL names no RabbitMQ that answers"),
    ] {
        let folder = Scratch::new("shop-without-servers");
        let Finished { status, stderr, .. } = shop(&folder, &[]).env(variable, &url).run();
        assert_eq!(status.code(), Some(1), "{stderr}");
        assert!(stderr.contains(said), "{stderr}");
        assert!(stderr.contains("ended before it was open"), "{stderr}");
        assert_nothing_is_left_in(&folder);
    }
}
