//! Rows of the tab-separated tables that people edit.

/// The data rows of a table: no comments, no empty lines, cut to exactly `N` columns.
pub(crate) fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()).map(|l| {
        let mut columns = [""; N];
        for (column, value) in columns.iter_mut().zip(l.split('\t')) {
            *column = value.trim();
        }
        columns
    })
}

/// The items of a list in one column.
pub(crate) fn items(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(';').map(str::trim).filter(|s| !s.is_empty())
}
