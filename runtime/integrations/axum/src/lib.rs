//! Throughline for axum.
