//! How large chunks are.

/// Words of the smallest chunk: 1 KiB, a fresh thread's first.
pub(super) const SMALLEST: usize = 128;
/// Every size is twice the one before: 1 KiB to 32 KiB.
pub(super) const SIZES: usize = 6;
/// Chunks of one segment of the table.
pub(super) const SEGMENT: usize = 512;
/// Segments of the table.
pub(super) const SEGMENTS: usize = 1024;
