//! Which traces are recorded.
