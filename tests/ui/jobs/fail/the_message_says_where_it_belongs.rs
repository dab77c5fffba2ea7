use throughline::jobs::Envelope;
use throughline::{Context, job, traced};

#[job(root)]
fn root(email: Envelope<u8>) {}

#[job(parent = context)]
fn parent(email: Envelope<u8>, context: Context) {}

#[job(request_id = "req-abc", queue = "emails")]
fn request(email: Envelope<u8>) {}

#[job(message)]
fn without_a_value(email: Envelope<u8>) {}

#[traced(message = email)]
fn not_a_job(email: Envelope<u8>) {}

#[job]
#[traced]
fn twice(email: Envelope<u8>) {}

fn main() {}
