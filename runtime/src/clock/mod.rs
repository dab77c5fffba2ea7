//! Time: a fast tick and what it means in nanoseconds since 1970.
