use throughline::traced;

#[traced(err("warn"))]
fn text() -> Result<(), String> {
    Ok(())
}

#[traced(err = "warn", ret = 3)]
fn value() -> Result<u32, String> {
    Ok(1)
}

#[traced(err(level), ret(level = "loud"))]
fn level() -> Result<u32, String> {
    Ok(1)
}

#[traced(err(Debug, Display), ret(level = "info", level = "warn"))]
fn twice() -> Result<u32, String> {
    Ok(1)
}

#[traced(err(debug), ret(Disply, pretty))]
fn unknown() -> Result<u32, String> {
    Ok(1)
}

fn main() {
    let _ = (text(), value(), level(), twice(), unknown());
}
