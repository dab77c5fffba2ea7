use throughline::{llm_span, traced};

struct Cart(u8);

#[traced(level = "debug", err)]
impl Cart {
    #[traced(ret)]
    fn nothing(&self) {}

    #[traced(name = "limit")]
    const fn limit(&self) -> u8 {
        self.0
    }

    fn wrong(&self) -> Result<u8, String> {
        "text"
    }

    #[traced(nam = "typo")]
    fn typo(&self, #[attr(x)] a: u8) {
        let _ = a;
    }
}

#[traced(fields(of.some = amount))]
impl Cart {
    fn with(&self, amount: u8) {
        let _ = amount;
    }

    fn without(&self) {}
}

#[llm_span(model = "gpt-4o")]
impl Cart {
    fn ask(&self) {}
}

fn main() {}
