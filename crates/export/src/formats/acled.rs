//! ACLED's 31 columns, in the form of its CSV export.

use std::io::Write;

use dateline_record::{Country, Precision, QuantityRole, Sector};

use crate::case::Case;
use crate::country;
use crate::event::{Event, Party};
use crate::formats::table::said;
use crate::formats::{cell, joined};
use crate::time::{Stretch, unix};
use crate::write::{FormatError, Rows};

/// Names of the columns.
pub(crate) const COLUMNS: [&str; 31] = [
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
    "civilian_targeting",
    "iso",
    "region",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "notes",
    "fatalities",
    "tags",
    "timestamp",
];

/// Writes `acled`.
pub(crate) struct Acled<W: Write> {
    out: csv::Writer<W>,
    timestamp: String,
}

impl<W: Write> Acled<W> {
    pub(crate) fn new(out: W, case: &Case) -> Result<Self, FormatError> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(COLUMNS)?;
        Ok(Self { out, timestamp: cell(unix(&case.exported_at)) })
    }
}

impl<W: Write> Rows for Acled<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        self.out.write_record(row(event, &self.timestamp))?;
        Ok(1)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        Ok(self.out.flush()?)
    }
}

/// ACLED's kinds of actors, in the order of their codes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Inter {
    StateForces,
    RebelGroup,
    PoliticalMilitia,
    Rioters,
    Protesters,
    Civilians,
    ExternalForces,
}

impl Inter {
    fn name(self) -> &'static str {
        match self {
            Self::StateForces => "State forces",
            Self::RebelGroup => "Rebel group",
            Self::PoliticalMilitia => "Political militia",
            Self::Rioters => "Rioters",
            Self::Protesters => "Protesters",
            Self::Civilians => "Civilians",
            Self::ExternalForces => "External/Other forces",
        }
    }

    /// Forces of a state are its own at home and external elsewhere; where either country is unknown, nothing is said.
    fn of(party: &Party, at: Option<Country>, event_type: &str) -> Option<Self> {
        use Sector as S;
        match party.sector? {
            S::Gov | S::Mil | S::Cop | S::Spy => match (party.country, at) {
                (Some(home), Some(at)) if home == at => Some(Self::StateForces),
                (Some(_), Some(_)) => Some(Self::ExternalForces),
                _ => None,
            },
            S::Reb => Some(Self::RebelGroup),
            S::Prm | S::Uaf => Some(Self::PoliticalMilitia),
            S::Cvl | S::Ref | S::Med | S::Edu | S::Jrn | S::Lab | S::Agr | S::Bus | S::Rel | S::Soc | S::Opp => {
                Some(match event_type {
                    "Protests" => Self::Protesters,
                    "Riots" => Self::Rioters,
                    _ => Self::Civilians,
                })
            }
            S::Jud | S::Leg | S::Pty | S::Unk | S::Crm | S::Eli | S::Pre => None,
        }
    }
}

fn disorder(event_type: &str, sub_event_type: &str) -> &'static str {
    match (event_type, sub_event_type) {
        (_, "Excessive force against protesters") => "Political violence; Demonstrations",
        (_, "Mob violence") | ("Battles" | "Explosions/Remote violence" | "Violence against civilians", _) => {
            "Political violence"
        }
        ("Protests" | "Riots", _) => "Demonstrations",
        ("Strategic developments", _) => "Strategic developments",
        _ => "",
    }
}

/// The summary, and who gives which number of killed: the codebook's place for estimates that differ.
fn notes(event: &Event) -> String {
    let by = event.count(QuantityRole::Killed).map(|count| said(&count.values)).unwrap_or_default();
    if by.is_empty() { event.summary.clone() } else { format!("{} Killed: {by}.", event.summary) }
}

fn row(event: &Event, timestamp: &str) -> [String; 31] {
    let (event_type, sub_event_type) =
        event.acled.as_ref().map_or(("", ""), |acled| (acled.event_type.as_str(), acled.sub_event_type.as_str()));
    let when = Stretch::of(event.when.as_ref());
    let (date, time_precision) = match when.map(|when| (when, when.length())) {
        Some((when, 1)) => (Some(when.first), "1"),
        Some((when, 2..=7)) => (Some(when.middle()), "2"),
        Some((when, 8..=31)) => (Some(when.middle()), "3"),
        _ => (None, ""),
    };
    let year = date.map(|date| date.year()).or_else(|| when.and_then(Stretch::year));
    let place = event.place();
    let at = place.and_then(|place| place.country);
    let (one, two) = event.sides();
    let inter = |side: &[&Party]| side.first().and_then(|party| Inter::of(party, at, event_type));
    // Only the one who demonstrates is a protester; whoever it is directed at stays what he is.
    let inter1 = inter(&one);
    let inter2 = two.first().and_then(|party| Inter::of(party, at, ""));
    let interaction = match (inter1, inter2) {
        (Some(a), Some(b)) => format!("{}-{}", a.min(b).name(), a.max(b).name()),
        (Some(only), None) if two.is_empty() => format!("{} only", only.name()),
        _ => String::new(),
    };
    let civilians = event_type == "Violence against civilians"
        || sub_event_type == "Excessive force against protesters"
        || (event_type == "Explosions/Remote violence" && inter2 == Some(Inter::Civilians));
    let coordinates = place.and_then(|place| place.table_coordinates());
    let geo_precision = match place.map(|place| place.precision()) {
        Some(Precision::Point | Precision::City) => "1",
        Some(Precision::Admin2) => "2",
        Some(Precision::Admin1) => "3",
        Some(Precision::Country | Precision::Region) | None => "",
    };
    let killed = event.count(QuantityRole::Killed).and_then(|count| count.best.or(count.low));
    let crowd = matches!(event_type, "Protests" | "Riots").then(|| event.count(QuantityRole::Involved)).flatten();
    let crowd = crowd.and_then(|count| count.best.or(count.low)).map(|size| format!("crowd size={size}"));
    let names = |side: &[&Party]| joined(side.iter().skip(1).map(|party| &party.name));
    [
        event.id.clone(),
        cell(date),
        cell(year),
        time_precision.to_owned(),
        disorder(event_type, sub_event_type).to_owned(),
        event_type.to_owned(),
        sub_event_type.to_owned(),
        cell(one.first().map(|party| &party.name)),
        names(&one),
        cell(inter1.map(Inter::name)),
        cell(two.first().map(|party| &party.name)),
        names(&two),
        cell(inter2.map(Inter::name)),
        interaction,
        if civilians { "Civilian targeting".to_owned() } else { String::new() },
        cell(at.and_then(country::find).and_then(|known| known.numeric)),
        String::new(),
        cell(place.and_then(|place| place.country_name())),
        cell(place.and_then(|place| place.division1())),
        cell(place.and_then(|place| place.division2())),
        String::new(),
        cell(place.map(|place| &place.name)),
        cell(coordinates.map(|at| at.0)),
        cell(coordinates.map(|at| at.1)),
        geo_precision.to_owned(),
        joined(event.outlets()),
        String::new(),
        notes(event),
        cell(killed),
        cell(crowd),
        timestamp.to_owned(),
    ]
}
