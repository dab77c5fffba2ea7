//! What may stand in a place that is annotated.

use throughline::{llm_span, retrieval_span, tool_span, traced};

#[traced(level = "debug", target = "shop", kind = "internal", skip(f, call), err, capture = "poll")]
mod everything {
    //! Inner documentation.
    #![allow(dead_code)]

    use std::fmt;

    const LIMIT: fn() -> u8 = {
        fn inner() -> u8 {
            1
        }
        inner
    };
    static NAMES: [&str; 2] = ["a", "b"];
    type Alias<T> = Result<T, String>;
    struct Unit;
    struct Fields<const N: usize> {
        list: [u8; N],
    }
    enum Kinds {
        A { b: u8 },
    }

    macro_rules! function {
        ($name:ident) => {
            fn $name() {}
        };
    }

    function!(round);
    function! {
        curly
    }

    pub const fn constant() -> u8 {
        1
    }

    fn alias(n: u8) -> Alias<u8> {
        Ok(n)
    }

    fn braces_in_types<const N: usize>(list: [u8; N]) -> Fields<{ 1 + 1 }>
    where
        [u8; 2]: Sized,
    {
        let _ = list;
        Fields { list: [0; 2] }
    }

    impl fmt::Debug for Fields<{ 1 + 1 }> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("fields")
        }
    }

    impl Default for Unit {
        fn default() -> Self {
            Self
        }
    }

    impl fmt::Debug for Unit {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("unit")
        }
    }

    impl Drop for Kinds {
        #[inline]
        fn drop(&mut self) {}
    }

    pub trait Does {
        type Output: Default;
        const NAME: &'static str = "does";

        fn declared(&self) -> Self::Output;

        fn with_body(&self, call: impl Fn(u8) -> bool) -> bool {
            call(1)
        }

        async fn later(&self) -> Option<u8>
        where
            Self: Sized,
        {
            None
        }
    }

    mod empty {}
}

struct Service;

#[llm_span(provider = "openai")]
impl Service {
    #[llm_span(model = model, err)]
    async fn ask(&self, model: &str) -> Result<String, String> {
        let _ = model;
        self.parse("42")
    }

    #[traced]
    fn parse(&self, text: &str) -> Result<String, String> {
        Ok(text.to_owned())
    }
}

#[retrieval_span(data_source = "handbook", top_k = limit)]
trait Searches {
    fn search(&self, limit: usize) -> Vec<String> {
        let _ = limit;
        Vec::new()
    }
}

#[tool_span(type = "function", args)]
mod tools {
    pub fn add(a: u8, b: u8) -> u8 {
        a + b
    }
}
