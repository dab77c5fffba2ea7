//! Functions that are the same with and without `async` in front.

macro_rules! functions {
    ($annotation:meta, [$($async:tt)?], $way:ident) => {
        use std::fmt::{Debug, Display};

        #[$annotation]
        $($async)? fn plain(n: usize) -> usize {
            wait!($way);
            n + work()
        }

        #[$annotation]
        $($async)? fn unit() {
            wait!($way);
            work();
        }

        #[$annotation]
        $($async)? unsafe fn careful(n: *const usize) -> usize {
            wait!($way);
            // SAFETY: the caller says so.
            work() + unsafe { *n }
        }

        #[$annotation]
        $($async)? fn of_types<T: Clone, U>(one: T, other: Option<U>) -> (T, Option<U>)
        where
            U: Display + Default,
        {
            wait!($way);
            work();
            (one.clone(), other)
        }

        #[$annotation]
        $($async)? fn of_lifetimes<'a, 'b: 'a>(one: &'a str, other: &'b str) -> Result<&'a str, &'b str> {
            wait!($way);
            if work() == 1 { Ok(one) } else { Err(other) }
        }

        #[$annotation]
        $($async)? fn of_constants<const N: usize, const BIG: bool>(list: [u8; N]) -> [u8; N] {
            wait!($way);
            work();
            list
        }

        #[$annotation]
        $($async)? fn of_every_lifetime<F>(f: F) -> Option<usize>
        where
            F: for<'a> Fn(&'a str) -> &'a str,
        {
            wait!($way);
            Some(work() + f("x").len())
        }

        #[$annotation]
        $($async)? fn any_argument(text: impl AsRef<str>, list: &mut impl Extend<u8>, any: &dyn Debug) -> String {
            wait!($way);
            list.extend([1]);
            format!("{}{any:?}{}", text.as_ref(), work())
        }

        #[$annotation]
        $($async)? fn any_value(n: u8) -> impl Iterator<Item = u8> + Clone {
            wait!($way);
            work();
            0..n
        }

        #[$annotation]
        $($async)? fn any_value_or_not(n: u16) -> Result<impl Iterator<Item = u8>, std::num::TryFromIntError> {
            wait!($way);
            work();
            let n = u8::try_from(n)?;
            Ok((0..n).rev())
        }

        #[$annotation]
        $($async)? fn boxed_value(n: usize) -> Box<dyn Fn(usize) -> usize> {
            wait!($way);
            let m = work();
            Box::new(move |more| n + m + more)
        }

        #[$annotation]
        $($async)? fn borrowed_value(shop: &Shop) -> &dyn Debug {
            wait!($way);
            work();
            shop
        }

        #[$annotation]
        $($async)? fn changeable_value<'a>(shop: &'a mut Shop, _other: &str) -> &'a mut [String] {
            wait!($way);
            shop.items.push(work().to_string());
            &mut shop.items
        }

        #[$annotation]
        $($async)? fn coerced(n: usize) -> Result<Box<dyn Debug>, Box<dyn std::error::Error + Send + Sync>> {
            wait!($way);
            if n + work() == 0 {
                return Err("nothing".into());
            }
            Ok(Box::new(n))
        }

        #[$annotation]
        $($async)? fn patterns(
            (a, _): (u8, u8),
            [first, .., last]: [u8; 4],
            Shop { id, items: _ }: Shop,
            &c: &u8,
            whole @ (_, _): (u8, u8),
        ) -> usize {
            wait!($way);
            usize::from(a + first + last + c + whole.0) + id + work()
        }

        #[$annotation]
        $($async)? fn changed(mut n: usize, _: usize, _unused: usize) -> usize {
            wait!($way);
            n += work();
            n
        }

        #[$annotation]
        $($async)? fn conditional(
            n: usize,
            #[cfg(all())] more: usize,
            #[cfg(any())] _never: Nothing,
            #[allow(unused_variables)] unused: usize,
        ) -> Result<usize, String> {
            wait!($way);
            Ok(n + more + work())
        }

        #[$annotation]
        $($async)? fn early(n: usize) -> Result<usize, String> {
            wait!($way);
            if n == work() {
                return Ok(n);
            }
            Err(n.to_string())
        }

        #[$annotation]
        $($async)? fn asks(text: &str) -> Result<usize, std::num::ParseIntError> {
            wait!($way);
            let n: usize = text.parse()?;
            Ok(n + work())
        }

        #[$annotation]
        $($async)? fn asks_an_option(list: &[usize]) -> Option<usize> {
            wait!($way);
            work();
            Some(list.first()? + list.get(1)?)
        }

        #[$annotation]
        $($async)? fn labelled(n: usize) -> Option<usize> {
            let found = 'outer: loop {
                for m in 0.. {
                    wait!($way);
                    if m == n {
                        break 'outer m + work();
                    }
                }
            };
            'block: {
                if found > 1 {
                    break 'block;
                }
                return None;
            }
            Some(found)
        }

        #[$annotation]
        $($async)? fn closes_over(list: Vec<usize>, mut sum: usize) -> Result<usize, String> {
            wait!($way);
            let longest = || list.iter().max();
            let mut add = |n: usize| sum += n;
            longest().into_iter().for_each(|&n| add(n));
            Ok(sum + work())
        }

        #[$annotation]
        $($async)? fn nests(n: usize) -> Result<usize, String> {
            fn inner(n: usize) -> Result<usize, String> {
                n.checked_sub(1).ok_or_else(|| return "small".to_owned())
            }
            struct Local(usize);
            impl Local {
                fn get(&self) -> usize {
                    self.0
                }
            }
            wait!($way);
            Ok(Local(inner(n)?).get() + work())
        }

        #[$annotation]
        $($async)? fn r#match(r#type: usize, r#struct: usize) -> usize {
            wait!($way);
            r#type + r#struct + work()
        }

        /// A documented function.
        #[doc = "In two ways."]
        #[$annotation]
        $($async)? fn documented() -> usize {
            //! And from within.
            wait!($way);
            work()
        }

        #[must_use = "it says how much"]
        #[$annotation]
        $($async)? fn must_be_used() -> usize {
            wait!($way);
            work()
        }

        #[inline]
        #[$annotation]
        $($async)? fn inlined() -> Result<usize, String> {
            wait!($way);
            Ok(work())
        }

        #[cold]
        #[inline(never)]
        #[$annotation]
        $($async)? fn cold() -> usize {
            wait!($way);
            work()
        }

        #[$annotation]
        #[deprecated(note = "there is a better one")]
        $($async)? fn deprecated() -> usize {
            wait!($way);
            work()
        }

        #[$annotation]
        $($async)? fn diverges(_n: usize) -> ! {
            wait!($way);
            work();
            std::panic::resume_unwind(Box::new("on purpose"))
        }

        #[$annotation]
        $($async)? fn panics(_n: usize) -> Result<usize, String> {
            wait!($way);
            work();
            std::panic::resume_unwind(Box::new("on purpose"))
        }

        macro_rules! row {
            ($form:literal, $function:literal, $call:expr) => {
                shape!(concat!("`", $(stringify!($async), " ",)? $form), $function, $way $call)
            };
        }

        pub(super) const SHAPES: &[Shape] = &[
            row!("fn(usize) -> usize`", "plain", plain(1)),
            row!("fn()`", "unit", unit()),
            // SAFETY: the number is always there.
            row!("unsafe fn`", "careful", unsafe { careful(&7) }),
            row!("fn<T: Clone, U> .. where U: Display`", "of_types", of_types(1, Some(2))),
            row!("fn<'a, 'b: 'a>(&'a str, &'b str) -> Result<&'a str, &'b str>`", "of_lifetimes", of_lifetimes("a", "b")),
            row!("fn<const N: usize>([u8; N]) -> [u8; N]`", "of_constants", of_constants::<2, true>([0; 2])),
            row!("fn<F> .. where F: for<'a> Fn(&'a str) -> &'a str`", "of_every_lifetime", of_every_lifetime(str::trim)),
            row!("fn(impl Trait, &mut impl Trait, &dyn Trait)`", "any_argument", any_argument("a", Box::leak(Box::new(Vec::new())), &1)),
            row!("fn -> impl Trait`", "any_value", any_value(1)),
            row!("fn -> Result<impl Trait, E>`", "any_value_or_not", any_value_or_not(1)),
            row!("fn -> Box<dyn Trait>`", "boxed_value", boxed_value(1)),
            row!("fn(&T) -> &dyn Trait`", "borrowed_value", borrowed_value(shop())),
            row!("fn(&'a mut T, &U) -> &'a mut [V]`", "changeable_value", changeable_value(shop(), "other")),
            row!("fn -> Result<Box<dyn Trait>, Box<dyn Error>>`, whose values are coerced", "coerced", coerced(1)),
            row!("fn((a, _): .., [first, .., last]: .., Struct { id, .. }: .., whole @ ..)`", "patterns", patterns((1, 2), [1; 4], Shop::default(), &1, (1, 2))),
            row!("fn(mut n: .., _: .., _unused: ..)`", "changed", changed(1, 2, 3)),
            row!("fn(#[cfg(..)] ..)`", "conditional", conditional(1, 2, 3)),
            row!("fn` with an early `return`", "early", early(1)),
            row!("fn -> Result<..>` with `?`", "asks", asks("1")),
            row!("fn -> Option<..>` with `?`", "asks_an_option", asks_an_option(&[1, 2])),
            row!("fn` with labels", "labelled", labelled(2)),
            row!("fn` with closures that borrow parameters", "closes_over", closes_over(vec![1], 2)),
            row!("fn` with functions and types inside", "nests", nests(1)),
            row!("fn r#match(r#type: ..)`", "match", r#match(1, 2)),
            row!("fn` with documentation", "documented", documented()),
            row!("fn` under `#[must_use]`", "must_be_used", must_be_used()),
            row!("fn` under `#[inline]`", "inlined", inlined()),
            row!("fn` under `#[cold]`, `#[inline(never)]`", "cold", cold()),
            row!("fn` under `#[deprecated]`", "deprecated", deprecated()),
            row!("fn -> !`", "diverges", diverges(1)),
            row!("fn` that panics", "panics", panics(1)),
        ];
    };
}

pub(crate) use functions;
