//! What is generated from `shop.proto`, so that nobody needs `protoc`: after a change there, call `compile_fds` of
//! `tonic-prost-build` (without its transport) with what `protox::compile` reads.

#![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]

include!("shop.rs");
