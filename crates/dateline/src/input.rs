use std::io::{BufRead, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use dateline_record::{Edtf, Report};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use serde::Deserialize;

/// The longest text that is read, in bytes of UTF-8: longer than any report, short enough for a parse to stay in memory.
pub const MAX_TEXT: usize = 10 << 20;

/// The longest line of a JSONL input: a text of [`MAX_TEXT`] with every character escaped.
const MAX_LINE: u64 = 6 * MAX_TEXT as u64 + (1 << 16);

/// Why bytes are no text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// Not in the encoding that was asked for.
    #[error("not {encoding}{}", .offset.map(|at| format!(": invalid at byte {at}")).unwrap_or_default())]
    Malformed {
        /// Name of the encoding.
        encoding: &'static str,
        /// First byte that can't be read, where that is known.
        offset: Option<usize>,
    },
    /// No text in any encoding.
    #[error("not text: not UTF-8 at byte {offset}, and no other encoding fits")]
    Binary {
        /// First byte that is not UTF-8.
        offset: usize,
    },
    /// The encoding's name is unknown.
    #[error("`{0}` is no encoding known to the web")]
    UnknownEncoding(String),
}

impl InputError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Malformed { .. } => Some("name the right encoding with `--encoding`, or leave it out to have it found"),
            Self::Binary { .. } => Some("convert the file to plain text first (for a PDF: `pdftotext`)"),
            Self::UnknownEncoding(_) => {
                Some("names are those of the Encoding Standard: `utf-8`, `utf-16le`, `windows-1251`, `koi8-u`…")
            }
        }
    }
}

/// Text, and how it was found in the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// Its encoding's name in the Encoding Standard.
    pub encoding: &'static str,
    /// True when nothing said so: it was guessed from the bytes.
    pub guessed: bool,
}

/// Bytes of a report to text, by a fixed rule:
///
/// 1. the encoding that `declared` names, strictly: a byte that does not fit is an error;
/// 2. else what a byte order mark says (UTF-8, UTF-16); the mark is no part of the text;
/// 3. else UTF-8, if all bytes fit;
/// 4. else, if there is no NUL byte, the legacy encoding that the bytes look most like (as browsers guess), and the caller is told
///    that it was guessed; if that leaves control characters or unreadable bytes, it is no text.
///
/// Nothing else is changed: line ends and white space stay as they are, so that positions hold.
///
/// # Errors
/// When the bytes are no text by that rule.
pub fn decode(bytes: Vec<u8>, declared: Option<&str>) -> Result<Decoded, InputError> {
    if let Some(name) = declared {
        let encoding = Encoding::for_label(name.as_bytes()).ok_or_else(|| InputError::UnknownEncoding(name.to_owned()))?;
        let offset = std::str::from_utf8(&bytes).err().map(|error| error.valid_up_to()).filter(|_| encoding == UTF_8);
        let bytes = match Encoding::for_bom(&bytes) {
            Some((marked, length)) if marked == encoding => bytes.get(length..).unwrap_or_default(),
            _ => bytes.as_slice(),
        };
        return strictly(encoding, bytes, offset).map(|text| Decoded { text, encoding: encoding.name(), guessed: false });
    }
    if let Some((encoding, length)) = Encoding::for_bom(&bytes) {
        let text = strictly(encoding, bytes.get(length..).unwrap_or_default(), None)?;
        return Ok(Decoded { text, encoding: encoding.name(), guessed: false });
    }
    let (bytes, offset) = match String::from_utf8(bytes) {
        Ok(text) => return Ok(Decoded { text, encoding: UTF_8.name(), guessed: false }),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            (error.into_bytes(), offset)
        }
    };
    if bytes.contains(&0) {
        return Err(InputError::Binary { offset });
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    debug_assert!(encoding != UTF_16LE && encoding != UTF_16BE, "chardetng never guesses UTF-16");
    match strictly(encoding, &bytes, None) {
        Ok(text) if !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')) => {
            Ok(Decoded { text, encoding: encoding.name(), guessed: true })
        }
        _ => Err(InputError::Binary { offset }),
    }
}

fn strictly(encoding: &'static Encoding, bytes: &[u8], offset: Option<usize>) -> Result<String, InputError> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
        .ok_or(InputError::Malformed { encoding: encoding.name(), offset })
}

/// Why a line of a JSONL input is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// The input broke off.
    #[error("can't read on: {0}")]
    Io(#[from] std::io::Error),
    /// The line is no JSON object with a text.
    #[error("no report: {}", without_line(.0))]
    Json(#[from] serde_json::Error),
    /// The line has no end in sight.
    #[error("the line is longer than {} MiB", MAX_LINE >> 20)]
    TooLong,
    /// The date of publication is no date.
    #[error("`published`: {0}")]
    Published(#[from] dateline_record::EdtfError),
}

/// serde_json counts lines within the one line that it sees, which would only mislead.
fn without_line(error: &serde_json::Error) -> String {
    error.to_string().replace(&format!(" at line {} column", error.line()), " at column")
}

/// A name as the sender writes it: mostly a string, in some data sets a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Number(serde_json::Number),
}

/// One line of a JSONL input. Fields that are not named here are passed over.
#[derive(Deserialize)]
struct Line {
    #[serde(default, alias = "ref", alias = "doc", alias = "reference")]
    id: Option<Name>,
    text: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    author: Option<String>,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    language: Option<String>,
}

impl Line {
    fn into_report(self) -> Result<Report, LineError> {
        let reference = self.id.map(|id| match id {
            Name::Text(text) => text,
            Name::Number(number) => number.to_string(),
        });
        let published = self.published.as_deref().map(str::trim).filter(|date| !date.is_empty());
        Ok(Report {
            reference,
            text: self.text,
            title: self.title,
            url: self.url,
            source: self.source,
            author: self.author,
            published: published.map(published_date).transpose()?,
            language: self.language,
        })
    }
}

/// A date of publication: EDTF, or the date of a timestamp (`2024-12-27T10:30:00Z`, `2024-12-27 10:30`).
pub(crate) fn published_date(text: &str) -> Result<Edtf, dateline_record::EdtfError> {
    let is_day = |day: &str| day.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if let (Some(day), Some(rest)) = (text.get(..10), text.get(10..))
        && is_day(day)
        && rest.starts_with(['T', ' '])
        && rest[1..].starts_with(|c: char| c.is_ascii_digit())
    {
        return day.parse();
    }
    text.parse()
}

/// The reports of a JSONL input, one line at a time; blank lines are passed over.
///
/// Each item comes with its line's number, counted from 1. A line that is no report is an error of its own and the next is read;
/// after a read error or an endless line there is no next.
#[derive(Debug)]
pub struct ReportLines<R> {
    input: R,
    line: usize,
    over: bool,
}

impl<R: BufRead> ReportLines<R> {
    /// The reports in `input`.
    pub fn new(input: R) -> Self {
        Self { input, line: 0, over: false }
    }
}

impl<R: BufRead> Iterator for ReportLines<R> {
    type Item = (usize, Result<Report, LineError>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        while !self.over {
            bytes.clear();
            self.line += 1;
            match self.input.by_ref().take(MAX_LINE + 1).read_until(b'\n', &mut bytes) {
                Ok(0) => self.over = true,
                Ok(length) if length as u64 > MAX_LINE => {
                    self.over = true;
                    return Some((self.line, Err(LineError::TooLong)));
                }
                Ok(_) => {
                    let line = bytes.strip_prefix("\u{feff}".as_bytes()).filter(|_| self.line == 1).unwrap_or(&bytes);
                    if line.trim_ascii().is_empty() {
                        continue;
                    }
                    let report = serde_json::from_slice::<Line>(line).map_err(LineError::from).and_then(Line::into_report);
                    return Some((self.line, report));
                }
                Err(error) => {
                    self.over = true;
                    return Some((self.line, Err(error.into())));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (String, &'static str, bool) {
        let Decoded { text, encoding, guessed } = decode(bytes.to_vec(), None).unwrap();
        (text, encoding, guessed)
    }

    #[test]
    fn utf8_is_taken_as_it_is_and_a_mark_is_no_text() {
        assert_eq!(decoded("a\r\n б".as_bytes()), ("a\r\n б".to_owned(), "UTF-8", false));
        assert_eq!(decoded(b"\xef\xbb\xbfa"), ("a".to_owned(), "UTF-8", false));
        assert_eq!(decoded(b"\xff\xfea\0b\0"), ("ab".to_owned(), "UTF-16LE", false));
    }

    #[test]
    fn legacy_cyrillic_is_found_and_said_to_be_guessed() {
        let text = "Войска захватили село в понедельник, сообщил генеральный штаб.";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
        assert_eq!(decoded(&bytes), (text.to_owned(), "windows-1251", true));
    }

    #[test]
    fn err_binary_names_the_byte() {
        assert_eq!(decode(b"PDF\xe2\xe3\0".to_vec(), None), Err(InputError::Binary { offset: 3 }));
        assert_eq!(decode(b"ab\xff\x81\x05".to_vec(), None), Err(InputError::Binary { offset: 2 }));
    }

    #[test]
    fn a_declared_encoding_is_strict() {
        let error = decode(b"ab\xff".to_vec(), Some("utf-8")).unwrap_err();
        assert_eq!(error.to_string(), "not UTF-8: invalid at byte 2");
        assert_eq!(decode(b"\xef".to_vec(), Some("cp1251")).unwrap().text, "п");
        assert_eq!(decode(vec![], Some("x")).unwrap_err().to_string(), "`x` is no encoding known to the web");
    }

    #[test]
    fn lines_carry_numbers_and_errors_do_not_stop_them() {
        let input = "{\"id\": 7, \"text\": \"a\", \"published\": \"2024-12-27T10:00:00Z\"}\n\n{\"id\": \"x\"}\nnot json\n{\"text\": \"b\"}";
        let lines: Vec<_> = ReportLines::new(input.as_bytes()).collect();
        assert_eq!(lines.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 3, 4, 5]);
        let first = lines[0].1.as_ref().unwrap();
        assert_eq!(first.reference.as_deref(), Some("7"));
        assert_eq!(first.published.as_ref().map(Edtf::as_str), Some("2024-12-27"));
        assert!(lines[1].1.as_ref().unwrap_err().to_string().contains("missing field `text`"));
        assert_eq!(lines[3].1.as_ref().unwrap().text, "b");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_decode_or_err(bytes: Vec<u8>) {
            let _ = decode(bytes, None);
        }
    }
}
