//! Providers by their names in the price list.

/// The name that the price list has for a provider of the GenAI conventions; the same where it has no other.
pub(crate) fn in_price_list(provider: &str) -> &str {
    match provider {
        "x_ai" => "x-ai",
        "gcp.gen_ai" => "google",
        "azure.ai.openai" | "azure.ai.inference" => "azure",
        other => other,
    }
}

/// Whether the model that was asked for says more of the price than the one that answered: on Bedrock it has the region in
/// it, which the model's own response does not know.
pub(crate) fn is_priced_by_request(provider: &str) -> bool {
    provider == "aws.bedrock"
}
