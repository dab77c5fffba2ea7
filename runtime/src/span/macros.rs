//! `span!` and `event!`.

/// Starts a [`Span`](crate::span::Span) under the current one, with typed attributes:
/// `span!("name", key = value, dotted.key = %value)`. `%` records by `Display`, `?` by `Debug`; `user`, `%user.id` are short
/// for `user = user` and `user.id = %user.id`; a key may be `"quoted"` or a `{CONSTANT}`. The name is a constant.
///
/// ```
/// let user = 7;
/// let span = throughline::span!("import", user.id = user, file.name = %"a.csv", options = ?Some(1));
/// ```
///
/// In front of the name, in any order, may stand `target: "..."`, `level: Level::Debug` and `kind: Kind::Client` (constants),
/// and `parent:` with a [`Context`](crate::Context), a [`Span`](crate::span::Span) or an `Option` of one; `None` begins a
/// new trace.
///
/// ```
/// use throughline::span::{Kind, Level};
///
/// let request = throughline::span!(kind: Kind::Server, "request");
/// let query = throughline::span!(parent: &request, level: Level::Debug, target: "shop::sql", "query", rows = 3);
/// let apart = throughline::span!(parent: None, "apart");
/// ```
#[macro_export]
macro_rules! span {
    ($($arguments:tt)+) => { $crate::__span!([] [] $($arguments)+) };
}

/// Takes what stands in front of the name of a span off, one by one: settings of the callsite, then the parent. Not public
/// API.
#[doc(hidden)]
#[macro_export]
macro_rules! __span {
    ([$($set:tt)*] [$($parent:tt)*] target: $target:expr, $($rest:tt)+) => {
        $crate::__span!([$($set)* .with_target($target)] [$($parent)*] $($rest)+)
    };
    ([$($set:tt)*] [$($parent:tt)*] level: $level:expr, $($rest:tt)+) => {
        $crate::__span!([$($set)* .with_level($level)] [$($parent)*] $($rest)+)
    };
    ([$($set:tt)*] [$($parent:tt)*] kind: $kind:expr, $($rest:tt)+) => {
        $crate::__span!([$($set)* .with_kind($kind)] [$($parent)*] $($rest)+)
    };
    ([$($set:tt)*] [] parent: None, $($rest:tt)+) => {
        $crate::__span!([$($set)*] [::core::option::Option::None::<$crate::Context>] $($rest)+)
    };
    ([$($set:tt)*] [] parent: $parent:expr, $($rest:tt)+) => {
        $crate::__span!([$($set)*] [$parent] $($rest)+)
    };
    ([$($set:tt)*] [$($parent:expr)?] $name:expr $(, $($fields:tt)*)?) => {{
        static CALLSITE: $crate::span::Callsite =
            $crate::span::Callsite::new($name, ::core::module_path!(), ::core::file!(), ::core::line!(), &[])
                .with_function(|| {})
                $($set)*;
        let span = $crate::__start!(&CALLSITE $(, $parent)?);
        if span.is_recording() {
            $crate::__fields!([span.set_all] [] $($($fields)*)?);
        }
        span
    }};
}

/// Starts a span under the current one, or under a given one. Not public API.
#[doc(hidden)]
#[macro_export]
macro_rules! __start {
    ($callsite:expr) => {
        $crate::span::Span::new($callsite)
    };
    ($callsite:expr, $parent:expr) => {
        $crate::span::Span::with_parent(
            $callsite,
            $crate::__private::GivenParent::as_parent(&$crate::__private::parent(&$parent)),
        )
    };
}

/// Adds an event to the current span: `event!("cache.miss", key = %key)`, with attributes as [`span!`](crate::span!) has them. Where nothing is recorded the values are not
/// computed.
///
/// ```
/// throughline::event!("cache.miss", cache.key = %"user:7", attempt = 2);
/// ```
#[macro_export]
macro_rules! event {
    ($name:expr $(, $($fields:tt)*)?) => {
        if $crate::span::current::is_recording() {
            let event = $crate::span::current::EventNamed($name);
            $crate::__fields!([event.write] [] $($($fields)*)?);
        }
    };
}

/// Passes `key = value` pairs to a method as one array: all values are evaluated before it is called. Not public API.
#[doc(hidden)]
#[macro_export]
macro_rules! __fields {
    ([$to:ident.$call:ident] [$($done:tt)*]) => { $to.$call(&[$($done)*]) };
    ([$($to:tt)*] [$($done:tt)*] $($key:ident).+ = $($value:tt)+) => {
        $crate::__fields!(@[$($to)*] [$($done)*] ($crate::__key!($($key).+)) $($value)+)
    };
    ([$($to:tt)*] [$($done:tt)*] $key:literal = $($value:tt)+) => {
        $crate::__fields!(@[$($to)*] [$($done)*] ($key) $($value)+)
    };
    ([$($to:tt)*] [$($done:tt)*] {$key:expr} = $($value:tt)+) => {
        $crate::__fields!(@[$($to)*] [$($done)*] ($key) $($value)+)
    };
    ([$($to:tt)*] [$($done:tt)*] %$($key:ident).+ $(, $($rest:tt)*)?) => {
        $crate::__fields!(@[$($to)*] [$($done)*] ($crate::__key!($($key).+)) %$($key).+ $(, $($rest)*)?)
    };
    ([$($to:tt)*] [$($done:tt)*] ?$($key:ident).+ $(, $($rest:tt)*)?) => {
        $crate::__fields!(@[$($to)*] [$($done)*] ($crate::__key!($($key).+)) ?$($key).+ $(, $($rest)*)?)
    };
    ([$($to:tt)*] [$($done:tt)*] $($key:ident).+ $(, $($rest:tt)*)?) => {
        $crate::__fields!(@[$($to)*] [$($done)*] ($crate::__key!($($key).+)) $($key).+ $(, $($rest)*)?)
    };
    (@[$($to:tt)*] [$($done:tt)*] $key:tt %$value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!([$($to)*] [$($done)*
            ($key, $crate::span::Value::Str(&::std::format!("{}", $value))),
        ] $($($rest)*)?)
    };
    (@[$($to:tt)*] [$($done:tt)*] $key:tt ?$value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!([$($to)*] [$($done)*
            ($key, $crate::span::Value::Str(&::std::format!("{:?}", $value))),
        ] $($($rest)*)?)
    };
    (@[$($to:tt)*] [$($done:tt)*] $key:tt $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!([$($to)*] [$($done)* ($key, $crate::span::ToValue::to_value(&$value)),] $($($rest)*)?)
    };
}

/// A dotted key as text, without the `r#` of words that are keywords. Not public API.
#[doc(hidden)]
#[macro_export]
macro_rules! __key {
    ($first:ident $(. $rest:ident)*) => {{
        const WRITTEN: &str = ::core::concat!(::core::stringify!($first) $(, ".", ::core::stringify!($rest))*);
        const KEY: &[u8] = &$crate::__private::key::<{ $crate::__private::key_length(WRITTEN) }>(WRITTEN);
        const { $crate::__private::key_text(KEY) }
    }};
}
