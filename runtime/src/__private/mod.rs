//! What expansions of the macros call. Not public API: it changes without notice.
