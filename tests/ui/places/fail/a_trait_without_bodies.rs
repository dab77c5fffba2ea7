use throughline::traced;

#[traced]
trait Sells {
    const TAX: f64;

    fn sell(&self);
}

fn main() {}
