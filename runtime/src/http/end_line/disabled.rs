//! Without the feature `logs`: no line.

use crate::http::end_line::EndLine;

pub(in crate::http) fn write(_: &EndLine<'_>) {}
