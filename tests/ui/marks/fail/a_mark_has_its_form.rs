use throughline::traced;

#[traced]
fn twice(#[attr] #[attr] a: u32) -> u32 {
    a
}

#[traced]
fn option(#[attr(key = "b")] a: u32, #[attr(nam = "b")] b: u32) -> u32 {
    a + b
}

#[traced]
fn value(#[attr = "b"] a: u32) -> u32 {
    a
}

#[traced]
fn literal(#[attr("user.id")] a: u32) -> u32 {
    a
}

#[traced]
fn name(#[attr(name)] a: u32, #[attr(name = 3)] b: u32, #[attr(name(c))] c: u32) -> u32 {
    a + b + c
}

#[traced]
fn names(#[attr(name = "a", name = "b")] a: u32) -> u32 {
    a
}

#[traced]
fn sigils(#[attr(%, ?)] a: u32, #[attr(%%)] b: u32, #[attr(! )] c: u32) -> u32 {
    a + b + c
}

#[traced]
fn comma(#[attr(% name = "a")] a: u32) -> u32 {
    a
}

fn main() {
    let _ = twice(1) + option(1, 2) + value(1) + literal(1) + name(1, 2, 3);
    let _ = names(1) + sigils(1, 2, 3) + comma(1);
}
