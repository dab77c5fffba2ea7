use throughline::traced;

#[traced(fields(id = self.idd))]
fn no_method() {}

#[traced(fields(n = missing))]
async fn missing_name() {}

fn main() {}
