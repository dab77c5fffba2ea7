//! Calls of language models: usage, cost, attempts, streams.
