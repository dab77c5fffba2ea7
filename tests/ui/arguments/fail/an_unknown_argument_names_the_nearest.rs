use throughline::traced;

#[traced(feilds(a = 1))]
fn misspelt() {}

#[traced(colour = "red")]
async fn unlike_any() {}

fn main() {}
