//! Who independently stands behind an event.
//!
//! The origin of a statement is the innermost source that its report names; where it names none, the outlet. A source that is itself an
//! outlet of the case leads on to what that outlet rested on. Copies, outlets of one owner, and the bodies of one state are one origin.

use std::sync::LazyLock;

use dateline_record::{Act, Country, Edtf, Polarity, Sector, SourceKind};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::event::days;
use crate::facts::{Party, Statement, name_key};
use crate::outlets::OutletTable;

/// A report of the case, as far as origins go.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseReport {
    /// Its id.
    pub id: u64,
    /// Who published it, as the report names it.
    pub outlet: Option<String>,
    /// When.
    pub published: Option<Edtf>,
    /// Cluster of copies ([`crate::CopyIndex::cluster`]); reports of one cluster are one text.
    pub copies: u64,
    /// The outlet has taken it back.
    pub withdrawn: bool,
}

/// Where an origin stands to the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// The party that acts.
    Acting,
    /// The party that suffers.
    Suffering,
    /// Neither, or not known to be either.
    ThirdParty,
}

/// What an origin holds, by its latest word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// It happened.
    Affirms,
    /// It did not.
    Denies,
    /// It affirmed and took it back.
    Withdrew,
    /// It leaves it open.
    Open,
}

/// One independent source of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Origin {
    /// Name, for people: the source or the outlet that was first.
    pub name: String,
    /// Who speaks, as far as the statements say.
    pub speaker: Party,
    /// Where it stands.
    pub stance: Stance,
    /// What it holds.
    pub position: Position,
    /// It only passes on what nobody in the case answers for.
    pub rumour: bool,
    /// Indexes into the statements, earliest first.
    pub statements: Vec<usize>,
    /// Ids of the reports, sorted.
    pub reports: Vec<u64>,
    /// How the statements led here, in words.
    pub reasons: Vec<String>,
}

/// Words that name no source, and whether each only says what the name after it is of.
static GENERIC: LazyLock<FxHashMap<&'static str, bool>> = LazyLock::new(|| {
    let lines = include_str!("generic_sources.txt").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.strip_prefix('+').map_or((line, false), |word| (word, true))).collect()
});

/// True for what names nobody who can be asked: *reports*, *local media*.
fn is_generic(name: &str) -> bool {
    name_key(name).split(' ').all(|word| GENERIC.contains_key(word))
}

/// A name without the words before it that only say what it is of; empty when nothing else is there.
fn bare(name: &str) -> String {
    let key = name_key(name);
    key.split(' ').skip_while(|word| GENERIC.get(word) == Some(&true)).collect::<Vec<_>>().join(" ")
}

/// Where a statement leads.
#[derive(Clone, Debug)]
enum Lead {
    /// To an origin: key, name, speaker if one is named.
    Origin { key: String, name: String, party: Party },
    /// To nobody who can be asked.
    Nobody,
}

struct Walk<'a> {
    statements: &'a [Statement],
    reports: FxHashMap<u64, &'a CaseReport>,
    outlets: &'a OutletTable,
    /// Outlet key → its statements here, earliest first.
    by_outlet: FxHashMap<String, Vec<usize>>,
    /// First report of each cluster of copies.
    first_copy: FxHashMap<u64, &'a CaseReport>,
    /// First statement of each report that has a source and does not deny.
    cited: FxHashMap<u64, usize>,
    resolved: FxHashMap<usize, (Lead, Vec<String>)>,
}

/// The independent origins of one event's statements, in the order in which they first spoke.
///
/// Unnamed sources add none; where nothing else stands behind the event, the first to report it is its only origin, marked as rumour.
#[must_use]
pub fn origins(reports: &[CaseReport], statements: &[Statement], outlets: &OutletTable) -> Vec<Origin> {
    let by_id: FxHashMap<u64, &CaseReport> = reports.iter().map(|report| (report.id, report)).collect();
    let mut first_copy: FxHashMap<u64, &CaseReport> = FxHashMap::default();
    for report in reports {
        let first = first_copy.entry(report.copies).or_insert(report);
        if order(report) < order(first) {
            *first = report;
        }
    }
    let mut sorted: Vec<usize> = (0..statements.len()).collect();
    let when = |&at: &usize| statements.get(at).and_then(|statement| by_id.get(&statement.report)).map(|report| order(report));
    sorted.sort_by_key(|at| (when(at), *at));
    let mut cited = FxHashMap::default();
    for (at, statement) in statements.iter().enumerate() {
        if !statement.chain.is_empty() && statement.position() != Position::Denies {
            cited.entry(statement.report).or_insert(at);
        }
    }
    let by_outlet = FxHashMap::default();
    let mut walk = Walk { statements, reports: by_id, outlets, by_outlet, first_copy, cited, resolved: FxHashMap::default() };
    for &at in &sorted {
        if let Some(outlet) = walk.outlet_of(at) {
            walk.by_outlet.entry(name_key(&outlet)).or_default().push(at);
        }
    }
    let mut found: Vec<(String, Origin, Party)> = Vec::new();
    let mut slot: FxHashMap<String, usize> = FxHashMap::default();
    let mut nobody = Vec::new();
    for &at in &sorted {
        let (lead, reasons) = walk.resolve(at, &mut FxHashSet::default());
        match lead {
            Lead::Nobody => nobody.push((at, reasons)),
            Lead::Origin { key, name, party } => {
                let index = *slot.entry(key.clone()).or_insert_with(|| {
                    found.push((key, Origin::new(name), party));
                    found.len() - 1
                });
                if let Some((_, origin, _)) = found.get_mut(index) {
                    origin.take(at, statements, reasons);
                }
            }
        }
    }
    if found.is_empty()
        && let Some((first, reasons)) = nobody.into_iter().next()
    {
        let name = walk.outlet_of(first).unwrap_or_else(|| "an unnamed source".into());
        let mut origin = Origin::new(name);
        origin.rumour = true;
        origin.take(first, statements, reasons);
        origin.reasons.push("nobody who can be asked stands behind it; only the first to report it counts".into());
        found.push((String::new(), origin, Party::default()));
    }
    found
        .into_iter()
        .map(|(_, mut origin, party)| {
            origin.stance = stance(&party, &origin, statements);
            origin.position = position(&origin, statements, &walk.reports);
            origin.speaker = party;
            origin
        })
        .collect()
}

fn order(report: &CaseReport) -> (i64, u64) {
    (report.published.as_ref().and_then(days).map_or(i64::MAX, |(first, _)| first), report.id)
}

impl Origin {
    fn new(name: String) -> Self {
        Self {
            name,
            speaker: Party::default(),
            stance: Stance::ThirdParty,
            position: Position::Open,
            rumour: false,
            statements: Vec::new(),
            reports: Vec::new(),
            reasons: Vec::new(),
        }
    }

    fn take(&mut self, at: usize, statements: &[Statement], reasons: Vec<String>) {
        self.statements.push(at);
        if let Some(report) = statements.get(at).map(|statement| statement.report)
            && let Err(place) = self.reports.binary_search(&report)
        {
            self.reports.insert(place, report);
        }
        for reason in reasons {
            if !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
    }
}

impl Walk<'_> {
    /// Canonical name of the outlet that first published a statement's text.
    fn outlet_of(&self, at: usize) -> Option<String> {
        let report = self.reports.get(&self.statements.get(at)?.report)?;
        let first = self.first_copy.get(&report.copies).copied().unwrap_or(report);
        let name = first.outlet.as_ref().or(report.outlet.as_ref())?;
        Some(self.outlets.find(name).map_or_else(|| name.clone(), |outlet| outlet.name.clone()))
    }

    fn resolve(&mut self, at: usize, on_the_way: &mut FxHashSet<usize>) -> (Lead, Vec<String>) {
        if let Some(known) = self.resolved.get(&at) {
            return known.clone();
        }
        if !on_the_way.insert(at) {
            return (Lead::Nobody, vec!["the reports cite each other in a ring".into()]);
        }
        let answer = self.follow(at, on_the_way);
        // An answer found inside a ring depends on where the walk began.
        if on_the_way.len() == 1 {
            self.resolved.insert(at, answer.clone());
        }
        on_the_way.remove(&at);
        answer
    }

    fn follow(&mut self, at: usize, on_the_way: &mut FxHashSet<usize>) -> (Lead, Vec<String>) {
        let statements = self.statements;
        let Some(statement) = statements.get(at) else { return (Lead::Nobody, Vec::new()) };
        let mut reasons = Vec::new();
        if let Some(report) = self.reports.get(&statement.report)
            && let Some(first) = self.first_copy.get(&report.copies)
            && first.id != report.id
        {
            reasons.push(format!("report {} is a copy of report {}", report.id, first.id));
        }
        let innermost = statement.chain.iter().rev().find(|speaker| can_be_asked(speaker.kind) && !is_generic(&speaker.who.name));
        let own = self.outlet_of(at);
        if let Some(speaker) = innermost {
            let name = self.known_as(&speaker.who.name);
            let is_self = own.as_ref().is_some_and(|own| name_key(own) == name_key(&name));
            reasons.push(format!("report {} cites {name}", statement.report));
            let cited = if is_self { Vec::new() } else { self.by_outlet.get(&name_key(&name)).cloned().unwrap_or_default() };
            let earlier = cited.into_iter().find(|&cited| !self.is_later(cited, at));
            if let Some(earlier) = earlier {
                if let Some(report) = statements.get(earlier).map(|statement| statement.report) {
                    reasons.push(format!("report {report} of {name} is in the case"));
                }
                let (lead, further) = self.resolve(earlier, on_the_way);
                reasons.extend(further);
                return (lead, reasons);
            }
            return (self.origin(&name, &speaker.who, &mut reasons), reasons);
        }
        let vague =
            statement.chain.iter().any(|speaker| !matches!(speaker.kind, SourceKind::Author) || speaker.act == Act::Reportedly);
        if vague {
            reasons.push(format!("report {} names no source", statement.report));
            return (Lead::Nobody, reasons);
        }
        // A report that cites somebody for the event speaks of what it was told wherever it mentions it.
        if let Some(cited) = self.cited_beside(at) {
            reasons.push(format!("report {} cites somebody for it elsewhere", statement.report));
            let (lead, further) = self.resolve(cited, on_the_way);
            reasons.extend(further);
            return (lead, reasons);
        }
        let Some(own) = own else {
            // A report of nobody knows where it comes from only as a text.
            let copies = self.reports.get(&statement.report).map_or(statement.report, |report| report.copies);
            let name = format!("report {copies}");
            return (Lead::Origin { key: format!("text {copies}"), name, party: Party::default() }, reasons);
        };
        reasons.push(format!("{own} says so itself in report {}", statement.report));
        let party = Party { name: own.clone(), ..Party::default() };
        (self.origin(&own, &party, &mut reasons), reasons)
    }

    /// What a source is called here: as the table of outlets has it, or an outlet of the event that it names with words before it that
    /// only say what it is.
    fn known_as(&self, name: &str) -> String {
        let bare = bare(name);
        if let Some(outlet) = self.outlets.find(name).or_else(|| self.outlets.find(&bare)) {
            return outlet.name.clone();
        }
        match self.by_outlet.get(&bare).and_then(|statements| self.outlet_of(*statements.first()?)) {
            Some(outlet) if !bare.is_empty() => outlet,
            _ => name.to_owned(),
        }
    }

    /// The first statement of the same report that has a source and does not deny; nothing for a statement that denies by itself.
    fn cited_beside(&self, at: usize) -> Option<usize> {
        let own = self.statements.get(at).filter(|own| own.chain.is_empty() && own.position() != Position::Denies)?;
        self.cited.get(&own.report).copied()
    }

    /// Whether a statement was published on a later day than another.
    fn is_later(&self, a: usize, b: usize) -> bool {
        let day = |at: usize| {
            self.statements.get(at).and_then(|statement| self.reports.get(&statement.report)).map(|report| order(report).0)
        };
        day(a) > day(b)
    }

    fn origin(&self, name: &str, party: &Party, reasons: &mut Vec<String>) -> Lead {
        let (top, steps) = self.outlets.top(name);
        reasons.extend(steps);
        let mut party = party.clone();
        // What a state's own agency says, the state says; other outlets are third parties wherever they are at home.
        if let Some(outlet) = self.outlets.find(name).filter(|outlet| matches!(outlet.kind.as_str(), "official" | "state")) {
            party.country = party.country.or(outlet.country);
            party.sector = party.sector.or(Some(Sector::Gov));
        }
        if let (Some(country), Some(sector)) = (party.country, party.sector)
            && is_organ(sector)
        {
            reasons.push(format!("{name} speaks for {}: the bodies of one state are one origin", country.as_str()));
            return Lead::Origin { key: format!("state {}", country.as_str()), name: name.to_owned(), party };
        }
        party.name = top.to_owned();
        Lead::Origin { key: format!("name {}", name_key(top)), name: top.to_owned(), party }
    }
}

/// Sources that can be asked.
fn can_be_asked(kind: SourceKind) -> bool {
    matches!(kind, SourceKind::Named | SourceKind::Document | SourceKind::SocialMedia)
}

/// Bodies through which a state speaks.
fn is_organ(sector: Sector) -> bool {
    matches!(sector, Sector::Gov | Sector::Mil | Sector::Spy | Sector::Cop | Sector::Prm)
}

fn stance(party: &Party, origin: &Origin, statements: &[Statement]) -> Stance {
    let own: FxHashSet<usize> = origin.statements.iter().copied().collect();
    // Whom a source names itself is decisive; what others say fills in only what it leaves open: an accusation does not make the
    // accused the party that acts in the accused's own account.
    let own = &own;
    let plays = |role: fn(&Statement) -> &[Party]| {
        let named = |is_own: bool| {
            statements
                .iter()
                .enumerate()
                .filter(move |(at, _)| own.contains(at) == is_own)
                .flat_map(move |(_, statement)| role(statement))
        };
        if named(true).next().is_some() {
            named(true).any(|other| is_of(party, other))
        } else {
            named(false).any(|other| is_of(party, other))
        }
    };
    let (acts, suffers) = (plays(|statement| &statement.facts.actors), plays(|statement| &statement.facts.recipients));
    match (acts, suffers) {
        (true, false) => Stance::Acting,
        (false, true) => Stance::Suffering,
        _ => Stance::ThirdParty,
    }
}

/// Whether a speaker belongs to a party: the same name, or a body of the same state.
pub(crate) fn is_of(speaker: &Party, party: &Party) -> bool {
    let (name, other) = (name_key(&speaker.name), name_key(&party.name));
    if !name.is_empty() && name == other {
        return true;
    }
    let same: Option<Country> = speaker.country.filter(|&country| party.country == Some(country));
    let rebels = |party: &Party| matches!(party.sector, Some(Sector::Reb | Sector::Opp));
    same.is_some() && speaker.sector.is_some_and(is_organ) && !rebels(party)
}

fn position(origin: &Origin, statements: &[Statement], reports: &FxHashMap<u64, &CaseReport>) -> Position {
    let mut position = Position::Open;
    for statement in origin.statements.iter().filter_map(|&at| statements.get(at)) {
        let withdrawn = reports.get(&statement.report).is_some_and(|report| report.withdrawn);
        let said = statement.position();
        position = match (position, said) {
            (_, Position::Affirms) if withdrawn => Position::Withdrew,
            (Position::Affirms | Position::Withdrew, Position::Denies) => Position::Withdrew,
            (before, Position::Open) => before,
            (_, now) => now,
        };
    }
    position
}

impl Statement {
    /// What the statement itself holds: affirms, denies or leaves open.
    #[must_use]
    pub fn position(&self) -> Position {
        let denied = self.chain.last().is_some_and(|speaker| speaker.act == Act::Deny);
        match self.held.polarity() {
            Polarity::Negative => Position::Denies,
            _ if denied => Position::Denies,
            Polarity::Positive => Position::Affirms,
            Polarity::Unknown => Position::Open,
        }
    }
}
