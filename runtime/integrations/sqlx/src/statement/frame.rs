//! Where in a statement the reader is.

/// What kind of name comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Expected {
    /// None.
    #[default]
    Nothing,
    /// What the operation is done to.
    Target,
    /// The name of a common table expression.
    Common,
    /// What is created, altered or dropped: `TABLE`.
    Kind,
}

/// What is known of the part of a statement between two brackets.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    /// The next word begins a statement.
    pub(super) at_start: bool,
    /// Nothing was read in these brackets yet.
    pub(super) is_new: bool,
    /// Between `WITH` and the statement that follows.
    pub(super) in_with: bool,
    /// In the list of tables after `FROM`.
    pub(super) in_from: bool,
    /// `FROM` is followed by a table, not by a part of an expression.
    pub(super) from_comes: bool,
    /// `INTO` is.
    pub(super) into_comes: bool,
    /// `USING` is, not by columns.
    pub(super) using_comes: bool,
    /// Something with a body that does not run now is created.
    pub(super) is_routine: bool,
}

impl Frame {
    /// That of a new statement.
    pub(super) const STATEMENT: Self = Self {
        at_start: true,
        is_new: false,
        in_with: false,
        in_from: false,
        from_comes: false,
        into_comes: false,
        using_comes: false,
        is_routine: false,
    };
}
