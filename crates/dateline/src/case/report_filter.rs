//! Which reports are asked for, as people write it: words, and fields such as `source:` among them, in a box or in a form.

use dateline_casebook::SearchQuery;
use dateline_record::{Date, Edtf};
use serde::{Deserialize, Serialize};

use super::CaseError;
use super::filter::some;

/// Fields that may stand among the words, each with what it asks for.
pub const REPORT_FIELDS: [(&str, &str); 7] = [
    ("source", "words of the outlet's name; given twice, either will do"),
    ("title", "words of the headline"),
    ("from", "published on this date or later, as in 2024-12-27, 2024-12 or 2024"),
    ("to", "published on this date or before"),
    ("language", "the text's language by its code, as in en"),
    ("author", "words of the byline"),
    ("url", "the host of the address or a part of it, or the beginning of the address"),
];

/// Conditions that reports must meet, all of them.
///
/// It is read from a query string as forms send it: what is left blank is not asked for. Fields may stand among the words of `q` too
/// (`source:wire "front line" from:2024-12`), with quotation marks where a value has spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[serde(default)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ReportFilter {
    /// Words that must all be there, "phrases", this OR that, begin*, -without; and fields.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub q: Option<String>,
    /// Words of the outlet's name.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub source: Option<String>,
    /// Words of the headline.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub title: Option<String>,
    /// Published on this date or later, in EDTF.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub from: Option<String>,
    /// Published on this date or before, in EDTF.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub to: Option<String>,
    /// The text's language by its code.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub language: Option<String>,
    /// Words of the byline.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub author: Option<String>,
    /// The host of the address or a part of it, or the beginning of the address.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub url: Option<String>,
}

impl ReportFilter {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }

    /// The question that it means.
    ///
    /// # Errors
    /// When a field can't be: it stands empty, is asked for twice, or its value is no date or language code. Whether there are words to
    /// search for is only known when the case is asked.
    pub fn query(&self) -> Result<SearchQuery, CaseError> {
        let (words, fields) = parted(self.q.as_deref().unwrap_or_default())?;
        let mut query = SearchQuery { text: words.trim().to_owned(), ..SearchQuery::default() };
        let own = [
            ("source", &self.source),
            ("title", &self.title),
            ("from", &self.from),
            ("to", &self.to),
            ("language", &self.language),
            ("author", &self.author),
            ("url", &self.url),
        ];
        let own = own.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
        for (name, value) in fields.into_iter().chain(own) {
            if matches!(name, "source" | "author") && !value.contains(char::is_alphanumeric) {
                return Err(wrong(name, &value, "name"));
            }
            match name {
                "source" => query.outlets.push(value),
                "title" => {
                    let title = query.title.get_or_insert_default();
                    title.push(' ');
                    title.push_str(&value);
                }
                "from" => once(name, &mut query.from, day(name, &value, false)?)?,
                "to" => once(name, &mut query.to, day(name, &value, true)?)?,
                "language" => {
                    if !value.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
                        return Err(wrong(name, &value, "language code, as in en"));
                    }
                    once(name, &mut query.language, value)?;
                }
                "author" => once(name, &mut query.author, value)?,
                _ => once(name, &mut query.url, value)?,
            }
        }
        Ok(query)
    }
}

fn wrong(name: &str, value: &str, what: &str) -> CaseError {
    CaseError::Filter(format!("{name}: `{value}` is no {what}"))
}

fn once<T>(name: &str, field: &mut Option<T>, value: T) -> Result<(), CaseError> {
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err(CaseError::Filter(format!("{name}: is asked for twice"))),
    }
}

/// The first or last day of a date.
fn day(name: &str, value: &str, last: bool) -> Result<Date, CaseError> {
    let bounds = value.parse::<Edtf>().ok().and_then(|date| date.bounds());
    let (from, to) = bounds.ok_or_else(|| wrong(name, value, "date, as in 2024-12-27 or 2024-12"))?;
    (if last { to.or(from) } else { from.or(to) }).ok_or_else(|| wrong(name, value, "date with a beginning or end"))
}

const OPENING: [char; 4] = ['"', '“', '”', '„'];
const CLOSING: [char; 3] = ['"', '“', '”'];
const MINUS: [char; 3] = ['-', '−', '–'];

/// Words, and the values of fields by their names.
type Parted = (String, Vec<(&'static str, String)>);

/// What was typed as words and fields.
fn parted(typed: &str) -> Result<Parted, CaseError> {
    let (mut words, mut fields) = (String::new(), Vec::new());
    let mut rest = typed;
    while !rest.is_empty() {
        let bare = rest.trim_start();
        let (space, _) = rest.split_at(rest.len() - bare.len());
        words.push_str(space);
        if let Some((name, value)) = field(bare) {
            if bare.starts_with(MINUS) {
                return Err(CaseError::Filter(format!("-{name}: only words can be left out with a minus sign, not fields")));
            }
            let (value, after) = match value.strip_prefix(OPENING) {
                Some(inside) => {
                    let (value, after) = inside.split_at(inside.find(CLOSING).unwrap_or(inside.len()));
                    (value, after.strip_prefix(CLOSING).unwrap_or(after))
                }
                None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
            };
            if value.trim().is_empty() {
                return Err(CaseError::Filter(format!("{name}: nothing stands after the colon")));
            }
            fields.push((name, value.trim().to_owned()));
            rest = after;
        } else {
            let (token, after) = bare.split_at(end(bare));
            words.push_str(token);
            rest = after;
        }
    }
    Ok((words, fields))
}

/// The field that a text begins with, perhaps after a minus sign, and what comes after its colon.
fn field(text: &str) -> Option<(&'static str, &str)> {
    let (name, value) = text.strip_prefix(MINUS).unwrap_or(text).split_once(':')?;
    let (name, _) = REPORT_FIELDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some((name, value))
}

/// Where a word or phrase at the beginning of a text ends.
fn end(text: &str) -> usize {
    let bare = text.strip_prefix(MINUS).unwrap_or(text);
    let before = text.len() - bare.len();
    before
        + match bare.strip_prefix(OPENING) {
            Some(inside) => {
                let quote = bare.len() - inside.len();
                quote
                    + inside
                        .char_indices()
                        .find(|(_, letter)| CLOSING.contains(letter))
                        .map_or(inside.len(), |(at, letter)| at + letter.len_utf8())
            }
            None => bare.find(|letter: char| letter.is_whitespace() || OPENING.contains(&letter)).unwrap_or(bare.len()),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(q: &str) -> ReportFilter {
        ReportFilter { q: Some(q.to_owned()), ..ReportFilter::default() }
    }

    #[test]
    fn fields_stand_among_words() {
        let query = typed(r#"drone source:wire -rumour Source:"Sample Gazette" title:“front line” from:2024-12 to:2025-01 language:en url:https://a.example/b?c:d author:jo "said source: x" 12:30"#)
            .query()
            .unwrap();
        assert_eq!(query.text.split_whitespace().collect::<Vec<_>>().join(" "), r#"drone -rumour "said source: x" 12:30"#);
        assert_eq!(query.outlets, ["wire", "Sample Gazette"]);
        assert_eq!(query.title.as_deref().map(str::trim), Some("front line"));
        assert_eq!(query.from.unwrap().to_string(), "2024-12-01");
        assert_eq!(query.to.unwrap().to_string(), "2025-01-31");
        assert_eq!((query.language.as_deref(), query.author.as_deref()), (Some("en"), Some("jo")));
        assert_eq!(query.url.as_deref(), Some("https://a.example/b?c:d"));
        let form: ReportFilter =
            serde_json::from_str(r#"{"q": "drone", "source": "wire", "title": " ", "from": "2024"}"#).unwrap();
        let query = form.query().unwrap();
        assert_eq!((query.text.as_str(), query.outlets.len(), query.title), ("drone", 1, None));
        assert!(ReportFilter::default().is_blank() && !form.is_blank());
        // What only looks like a field is words.
        assert_eq!(typed("see https://a.example/b").query().unwrap().text, "see https://a.example/b");
    }

    #[test]
    fn err_what_is_wrong_is_named() {
        for (q, said) in [
            ("from:soon", "from: `soon` is no date"),
            ("drone source:", "source: nothing stands after the colon"),
            ("title:\"\"", "title: nothing stands after the colon"),
            ("-source:wire", "-source: only words can be left out"),
            ("source:*", "source: `*` is no name"),
            ("from:2024 from:2025", "from: is asked for twice"),
            ("language:русский", "language: `русский` is no language code"),
        ] {
            let error = typed(q).query().unwrap_err().to_string();
            assert!(error.contains(said), "{q}: {error}");
        }
        let both = ReportFilter { author: Some("jo".to_owned()), ..typed("author:al") };
        assert!(both.query().unwrap_err().to_string().contains("author: is asked for twice"));
    }
}
