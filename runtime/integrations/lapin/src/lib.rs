//! Throughline for lapin.
