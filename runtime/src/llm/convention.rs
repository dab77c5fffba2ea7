//! Which words of the GenAI conventions are spoken.

use std::sync::OnceLock;

/// Which words of the GenAI conventions are spoken. Never both: a reader that sums `gen_ai.usage.*` would count twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Convention {
    /// Those of the last release.
    Released,
    /// Those of the unreleased text.
    Latest,
}

impl Convention {
    /// As `OTEL_SEMCONV_STABILITY_OPT_IN` says; it is read once.
    pub(crate) fn of_process() -> Self {
        static CHOSEN: OnceLock<Convention> = OnceLock::new();
        *CHOSEN.get_or_init(|| {
            let list = std::env::var("OTEL_SEMCONV_STABILITY_OPT_IN");
            list.map_or(Self::Released, |list| Self::of_opt_ins(&list))
        })
    }

    /// The variable is a list of names, separated by commas; those of other domains are no business of ours.
    fn of_opt_ins(list: &str) -> Self {
        if list.split(',').any(|name| name.trim() == "gen_ai_latest_experimental") {
            Self::Latest
        } else {
            Self::Released
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_words_are_an_opt_in() {
        assert_eq!(Convention::of_opt_ins(""), Convention::Released);
        assert_eq!(Convention::of_opt_ins("http/dup,database"), Convention::Released);
        assert_eq!(Convention::of_opt_ins("http, gen_ai_latest_experimental"), Convention::Latest);
        assert_eq!(Convention::of_opt_ins("gen_ai_latest_experimental"), Convention::Latest);
    }
}
