//! The end of servers.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Ends the processes of a server and removes their folder when it is dropped, or when this process ends, however it does:
/// tests that are killed, and statics, drop nothing.
#[derive(Debug)]
pub(crate) struct Undertaker {
    shell: Child,
    processes: Vec<Child>,
}

impl Undertaker {
    /// Starts a shell, which waits until nobody holds its standard input any more, and ends the group then that this
    /// process leads.
    pub(crate) fn of(leader: Child, folder: &Path) -> Self {
        let script =
            r#"cat; kill -s KILL -- "-$0"; for _ in 1 2 3 4 5; do rm -rf "$1" && break; sleep 0.1; done"#;
        let shell = Command::new("sh")
            .args(["-c", script, &leader.id().to_string()])
            .arg(folder)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        Self { shell, processes: vec![leader] }
    }

    /// Waits in the end for another process of the group, too.
    pub(crate) fn also_of(&mut self, process: Child) {
        self.processes.push(process);
    }

    /// Whether one of the processes ended by itself.
    pub(crate) fn has_work(&mut self) -> bool {
        self.processes.iter_mut().any(|process| process.try_wait().expect("a state").is_some())
    }
}

impl Drop for Undertaker {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
        for process in &mut self.processes {
            let _ = process.wait();
        }
    }
}
