//! The path of a function, out of the name of the type of a closure in it.

/// The path of the function around a closure, out of the name of the closure's type. The closure is in a static of the
/// function: `shop::pay::CALLSITE::{{closure}}`, `<shop::Cart as shop::Sell>::sell::CALLSITE::{{closure}}`. The language
/// does not promise these forms; of another one, as much is left.
pub(super) fn around(closure: &str) -> String {
    let outer = |path| str::rsplit_once(path, "::").map_or(path, |(outer, _)| outer);
    let path = outer(outer(closure));
    // A function's async block is its own to those who read traces.
    let path = path.replace("::{{closure}}", "");
    // The parameters of a type are not known in a static.
    of_method(&path).unwrap_or(path).replace("<_>", "")
}

/// A method's path by the type: `<Type as Trait>::method` and `module::<impl Trait for Type>::method` are both
/// `Type::method`.
fn of_method(path: &str) -> Option<String> {
    let start = if path.starts_with('<') { 0 } else { path.find("<impl ")? };
    let end = start + closing(&path[start..])?;
    let implementation = &path[start + 1..end];
    let ty = match implementation.strip_prefix("impl ") {
        Some(inner) => split(inner, " for ").map_or(inner, |(_, ty)| ty),
        None => split(implementation, " as ").map_or(implementation, |(ty, _)| ty),
    };
    Some(format!("{ty}{}", &path[end + 1..]))
}

/// Where the bracket that `text` begins with is closed.
fn closing(text: &str) -> Option<usize> {
    depths(text).find(|(_, depth)| *depth == 0).map(|(at, _)| at)
}

/// Splits at the first `separator` outside of brackets.
fn split<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let (at, _) = depths(text).find(|(at, depth)| *depth == 0 && text[*at..].starts_with(separator))?;
    Some((&text[..at], &text[at + separator.len()..]))
}

/// After how many open angle brackets each character stands, itself included. An arrow closes none.
fn depths(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut depth = 0_usize;
    text.char_indices().map(move |(at, char)| {
        match char {
            '<' => depth += 1,
            '>' if !text[..at].ends_with('-') => depth = depth.saturating_sub(1),
            _ => {}
        }
        (at, depth)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_function_is_that_of_its_type_and_name() {
        for (name, expected) in [
            ("shop::pay::C::{{closure}}", "shop::pay"),
            ("shop::pay::{{closure}}::C::{{closure}}", "shop::pay"),
            ("shop::Cart::pay::C::here", "shop::Cart::pay"),
            ("shop::Sell::sell::C::{{closure}}", "shop::Sell::sell"),
            ("<shop::Cart as shop::Sell>::sell::C::{{closure}}", "shop::Cart::sell"),
            ("<[shop::Cart] as shop::To<a::B>>::sell::C::{{closure}}", "[shop::Cart]::sell"),
            ("a::<impl shop::Cart<_>>::pay::C::{{closure}}", "shop::Cart::pay"),
            (
                "a::<impl a::To<u8> for shop::Cart<alloc::vec::Vec<_>>>::pay::C::{{closure}}",
                "shop::Cart<alloc::vec::Vec>::pay",
            ),
            (
                "a::<impl a::Tr for dyn core::ops::function::Fn(u8) -> u8>::tm::C::{{closure}}",
                "dyn core::ops::function::Fn(u8) -> u8::tm",
            ),
            ("<unclosed", "<unclosed"),
            ("", ""),
        ] {
            assert_eq!(around(name), expected, "{name}");
        }
    }
}
