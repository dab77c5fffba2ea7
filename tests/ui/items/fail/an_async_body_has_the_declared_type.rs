use std::fmt::Display;

use throughline::traced;

#[traced]
async fn returns_nothing() {
    "text"
}

#[traced]
async fn another_type() -> String {
    "text"
}

#[traced]
async fn lacks_the_trait() -> impl Display {
    ("text",)
}

struct Wrapper<T>(#[allow(dead_code)] T);

#[traced]
async fn lacks_the_wrapper() -> Wrapper<impl Display> {
    "text"
}

#[traced]
async fn returns_early_from_nothing() {
    if true {
        return "text";
    }
}

#[traced]
async fn returns_another_type_early() -> String {
    if true {
        return "text";
    }
    String::new()
}

#[traced]
async fn a_semicolon_too_many() -> i32 {
    1;
}

fn main() {}
