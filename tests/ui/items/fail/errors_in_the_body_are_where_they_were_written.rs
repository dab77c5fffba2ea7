use throughline::traced;

#[traced]
async fn mismatched() -> Result<Count, String> {
    Ok(Count("text"))
}

#[traced]
fn borrowed() -> Result<&'static str, String> {
    let text = String::new();
    Ok(&text)
}

#[traced]
async fn moved(text: String) -> String {
    drop(text);
    text
}

#[traced]
async fn not_sendable() {
    let cell = std::rc::Rc::new(1);
    std::future::ready(()).await;
    drop(cell);
}

#[traced]
fn without_a_value(a: u32) -> u32 {
    a + 1;
}

#[traced]
async fn without_a_value_later(a: u32) -> Result<u32, String> {
    if a > 1 {
        Ok(a)
    }
}

#[traced]
async fn a_value_for_nothing() {
    1
}

#[traced]
async fn another_value(a: u32) -> u32 {
    if a > 1 {
        return "text";
    }
    a
}

#[traced]
fn no_result() -> Vec<u32> {
    vec!["1".parse()?]
}

#[traced]
async fn another_error() -> Result<u32, Count> {
    Ok("1".parse::<u32>()?)
}

#[traced]
async fn unbound<T>(value: T) -> String {
    value.to_string()
}

#[traced]
fn immutable(numbers: Vec<u32>) -> Result<usize, String> {
    numbers.push(1);
    Ok(numbers.len())
}

#[traced]
async fn shorter<'a, 'b>(a: &'a str, b: &'b str) -> &'a str {
    drop(a);
    b
}

#[traced]
fn boxed(a: &str) -> Box<dyn Fn() -> usize> {
    Box::new(move || a.len())
}

#[traced]
fn boxed_future() -> std::pin::Pin<Box<dyn Future<Output = u32>>> {
    Box::pin(async { "text" })
}

struct Count(#[allow(dead_code)] u32);

fn needs_send<T: Send>(_: T) {}

fn main() {
    needs_send(not_sendable());
}
