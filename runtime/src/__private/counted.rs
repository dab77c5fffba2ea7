//! What a search returned, and the names of spans that are known when they open.

use crate::__private::Peeled;
use crate::span::{Value, current};

impl<T> Peeled<'_, Vec<T>> {
    /// Writes how many there are, behind `key`.
    pub fn __count(self, key: &'static str) {
        if let Some(list) = self.0 {
            current::set(key, list.len());
        }
    }
}

/// Anything that is no list has no number.
pub trait NotAList: Copy {
    /// Nothing.
    fn __count(self, _key: &'static str) {}
}

impl<T: ?Sized> NotAList for Peeled<'_, T> {}

/// Names the current span after its operation and what that is done to.
pub fn rename(operation: Value<'_>, subject: Value<'_>) {
    if let Value::Str(operation) = operation {
        match subject {
            Value::Str(subject) => current::rename(&format!("{operation} {subject}")),
            _ => current::rename(operation),
        }
    }
}

/// Counts what a search returned.
#[doc(hidden)]
#[macro_export]
macro_rules! __count {
    ($returned:ident, $key:literal) => {{
        #[allow(unused_imports)]
        use $crate::__private::{AsItIs as _, AsOnePart as _, NotAList as _};
        let peeled = $crate::__private::Peeled(::core::option::Option::Some($returned)).__peel().__peel();
        let (first, _, _) = peeled.__parts();
        first.__peel().__count($key);
    }};
}
