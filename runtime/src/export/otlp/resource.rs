//! What makes the spans: the resource of OpenTelemetry.

use super::{ConfigIssue, pairs};
use crate::semconv;
use crate::service_name;
use crate::span::{Attributes, AttributesBuf, Value, ValueView};

/// What makes the spans: attributes that are the same for all of them, as in
/// [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/resource/sdk/).
///
/// ```
/// use throughline::export::otlp::Resource;
///
/// let (resource, issues) = Resource::from_env(|variable| match variable {
///     "OTEL_RESOURCE_ATTRIBUTES" => Some("service.name=shop,deployment.environment.name=staging".into()),
///     _ => None,
/// });
/// assert_eq!(resource.service_name(), "shop");
/// assert!(issues.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    attributes: AttributesBuf,
}

impl Resource {
    /// The resource of a service: its name and what `telemetry.sdk.*` has to say.
    pub fn new(service_name: &str) -> Self {
        let mut resource = Self { attributes: AttributesBuf::new() };
        resource.set(semconv::TELEMETRY_SDK_NAME, "throughline");
        resource.set(semconv::TELEMETRY_SDK_LANGUAGE, "rust");
        resource.set(semconv::TELEMETRY_SDK_VERSION, env!("CARGO_PKG_VERSION"));
        resource.set(semconv::SERVICE_NAME, service_name);
        resource
    }

    /// The resource of this process: with its ID and host, what `OTEL_RESOURCE_ATTRIBUTES` says, and the name in
    /// `OTEL_SERVICE_NAME`, which wins. Without a name the service is `unknown_service:` and the executable's name.
    ///
    /// `get` reads an environment variable; an empty one is as one that is not set.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> (Self, Vec<ConfigIssue>) {
        let get = |variable: &str| get(variable).filter(|value| !value.trim().is_empty());
        let mut resource = Self::new(&service_name::unknown());
        resource.attributes.push(semconv::PROCESS_PID, Value::I64(std::process::id().into()));
        if let Some(host) = host_name().or_else(|| get("HOSTNAME")) {
            resource.set(semconv::HOST_NAME, &host);
        }
        let issue = get(ATTRIBUTES).and_then(|list| resource.merge(&list).err());
        if let Some(name) = get("OTEL_SERVICE_NAME") {
            resource.set(semconv::SERVICE_NAME, name.trim());
        }
        (resource, issue.into_iter().collect())
    }

    /// Sets an attribute that is text; an earlier value of the key is gone.
    pub fn set(&mut self, key: &str, value: &str) {
        self.attributes.push(key, Value::Str(value));
    }

    /// The name of the service.
    pub fn service_name(&self) -> &str {
        match self.attributes().get(semconv::SERVICE_NAME) {
            Some(ValueView::Str(name)) => name,
            _ => "",
        }
    }

    /// The attributes; a key that was set twice is there twice, and the last one counts.
    pub fn attributes(&self) -> Attributes<'_> {
        self.attributes.view()
    }

    /// Adds all pairs of a list, or none: the specification wants a list with an error discarded.
    fn merge(&mut self, list: &str) -> Result<(), ConfigIssue> {
        let pairs = pairs::parse(list).collect::<Result<Vec<_>, _>>();
        let pairs = pairs.map_err(|position| {
            let problem = format!("member {position} is not `key=value` in percent-encoded UTF-8");
            ConfigIssue::new(ATTRIBUTES, problem, "the whole list is left out")
        })?;
        pairs.iter().for_each(|(key, value)| self.set(key, value));
        Ok(())
    }
}

const ATTRIBUTES: &str = "OTEL_RESOURCE_ATTRIBUTES";

/// The name that the kernel knows, where it tells it in a file.
fn host_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}
