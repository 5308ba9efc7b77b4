//! What stands behind an event: status and a proposed grade, each with its reasons.

use dateline_record::EventType;
use serde::{Deserialize, Serialize};

use crate::disputes::{Differences, differences};
use crate::facts::Statement;
use crate::origins::{CaseReport, Origin, Position, Stance, is_of, origins};
use crate::outlets::OutletTable;

/// How an event stands by who supports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Nobody affirms it.
    Unsupported,
    /// One independent origin.
    SingleSource,
    /// Two or more.
    Corroborated,
    /// Denied, or told in ways that cannot both be true.
    Contested,
    /// Both the party that acts and the party that suffers affirm it, and nobody denies it.
    ConfirmedByAdversary,
    /// Those who affirmed it took it back.
    Retracted,
}

/// Credibility of an item of information on the Admiralty scale (NATO AJP-2.1), 1 to 6. Proposed here; a reviewer decides. Reliability of
/// sources, A to F, is for people alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Credibility {
    /// 1: confirmed by other, independent sources.
    Confirmed,
    /// 2: probably true.
    Probable,
    /// 3: possibly true.
    Possible,
    /// 4: doubtful.
    Doubtful,
    /// 5: improbable.
    Improbable,
    /// 6: truth cannot be judged.
    CannotBeJudged,
}

impl From<Credibility> for u8 {
    fn from(grade: Credibility) -> u8 {
        grade as u8 + 1
    }
}

impl TryFrom<u8> for Credibility {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        Ok(match number {
            1 => Self::Confirmed,
            2 => Self::Probable,
            3 => Self::Possible,
            4 => Self::Doubtful,
            5 => Self::Improbable,
            6 => Self::CannotBeJudged,
            _ => return Err(format!("{number} is no grade: expected 1 to 6")),
        })
    }
}

/// All that can be said of who stands behind an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assessment {
    /// Independent origins, in the order in which they first spoke.
    pub origins: Vec<Origin>,
    /// Where they differ.
    pub differences: Differences,
    /// How it stands.
    pub status: Status,
    /// Proposed.
    pub grade: Credibility,
    /// Names of origins that affirm what speaks against them.
    pub admissions: Vec<String>,
    /// Why, in words, for `--why`.
    pub reasons: Vec<String>,
}

/// Assesses one event from the statements on it and the reports that they stand in.
#[must_use]
pub fn assess(reports: &[CaseReport], statements: &[Statement], outlets: &OutletTable) -> Assessment {
    let origins = origins(reports, statements, outlets);
    let differences = differences(reports, statements, &origins);
    let mut reasons = Vec::new();
    let held = |position: Position| origins.iter().filter(move |origin| origin.position == position);
    let affirming: Vec<&Origin> = held(Position::Affirms).collect();
    let denying: Vec<&Origin> = held(Position::Denies).collect();
    let withdrew: Vec<&Origin> = held(Position::Withdrew).collect();
    let admissions: Vec<String> =
        affirming.iter().filter(|origin| is_admission(origin, statements)).map(|origin| origin.name.clone()).collect();

    let copies = statements.len().saturating_sub(origins.len());
    reasons.push(format!(
        "{} in {} lead to {}",
        counted(statements.len(), "statement"),
        counted(reports.len(), "report"),
        counted(origins.len(), "origin")
    ));
    if copies > 0 {
        reasons.push("copies, shared owners and shared citations count once".into());
    }
    for (list, verb) in [(&affirming, "affirmed by"), (&denying, "denied by"), (&withdrew, "withdrawn by")] {
        if !list.is_empty() {
            reasons.push(format!("{verb} {}", list.iter().map(|origin| named(origin)).collect::<Vec<_>>().join(", ")));
        }
    }
    if !admissions.is_empty() {
        reasons.push(format!("admission against interest: {}", admissions.join(", ")));
    }
    reasons.extend(differences.disputes.iter().chain(&differences.revisions).map(|dispute| dispute.reason.clone()));
    let status = status(&affirming, &denying, &withdrew, &differences, &mut reasons);
    let grade = grade(status, &affirming, &denying, &admissions, statements, &mut reasons);
    Assessment { origins, differences, status, grade, admissions, reasons }
}

fn status(
    affirming: &[&Origin],
    denying: &[&Origin],
    withdrew: &[&Origin],
    differences: &Differences,
    reasons: &mut Vec<String>,
) -> Status {
    if affirming.is_empty() {
        return match (withdrew.is_empty(), denying.is_empty()) {
            (false, _) => Status::Retracted,
            (true, false) => Status::Contested,
            (true, true) => Status::Unsupported,
        };
    }
    if !denying.is_empty() {
        return Status::Contested;
    }
    // Counts are nearly always told differently; who did it, where and when decide what happened.
    if let Some(dispute) =
        differences.disputes.iter().find(|dispute| matches!(dispute.field.as_str(), "actor" | "place" | "date"))
    {
        reasons.push(format!("accounts exclude each other on {}", dispute.field));
        return Status::Contested;
    }
    let has = |stance: Stance| affirming.iter().any(|origin| origin.stance == stance);
    if has(Stance::Acting) && has(Stance::Suffering) {
        reasons.push("the party that acts and the party that suffers agree".into());
        return Status::ConfirmedByAdversary;
    }
    if affirming.len() >= 2 { Status::Corroborated } else { Status::SingleSource }
}

fn grade(
    status: Status,
    affirming: &[&Origin],
    denying: &[&Origin],
    admissions: &[String],
    statements: &[Statement],
    reasons: &mut Vec<String>,
) -> Credibility {
    let evidence = affirming
        .iter()
        .filter(|origin| origin.statements.iter().filter_map(|&at| statements.get(at)).any(|statement| statement.facts.evidence))
        .count();
    let (grade, why) = match status {
        Status::Retracted => (Credibility::Improbable, "those who said it took it back".to_owned()),
        Status::Unsupported => (Credibility::CannotBeJudged, "nobody affirms it".to_owned()),
        Status::Contested if affirming.is_empty() => (Credibility::Doubtful, "only denials of it are in the case".to_owned()),
        Status::Contested if denying.is_empty() => {
            let grade = if affirming.len() >= 3 { Credibility::Possible } else { Credibility::Doubtful };
            (grade, "nobody denies it, but accounts exclude each other".to_owned())
        }
        Status::Contested => {
            let only_parties = denying.iter().all(|origin| origin.stance == Stance::Acting);
            let third = affirming.iter().filter(|origin| origin.stance == Stance::ThirdParty).count();
            if only_parties && third >= 2 {
                (Credibility::Probable, "independent third parties affirm it; only the party accused denies it".to_owned())
            } else if only_parties && affirming.len() >= 2 {
                (Credibility::Possible, "more than one origin affirms it; the party accused denies it".to_owned())
            } else {
                (Credibility::Doubtful, "it is denied, and few origins stand against the denial".to_owned())
            }
        }
        Status::ConfirmedByAdversary => (Credibility::Confirmed, "adversaries agree".to_owned()),
        Status::Corroborated if affirming.len() >= 3 => (Credibility::Confirmed, "three or more independent origins".to_owned()),
        Status::Corroborated if evidence > 0 => {
            (Credibility::Confirmed, "two independent origins, and evidence is offered".to_owned())
        }
        Status::Corroborated => (Credibility::Probable, "two independent origins".to_owned()),
        Status::SingleSource if affirming.iter().all(|origin| origin.rumour) => {
            (Credibility::CannotBeJudged, "no source that can be asked".to_owned())
        }
        Status::SingleSource if !admissions.is_empty() => {
            (Credibility::Probable, "one origin, speaking against its own interest".to_owned())
        }
        Status::SingleSource => {
            let party = affirming.iter().any(|origin| origin.stance != Stance::ThirdParty);
            let who = if party { "one origin, and it is a party to the event" } else { "one origin" };
            (Credibility::Possible, who.to_owned())
        }
    };
    reasons.push(format!("proposed grade {}: {why}", u8::from(grade)));
    grade
}

/// Affirming what is held against oneself: the attacker an assault, the victim's side its own loss of soldiers.
fn is_admission(origin: &Origin, statements: &[Statement]) -> bool {
    let own = || origin.statements.iter().filter_map(|&at| statements.get(at));
    let is_violence = own().any(|statement| matches!(statement.facts.kind, Some(EventType::Assault | EventType::Coerce)));
    let armed = |statement: &Statement| {
        statement.facts.recipients.iter().any(|party| party.sector.is_some_and(dateline_record::Sector::is_armed))
    };
    let owns_up = |statement: &Statement| statement.facts.actors.iter().any(|party| is_of(&origin.speaker, party));
    match origin.stance {
        Stance::Acting => is_violence && own().any(owns_up) && !own().any(armed),
        Stance::Suffering => is_violence && own().any(armed),
        Stance::ThirdParty => false,
    }
}

fn named(origin: &Origin) -> String {
    let stance = match origin.stance {
        Stance::Acting => "party that acts",
        Stance::Suffering => "party that suffers",
        Stance::ThirdParty => "third party",
    };
    let rumour = if origin.rumour { ", rumour" } else { "" };
    format!("{} ({stance}{rumour}, {})", origin.name, counted(origin.reports.len(), "report"))
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
