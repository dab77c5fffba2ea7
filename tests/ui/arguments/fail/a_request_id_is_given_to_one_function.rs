use throughline::traced;

#[traced(request_id)]
fn without_a_value() {}

#[traced(request_id("job-1"))]
fn in_parentheses() {}

#[traced(request_id = )]
fn without_an_expression() {}

struct Worker;

#[traced(request_id = self.id)]
impl Worker {
    fn one(&self) {}

    fn other(&self) {}
}

fn main() {}
