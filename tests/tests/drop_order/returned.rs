//! Functions that return futures and streams, and methods of traits.

/// The functions, the table of their calls.
macro_rules! returned {
    ($annotation:meta) => {
        use std::future::Future;
        use std::pin::Pin;

        use futures_util::stream::{self, BoxStream, Stream, StreamExt as _};

        #[$annotation]
        fn block(a: Noted, _b: Noted) -> impl Future<Output = Result<usize, String>> {
            async move {
                let _local = noted("local");
                pause().await;
                noted("temporary").ok().map(|n| n + a.len())
            }
        }

        #[$annotation]
        fn block_after_statements(a: Noted, _b: Noted) -> impl Future<Output = Result<usize, String>> {
            let _at_the_call = noted("at the call");
            let taken = noted("taken");
            async move {
                pause().await;
                let _local = noted("local");
                a.ok().map(|n| n + taken.len())
            }
        }

        #[$annotation]
        fn any_expression(a: Noted, _b: Noted) -> impl Future<Output = Option<Noted>> {
            let _local = noted("local");
            noted("temporary").len();
            pause_with(a)
        }

        #[$annotation]
        fn boxed_block(a: Noted, (_, b): (Noted, Noted)) -> Pin<Box<dyn Future<Output = usize>>> {
            Box::pin(async move {
                let _b = b;
                pause().await;
                a.len() + noted("temporary").len()
            })
        }

        #[$annotation]
        fn boxed_after_statements(a: Noted, _b: Noted) -> Pin<Box<dyn Future<Output = Result<usize, String>>>> {
            let _at_the_call = noted("at the call");
            let n = noted("counted").len();
            Box::pin(async move {
                pause().await;
                a.ok().map(|m| n + m)
            })
        }

        #[$annotation]
        fn boxed_expression(a: Noted, _b: Noted) -> Pin<Box<dyn Future<Output = Option<Noted>>>> {
            let _local = noted("local");
            let boxed: Pin<Box<dyn Future<Output = _>>> = Box::pin(pause_with(a));
            boxed
        }

        #[$annotation]
        fn boxed_early(a: Noted, b: Noted) -> Pin<Box<dyn Future<Output = Option<Noted>>>> {
            let _local = noted("local");
            if a.len() == 1 {
                return Box::pin(pause_with(b));
            }
            Box::pin(pause_with(a))
        }

        #[$annotation]
        fn panics_at_the_call(a: Noted, _b: Noted) -> Pin<Box<dyn Future<Output = Option<Noted>>>> {
            let _local = noted("local");
            if a.len() == 1 {
                std::panic::resume_unwind(Box::new(1));
            }
            Box::pin(pause_with(a))
        }

        #[$annotation]
        fn items(a: Noted, _b: Noted) -> impl Stream<Item = Noted> {
            let _local = noted("local");
            stream::iter([noted("first item"), noted("second item")]).chain(stream::once(async move { a }))
        }

        #[$annotation]
        fn boxed_items(a: Noted, _: Noted) -> BoxStream<'static, Result<usize, String>> {
            let kept = noted("kept");
            stream::iter([1, 2]).map(move |n| a.ok().map(|m| n + m + kept.len())).boxed()
        }

        #[$annotation]
        fn items_or_not(a: Noted, b: Noted) -> Result<impl Stream<Item = usize>, String> {
            let _local = noted("local");
            b.ok()?;
            Ok(stream::iter([1, 2]).map(move |n| a.len() + n))
        }

        #[$annotation]
        async fn items_later(a: Noted, b: Noted) -> Result<impl Stream<Item = usize>, String> {
            let _local = noted("local");
            pause().await;
            b.ok()?;
            Ok(stream::iter([1, 2]).map(move |n| a.len() + n))
        }

        trait Works {
            #[$annotation]
            async fn by_default(&self, _: Noted, a: Noted) -> Result<usize, String> {
                let _local = noted("local");
                pause().await;
                a.ok()
            }

            async fn by_itself(self, a: Noted, b: Noted) -> Result<usize, String>;
        }

        struct Worker(Noted);

        impl Works for Worker {
            #[$annotation]
            async fn by_itself(self, _a: Noted, b: Noted) -> Result<usize, String> {
                pause().await;
                self.0.ok().map(|n| n + b.len() + noted("temporary").len())
            }
        }

        #[async_trait::async_trait]
        trait WorksInABox {
            async fn in_a_box(&self, a: Noted, (_, c): (Noted, Noted), _: Noted) -> Result<usize, String>;
            async fn in_a_box_by_itself(self, a: Noted, wrong: Noted) -> Result<usize, String>;
        }

        #[async_trait::async_trait]
        impl WorksInABox for Worker {
            #[$annotation]
            async fn in_a_box(&self, _a: Noted, (_, c): (Noted, Noted), _: Noted) -> Result<usize, String> {
                let _local = noted("local");
                pause().await;
                noted("temporary").ok().map(|n| n + c.len())
            }

            #[$annotation]
            async fn in_a_box_by_itself(self, _a: Noted, wrong: Noted) -> Result<usize, String> {
                let _local = noted("local");
                pause().await;
                Ok(noted("temporary").len() + wrong.ok()?)
            }
        }

        macro_rules! case {
            ($name:literal, $run:ident $call:expr) => {
                Case { name: $name, run: |until| $run($call, until) }
            };
        }

        pub(super) const CASES: &[Case] = &[
            case!("block", run block(noted("a"), noted("b"))),
            case!("block_after_statements", run block_after_statements(noted("a"), noted("b"))),
            case!("any_expression", run any_expression(noted("a"), noted("b"))),
            case!("boxed_block", run boxed_block(noted("a"), (noted("left"), noted("right")))),
            case!("boxed_after_statements", run boxed_after_statements(noted("a"), noted("b"))),
            case!("boxed_expression", run boxed_expression(noted("a"), noted("b"))),
            case!("boxed_early", run boxed_early(noted("a"), noted("b"))),
            case!("panics_at_the_call", run panics_at_the_call(noted("a"), noted("b"))),
            case!("items", run_stream items(noted("a"), noted("b"))),
            case!("boxed_items", run_stream boxed_items(noted("a"), noted("_"))),
            case!("items_or_not", run_stream items_or_not(noted("a"), noted("b")).unwrap()),
            case!("items_or_not: not", run async { drop(items_or_not(noted("a"), noted("wrong"))) }),
            case!("items_later", run async { run_stream(items_later(noted("a"), noted("b")).await.unwrap(), Until::End) }),
            case!("items_later: dropped", run async { drop(items_later(noted("a"), noted("b")).await) }),
            case!("items_later: none", run items_later(noted("a"), noted("wrong"))),
            case!("items_later: not awaited", run items_later(noted("a"), noted("b"))),
            case!("by_default", run Worker(noted("worker")).by_default(noted("_"), noted("a"))),
            case!("by_itself", run Worker(noted("worker")).by_itself(noted("a"), noted("b"))),
            case!(
                "in_a_box",
                run Worker(noted("worker")).in_a_box(noted("a"), (noted("left"), noted("right")), noted("_"))
            ),
            case!("in_a_box_by_itself", run Worker(noted("worker")).in_a_box_by_itself(noted("a"), noted("wrong"))),
        ];
    };
}

pub(crate) use returned;
