//! Where origins differ, and where one has only brought its account up to date.

use std::collections::BTreeMap;

use dateline_record::QuantityRole;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::event::{counts_clash, days, parties_differ, places_differ, range};
use crate::facts::{Count, Statement};
use crate::origins::{CaseReport, Origin, Position};

/// One value of a field, with who gives it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Value {
    /// The value in words: `3`, `at least 12`, `2024-12-14`, a name.
    pub value: String,
    /// Names of the origins.
    pub origins: Vec<String>,
    /// Ids of the reports.
    pub reports: Vec<u64>,
    /// First published, as EDTF; null when no report is dated.
    pub first: Option<String>,
}

/// A field on which accounts differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dispute {
    /// `killed`, `injured` … for counts; `date`, `place`, `actor`, `recipient`.
    pub field: String,
    /// The values, earliest first.
    pub values: Vec<Value>,
    /// Counts: the least and the most that anybody gives; null where open.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<Option<i64>>>, min_items = 2, max_items = 2))]
    pub range: Option<(Option<i64>, Option<i64>)>,
    /// In words.
    pub reason: String,
}

/// Fields on which origins differ, and revisions: the same field brought up to date.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Differences {
    /// Origins contradict each other.
    pub disputes: Vec<Dispute>,
    /// A later account replaces an earlier one.
    pub revisions: Vec<Dispute>,
}

/// One account of one field.
struct Account<'a> {
    day: i64,
    origin: usize,
    statement: &'a Statement,
}

/// Compares what the origins of one event say.
///
/// Accounts of origins that deny the event are left out. Of each origin the latest account counts; an earlier one that differs is a
/// revision. Counts that only rise from day to day, whoever gives them, are revisions too: the dead are found one after another.
#[must_use]
pub fn differences(reports: &[CaseReport], statements: &[Statement], origins: &[Origin]) -> Differences {
    let published: FxHashMap<u64, i64> =
        reports.iter().filter_map(|report| Some((report.id, days(report.published.as_ref()?)?.0))).collect();
    let mut accounts: Vec<Account<'_>> = Vec::new();
    for (origin, of) in origins.iter().enumerate() {
        for statement in of.statements.iter().filter_map(|&at| statements.get(at)) {
            if statement.position() != Position::Denies {
                accounts.push(Account { day: published.get(&statement.report).copied().unwrap_or(i64::MAX), origin, statement });
            }
        }
    }
    accounts.sort_by_key(|account| (account.day, account.statement.report));
    let mut found = Differences::default();
    let mut roles: BTreeMap<&'static str, QuantityRole> = BTreeMap::new();
    for count in accounts.iter().flat_map(|account| &account.statement.facts.counts) {
        // Bare counts (*four* of anything) are about different things too often.
        if count.role != QuantityRole::Other {
            roles.insert(role_name(count.role), count.role);
        }
    }
    for (name, role) in roles {
        count_differences(name, role, &accounts, reports, origins, &mut found);
    }
    let date = |statement: &Statement| statement.facts.when.as_ref().map(|when| when.as_str().to_owned());
    let dates_differ = |a: &Statement, b: &Statement| match (&a.facts.when, &b.facts.when) {
        (Some(x), Some(y)) => days(x).zip(days(y)).is_some_and(|(x, y)| x.0 > y.1 || y.0 > x.1),
        _ => false,
    };
    field("date", &accounts, reports, origins, date, dates_differ, &mut found);
    let first_name = |names: Vec<&str>| (!names.is_empty()).then(|| names.join(", "));
    let place = |statement: &Statement| first_name(statement.facts.places.iter().map(|place| place.name.as_str()).collect());
    field("place", &accounts, reports, origins, place, |a, b| places_differ(&a.facts.places, &b.facts.places), &mut found);
    let actor = |statement: &Statement| first_name(statement.facts.actors.iter().map(|party| party.name.as_str()).collect());
    field("actor", &accounts, reports, origins, actor, |a, b| parties_differ(&a.facts.actors, &b.facts.actors), &mut found);
    let recipient =
        |statement: &Statement| first_name(statement.facts.recipients.iter().map(|party| party.name.as_str()).collect());
    field(
        "recipient",
        &accounts,
        reports,
        origins,
        recipient,
        |a, b| parties_differ(&a.facts.recipients, &b.facts.recipients),
        &mut found,
    );
    found
}

fn count_differences(
    name: &str,
    role: QuantityRole,
    accounts: &[Account<'_>],
    reports: &[CaseReport],
    origins: &[Origin],
    found: &mut Differences,
) {
    let own = |account: &Account<'_>| account.statement.facts.counts.iter().copied().find(|count| count.role == role);
    let given: Vec<(&Account<'_>, Count)> = accounts.iter().filter_map(|account| Some((account, own(account)?))).collect();
    let clash = |a: &Count, b: &Count| counts_clash(&[*a], &[*b]).is_some();
    let latest = latest(&given, |(account, _)| account.origin);
    let differ = |list: &[&(&Account<'_>, Count)]| {
        list.iter().enumerate().any(|(at, a)| list.iter().skip(at + 1).any(|b| clash(&a.1, &b.1)))
    };
    let values = values(given.iter().map(|(account, count)| (*account, count.words())), reports, origins);
    let bound = (
        given.iter().map(|(_, count)| count.min).min().flatten(),
        given.iter().map(|(_, count)| count.max).try_fold(0, |most, max| Some(most.max(max?))),
    );
    let entry = |reason: String| Dispute { field: name.to_owned(), values: values.clone(), range: Some(bound), reason };
    // Every later account that differs is higher, and of a later day.
    let rises = given.iter().enumerate().all(|(at, (account, count))| {
        given
            .iter()
            .skip(at + 1)
            .all(|(later, other)| !clash(count, other) || (later.day > account.day && range(other).0 > range(count).1))
    });
    let all: Vec<&(&Account<'_>, Count)> = given.iter().collect();
    if differ(&latest) && !rises {
        found.disputes.push(entry(format!("{name}: origins give {}", listed(&values))));
    } else if differ(&all) {
        found.revisions.push(entry(format!("{name}: revised over time, {}", listed(&values))));
    }
}

fn field(
    name: &str,
    accounts: &[Account<'_>],
    reports: &[CaseReport],
    origins: &[Origin],
    value: impl Fn(&Statement) -> Option<String>,
    differ: impl Fn(&Statement, &Statement) -> bool,
    found: &mut Differences,
) {
    let given: Vec<(&Account<'_>, String)> =
        accounts.iter().filter_map(|account| Some((account, value(account.statement)?))).collect();
    let any = |list: &[&(&Account<'_>, String)]| {
        list.iter().enumerate().any(|(at, a)| list.iter().skip(at + 1).any(|b| differ(a.0.statement, b.0.statement)))
    };
    let all: Vec<&(&Account<'_>, String)> = given.iter().collect();
    let latest = latest(&given, |(account, _)| account.origin);
    let disputed = any(&latest);
    if !disputed && !any(&all) {
        return;
    }
    let values = values(given.iter().map(|(account, value)| (*account, value.clone())), reports, origins);
    let verb = if disputed { "origins give" } else { "revised over time," };
    let entry = Dispute { field: name.to_owned(), reason: format!("{name}: {verb} {}", listed(&values)), values, range: None };
    if disputed { found.disputes.push(entry) } else { found.revisions.push(entry) }
}

/// The last item of each origin; `items` are in order of time.
fn latest<T>(items: &[T], origin: impl Fn(&T) -> usize) -> Vec<&T> {
    let mut last: BTreeMap<usize, &T> = BTreeMap::new();
    for item in items {
        last.insert(origin(item), item);
    }
    last.into_values().collect()
}

fn values<'a>(given: impl Iterator<Item = (&'a Account<'a>, String)>, reports: &[CaseReport], origins: &[Origin]) -> Vec<Value> {
    let dates: FxHashMap<u64, &str> =
        reports.iter().filter_map(|report| Some((report.id, report.published.as_ref()?.as_str()))).collect();
    let mut values: Vec<Value> = Vec::new();
    let mut slot: FxHashMap<String, usize> = FxHashMap::default();
    for (account, value) in given {
        let at = *slot.entry(value.clone()).or_insert_with(|| {
            let first = dates.get(&account.statement.report).map(|date| (*date).to_owned());
            values.push(Value { value, origins: Vec::new(), reports: Vec::new(), first });
            values.len() - 1
        });
        let (Some(entry), Some(origin)) = (values.get_mut(at), origins.get(account.origin)) else { continue };
        if !entry.origins.contains(&origin.name) {
            entry.origins.push(origin.name.clone());
        }
        if !entry.reports.contains(&account.statement.report) {
            entry.reports.push(account.statement.report);
        }
    }
    values
}

fn listed(values: &[Value]) -> String {
    let said = |value: &Value| {
        let when = value.first.as_ref().map(|date| format!(", {date}")).unwrap_or_default();
        format!("{} ({}{when})", value.value, value.origins.join(", "))
    };
    values.iter().map(said).collect::<Vec<_>>().join("; ")
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
