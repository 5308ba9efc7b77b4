//! What is not clear about an event: what its reports leave open, do not say, or say that they do not know. Nothing is added to their words.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use dateline_casebook::ReportRow;
use dateline_record::{Claim, EntityId};
use serde::Serialize;

use super::ask::CaseEvent;
use super::sides::{Account, Read, Told, quoted};
use super::told::claims;
use crate::render::Tone;

/// Open questions that are listed.
const MOST: usize = 24;
/// How much of a sentence is quoted, in characters.
const QUOTED: usize = 280;

/// The phrases of `not_known.txt`.
static NOT_KNOWN: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("not_known.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect());

/// Something that is not clear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unclear {
    /// What, in one line.
    pub what: String,
    /// The words that show it; null for what nobody says.
    pub words: Option<String>,
    /// The report that they stand in, `r3`.
    pub report: Option<String>,
    /// Its outlet.
    pub outlet: Option<String>,
}

impl Unclear {
    fn unsaid(what: &str) -> Self {
        Self { what: what.to_owned(), words: None, report: None, outlet: None }
    }
}

/// What is not clear, most weighty first, and how much more there is than is listed. `nobodys` are tellings that lead to no source; `texts` are the reports whose text no other report
/// has, each with the ids of the event's happenings in its reading.
pub(super) fn unclear(
    event: &CaseEvent,
    accounts: &[Account],
    nobodys: &[&Told],
    texts: &[(u64, &Read, Vec<&str>)],
    rows: &BTreeMap<u64, ReportRow>,
) -> (Vec<Unclear>, usize) {
    let mut all = unsaid(event, accounts);
    for account in accounts {
        of_account(account, accounts, &mut all);
    }
    for told in nobodys {
        if !all.iter().any(|one| one.words.as_ref() == Some(&told.quote)) {
            all.push(of_nobody(told));
        }
    }
    for (report, read, locals) in texts {
        let outlet = rows.get(report).and_then(|row| row.source.clone());
        let mut add = |what: String, words: String| {
            let new = !words.is_empty() && !all.iter().any(|one| one.words.as_deref() == Some(words.as_str()));
            if new {
                all.push(Unclear { what, words: Some(words), report: Some(format!("r{report}")), outlet: outlet.clone() });
            }
        };
        said_beside(read, locals, &mut add);
        not_known(read, &mut add);
    }
    let beyond = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    (all, beyond)
}

/// What no report says.
fn unsaid(event: &CaseEvent, accounts: &[Account]) -> Vec<Unclear> {
    let mut all = Vec::new();
    let affirm = || accounts.iter().filter(|account| account.position == "affirms");
    if affirm().next().is_some() {
        if affirm().all(|account| account.rumour) {
            all.push(Unclear::unsaid("Nobody who could be asked affirms it."));
        } else if !affirm().any(|account| account.told.iter().any(|told| told.tone == Some(Tone::Certain))) {
            all.push(Unclear::unsaid("Nobody states it without reserve."));
        }
    }
    if event.date.is_none() {
        all.push(Unclear::unsaid("No report says when."));
    }
    if event.place.is_none() {
        all.push(Unclear::unsaid("No report says where."));
    }
    if !event.parties.iter().any(|party| party.role == "actor") {
        all.push(Unclear::unsaid("No report says who did it."));
    }
    if !accounts.is_empty() && accounts.iter().all(|account| account.evidence.is_empty()) {
        all.push(Unclear::unsaid("The machine found no evidence that is offered for it."));
    }
    all
}

/// What one source leaves open, passes on from somebody without a name, or gives alone though nobody answers for it.
fn of_account(account: &Account, accounts: &[Account], all: &mut Vec<Unclear>) {
    for told in &account.told {
        let mut add = |what: String| {
            all.push(Unclear {
                what,
                words: Some(told.quote.clone()),
                report: Some(told.report.clone()),
                outlet: told.outlet.clone(),
            });
        };
        if told.tone == Some(Tone::Open) {
            let cues = if told.cues.is_empty() { String::new() } else { format!(" (“{}”)", told.cues.join("”, “")) };
            add(format!("{} leaves it open{cues}.", account.name));
        } else if let Some(link) = told.chain.first().filter(|link| link.unnamed) {
            add(match (&link.name, &link.cue) {
                (Some(name), _) => format!("Who says so is not named: “{name}”."),
                (None, Some(cue)) => format!("Who says so is not named: “{cue}”."),
                (None, None) => "Who says so is not named.".to_owned(),
            });
        }
        for date in told.given.iter().filter(|given| given.field == "date" && given.value.is_none()) {
            add(format!("When is only said as “{}”, and nothing tells from when to reckon.", date.words));
        }
    }
    if account.rumour {
        let answered = |field: &str| {
            accounts.iter().filter(|other| !other.rumour).any(|other| other.given.iter().any(|given| given.field == field))
        };
        for given in account.given.iter().filter(|given| !answered(&given.field)) {
            let Some(value) = &given.value else { continue };
            all.push(Unclear {
                what: format!("Only passed on, with nobody who answers for it: {} {value}.", given.field),
                words: Some(given.words.clone()),
                report: given.reports.first().cloned(),
                outlet: account.told.first().and_then(|told| told.outlet.clone()),
            });
        }
    }
}

/// A telling that nobody who could be asked stands behind.
fn of_nobody(told: &Told) -> Unclear {
    let cues = told.cues.iter().chain(told.chain.first().and_then(|link| link.cue.as_ref()));
    let mut words: Vec<&str> = Vec::new();
    for cue in cues {
        if !words.contains(&cue.as_str()) {
            words.push(cue);
        }
    }
    let cues = if words.is_empty() { String::new() } else { format!(" (“{}”)", words.join("”, “")) };
    let what = match told.tone {
        Some(Tone::Open) => format!("Left open{cues}."),
        _ => format!("Passed on without a source that could be asked{cues}."),
    };
    Unclear { what, words: Some(told.quote.clone()), report: Some(told.report.clone()), outlet: told.outlet.clone() }
}

/// What a report leaves open of those who take part, in claims that are not of the event.
fn said_beside(read: &Read, locals: &[&str], add: &mut impl FnMut(String, String)) {
    let events = || read.reading.events.iter().filter(|event| locals.contains(&event.id.to_string().as_str()));
    let own: HashSet<_> = events().flat_map(|event| &event.claims).copied().collect();
    let who = |claim: &Claim| claim.actor.iter().chain(&claim.recipient).map(|filler| filler.entity).collect::<Vec<EntityId>>();
    let parties: HashSet<EntityId> = events().flat_map(|event| claims(&read.reading, event)).flat_map(who).collect();
    for claim in read.reading.claims.iter().filter(|claim| !own.contains(&claim.id)) {
        let open = Tone::of(claim.factuality.source) == Tone::Open && !claim.factuality.cues.is_empty();
        if !open || !who(claim).iter().any(|entity| parties.contains(entity)) {
            continue;
        }
        let excerpts = read.summary.happenings.iter().flat_map(|happening| &happening.voices).flat_map(|voice| &voice.excerpts);
        let cues: Vec<String> = claim.factuality.cues.iter().map(|cue| read.words(cue.text())).collect();
        if let Some(excerpt) = excerpts.into_iter().find(|excerpt| excerpt.claim == claim.id) {
            add(format!("Left open beside it (“{}”).", cues.join("”, “")), quoted(excerpt).0);
        }
    }
}

/// Sentences by which a report says that something is not known or not checked.
fn not_known(read: &Read, add: &mut impl FnMut(String, String)) {
    let text = &read.reading.document.text;
    let mut letters = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let mut passed = 0;
    let mut byte = |point: usize| {
        let at = letters.nth(point.checked_sub(passed)?);
        passed = point + 1;
        at
    };
    for pair in read.reading.sentences.iter().map(|sentence| (sentence.start, sentence.end)) {
        // Sentences follow one another: the text is walked once.
        let Some(start) = byte(pair.0) else { continue };
        let Some(last) = pair.1.checked_sub(1).filter(|&last| last > pair.0).and_then(&mut byte) else { continue };
        let end = text.get(last..).and_then(|rest| rest.chars().next()).map_or(last, |letter| last + letter.len_utf8());
        let sentence = text.get(start..end).unwrap_or_default();
        let plain = sentence.to_lowercase().replace('\u{2019}', "'").split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(phrase) = NOT_KNOWN.iter().find(|phrase| plain.contains(**phrase)) {
            let mut words = read.words(sentence);
            if let Some((at, _)) = words.char_indices().nth(QUOTED) {
                words.truncate(at);
                words.push('…');
            }
            add(format!("A report says what it does not know (“{phrase}”)."), words);
        }
    }
}

#[cfg(test)]
mod tests {
    use dateline_record::{Reading, Report, Sentence};

    use super::*;
    use crate::case::Quotes;

    #[test]
    fn sentences_that_say_what_is_not_known_are_quoted() {
        let text = "É. The agency couldn’t be asked. It could not\nverify the photo. Nothing else. His fate is unknown.";
        let report = Report { text: text.to_owned(), ..Report::default() };
        let mut reading = Reading::not_read(&report, "en", String::new());
        let mut start = 0;
        for end in [2, 32, 63, 77, 98] {
            reading.sentences.push(Sentence { start, end });
            start = end + 1;
        }
        let mut found = Vec::new();
        not_known(&Read::new(reading, Quotes::NamesWithheld), &mut |what, words| found.push((what, words)));
        let words: Vec<&str> = found.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(words, ["It could not verify the photo.", "His fate is unknown."]);
        assert!(found[0].0.contains("“could not verify”"), "{found:?}");
    }

    #[test]
    fn phrases_are_plain() {
        assert!(NOT_KNOWN.len() > 20);
        for phrase in NOT_KNOWN.iter() {
            assert_eq!(**phrase, phrase.trim().to_lowercase());
        }
    }
}
