//! Throughline for teloxide.
