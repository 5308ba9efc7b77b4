//! What all verbs on a case share: where it is, who works on it, which events are meant.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use dateline::case::{Case, CaseError, Decoding, EventFilter};
use dateline::casebook::EventQuery;
use dateline::media::{OcrOptions, TrustList};
use serde::Serialize;

use crate::case_args::{At, By, Filters, Shape};
use crate::exit::Usage;
use crate::media_args::Trust;
use crate::printer::Printer;

/// The file that a case's folder holds.
const MARK: &str = "case.db";

/// Opens the case to ask it.
pub(crate) fn ask(at: &At) -> anyhow::Result<Case> {
    let dir = find(at.case.as_deref())?;
    seeing(Case::read_only(&dir), &dir)
}

/// Opens the case to work on it.
pub(crate) fn open(by: &By) -> anyhow::Result<Case> {
    let dir = find(by.at.case.as_deref())?;
    let case = Case::open(&dir, &who(by.by.as_deref()));
    seeing(case, &dir)
}

/// Opens the case whose views are to be made anew, whatever version they are of.
pub(crate) fn open_to_rebuild(by: &By) -> anyhow::Result<Case> {
    let dir = find(by.at.case.as_deref())?;
    let case = Case::open_to_rebuild(&dir, &who(by.by.as_deref()));
    seeing(case, &dir)
}

/// A case that was opened, with what it looks at pictures with.
fn seeing(case: Result<Case, CaseError>, dir: &Path) -> anyhow::Result<Case> {
    let case = case.with_context(|| format!("can't open the case in {}", dir.display()))?;
    Ok(case.decoding(decoding()).picture_text(picture_text()))
}

/// How text in pictures is looked for: in the languages that the environment names, else in English; not at all where it says `off`.
pub(crate) fn picture_text() -> Option<OcrOptions> {
    languages(std::env::var("DATELINE_OCR_LANGUAGES").ok().as_deref())
        .map(|languages| OcrOptions { languages, ..OcrOptions::default() })
}

/// Languages by Tesseract's names, joined by `+` as it joins them, or by commas or spaces.
fn languages(named: Option<&str>) -> Option<Vec<String>> {
    let named = named.unwrap_or_default().trim();
    if named.eq_ignore_ascii_case("off") {
        return None;
    }
    Some(named.split(['+', ',', ' ']).filter(|language| !language.is_empty()).map(str::to_owned).collect())
}

/// Where pictures are decoded: in another process of this program.
pub(crate) fn decoding() -> Decoding {
    match std::env::current_exe() {
        Ok(program) => Decoding::Worker { program, arguments: vec!["decode-pictures".into()] },
        Err(_) => Decoding::InProcess,
    }
}

/// Whose signatures of content credentials are trusted.
pub(crate) fn trust(args: &Trust, printer: &Printer) -> anyhow::Result<Option<TrustList>> {
    let Some(path) = &args.trust else { return Ok(None) };
    if !TrustList::is_of_use() {
        printer.warning("the trust list is of no use: this dateline was built without content credentials (`--features c2pa`)");
        return Ok(None);
    }
    let pem = std::fs::read_to_string(path).with_context(|| format!("can't read the trust list {}", path.display()))?;
    Ok(Some(TrustList::of_pem(&pem).map_err(|why| Usage(format!("`--trust {}`: {why}", path.display())))?))
}

/// The folder of the case that is meant.
pub(crate) fn folder(by: &By) -> anyhow::Result<PathBuf> {
    find(by.at.case.as_deref())
}

/// Who works here: as given, else as the machine knows the user.
pub(crate) fn who(given: Option<&str>) -> String {
    let named = |variable: &str| std::env::var(variable).ok().filter(|name| !name.trim().is_empty());
    given.map(str::to_owned).or_else(|| named("USER")).or_else(|| named("USERNAME")).unwrap_or_else(|| "unknown".to_owned())
}

/// The case's folder: as given, else the nearest one from the current folder upwards.
fn find(given: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(dir) = given {
        return Ok(dir.to_owned());
    }
    let here = std::env::current_dir().context("can't tell the current folder")?;
    let found = here.ancestors().find(|folder| folder.join(MARK).is_file()).map(Path::to_owned);
    found.ok_or_else(|| {
        Usage(format!(
            "no case in {} or any folder above it: make one with `dateline init`, or name one with `--case DIR`",
            here.display()
        ))
        .into()
    })
}

/// Writes an answer for programs: as one document, or one of its rows a line.
pub(crate) fn write_json<R: Serialize>(
    out: &mut dyn Write,
    shape: Shape,
    whole: &impl Serialize,
    rows: &[R],
) -> anyhow::Result<()> {
    if shape == Shape::Json {
        serde_json::to_writer_pretty(&mut *out, whole)?;
        writeln!(out)?;
        return Ok(());
    }
    for row in rows {
        serde_json::to_writer(&mut *out, row)?;
        writeln!(out)?;
    }
    Ok(())
}

impl Filters {
    /// The same, as the case takes it.
    pub(crate) fn filter(&self) -> EventFilter {
        EventFilter {
            kinds: self.kinds.iter().map(ToString::to_string).collect(),
            actor: self.actor.clone(),
            country: self.country.map(|country| country.to_string()),
            place: self.place.clone(),
            near: self.near.clone(),
            from: self.from.as_ref().map(ToString::to_string),
            to: self.to.as_ref().map(ToString::to_string),
            status: self.status.clone(),
            sources: self.sources.map(|sources| sources.to_string()),
            disputed: self.disputed,
            unreviewed: self.unreviewed,
            reviewed: self.reviewed,
            text: self.text.clone(),
            all: self.all,
        }
    }

    /// The query that they mean.
    pub(crate) fn query(&self) -> anyhow::Result<EventQuery> {
        self.filter().query().map_err(|error| match error {
            CaseError::Filter(why) => Usage(why).into(),
            other => other.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_of_text_in_pictures_are_named_or_it_is_off() {
        let named = |words| languages(Some(words));
        assert_eq!(languages(None), Some(Vec::new()));
        assert_eq!((named(""), named(" off "), named("OFF")), (Some(Vec::new()), None, None));
        for words in ["eng+ukr", "eng, ukr", "eng ukr"] {
            assert_eq!(named(words), Some(vec!["eng".to_owned(), "ukr".to_owned()]), "{words}");
        }
    }
}
