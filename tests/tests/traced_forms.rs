//! Every form of function that can be annotated, and what it returns.

#![allow(unsafe_code, reason = "unsafe functions can be annotated too")]

mod support;

use std::fmt::{Debug, Display};
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use support::{check, check_async};
use throughline::traced;

#[derive(Debug, Default)]
struct Thing {
    id: u64,
    items: Vec<String>,
}

impl Thing {
    #[traced(fields(id = self.id))]
    fn by_ref(&self) -> Result<&str, String> {
        self.items.first().map(String::as_str).ok_or_else(|| "empty".into())
    }

    #[traced]
    fn by_mut(&mut self) -> Result<&mut String, String> {
        self.items.last_mut().ok_or("empty".to_owned())
    }

    #[traced]
    fn by_value(mut self) -> Result<Self, String> {
        self.id += 1;
        Ok(self)
    }

    #[traced(fields(id = self.id))]
    async fn async_by_ref(&self) -> Result<&str, String> {
        self.by_ref()
    }

    #[traced]
    async fn async_by_mut(&mut self, text: &str) -> &mut Self {
        self.items.push(text.to_owned());
        self
    }

    #[traced]
    async fn async_by_value(mut self) -> Result<Self, String> {
        self.id += 1;
        Ok(self)
    }

    #[traced]
    async fn boxed(self: Box<Self>) -> u64 {
        self.id
    }

    #[traced]
    fn shared(self: &Arc<Self>) -> Option<u64> {
        Some(self.id)
    }

    #[traced(fields(id = self.id))]
    async fn pinned(self: Pin<&mut Self>) -> Result<u64, std::convert::Infallible> {
        Ok(self.id)
    }

    #[traced]
    async fn associated<'a, T>(values: &'a [T]) -> Option<&'a T>
    where
        T: Debug,
    {
        values.first()
    }
}

#[test]
fn methods_of_every_receiver() {
    check_async(
        async {
            let mut thing = Thing { id: 1, items: vec!["a".to_owned()] };
            assert_eq!(thing.by_ref(), Ok("a"));
            thing.by_mut().unwrap().push('b');
            assert_eq!(thing.async_by_ref().await, Ok("ab"));
            assert_eq!(thing.async_by_mut("c").await.items.len(), 2);
            let thing = thing.by_value().unwrap().async_by_value().await.unwrap();
            assert_eq!(thing.id, 3);
            let mut thing = Box::new(thing);
            assert_eq!(Pin::new(&mut *thing).pinned().await, Ok(3));
            assert_eq!(thing.boxed().await, 3);
            assert_eq!(Arc::new(Thing::default()).shared(), Some(0));
            assert_eq!(Thing::associated(&[1, 2]).await, Some(&1));
            assert!(Thing::default().by_ref().is_err());
        },
        &[
            "by_ref id=1",
            "by_mut",
            "async_by_ref id=1",
            "  by_ref id=1",
            "async_by_mut",
            "by_value",
            "async_by_value",
            "pinned id=3",
            "boxed",
            "shared",
            "associated",
            "by_ref !Error \"empty\" id=0 error.type=\"alloc::string::String\"",
        ],
    );
}

trait Greets {
    #[traced]
    async fn greet(&self, name: &str) -> String {
        format!("hello {name}")
    }

    async fn leave(&self) -> Result<(), String>;

    fn wait(&self) -> impl Future<Output = u8> + Send;
}

impl Greets for Thing {
    #[traced(name = "Thing::leave")]
    async fn leave(&self) -> Result<(), String> {
        Err("stays".to_owned())
    }

    #[traced]
    async fn wait(&self) -> u8 {
        1
    }
}

#[test]
fn async_methods_of_traits_and_their_defaults() {
    check_async(
        async {
            let thing = Thing::default();
            assert_eq!(thing.greet("you").await, "hello you");
            assert!(thing.leave().await.is_err());
            assert_eq!(thing.wait().await, 1);
        },
        &["greet", "Thing::leave !Error \"stays\" error.type=\"alloc::string::String\"", "wait"],
    );
}

#[expect(clippy::multiple_bound_locations, reason = "both places are what is tested")]
#[traced(fields(shown = %value, count = N))]
async fn generic<T: Clone, const N: usize>(
    value: T,
    _list: [u8; N],
    more: impl Debug + Send,
) -> Result<T, String>
where
    T: Display,
{
    let _ = more;
    Ok(value.clone())
}

#[traced]
fn opaque(n: u32) -> Result<impl Iterator<Item = u32>, std::num::TryFromIntError> {
    let n = u8::try_from(n)?;
    Ok((0..n).map(u32::from))
}

#[traced]
fn plain_opaque(n: u32) -> impl Iterator<Item = u32> {
    0..n
}

#[traced]
unsafe fn careful(pointer: *const u8) -> Result<u8, String> {
    // SAFETY: the caller says so.
    Ok(unsafe { *pointer })
}

#[traced]
async unsafe fn careful_async(pointer: &u8) -> u8 {
    *pointer
}

#[test]
fn generic_opaque_and_unsafe_functions() {
    check_async(
        async {
            assert_eq!(generic(7, [0; 3], "x").await, Ok(7));
            assert_eq!(opaque(2).unwrap().count(), 2);
            assert!(opaque(1000).is_err());
            assert_eq!(plain_opaque(2).count(), 2);
            // SAFETY: the pointer is to a value.
            assert_eq!(unsafe { careful(&1) }, Ok(1));
            // SAFETY: it needs nothing.
            assert_eq!(unsafe { careful_async(&1) }.await, 1);
        },
        &[
            "generic shown=\"7\" count=3",
            "opaque",
            concat!(
                "opaque !Error \"out of range integral type conversion attempted\"",
                " error.type=\"core::num::error::TryFromIntError\""
            ),
            "plain_opaque",
            "careful",
            "careful_async",
        ],
    );
}

#[traced]
fn recursive(n: u32) -> Result<u32, String> {
    if n == 0 { Ok(0) } else { recursive(n - 1) }
}

#[traced]
async fn async_recursive(n: u32) -> u32 {
    if n == 0 { 0 } else { Box::pin(async_recursive(n - 1)).await + 1 }
}

#[test]
fn recursion() {
    check(|| assert_eq!(recursive(1), Ok(0)), &["recursive", "  recursive"]);
    check_async(async { assert_eq!(async_recursive(1).await, 1) }, &["async_recursive", "  async_recursive"]);
}

type Fallible<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[traced]
fn alias(text: &str) -> Fallible<u32> {
    Ok(text.parse::<u32>()?)
}

#[traced]
async fn any(text: &str) -> anyhow::Result<u32> {
    use anyhow::Context as _;
    text.parse::<u32>().context("not a number")
}

#[traced]
fn boxed_error(text: &str) -> Result<u32, Box<dyn std::error::Error>> {
    if text.is_empty() {
        return Err("empty".into());
    }
    Ok(text.parse()?)
}

#[derive(Debug)]
struct OnlyDebug;

struct Nothing;

#[traced]
fn by_debug() -> Result<(), OnlyDebug> {
    Err(OnlyDebug)
}

#[traced]
fn by_type() -> Result<(), Nothing> {
    Err(Nothing)
}

#[traced]
fn of_a_parameter<E: std::error::Error>(error: E) -> Result<(), E> {
    Err(error)
}

#[traced(err = false)]
fn expected() -> Result<(), OnlyDebug> {
    Err(OnlyDebug)
}

#[test]
fn errors_of_every_rung() {
    check_async(
        async {
            assert!(alias("x").is_err());
            assert!(any("x").await.is_err());
            assert!(boxed_error("").is_err());
            assert!(by_debug().is_err());
            assert!(by_type().is_err());
            assert!(of_a_parameter(std::fmt::Error).is_err());
            assert!(expected().is_err());
        },
        &[
            concat!(
                "alias !Error \"invalid digit found in string\" error.type=\"alloc::boxed::Box<",
                "dyn core::error::Error + core::marker::Send + core::marker::Sync>\""
            ),
            "any !Error \"not a number: invalid digit found in string\" error.type=\"anyhow::Error\"",
            "boxed_error !Error \"empty\" error.type=\"alloc::boxed::Box<dyn core::error::Error>\"",
            "by_debug !Error \"OnlyDebug\" error.type=\"traced_forms::OnlyDebug\"",
            "by_type !Error \"\" error.type=\"traced_forms::Nothing\"",
            concat!(
                "of_a_parameter !Error \"an error occurred when formatting an argument\"",
                " error.type=\"core::fmt::Error\""
            ),
            "expected",
        ],
    );
}

#[traced(args)]
fn all(name: &str, count: &usize, ratio: f32, list: &[i64], thing: &Thing, (a, b): (u8, Rc<str>)) {
    let _ = (name, count, ratio, list, thing, a, b);
}

#[traced(skip(password))]
async fn login(user: String, password: String) -> bool {
    user == password
}

#[traced(skip_all, fields(user.len = user.len()))]
fn nothing(user: &str) {}

#[traced]
async fn marked(
    #[attr] id: u64,
    #[attr(name = "user.name")] name: &str,
    #[attr(?)] thing: Thing,
    secret: &str,
) {
    let _ = (id, name, thing, secret);
}

const KEY: &str = "order.key";

#[traced(fields({KEY} = 1 + 1, "quoted key" = true, type = "x", %a, ?b.0, empty, list = ["x", "y"], none = None::<u8>))]
fn keys(a: u8, b: (u8,)) {}

#[test]
fn arguments_and_fields() {
    check_async(
        async {
            all("n", &2, 0.5, &[1, 2], &Thing::default(), (3, "r".into()));
            login("u".to_owned(), "p".to_owned()).await;
            nothing("four");
            marked(1, "ann", Thing::default(), "s").await;
            keys(1, (2,));
        },
        &[
            concat!(
                "all name=\"n\" count=2 ratio=0.5 list=[1, 2] thing=\"Thing { id: 0, items: [] }\"",
                " a=3 b=\"r\""
            ),
            "login user=\"u\"",
            "nothing user.len=4",
            "marked id=1 user.name=\"ann\" thing=\"Thing { id: 0, items: [] }\"",
            "keys quoted key=true type=\"x\" order.key=2 a=\"1\" b.0=\"2\" list=[\"x\", \"y\"]",
        ],
    );
}

#[tokio::main(flavor = "current_thread")]
#[traced]
async fn main_outside() -> Result<(), String> {
    recursive(0).map(drop)
}

#[traced]
#[tokio::main(flavor = "current_thread")]
async fn main_inside() -> Result<(), String> {
    recursive(0).map(drop)
}

#[traced]
#[must_use = "the answer matters"]
async fn matters() -> u32 {
    42
}

#[traced]
async fn forever() -> ! {
    panic!("on purpose")
}

#[test]
fn other_attributes_are_left_to_themselves() {
    check(
        || {
            assert!(main_outside().is_ok());
            assert!(main_inside().is_ok());
        },
        &["main_outside", "  recursive", "main_inside", "  recursive"],
    );
    check_async(async { assert_eq!(matters().await, 42) }, &["matters"]);
    let spans = support::spans(|| {
        let caught = std::panic::catch_unwind(|| {
            support::block_on(async {
                forever().await;
            })
        });
        assert!(caught.is_err());
    });
    assert_eq!(spans.lines().next().map(|line| &line[..17]), Some("forever !Panicked"));
}

#[traced(err, ret, target = "shop")]
async fn reports_both(n: u32) -> Result<u32, String> {
    n.checked_sub(1).ok_or_else(|| "too small".to_owned())
}

#[traced(err(Debug, level = "warn"))]
fn reports_debug() -> Result<(), OnlyDebug> {
    Err(OnlyDebug)
}

#[traced(ret(Display, level = "debug"))]
fn reports_value() -> u32 {
    7
}

#[test]
fn what_is_returned_is_an_event_when_asked() {
    check_async(
        async {
            assert!(reports_both(0).await.is_err());
            assert!(reports_both(1).await.is_ok());
            assert!(reports_debug().is_err());
            reports_value();
        },
        &[
            concat!(
                "reports_both !Error \"too small\" error.type=\"alloc::string::String\"",
                " @error .level=\"ERROR\" .target=\"shop\" .error=\"too small\""
            ),
            "reports_both @return .level=\"INFO\" .target=\"shop\" .return=\"0\"",
            concat!(
                "reports_debug !Error \"OnlyDebug\" error.type=\"traced_forms::OnlyDebug\"",
                " @error .level=\"WARN\" .target=\"traced_forms\" .error=\"OnlyDebug\""
            ),
            "reports_value @return .level=\"DEBUG\" .target=\"traced_forms\" .return=\"7\"",
        ],
    );
}

struct Moody;

impl Display for Moody {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("asked")
    }
}

#[traced(fields(value = %value))]
fn moody(value: Moody) -> Result<(), Moody> {
    Err(value)
}

#[test]
fn a_value_that_panics_when_asked_has_said_nothing() {
    check(
        || assert!(moody(Moody).is_err()),
        &["moody !Error \"\" value=\"\" error.type=\"traced_forms::Moody\""],
    );
}

#[traced]
#[track_caller]
fn line_of_the_caller(is_early: bool) -> Result<u32, String> {
    if is_early {
        return Ok(Location::caller().line());
    }
    Ok(Location::caller().line())
}

#[traced]
#[track_caller]
fn refuses_the_caller() -> Result<Moody, String> {
    Err(Location::caller().file().replace(".rs", ""))
}

#[test]
fn what_asks_who_called_it_is_told_the_same_as_without_the_attribute() {
    check(
        || {
            assert_eq!(line_of_the_caller(false), Ok(line!()));
            assert_eq!(line_of_the_caller(true), Ok(line!()));
            assert!(refuses_the_caller().is_err());
        },
        &[
            "line_of_the_caller",
            "line_of_the_caller",
            "refuses_the_caller !Error \"tests/tests/traced_forms\" error.type=\"alloc::string::String\"",
        ],
    );
}
