//! Two threads write to one place without synchronisation: what ThreadSanitizer has to find for its silence about the
//! project to mean something.

static mut SHARED: u64 = 0;

fn write() {
    for _ in 0..1_000 {
        // SAFETY: none; this is the race.
        unsafe { (&raw mut SHARED).write(std::hint::black_box(1)) };
    }
}

fn main() {
    let other = std::thread::spawn(write);
    write();
    other.join().unwrap();
}
