//! Methods of traits: declared with a body, implemented, async in each way.

macro_rules! traits {
    ($annotation:meta) => {
        trait Sells: Sync {
            type Item;
            const N: usize;

            fn item(&self) -> Self::Item;

            #[$annotation]
            fn by_default(&self) -> Result<Self::Item, String> {
                work();
                Ok(self.item())
            }

            #[$annotation]
            fn of_the_type(n: usize) -> usize
            where
                Self: Sized,
            {
                n + Self::N + work()
            }

            #[$annotation]
            async fn async_by_default(&self, name: &str) -> Result<(Self::Item, usize), String> {
                pause().await;
                work();
                Ok((self.item(), name.len()))
            }

            fn implemented(&mut self, n: usize) -> Option<Self::Item>;

            async fn async_implemented(&mut self, name: &str) -> Result<Self::Item, String>;

            async fn consumed(self, other: Self) -> Self::Item;

            fn declared_as_a_future(&self) -> impl Future<Output = usize> + Send;

            fn any_of_a_trait(&self) -> impl Iterator<Item = usize>;
        }

        impl Sells for Shop {
            type Item = usize;
            const N: usize = 2;

            fn item(&self) -> usize {
                self.id
            }

            #[$annotation]
            fn implemented(&mut self, n: usize) -> Option<Self::Item> {
                self.id += n;
                Some(self.id + work())
            }

            #[$annotation]
            async fn async_implemented(&mut self, name: &str) -> Result<Self::Item, String> {
                pause().await;
                self.items.push(name.to_owned());
                Ok(work())
            }

            #[$annotation]
            async fn consumed(self, other: Self) -> Self::Item {
                pause().await;
                self.id + other.id + work()
            }

            #[$annotation]
            async fn declared_as_a_future(&self) -> usize {
                pause().await;
                self.id + work()
            }

            #[$annotation]
            fn any_of_a_trait(&self) -> impl Iterator<Item = usize> {
                work();
                self.items.iter().map(String::len)
            }
        }

        #[async_trait::async_trait]
        trait SellsInABox: Sync {
            #[$annotation]
            async fn boxed_by_default(&self, name: &str) -> Result<usize, String> {
                pause().await;
                Ok(name.len() + work())
            }

            async fn boxed(&self, (a, _): (usize, usize), mut name: String, _: &str) -> Result<usize, String>;

            async fn boxed_consumed<'a>(self: Box<Self>, name: &'a str) -> &'a str;

            async fn boxed_of_types<T: Send>(&mut self, value: T) -> Option<T>
            where
                Self: Sized;
        }

        #[async_trait::async_trait]
        impl SellsInABox for Shop {
            #[$annotation]
            async fn boxed(&self, (a, _): (usize, usize), mut name: String, _: &str) -> Result<usize, String> {
                pause().await;
                name.push('x');
                if a == 0 {
                    return Err(name);
                }
                Ok(a + self.id + work())
            }

            #[$annotation]
            async fn boxed_consumed<'a>(self: Box<Self>, name: &'a str) -> &'a str {
                pause().await;
                work();
                name
            }

            #[$annotation]
            async fn boxed_of_types<T: Send>(&mut self, value: T) -> Option<T> {
                pause().await;
                self.id += work();
                Some(value)
            }
        }

        #[async_trait::async_trait(?Send)]
        trait SellsHere {
            async fn boxed_here(&self, name: std::rc::Rc<str>) -> usize;
        }

        #[async_trait::async_trait(?Send)]
        impl SellsHere for Shop {
            #[$annotation]
            async fn boxed_here(&self, name: std::rc::Rc<str>) -> usize {
                pause().await;
                name.len() + work()
            }
        }

        impl Drop for Closing {
            #[$annotation]
            fn drop(&mut self) {
                work();
            }
        }

        struct Closing;

        struct Number(usize);

        impl std::ops::Add for Number {
            type Output = usize;

            #[$annotation]
            fn add(self, other: Self) -> usize {
                self.0 + other.0 + work()
            }
        }

        impl From<Number> for String {
            #[$annotation]
            fn from(number: Number) -> Self {
                work();
                number.0.to_string()
            }
        }

        pub(super) const SHAPES: &[Shape] = &[
            shape!("`fn` with a body in a trait", "by_default", call shop().by_default()),
            shape!("`fn .. where Self: Sized` with a body in a trait", "of_the_type", call Shop::of_the_type(1)),
            shape!("`async fn` with a body in a trait", "async_by_default", future shop().async_by_default("a")),
            shape!("`fn -> Option<Self::Item>` of a trait, implemented", "implemented", call shop().implemented(1)),
            shape!("`async fn(&mut self)` of a trait, implemented", "async_implemented", future shop().async_implemented("a")),
            shape!("`async fn(self, Self)` of a trait, implemented", "consumed", future shop().clone().consumed(Shop::default())),
            shape!("`async fn` for what the trait declares as `-> impl Future + Send`", "declared_as_a_future", future shop().declared_as_a_future()),
            shape!("`fn -> impl Trait` of a trait", "any_of_a_trait", call shop().any_of_a_trait()),
            shape!("`async fn` with a body in an `#[async_trait]`", "boxed_by_default", future shop().boxed_by_default("a")),
            shape!("`async fn` of an `#[async_trait]`, implemented", "boxed", future shop().boxed((1, 2), String::new(), "a")),
            shape!("`async fn<'a>(self: Box<Self>, &'a str) -> &'a str` of an `#[async_trait]`", "boxed_consumed", future Box::<Shop>::default().boxed_consumed("a")),
            shape!("`async fn<T: Send>(&mut self, T)` of an `#[async_trait]`", "boxed_of_types", future shop().boxed_of_types(1)),
            shape!("`async fn` of an `#[async_trait(?Send)]`", "boxed_here", future shop().boxed_here("a".into())),
            shape!("`fn drop(&mut self)` of `Drop`", "drop", call drop(Closing)),
            shape!("`fn` of an operator", "add", call Number(1) + Number(2)),
            shape!("`fn` of `impl From<T> for String`", "from", call String::from(Number(1))),
        ];
    };
}

pub(crate) use traits;
