//! Lints see annotated code as they see it without the attribute. Clippy holds this file to it: what is said here fires
//! nowhere but where it is expected, and there it has to.

#![warn(clippy::non_canonical_clone_impl, clippy::non_canonical_partial_ord_impl)]
#![warn(clippy::type_complexity, clippy::needless_match, clippy::result_large_err)]
#![warn(clippy::extra_unused_type_parameters, clippy::items_after_statements, clippy::unused_self)]

mod support;

use std::cmp::Ordering;
use std::error::Error;
use std::pin::Pin;

use futures_util::{Stream, stream};
use support::check_async;
use throughline::traced;

/// Clones and compares as clippy wants it.
#[derive(Copy, PartialEq, Eq)]
struct Canonical(u8);

#[traced]
impl Clone for Canonical {
    fn clone(&self) -> Self {
        *self
    }
}

#[traced]
impl PartialOrd for Canonical {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[traced]
impl Ord for Canonical {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

/// Does it another way.
#[derive(Copy, PartialEq, Eq)]
struct Other(u8);

#[traced]
impl Ord for Other {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

#[traced]
#[expect(clippy::non_canonical_clone_impl, reason = "it fires without the attribute")]
impl Clone for Other {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

#[traced]
#[expect(clippy::non_canonical_partial_ord_impl, reason = "it fires without the attribute")]
impl PartialOrd for Other {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Left,
    Right,
}

#[traced(ret)]
impl Side {
    fn same(self) -> Self {
        match self {
            Self::Left => Self::Left,
            Self::Right => Self::Right,
        }
    }

    async fn same_later(self) -> Self {
        match self {
            Self::Left => Self::Left,
            Self::Right => Self::Right,
        }
    }

    fn checked(checked: Result<u8, u8>) -> Result<u8, u8> {
        match checked {
            Err(error) => Err(error),
            Ok(value) => Ok(value),
        }
    }
}

#[traced]
#[expect(clippy::needless_match, reason = "it fires without the attribute")]
fn checked(checked: Result<u8, u8>) -> Result<u8, u8> {
    match checked {
        Err(error) => Err(error),
        Ok(value) => Ok(value),
    }
}

#[allow(clippy::type_complexity, reason = "the trait says it once, and its implementations must repeat it")]
trait Complex {
    fn sync(&self) -> Result<Vec<Box<dyn Fn(u8) -> Result<u8, String>>>, Box<dyn Fn() -> Option<u8>>>;
    async fn later(&self) -> Result<Vec<Box<dyn Fn(u8) -> Result<u8, String>>>, Box<dyn Fn() -> Option<u8>>>;
    fn boxed(
        &self,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<(u8, Box<dyn Fn(u8) -> Option<u8>>)>, Box<dyn Error>>> + '_>>;
    fn tail(
        &self,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<(u8, Box<dyn Fn(u8) -> Option<u8>>)>, Box<dyn Error>>> + '_>>;
    async fn items(
        &self,
    ) -> Result<
        Pin<Box<dyn Stream<Item = Result<Vec<(u8, Box<dyn Fn() -> u8>)>, Box<dyn Error>>>>>,
        Box<dyn Error>,
    >;
}

#[traced(err(level = "debug"))]
impl Complex for Side {
    #[traced(err = false)]
    fn sync(&self) -> Result<Vec<Box<dyn Fn(u8) -> Result<u8, String>>>, Box<dyn Fn() -> Option<u8>>> {
        Ok(Vec::new())
    }

    #[traced(err = false)]
    async fn later(&self) -> Result<Vec<Box<dyn Fn(u8) -> Result<u8, String>>>, Box<dyn Fn() -> Option<u8>>> {
        Ok(vec![Box::new(Ok)])
    }

    fn boxed(
        &self,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<(u8, Box<dyn Fn(u8) -> Option<u8>>)>, Box<dyn Error>>> + '_>>
    {
        let _ = self.same();
        Box::pin(std::future::ready(Ok(vec![(1, Box::new(Some) as Box<dyn Fn(u8) -> Option<u8>>)])))
    }

    fn tail(
        &self,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<(u8, Box<dyn Fn(u8) -> Option<u8>>)>, Box<dyn Error>>> + '_>>
    {
        Box::pin(async move { Err("nothing here".into()) })
    }

    async fn items(
        &self,
    ) -> Result<
        Pin<Box<dyn Stream<Item = Result<Vec<(u8, Box<dyn Fn() -> u8>)>, Box<dyn Error>>>>>,
        Box<dyn Error>,
    > {
        Ok(Box::pin(stream::empty()))
    }
}

#[traced]
fn assert_send<T: Send>() {}

#[traced]
#[expect(clippy::extra_unused_type_parameters, reason = "it fires without the attribute")]
fn assert_sync<T: Sync>() {
    assert_eq!(size_of::<Canonical>(), 1);
}

#[traced]
fn items_first(side: Side) -> Option<Ordering> {
    use Side::{Left, Right};

    const RIGHT: Ordering = Ordering::Greater;
    match side {
        Left => None,
        Right => Some(RIGHT),
    }
}

#[traced]
async fn items_first_later(side: Side) -> Result<Ordering, Side> {
    use Side::Left;

    if side == Left { Err(side) } else { Ok(Ordering::Less) }
}

#[traced]
#[expect(clippy::items_after_statements, reason = "it fires without the attribute")]
fn items_later(side: Side) -> Ordering {
    let right = side;
    const RIGHT: Ordering = Ordering::Greater;
    if right == Side::Right { RIGHT } else { Ordering::Less }
}

#[traced]
impl Side {
    async fn alone_later(&self, _: u8) -> u8 {
        2
    }

    #[expect(clippy::unused_self, reason = "it fires without the attribute")]
    fn alone(&self) -> u8 {
        1
    }
}

struct Large([u8; 200]);

#[expect(clippy::result_large_err, reason = "it fires where it can be changed")]
trait Refuse {
    fn refuse(&self) -> Result<u8, Large>;
}

#[traced]
impl Refuse for Side {
    fn refuse(&self) -> Result<u8, Large> {
        Err(Large([*self as u8; 200]))
    }
}

#[traced]
#[expect(clippy::result_large_err, reason = "it fires without the attribute")]
fn refuse(side: Side) -> Result<u8, Large> {
    side.refuse()
}

/// What the compiler and clippy say unasked, in each shape that a function takes.
mod said {
    use super::{Pin, Stream, stream, traced};

    #[traced]
    #[expect(unused_variables, unused_mut, dead_code, reason = "they fire without the attribute")]
    fn sync(parameter: u8) -> u8 {
        let mut local = 1;
        local + 1
    }

    #[traced]
    #[expect(unused_variables, unused_assignments, dead_code, reason = "they fire without the attribute")]
    fn checked((parameter, other): (u8, u8)) -> Result<u8, String> {
        let mut local = 1;
        local = 2;
        Ok(other)
    }

    #[traced]
    #[expect(unused_variables, unused_must_use, dead_code, reason = "they fire without the attribute")]
    async fn later(parameter: u8) -> u8 {
        1_u8.checked_add(1);
        unreachable(1);
        1
    }

    #[traced]
    #[expect(unreachable_code, reason = "it fires without the attribute")]
    async fn unreachable(parameter: u8) -> Result<u8, String> {
        return Ok(parameter);
        Ok(2)
    }

    #[traced]
    #[expect(unused_variables, unreachable_code, dead_code, reason = "they fire without the attribute")]
    fn boxed(parameter: u8) -> Pin<Box<dyn Future<Output = u8>>> {
        return Box::pin(async { 1 });
        Box::pin(async { 2 })
    }

    #[traced]
    #[expect(unused_variables, dead_code, reason = "they fire without the attribute")]
    fn tail(parameter: u8) -> impl Future<Output = Result<u8, String>> {
        async {
            let local = 1;
            Ok(2)
        }
    }

    #[traced]
    #[expect(unused_variables, unused_parens, dead_code, reason = "they fire without the attribute")]
    fn items(parameter: u8) -> impl Stream<Item = u8> {
        let last = (3);
        stream::iter(0..last)
    }

    #[traced]
    #[expect(clippy::let_and_return, dead_code, reason = "they fire without the attribute")]
    async fn named(parameter: u8) -> Result<u8, String> {
        let returned = Ok(parameter);
        returned
    }

    #[traced]
    #[expect(
        clippy::ptr_arg,
        clippy::redundant_closure,
        dead_code,
        reason = "they fire without the attribute"
    )]
    async fn called(parameter: &Vec<u8>) -> Result<Vec<u8>, String> {
        parameter.iter().map(|byte| plain(byte)).collect()
    }

    fn plain(byte: &u8) -> Result<u8, String> {
        Ok(*byte)
    }

    impl super::Other {
        #[traced]
        #[expect(unused_variables, dead_code, reason = "they fire without the attribute")]
        async fn method(&self, parameter: u8) {}

        #[traced]
        #[expect(
            clippy::new_ret_no_self,
            clippy::too_many_arguments,
            dead_code,
            reason = "they fire without the attribute"
        )]
        async fn new(_: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8) -> u8 {
            1
        }
    }
}

#[test]
fn what_lints_look_at_is_traced_all_the_same() {
    check_async(
        async {
            #[expect(clippy::clone_on_copy, reason = "the method is what is tested")]
            let copy = Canonical(1).clone();
            assert!(copy < Canonical(2) && Other(1) < Other(2));
            assert!(Side::checked(Ok(1)).is_ok() && checked(Ok(1)).is_ok());
            assert_eq!(Side::Left.same_later().await, Side::Left);
            assert!(Side::Right.sync().is_ok() && Side::Right.later().await.is_ok());
            assert!(Side::Right.boxed().await.is_ok() && Side::Right.tail().await.is_err());
            assert!(Side::Right.items().await.is_ok());
            assert_send::<Side>();
            assert_sync::<Side>();
            assert_eq!(items_first(Side::Right), Some(Ordering::Greater));
            assert_eq!(items_first_later(Side::Left).await, Err(Side::Left));
            assert_eq!(items_later(Side::Right), Ordering::Greater);
            assert_eq!(Side::Left.alone() + Side::Left.alone_later(1).await, 3);
            assert!(refuse(Side::Right).is_err_and(|large| large.0 == [1; 200]));
        },
        &[
            "clone",
            "partial_cmp",
            "  cmp",
            "partial_cmp",
            "checked @return .level=\"INFO\" .target=\"traced_lints\" .return=\"Ok(1)\"",
            "checked",
            "same_later @return .level=\"INFO\" .target=\"traced_lints\" .return=\"Left\"",
            "sync",
            "later",
            "boxed",
            "  same @return .level=\"INFO\" .target=\"traced_lints\" .return=\"Right\"",
            concat!(
                "tail !Error \"nothing here\" error.type=\"alloc::boxed::Box<dyn core::error::Error>\"",
                " @error .level=\"DEBUG\" .target=\"traced_lints\" .error=\"nothing here\""
            ),
            "items !Cancelled",
            "assert_send",
            "assert_sync",
            "items_first",
            "items_first_later !Error \"Left\" error.type=\"traced_lints::Side\"",
            "items_later",
            "alone",
            "alone_later",
            "refuse !Error \"\" error.type=\"traced_lints::Large\"",
            "  refuse !Error \"\" error.type=\"traced_lints::Large\"",
        ],
    );
}
