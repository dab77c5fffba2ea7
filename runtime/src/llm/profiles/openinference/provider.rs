//! Providers by their names in OpenInference.

/// Who hosts a model, and whose it is, of a provider of the GenAI conventions. A provider that no well-known value of
/// OpenInference stands for keeps its name; whose a model is, many hosts do not tell.
pub(super) fn names(provider: &str) -> (&str, Option<&str>) {
    match provider {
        "openai" | "anthropic" | "cohere" | "deepseek" => (provider, Some(provider)),
        "mistral_ai" => ("mistralai", Some("mistralai")),
        "x_ai" => ("xai", Some("xai")),
        "azure.ai.openai" => ("azure", Some("openai")),
        "azure.ai.inference" => ("azure", None),
        "aws.bedrock" => ("aws", Some("amazon")),
        "gcp.vertex_ai" => ("google", Some("vertexai")),
        "gcp.gemini" | "gcp.gen_ai" => ("google", None),
        "moonshot_ai" => ("moonshot", None),
        other => (other, None),
    }
}
