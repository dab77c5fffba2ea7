use throughline::{llm_span, traced};

struct Model;

#[llm_span(provider = "openai", modell = "gpt-4o", level = "loud")]
impl Model {
    fn ask(&self, #[attr] question: &str) {
        let _ = question;
    }

    #[llm_span(skip)]
    fn helper(&self) {}

    #[traced(kind = "client")]
    fn inner(&self) {}
}

#[traced(level = "loud")]
mod nested {
    pub trait Quiet {
        #[throughline::traced(skip)]
        fn quiet(&self) {}
    }
}

fn main() {
    Model.ask("");
    Model.helper();
    Model.inner();
}
