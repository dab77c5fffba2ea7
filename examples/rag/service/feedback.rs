//! What is noted after an answer went out: how much of it stands in the passages it was made from.

use std::collections::HashSet;
use std::sync::Mutex;

use throughline::traced;
use tokio::task::JoinHandle;

use super::answer::Answer;

/// Takes notes in the background.
#[derive(Debug, Default)]
pub(crate) struct Feedback {
    running: Mutex<Vec<JoinHandle<()>>>,
}

impl Feedback {
    /// Notes the answer, without making its reader wait.
    pub(crate) fn record(&self, answer: Answer) {
        let task = throughline::spawn(record_feedback(answer));
        let mut running = self.running();
        running.retain(|task| !task.is_finished());
        running.push(task);
    }

    /// Waits until all that was begun is done.
    pub(crate) async fn settled(&self) {
        let running = std::mem::take(&mut *self.running());
        for task in running {
            if let Err(error) = task.await {
                tracing::error!(%error, "feedback was lost");
            }
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[traced]
async fn record_feedback(answer: Answer) {
    let grounded = grounded(&answer);
    throughline::set("feedback.grounded", grounded);
    tracing::info!(grounded, "feedback recorded");
}

/// The share of the answer's words that its passages have too, from 0 to 1.
fn grounded(answer: &Answer) -> f64 {
    let known: HashSet<String> = answer.hits.iter().flat_map(|hit| words(&hit.passage.text)).collect();
    let said: Vec<String> = words(&answer.text).collect();
    let shared = said.iter().filter(|word| known.contains(*word)).count();
    if said.is_empty() { 0.0 } else { shared as f64 / said.len() as f64 }
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Hit;
    use throughline_examples::book::Passage;

    #[test]
    fn an_answer_is_grounded_as_far_as_its_words_are_those_of_its_passages() {
        let passage = Passage {
            chapter: String::new(),
            section: String::new(),
            text: "A crab is red, and walks.".to_owned(),
        };
        let answer = |text: &str| Answer {
            text: text.to_owned(),
            hits: vec![Hit { passage: passage.clone(), score: 1.0 }],
        };
        assert_eq!(grounded(&answer("The crab is red. [1]")), 0.75);
        assert_eq!(grounded(&answer("")), 0.0);
    }
}
