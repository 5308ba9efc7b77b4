//! Our own tables of time expressions and counts: each row's sentence must give exactly what stands in its last column.

use dateline_nlp::Doc;
use dateline_reader::mentions::{Count, Time};
use dateline_reader::{quantities, times};
use dateline_record::Report;

use crate::error::{EvalError, bad};
use crate::figures::{Mistake, Scored};

/// The tables, as they stand beside the reader's tests.
pub(crate) const TIMES: (&str, &str) = ("crates/reader/tests/times.tsv", include_str!("../../reader/tests/times.tsv"));
/// The same for counts.
pub(crate) const QUANTITIES: (&str, &str) =
    ("crates/reader/tests/quantities.tsv", include_str!("../../reader/tests/quantities.tsv"));

/// A row: sentence, date of publication (times only), what must be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) sentence: String,
    pub(crate) published: Option<String>,
    pub(crate) expected: String,
}

/// The rows of a table.
pub(crate) fn rows((path, table): (&str, &str)) -> Result<Vec<Row>, EvalError> {
    let mut out = Vec::new();
    for (number, line) in table.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (sentence, published, expected) = match cells[..] {
            [sentence, expected] => (sentence, None, expected),
            [sentence, published, expected] => (sentence, Some(published).filter(|date| *date != "-"), expected),
            _ => return bad(format!("{path}:{}", number + 1), "not two or three columns"),
        };
        out.push(Row { sentence: sentence.to_owned(), published: published.map(str::to_owned), expected: expected.to_owned() });
    }
    Ok(out)
}

/// Times of a sentence, as the table writes them.
pub(crate) fn times_of(doc: &Doc, row: &Row) -> Vec<String> {
    let published = row.published.as_deref().and_then(|date| date.parse().ok());
    let report = Report { text: doc.text().to_owned(), published, ..Report::default() };
    let show = |time: &Time| format!("{}={}", doc.words(time.tokens), time.edtf.as_ref().map_or("none", |edtf| edtf.as_str()));
    times::find(&report, doc).iter().map(show).collect()
}

/// Counts of a sentence, as the table writes them.
pub(crate) fn quantities_of(doc: &Doc, _: &Row) -> Vec<String> {
    let bound = |bound: Option<i64>| bound.map_or(String::new(), |bound| bound.to_string());
    let show = |count: &Count| {
        let about = if count.approx { "~" } else { "" };
        format!("{}={about}{}..{}", doc.words(count.tokens), bound(count.min), bound(count.max))
    };
    quantities::find(doc).iter().map(show).collect()
}

/// Scores what was found in each row; a sentence that could not be parsed is wrong.
pub(crate) fn score(set: &'static str, rows: &[Row], found: &[Option<Vec<String>>]) -> Scored {
    let mut out = Scored::new(set);
    let mut right = 0usize;
    for (i, row) in rows.iter().enumerate() {
        let found = match found.get(i) {
            Some(Some(found)) if found.is_empty() => "nothing".to_owned(),
            Some(Some(found)) => found.join("; "),
            _ => "(not parsed)".to_owned(),
        };
        if found == row.expected {
            right += 1;
            continue;
        }
        out.mistakes.push(Mistake {
            document: format!("row {}", i + 1),
            kind: "wrong",
            what: row.sentence.clone(),
            text: row.published.clone().unwrap_or_default(),
            details: vec![format!("expected {}", row.expected), format!("found    {found}")],
            why: Vec::new(),
        });
    }
    out.notes.push(format!("{} rows, {right} right", rows.len()));
    out.share("all", "rows right", if rows.is_empty() { 1.0 } else { right as f64 / rows.len() as f64 });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_tables_can_be_read_and_others_are_refused() {
        assert!(rows(TIMES).unwrap().len() >= 80 && rows(QUANTITIES).unwrap().len() >= 80);
        let error = rows(("t.tsv", "# x\na\tb\nc\n")).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("t.tsv:3: not two or three columns"));
    }

    #[test]
    fn a_row_is_right_or_wrong() {
        let table = rows(("t.tsv", "It fell in June.\t-\tJune=none\nIt fell.\t-\tnothing\n")).unwrap();
        let perfect = [Some(vec!["June=none".to_owned()]), Some(Vec::new())];
        assert_eq!(score("times", &table, &perfect).value("all", "rows right"), Some(1.0));
        let worse = [Some(vec!["June=XXXX-06".to_owned()]), None];
        let scored = score("times", &table, &worse);
        assert_eq!((scored.value("all", "rows right"), scored.mistakes.len()), (Some(0.0), 2));
    }
}
