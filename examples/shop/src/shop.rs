//! The five processes, as the one that started them sees them.

use std::convert::Infallible;
use std::env;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::collected::Collected;
use crate::collected::lines::Lines;
use crate::report;
use crate::role::{Role, settings};

/// How long a process may take to end.
const PATIENCE: Duration = Duration::from_secs(20);

/// The shop, open.
#[derive(Debug)]
pub struct Shop {
    gateway: String,
    processes: Vec<Process>,
    lines: Lines,
    /// Databases that go away with the shop.
    folder: PathBuf,
}

/// A process of the shop.
#[derive(Debug)]
struct Process {
    role: Role,
    child: Child,
    /// Lines ask for its spans; its end is the end of the process.
    input: ChildStdin,
    /// Copies what it writes.
    output: JoinHandle<()>,
}

impl Shop {
    /// Starts the processes, each after those that it asks.
    ///
    /// # Errors
    ///
    /// When one of them does not start.
    pub async fn start(collected: &Collected) -> anyhow::Result<Self> {
        let folder = env::temp_dir().join(format!("throughline-shop-{}", std::process::id()));
        std::fs::create_dir_all(&folder).context("no folder for the databases can be made")?;
        let mut shop =
            Self { gateway: String::new(), processes: Vec::new(), lines: collected.lines.clone(), folder };
        let endpoint = collected.spans.endpoint();
        let notifier = shop.open(Role::Notifier, &endpoint, &[]).await?;
        let auth = shop.open(Role::Auth, &endpoint, &[]).await?;
        let catalog = shop.open(Role::Catalog, &endpoint, &[]).await?;
        shop.open(Role::Worker, &endpoint, &[(settings::NOTIFIER, &notifier)]).await?;
        let asks = [(settings::AUTH, &*auth), (settings::CATALOG, &catalog)];
        shop.gateway = shop.open(Role::Gateway, &endpoint, &asks).await?;
        Ok(shop)
    }

    /// Where orders are sent to.
    pub fn gateway(&self) -> &str {
        &self.gateway
    }

    /// Starts a process, and tells where it listens.
    async fn open(&mut self, role: Role, endpoint: &str, asks: &[(&str, &str)]) -> anyhow::Result<String> {
        let mut command = Command::new(env::current_exe().context("the program does not know itself")?);
        command
            .args(["--role", &role.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        // What the user's environment says about telemetry is for the process that collects it.
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("OTEL_") || name.starts_with("THROUGHLINE_"))
            {
                command.env_remove(name);
            }
        }
        // Lines tell what became of a request, so `RUST_LOG` must not quiet them.
        command.env("THROUGHLINE_FILTER", "info");
        // Ctrl-C is for the one that closes them.
        #[cfg(unix)]
        command.process_group(0);
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint).env(settings::FOLDER, &self.folder);
        command.envs(asks.iter().copied());
        let mut child = command.spawn().with_context(|| format!("{role} does not start"))?;
        // Taken out, for a child that is waited for loses it otherwise.
        let input = child.stdin.take().context("it has an input")?;
        let output = child.stdout.take().context("it has an output")?;
        let output = tokio::spawn(copy(output, self.lines.clone()));
        self.processes.push(Process { role, child, input, output });
        let address = |line: &Value| {
            let is_it = line["service"] == role.to_string() && line["message"] == "open";
            is_it.then(|| line["address"].as_str().unwrap_or_default().to_owned())
        };
        let what = format!("that {role} is open");
        let said = self.lines.wait_for(&what, address);
        let child = &mut self.processes.last_mut().context("it was pushed")?.child;
        tokio::select! {
            address = said => Ok(format!("http://{}", address?)),
            ended = child.wait() => bail!("{role} ended before it was open: {}", ended?),
        }
    }

    /// Has every process send what it has recorded.
    ///
    /// # Errors
    ///
    /// When one of them does not answer.
    pub async fn flush(&mut self) -> anyhow::Result<()> {
        for Process { role, input, .. } in &mut self.processes {
            let before = flushes(&self.lines, *role);
            input.write_all(b"flush\n").await.with_context(|| format!("{role} has ended"))?;
            let mut count = 0;
            let next = |line: &Value| {
                count += usize::from(is_flush(line, *role));
                (count > before).then_some(())
            };
            self.lines.wait_for(&format!("that {role} sent its spans"), next).await?;
        }
        Ok(())
    }

    /// Shows the requests that come, as long as it is let.
    ///
    /// # Errors
    ///
    /// When a process ends, or nothing can be written.
    pub async fn keep(&mut self, collected: &Collected) -> anyhow::Result<Infallible> {
        report::say_how_to_order(&self.gateway)?;
        let mut shown = collected.lines.requests().len();
        loop {
            tokio::time::sleep(Duration::from_millis(300)).await;
            for Process { role, child, .. } in &mut self.processes {
                if let Some(ended) = child.try_wait()? {
                    bail!("{role} has ended: {ended}");
                }
            }
            let requests = collected.lines.requests();
            if requests.len() > shown {
                self.flush().await?;
                requests[shown..].iter().try_for_each(|id| report::print("your order", id, collected))?;
                shown = requests.len();
            }
        }
    }

    /// Closes the shop: each process ends when its input does.
    ///
    /// # Errors
    ///
    /// When one of them does not end, or says that it failed.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        // Those that ask before those that are asked.
        while let Some(Process { role, mut child, input, output }) = self.processes.pop() {
            drop(input);
            let ended =
                timeout(PATIENCE, child.wait()).await.with_context(|| format!("{role} does not end"))??;
            if !ended.success() {
                bail!("{role} failed: {ended}");
            }
            output.await?;
        }
        Ok(())
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // They are killed first: they write there.
        self.processes.clear();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Takes the log lines out of what a process writes.
async fn copy(output: ChildStdout, lines: Lines) {
    let mut output = BufReader::new(output).lines();
    while let Ok(Some(text)) = output.next_line().await {
        if let Ok(line) = serde_json::from_str(&text) {
            lines.add(line);
        }
    }
}

fn flushes(lines: &Lines, role: Role) -> usize {
    lines.count(|line| is_flush(line, role))
}

fn is_flush(line: &Value, role: Role) -> bool {
    line["service"] == role.to_string() && line["message"] == "flushed"
}
