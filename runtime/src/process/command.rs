//! Programs that this one starts.

use std::process::Command;

use crate::context::current;
use crate::process::environment::variable;
use crate::propagation::Inject;

/// The number of bytes of a variable: more than any value that is read has, and far less than a system refuses to start a
/// program with.
const LONGEST: usize = 16 * 1024;

/// What an environment holds of a trace.
const OF_TRACE: [&str; 3] = ["traceparent", "tracestate", "baggage"];

/// Commands that hand the context to the program they start.
pub trait CommandExt {
    /// Writes the current context into the variables of the program: `TRACEPARENT`, `TRACESTATE`, `BAGGAGE` and
    /// `X_REQUEST_ID`. A variable that the command sets or removes already stays so; those that this process was started
    /// with belong to other work, and are replaced. Where no context is current, nothing changes.
    ///
    /// Call it where the program is started, after [`envs`](Command::envs). A command of tokio has the one of the standard
    /// library inside: `command.as_std_mut().with_context()`.
    ///
    /// ```
    /// use std::process::Command;
    /// use throughline::process::CommandExt as _;
    ///
    /// # fn example() -> std::io::Result<()> {
    /// let status = Command::new("convert").arg("photo.png").with_context().status()?;
    /// # Ok(())
    /// # }
    /// ```
    fn with_context(&mut self) -> &mut Self;
}

impl CommandExt for Command {
    fn with_context(&mut self) -> &mut Self {
        if current::get().is_empty() {
            return self;
        }
        let mut variables = Variables(self);
        // The command's own stays, with what else is inherited beside it.
        let is_given = variables.contains("traceparent");
        crate::inject(&mut variables);
        for key in OF_TRACE {
            if !is_given && !variables.contains(key) {
                variables.remove(key);
            }
        }
        self
    }
}

/// The variables that a command sets or removes. Those it inherits are none of them.
struct Variables<'a>(&'a mut Command);

impl Inject for Variables<'_> {
    fn contains(&self, key: &str) -> bool {
        let name = variable(key);
        self.0.get_envs().any(|(known, _)| known == name.as_str())
    }

    /// What no variable can hold would keep the program from being started.
    fn set(&mut self, key: &str, value: &str) {
        if value.len() <= LONGEST && !value.contains('\0') {
            self.0.env(variable(key), value);
        }
    }

    fn remove(&mut self, key: &str) {
        self.0.env_remove(variable(key));
    }
}
