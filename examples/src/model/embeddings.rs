//! `/v1/embeddings`: texts that share words are near each other.

use anyhow::Context as _;
use serde_json::{Value, json};

use super::tokens;
use crate::words;

/// The size of a vector, unless the request says otherwise.
const DIMENSIONS: usize = 256;

/// One vector for each text of the request, and what they cost.
pub(super) fn answer(request: &Value) -> anyhow::Result<Value> {
    let texts: Vec<&str> = match &request["input"] {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
        _ => anyhow::bail!("the input is neither a text nor a list of texts"),
    };
    let dimensions = match request["dimensions"].as_u64() {
        None => DIMENSIONS,
        Some(number) => usize::try_from(number).ok().filter(|number| *number > 0).context("no dimensions")?,
    };
    let used: usize = texts.iter().map(|text| tokens::count(text)).sum();
    let data = texts.iter().enumerate().map(
        |(index, text)| json!({"object": "embedding", "index": index, "embedding": vector(text, dimensions)}),
    );
    Ok(json!({
        "object": "list",
        "model": request["model"],
        "data": data.collect::<Vec<_>>(),
        "usage": {"prompt_tokens": used, "total_tokens": used},
    }))
}

/// Each word adds to a dimension that its stem decides; the vector has the length 1.
fn vector(text: &str, dimensions: usize) -> Vec<f32> {
    let mut vector = vec![0.0_f32; dimensions];
    for stem in words::sequence(text) {
        let hash = fnv1a(&stem);
        let sign = if hash >> 63 == 0 { 1.0 } else { -1.0 };
        vector[(hash % dimensions as u64) as usize] += sign;
    }
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
    vector
}

/// A hash that is the same in every process and version.
fn fnv1a(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: &str, b: &str) -> f32 {
        vector(a, 256).iter().zip(vector(b, 256)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn texts_are_the_nearer_the_more_words_they_share() {
        let nears = ["The crab owns a house", "A crab and a fish", "A fish walks"];
        let nears = nears.map(|text| near("The owned crab", text));
        assert!(nears.is_sorted_by(|more, less| more > less), "{nears:?}");
    }

    #[test]
    fn a_vector_has_the_size_that_was_asked_for_and_the_length_one() {
        let request = json!({"model": "m", "input": ["a red crab", "the"], "dimensions": 16});
        let response = answer(&request).unwrap();
        let sizes: Vec<usize> = response["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["embedding"].as_array().unwrap().len())
            .collect();
        assert_eq!(sizes, [16, 16]);
        assert_eq!(response["usage"]["prompt_tokens"], tokens::count("a red crab") + tokens::count("the"));
        assert!((near("a red crab", "a red crab") - 1.0).abs() < 1e-5);
    }
}
