use throughline::traced;

#[traced(level = Level::INOF)]
fn misspelt() {}

#[traced(err(level = 9))]
fn out_of_range() -> Result<(), String> {
    Ok(())
}

fn main() {}
