//! What the macros accept, and what they say to what they do not. `TRYBUILD=overwrite` writes the expected messages anew.

#![allow(dead_code, unreachable_pub, reason = "what is accepted need not be called")]

use std::path::{Path, PathBuf};

// Files under `pass` are compiled here, with the lints of this crate.
#[path = "../ui/arguments/pass/every_argument_of_instrument.rs"]
mod every_argument_of_instrument;
#[path = "../ui/fields/pass/every_kind_of_value.rs"]
mod every_kind_of_value;
#[path = "../ui/operations/pass/every_operation.rs"]
mod every_operation;
#[path = "../ui/places/pass/every_place.rs"]
mod every_place;
#[path = "../ui/contradictions/pass/flags_that_are_off.rs"]
mod flags_that_are_off;
#[path = "../ui/marks/pass/marks_on_parameters.rs"]
mod marks_on_parameters;

#[test]
fn each_error_says_what_is_wrong_and_where() {
    let tests = trybuild::TestCases::new();
    tests.compile_fail("ui/*/fail/*.rs");
}

#[test]
fn each_file_under_pass_is_compiled_here() {
    let folder =
        |path: &Path| std::fs::read_dir(path).into_iter().flatten().map(|entry| entry.unwrap().path());
    let all = folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui"));
    let accepted: Vec<PathBuf> = all.flat_map(|group| folder(&group.join("pass"))).collect();
    assert!(!accepted.is_empty());
    for file in accepted {
        let path = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display();
        assert!(include_str!("ui.rs").contains(&format!("#[path = \"../{path}\"]")), "{path}");
    }
}
