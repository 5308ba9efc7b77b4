//! How the news of an event travelled: which report came first, which are copies, who cites whom, what was forwarded.

use std::collections::BTreeMap;

use dateline_casebook::ReportRow;
use dateline_corroborate::OutletTable;
use dateline_record::{Date, Edtf, SourceKind};
use serde::Serialize;

use super::assess::Known;

/// Reports that a graph shows; of more, the earliest.
const MOST: usize = 60;
/// Outlets and channels that it shows.
const LANES: usize = 24;
/// Sources that it shows besides those: who is cited or forwarded, and has no report of its own here.
const OUTSIDE: usize = 6;

/// How the news travelled, as a graph over time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spread {
    /// Who published, in the order in which they did; after them those who are only cited or forwarded.
    pub lanes: Vec<Lane>,
    /// Reports (of a picture, files too), earliest first; after them one point for each source that has no report here.
    pub points: Vec<Point>,
    /// Which report rests on which.
    pub ways: Vec<Way>,
    /// Reports and sources beyond those shown.
    pub beyond: usize,
}

/// An outlet, a channel or a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lane {
    /// Its name; null where the report does not say who published it.
    pub name: Option<String>,
    /// It is only cited or forwarded: no report of its own tells of the event here.
    pub outside: bool,
}

/// A report, or a source that has none here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Point {
    /// The report, `r3`; null for a source or file without one.
    pub report: Option<String>,
    /// Of a picture that was brought in without a report: the name of its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Its lane, by index.
    pub lane: usize,
    /// When it was published, as it says.
    pub published: Option<String>,
    /// The same in minutes since 1970-01-01 00:00 UTC; a time without an offset is taken as UTC, a day or longer from its beginning.
    pub minute: Option<i64>,
    /// Only the day (or less) is known, not the time of day.
    pub day_only: bool,
    /// It is the first, or one of those that can't be told from the first.
    pub first: bool,
    /// It is a copy of another report.
    pub copy: bool,
    /// Its outlet took it back.
    pub withdrawn: bool,
    /// Of a picture: it is shown otherwise than the one asked about: cropped, stamped, mirrored, recompressed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub altered: bool,
}

impl Point {
    /// Whether it is a report or a file, and no source that is only cited.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.report.is_some() || self.file.is_some()
    }
}

/// That one report rests on another, or on a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Way {
    /// The one that rests, by index into the points.
    pub from: usize,
    /// What it rests on.
    pub to: usize,
    /// How.
    pub kind: WayKind,
    /// Who is cited or forwarded; the outlet of the first for a copy.
    pub name: String,
}

/// How a report rests on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum WayKind {
    /// It carries the same text.
    Copy,
    /// It names the other as its source.
    Citation,
    /// It is the other's message, passed on.
    Forward,
    /// Of a picture: it says that it was posted there.
    Posted,
}

/// A report with what tells where its news came from.
#[derive(Clone, Debug, Default)]
struct Sent {
    id: u64,
    /// It is no report: the name of a file.
    file: Option<String>,
    altered: bool,
    outlet: Option<String>,
    published: Option<Edtf>,
    at: Option<String>,
    copy_of: Option<u64>,
    cites: Vec<Cited>,
    forwarded_from: Option<String>,
    withdrawn: bool,
}

/// Whom a statement of a report names.
#[derive(Clone, Debug, Default, PartialEq)]
struct Cited {
    /// Those named on the way.
    through: Vec<String>,
    /// Whom it leads to in the end.
    origin: String,
}

/// Where a picture was shown.
#[derive(Debug)]
pub(super) struct PictureShown {
    /// The report; none of one that was brought in by itself.
    pub(super) report: Option<u64>,
    /// What it is called there.
    pub(super) file: String,
    pub(super) outlet: Option<String>,
    /// When it was published: an instant, or a date in EDTF.
    pub(super) published: Option<String>,
    /// The first report with the same text.
    pub(super) copy_of: Option<u64>,
    /// Who the report says had posted it.
    pub(super) posted_by: Vec<String>,
    pub(super) forwarded_from: Option<String>,
    pub(super) withdrawn: bool,
    /// It is not the very file.
    pub(super) altered: bool,
}

impl Spread {
    /// The graph of a picture.
    pub(super) fn of_picture(shown: Vec<PictureShown>, outlets: &OutletTable) -> Self {
        let sent = shown.into_iter().map(|shown| Sent {
            id: shown.report.unwrap_or(0),
            file: shown.report.is_none().then_some(shown.file),
            altered: shown.altered,
            outlet: shown.outlet,
            published: shown.published.as_ref().and_then(|date| date.parse().ok()),
            at: shown.published,
            copy_of: shown.copy_of,
            cites: shown.posted_by.into_iter().map(|origin| Cited { through: Vec::new(), origin }).collect(),
            forwarded_from: shown.forwarded_from,
            withdrawn: shown.withdrawn,
        });
        let mut spread = graph(sent.collect(), keyed(outlets));
        for way in spread.ways.iter_mut().filter(|way| way.kind == WayKind::Citation) {
            way.kind = WayKind::Posted;
        }
        spread
    }

    /// The graph of an event.
    pub(super) fn of(known: &Known, rows: &BTreeMap<u64, ReportRow>, outlets: &OutletTable) -> Self {
        let mut sent: BTreeMap<u64, Sent> = BTreeMap::new();
        for report in &known.reports {
            let Some(row) = rows.get(&report.id) else { continue };
            let is_copy = report.copies != report.id;
            let provenance = &row.provenance;
            let one = Sent {
                id: report.id,
                file: None,
                altered: false,
                outlet: row.source.clone(),
                published: row.published.clone(),
                at: provenance.published_at.clone(),
                copy_of: is_copy.then_some(report.copies),
                cites: Vec::new(),
                forwarded_from: provenance.forwarded_from.clone(),
                withdrawn: report.withdrawn,
            };
            sent.insert(report.id, one);
        }
        for origin in known.assessment.origins.iter().filter(|origin| !origin.rumour) {
            for statement in origin.statements.iter().filter_map(|&at| known.statements.get(at)) {
                let Some(one) = sent.get_mut(&statement.report) else { continue };
                let named =
                    statement.chain.iter().filter(|speaker| !matches!(speaker.kind, SourceKind::Author | SourceKind::Unnamed));
                let through: Vec<String> =
                    named.map(|speaker| speaker.who.name.clone()).filter(|name| !name.is_empty()).collect();
                let cited = Cited { through, origin: origin.name.clone() };
                if !cited.through.is_empty() && !one.cites.contains(&cited) {
                    one.cites.push(cited);
                }
            }
        }
        graph(sent.into_values().collect(), keyed(outlets))
    }
}

impl Spread {
    /// One way in words: *r1 passes on a message of Sample Front (r4)*.
    #[must_use]
    pub fn in_words(&self, way: &Way) -> String {
        let called = |at: usize| {
            let point = self.points.get(at)?;
            point.report.clone().or_else(|| point.file.clone())
        };
        let does = match way.kind {
            WayKind::Copy => "carries the text of",
            WayKind::Citation => "names as its source",
            WayKind::Forward => "passes on a message of",
            WayKind::Posted => "says that it was posted by or on",
        };
        let to = called(way.to).map(|to| format!(" ({to})")).unwrap_or_default();
        format!("{} {does} {}{to}", called(way.from).unwrap_or_default(), way.name)
    }
}

/// Makes the names of one outlet one.
fn keyed(outlets: &OutletTable) -> impl Fn(&str) -> String {
    |name| outlets.find(name).map_or(name, |outlet| outlet.name.as_str()).to_lowercase()
}

/// The graph of some reports; `key` makes the names of one outlet one.
fn graph(mut sent: Vec<Sent>, key: impl Fn(&str) -> String) -> Spread {
    sent.sort_by_cached_key(|sent| (when(sent).map_or(i64::MAX, |(minute, _)| minute), sent.id));
    let mut spread = Spread::default();
    let mut lane_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut point_of: BTreeMap<u64, usize> = BTreeMap::new();
    let mut shown: Vec<&Sent> = Vec::new();
    for one in &sent {
        let name = one.outlet.as_deref().unwrap_or_default();
        let known = lane_of.get(&key(name)).copied();
        if shown.len() == MOST || (known.is_none() && spread.lanes.len() == LANES) {
            spread.beyond += 1;
            continue;
        }
        let lane = known.unwrap_or_else(|| {
            spread.lanes.push(Lane { name: one.outlet.clone(), outside: false });
            lane_of.insert(key(name), spread.lanes.len() - 1);
            spread.lanes.len() - 1
        });
        let time = when(one);
        if one.file.is_none() {
            point_of.insert(one.id, spread.points.len());
        }
        spread.points.push(Point {
            report: one.file.is_none().then(|| format!("r{}", one.id)),
            file: one.file.clone(),
            lane,
            published: one.at.clone().or_else(|| one.published.as_ref().map(|date| date.as_str().to_owned())),
            minute: time.map(|(minute, _)| minute),
            day_only: time.is_some_and(|(_, day_only)| day_only),
            first: false,
            copy: one.copy_of.is_some(),
            withdrawn: one.withdrawn,
            altered: one.altered,
        });
        shown.push(one);
    }
    let mut outside = 0;
    for (from, one) in shown.iter().enumerate() {
        if let Some(&to) = one.copy_of.and_then(|first| point_of.get(&first)) {
            let name = spread.points.get(to).and_then(|point| spread.lanes.get(point.lane)?.name.clone()).unwrap_or_default();
            spread.ways.push(Way { from, to, kind: WayKind::Copy, name });
        }
        let own = key(one.outlet.as_deref().unwrap_or_default());
        let mut rests: Vec<(&str, WayKind)> = Vec::new();
        rests.extend(one.forwarded_from.iter().map(|name| (name.as_str(), WayKind::Forward)));
        // A copy cites whom its first cites.
        for cited in one.cites.iter().filter(|_| one.copy_of.is_none()) {
            // An outlet that has a report here stands between; whom that one rests on is told there.
            let here =
                |name: &&String| lane_of.get(&key(name)).is_some_and(|&lane| !spread.lanes.get(lane).is_some_and(|l| l.outside));
            let between: Vec<&String> = cited.through.iter().filter(here).filter(|name| key(name) != own).collect();
            let names = if between.is_empty() { vec![&cited.origin] } else { between };
            for name in names {
                if !rests.iter().any(|(known, kind)| *kind == WayKind::Citation && key(known) == key(name)) {
                    rests.push((name, WayKind::Citation));
                }
            }
        }
        for (name, kind) in rests {
            let key = key(name);
            if key == own {
                continue;
            }
            let lane = match lane_of.get(&key) {
                Some(&lane) => lane,
                None if outside == OUTSIDE => {
                    spread.beyond += 1;
                    continue;
                }
                None => {
                    outside += 1;
                    spread.lanes.push(Lane { name: Some(name.to_owned()), outside: true });
                    lane_of.insert(key, spread.lanes.len() - 1);
                    spread.points.push(Point {
                        report: None,
                        file: None,
                        lane: spread.lanes.len() - 1,
                        published: None,
                        minute: None,
                        day_only: false,
                        first: false,
                        copy: false,
                        withdrawn: false,
                        altered: false,
                    });
                    spread.lanes.len() - 1
                }
            };
            // Of the reports of one lane, the last that stands before it, and at least the first.
            let of_lane = |(_, point): &(usize, &Point)| point.lane == lane;
            let to = spread.points.iter().enumerate().take(from).rfind(of_lane);
            let to = to.or_else(|| spread.points.iter().enumerate().find(of_lane)).map(|(to, _)| to);
            if let Some(to) = to {
                spread.ways.push(Way { from, to, kind, name: name.to_owned() });
            }
        }
    }
    mark_first(&mut spread);
    spread
}

/// Marks the first report; where times of day are missing, each that may be first and rests on none of the others.
fn mark_first(spread: &mut Spread) {
    const DAY: i64 = 24 * 60;
    let last = |point: &Point| point.minute.map(|minute| if point.day_only { minute + DAY - 1 } else { minute });
    let Some(latest) = spread.points.iter().filter_map(last).min() else { return };
    let rests =
        |at: usize| spread.ways.iter().any(|way| way.from == at && spread.points.get(way.to).is_some_and(Point::is_shown));
    let may_be: Vec<usize> = (0..spread.points.len())
        .filter(|&at| spread.points.get(at).and_then(|point| point.minute).is_some_and(|minute| minute <= latest))
        .collect();
    let mut firsts: Vec<usize> = may_be.iter().copied().filter(|&at| !rests(at)).collect();
    if firsts.is_empty() {
        firsts.extend(may_be.first());
    }
    for at in firsts {
        if let Some(point) = spread.points.get_mut(at) {
            point.first = true;
        }
    }
}

/// When a report was published: minutes since 1970, and whether only the day is known.
fn when(sent: &Sent) -> Option<(i64, bool)> {
    if let Some(minute) = sent.at.as_deref().and_then(instant) {
        return Some((minute, false));
    }
    let (first, last) = sent.published.as_ref()?.bounds()?;
    Some((first.or(last)?.to_days() * 24 * 60, true))
}

/// Minutes since 1970-01-01 00:00 UTC of an RFC 3339 instant, or of the same without an offset; nothing for a bare day.
pub(super) fn instant(text: &str) -> Option<i64> {
    let number =
        |from: usize, to: usize| text.get(from..to).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))?.parse::<i64>().ok();
    let day =
        Date::new(i32::try_from(number(0, 4)?).ok()?, u8::try_from(number(5, 7)?).ok()?, u8::try_from(number(8, 10)?).ok()?)?;
    if !matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' ')) {
        return None;
    }
    let (hour, minute) = (number(11, 13)?, number(14, 16)?);
    if hour > 23 || minute > 59 {
        return None;
    }
    let rest = text.get(16..)?.trim_start_matches(|c: char| c == ':' || c == '.' || c.is_ascii_digit());
    let offset = match rest.as_bytes().first() {
        Some(sign @ (b'+' | b'-')) => {
            let part = |from: usize, to: usize| rest.get(from..to)?.parse::<i64>().ok();
            let minutes = part(1, 3)? * 60 + part(4, 6).unwrap_or(0);
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => 0,
    };
    Some(day.to_days() * 24 * 60 + hour * 60 + minute - offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(id: u64, outlet: &str, day: &str) -> Sent {
        Sent { id, outlet: Some(outlet.to_owned()), published: day.parse().ok(), ..Sent::default() }
    }

    fn cited(through: &str, origin: &str) -> Cited {
        Cited { through: vec![through.to_owned()], origin: origin.to_owned() }
    }

    fn lower(name: &str) -> String {
        name.to_lowercase()
    }

    #[test]
    fn instants_are_minutes_of_one_clock() {
        let noon = Date::new(2024, 12, 26).unwrap().to_days() * 1440 + 720;
        for text in ["2024-12-26T12:00:59Z", "2024-12-26T14:00:00.123+02:00", "2024-12-26 12:00", "2024-12-26T07:00-05:00"] {
            assert_eq!(instant(text), Some(noon), "{text}");
        }
        for text in ["2024-12-26", "", "2024-13-26T12:00", "2024-12-26T99:00Z", "2024-12-26Tab:cd", "ééééééééééééééééé"]
        {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn copies_citations_and_forwards_lead_to_what_they_rest_on() {
        let spread = graph(
            vec![
                Sent { copy_of: Some(2), cites: vec![cited("Channel", "Channel")], ..sent(3, "Herald", "2024-12-26") },
                Sent {
                    cites: vec![cited("the channel", "channel"), cited("Ministry", "Ministry")],
                    ..sent(2, "Wire", "2024-12-26")
                },
                sent(1, "Channel", "2024-12-26"),
                Sent { forwarded_from: Some("Front Line".to_owned()), ..sent(4, "Other Channel", "2024-12-27") },
                Sent { cites: vec![cited("WIRE", "Ministry")], ..sent(5, "wire", "2024-12-28") },
                Sent { cites: vec![cited("WIRE", "Ministry")], ..sent(6, "Post", "2024-12-29") },
            ],
            lower,
        );
        let lanes: Vec<(&str, bool)> = spread.lanes.iter().map(|lane| (lane.name.as_deref().unwrap(), lane.outside)).collect();
        assert_eq!(
            lanes,
            [
                ("Channel", false),
                ("Wire", false),
                ("Herald", false),
                ("Other Channel", false),
                ("Post", false),
                ("Ministry", true),
                ("Front Line", true)
            ]
        );
        let name = |at: usize| {
            let point = &spread.points[at];
            point.report.clone().or_else(|| spread.lanes[point.lane].name.clone()).unwrap()
        };
        let ways: Vec<(String, WayKind, String)> =
            spread.ways.iter().map(|way| (name(way.from), way.kind, name(way.to))).collect();
        let way = |from: &str, kind: WayKind, to: &str| (from.to_owned(), kind, to.to_owned());
        assert_eq!(
            ways,
            [
                way("r2", WayKind::Citation, "r1"),
                way("r2", WayKind::Citation, "Ministry"),
                way("r3", WayKind::Copy, "r2"),
                way("r4", WayKind::Forward, "Front Line"),
                way("r5", WayKind::Citation, "Ministry"),
                way("r6", WayKind::Citation, "r5"),
            ]
        );
        let firsts: Vec<usize> = (0..spread.points.len()).filter(|&at| spread.points[at].first).collect();
        assert_eq!(firsts.iter().map(|&at| name(at)).collect::<Vec<_>>(), ["r1"]);
    }

    #[test]
    fn times_of_day_decide_which_is_first_and_their_absence_leaves_it_open() {
        let timed = |id, at: &str| Sent { at: Some(at.to_owned()), ..sent(id, &format!("Outlet {id}"), "2024-12-26") };
        let firsts = |all: Vec<Sent>| {
            let spread = graph(all, lower);
            let firsts = spread.points.into_iter().filter(|point| point.first).filter_map(|point| point.report);
            firsts.collect::<Vec<_>>()
        };
        assert_eq!(firsts(vec![timed(1, "2024-12-26T10:00Z"), timed(2, "2024-12-26T09:59Z")]), ["r2"]);
        assert_eq!(firsts(vec![timed(1, "2024-12-26T10:00Z"), sent(2, "B", "2024-12-26")]), ["r2", "r1"]);
        assert_eq!(firsts(vec![sent(1, "A", "2024-12-27"), sent(2, "B", "2024-12-26")]), ["r2"]);
        assert_eq!(firsts(vec![Sent { published: None, ..sent(1, "A", "") }]), Vec::<String>::new());
    }

    #[test]
    fn of_many_reports_the_earliest_are_shown_and_the_rest_counted() {
        let many = (1..=200).map(|id| sent(id, &format!("Outlet {}", id % 40), "2024-12-26")).collect();
        let spread = graph(many, lower);
        assert_eq!((spread.lanes.len(), spread.points.len() + spread.beyond), (LANES, 200));
        let one = (1..=200).map(|id| sent(id, "One", "2024-12-26")).collect();
        assert_eq!(graph(one, lower).points.len(), MOST);
        assert_eq!(graph(Vec::new(), lower), Spread::default());
    }
}
