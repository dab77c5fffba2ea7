use throughline::traced;

#[traced(request_id = id)]
fn request(id: &str) {
    let _ = id;
}

fn main() {}
