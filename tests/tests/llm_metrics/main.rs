//! Metrics of model calls: what is measured, how it adds up, and what is sent, decoded by the official types.

mod adding_up;
mod measured;
mod program;
mod sending;
mod subject;
mod variables;
