//! One error of an attribute is one error: what calls the function still finds it, with its types.
use throughline::traced;

#[traced(oops)]
fn sync(a: u32) -> u32 {
    a
}

#[traced(oops)]
async fn later<T: Clone>(a: &T) -> T {
    a.clone()
}

struct Thing<'a>(&'a str);

#[traced(oops)]
impl Thing<'_> {
    fn method(&self, #[attr] suffix: &str) -> String {
        format!("{}{suffix}", self.0)
    }

    #[traced(oops)]
    fn its_own(&self) -> Option<&str> {
        Some(self.0)
    }
}

#[traced(oops)]
trait Does {
    fn does(&self) -> u32 {
        1
    }
}

impl Does for Thing<'_> {}

#[traced(oops)]
mod inline {
    pub fn inner() -> u8 {
        1
    }
}

fn needs<F: Future<Output = u8>>(_: F) {}

fn main() {
    let _: u32 = sync(1);
    needs(later(&1_u8));
    let _: (String, Option<&str>) = (Thing("a").method("b"), Thing("a").its_own());
    let _: (u32, u8) = (Thing("a").does(), inline::inner());
}
