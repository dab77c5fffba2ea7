use throughline::traced;

#[traced(fields(a. = 1, .b = 2, c..d = 3, e.1 = 4))]
fn dots() {}

#[traced(fields(a::b = 1, a-b = 2, a: 3))]
fn signs() {}

#[traced(fields(a => 1, b == 2, !c, d += 3))]
fn operators() {}

#[traced(fields({} = 1, {A B} = 2, (a) = 3, [b] = 4))]
fn groups() {}

#[traced(fields('a' = 1, 1.5 = 2, true.false = 3))]
fn literals() {}

#[traced(fields("a" "b"))]
fn texts() {}

fn main() {
    dots();
    signs();
    operators();
    groups();
    literals();
    texts();
}
