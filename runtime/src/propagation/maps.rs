//! Maps as carriers. Their keys are case-sensitive, so every look-up goes through all of them.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use crate::propagation::{Extract, Inject};

/// `Inject` is for maps of text alone, so that the type of a `HashMap::new()` follows from `inject(&mut map)`.
macro_rules! map {
    ($map:ident $(, $hasher:ident: $bound:ident)?) => {
        impl<V: AsRef<[u8]> $(, $hasher: $bound)?> Extract for $map<String, V $(, $hasher)?> {
            fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
                let same = self.iter().filter(|(known, _)| known.eq_ignore_ascii_case(key));
                same.for_each(|(_, found)| value(found.as_ref()));
            }

            fn each_key(&self, key: &mut dyn FnMut(&str)) {
                self.keys().for_each(|known| key(known));
            }
        }

        impl$(<$hasher: $bound>)? Inject for $map<String, String $(, $hasher)?> {
            fn contains(&self, key: &str) -> bool {
                self.keys().any(|known| known.eq_ignore_ascii_case(key))
            }

            fn set(&mut self, key: &str, value: &str) {
                Inject::remove(self, key);
                self.insert(key.to_owned(), value.to_owned());
            }

            fn remove(&mut self, key: &str) {
                self.retain(|known, _| !known.eq_ignore_ascii_case(key));
            }
        }
    };
}

map!(HashMap, S: BuildHasher);
map!(BTreeMap);
