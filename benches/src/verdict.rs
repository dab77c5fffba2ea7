//! Whether a count may land.

use crate::case::Case;

/// How much a count may exceed the stored one: what a change of code elsewhere moves by accident.
const TOLERANCE: f64 = 1.03;

/// A case as measured, beside what it may be.
#[derive(Debug)]
pub struct Measured {
    /// The case.
    pub case: &'static Case,
    /// The build profile.
    pub profile: &'static str,
    /// Instructions of a unit in our hands.
    pub ours: f64,
    /// The same without us, where that is counted.
    pub without: Option<f64>,
    /// The same in the peer's, where there is one.
    pub peer: Option<f64>,
    /// What is stored for ours.
    pub stored: Option<f64>,
}

/// What a measurement means for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may land.
    Passes,
    /// It may land, and is so much better that the stored count should follow.
    Improved,
    /// Nothing is stored to compare with.
    NotStored,
    /// More than 3% over the stored count.
    Regressed,
    /// Over the budget.
    OverBudget,
}

impl Measured {
    /// Our count as a share of the peer's.
    pub fn ratio(&self) -> Option<f64> {
        self.peer.map(|peer| self.ours / peer)
    }

    /// What we add: a span, where the case is of the core.
    pub fn added(&self) -> f64 {
        self.ours - self.without.unwrap_or(0.0)
    }

    /// How far the count is from the stored one, as a share of that.
    pub fn delta(&self) -> Option<f64> {
        self.stored.map(|stored| self.ours / stored - 1.0)
    }

    /// What this means.
    pub fn verdict(&self) -> Verdict {
        // A round's own call is spread over its units, and stored counts have two digits: this little is no difference.
        let is_over = |count: f64, limit: f64| count > limit + 0.05;
        let over_budget = self.case.instructions().is_some_and(|budget| is_over(self.added(), budget));
        match self.stored {
            _ if over_budget => Verdict::OverBudget,
            None => Verdict::NotStored,
            Some(stored) if is_over(self.ours, stored * TOLERANCE) => Verdict::Regressed,
            Some(stored) if self.ours * TOLERANCE < stored => Verdict::Improved,
            Some(_) => Verdict::Passes,
        }
    }
}

impl Verdict {
    /// Whether the change may land.
    pub fn passes(self) -> bool {
        matches!(self, Self::Passes | Self::Improved)
    }

    /// One word for the table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passes => "ok",
            Self::Improved => "better",
            Self::NotStored => "NOT STORED",
            Self::Regressed => "REGRESSED",
            Self::OverBudget => "OVER BUDGET",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Measured, Verdict};
    use crate::case::find;

    fn measured(ours: f64, stored: Option<f64>) -> Measured {
        let case = find("trace_100").expect("the case exists"); // its budget is 110
        Measured { case, profile: "thin", ours, without: None, peer: Some(218.0), stored }
    }

    fn check(ours: f64, stored: Option<f64>, expected: Verdict) {
        assert_eq!(measured(ours, stored).verdict(), expected, "{ours} against {stored:?}");
    }

    #[test]
    fn a_count_three_percent_over_the_stored_one_fails() {
        check(100.0, Some(100.0), Verdict::Passes);
        check(103.0, Some(100.0), Verdict::Passes);
        check(103.1, Some(100.0), Verdict::Regressed);
        assert!(!Verdict::Regressed.passes());
    }

    #[test]
    fn a_count_over_the_budget_fails_whatever_is_stored() {
        check(110.0, Some(110.0), Verdict::Passes);
        check(111.0, Some(111.0), Verdict::OverBudget);
        check(111.0, None, Verdict::OverBudget);
        assert!(!Verdict::OverBudget.passes());
    }

    #[test]
    fn what_the_function_takes_without_a_span_is_not_in_its_budget() {
        let mut measured = measured(115.0, Some(115.0));
        assert_eq!(measured.verdict(), Verdict::OverBudget);
        measured.without = Some(5.0);
        assert_eq!(measured.verdict(), Verdict::Passes);
    }

    #[test]
    fn a_case_that_was_never_stored_fails_and_a_better_one_passes() {
        check(90.0, None, Verdict::NotStored);
        check(90.0, Some(100.0), Verdict::Improved);
        assert!(!Verdict::NotStored.passes() && Verdict::Improved.passes());
    }
}
