//! Context for background jobs.
