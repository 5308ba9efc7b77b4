//! Sources side by side: what each holds, how its word came to us, and the words that each value was read from.

use dateline_corroborate::{Differences, EventFacts, Origin, Reliability};
use dateline_record::{Claim, Entity, Filler, QuantityRole, Reading, SourceKind};
use serde::Serialize;

use super::assess::{Known, word};
use super::page::Quotes;
use super::told::claims;
use crate::render::person::Protected;
use crate::render::wording::{one_line, within_line};
use crate::render::{Excerpt, Summary, Tone};

/// What one independent source says of the event.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// The source.
    pub name: String,
    /// Where it stands to the event.
    pub stance: String,
    /// What it holds.
    pub position: String,
    /// It only passes on what nobody answers for.
    pub rumour: bool,
    /// Reliability that people gave the source, A to F.
    pub reliability: Option<String>,
    /// How the reports lead to it.
    pub reasons: Vec<String>,
    /// The ways by which its word came to the outlets, each innermost first; the last link is the outlet.
    pub chains: Vec<Vec<Link>>,
    /// How sure it is, each way once, earliest first.
    pub held: Vec<Held>,
    /// What it gives: who, whom, where, when, how many; each value once.
    pub given: Vec<Given>,
    /// What its tellings offer as evidence, in their words.
    pub evidence: Vec<String>,
    /// When the first report with its word was published, in EDTF.
    pub first: Option<String>,
    /// When the last one was.
    pub last: Option<String>,
    /// Its words, earliest first.
    pub told: Vec<Told>,
}

/// One claim of one report.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Told {
    /// The report, `r3`.
    pub report: String,
    /// Outlet.
    pub outlet: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// How sure, in words.
    pub certainty: String,
    /// The same for the eye.
    #[serde(skip)]
    pub tone: Option<Tone>,
    /// On whose authority, in words.
    pub who: String,
    /// The same link by link, innermost first; the last is the outlet.
    pub chain: Vec<Link>,
    /// Words that make it less than certain.
    pub cues: Vec<String>,
    /// The words, cut at both ends where they are long.
    pub quote: String,
    /// Where the trigger stands in `quote`, in bytes.
    #[serde(skip)]
    pub trigger: (usize, usize),
    /// Place, time and counts that it gives.
    pub values: Vec<String>,
    /// Its values with the words that each was read from.
    pub given: Vec<Given>,
    /// What it offers as evidence, in its words.
    pub evidence: Vec<String>,
    /// Reports that carry the same text.
    pub copies: Vec<String>,
}

/// One of those through whom a claim came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// Who; null when the report does not say (*reportedly*).
    pub name: Option<String>,
    /// The word of the report that attributes it to them; null for the outlet, which says it itself.
    pub cue: Option<String>,
    /// It is described, but nobody could ask it: *sources*, *witnesses*.
    pub unnamed: bool,
}

/// How sure a source is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Held {
    /// In words.
    pub certainty: String,
    /// The same for the eye.
    #[serde(skip)]
    pub tone: Option<Tone>,
    /// Words that make it less than certain.
    pub cues: Vec<String>,
    /// Reports in which it is so, copies left out.
    pub reports: Vec<String>,
}

/// A value with the words that it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Given {
    /// `actor`, `recipient`, `place`, `date`, or what is counted: `killed`, `injured` …
    pub field: String,
    /// In words; null for an expression of time that nothing anchors.
    pub value: Option<String>,
    /// The report's words.
    pub words: String,
    /// Reports that give it so, copies left out.
    pub reports: Vec<String>,
    /// It stands in another sentence of the report than the claim itself.
    pub elsewhere: bool,
    /// What other sources give instead; not empty where the field is disputed.
    pub others: Vec<Other>,
}

/// A value that other sources give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Other {
    /// In words.
    pub value: String,
    /// Who gives it.
    pub origins: Vec<String>,
}

/// The reading of a report, with what is needed to quote from it.
pub(super) struct Read {
    pub(super) reading: Reading,
    pub(super) summary: Summary,
    pub(super) protected: Protected,
    quotes: Quotes,
}

impl Read {
    pub(super) fn new(reading: Reading, quotes: Quotes) -> Self {
        let protected = Protected::of(&reading);
        let mut summary = Summary::of(&reading);
        if quotes == Quotes::NamesWithheld {
            summary = summary.masked(&protected);
        }
        Self { reading, summary, protected, quotes }
    }

    /// Words of the report as they may be quoted, in one line.
    pub(super) fn words(&self, words: &str) -> String {
        match self.quotes {
            Quotes::NamesWithheld => self.protected.withhold(words),
            Quotes::AsTheyStand => one_line(words),
        }
    }

    fn entity(&self, filler: &Filler) -> Option<&Entity> {
        self.reading.entities.iter().find(|entity| entity.id == filler.entity)
    }

    /// The words of each claim of an event of the reading, in the order of its claims.
    pub(super) fn lines(&self, local: &str, outlet: Option<&str>) -> Vec<Option<Told>> {
        let Some(event) = self.reading.events.iter().find(|event| event.id.to_string() == local) else { return Vec::new() };
        let whole: Vec<&Claim> = claims(&self.reading, event).collect();
        let voices = self.summary.happenings.iter().filter(|happening| happening.id == local);
        let voices: Vec<_> = voices.flat_map(|happening| &happening.voices).collect();
        let line = |claim: &Claim| {
            let (voice, excerpt) =
                voices.iter().find_map(|voice| Some((voice, voice.excerpts.iter().find(|e| e.claim == claim.id)?)))?;
            let (quote, trigger) = quoted(excerpt);
            Some(Told {
                report: String::new(),
                outlet: None,
                published: None,
                certainty: voice.certainty.clone(),
                tone: Some(voice.tone),
                who: voice.who.clone(),
                chain: self.chain(claim, outlet),
                cues: if voice.tone == Tone::Certain { Vec::new() } else { voice.cues.clone() },
                quote,
                trigger,
                values: Vec::new(),
                given: self.given(claim, &whole),
                evidence: self.evidence(claim),
                copies: Vec::new(),
            })
        };
        whole.iter().map(|claim| line(claim)).collect()
    }

    fn chain(&self, claim: &Claim, outlet: Option<&str>) -> Vec<Link> {
        let steps = claim.attribution.iter().rev().filter(|step| step.kind != SourceKind::Author);
        let link = |step: &dateline_record::AttributionStep| {
            let unnamed = step.kind == SourceKind::Unnamed;
            let name = step.source.as_ref().and_then(|source| {
                // Who is not named has no name to show: the words are all there is.
                if unnamed {
                    return Some(within_line(&self.protected.withhold(source.mention.text())));
                }
                let entity = self.reading.entities.iter().find(|entity| entity.id == source.entity)?;
                Some(within_line(&self.protected.name_of(entity)))
            });
            Link { unnamed: unnamed || name.is_none(), name, cue: step.cue.as_ref().map(|cue| one_line(cue.text())) }
        };
        let outlet = Link { name: outlet.map(str::to_owned), cue: None, unnamed: false };
        steps.map(link).chain([outlet]).collect()
    }

    /// The values of a claim; what it leaves open, from the other claims of its event.
    fn given(&self, claim: &Claim, whole: &[&Claim]) -> Vec<Given> {
        let mut given = self.own(claim);
        let known: Vec<String> = given.iter().map(|given| given.field.clone()).collect();
        for other in whole.iter().filter(|other| other.id != claim.id) {
            for value in self.own(other) {
                let open = !known.contains(&value.field);
                if open && !given.iter().any(|known| known.field == value.field && known.value == value.value) {
                    given.push(Given { elsewhere: other.sentence != claim.sentence, ..value });
                }
            }
        }
        given
    }

    fn own(&self, claim: &Claim) -> Vec<Given> {
        let given = |field: &str, value: Option<String>, words: &str| Given {
            field: field.to_owned(),
            value,
            words: self.words(words),
            reports: Vec::new(),
            elsewhere: false,
            others: Vec::new(),
        };
        let mut all = Vec::new();
        for (field, fillers) in [("actor", &claim.actor), ("recipient", &claim.recipient)] {
            for filler in fillers {
                let name = self.entity(filler).map(|entity| within_line(&self.protected.name_of(entity)));
                all.push(given(field, name, filler.mention.text()));
            }
        }
        for filler in &claim.place {
            let name = self.entity(filler).map(|place| place_name(&place.name, place.country.map(|country| country.to_string())));
            all.push(given("place", name, filler.mention.text()));
        }
        if let Some(time) = &claim.time {
            all.push(given("date", time.edtf.as_ref().map(|edtf| edtf.as_str().to_owned()), time.mention.text()));
        }
        for count in claim.quantities.iter().filter(|count| count.role != QuantityRole::Other) {
            let bounds = dateline_corroborate::Count { role: count.role, min: count.min, max: count.max, approx: count.approx };
            all.push(given(&word(&count.role), Some(bounds.words()), count.mention.text()));
        }
        all
    }

    fn evidence(&self, claim: &Claim) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for filler in &claim.evidence {
            let words = within_line(&self.words(filler.mention.text()));
            if !words.is_empty() && !all.contains(&words) {
                all.push(words);
            }
        }
        all
    }
}

/// The words of an excerpt in one line, and where its trigger stands in them.
pub(super) fn quoted(excerpt: &Excerpt) -> (String, (usize, usize)) {
    let mut quote = String::new();
    if excerpt.cut_before {
        quote.push('…');
    }
    quote.push_str(&one_line(&excerpt.before));
    if !quote.is_empty() && excerpt.before.ends_with(char::is_whitespace) {
        quote.push(' ');
    }
    let start = quote.len();
    quote.push_str(&one_line(&excerpt.trigger));
    let end = quote.len();
    if excerpt.after.starts_with(char::is_whitespace) {
        quote.push(' ');
    }
    quote.push_str(&one_line(&excerpt.after));
    if excerpt.cut_after {
        quote.push('…');
    }
    (quote, (start, end))
}

fn place_name(name: &str, country: Option<String>) -> String {
    match country {
        Some(country) if name.len() != 3 => format!("{name} ({country})"),
        _ => name.to_owned(),
    }
}

/// Place, time and counts of a statement, in words.
pub(super) fn values_of(facts: &EventFacts) -> Vec<String> {
    let place =
        facts.places.iter().take(2).map(|place| place_name(&place.name, place.country.map(|country| country.to_string())));
    let when = facts.when.iter().map(|when| when.as_str().to_owned());
    let counts = facts.counts.iter().map(|count| format!("{} {}", count.words(), word(&count.role)));
    place.chain(when).chain(counts).collect()
}

/// What an origin says: `told` holds the words of each statement, `first_of` gives the first report of which one is a copy.
pub(super) fn account(
    origin: &Origin,
    known: &Known,
    told: &[Option<Told>],
    first_of: impl Fn(u64) -> u64,
    reliability: Option<Reliability>,
) -> Account {
    let mut lines: Vec<(u64, Told)> = Vec::new();
    for &at in &origin.statements {
        let (Some(statement), Some(Some(line))) = (known.statements.get(at), told.get(at)) else { continue };
        let text = first_of(statement.report);
        // A copy says again what the first says: it is named there.
        match lines.iter_mut().find(|(other, first)| *other == text && (first.quote == line.quote || first.report != line.report))
        {
            Some((_, first)) if first.report != line.report => {
                if !first.copies.contains(&line.report) {
                    first.copies.push(line.report.clone());
                }
            }
            Some(_) => {}
            None => lines.push((text, line.clone())),
        }
    }
    let told: Vec<Told> = lines.into_iter().map(|(_, told)| told).collect();
    let published = || told.iter().filter_map(|told| told.published.clone());
    let mut account = Account {
        name: origin.name.clone(),
        stance: word(&origin.stance),
        position: word(&origin.position),
        rumour: origin.rumour,
        reliability: reliability.map(|letter| letter.as_str().to_owned()),
        reasons: origin.reasons.clone(),
        chains: Vec::new(),
        held: Vec::new(),
        given: Vec::new(),
        evidence: Vec::new(),
        first: published().min(),
        last: published().max(),
        told: Vec::new(),
    };
    for line in &told {
        account.take(line);
    }
    account.given.sort_by_key(|given| order_of(&given.field));
    mark(&mut account, &known.assessment.differences);
    account.told = told;
    account
}

/// In which order fields are shown.
fn order_of(field: &str) -> usize {
    let order = ["actor", "recipient", "date", "place", "killed", "injured", "captured", "missing"];
    order.iter().position(|known| *known == field).unwrap_or(order.len())
}

impl Account {
    /// Enters one of its tellings into what it says as a whole.
    fn take(&mut self, line: &Told) {
        if !self.chains.contains(&line.chain) {
            self.chains.push(line.chain.clone());
        }
        match self.held.iter_mut().find(|held| held.certainty == line.certainty) {
            Some(held) => {
                for cue in &line.cues {
                    if !held.cues.contains(cue) {
                        held.cues.push(cue.clone());
                    }
                }
                if !held.reports.contains(&line.report) {
                    held.reports.push(line.report.clone());
                }
            }
            None => self.held.push(Held {
                certainty: line.certainty.clone(),
                tone: line.tone,
                cues: line.cues.clone(),
                reports: vec![line.report.clone()],
            }),
        }
        for value in &line.given {
            let known = self.given.iter_mut().find(|known| {
                known.field == value.field && known.value == value.value && (value.value.is_some() || known.words == value.words)
            });
            match known {
                Some(known) => {
                    // The claim's own words say it best.
                    if known.elsewhere && !value.elsewhere {
                        (known.words, known.elsewhere) = (value.words.clone(), false);
                    }
                    if !known.reports.contains(&line.report) {
                        known.reports.push(line.report.clone());
                    }
                }
                None => self.given.push(Given { reports: vec![line.report.clone()], ..value.clone() }),
            }
        }
        for words in &line.evidence {
            if !self.evidence.contains(words) {
                self.evidence.push(words.clone());
            }
        }
    }
}

/// Notes beside each value what others give instead, where sources differ on its field.
fn mark(account: &mut Account, differences: &Differences) {
    for given in &mut account.given {
        let Some(dispute) = differences.disputes.iter().find(|dispute| dispute.field == given.field) else { continue };
        if !dispute.values.iter().any(|value| value.origins.contains(&account.name)) {
            continue;
        }
        let others = dispute.values.iter().filter(|value| !value.origins.contains(&account.name));
        given.others = others.map(|value| Other { value: value.value.clone(), origins: value.origins.clone() }).collect();
    }
}

/// How sure the sources are together, in one sentence: *Reported as certain by 2 sources (…); denied by 1 source (…).*
pub(super) fn certainty(accounts: &[Account]) -> String {
    let is = |account: &&Account, position: &str| account.position == position;
    let sure = |account: &&Account| account.told.iter().any(|told| told.tone == Some(Tone::Certain));
    let affirm = || accounts.iter().filter(|account| is(account, "affirms"));
    let groups: [(&str, Vec<&Account>); 6] = [
        ("reported as certain by", affirm().filter(|account| !account.rumour && sure(account)).collect()),
        ("reported with reserve by", affirm().filter(|account| !account.rumour && !sure(account)).collect()),
        ("passed on, with nobody who answers for it, by", affirm().filter(|account| account.rumour).collect()),
        ("denied by", accounts.iter().filter(|account| is(account, "denies")).collect()),
        ("taken back by", accounts.iter().filter(|account| is(account, "withdrew")).collect()),
        ("left open by", accounts.iter().filter(|account| is(account, "open")).collect()),
    ];
    let mut parts: Vec<String> = Vec::new();
    if affirm().next().is_none() {
        parts.push("affirmed by nobody".to_owned());
    }
    for (how, who) in groups.iter().filter(|(_, who)| !who.is_empty()) {
        let mut names: Vec<&str> = who.iter().take(3).map(|account| account.name.as_str()).collect();
        let more = format!("{} more", who.len().saturating_sub(3));
        if who.len() > 3 {
            names.push(&more);
        }
        let sources = if who.len() == 1 { "source" } else { "sources" };
        parts.push(format!("{how} {} {sources} ({})", who.len(), names.join(", ")));
    }
    let sentence = parts.join("; ");
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(report: &str, tone: Tone, certainty: &str) -> Told {
        Told {
            report: report.to_owned(),
            outlet: None,
            published: None,
            certainty: certainty.to_owned(),
            tone: Some(tone),
            who: String::new(),
            chain: vec![Link { name: Some("Sample Wire".to_owned()), cue: None, unnamed: false }],
            cues: Vec::new(),
            quote: String::new(),
            trigger: (0, 0),
            values: Vec::new(),
            given: Vec::new(),
            evidence: Vec::new(),
            copies: Vec::new(),
        }
    }

    pub(crate) fn account_of(name: &str, position: &str, rumour: bool, told: Vec<Told>) -> Account {
        let mut account = Account {
            name: name.to_owned(),
            stance: "third-party".to_owned(),
            position: position.to_owned(),
            rumour,
            reliability: None,
            reasons: Vec::new(),
            chains: Vec::new(),
            held: Vec::new(),
            given: Vec::new(),
            evidence: Vec::new(),
            first: None,
            last: None,
            told: Vec::new(),
        };
        told.iter().for_each(|told| account.take(told));
        account.told = told;
        account
    }

    #[test]
    fn the_sentence_of_certainty_counts_and_names_each_group() {
        let of = |name: &str, position: &str, tone: Tone| account_of(name, position, false, vec![told("r1", tone, "x")]);
        let all = [
            of("A", "affirms", Tone::Certain),
            of("B", "affirms", Tone::Certain),
            of("C", "affirms", Tone::Hedged),
            account_of("D", "affirms", true, vec![told("r2", Tone::Certain, "certain")]),
            of("E", "denies", Tone::Negative),
            of("F", "open", Tone::Open),
        ];
        assert_eq!(
            certainty(&all),
            "Reported as certain by 2 sources (A, B); reported with reserve by 1 source (C); passed on, with nobody who answers \
             for it, by 1 source (D); denied by 1 source (E); left open by 1 source (F)."
        );
        assert_eq!(certainty(&all[4..5]), "Affirmed by nobody; denied by 1 source (E).");
        let many: Vec<Account> = ["A", "B", "C", "D", "E"].iter().map(|name| of(name, "affirms", Tone::Certain)).collect();
        assert_eq!(certainty(&many), "Reported as certain by 5 sources (A, B, C, 2 more).");
        assert_eq!(certainty(&[]), "Affirmed by nobody.");
    }

    #[test]
    fn values_are_given_once_with_their_reports_and_the_claims_own_words() {
        let given = |value: &str, words: &str, elsewhere: bool| Given {
            field: "date".to_owned(),
            value: Some(value.to_owned()),
            words: words.to_owned(),
            reports: Vec::new(),
            elsewhere,
            others: Vec::new(),
        };
        let first = Told { given: vec![given("2024-12-26", "that day", true)], ..told("r1", Tone::Certain, "certain") };
        let second = Told { given: vec![given("2024-12-26", "on Thursday", false)], ..told("r2", Tone::Certain, "certain") };
        let mut account = account_of("A", "affirms", false, vec![first, second]);
        assert_eq!(account.given.len(), 1);
        assert_eq!((account.given[0].words.as_str(), account.given[0].elsewhere), ("on Thursday", false));
        assert_eq!(account.given[0].reports, ["r1", "r2"]);
        assert_eq!(account.held.len(), 1);
        let value = |value: &str, origin: &str| dateline_corroborate::Value {
            value: value.to_owned(),
            origins: vec![origin.to_owned()],
            reports: Vec::new(),
            first: None,
        };
        let dispute = dateline_corroborate::Dispute {
            field: "date".to_owned(),
            values: vec![value("2024-12-26", "A"), value("2024-12-25", "B")],
            range: None,
            reason: String::new(),
        };
        mark(&mut account, &Differences { disputes: vec![dispute], revisions: Vec::new() });
        assert_eq!(account.given[0].others, [Other { value: "2024-12-25".to_owned(), origins: vec!["B".to_owned()] }]);
    }
}
