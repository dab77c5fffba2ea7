//! The logs that threads write and the worker that drains them.
