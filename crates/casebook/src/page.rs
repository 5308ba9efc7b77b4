/// A part of a list, with the mark from which the next part goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// What to give as `after` for the next page; none on the last.
    pub next: Option<String>,
    /// How many rows the whole list has, where that was asked for.
    pub total: Option<Total>,
}

/// How many rows a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// How many were counted.
    pub count: u64,
    /// False when counting was given up: there are at least so many.
    pub exact: bool,
}

impl<T> Page<T> {
    /// A page without rows.
    pub(crate) fn empty() -> Self {
        Self { rows: Vec::new(), next: None, total: Some(Total { count: 0, exact: true }) }
    }

    /// The first `limit` of `rows`, which were asked for with one more.
    pub(crate) fn cut(mut rows: Vec<T>, limit: usize, mark: impl FnOnce(&T) -> String) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(mark) } else { None };
        Self { rows, next, total: None }
    }
}
