use throughline::traced;

#[traced]
const fn constant() -> u32 {
    1
}

#[traced]
pub const unsafe extern "C" fn all_words() -> u32 {
    1
}

trait Does {
    #[traced]
    fn declared(&self);

    #[traced]
    async fn declared_async(&self) -> u32;
}

unsafe extern "C" {
    #[traced]
    safe fn abs(number: i32) -> i32;

    #[traced]
    fn labs(number: i64) -> i64;
}

struct Doer;

impl Does for Doer {
    fn declared(&self) {}

    async fn declared_async(&self) -> u32 {
        1
    }
}

fn main() {
    const _: u32 = constant();
    let _ = unsafe { all_words() };
    Doer.declared();
    drop(Doer.declared_async());
    let _ = (abs(-1), unsafe { labs(-1) });
}
