//! Functions that return futures.

macro_rules! returned {
    ($annotation:meta) => {
        use std::future::{Future, Ready, ready};
        use std::pin::Pin;

        use futures_util::FutureExt as _;
        use futures_util::future::{BoxFuture, LocalBoxFuture};

        #[$annotation]
        fn block(n: usize) -> impl Future<Output = Result<usize, String>> + Send {
            async move {
                pause().await;
                Ok(n + work())
            }
        }

        #[$annotation]
        fn borrowing_block(n: &usize) -> impl Future<Output = usize> {
            async {
                pause().await;
                *n + work()
            }
        }

        #[$annotation]
        fn block_after_statements(n: usize) -> impl Future<Output = Option<usize>> + use<> {
            let doubled = n * 2 + work();
            async move {
                pause().await;
                Some(doubled + work())
            }
        }

        #[$annotation]
        fn any_expression(n: usize) -> impl Future<Output = usize> {
            work();
            pause().map(move |()| n + work())
        }

        #[$annotation]
        fn conditional(n: usize) -> impl Future<Output = usize> {
            if n == 0 {
                return pause().map((|()| work()) as fn(()) -> usize);
            }
            pause().map((|()| work()) as fn(()) -> usize)
        }

        #[$annotation]
        fn of_nothing() -> impl Future {
            pause().map(|()| work())
        }

        #[$annotation]
        fn boxed_block<'a>(&n: &usize, text: &'a str) -> Pin<Box<dyn Future<Output = Result<usize, String>> + Send + 'a>> {
            Box::pin(async move {
                pause().await;
                Ok(n + text.len() + work())
            })
        }

        #[$annotation]
        fn boxed_after_statements(n: usize) -> Pin<Box<dyn Future<Output = usize>>> {
            let doubled = n * 2 + work();
            Box::pin(async move {
                pause().await;
                doubled + work()
            })
        }

        #[$annotation]
        fn boxed_expression(n: usize) -> Pin<Box<dyn Future<Output = usize> + Send>> {
            work();
            async move {
                pause().await;
                n + work()
            }
            .boxed()
        }

        #[$annotation]
        fn boxed_early(n: usize) -> Pin<Box<dyn Future<Output = usize> + Send>> {
            if n == 1 {
                return Box::pin(async move {
                    pause().await;
                    n + work()
                });
            }
            Box::pin(async move { n })
        }

        #[$annotation]
        fn alias(n: &usize) -> BoxFuture<'_, Option<usize>> {
            Box::pin(async move {
                pause().await;
                Some(n + work())
            })
        }

        #[$annotation]
        fn local_alias<'a>(n: &'a std::rc::Rc<usize>) -> LocalBoxFuture<'a, Result<usize, String>> {
            async move {
                pause().await;
                Ok(**n + work())
            }
            .boxed_local()
        }

        type Named<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

        #[$annotation]
        fn named(n: &usize) -> Named<'_, Result<usize, String>> {
            let doubled = n * 2;
            Box::pin(async move {
                pause().await;
                Ok(doubled + work())
            })
        }

        #[$annotation]
        fn boxed_opaque(n: usize) -> Pin<Box<impl Future<Output = usize>>> {
            Box::pin(async move {
                pause().await;
                n + work()
            })
        }

        #[$annotation]
        fn boxed_recursive(n: usize) -> Pin<Box<dyn Future<Output = usize> + Send>> {
            Box::pin(async move {
                pause().await;
                if n == 0 { work() } else { boxed_recursive(n - 1).await + work() }
            })
        }

        #[$annotation]
        async fn async_recursive(n: usize) -> usize {
            pause().await;
            if n == 0 { work() } else { Box::pin(async_recursive(n - 1)).await + work() }
        }

        #[$annotation]
        fn passes_on(n: usize) -> impl Future<Output = usize> {
            async fn inner(n: usize) -> usize {
                pause().await;
                n + work()
            }
            inner(n)
        }

        #[$annotation]
        fn concrete(n: usize) -> Ready<usize> {
            ready(n + work())
        }

        #[$annotation]
        async fn async_block() -> impl Future<Output = usize> {
            pause().await;
            work();
            async { 1 }
        }

        pub(super) const SHAPES: &[Shape] = &[
            shape!("`fn -> impl Future`: `async move { .. }`", "block", future block(1)),
            shape!("`fn(&T) -> impl Future`: `async { .. }`", "borrowing_block", future borrowing_block(&1)),
            shape!("`fn -> impl Future`: statements, then `async move { .. }`", "block_after_statements", future block_after_statements(1)),
            shape!("`fn -> impl Future`: any expression", "any_expression", future any_expression(1)),
            shape!("`fn -> impl Future` with an early `return`", "conditional", future conditional(1)),
            shape!("`fn -> impl Future` of any output", "of_nothing", future of_nothing()),
            shape!("`fn<'a>(&T, &'a str) -> Pin<Box<dyn Future + Send + 'a>>`: `Box::pin(async move { .. })`", "boxed_block", future boxed_block(&1, "a")),
            shape!("`fn -> Pin<Box<dyn Future>>`: statements, then `Box::pin(async move { .. })`", "boxed_after_statements", future boxed_after_statements(1)),
            shape!("`fn -> Pin<Box<dyn Future>>`: any expression", "boxed_expression", future boxed_expression(1)),
            shape!("`fn -> Pin<Box<dyn Future>>` with an early `return`", "boxed_early", future boxed_early(1)),
            shape!("`fn -> BoxFuture<'_, T>`", "alias", future alias(&1)),
            shape!("`fn<'a> -> LocalBoxFuture<'a, T>`", "local_alias", future local_alias(Box::leak(Box::new(std::rc::Rc::new(1))))),
            shape!("`fn -> Alias<'_, T>`: statements, then `Box::pin(async move { .. })`", "named", future named(&1)),
            shape!("`fn -> Pin<Box<impl Future>>`: `Box::pin(async move { .. })`", "boxed_opaque", future boxed_opaque(1)),
            shape!("`fn -> Pin<Box<dyn Future>>` that calls itself", "boxed_recursive", future boxed_recursive(2)),
            shape!("`async fn` that calls itself in a box", "async_recursive", future async_recursive(2)),
            shape!("`fn -> impl Future` of an async function inside", "passes_on", future passes_on(1)),
            shape!("`fn -> Ready<T>`, a future by its own name", "concrete", call concrete(1).into_inner()),
            shape!("`async fn -> impl Future`", "async_block", future async_block()),
        ];
    };
}

pub(crate) use returned;
