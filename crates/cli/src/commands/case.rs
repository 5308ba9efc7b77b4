//! What all verbs on a case share: where it is, who works on it, which events are meant.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use dateline::case::{Case, STATUSES, TOLD};
use dateline::casebook::{EventQuery, Within};
use serde::Serialize;

use crate::case_args::{At, By, Filters, Shape};
use crate::exit::Usage;

/// The file that a case's folder holds.
const MARK: &str = "case.db";

/// Opens the case to ask it.
pub(crate) fn ask(at: &At) -> anyhow::Result<Case> {
    let dir = find(at.case.as_deref())?;
    Case::read_only(&dir).with_context(|| format!("can't open the case in {}", dir.display()))
}

/// Opens the case to work on it.
pub(crate) fn open(by: &By) -> anyhow::Result<Case> {
    let dir = find(by.at.case.as_deref())?;
    Case::open(&dir, &who(by.by.as_deref())).with_context(|| format!("can't open the case in {}", dir.display()))
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
    /// The query that they mean.
    pub(crate) fn query(&self) -> anyhow::Result<EventQuery> {
        for status in &self.status {
            if !STATUSES.contains(&status.as_str()) {
                return Err(Usage(format!("`{status}` is no status; known: {}", STATUSES.join(", "))).into());
            }
        }
        let day = |date: &Option<dateline::record::Edtf>, last: bool| {
            let (from, to) = date.as_ref()?.bounds()?;
            if last { to.or(from) } else { from.or(to) }
        };
        Ok(EventQuery {
            kinds: self.kinds.iter().map(ToString::to_string).collect(),
            actor: self.actor.clone(),
            country: self.country.map(|country| country.to_string()),
            place: self.place.clone(),
            within: self.near.as_deref().map(near).transpose()?,
            from: day(&self.from, false),
            to: day(&self.to, true),
            status: if self.status.is_empty() && !self.all {
                TOLD.iter().map(|status| (*status).to_owned()).collect()
            } else {
                self.status.clone()
            },
            min_origins: self.sources,
            disputed: self.disputed.then_some(true),
            reviewed: if self.reviewed { Some(true) } else { self.unreviewed.then_some(false) },
            text: self.text.clone(),
            ..EventQuery::default()
        })
    }
}

impl Filters {
    /// What was asked for, as it is typed; empty for all.
    pub(crate) fn words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut add = |name: &str, value: Option<String>| words.extend(value.map(|value| format!("--{name} {value}")));
        for kind in &self.kinds {
            add("type", Some(kind.to_string()));
        }
        add("actor", self.actor.clone());
        add("country", self.country.map(|country| country.to_string()));
        add("place", self.place.clone());
        add("near", self.near.clone());
        add("from", self.from.as_ref().map(ToString::to_string));
        add("to", self.to.as_ref().map(ToString::to_string));
        for status in &self.status {
            add("status", Some(status.clone()));
        }
        add("sources", self.sources.map(|sources| sources.to_string()));
        add("text", self.text.clone());
        let flags =
            [(self.disputed, "disputed"), (self.unreviewed, "unreviewed"), (self.reviewed, "reviewed"), (self.all, "all")];
        words.extend(flags.iter().filter(|(set, _)| *set).map(|(_, name)| format!("--{name}")));
        words.join(" ")
    }
}

/// `Kursk,50`.
fn near(text: &str) -> anyhow::Result<Within> {
    let wrong = || Usage(format!("`--near {text}`: write a place and kilometres, as in Kursk,50"));
    let (place, km) = text.rsplit_once(',').ok_or_else(wrong)?;
    let km: f64 = km.trim().parse().map_err(|_| wrong())?;
    if !(1.0..=20_000.0).contains(&km) {
        return Err(Usage(format!("`--near {text}`: the radius must lie between 1 and 20000 km")).into());
    }
    let (lat, lon) = Case::locate(place.trim())?;
    Ok(Within { lat, lon, km })
}
