//! Pictures, videos and documents of an event: what is offered as evidence, what is said to have travelled, what came with the reports.

use std::collections::BTreeMap;

use dateline_casebook::{Reader, ReportRow};
use dateline_record::{Claim, EntityId, EntityKind, Polarity};
use serde::Serialize;

use super::CaseError;
use super::sides::Read;
use super::told::claims;
use crate::render::wording::within_line;

/// Media that are listed.
const MOST: usize = 60;

/// A picture, video or document that has to do with an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventMedium {
    /// What a report calls it, or the name of its file.
    pub name: String,
    /// `media` or `document` for what is spoken of, `file` for what came with a report, `address` for what a report names only.
    pub kind: String,
    /// What is said of it: *offered as evidence*, *published first on “…” (public)*.
    pub said: Vec<String>,
    /// Those who show or mention it, first published first; copies left out.
    pub shown_by: Vec<ShownBy>,
    /// SHA-256 of a file's bytes, which are in the archive.
    pub sha256: Option<String>,
    /// How many bytes.
    pub bytes: Option<u64>,
}

/// A report that shows or mentions a medium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShownBy {
    /// `r3`.
    pub report: String,
    /// Outlet.
    pub outlet: Option<String>,
    /// When it was published.
    pub published: Option<String>,
}

/// What is known of an event's media. `order` are its reports by time of publication, `texts` those whose text no other report has, each with the
/// ids of the event's happenings in its reading.
pub(super) fn media(
    reader: &Reader<'_>,
    order: &[&ReportRow],
    texts: &BTreeMap<u64, Vec<&str>>,
    reads: &BTreeMap<u64, Read>,
) -> Result<Vec<EventMedium>, CaseError> {
    let mut all: Vec<EventMedium> = Vec::new();
    for row in order {
        let by = ShownBy {
            report: format!("r{}", row.id),
            outlet: row.source.clone(),
            published: row.published.as_ref().map(|date| date.as_str().to_owned()),
        };
        if let (Some(locals), Some(read)) = (texts.get(&row.id), reads.get(&row.id)) {
            for Mentioned { name, kind, words: said, .. } in mentioned(read, locals) {
                let known = all.iter_mut().find(|known| known.kind == kind && known.name.to_lowercase() == name.to_lowercase());
                match known {
                    Some(known) => {
                        if !known.shown_by.contains(&by) {
                            known.shown_by.push(by.clone());
                        }
                        if !known.said.contains(&said) {
                            known.said.push(said);
                        }
                    }
                    None => all.push(EventMedium {
                        name,
                        kind: kind.to_owned(),
                        said: vec![said],
                        shown_by: vec![by.clone()],
                        sha256: None,
                        bytes: None,
                    }),
                }
            }
        }
        let masked = |name: &str| reads.get(&row.id).map_or_else(|| name.to_owned(), |read| read.words(name));
        let files = reader.media(row.id)?;
        for (name, sha256) in &files {
            let bytes = reader.original_row(sha256)?.map(|original| original.bytes);
            match all.iter_mut().find(|known| known.sha256.as_ref() == Some(sha256)) {
                Some(known) => known.shown_by.push(by.clone()),
                None => all.push(EventMedium {
                    name: masked(name),
                    kind: "file".to_owned(),
                    said: Vec::new(),
                    shown_by: vec![by.clone()],
                    sha256: Some(sha256.clone()),
                    bytes,
                }),
            }
        }
        for name in row.provenance.media.iter().filter(|name| !files.iter().any(|(file, _)| file == *name)) {
            match all.iter_mut().find(|known| known.kind == "address" && known.name == *name) {
                Some(known) => known.shown_by.push(by.clone()),
                None => all.push(EventMedium {
                    name: masked(name),
                    kind: "address".to_owned(),
                    said: Vec::new(),
                    shown_by: vec![by.clone()],
                    sha256: None,
                    bytes: None,
                }),
            }
        }
        if all.len() >= MOST {
            break;
        }
    }
    all.truncate(MOST);
    Ok(all)
}

/// What a report says of a medium.
pub(super) struct Mentioned {
    /// What it calls it.
    pub(super) name: String,
    /// `media` or `document`.
    pub(super) kind: &'static str,
    /// What is said of it, in words.
    pub(super) words: String,
    /// The medium in the reading.
    pub(super) entity: EntityId,
    /// How it travelled, where that is what is said.
    pub(super) circulation: Option<MediaCirculation>,
}

/// How a picture, video or document travelled, as a report has it. What the report does not say is null.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MediaCirculation {
    /// Whether the report says that this was the first time.
    pub first: bool,
    /// When: an EDTF date.
    pub when: Option<String>,
    /// When, in the report's words.
    pub when_in_words: Option<String>,
    /// Platforms by name: *Telegram*.
    pub platforms: Vec<String>,
    /// The channel's words.
    pub channel: Option<String>,
    /// Who posted or published it: outlets, accounts, persons.
    pub by: Vec<String>,
    /// `private` or `public`.
    pub visibility: Option<String>,
    /// How far it went, in the report's words.
    pub spread: Option<String>,
    /// False where whoever says so denies it or leaves it open, and where the report denies it.
    pub held: bool,
}

/// What a report says of media. Evidence counts where it is offered for the event; how media travelled, anywhere.
pub(super) fn mentioned(read: &Read, locals: &[&str]) -> Vec<Mentioned> {
    let mut all = Vec::new();
    let reading = &read.reading;
    let kind_of = |kind: EntityKind| match kind {
        EntityKind::Media => Some("media"),
        EntityKind::Document => Some("document"),
        _ => None,
    };
    let entity = |id| reading.entities.iter().find(|entity| entity.id == id);
    let name = |id| Some(within_line(&read.protected.name_of(entity(id)?)));
    let names = |ids: &mut dyn Iterator<Item = EntityId>| ids.filter_map(name).collect::<Vec<String>>();
    let events = reading.events.iter().filter(|event| locals.contains(&event.id.to_string().as_str()));
    for filler in events.flat_map(|event| claims(reading, event)).flat_map(|claim: &Claim| &claim.evidence) {
        if let (Some(kind), Some(name)) = (entity(filler.entity).and_then(|entity| kind_of(entity.kind)), name(filler.entity)) {
            let words = format!("offered as evidence: “{}”", read.words(filler.mention.text()));
            all.push(Mentioned { name, kind, words, entity: filler.entity, circulation: None });
        }
    }
    for claim in &reading.claims {
        let Some(circulation) = &claim.circulation else { continue };
        let kind = entity(circulation.media).and_then(|entity| kind_of(entity.kind)).unwrap_or("media");
        let Some(name) = name(circulation.media) else { continue };
        let travelled = MediaCirculation {
            first: circulation.first,
            when: claim.time.as_ref().and_then(|time| Some(time.edtf.as_ref()?.as_str().to_owned())),
            when_in_words: claim.time.as_ref().map(|time| read.words(time.mention.text())),
            platforms: names(&mut circulation.platforms.iter().copied()),
            channel: circulation.channel.as_ref().map(|channel| read.words(channel.text())),
            by: names(&mut claim.actor.iter().map(|actor| actor.entity)),
            visibility: circulation.visibility.map(|visibility| crate::render::wording::visibility(visibility).to_owned()),
            spread: circulation.spread.as_ref().map(|spread| read.words(spread.text())),
            held: claim.factuality.source.polarity() == Polarity::Positive
                && claim.factuality.author.polarity() != Polarity::Negative,
        };
        let words = in_words(&read.words(claim.trigger.text()), &travelled);
        all.push(Mentioned { name, kind, words, entity: circulation.media, circulation: Some(travelled) });
    }
    all
}

/// *published first on “the channel” (public), “to thousands” by Sample Wire*: all but when.
fn in_words(trigger: &str, travelled: &MediaCirculation) -> String {
    let mut said = trigger.to_owned();
    if travelled.first {
        said.push_str(" first");
    }
    match &travelled.channel {
        Some(channel) => said.push_str(&format!(" on “{channel}”")),
        None if !travelled.platforms.is_empty() => said.push_str(&format!(" on {}", travelled.platforms.join(", "))),
        None => {}
    }
    if let Some(visibility) = &travelled.visibility {
        said.push_str(&format!(" ({visibility})"));
    }
    if let Some(spread) = &travelled.spread {
        said.push_str(&format!(", “{spread}”"));
    }
    if !travelled.by.is_empty() {
        said.push_str(&format!(" by {}", travelled.by.join(", ")));
    }
    said
}
