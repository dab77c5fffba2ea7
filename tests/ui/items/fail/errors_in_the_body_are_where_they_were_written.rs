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

struct Count(#[allow(dead_code)] u32);

fn needs_send<T: Send>(_: T) {}

fn main() {
    needs_send(not_sendable());
}
