//! `span!` and `event!`.

/// Starts a [`Span`](crate::span::Span) under the current one, with typed attributes:
/// `span!("name", key = value, dotted.key = %value)`. `%` records by `Display`, `?` by `Debug`. The name is a constant.
///
/// ```
/// let user = 7;
/// let span = throughline::span!("import", user.id = user, file.name = %"a.csv", options = ?Some(1));
/// ```
#[macro_export]
macro_rules! span {
    ($name:expr $(, $($fields:tt)*)?) => {{
        static CALLSITE: $crate::span::Callsite =
            $crate::span::Callsite::new($name, ::core::module_path!(), ::core::file!(), ::core::line!(), &[])
                .with_function(|| {});
        let span = $crate::span::Span::new(&CALLSITE);
        if span.is_recording() {
            $crate::__fields!([span.set_all] [] $($($fields)*)?);
        }
        span
    }};
}

/// Adds an event to the current span: `event!("cache.miss", key = %key)`. Where nothing is recorded the values are not
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
    ([$($to:tt)*] [$($done:tt)*] $($key:ident).+ = %$value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!([$($to)*] [$($done)*
            ($crate::__key!($($key).+), $crate::span::Value::Str(&::std::format!("{}", $value))),
        ] $($($rest)*)?)
    };
    ([$($to:tt)*] [$($done:tt)*] $($key:ident).+ = ?$value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!([$($to)*] [$($done)*
            ($crate::__key!($($key).+), $crate::span::Value::Str(&::std::format!("{:?}", $value))),
        ] $($($rest)*)?)
    };
    ([$($to:tt)*] [$($done:tt)*] $($key:ident).+ = $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!([$($to)*] [$($done)*
            ($crate::__key!($($key).+), $crate::span::ToValue::to_value(&$value)),
        ] $($($rest)*)?)
    };
    ([$($to:tt)*] [$($done:tt)*] $key:literal = $value:expr $(, $($rest:tt)*)?) => {
        $crate::__fields!([$($to)*] [$($done)* ($key, $crate::span::ToValue::to_value(&$value)),] $($($rest)*)?)
    };
}

/// A dotted key as text. Not public API.
#[doc(hidden)]
#[macro_export]
macro_rules! __key {
    ($first:ident $(. $rest:ident)*) => { ::core::concat!(::core::stringify!($first) $(, ".", ::core::stringify!($rest))*) };
}
