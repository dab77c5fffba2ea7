//! Log lines.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::timeout;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The states in which a request is at its end.
const FINAL: [&str; 2] = ["completed", "failed"];

/// The log lines of all processes, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    lines: Arc<Mutex<Vec<Value>>>,
    news: Arc<Notify>,
}

impl Lines {
    /// Adds a line.
    pub fn add(&self, line: Value) {
        self.lock().push(line);
        self.news.notify_waiters();
    }

    /// Waits for a line, which may be there already.
    ///
    /// # Errors
    ///
    /// When it does not come.
    pub async fn wait_for<T>(
        &self,
        what: &str,
        mut find: impl FnMut(&Value) -> Option<T>,
    ) -> anyhow::Result<T> {
        let found = async {
            loop {
                // Before looking, so that what comes meanwhile is not missed.
                let news = self.news.notified();
                if let Some(found) = self.lock().iter().find_map(&mut find) {
                    return found;
                }
                news.await;
            }
        };
        timeout(PATIENCE, found).await.with_context(|| format!("no line says {what}"))
    }

    /// Waits until a request is at its end.
    ///
    /// # Errors
    ///
    /// When it does not come to one.
    pub async fn settled(&self, request_id: &str) -> anyhow::Result<()> {
        let is_final = |line: &Value| FINAL.iter().any(|state| line["state"] == *state);
        let what = format!("what became of {request_id}");
        self.wait_for(&what, |line| (line["request_id"] == request_id && is_final(line)).then_some(())).await
    }

    /// The lines of a request, by time.
    pub fn of(&self, request_id: &str) -> Vec<Value> {
        let mut lines: Vec<Value> =
            self.lock().iter().filter(|line| line["request_id"] == request_id).cloned().collect();
        // All of the same width, so that the order of the text is that of time.
        lines.sort_by(|one, two| one["timestamp"].as_str().cmp(&two["timestamp"].as_str()));
        lines
    }

    /// The requests that are at their end, in the order in which they came to it.
    pub fn requests(&self) -> Vec<String> {
        let is_final = |line: &&Value| FINAL.iter().any(|state| line["state"] == *state);
        let ids = self.lock();
        ids.iter().filter(is_final).filter_map(|line| Some(line["request_id"].as_str()?.to_owned())).collect()
    }

    /// How many lines there are of a kind.
    pub fn count(&self, is_of_kind: impl Fn(&Value) -> bool) -> usize {
        self.lock().iter().filter(|line| is_of_kind(line)).count()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Value>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
