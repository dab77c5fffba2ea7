//! What is generated from `shop.proto`, so that nobody needs `protoc`. A test of the workspace generates it anew and compares.

#![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]

include!("shop.rs");
