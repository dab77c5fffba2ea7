use throughline::traced;

#[traced(ret)]
fn future() -> impl Future {
    async { 1 }
}

fn main() {}
