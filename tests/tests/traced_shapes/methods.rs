//! Methods of every `self`, that are the same with and without `async` in front.

macro_rules! methods {
    ($annotation:meta, [$($async:tt)?], $way:ident) => {
        use std::pin::Pin;
        use std::rc::Rc;
        use std::sync::Arc;

        /// Something with methods, a lifetime, a type and a constant with a default.
        #[derive(Debug, Clone, Default)]
        struct Cart<'a, T = u8, const N: usize = 2> {
            items: Vec<T>,
            name: &'a str,
        }

        impl Cart<'_> {
            #[$annotation]
            $($async)? fn by_ref(&self) -> Option<&u8> {
                wait!($way);
                work();
                self.items.first()
            }

            #[$annotation]
            $($async)? fn by_mut(&mut self, item: u8) -> Result<&mut Self, String> {
                wait!($way);
                work();
                self.items.push(item);
                Ok(self)
            }

            #[$annotation]
            $($async)? fn by_value(self) -> Result<Self, String> {
                wait!($way);
                work();
                Ok(self)
            }

            #[$annotation]
            $($async)? fn changed(mut self, item: u8) -> Self {
                wait!($way);
                work();
                self.items.push(item);
                self
            }

            #[$annotation]
            $($async)? fn by_box(self: Box<Self>) -> Result<Vec<u8>, String> {
                wait!($way);
                work();
                Ok(self.items)
            }

            #[$annotation]
            $($async)? fn by_rc(self: Rc<Self>) -> usize {
                wait!($way);
                self.items.len() + work()
            }

            #[$annotation]
            $($async)? fn by_arc(self: Arc<Self>) -> Result<usize, String> {
                wait!($way);
                Ok(self.items.len() + work())
            }

            #[$annotation]
            $($async)? fn by_ref_to_arc(self: &Arc<Self>) -> Option<usize> {
                wait!($way);
                Some(self.items.len() + work())
            }

            #[$annotation]
            $($async)? fn by_pin(self: Pin<&mut Self>) -> Result<usize, String> {
                wait!($way);
                Ok(self.items.len() + work())
            }

            #[$annotation]
            $($async)? fn by_pin_of_ref(self: Pin<&Self>) -> Result<&str, String> {
                wait!($way);
                work();
                Ok(self.get_ref().name)
            }

            #[$annotation]
            $($async)? fn by_pin_of_box(mut self: Pin<Box<Self>>) -> Result<usize, String> {
                wait!($way);
                self.as_mut().items.push(1);
                Ok(self.items.len() + work())
            }

            #[$annotation]
            $($async)? fn elided(&self, other: &Cart<'_>) -> Result<Cart<'_>, String> {
                wait!($way);
                work();
                let _ = other.name.len();
                Ok(Cart { items: Vec::new(), name: self.name })
            }

            #[$annotation]
            $($async)? fn chooses<'b>(&'b self, other: &'b Self, mine: bool) -> &'b Self {
                wait!($way);
                work();
                if mine { self } else { other }
            }
        }

        impl<'a, T: Clone + Default, const N: usize> Cart<'a, T, N> {
            const SIZE: usize = N;

            #[$annotation]
            $($async)? fn new(name: &'a str) -> Self {
                wait!($way);
                work();
                Self { items: vec![T::default(); Self::SIZE], name }
            }

            #[$annotation]
            $($async)? fn found(&self, at: impl Into<usize>) -> Option<(T, &'a str)>
            where
                T: PartialEq,
            {
                wait!($way);
                work();
                Some((self.items.get(at.into())?.clone(), self.name))
            }

            #[$annotation]
            $($async)? fn filled<U: Into<T>>(self, with: [U; N]) -> Result<Self, String>
            where
                Self: Sized,
            {
                wait!($way);
                work();
                Ok(Self { items: with.map(Into::into).to_vec(), ..self })
            }
        }

        fn cart() -> Cart<'static> {
            Cart { items: vec![1, 2], name: "mine" }
        }

        fn kept() -> &'static mut Cart<'static> {
            Box::leak(Box::new(cart()))
        }

        macro_rules! row {
            ($form:literal, $function:literal, $call:expr) => {
                shape!(concat!("`", $(stringify!($async), " ",)? $form), $function, $way $call)
            };
        }

        pub(super) const SHAPES: &[Shape] = &[
            row!("fn(&self) -> Option<&T>`", "by_ref", kept().by_ref()),
            row!("fn(&mut self) -> Result<&mut Self, E>`", "by_mut", kept().by_mut(1)),
            row!("fn(self) -> Result<Self, E>`", "by_value", cart().by_value()),
            row!("fn(mut self) -> Self`", "changed", cart().changed(1)),
            row!("fn(self: Box<Self>)`", "by_box", Box::new(cart()).by_box()),
            row!("fn(self: Rc<Self>)`", "by_rc", Rc::new(cart()).by_rc()),
            row!("fn(self: Arc<Self>)`", "by_arc", Arc::new(cart()).by_arc()),
            row!("fn(self: &Arc<Self>)`", "by_ref_to_arc", Box::leak(Box::new(Arc::new(cart()))).by_ref_to_arc()),
            row!("fn(self: Pin<&mut Self>)`", "by_pin", Pin::new(kept()).by_pin()),
            row!("fn(self: Pin<&Self>) -> Result<&str, E>`", "by_pin_of_ref", Pin::new(&*kept()).by_pin_of_ref()),
            row!("fn(mut self: Pin<Box<Self>>)`", "by_pin_of_box", Box::pin(cart()).by_pin_of_box()),
            row!("fn(&self, &Type<'_>) -> Result<Type<'_>, E>`", "elided", kept().elided(kept())),
            row!("fn<'b>(&'b self, &'b Self) -> &'b Self`", "chooses", kept().chooses(kept(), true)),
            row!("fn -> Self` of `impl<'a, T, const N: usize>`", "new", Cart::<u16, 3>::new("other")),
            row!("fn(&self, impl Into<..>) -> Option<(T, &'a str)> where T: ..`", "found", kept().found(1_usize)),
            row!("fn<U: Into<T>>(self, [U; N]) .. where Self: Sized`", "filled", cart().filled([1, 2])),
        ];
    };
}

pub(crate) use methods;
