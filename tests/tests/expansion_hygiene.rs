//! Expansions name everything by absolute paths, and call nothing that a trait of the user could answer.

mod support;

/// Shadows the names that expansions could stumble over.
#[allow(
    dead_code,
    unused_macros,
    non_camel_case_types,
    non_snake_case,
    reason = "the names are there to be in the way"
)]
mod shadowed {
    use ::throughline::{agent_span, embedding_span, llm_span, retrieval_span, tool_span, traced};

    mod core {}
    mod std {}
    mod alloc {}
    mod throughline {}
    mod __private {}
    struct Result;
    struct Option;
    struct Box;
    struct String;
    struct Vec;
    struct Future;
    struct Callsite;
    struct Guard;
    fn Ok() {}
    fn Err() {}
    fn Some() {}
    struct None;
    fn drop() {}
    macro_rules! format {
        () => {};
    }
    macro_rules! module_path {
        () => {};
    }

    /// Methods that every type has.
    #[allow(clippy::wrong_self_convention, reason = "they are as unlike ours as can be")]
    trait Everything: Sized {
        fn enter(self) {}
        fn is_recording(self) {}
        fn value(self) {}
        fn to_value(self) {}
        fn as_context(self) {}
        fn as_parent(self) {}
        fn look(&self) {}
        fn peel(&self) {}
        fn parts(&self) {}
        fn describe(&self) {}
        fn failure(&self) {}
        fn recorded(&self) {}
        fn in_scope(self) {}
        fn begin(self) {}
        fn count(&self) {}
        fn success(&self) {}
        fn stream(self) {}
        fn future(self) {}
        fn carry(self) {}
        fn in_context(self) {}
        fn in_current_context(self) {}
    }

    impl<T> Everything for T {}

    type Fallible<T> = ::std::result::Result<T, ::std::fmt::Error>;

    #[traced(fields(a = a, b = %a, c = ?a, d = "x"), err, ret)]
    pub(super) fn sync(a: u32) -> Fallible<u32> {
        if a == 0 { ::std::result::Result::Err(::std::fmt::Error) } else { ::std::result::Result::Ok(a) }
    }

    #[traced(args, level = "debug", target = "t")]
    pub(super) async fn asynchronous(a: u32, (b, _): (u8, u8)) -> Fallible<u32> {
        sync(a)?;
        ::std::result::Result::Ok(a + u32::from(b))
    }

    #[llm_span(provider = "p", model = model)]
    pub(super) async fn model(model: &str) -> Fallible<::std::option::Option<::std::string::String>> {
        ::std::result::Result::Ok(::std::option::Option::Some(model.to_owned()))
    }

    #[retrieval_span(data_source = %source)]
    pub(super) fn search(source: u8) -> Fallible<::std::vec::Vec<u8>> {
        ::std::result::Result::Ok(::std::vec![source])
    }

    #[tool_span(args, capture(arguments, result))]
    pub(super) fn tool(a: u8) -> u8 {
        a
    }

    #[agent_span(agent = name.to_uppercase().as_str(), capture(input = ?name, output))]
    pub(super) async fn agent(name: &str) -> Fallible<u8> {
        ::std::result::Result::Ok(name.len() as u8)
    }

    #[embedding_span(provider = %name, model = name)]
    pub(super) fn embedding(name: &str) -> Fallible<::std::vec::Vec<u8>> {
        ::std::result::Result::Ok(::std::vec![name.len() as u8])
    }

    #[traced(parent = parent)]
    pub(super) fn boxed<'a>(
        parent: &'a ::throughline::Context,
        a: u32,
    ) -> ::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = Fallible<u32>> + 'a>> {
        let _ = parent;
        ::std::boxed::Box::pin(asynchronous(a, (1, 2)))
    }

    #[traced]
    pub(super) async fn spawns() {
        ::tokio::spawn(async { tool(2) }).await.unwrap();
        ::tokio::task::spawn_blocking(|| tool(3)).await.unwrap();
    }

    #[traced]
    pub(super) async fn items(n: u8) -> Fallible<impl ::futures_util::Stream<Item = Fallible<u8>>> {
        ::std::result::Result::Ok(::futures_util::stream::iter((0..n).map(::std::result::Result::Ok)))
    }
}

#[throughline::traced]
#[allow(dead_code, reason = "the names are there to be in the way")]
mod shadowed_place {
    mod throughline {}
    mod traced {}

    pub(super) struct Cart;

    impl Cart {
        pub(super) fn within(&self) {}
    }
}

/// The crate under another name.
mod renamed {
    pub(crate) use throughline as elsewhere;
}

#[throughline::traced(crate = crate::renamed::elsewhere, fields(n))]
async fn under_another_name() -> Result<(), String> {
    tokio::spawn(async { shadowed::tool(1) }).await.map_err(|error| error.to_string())?;
    Ok(())
}

#[test]
fn shadowed_names_change_nothing() {
    let spans = support::spans_of(async {
        assert!(shadowed::sync(0).is_err());
        assert_eq!(shadowed::asynchronous(1, (1, 0)).await, Ok(2));
        assert!(shadowed::model("m").await.is_ok());
        assert!(shadowed::search(1).is_ok());
        assert_eq!(shadowed::tool(1), 1);
        assert_eq!(shadowed::agent("a").await, Ok(1));
        assert!(shadowed::embedding("a").is_ok());
        assert!(shadowed::boxed(&throughline::Context::current(), 1).await.is_ok());
        shadowed::spawns().await;
        assert!(shadowed::items(2).await.is_ok());
        assert!(under_another_name().await.is_ok());
        shadowed_place::Cart.within();
    });
    let names: Vec<&str> = spans.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(
        names,
        [
            "sync",
            "asynchronous",
            "sync",
            "chat",
            "retrieval",
            "execute_tool",
            "invoke_agent",
            "embeddings",
            "boxed",
            "asynchronous",
            "sync",
            "spawns",
            "execute_tool",
            "execute_tool",
            "items",
            "under_another_name",
            "execute_tool",
            "within"
        ]
    );
}
