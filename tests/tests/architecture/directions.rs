//! Which way modules may look: one row a rule, with its reason.

use std::collections::BTreeMap;

use crate::source::Source;

/// What a path must not lead to.
pub(crate) enum Target {
    /// Any other module of the crate.
    AnyModule,
    /// These modules of the crate, `/` between the parts.
    Modules(&'static [&'static str]),
    /// These crates; a trailing `*` stands for any ending.
    Crates(&'static [&'static str]),
}

/// One direction that must not exist.
pub(crate) struct Rule {
    /// The files it speaks of: they start with one of these.
    pub(crate) from: &'static [&'static str],
    /// Those among them that may.
    pub(crate) except: &'static [&'static str],
    /// What they must not name.
    pub(crate) target: Target,
    /// Why not.
    pub(crate) reason: &'static str,
}

/// Every direction that must not exist.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        from: &["runtime/src/id", "runtime/src/clock", "runtime/src/semconv"],
        except: &[],
        target: Target::AnyModule,
        reason: "IDs, time and keys are the ground floor: everything stands on them, they stand on nothing",
    },
    Rule {
        from: &["runtime/src/context", "runtime/src/span"],
        except: &[],
        target: Target::Modules(&["sampling", "collect/worker", "export", "llm", "logs", "init"]),
        reason: "what a producer runs must not know who reads it, or every span pays for every reader",
    },
    Rule {
        from: &["runtime/src/collect"],
        except: &[],
        target: Target::Modules(&["export/otlp", "export/terminal", "export/file"]),
        reason: "the worker hands records to a `Sink`; which one is the business of whoever builds the pipeline",
    },
    Rule {
        from: &["runtime/src/export"],
        except: &[],
        target: Target::Modules(&["collect"]),
        reason: "exporters read the view of a record that `span` defines, so that any source can feed them",
    },
    Rule {
        from: &["runtime/src/propagation"],
        except: &[],
        target: Target::Crates(&[
            "actix_web",
            "axum",
            "hyper*",
            "lapin",
            "reqwest",
            "salvo",
            "teloxide",
            "tonic",
            "tower*",
            "warp",
        ]),
        reason: "a carrier is a trait; frameworks implement it where their types live",
    },
    Rule {
        from: &["runtime/integrations/"],
        except: &[],
        target: Target::Crates(&["throughline_*"]),
        reason: "an adapter that needs another one drags two fast-moving crates into every update",
    },
    Rule {
        from: &["runtime/src/"],
        except: &["runtime/src/lib.rs", "runtime/src/init", "runtime/src/testing"],
        target: Target::Modules(&["init"]),
        reason: "concrete types are wired in one place; all else gets what it needs handed in",
    },
    Rule {
        from: &["runtime/"],
        except: &["runtime/integrations/opentelemetry/"],
        target: Target::Crates(&["opentelemetry*", "tracing_opentelemetry"]),
        reason: "its versions break often; only the bridge crate names it, so that its churn reaches nobody else",
    },
    Rule {
        from: &["runtime/"],
        except: &[
            "runtime/src/logs",
            "runtime/integrations/apalis/tests",
            "runtime/integrations/sqlx/tests",
            "runtime/integrations/teloxide/tests",
            "runtime/integrations/tonic/tests",
        ],
        target: Target::Crates(&["tracing_subscriber"]),
        reason: "log lines are the only thing we do through a subscriber",
    },
    Rule {
        from: &["runtime/src/id", "runtime/src/context", "runtime/src/span", "runtime/src/collect"],
        except: &[],
        target: Target::Crates(&["tokio", "tokio_*"]),
        reason: "spans belong to no runtime, and the worker is a thread of our own",
    },
];

impl Rule {
    /// What in `source` breaks this rule.
    pub(crate) fn violations(&self, source: &Source, reexports: &BTreeMap<String, String>) -> Vec<String> {
        let starts = |list: &[&str]| list.iter().any(|start| in_module(&source.file, start));
        if !starts(self.from) || starts(self.except) {
            return Vec::new();
        }
        let mut paths = source.paths();
        paths.retain(|path| !path.first().is_some_and(|name| is_its_own(&source.file, name)));
        let broken = paths.iter().filter(|path| self.forbids(path, &source.module, reexports));
        broken.map(|path| format!("{}: {}: {}", source.file, path.join("::"), self.reason)).collect()
    }

    fn forbids(&self, path: &[String], module: &[String], reexports: &BTreeMap<String, String>) -> bool {
        let inside = (path.first().is_some_and(|first| first == "crate"))
            .then(|| absolute(&path[1..], reexports))
            .filter(|inside| !inside.is_empty());
        match (&self.target, inside) {
            (Target::AnyModule, Some(inside)) => {
                Some(inside[0].as_str()) != module.first().map(String::as_str)
            }
            (Target::Modules(names), Some(inside)) => {
                let inside = inside.join("/");
                names.iter().any(|name| inside == **name || inside.starts_with(&format!("{name}/")))
            }
            (Target::Crates(names), None) => names.iter().any(|name| matches_crate(name, &path[0])),
            _ => false,
        }
    }
}

/// Whether the crate `name` is that of the integration `file` belongs to, which its own tests name; or starts servers for those.
fn is_its_own(file: &str, name: &str) -> bool {
    let Some((folder, rest)) =
        file.strip_prefix("runtime/integrations/").and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    name.strip_prefix("throughline_") == Some(folder)
        || (rest.starts_with("tests/") && name == "throughline_test_servers")
}

/// The path from the crate's root, through what `lib.rs` re-exports.
fn absolute(inside: &[String], reexports: &BTreeMap<String, String>) -> Vec<String> {
    let home = inside.first().and_then(|first| reexports.get(first));
    home.into_iter().chain(inside).cloned().collect()
}

/// Whether `file` is the module `start`: that folder, that file, or (where it ends with `/`) under it.
fn in_module(file: &str, start: &str) -> bool {
    let Some(rest) = file.strip_prefix(start) else { return false };
    start.ends_with('/') || rest.is_empty() || rest == ".rs" || rest.starts_with('/')
}

fn matches_crate(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}
