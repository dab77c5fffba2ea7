//! A random program beside a plain model of the rules.
#![allow(unreachable_pub, reason = "a module of one test")]

pub mod model;
pub mod program;
pub mod task;
pub mod values;
pub mod world;
