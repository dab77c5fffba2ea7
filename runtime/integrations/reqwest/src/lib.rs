//! Throughline for reqwest.
