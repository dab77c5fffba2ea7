//! What is generated from `shop.proto`, so that nobody needs `protoc`: after a change there, run
//! `THROUGHLINE_BLESS=1 cargo test -p throughline-tests --test shop_proto`.

#![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]

include!("shop.rs");
