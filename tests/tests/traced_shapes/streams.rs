//! Functions that return streams.

macro_rules! streams {
    ($annotation:meta) => {
        use std::pin::Pin;

        use futures_util::stream::{self, BoxStream, LocalBoxStream};
        use futures_util::{FutureExt as _, Stream, StreamExt as _};

        async fn item(n: usize) -> Result<usize, String> {
            pause().await;
            Ok(n + work())
        }

        #[$annotation]
        fn any_stream(n: usize) -> impl Stream<Item = Result<usize, String>> {
            work();
            stream::iter(0..n).then(item)
        }

        #[$annotation]
        fn borrowing<'a>(list: &'a [usize], _other: &str) -> impl Stream<Item = usize> + Send + use<'a> {
            stream::iter(list).then(|&n| async move { n + work() })
        }

        #[$annotation]
        fn made_by_a_macro(n: usize) -> impl Stream<Item = usize> {
            async_stream::stream! {
                for m in 0..n {
                    pause().await;
                    yield m + work();
                }
            }
        }

        #[$annotation]
        fn tried_by_a_macro(list: Vec<usize>) -> impl Stream<Item = Result<usize, String>> {
            let doubled = list.iter().map(|n| n * 2).collect::<Vec<_>>();
            async_stream::try_stream! {
                for n in doubled {
                    let n = item(n).await?;
                    yield n;
                }
            }
        }

        #[$annotation]
        fn boxed(n: usize) -> Pin<Box<dyn Stream<Item = Result<usize, String>> + Send>> {
            Box::pin(stream::iter(0..n).then(item))
        }

        #[$annotation]
        fn alias(list: &[usize]) -> BoxStream<'_, usize> {
            stream::iter(list).then(|n| async move { n + work() }).boxed()
        }

        #[$annotation]
        fn local_alias<'a>(n: usize) -> LocalBoxStream<'a, usize> {
            stream::iter(0..n).then(|n| async move { n + work() }).boxed_local()
        }

        #[$annotation]
        fn early(n: usize) -> BoxStream<'static, Result<usize, String>> {
            if n == 2 {
                return stream::iter(0..n).then(item).boxed();
            }
            stream::empty().boxed()
        }

        #[$annotation]
        fn in_a_result(n: usize) -> Result<impl Stream<Item = Result<usize, String>>, std::num::TryFromIntError> {
            let n = usize::from(u8::try_from(n)?);
            Ok(stream::iter(0..n).then(item))
        }

        #[$annotation]
        fn boxed_in_a_result(n: usize) -> Result<BoxStream<'static, usize>, String> {
            if n == 0 {
                return Err("none".to_owned());
            }
            Ok(stream::iter(0..n).then(|n| async move { n + work() }).boxed())
        }

        #[$annotation]
        fn in_an_option(n: usize) -> Option<impl Stream<Item = usize>> {
            let first = n.checked_sub(1)?;
            Some(stream::iter(first..=n).then(|n| async move { n + work() }))
        }

        #[$annotation]
        fn boxed_in_an_option(n: usize) -> Option<Pin<Box<dyn Stream<Item = Result<usize, String>> + Send>>> {
            work();
            Some(Box::pin(stream::iter(0..n).then(item)))
        }

        #[$annotation]
        async fn later(n: usize) -> impl Stream<Item = usize> {
            pause().await;
            work();
            stream::iter(0..n).then(|n| async move { n + work() })
        }

        #[$annotation]
        async fn later_in_a_result(n: usize) -> Result<impl Stream<Item = Result<usize, String>>, std::num::TryFromIntError> {
            let n = usize::from(u8::try_from(n)?);
            pause().await;
            Ok(stream::iter(0..n).then(item))
        }

        #[$annotation]
        async fn later_boxed_in_a_result(n: &usize) -> Result<BoxStream<'_, usize>, String> {
            pause().await;
            Ok(stream::iter(0..*n).then(|n| async move { n + work() }).boxed())
        }

        #[$annotation]
        async fn later_in_an_option(n: usize) -> Option<impl Stream<Item = usize>> {
            pause().await;
            work();
            let n = n.checked_sub(1)?;
            Some(stream::iter(0..=n).then(|n| async move { n + work() }))
        }

        struct Counter(usize);

        impl Counter {
            #[$annotation]
            fn numbers(&mut self, n: usize) -> impl Stream<Item = usize> + '_ {
                stream::iter(0..n).map(move |n| {
                    self.0 += 1;
                    n + self.0 + work()
                })
            }

            #[$annotation]
            async fn shared(self: std::sync::Arc<Self>) -> Result<BoxStream<'static, usize>, String> {
                pause().await;
                Ok(stream::iter(0..2).map(move |n| n + self.0 + work()).boxed())
            }
        }

        pub(super) const SHAPES: &[Shape] = &[
            shape!("`fn -> impl Stream`", "any_stream", stream any_stream(2)),
            shape!("`fn<'a>(&'a [T], &str) -> impl Stream + use<'a>`", "borrowing", stream borrowing(&[1, 2], "other")),
            shape!("`fn -> impl Stream`: `stream! { .. }`", "made_by_a_macro", stream made_by_a_macro(2)),
            shape!("`fn -> impl Stream`: statements, then `try_stream! { .. }`", "tried_by_a_macro", stream tried_by_a_macro(vec![1, 2])),
            shape!("`fn -> Pin<Box<dyn Stream + Send>>`", "boxed", stream boxed(2)),
            shape!("`fn -> BoxStream<'_, T>`", "alias", stream alias(&[1, 2])),
            shape!("`fn<'a> -> LocalBoxStream<'a, T>`", "local_alias", stream local_alias(2)),
            shape!("`fn -> BoxStream` with an early `return`", "early", stream early(2)),
            shape!("`fn -> Result<impl Stream, E>` with `?`", "in_a_result", stream in_a_result(2).unwrap()),
            shape!("`fn -> Result<BoxStream, E>`", "boxed_in_a_result", stream boxed_in_a_result(2).unwrap()),
            shape!("`fn -> Option<impl Stream>` with `?`", "in_an_option", stream in_an_option(2).unwrap()),
            shape!("`fn -> Option<Pin<Box<dyn Stream + Send>>>`", "boxed_in_an_option", stream boxed_in_an_option(2).unwrap()),
            shape!("`async fn -> impl Stream`", "later", stream later(2).flatten_stream()),
            shape!("`async fn -> Result<impl Stream, E>` with `?`", "later_in_a_result", stream later_in_a_result(2).map(Result::unwrap).flatten_stream()),
            shape!("`async fn(&T) -> Result<BoxStream<'_, U>, E>`", "later_boxed_in_a_result", stream later_boxed_in_a_result(&2).map(Result::unwrap).flatten_stream()),
            shape!("`async fn -> Option<impl Stream>` with `?`", "later_in_an_option", stream later_in_an_option(2).map(Option::unwrap).flatten_stream()),
            shape!("`fn(&mut self) -> impl Stream + '_`", "numbers", stream Box::leak(Box::new(Counter(0))).numbers(2)),
            shape!("`async fn(self: Arc<Self>) -> Result<BoxStream, E>`", "shared", stream std::sync::Arc::new(Counter(0)).shared().map(Result::unwrap).flatten_stream()),
        ];
    };
}

pub(crate) use streams;
