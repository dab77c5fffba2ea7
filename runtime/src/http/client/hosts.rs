//! Hosts that context may go to.

/// Host names, and `*.` before those whose subdomains are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hosts(Vec<Box<str>>);

impl Hosts {
    pub(super) fn new(hosts: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self(hosts.into_iter().map(|host| host.as_ref().into()).collect())
    }

    pub(super) fn allow(&self, host: &str) -> bool {
        self.0.iter().any(|allowed| match allowed.strip_prefix('*') {
            Some(suffix) => is_subdomain(host, suffix),
            None => host.eq_ignore_ascii_case(allowed),
        })
    }
}

/// Whether `host` is something before `suffix`, which begins with a dot.
fn is_subdomain(host: &str, suffix: &str) -> bool {
    let before = host.len().checked_sub(suffix.len()).filter(|before| *before > 0);
    let ending = before.and_then(|before| host.get(before..));
    suffix.starts_with('.') && ending.is_some_and(|ending| ending.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    #[test]
    fn hosts_match_whole_names_and_subdomains_only() {
        let hosts = Hosts::new(["api.example", "*.corp.example", "127.0.0.1"]);
        for host in ["api.example", "API.example", "a.corp.example", "a.b.Corp.example", "127.0.0.1"] {
            assert!(hosts.allow(host), "{host}");
        }
        for host in ["example", "evil-api.example", "a.api.example", "corp.example", "evilcorp.example", ""] {
            assert!(!hosts.allow(host), "{host}");
        }
        assert!(!Hosts::new(["*"]).allow("api.example"));
    }
}
