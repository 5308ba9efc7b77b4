//! Events that match, counted by when and by where, without their rows: one walk over an index that holds all that is tested of an event.

use dateline_record::Date;
use rustc_hash::FxHashMap;

use super::bits::Bits;
use super::query::{EventQuery, Tested, Tests};
use super::term::{Kind, unpack};
use crate::Reader;
use crate::error::{Result, row_id};

/// Bars of a timeline, at most.
pub const BINS: i64 = 120;
/// Side of a cell of the map, in pixels of a map whose world is 256 pixels wide at zoom 0.
const CELL: f64 = 64.0;
/// The closest zoom that is told apart: places are settlements at their finest.
const CLOSEST: u8 = 12;
/// Latitude at which the map's square world ends.
const MERCATOR: f64 = 85.051_128_78;
/// A set of so few events is looked up event by event.
const FEW: u64 = 3_000;
/// Of so many dated events and more, the first and last hundredth may lie outside of the timeline: a single wrong year must not flatten it.
const MANY: usize = 200;

/// What is seen of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapView {
    /// Degrees; west of `east`, which may be beyond 180 where the date line is crossed.
    pub west: f64,
    /// Degrees.
    pub south: f64,
    /// Degrees.
    pub east: f64,
    /// Degrees.
    pub north: f64,
    /// Twice as close with each, 0 for the whole world on 256 pixels.
    pub zoom: u8,
}

impl MapView {
    /// The whole world.
    pub const WORLD: Self = Self { west: -180.0, south: -90.0, east: 180.0, north: 90.0, zoom: 2 };
}

/// How long a bar of the timeline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub enum BinUnit {
    #[default]
    Day,
    /// From Monday.
    Week,
    Month,
    Year,
    Decade,
}

/// A bar of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// Dated events whose first day (or last, where no first is known) is in it.
    pub count: u64,
}

/// Events near each other on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// How many.
    pub count: u64,
    /// Their mean position: degrees.
    pub lat: f64,
    /// Degrees.
    pub lon: f64,
    /// How many places they are at.
    pub places: u64,
    /// The place, where it is one: its name and country.
    pub place: Option<(String, Option<String>)>,
    /// The event, where it is one.
    pub event: Option<u64>,
    /// What they cover: west, south, east, north in degrees.
    pub bounds: [f64; 4],
}

/// Events by when and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    /// All that match.
    pub total: u64,
    /// Of these, with a date.
    pub dated: u64,
    /// Of these, with a place that is known.
    pub placed: u64,
    /// How long the bars are.
    pub unit: BinUnit,
    /// Bars one after the other, empty ones too.
    pub bins: Vec<Bin>,
    /// Dated events before the first bar.
    pub earlier: u64,
    /// Dated events after the last.
    pub later: u64,
    /// Cells with events, most events first.
    pub cells: Vec<Cell>,
    /// Placed events that are not seen.
    pub outside: u64,
}

/// What is gathered of the events that match.
#[derive(Default)]
struct Gathered {
    total: u64,
    days: Vec<i64>,
    /// By the term of a point: how many events, and the first of them.
    points: FxHashMap<i64, (u64, i64)>,
}

impl Gathered {
    fn take(&mut self, event: &Tested<'_>, points: &FxHashMap<i64, (f64, f64)>) {
        self.total += 1;
        if event.first_day.is_some() || event.last_day.is_some() {
            self.days.push(event.day);
        }
        if let Some(point) = unpack(event.terms).find(|term| points.contains_key(term)) {
            let entry = self.points.entry(point).or_insert((0, event.id));
            entry.0 += 1;
            entry.1 = entry.1.min(event.id);
        }
    }
}

impl Reader<'_> {
    /// Events that match, by when and where; what is asked for besides conditions (order, page) does not matter.
    ///
    /// # Errors
    /// When `text` has nothing to search for, or the database can't be read.
    pub fn overview(&self, query: &EventQuery, view: MapView) -> Result<Overview> {
        let points = self.points()?;
        let mut gathered = Gathered::default();
        for tests in self.tests(query)? {
            self.gather_tested(&tests, &mut |event| gathered.take(event, &points))?;
        }
        let mut overview = Overview { total: gathered.total, dated: gathered.days.len() as u64, ..Overview::default() };
        timeline(&mut overview, gathered.days);
        self.cells(&mut overview, &gathered.points, &points, view)?;
        Ok(overview)
    }

    /// Each event that passes the tests.
    fn gather_tested(&self, tests: &Tests, take: &mut dyn FnMut(&Tested<'_>)) -> Result<()> {
        const COLUMNS: &str = "SELECT id, day, first_day, last_day, origins, terms FROM event";
        let mut test = |row: &rusqlite::Row<'_>| -> rusqlite::Result<()> {
            let event = Tested {
                id: row.get(0)?,
                day: row.get(1)?,
                first_day: row.get(2)?,
                last_day: row.get(3)?,
                origins: row.get(4)?,
                terms: row.get_ref(5)?.as_blob()?,
            };
            if tests.hold(&event) {
                take(&event);
            }
            Ok(())
        };
        let few = tests.sets.iter().map(|set| set.uses).chain(tests.ids.as_ref().map(|ids| ids.len() as u64)).min();
        if few.is_some_and(|few| few <= FEW) && self.last_event()? <= Bits::MOST {
            let mut statement = self.db().prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
            for id in self.met(tests)? {
                let mut rows = statement.query([id])?;
                if let Some(row) = rows.next()? {
                    test(row)?;
                }
            }
            return Ok(());
        }
        let (low, high) = tests.window.unwrap_or((i64::MIN, i64::MAX));
        let sql = format!("{COLUMNS} INDEXED BY event_overview WHERE day BETWEEN ?1 AND ?2");
        let mut statement = self.db().prepare_cached(&sql)?;
        let mut rows = statement.query([low, high])?;
        while let Some(row) = rows.next()? {
            test(row)?;
        }
        Ok(())
    }

    /// Where the points are that events have as terms.
    fn points(&self) -> Result<FxHashMap<i64, (f64, f64)>> {
        let mut points = FxHashMap::default();
        let mut statement = self.db().prepare_cached("SELECT id, value FROM term WHERE kind = ?1")?;
        let mut rows = statement.query([Kind::Point as u8])?;
        while let Some(row) = rows.next()? {
            let at = row.get_ref(1)?.as_str().ok().and_then(|value| value.split_once(','));
            if let Some((Ok(lat), Ok(lon))) = at.map(|(lat, lon)| (lat.parse(), lon.parse())) {
                points.insert(row.get(0)?, (lat, lon));
            }
        }
        Ok(points)
    }

    fn cells(
        &self,
        overview: &mut Overview,
        found: &FxHashMap<i64, (u64, i64)>,
        points: &FxHashMap<i64, (f64, f64)>,
        view: MapView,
    ) -> Result<()> {
        let mut cells: FxHashMap<(i64, i64), (Cell, i64)> = FxHashMap::default();
        for (term, &(count, event)) in found {
            let Some(&(lat, lon)) = points.get(term) else { continue };
            overview.placed += count;
            let Some(lon) = seen(view, lat, lon) else {
                overview.outside += count;
                continue;
            };
            let (cell, first) = cells.entry(cell_of(lat, lon, view.zoom)).or_insert_with(|| {
                let bounds = [lon, lat, lon, lat];
                (Cell { count: 0, lat: 0.0, lon: 0.0, places: 0, place: None, event: None, bounds }, event)
            });
            cell.count += count;
            cell.places += 1;
            // Sums for now.
            cell.lat += lat * count as f64;
            cell.lon += lon * count as f64;
            let [west, south, east, north] = cell.bounds;
            cell.bounds = [west.min(lon), south.min(lat), east.max(lon), north.max(lat)];
            *first = (*first).min(event);
        }
        for (mut cell, first) in cells.into_values() {
            cell.lat /= cell.count as f64;
            cell.lon /= cell.count as f64;
            if cell.places == 1 {
                let named = self.first("SELECT place, country FROM event WHERE id = ?1", [first], |row| {
                    Ok((row.get::<_, Option<String>>(0)?, row.get(1)?))
                })?;
                cell.place = named.and_then(|(place, country)| Some((place?, country)));
            }
            cell.event = (cell.count == 1).then(|| row_id(first));
            overview.cells.push(cell);
        }
        let order = |cell: &Cell| (cell.lat, cell.lon);
        overview.cells.sort_by(|a, b| {
            b.count.cmp(&a.count).then_with(|| order(a).partial_cmp(&order(b)).unwrap_or(std::cmp::Ordering::Equal))
        });
        Ok(())
    }
}

/// The longitude at which a point is seen, if it is.
fn seen(view: MapView, lat: f64, lon: f64) -> Option<f64> {
    if !(view.south..=view.north).contains(&lat) {
        return None;
    }
    [lon, lon + 360.0, lon - 360.0].into_iter().find(|lon| (view.west..=view.east).contains(lon))
}

/// The cell of a grid that does not move with what is seen: clusters stay where they are while one pans.
fn cell_of(lat: f64, lon: f64, zoom: u8) -> (i64, i64) {
    let world = 256.0 * f64::from(1u32 << zoom.min(CLOSEST)) / CELL;
    let lat = lat.clamp(-MERCATOR, MERCATOR).to_radians();
    let x = (lon + 180.0) / 360.0;
    let y = 0.5 - (lat.tan().asinh()) / (2.0 * std::f64::consts::PI);
    // The poles stand on the edge.
    let whole = |part: f64| ((part * world).floor() as i64).clamp(0, world as i64 - 1);
    ((x * world).floor() as i64, whole(y))
}

fn timeline(overview: &mut Overview, mut days: Vec<i64>) {
    days.sort_unstable();
    let outside = if days.len() >= MANY { days.len() / 100 } else { 0 };
    let (Some(&low), Some(&high)) = (days.get(outside), days.iter().rev().nth(outside)) else { return };
    let units = [BinUnit::Day, BinUnit::Week, BinUnit::Month, BinUnit::Year, BinUnit::Decade];
    let (first, last) = (Date::from_days(low), Date::from_days(high));
    let unit = units.into_iter().find(|unit| unit.bars(first, last) <= BINS).unwrap_or(BinUnit::Decade);
    overview.unit = unit;
    let mut from = unit.begin(first);
    loop {
        let to = unit.end(from);
        overview.bins.push(Bin { from, to, count: 0 });
        if to >= last {
            break;
        }
        from = to.plus_days(1);
    }
    let mut nth = 0;
    for day in days {
        let day = Date::from_days(day);
        if overview.bins.first().is_some_and(|bin| day < bin.from) {
            overview.earlier += 1;
            continue;
        }
        while overview.bins.get(nth).is_some_and(|bin| day > bin.to) {
            nth += 1;
        }
        match overview.bins.get_mut(nth) {
            Some(bin) => bin.count += 1,
            None => overview.later += 1,
        }
    }
}

impl BinUnit {
    /// The first day of the bar in which a day is.
    fn begin(self, day: Date) -> Date {
        let of = |year: i32, month: u8| Date::new(year, month, 1).unwrap_or(Date::MIN);
        match self {
            Self::Day => day,
            Self::Week => day.plus_days(-i64::from(day.weekday())),
            Self::Month => of(day.year(), day.month()),
            Self::Year => of(day.year(), 1),
            Self::Decade => of(day.year() / 10 * 10, 1),
        }
    }

    /// The last day of a bar that begins on a day.
    fn end(self, begin: Date) -> Date {
        let december = |year: i32| Date::new(year, 12, 31).unwrap_or(Date::MAX);
        match self {
            Self::Day => begin,
            Self::Week => begin.plus_days(6),
            Self::Month if begin.month() == 12 => december(begin.year()),
            Self::Month => begin.plus_months(1).plus_days(-1),
            Self::Year => december(begin.year()),
            Self::Decade => december(begin.year() + 9),
        }
    }

    /// How many bars there are from one day to another, roughly and not too few.
    fn bars(self, first: Date, last: Date) -> i64 {
        let days = last.to_days() - first.to_days();
        let months = i64::from(last.year() - first.year()) * 12 + i64::from(last.month()) - i64::from(first.month());
        1 + match self {
            Self::Day => days,
            Self::Week => days / 7 + 1,
            Self::Month => months,
            Self::Year => i64::from(last.year() - first.year()),
            Self::Decade => i64::from(last.year() / 10 - first.year() / 10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i64 {
        let mut parts = text.split('-').map(|part| part.parse::<u16>().unwrap());
        let (year, month, day) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        Date::new(year.into(), month as u8, day as u8).unwrap().to_days()
    }

    fn bars(days: &[&str]) -> Overview {
        let mut overview = Overview::default();
        timeline(&mut overview, days.iter().map(|text| day(text)).collect());
        overview
    }

    #[test]
    fn bars_are_as_long_as_they_must_be_and_lie_side_by_side() {
        for (days, unit, count) in [
            (&["2024-12-30", "2025-01-02"][..], BinUnit::Day, 4),
            (&["2024-01-01", "2025-01-01"], BinUnit::Week, 53),
            (&["2020-03-31", "2024-02-01"], BinUnit::Month, 48),
            (&["1950-06-01", "2025-01-01"], BinUnit::Year, 76),
            (&["1522-06-01", "2025-01-01"], BinUnit::Decade, 51),
            (&["0000-01-01", "9999-12-31"], BinUnit::Decade, 1000),
            (&["2025-01-01"], BinUnit::Day, 1),
        ] {
            let overview = bars(days);
            assert_eq!((overview.unit, overview.bins.len()), (unit, count), "{days:?}");
            assert_eq!(overview.bins.iter().map(|bin| bin.count).sum::<u64>(), days.len() as u64, "{days:?}");
            for pair in overview.bins.windows(2) {
                assert_eq!(pair[0].to.plus_days(1), pair[1].from, "{days:?}");
            }
        }
        assert!(bars(&[]).bins.is_empty());
    }

    #[test]
    fn a_wrong_year_does_not_flatten_the_timeline() {
        let mut days = vec!["1522-01-01"; 2];
        days.extend(std::iter::repeat_n("2024-05-06", 300));
        days.extend(["2024-06-01", "2050-01-01"]);
        let overview = bars(&days);
        assert_eq!((overview.unit, overview.earlier), (BinUnit::Day, 2));
        assert_eq!(overview.later + overview.bins.iter().map(|bin| bin.count).sum::<u64>(), 302);
    }

    #[test]
    fn what_is_seen_may_cross_the_date_line() {
        let view = MapView { west: 170.0, south: -10.0, east: 190.0, north: 10.0, zoom: 4 };
        assert_eq!(seen(view, 0.0, 175.0), Some(175.0));
        assert_eq!(seen(view, 0.0, -175.0), Some(185.0));
        assert_eq!(seen(view, 0.0, -165.0), None);
        assert_eq!(seen(view, 11.0, 175.0), None);
        assert_eq!(seen(MapView::WORLD, -90.0, -180.0), Some(-180.0));
    }

    #[test]
    fn cells_are_squares_of_the_map() {
        // At zoom 0 the world is four cells wide; the equator and the prime meridian begin new ones.
        assert_eq!(cell_of(0.1, -179.0, 0), (0, 1));
        assert_eq!(cell_of(-0.1, 1.0, 0), (2, 2));
        assert_eq!(cell_of(89.9, 179.9, 0), (3, 0));
        assert_eq!(cell_of(51.7, 36.2, 200), cell_of(51.7, 36.2, CLOSEST));
    }
}
