use throughline::{llm_span, tool_span, traced};

#[traced]
#[traced(level = "debug")]
fn twice() {}

#[traced]
#[llm_span(provider = "openai")]
#[throughline::tool_span]
async fn several() {}

struct Cart;

#[tool_span]
impl Cart {
    #[traced]
    #[traced]
    fn in_a_place(&self) {}
}

/// An attribute is known by its name: by another one it cannot be told of the place.
mod renamed {
    use throughline::traced as t;

    #[throughline::traced]
    #[t(level = "debug")]
    pub fn twice() {}

    #[throughline::traced]
    pub mod around {
        use super::t;

        #[t]
        pub async fn inside() -> Result<u32, String> {
            Ok(1)
        }
    }
}

fn main() {
    renamed::twice();
    drop(renamed::around::inside());
    twice();
    drop(several());
    Cart.in_a_place();
}
