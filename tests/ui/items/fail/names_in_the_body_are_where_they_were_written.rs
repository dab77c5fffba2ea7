use throughline::traced;

struct Thing {
    id: u32,
}

impl Thing {
    #[traced]
    fn misspelt(&self, count: u32) -> Result<u32, String> {
        Ok(cuont + self.id)
    }

    #[traced]
    async fn misspelt_later(&self, count: u32) -> u32 {
        cuont + slef.id
    }

    #[traced]
    fn no_self() -> u32 {
        self.id
    }
}

#[traced]
async fn no_such_type(a: Missing) -> u32 {
    a
}

#[traced]
async fn no_such_function() {
    thing().await;
}

#[traced]
fn not_async() -> Result<u32, String> {
    Ok(Thing { id: 1 }.misspelt_later(1).await)
}

fn main() {}
