//! `#[traced]` on `impl` blocks, traits and modules: each function in them with a body is a span.

#![allow(unsafe_code, reason = "blocks of foreign functions are left alone")]

mod support;

use std::fmt::{self, Display};

use support::{check, check_async};
use throughline::testing::capture;
use throughline::{tool_span, traced};

#[derive(Default)]
struct Cart {
    id: u64,
    items: Vec<String>,
}

#[traced(fields(cart.id = self.id), level = "debug", err)]
impl Cart {
    const LIMIT: usize = 2;

    /// Nothing runs here that could be timed.
    const fn limit() -> usize {
        Self::LIMIT
    }

    /// `self` is not there to be recorded.
    fn new(id: u64) -> Self {
        Self { id, items: Vec::new() }
    }

    async fn add(&mut self, item: &str) -> Result<usize, String> {
        if self.items.len() == Self::limit() {
            return Err(format!("no room for {item}"));
        }
        self.items.push(item.to_owned());
        Ok(self.count())
    }

    fn count(&self) -> usize {
        self.peek().map_or(0, |_| self.items.len())
    }

    #[traced(skip)]
    fn peek(&self) -> Option<&str> {
        self.items.first().map(String::as_str)
    }

    #[traced(name = "pay", fields(cart.id = "secret", method = method), err = false)]
    fn checkout(self, method: &str) -> Result<(), String> {
        Err("declined".to_owned())
    }
}

#[test]
fn every_method_of_an_impl_block_is_a_span_with_what_the_block_says() {
    check_async(
        async {
            let mut cart = Cart::new(7);
            assert_eq!(cart.add("tea").await, Ok(1));
            assert_eq!(cart.add("milk").await, Ok(2));
            assert!(cart.add("gold").await.is_err());
        },
        &[
            "new",
            "add cart.id=7",
            "  count cart.id=7",
            "add cart.id=7",
            "  count cart.id=7",
            concat!(
                "add !Error \"no room for gold\" cart.id=7 error.type=\"alloc::string::String\"",
                " @error .level=\"ERROR\" .target=\"traced_places\" .error=\"no room for gold\""
            ),
        ],
    );
}

#[test]
fn what_a_function_says_itself_wins() {
    check(|| assert!(Cart::default().checkout("card").is_err()), &["pay cart.id=\"secret\" method=\"card\""]);
}

#[test]
fn what_a_function_does_not_say_is_inherited() {
    let trace = capture(|| drop(Cart::default().checkout("card")));
    let levels: Vec<String> = trace.spans().map(|span| format!("{:?}", span.callsite().level)).collect();
    assert_eq!(levels, ["Debug"]);
}

#[traced]
trait Greets {
    fn name(&self) -> String;

    fn greet(&self) -> String {
        format!("hello {}", self.name())
    }

    async fn greet_later(&self) -> String {
        self.greet()
    }
}

#[traced]
impl Greets for Cart {
    fn name(&self) -> String {
        self.to_string()
    }
}

#[traced(target = "shown")]
impl Display for Cart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cart {}", self.id)
    }
}

#[test]
fn the_bodies_of_a_trait_and_of_its_implementation_are_spans() {
    check_async(
        async { assert_eq!(Cart::new(3).greet_later().await, "hello cart 3") },
        &["new", "greet_later", "  greet", "    name", "      fmt"],
    );
}

#[async_trait::async_trait]
#[traced]
trait Delivers {
    async fn deliver(&self) -> u8 {
        self.pack().await
    }

    async fn pack(&self) -> u8;
}

#[traced(fields(cart.id = self.id))]
#[async_trait::async_trait]
impl Delivers for Cart {
    async fn pack(&self) -> u8 {
        tokio::task::yield_now().await;
        1
    }
}

#[test]
fn async_trait_may_stand_on_either_side() {
    check_async(
        async { assert_eq!(Cart::new(1).deliver().await, 1) },
        &["new", "deliver", "  pack cart.id=1"],
    );
}

#[traced(args, skip(password), level = "trace")]
mod accounts {
    #![allow(clippy::unused_unit, reason = "an attribute in here stays in here")]

    use std::sync::atomic::{AtomicU32, Ordering};

    pub(super) static LOGINS: AtomicU32 = const { AtomicU32::new(0) };

    macro_rules! not_ours {
        ($name:ident) => {
            pub(crate) fn $name() {}
        };
    }

    not_ours!(of_a_macro);

    pub(super) struct User;

    impl User {
        pub(super) fn rename(&self, name: &str) {
            self.greet(name);
        }

        #[super::traced(name = "unsaid", skip_all)]
        pub(super) fn forget(&self, _name: &str) {}
    }

    pub(super) trait Greet {
        fn greet(&self, name: &str) {
            let _ = name;
        }
    }

    impl Greet for User {}

    pub(super) fn login(user: &str, password: &str) -> () {
        LOGINS.fetch_add(1, Ordering::Relaxed);
        inner::check(user, password);
    }

    pub(super) mod inner {
        pub(in super::super) fn check(user: &str, password: &str) -> bool {
            unchecked(user);
            user == password
        }

        #[throughline::traced(skip)]
        fn unchecked(_user: &str) {
            quiet::left_out();
        }

        #[throughline::traced(skip)]
        mod quiet {
            pub(super) fn left_out() {
                own("said");
            }

            #[throughline::traced(name = "own")]
            fn own(what: &str) {
                let _ = what;
            }
        }
    }

    unsafe extern "C" {
        safe fn abs(n: i32) -> i32;
    }

    pub(super) extern "C" fn distance(a: i32, b: i32) -> i32 {
        abs(a - b)
    }

    #[tokio::main(flavor = "current_thread")]
    pub(super) async fn main() {
        tokio::task::yield_now().await;
        login("root", "toor");
    }

    #[test]
    fn a_test_is_a_function_like_others() {
        super::check(|| assert_eq!(distance(1, 3), 2), &["distance a=1 b=3"]);
    }

    #[tokio::test]
    async fn a_test_of_tokio_is_a_function_like_others() {
        tokio::task::yield_now().await;
    }
}

#[test]
fn every_function_of_a_module_is_a_span_whatever_it_is_nested_in() {
    use accounts::User;
    check(
        || {
            accounts::main();
            User.rename("ann");
            User.forget("bob");
            accounts::of_a_macro();
            assert_eq!(accounts::distance(1, 2), 1);
        },
        &[
            "main",
            "  login user=\"root\"",
            "    check user=\"root\"",
            "      own what=\"said\"",
            "rename name=\"ann\"",
            "  greet name=\"ann\"",
            "unsaid",
            "distance a=1 b=2",
        ],
    );
}

struct Calculator;

#[tool_span(args, type = "function")]
impl Calculator {
    fn add(&self, a: i64, b: i64) -> i64 {
        self.carry();
        a + b
    }

    #[tool_span(name = "times", skip(b))]
    fn multiply(&self, a: i64, b: i64) -> i64 {
        a * b
    }

    #[traced]
    fn carry(&self) {}
}

#[test]
fn an_operation_is_that_of_every_method_unless_it_has_another() {
    check(
        || {
            assert_eq!(Calculator.add(1, 2), 3);
            assert_eq!(Calculator.multiply(2, 3), 6);
        },
        &[
            concat!(
                "execute_tool add gen_ai.operation.name=\"execute_tool\" gen_ai.tool.name=\"add\"",
                " gen_ai.tool.type=\"function\" a=1 b=2"
            ),
            "  carry",
            concat!(
                "execute_tool times gen_ai.operation.name=\"execute_tool\" gen_ai.tool.name=\"times\"",
                " gen_ai.tool.type=\"function\" a=2"
            ),
        ],
    );
}

macro_rules! counters {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident { $($method:item)* })*) => {
        $($(#[$meta])* $vis struct $name;

        #[traced]
        impl $name {
            $vis fn of_a_macro(&self) {}
            $($method)*
        })*
    };
}

counters! {
    #[derive(Debug)]
    pub(crate) struct Counter {
        #[inline]
        pub(crate) fn handed_through(&self) {}
    }
}

#[test]
fn what_a_macro_writes_is_annotated_as_well() {
    check(
        || {
            Counter.of_a_macro();
            Counter.handed_through();
        },
        &["of_a_macro", "handed_through"],
    );
}

#[traced(level = "debug")]
mod conditions {
    #[cfg_attr(all(), throughline::traced(name = "held"))]
    pub(super) fn holds() {}

    #[cfg_attr(any(), throughline::traced(name = "never"), must_use)]
    pub(super) fn does_not_hold() {}

    #[cfg_attr(all(), throughline::traced(skip))]
    pub(super) fn left_out() {}

    #[cfg(any())]
    pub(super) fn not_there() {}

    #[cfg(not(any()))]
    pub(super) fn there() {}
}

#[test]
fn a_condition_decides_between_what_a_function_says_and_what_it_inherits() {
    check(
        || {
            conditions::holds();
            conditions::does_not_hold();
            conditions::left_out();
            conditions::there();
        },
        &["held", "does_not_hold", "there"],
    );
}

mod renamed {
    pub(crate) use throughline as elsewhere;
}

#[traced(crate = crate::renamed::elsewhere)]
mod far {
    pub(super) fn away() {}

    pub(super) mod further {
        #[throughline::traced(name = "out of sight")]
        pub(in super::super) fn away() {}
    }
}

#[test]
fn the_crate_under_another_name_is_so_for_all() {
    check(
        || {
            far::away();
            far::further::away();
        },
        &["away", "out of sight"],
    );
}

mod place {
    use throughline::traced;

    pub(super) struct Here<T>(pub(super) T);

    #[traced]
    impl<T: Clone> Here<T> {
        pub(super) fn line() -> u32 {
            line!()
        }

        pub(super) fn generic(&self) -> T {
            self.0.clone()
        }
    }

    #[traced]
    impl<T> super::Named for Here<T> {}
}

#[traced]
trait Named {
    fn named(&self) {}
}

#[test]
fn the_code_of_a_span_is_that_of_its_function() {
    let mut line = 0;
    let trace = capture(|| {
        line = place::Here::<u8>::line();
        place::Here(1).generic();
        place::Here(1).named();
    });
    let functions: Vec<_> = trace.spans().map(|span| span.callsite().function().unwrap()).collect();
    assert_eq!(
        functions,
        [
            "traced_places::place::Here::line",
            "traced_places::place::Here::generic",
            "traced_places::Named::named"
        ]
    );
    let first = trace.spans().next().expect("a span");
    assert_eq!(first.callsite().line, line - 1);
}
