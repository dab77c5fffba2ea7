//! Log lines that carry the IDs of the request.
