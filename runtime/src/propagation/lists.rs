//! Lists of keys and values as carriers.

use crate::propagation::{Extract, Inject};

impl<K: AsRef<str>, V: AsRef<[u8]>> Extract for [(K, V)] {
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
        let same = self.iter().filter(|(known, _)| known.as_ref().eq_ignore_ascii_case(key));
        same.for_each(|(_, found)| value(found.as_ref()));
    }

    fn each_key(&self, key: &mut dyn FnMut(&str)) {
        self.iter().for_each(|(known, _)| key(known.as_ref()));
    }
}

impl<K: AsRef<str>, V: AsRef<[u8]>> Extract for Vec<(K, V)> {
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
        self.as_slice().each(key, value);
    }

    fn each_key(&self, key: &mut dyn FnMut(&str)) {
        self.as_slice().each_key(key);
    }
}

impl<K: AsRef<str>, V: AsRef<[u8]>, const N: usize> Extract for [(K, V); N] {
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
        self.as_slice().each(key, value);
    }

    fn each_key(&self, key: &mut dyn FnMut(&str)) {
        self.as_slice().each_key(key);
    }
}

impl Inject for Vec<(String, String)> {
    fn contains(&self, key: &str) -> bool {
        self.iter().any(|(known, _)| known.eq_ignore_ascii_case(key))
    }

    fn set(&mut self, key: &str, value: &str) {
        Inject::remove(self, key);
        self.push((key.to_owned(), value.to_owned()));
    }

    fn remove(&mut self, key: &str) {
        self.retain(|(known, _)| !known.eq_ignore_ascii_case(key));
    }
}
