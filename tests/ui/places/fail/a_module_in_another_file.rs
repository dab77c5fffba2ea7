use throughline::traced;

#[traced]
#[path = "inline/elsewhere.rs"]
mod elsewhere;

#[traced]
mod inline {
    mod elsewhere;
}

fn main() {}
