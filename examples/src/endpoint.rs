//! Where the models are: wherever the environment says, or else in this process.

use std::env;

use crate::model::{Fault, Model, ModelOptions};

/// An address that speaks OpenAI's API.
#[derive(Debug)]
pub struct Endpoint {
    /// The address, up to and with `/v1`.
    pub base_url: String,
    /// What is sent to be let in.
    pub api_key: String,
    /// The model that answers.
    pub model: String,
    /// The model of this process, unless the environment names another.
    pub own: Option<Model>,
}

impl Endpoint {
    /// That of the environment, or else a model that is started in this process, with its faults.
    pub async fn new(options: &ModelOptions, faults: Vec<Fault>) -> anyhow::Result<Self> {
        let model = variable("OPENAI_MODEL").unwrap_or_else(|| "gpt-4o-mini".to_owned());
        let (base_url, key) = (variable("OPENAI_BASE_URL"), variable("OPENAI_API_KEY"));
        let own = match (&base_url, &key) {
            (None, None) => Some(Model::start(options, faults).await?),
            _ => None,
        };
        let base_url = match &own {
            Some(own) => own.base_url().to_owned(),
            None => base_url.unwrap_or_else(|| "https://api.openai.com/v1".to_owned()),
        };
        Ok(Self { base_url, api_key: key.unwrap_or_else(|| "none".to_owned()), model, own })
    }
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
