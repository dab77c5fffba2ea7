//! `OTEL_TRACES_SAMPLER`.

use crate::init::environment::Environment;
use crate::sampling::Sampler;

const NAME: &str = "OTEL_TRACES_SAMPLER";
const ARGUMENT: &str = "OTEL_TRACES_SAMPLER_ARG";

/// The sampler that the variables name. With a ratio that is malformed, the sampler takes every trace, as one without
/// a ratio does.
pub(super) fn read(environment: &mut Environment<'_>) -> Sampler {
    let Some(name) = environment.read(NAME) else { return Sampler::default() };
    let argument = environment.read(ARGUMENT);
    Sampler::from_name(&name, argument.as_deref()).unwrap_or_else(|error| {
        match Sampler::from_name(&name, None) {
            Ok(sampler) => {
                environment.problem(ARGUMENT, error, "1.0 is used");
                sampler
            }
            Err(error) => {
                environment.problem(NAME, error, "parentbased_always_on is used");
                Sampler::default()
            }
        }
    })
}
