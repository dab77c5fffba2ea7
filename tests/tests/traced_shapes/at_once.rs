//! Functions that are never async.

macro_rules! at_once {
    ($annotation:meta) => {
        use std::fmt::Debug;
        use std::panic::Location;

        #[$annotation]
        extern "C" fn foreign(n: usize) -> usize {
            n + work()
        }

        #[$annotation]
        unsafe extern "C" fn careful_foreign(n: *const usize) -> usize {
            // SAFETY: the caller says so.
            work() + unsafe { *n }
        }

        #[$annotation]
        extern "C-unwind" fn foreign_that_unwinds(n: usize) -> usize {
            n + work()
        }

        #[$annotation]
        fn recursive(n: usize) -> Result<usize, String> {
            if n == 0 { Ok(work()) } else { Ok(recursive(n - 1)? + work()) }
        }

        #[$annotation]
        fn returns_a_function(_n: usize) -> fn(usize) -> Result<usize, String> {
            work();
            |n| Ok(n)
        }

        #[$annotation]
        fn takes_functions(f: fn(&str) -> usize, g: &dyn Fn(&str) -> usize, mut h: impl FnMut(usize)) -> Result<(), String> {
            h(f("a") + g("b") + work());
            Ok(())
        }

        #[$annotation]
        fn captures<'a, T: Debug>(one: &'a T, _other: &str) -> impl Debug + use<'a, T> {
            work();
            one
        }

        #[$annotation]
        fn nested_value(n: usize) -> Option<Result<impl Fn() -> usize, String>> {
            let m = work();
            Some(Ok(move || n + m))
        }

        #[$annotation]
        #[track_caller]
        fn knows_its_caller() -> u32 {
            work();
            Location::caller().line()
        }

        #[$annotation]
        #[target_feature(enable = "sse2")]
        #[cfg(target_arch = "x86_64")]
        fn of_a_processor(n: usize) -> Result<usize, String> {
            Ok(n + work())
        }

        #[$annotation]
        #[cfg(not(target_arch = "x86_64"))]
        unsafe fn of_a_processor(n: usize) -> Result<usize, String> {
            Ok(n + work())
        }

        pub(super) const SHAPES: &[Shape] = &[
            shape!("`extern \"C\" fn`", "foreign", call foreign(1)),
            // SAFETY: the number is always there.
            shape!("`unsafe extern \"C\" fn`", "careful_foreign", call unsafe { careful_foreign(&1) }),
            shape!("`extern \"C-unwind\" fn`", "foreign_that_unwinds", call foreign_that_unwinds(1)),
            shape!("`fn` that calls itself", "recursive", call recursive(2)),
            shape!("`fn -> fn(usize) -> ..`", "returns_a_function", call returns_a_function(1)),
            shape!("`fn(fn(&str) -> .., &dyn Fn(&str) -> .., impl FnMut(..))`", "takes_functions", call takes_functions(str::len, &str::len, drop)),
            shape!("`fn<'a, T>(&'a T, &str) -> impl Trait + use<'a, T>`", "captures", call captures(&1, "other")),
            shape!("`fn -> Option<Result<impl Trait, E>>`", "nested_value", call nested_value(1)),
            shape!("`fn` under `#[track_caller]`", "knows_its_caller", call assert_eq!(knows_its_caller(), line!())),
            // SAFETY: every processor of the architecture has it.
            shape!("`fn` under `#[target_feature(..)]`", "of_a_processor", call unsafe { of_a_processor(1) }),
        ];
    };
}

pub(crate) use at_once;
