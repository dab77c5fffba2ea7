//! Which proxy requests go through, by the variables that other programs read too.

use std::net::IpAddr;

use ureq::http::Uri;

/// The proxy for `endpoint`: `HTTPS_PROXY` or `HTTP_PROXY` by its scheme, else `ALL_PROXY`, in capitals or small letters;
/// none for what `NO_PROXY` names, and none for this machine itself.
pub(super) fn choose(endpoint: &str, get: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let read = |name: &str| {
        let value = get(name).or_else(|| get(&name.to_lowercase()));
        value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let uri: Uri = endpoint.parse().ok()?;
    let host = uri.host()?.trim_matches(['[', ']']).to_lowercase();
    let exempt =
        read("NO_PROXY").is_some_and(|list| list.split(',').any(|entry| covers(entry.trim(), &host)));
    if exempt || is_this_machine(&host) {
        return None;
    }
    let of_scheme = if uri.scheme_str() == Some("https") { "HTTPS_PROXY" } else { "HTTP_PROXY" };
    let proxy = read(of_scheme).or_else(|| read("ALL_PROXY"))?;
    // One that ureq would not understand is none: spans are no reason to stop.
    ureq::Proxy::new(&proxy).is_ok().then_some(proxy)
}

/// Whether an entry of `NO_PROXY` names `host`: all hosts, the host itself, or a domain that it is in.
fn covers(entry: &str, host: &str) -> bool {
    let domain = entry.trim_start_matches("*.").trim_start_matches('.').to_lowercase();
    let within = || host.strip_suffix(&domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    entry == "*" || !domain.is_empty() && within()
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
