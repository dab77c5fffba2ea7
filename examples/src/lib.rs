//! Examples of Throughline; each runs with `cargo run --example NAME`.
