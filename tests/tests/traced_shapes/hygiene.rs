//! Functions where names of the standard library mean something else, and functions that macros make.

/// A function whose parts are given.
macro_rules! made {
    (#[$annotation:meta] $vis:vis $name:ident($($argument:ident: $ty:ty),*) -> $output:ty $body:block) => {
        #[$annotation]
        $vis fn $name($($argument: $ty),*) -> $output $body
    };
    (async #[$annotation:meta] $vis:vis $name:ident($($argument:ident: $ty:ty),*) -> $output:ty { $($body:tt)* }) => {
        #[$annotation]
        $vis async fn $name($($argument: $ty),*) -> $output {
            $($body)*
        }
    };
    (item $item:item) => {
        $item
    };
}

/// Functions for a list of types.
macro_rules! for_each {
    (#[$annotation:meta] $($ty:ident: $name:ident),*) => {
        $(#[$annotation]
        fn $name(value: $ty) -> Result<$ty, String> {
            work();
            Ok(value)
        })*
    };
}

macro_rules! hygiene {
    ($annotation:meta) => {
        use crate::hygiene::{for_each, made};

        /// Where the prelude's names are taken.
        mod shadowed {
            use crate::shape::{pause, work};

            pub(super) struct Option;
            pub(super) struct Result;
            struct Box;
            struct String;
            struct Vec;
            struct Some;
            struct Ok;
            struct Err;
            struct None;
            struct Future;
            mod core {}
            mod std {}
            mod throughline {}
            fn drop() {}

            #[$annotation]
            pub(super) fn takes_shadowed(option: Option, _result: Result) -> Option {
                work();
                option
            }

            #[$annotation]
            pub(super) fn returns_shadowed() -> Result {
                work();
                Result
            }

            #[$annotation]
            pub(super) async fn async_shadowed(n: u8) -> ::std::result::Result<(Option, u8), ::std::string::String> {
                pause().await;
                work();
                ::std::result::Result::Ok((Option, n))
            }
        }

        /// A type with the name of our own things.
        mod same_names {
            use crate::shape::{pause, work};

            #[$annotation]
            pub(super) fn own_names(__guard: usize, __value: usize, __recording: bool) -> Result<usize, String> {
                let __returned = __guard + __value;
                let __call = usize::from(__recording);
                Ok(__returned + __call + work())
            }

            #[$annotation]
            pub(super) async fn async_own_names(__arg0: usize, (__arg1, _): (usize, usize), __span: usize) -> Result<usize, String> {
                pause().await;
                Ok(__arg0 + __arg1 + __span + work())
            }
        }

        /// A constructor that is shadowed by a local of the same name as a type.
        #[$annotation]
        fn local_types(n: usize) -> Result<usize, String> {
            #[derive(Debug)]
            struct Error(usize);
            type Result<T> = std::result::Result<T, Error>;
            fn inner(n: usize) -> Result<usize> {
                if n == 0 { Err(Error(n)) } else { Ok(n) }
            }
            work();
            inner(n).map_err(|error| error.0.to_string())
        }

        made!(#[$annotation] pub(super) made_of_parts(a: usize, b: &str) -> Result<usize, String> {
            if a == 0 {
                return Err(b.to_owned());
            }
            Ok(a + work())
        });
        made!(async #[$annotation] pub(super) made_async(a: usize, b: &str) -> Option<usize> {
            pause().await;
            Some(a + b.len() + work())
        });
        made!(item #[$annotation] fn made_whole(n: usize) -> usize { n + work() });
        for_each!(#[$annotation] u8: for_u8, u16: for_u16);

        pub(super) const SHAPES: &[Shape] = &[
            shape!("`fn(Option, Result) -> Option`, where these are local types", "takes_shadowed", call shadowed::takes_shadowed(shadowed::Option, shadowed::Result)),
            shape!("`fn -> Result`, where that is a local type", "returns_shadowed", call shadowed::returns_shadowed()),
            shape!("`async fn` where the names of the prelude mean something else", "async_shadowed", future shadowed::async_shadowed(1)),
            shape!("`fn` with the names that expansions use", "own_names", call same_names::own_names(1, 2, true)),
            shape!("`async fn` with the names that expansions use", "async_own_names", future same_names::async_own_names(1, (2, 3), 4)),
            shape!("`fn` with a `Result` of its own inside", "local_types", call local_types(1)),
            shape!("`$vis fn $name($argument: $ty) -> $output $body` of a macro", "made_of_parts", call made_of_parts(1, "a")),
            shape!("`$vis async fn $name($argument: $ty) -> $output { $($body)* }` of a macro", "made_async", future made_async(1, "a")),
            shape!("`$item` of a macro", "made_whole", call made_whole(1)),
            shape!("`fn $name(value: $ty) -> Result<$ty, E>` of a macro, repeated", "for_u16", call for_u16(1)),
        ];
    };
}

pub(crate) use {for_each, hygiene, made};
