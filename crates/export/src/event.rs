//! An assessed event as the exporters take it: plain data, filled by the caller.

use std::fmt;

use dateline_record::{
    Acled, Act, Context, Country, Date, Edtf, EventType, FactualityValue, Mode, Precision, QuantityRole, Sector, SourceKind,
};
use serde::{Deserialize, Serialize};

use crate::case::{Review, Versions};

/// One event with everything that is known of it. Fields that are not known are `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// Its stable id within the case. Written as it is: it must not hold a name.
    pub id: String,
    /// PLOVER type.
    #[serde(rename = "type")]
    pub kind: Option<EventType>,
    /// PLOVER mode.
    pub mode: Option<Mode>,
    /// PLOVER contexts.
    pub contexts: Vec<Context>,
    /// ACLED's codes, where the crosswalk gives them.
    pub acled: Option<Acled>,
    /// One sentence that says what is reported. Names of protected persons are masked by the caller; full names are masked here again.
    pub summary: String,
    /// When it is said to have happened.
    pub when: Option<Edtf>,
    /// When the first report of it was published.
    pub published_first: Option<Edtf>,
    /// When the last one was.
    pub published_last: Option<Edtf>,
    /// Where, likeliest first.
    pub places: Vec<Place>,
    /// Who does it; both sides where two fight each other.
    pub actors: Vec<Party>,
    /// To whom.
    pub recipients: Vec<Party>,
    /// What is counted, one entry a role.
    pub counts: Vec<Count>,
    /// How it stands.
    pub status: Status,
    /// Credibility on the Admiralty scale.
    pub grade: Grade,
    /// Reliability of the best source that stands behind it, as people have set it.
    pub reliability: Option<Reliability>,
    /// Independent origins.
    pub origins: Vec<Origin>,
    /// Fields on which origins differ.
    pub disputed: Vec<Dispute>,
    /// The claims it rests on.
    pub claims: Vec<Claim>,
    /// The reports that make them.
    pub reports: Vec<Report>,
    /// The reviewer's decision, if there is one.
    pub reviewed: Option<Review>,
    /// What made this row.
    pub versions: Versions,
}

/// A place as the reports name it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Name.
    pub name: String,
    /// GeoNames id.
    pub geonames: Option<u32>,
    /// Country, ISO 3166-1 alpha-3.
    pub country: Option<Country>,
    /// First-level division, by name.
    pub admin1: Option<String>,
    /// Latitude in degrees.
    pub lat: Option<f64>,
    /// Longitude in degrees.
    pub lon: Option<f64>,
    /// How fine; unknown is taken as a region.
    pub precision: Option<Precision>,
}

/// Who acts, suffers or speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// Canonical name, or the head of a description.
    pub name: String,
    /// Country, ISO 3166-1 alpha-3 or PLOVER's IGO, NGO, MNC.
    pub country: Option<Country>,
    /// PLOVER sector.
    pub sector: Option<Sector>,
    /// One human being.
    pub person: bool,
    /// Captured, wounded, dead or private: the name is withheld unless released.
    pub protected: bool,
}

/// A count of one role: the least, the best and the most that anybody gives. `None` is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// What is counted.
    pub role: QuantityRole,
    /// Least.
    #[serde(default)]
    pub low: Option<i64>,
    /// Best.
    #[serde(default)]
    pub best: Option<i64>,
    /// Most.
    #[serde(default)]
    pub high: Option<i64>,
    /// Who said which.
    #[serde(default)]
    pub values: Vec<Value>,
}

/// One value of a field and who gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Value {
    /// In words: `3`, `at least 12`, `2024-12-14`, a name.
    pub value: String,
    /// Names of the origins.
    pub origins: Vec<String>,
    /// Ids of the reports.
    pub reports: Vec<String>,
    /// First published.
    pub first: Option<Edtf>,
}

/// A field on which accounts differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dispute {
    /// `killed`, `date`, `place`, `actor` …
    pub field: String,
    /// The values, earliest first.
    pub values: Vec<Value>,
    /// The difference is a correction over time, not a contradiction.
    pub revision: bool,
}

/// How an event stands by who supports it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Nobody affirms it.
    #[default]
    Unsupported,
    /// One independent origin.
    SingleSource,
    /// Two or more.
    Corroborated,
    /// Denied, or told in ways that cannot both be true.
    Contested,
    /// Both the party that acts and the party that suffers affirm it.
    ConfirmedByAdversary,
    /// Those who affirmed it took it back.
    Retracted,
}

/// Credibility of the item on the Admiralty scale, 1 (confirmed) to 6 (cannot be judged).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Grade {
    /// As proposed.
    pub proposed: Option<u8>,
    /// As a reviewer set it; it outranks the proposal.
    pub reviewed: Option<u8>,
    /// Why it was proposed, in words.
    pub reasons: Vec<String>,
}

/// Reliability of a source on the Admiralty scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reliability {
    /// Completely reliable.
    A,
    /// Usually reliable.
    B,
    /// Fairly reliable.
    C,
    /// Not usually reliable.
    D,
    /// Unreliable.
    E,
    /// Reliability cannot be judged.
    F,
}

/// Where an origin stands to the event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// The party that acts.
    Acting,
    /// The party that suffers.
    Suffering,
    /// Neither, or not known to be either.
    #[default]
    ThirdParty,
}

/// What an origin holds, by its latest word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// It happened.
    Affirms,
    /// It did not.
    Denies,
    /// It affirmed and took it back.
    Withdrew,
    /// It leaves it open.
    #[default]
    Open,
}

/// One independent source of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// Name.
    pub name: String,
    /// What kind of source.
    pub kind: Option<SourceKind>,
    /// Where it stands.
    pub stance: Stance,
    /// What it holds.
    pub position: Position,
    /// Ids of the reports that lead to it.
    pub reports: Vec<String>,
}

/// The words of a claim, so that they are found again (W3C Web Annotation): by position and by quotation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quote {
    /// The words.
    pub exact: String,
    /// What stands before them.
    pub prefix: String,
    /// What stands after them.
    pub suffix: String,
    /// Where they start in the report's working text, in Unicode code points.
    pub start: usize,
    /// Where they end, exclusive.
    pub end: usize,
}

/// One link of the chain of those who say so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// Who; null when the report does not say.
    pub who: Option<Party>,
    /// What kind of source.
    pub kind: SourceKind,
    /// What the source does with the claim.
    pub act: Act,
}

/// One claim of one report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Claim {
    /// Its stable id within the case.
    pub id: String,
    /// PLOVER type.
    #[serde(rename = "type")]
    pub kind: Option<EventType>,
    /// The word or words that name the happening.
    pub trigger: String,
    /// The words it was read from.
    pub quote: Quote,
    /// Who says so, outermost first; empty when the report itself does.
    pub attribution: Vec<Speaker>,
    /// As the innermost source holds it (FactBank).
    pub factuality: Option<FactualityValue>,
    /// What is offered as evidence, in words.
    pub evidence: Vec<String>,
    /// Id of the report.
    pub report: String,
}

/// A report, without its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Its stable id within the case.
    pub id: String,
    /// Where it was published.
    pub url: Option<String>,
    /// Outlet or channel.
    pub source: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Byline.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<Edtf>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// SHA-256 of the original bytes, in hexadecimal digits.
    pub sha256: Option<String>,
    /// Path of the original in the case's archive.
    pub archived: Option<String>,
}

impl Event {
    /// First and last day of `when`; `None` where the end is open or nothing is known.
    #[must_use]
    pub fn days(&self) -> (Option<Date>, Option<Date>) {
        self.when.as_ref().and_then(Edtf::bounds).unwrap_or((None, None))
    }

    /// The count in a role.
    #[must_use]
    pub fn count(&self, role: QuantityRole) -> Option<&Count> {
        self.counts.iter().find(|count| count.role == role)
    }

    /// The place that stands for the event on a map: the finest, the first among equals.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.places.iter().min_by_key(|place| place.precision())
    }

    /// The grade that counts: the reviewer's, else the proposed.
    #[must_use]
    pub fn grade(&self) -> Option<u8> {
        self.grade.reviewed.or(self.grade.proposed)
    }

    /// The report of this id.
    #[must_use]
    pub fn report(&self, id: &str) -> Option<&Report> {
        self.reports.iter().find(|report| report.id == id)
    }

    /// Distinct outlets, in the order of the reports.
    pub(crate) fn outlets(&self) -> Vec<&str> {
        let mut outlets: Vec<&str> = Vec::new();
        for outlet in self.reports.iter().filter_map(|report| report.source.as_deref()) {
            if !outlets.contains(&outlet) {
                outlets.push(outlet);
            }
        }
        outlets
    }

    /// The two sides: who acts and who suffers, or, where only actors are given, the first against the others.
    pub(crate) fn sides(&self) -> (Vec<&Party>, Vec<&Party>) {
        let actors: Vec<&Party> = self.actors.iter().collect();
        match actors.split_first() {
            Some((first, others)) if self.recipients.is_empty() && !others.is_empty() => (vec![first], others.to_vec()),
            _ => (actors, self.recipients.iter().collect()),
        }
    }
}

impl Claim {
    /// Who says so, in words: `Sample Wire: say; a witness: claim`; empty when the report itself does.
    pub(crate) fn said_by(&self) -> String {
        let speaker = |speaker: &Speaker| {
            let who = speaker.who.as_ref().map(|who| who.name.as_str()).filter(|name| !name.is_empty());
            format!("{}: {}", who.unwrap_or("not named"), speaker.act)
        };
        self.attribution.iter().map(speaker).collect::<Vec<_>>().join("; ")
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unsupported => "unsupported",
            Self::SingleSource => "single-source",
            Self::Corroborated => "corroborated",
            Self::Contested => "contested",
            Self::ConfirmedByAdversary => "confirmed-by-adversary",
            Self::Retracted => "retracted",
        })
    }
}

impl fmt::Display for Stance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Acting => "acting",
            Self::Suffering => "suffering",
            Self::ThirdParty => "third-party",
        })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Affirms => "affirms",
            Self::Denies => "denies",
            Self::Withdrew => "withdrew",
            Self::Open => "open",
        })
    }
}

impl fmt::Display for Reliability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::F => "F",
        })
    }
}

/// The role's name in the JSON form.
pub(crate) fn role_name(role: QuantityRole) -> &'static str {
    match role {
        QuantityRole::Killed => "killed",
        QuantityRole::Injured => "injured",
        QuantityRole::Captured => "captured",
        QuantityRole::Missing => "missing",
        QuantityRole::Displaced => "displaced",
        QuantityRole::Involved => "involved",
        QuantityRole::Equipment => "equipment",
        QuantityRole::Munitions => "munitions",
        QuantityRole::Other => "other",
    }
}
