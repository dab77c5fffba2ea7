use throughline::traced;

struct Opaque;

#[traced(request_id = Opaque)]
fn of_another_type() {}

#[traced(request_id = job.1)]
async fn of_a_field(job: (u8, Option<Opaque>)) {}

fn main() {}
