use throughline::traced;

#[traced]
async fn not_a_future() {
    tokio::spawn(5);
}

#[traced]
async fn not_sendable() {
    let shared = std::rc::Rc::new(1);
    tokio::spawn(async move {
        std::future::ready(()).await;
        drop(shared);
    });
}

#[traced]
fn borrowed(text: &str) {
    std::thread::spawn(|| println!("{text}"));
}

#[traced]
fn takes_an_argument() {
    std::thread::spawn(|number: u32| number + 1);
}

#[traced]
fn mismatched() {
    let _: std::thread::JoinHandle<u32> = std::thread::spawn(|| "text");
    std::thread::spawn(|| {
        let number: u32 = "text";
        number
    });
}

fn main() {}
