//! Throughline for sqlx.
