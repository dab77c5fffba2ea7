//! Tests of expansions in a crate of the edition before.
