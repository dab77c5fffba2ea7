//! What is no response, or a strange one, says nothing wrong and costs nothing.

use serde::{Serialize, Serializer};
use serde_json::json;

use super::tests::{observe, summary};

#[test]
fn what_is_not_a_model_response_says_nothing() {
    let order =
        json!({"id": "order-7", "status": "completed", "items": [{"id": "a", "name": "b"}], "content": "c"});
    for value in [json!(null), json!("text"), json!([1, 2]), json!({"users": [{"id": 1}]}), json!(3.5), order]
    {
        let seen = observe(&value);
        assert_eq!(summary(&seen), "  [] []");
        assert_eq!(seen.usage(), None);
    }
}

#[test]
fn nonsense_in_known_fields_is_left_out() {
    let seen = observe(&json!({"id": 17, "model": ["a"], "choices": "none",
        "usage": {"prompt_tokens": -4, "completion_tokens": "many", "total_tokens": 1e300, "cost": "free"}}));
    assert_eq!(seen.cost, None);
    assert_eq!(seen.usage(), None);
}

#[test]
fn a_value_that_refuses_to_be_serialized_keeps_what_came_before() {
    struct Refuses;

    impl Serialize for Refuses {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no"))
        }
    }

    #[derive(Serialize)]
    struct Response {
        model: &'static str,
        choices: Refuses,
        id: &'static str,
    }

    let seen = observe(&Response { model: "m", choices: Refuses, id: "never reached" });
    assert_eq!(summary(&seen), "m  [] []");
}

#[test]
fn what_is_of_no_interest_is_not_even_serialized() {
    struct Explodes;

    impl Serialize for Explodes {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            panic!("serialized for nothing")
        }
    }

    #[derive(Serialize)]
    struct Response {
        logprobs: Explodes,
        choices: [Choice; 1],
        model: &'static str,
    }

    #[derive(Serialize)]
    struct Choice {
        message: Message,
    }

    #[derive(Serialize)]
    struct Message {
        content: Explodes,
    }

    let seen = observe(&Response {
        logprobs: Explodes,
        choices: [Choice { message: Message { content: Explodes } }],
        model: "m",
    });
    assert_eq!(summary(&seen), "m  [] []");
}

#[test]
fn long_names_are_cut_between_characters() {
    let seen = observe(&json!({"model": "ä".repeat(100), "id": "x".repeat(1000)}));
    assert_eq!(&seen.model[..], "ä".repeat(64));
    assert_eq!(seen.id.len(), 128);
}

#[test]
fn thousands_of_tool_calls_are_capped() {
    let calls: Vec<_> =
        (0..5000).map(|n| json!({"id": format!("c{n}"), "function": {"name": "f"}})).collect();
    let seen = observe(&json!({"choices": [{"message": {"tool_calls": calls}}]}));
    assert_eq!(seen.tool_calls.len(), 128);
}
