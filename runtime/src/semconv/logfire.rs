//! Keys that [Logfire](https://logfire.pydantic.dev/docs/guides/web-ui/llm-panels/) reads.

/// What the call cost in US dollars.
pub const OPERATION_COST: &str = "operation.cost";
