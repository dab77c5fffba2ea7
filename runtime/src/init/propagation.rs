//! `OTEL_PROPAGATORS` and `THROUGHLINE_REQUEST_ID`.

use crate::init::environment::Environment;
use crate::propagation::{Config, Policy, Propagators};

/// How context is read and written, as the variables say.
pub(super) fn read(environment: &mut Environment<'_>) -> Config {
    let mut config = Config::default();
    if let Some(names) = environment.read(Propagators::VARIABLE) {
        let parsed = Propagators::parse(&names);
        for error in parsed.errors {
            environment.problem(Propagators::VARIABLE, error, format_args!("{} is used", parsed.propagators));
        }
        config.propagators = parsed.propagators;
    }
    config.request_ids.policy = environment.parse(&[Policy::VARIABLE], Policy::default());
    config
}
