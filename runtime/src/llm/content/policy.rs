//! Whether content is recorded, and how.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::llm::content::redact::Pattern;

/// Whether there is a policy: all that is asked where content is not.
static IS_ASKED: AtomicBool = AtomicBool::new(false);
static POLICY: RwLock<Option<Arc<Content>>> = RwLock::new(None);

/// What a program's own redaction looks like.
pub(super) type Hook = Arc<dyn for<'a> Fn(&'a str) -> Cow<'a, str> + Send + Sync>;

/// How the content of model calls is recorded: prompts, answers, documents, arguments and results of tools. Without one,
/// which is the default, nothing of it is recorded, nor evaluated.
///
/// Mail addresses, phone numbers, payment cards, keys and bearer tokens are replaced unless that is switched off with
/// [`patterns`](Self::patterns). They are found by their look: this catches what slipped in, and is no promise that
/// nothing personal is left.
///
/// ```no_run
/// use throughline::llm::Content;
///
/// let _guard = throughline::builder()
///     .content(Content::new().max_bytes(8 << 10).redact(|text| text.replace("Project X", "[project]").into()))
///     .init();
/// ```
#[derive(Clone)]
pub struct Content {
    pub(super) max_bytes: usize,
    pub(super) patterns: Vec<Pattern>,
    pub(super) hooks: Vec<Hook>,
}

impl Content {
    /// The most bytes of one attribute, unless told otherwise.
    pub const DEFAULT_MAX_BYTES: usize = 32 << 10;

    /// With every pattern, and 32 KiB an attribute.
    pub fn new() -> Self {
        Self { max_bytes: Self::DEFAULT_MAX_BYTES, patterns: Pattern::ALL.to_vec(), hooks: Vec::new() }
    }

    /// The most bytes of one attribute. What is longer is made shorter, and stays valid JSON: long texts lose their end,
    /// then messages in the middle are left out; both is marked. Not more than the limit for the values of attributes,
    /// [`Limits::value_length`](crate::init::Limits::value_length), which cuts anywhere.
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Changes every text before it is written, and before the patterns: words only, not the JSON around them. Given more
    /// than once, one after the other. Where it panics, the text is not recorded.
    #[must_use]
    pub fn redact(mut self, hook: impl for<'a> Fn(&'a str) -> Cow<'a, str> + Send + Sync + 'static) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// The patterns whose matches are replaced: all, unless told.
    #[must_use]
    pub fn patterns(mut self, patterns: impl IntoIterator<Item = Pattern>) -> Self {
        self.patterns = patterns.into_iter().collect();
        self
    }

    /// The same where attributes are cut to `value_length` bytes.
    pub(crate) fn within(self, value_length: usize) -> Self {
        Self { max_bytes: self.max_bytes.min(value_length), ..self }
    }

    /// Bytes of one text that are worth reading.
    pub(super) fn longest_text(&self) -> usize {
        self.max_bytes.saturating_add(8 << 10)
    }
}

impl Default for Content {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("max_bytes", &self.max_bytes)
            .field("patterns", &self.patterns)
            .field("hooks", &self.hooks.len())
            .finish()
    }
}

/// From now on content is recorded as `content` says, in the whole process; with `None`, not at all. For programs without
/// [`init`](crate::init()), which does it, and to switch it on for a while.
///
/// ```
/// use throughline::llm::{Content, set_content};
///
/// set_content(Content::new());
/// set_content(None);
/// ```
pub fn set_content(content: impl Into<Option<Content>>) {
    let content = content.into().map(Arc::new);
    let mut policy = POLICY.write().unwrap_or_else(PoisonError::into_inner);
    IS_ASKED.store(content.is_some(), Ordering::Relaxed);
    *policy = content;
}

/// Whether content is asked for.
#[doc(hidden)]
#[inline]
pub fn is_asked() -> bool {
    IS_ASKED.load(Ordering::Relaxed)
}

/// How it is recorded; `None` where it is not.
pub(crate) fn policy() -> Option<Arc<Content>> {
    POLICY.read().unwrap_or_else(PoisonError::into_inner).clone()
}
