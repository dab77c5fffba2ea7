//! Configuration, and the only place that wires concrete types.
