//! Throughline for tonic.
