use throughline::traced;

#[traced(request_id = id)]
fn request(id: &str) {
    let _ = id;
}

#[traced(spawn = false)]
async fn spawn() {}

fn main() {}
