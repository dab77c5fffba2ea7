//! With the feature `llm`.

use crate::collect::PipelineBuilder;
use crate::init::environment::Environment;
use crate::llm::{Profile, Profiled};
use crate::span::Sink;

/// The profiles of spans: whose keys they have besides those of the conventions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profiles {
    /// Each of them once.
    pub list: Vec<Profile>,
}

impl Profiles {
    /// The variable is a list of names, separated by commas; `none` is no profile.
    pub(in crate::init) fn read(environment: &mut Environment<'_>) -> Self {
        let mut profiles = Self::default();
        let list = environment.read(Profile::VARIABLE).unwrap_or_default();
        for name in list.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "none")) {
            match name.parse() {
                Ok(profile) => profiles.add(profile),
                Err(error) => {
                    let problem = format_args!("`{name}`: {error}");
                    environment.problem(Profile::VARIABLE, problem, "it is left out");
                }
            }
        }
        profiles
    }

    pub(in crate::init) fn add(&mut self, profile: Profile) {
        if !self.list.contains(&profile) {
            self.list.push(profile);
        }
    }

    /// Adds a sink that gets spans with the keys of the profiles.
    pub(in crate::init) fn add_sink(
        &self,
        builder: PipelineBuilder,
        sink: impl Sink + 'static,
        value_length: usize,
    ) -> PipelineBuilder {
        if self.list.is_empty() {
            return builder.sink(sink);
        }
        builder.sink(Profiled::new(sink, self.list.iter().copied(), value_length))
    }
}
