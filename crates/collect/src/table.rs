use std::collections::BTreeMap;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::str::FromStr;

use dateline_record::Provenance;

use crate::collected::{CollectError, Collected, Reason};
use crate::encoding::{decode, decode_as};
use crate::jsonl::{FIELDS, from_fields};

/// Which column of a table holds which field of a report. Fields that are not named here are found by common headings.
///
/// Read from text: `text=body,source=outlet`. Fields: `id`, `text`, `title`, `url`, `source`, `author`, `published`, `language`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns(BTreeMap<String, String>);

/// A mapping of columns that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no column mapping: write `FIELD=HEADING`, with a field of id, text, title, url, source, author, published, language"
)]
pub struct ColumnsError(String);

impl FromStr for Columns {
    type Err = ColumnsError;

    fn from_str(text: &str) -> Result<Self, ColumnsError> {
        let mut columns = BTreeMap::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (field, heading) = part.split_once('=').ok_or_else(|| ColumnsError(part.to_owned()))?;
            if !FIELDS.iter().any(|(known, _)| *known == field.trim()) || heading.trim().is_empty() {
                return Err(ColumnsError(part.to_owned()));
            }
            columns.insert(field.trim().to_owned(), heading.trim().to_owned());
        }
        Ok(Self(columns))
    }
}

impl Columns {
    /// Position of each field's column under these headings.
    fn positions(&self, headings: &[String]) -> Result<BTreeMap<&'static str, usize>, Reason> {
        let find = |name: &str| headings.iter().position(|heading| heading.trim().eq_ignore_ascii_case(name));
        let mut positions = BTreeMap::new();
        for (field, names) in FIELDS {
            let position = match self.0.get(*field) {
                Some(heading) => {
                    Some(find(heading).ok_or_else(|| Reason::malformed("table", format!("there is no column `{heading}`")))?)
                }
                None => names.iter().find_map(|name| find(name)),
            };
            positions.extend(position.map(|position| (*field, position)));
        }
        if !positions.contains_key("text") {
            return Err(Reason::malformed("table", format!("no column holds the text (there are: {})", headings.join(", "))));
        }
        Ok(positions)
    }
}

/// The reports of a table in CSV (RFC 4180; comma, semicolon, tab or bar), one row at a time. The first row has the headings. Items are
/// named `INPUT#ROW`, counted from 1 after the headings. A quote that is never closed makes one row of all that follows, which mostly
/// ends the reading at the limit.
pub fn read_table(
    input: &mut dyn BufRead,
    base: &Provenance,
    columns: &Columns,
    encoding: Option<&str>,
    limit: u64,
    sink: &mut dyn FnMut(Result<Collected, CollectError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut row = Vec::new();
    let failed = |reason: Reason| Err(CollectError::new(base.input.clone(), reason));
    match next_row(input, limit, &mut row) {
        Ok(true) => {}
        Ok(false) => return sink(failed(Reason::Empty)),
        Err(reason) => return sink(failed(reason)),
    }
    let first = row.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&row);
    let delimiter = delimiter_of(first);
    let headings = decoded(first, encoding).and_then(|text| cells(&text, delimiter));
    let positions = match headings.and_then(|headings| columns.positions(&headings)) {
        Ok(positions) => positions,
        Err(reason) => return sink(failed(reason)),
    };
    for number in 1_usize.. {
        let name = format!("{}#{number}", base.input);
        match next_row(input, limit, &mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(reason) => return sink(Err(CollectError::new(name, reason))),
        }
        if row.trim_ascii().is_empty() {
            continue;
        }
        let provenance = Provenance { input: name.clone(), format: "csv".to_owned(), ..base.clone() };
        let item = decoded(&row, encoding).and_then(|text| cells(&text, delimiter)).and_then(|cells| {
            let field = |name: &str| positions.get(name).and_then(|at| cells.get(*at)).cloned();
            from_fields(field, provenance, row.clone())
        });
        sink(item.map_err(|reason| CollectError::new(name, reason)))?;
    }
    ControlFlow::Continue(())
}

fn decoded(row: &[u8], encoding: Option<&str>) -> Result<String, Reason> {
    let decoded = match encoding {
        Some(name) => decode_as(row, name)?,
        None => decode(row, None)?,
    };
    Ok(decoded.text)
}

/// The bytes of one row, which a quoted cell may spread over several lines; without the line end.
fn next_row(input: &mut dyn BufRead, limit: u64, row: &mut Vec<u8>) -> Result<bool, Reason> {
    row.clear();
    let (mut quoted, mut counted) = (false, 0);
    loop {
        let left = limit.saturating_sub(row.len() as u64) + 1;
        let read = std::io::Read::take(&mut *input, left).read_until(b'\n', row)?;
        if row.len() as u64 > limit {
            return Err(Reason::TooLarge { limit });
        }
        // A doubled quote inside a cell switches twice, so counting is enough.
        quoted ^= row.get(counted..).unwrap_or_default().iter().filter(|b| **b == b'"').count() % 2 == 1;
        counted = row.len();
        if read == 0 || !quoted {
            break;
        }
    }
    let any = !row.is_empty();
    while row.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
        row.pop();
    }
    Ok(any)
}

fn delimiter_of(headings: &[u8]) -> u8 {
    let mut best = (b',', 0);
    for delimiter in [b',', b';', b'\t', b'|'] {
        let count = headings.iter().filter(|b| **b == delimiter).count();
        if count > best.1 {
            best = (delimiter, count);
        }
    }
    best.0
}

fn cells(row: &str, delimiter: u8) -> Result<Vec<String>, Reason> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(row.as_bytes());
    match reader.records().next() {
        Some(Ok(record)) => Ok(record.iter().map(str::to_owned).collect()),
        Some(Err(error)) => Err(Reason::malformed("table", error)),
        None => Err(Reason::Empty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &[u8], columns: &str) -> Vec<Result<Collected, CollectError>> {
        let mut items = Vec::new();
        let base = Provenance { input: "a.csv".into(), ..Provenance::default() };
        let _ = read_table(&mut &input[..], &base, &columns.parse().unwrap(), None, 10_000, &mut |item| {
            items.push(item);
            ControlFlow::Continue(())
        });
        items
    }

    #[test]
    fn obvious_headings_are_found() {
        let items = read(b"\xef\xbb\xbfDate;Headline;Text;Outlet\r\n2024-12-27;Hit;\"Two; \"\"lines\"\"\r\nhere.\";Sample Agency\r\n\r\n;;;\r\n", "");
        let first = items[0].as_ref().unwrap();
        assert_eq!(first.report.text, "Two; \"lines\"\r\nhere.");
        assert_eq!((first.report.title.as_deref(), first.report.source.as_deref()), (Some("Hit"), Some("Sample Agency")));
        assert_eq!(first.original, b"2024-12-27;Hit;\"Two; \"\"lines\"\"\r\nhere.\";Sample Agency");
        assert!(matches!(items[1].as_ref().unwrap_err().reason, Reason::Empty));
    }

    #[test]
    fn columns_can_be_named() {
        let items = read(b"a,b\nx,y\n", "text=b, source=a");
        let report = &items[0].as_ref().unwrap().report;
        assert_eq!((report.text.as_str(), report.source.as_deref()), ("y", Some("x")));
        assert!("txt=b".parse::<Columns>().is_err());
    }

    #[test]
    fn err_missing_columns_are_named() {
        assert_eq!(
            read(b"a,b\nx,y\n", "")[0].as_ref().unwrap_err().to_string(),
            "a.csv: malformed table: no column holds the text (there are: a, b)"
        );
        assert_eq!(
            read(b"a,b\n", "text=c")[0].as_ref().unwrap_err().to_string(),
            "a.csv: malformed table: there is no column `c`"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_err(bytes: Vec<u8>) {
            read(&bytes, "");
            read(&[b"text,a\n".as_slice(), &bytes].concat(), "");
        }

        #[test]
        fn cells_come_back_as_written(text in "[a-c\",;\n]{1,20}") {
            let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            writer.write_record(["text", "id"]).unwrap();
            writer.write_record([text.as_str(), "1"]).unwrap();
            let items = read(&writer.into_inner().unwrap(), "");
            match &items[0] {
                Ok(collected) => proptest::prop_assert_eq!(&collected.report.text, &text),
                Err(error) => proptest::prop_assert!(text.trim().is_empty(), "{}", error),
            }
        }
    }
}
