//! Whether to use colours.

/// Whether output to a terminal or something else should be in colour: no when `NO_COLOR` is set
/// ([no-color.org](https://no-color.org)), yes when `CLICOLOR_FORCE` is ([bixense.com/clicolors](https://bixense.com/clicolors/)),
/// else on terminals that know colours. A variable that is empty counts as not set.
pub(super) fn is_wanted(get: impl Fn(&str) -> Option<String>, is_terminal: bool) -> bool {
    let get = |name| get(name).filter(|value| !value.is_empty());
    if get("NO_COLOR").is_some() {
        return false;
    }
    if get("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    is_terminal && get("TERM").is_none_or(|term| term != "dumb")
}

#[cfg(test)]
mod tests {
    use super::is_wanted;

    #[track_caller]
    fn check(environment: &[(&str, &str)], is_terminal: bool, expected: bool) {
        let get =
            |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into());
        assert_eq!(is_wanted(get, is_terminal), expected, "{environment:?}, terminal: {is_terminal}");
    }

    #[test]
    fn terminals_get_colours_and_files_do_not() {
        check(&[], true, true);
        check(&[], false, false);
        check(&[("TERM", "xterm-256color")], true, true);
        check(&[("TERM", "dumb")], true, false);
    }

    #[test]
    fn no_color_wins_over_everything_unless_it_is_empty() {
        check(&[("NO_COLOR", "1")], true, false);
        check(&[("NO_COLOR", "0"), ("CLICOLOR_FORCE", "1")], true, false);
        check(&[("NO_COLOR", "")], true, true);
    }

    #[test]
    fn colours_can_be_forced() {
        check(&[("CLICOLOR_FORCE", "1")], false, true);
        check(&[("CLICOLOR_FORCE", "0")], false, false);
        check(&[("CLICOLOR_FORCE", "")], false, false);
    }
}
