//! The attribute macros of Throughline.
