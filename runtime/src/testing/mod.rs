//! Capture what code under test records.
