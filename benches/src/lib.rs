//! Throughline beside its peers: the same cases for each, counted in instructions by the gate and in time by the report.

pub mod callgrind;
pub mod case;
pub mod counts;
pub mod driver;
pub mod ours;
pub mod peer;
pub mod table;
pub mod verdict;
