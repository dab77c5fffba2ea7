use throughline::job;
use throughline::jobs::Envelope;

struct Email {
    to: String,
}

#[job]
fn nothing() {}

#[job]
fn taken_apart((email, _): (Envelope<Email>, u8)) {}

#[job]
async fn a_payload(email: Email) -> Result<(), std::io::Error> {
    Ok(())
}

#[job(message = smtp)]
fn the_wrong_one(email: Envelope<Email>, smtp: &str) {}

struct Worker;

#[job]
impl Worker {
    fn send(&self) {}
}

fn main() {}
