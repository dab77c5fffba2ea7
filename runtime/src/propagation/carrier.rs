//! What context is written into and read from.

/// What a carrier belongs to. It decides what happens to values that are there already, and how the header with the
/// request ID is spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CarrierKind {
    /// A message, a job, a map: keys are case-sensitive, values that were set by the caller win.
    #[default]
    Message,
    /// The headers of an HTTP request: the trace headers are replaced.
    Http,
}

/// A carrier that context is written into.
///
/// ```
/// use throughline::propagation::Inject;
///
/// struct Properties(Vec<(String, String)>);
///
/// impl Inject for Properties {
///     fn contains(&self, key: &str) -> bool {
///         self.0.iter().any(|(known, _)| known.eq_ignore_ascii_case(key))
///     }
///     fn set(&mut self, key: &str, value: &str) {
///         self.remove(key);
///         self.0.push((key.to_owned(), value.to_owned()));
///     }
///     fn remove(&mut self, key: &str) {
///         self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(key));
///     }
/// }
///
/// let mut properties = Properties(Vec::new());
/// throughline::inject(&mut properties);
/// ```
pub trait Inject {
    /// What the carrier belongs to.
    fn kind(&self) -> CarrierKind {
        CarrierKind::Message
    }

    /// Whether there is a value of `key`, whatever the case of its letters.
    fn contains(&self, key: &str) -> bool;

    /// Sets the only value of `key`, in place of those there were. A carrier that cannot hold the value leaves it out.
    fn set(&mut self, key: &str, value: &str);

    /// Removes all values of `key`, whatever the case of its letters.
    fn remove(&mut self, key: &str);
}

/// A carrier that context is read from.
///
/// ```
/// use throughline::propagation::Extract;
///
/// struct Properties(Vec<(String, String)>);
///
/// impl Extract for Properties {
///     fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
///         let same = self.0.iter().filter(|(known, _)| known.eq_ignore_ascii_case(key));
///         same.for_each(|(_, found)| value(found.as_bytes()));
///     }
/// }
///
/// let properties = Properties(vec![("X-REQUEST-ID".to_owned(), "req-abc".to_owned())]);
/// assert_eq!(throughline::extract(&properties).request_id().unwrap(), "req-abc");
/// ```
pub trait Extract {
    /// Calls `value` with every value of `key`, in order, whatever the case of its letters.
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8]));

    /// Calls `key` with every key there is, perhaps more than once. It is asked for by formats whose keys are not known
    /// before, such as one header for each value of the baggage; a carrier that cannot list its keys calls nothing.
    fn each_key(&self, key: &mut dyn FnMut(&str)) {
        let _ = key;
    }
}
