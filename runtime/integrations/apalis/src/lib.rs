//! Throughline for apalis.
