//! Which pictures are not shown to everybody: those of persons in captivity and of the dead.
//!
//! Nobody looks at faces here, and no picture is judged by what is in it: words decide. A picture is veiled where its own words (caption,
//! words for those who can't see it, name, text in it) speak of captivity or death; where a report that carries it offers pictures as
//! evidence of such a thing; where the report speaks of it and no caption says what else, no person, is to be seen; and where nobody could
//! read the report.
//! What holds for one picture holds for all that are alike, and for the frames of a film. An editor lifts the veil of one picture; that
//! stands in the audit chain.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use dateline_casebook::{NewReview, Reader, ReviewQuery, ShownRow, Writer};
use dateline_media::{FoundText, Metadata};
use dateline_record::{Claim, EntityKind, EventType, Mode, QuantityRole, Reading};
use serde::Serialize;
use serde_json::json;

use crate::case::decide::reason;
use crate::case::history::{DecisionLine, of_picture};
use crate::case::{Case, CaseError};

/// Reasons that are told of one picture.
const MOST: usize = 64;
/// Words from which a caption says what is to be seen, and no more a name or a credit.
const CAPTION: usize = 4;

/// Why a picture is veiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum VeilReason {
    /// It may show somebody in captivity.
    Captivity,
    /// It may show somebody dead.
    Dead,
    /// Nobody knows what the report that carries it says: it could not be read.
    Unread,
}

impl VeilReason {
    const ALL: [Self; 3] = [Self::Captivity, Self::Dead, Self::Unread];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Captivity => "captivity",
            Self::Dead => "dead",
            Self::Unread => "unread",
        }
    }

    /// In words: *may show persons in captivity*.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Captivity => "may show persons in captivity",
            Self::Dead => "may show the dead",
            Self::Unread => "comes with a report that could not be read",
        }
    }
}

/// That a picture is not shown to everybody, or was not until an editor lifted its veil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Veil {
    /// Why, each once.
    pub reasons: Vec<VeilReason>,
    /// Reports that give these reasons, `r3`; none where it is what stands with the picture itself.
    pub reports: Vec<String>,
    /// Who lifted it; null while it is veiled.
    pub lifted: Option<VeilLifted>,
}

/// That an editor lifted the veil of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VeilLifted {
    /// Number of the decision; taken back, the picture is veiled again.
    pub decision: u64,
    /// When, an RFC 3339 instant.
    pub at: String,
    /// Who.
    pub by: String,
    /// Why.
    pub why: Option<String>,
}

impl Veil {
    /// Whether the picture is not to be seen now.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.lifted.is_none()
    }

    /// Why, in words: *may show persons in captivity; may show the dead*.
    #[must_use]
    pub fn words(&self) -> String {
        self.reasons.iter().map(|reason| reason.words()).collect::<Vec<_>>().join("; ")
    }

    /// What is known of a picture's veil; none where nothing speaks for one.
    pub(super) fn of(reader: &Reader<'_>, sha256: &str) -> Result<Option<Self>, CaseError> {
        let Some(number) = reader.picture_number(sha256)? else { return Ok(None) };
        let rows = reader.veils(number, MOST)?;
        if rows.is_empty() {
            return Ok(None);
        }
        let reasons = VeilReason::ALL.into_iter().filter(|reason| rows.iter().any(|row| row.reason == reason.as_str()));
        let reports: BTreeSet<u64> = rows.iter().filter_map(|row| row.report).collect();
        Ok(Some(Self {
            reasons: reasons.collect(),
            reports: reports.into_iter().map(|report| format!("r{report}")).collect(),
            lifted: lifted(reader, sha256)?,
        }))
    }

    /// The veil of another picture of the same cluster: the reasons are the same, and each is lifted by itself.
    pub(super) fn over(&self, reader: &Reader<'_>, sha256: &str) -> Result<Self, CaseError> {
        Ok(Self { lifted: lifted(reader, sha256)?, ..self.clone() })
    }
}

/// Who lifted the veil of a picture; none while nobody has, or it was taken back.
fn lifted(reader: &Reader<'_>, sha256: &str) -> Result<Option<VeilLifted>, CaseError> {
    let query = ReviewQuery {
        kind: Some(LIFTED.to_owned()),
        subject: Some(subject(sha256)),
        standing: true,
        limit: MOST,
        ..ReviewQuery::default()
    };
    let review = reader.reviews(&query)?.rows.pop();
    Ok(review.map(|review| VeilLifted { decision: review.id, at: review.at, by: review.by, why: review.why }))
}

/// What the decision is called by which a veil is lifted.
const LIFTED: &str = "unveil";

/// How decisions name a picture.
fn subject(sha256: &str) -> serde_json::Value {
    json!({ "picture": sha256 })
}

impl Case {
    /// Records that an editor lets everybody see a veiled picture; gives the number of the decision.
    ///
    /// # Errors
    /// When there is no such picture, it is not veiled, no reason is given, or the record can't be written.
    pub fn unveil_picture(&mut self, sha256: &str, why: &str) -> Result<u64, CaseError> {
        let stamp = self.stamp();
        let why = reason(why).ok_or_else(|| CaseError::Correction("say why the picture is to be seen".to_owned()))?;
        self.book.write(|writer| {
            if !Veil::of(writer, sha256)?.is_some_and(|veil| veil.holds()) {
                return Err(CaseError::Correction(format!("picture {sha256} is not veiled")));
            }
            let new = NewReview { kind: LIFTED.to_owned(), subject: subject(sha256), field: None, value: None, why: Some(why) };
            Ok(writer.add_review(&new, &stamp)?)
        })
    }

    /// What was decided of a picture and who was given its file, oldest first; what was taken back too.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn picture_decisions(&self, sha256: &str) -> Result<Vec<DecisionLine>, CaseError> {
        of_picture(&self.book.read(), sha256)
    }

    /// Records that somebody is given the file of a picture as it came, before it is.
    ///
    /// # Errors
    /// When there is no such picture, or the record can't be written.
    pub fn note_picture_original_shown(&mut self, sha256: &str, why: &str) -> Result<u64, CaseError> {
        let stamp = self.stamp();
        self.book.write(|writer| {
            writer.picture_number(sha256)?.ok_or_else(|| CaseError::Missing(format!("picture {sha256}")))?;
            let kind = "original-shown".to_owned();
            Ok(writer
                .add_review(&NewReview { kind, subject: subject(sha256), field: None, value: None, why: reason(why) }, &stamp)?)
        })
    }
}

/// Notes what a report says against showing the pictures and videos that it carries, in place of what was noted of it before.
pub(in crate::case) fn note_report(writer: &mut Writer<'_>, report: u64) -> Result<(), CaseError> {
    let media: Vec<(String, ShownRow)> = writer.media_shown(report)?;
    if media.is_empty() {
        return Ok(());
    }
    writer.clear_veils_of_report(report)?;
    let Some(full) = writer.full_report(report)? else { return Ok(()) };
    let reading = writer.reading(report)?.filter(|reading| reading.not_read.is_none());
    let told = Told::of(&format!("{}\n{}", full.title.as_deref().unwrap_or_default(), full.text), reading.as_ref());
    for (sha256, shown) in &media {
        for reason in told.against(shown) {
            writer.add_veil(sha256, reason.as_str(), Some(report))?;
        }
    }
    Ok(())
}

/// Notes what stands with a picture itself against showing it, in place of what was noted before: the names under which it was brought in,
/// captions in the file, text that was found in it.
pub(super) fn note_picture(writer: &mut Writer<'_>, sha256: &str) -> Result<(), CaseError> {
    writer.clear_veils_of_picture(sha256)?;
    let mut words: Vec<String> = writer.sightings(sha256)?.into_iter().map(|seen| seen.name).collect();
    if let Some(row) = writer.picture(sha256)? {
        let metadata: Option<Metadata> = row.metadata.as_ref().and_then(|json| serde_json::from_str(json).ok());
        let text: Option<FoundText> = row.words.as_ref().and_then(|json| serde_json::from_str(json).ok());
        words.extend(metadata.into_iter().flat_map(|metadata| metadata.captions).map(|stated| stated.value));
        words.extend(text.map(|text| text.text));
    }
    let spoken: BTreeSet<VeilReason> = words.iter().flat_map(|words| spoken_of(words)).collect();
    for reason in spoken {
        writer.add_veil(sha256, reason.as_str(), None)?;
    }
    Ok(())
}

/// What a report speaks of.
#[derive(Debug, Default)]
struct Told {
    /// Anywhere in its words or claims.
    anywhere: BTreeSet<VeilReason>,
    /// In claims for which it offers a picture or video as evidence.
    shown: BTreeSet<VeilReason>,
    unread: bool,
}

impl Told {
    fn of(text: &str, reading: Option<&Reading>) -> Self {
        let mut told = Self { anywhere: spoken_of(text), shown: BTreeSet::new(), unread: reading.is_none() };
        let Some(reading) = reading else { return told };
        let is_media = |id| reading.entities.iter().any(|entity| entity.id == id && entity.kind == EntityKind::Media);
        for claim in &reading.claims {
            let of_claim = claimed(claim);
            if claim.evidence.iter().any(|filler| is_media(filler.entity)) {
                told.shown.extend(&of_claim);
            }
            told.anywhere.extend(of_claim);
        }
        told
    }

    /// Why a picture that the report carries is veiled.
    fn against(&self, shown: &ShownRow) -> BTreeSet<VeilReason> {
        let words: Vec<&str> = [&shown.caption, &shown.alt].into_iter().flatten().map(String::as_str).collect();
        let described = tell_of_no_person(&words.join(" "));
        let own = [Some(&shown.name), shown.caption.as_ref(), shown.alt.as_ref()];
        let mut reasons: BTreeSet<VeilReason> = own.into_iter().flatten().flat_map(|words| spoken_of(words)).collect();
        reasons.extend(&self.shown);
        if !described {
            reasons.extend(&self.anywhere);
            if self.unread {
                reasons.insert(VeilReason::Unread);
            }
        }
        reasons
    }
}

/// What a claim speaks of by its code, its counts and its trigger.
fn claimed(claim: &Claim) -> BTreeSet<VeilReason> {
    let mut reasons = spoken_of(claim.trigger.text());
    let mode = claim.event.mode;
    if mode == Some(Mode::Abduct) || (claim.event.kind == Some(EventType::Coerce) && mode == Some(Mode::Arrest)) {
        reasons.insert(VeilReason::Captivity);
    }
    for count in &claim.quantities {
        reasons.extend(match count.role {
            QuantityRole::Captured => Some(VeilReason::Captivity),
            QuantityRole::Killed => Some(VeilReason::Dead),
            _ => None,
        });
    }
    reasons
}

/// A line of the list: words that must all be there.
struct Entry {
    /// Why a picture with these words is veiled; none of words for people.
    reason: Option<VeilReason>,
    /// Each with whether any ending may follow.
    words: Vec<(String, bool)>,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let lines = include_str!("veil.txt").lines().filter(|line| !line.starts_with('#'));
    let entry = |line: &str| {
        let (reason, words) = line.split_once(':')?;
        let reason = match reason.trim() {
            "person" => None,
            reason => Some(VeilReason::ALL.into_iter().find(|known| known.as_str() == reason)?),
        };
        let word = |word: &str| match word.strip_suffix('*') {
            Some(stem) => (stem.to_owned(), true),
            None => (word.to_owned(), false),
        };
        Some(Entry { reason, words: words.split_whitespace().map(word).collect() })
    };
    lines.filter_map(entry).collect()
});

/// The lines of the list that words hold.
fn lines_in(words: &str) -> Vec<&'static Entry> {
    let lower = words.to_lowercase();
    let said: BTreeSet<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_said = |(word, any_ending): &(String, bool)| {
        let mut from = said.range(word.as_str()..);
        from.next().is_some_and(|first| if *any_ending { first.starts_with(word.as_str()) } else { first == word })
    };
    ENTRIES.iter().filter(|entry| entry.words.iter().all(is_said)).collect()
}

/// What words speak of: captivity, death.
fn spoken_of(words: &str) -> BTreeSet<VeilReason> {
    lines_in(words).into_iter().filter_map(|entry| entry.reason).collect()
}

/// Whether words say what is to be seen, and that it is no person.
fn tell_of_no_person(words: &str) -> bool {
    words.split_whitespace().count() >= CAPTION && lines_in(words).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, caption: Option<&str>) -> ShownRow {
        ShownRow { report: 1, name: name.to_owned(), address: None, alt: None, caption: caption.map(str::to_owned), named: None }
    }

    fn told(anywhere: &[VeilReason], evidence: &[VeilReason]) -> Told {
        Told { anywhere: anywhere.iter().copied().collect(), shown: evidence.iter().copied().collect(), unread: false }
    }

    #[test]
    fn every_line_of_the_list_is_read() {
        let lines = include_str!("veil.txt").lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        assert_eq!(lines.count(), ENTRIES.len());
        assert!(ENTRIES.iter().all(|entry| !entry.words.is_empty()));
    }

    #[test]
    fn words_speak_of_captivity_and_death_as_whole_words() {
        let of = |words: &str| spoken_of(words).into_iter().collect::<Vec<_>>();
        assert_eq!(of("Two detained men, blindfolded"), [VeilReason::Captivity]);
        assert_eq!(of("IMG_pow-exchange.jpg"), [VeilReason::Captivity]);
        assert_eq!(of("The captured soldiers before the exchange"), [VeilReason::Captivity]);
        assert_eq!(of("the captured town of Sampleton"), []);
        assert_eq!(of("Bodies in the street"), [VeilReason::Dead]);
        assert_eq!(of("Загинули двоє людей"), [VeilReason::Dead]);
        assert_eq!(of("военнопленный и труп"), [VeilReason::Captivity, VeilReason::Dead]);
        // No part of another word, no word that only looks like one.
        for words in ["A power station after the strike", "the governing body met", "пленарное заседание", "a skilled driver", ""]
        {
            assert_eq!(of(words), [], "{words}");
        }
    }

    #[test]
    fn a_caption_that_says_what_is_to_be_seen_counts_more_than_the_report() {
        use VeilReason::{Captivity, Dead, Unread};
        let reasons = |told: &Told, shown: &ShownRow| told.against(shown).into_iter().collect::<Vec<_>>();
        let speaks = told(&[Dead], &[]);
        assert_eq!(reasons(&speaks, &shown("a.jpg", None)), [Dead], "no words of its own");
        assert_eq!(reasons(&speaks, &shown("a.jpg", Some("Photo: Sample Wire"))), [Dead], "a credit says nothing");
        assert_eq!(reasons(&speaks, &shown("a.jpg", Some("The damaged bridge over the river"))), []);
        assert_eq!(
            reasons(&speaks, &shown("a.jpg", Some("The soldier near the damaged bridge"))),
            [Dead],
            "a person is to be seen"
        );
        let evidence = told(&[Captivity], &[Captivity]);
        assert_eq!(reasons(&evidence, &shown("a.jpg", Some("The soldier in a picture from Telegram"))), [Captivity]);
        let quiet = told(&[], &[]);
        assert_eq!(reasons(&quiet, &shown("a.jpg", Some("Prisoners before the exchange"))), [Captivity]);
        assert_eq!(reasons(&quiet, &shown("a.jpg", None)), []);
        let unread = Told { unread: true, ..told(&[], &[]) };
        assert_eq!(reasons(&unread, &shown("a.jpg", None)), [Unread]);
    }
}
