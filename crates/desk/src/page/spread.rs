//! How the news travelled, drawn: time runs to the right, each outlet has a line of its own. The list of reports says the same in words.

use dateline::case::{Point, Spread, Way, WayKind};
use dateline::record::Date;
use maud::{Markup, html};

use super::{counted, shown};

/// Widths and heights, in units of the drawing.
const WIDTH: i64 = 1000;
const LEFT: i64 = 220;
const RIGHT: i64 = WIDTH - 40;
const LANE: i64 = 30;
const TOP: i64 = 18;
/// Least distance between two reports of one line.
const APART: i64 = 12;
/// Distance from which a report's name fits beside it.
const ROOM: i64 = 44;
/// Letters of a name that are drawn.
const LETTERS: usize = 26;
const DAY: i64 = 24 * 60;
/// Distances between marks of the axis, in minutes.
const STEPS: [i64; 12] = [60, 180, 360, 720, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 91 * DAY, 365 * DAY, 3650 * DAY];
/// Most marks of the axis.
const TICKS: i64 = 7;

/// Where things stand in the drawing.
struct Layout {
    /// Of each point.
    at: Vec<(i64, i64)>,
    /// Marks of the axis, with their words.
    ticks: Vec<(i64, String)>,
    height: i64,
    /// Where those without a date stand.
    undated: Option<i64>,
}

impl Layout {
    fn of(spread: &Spread) -> Self {
        let undated = spread.points.iter().any(|point| point.is_shown() && point.minute.is_none());
        let right = if undated { RIGHT - 70 } else { RIGHT };
        let minute = |point: &Point| point.minute.map(|minute| if point.day_only { minute + DAY / 2 } else { minute });
        let minutes = || spread.points.iter().filter_map(minute);
        let floor = |minute: i64| minute.div_euclid(DAY) * DAY;
        let (first, last) = (minutes().min().map_or(0, floor), minutes().max().map_or(DAY, |last| floor(last) + DAY));
        let span = (last - first).max(1);
        let x = |minute: i64| LEFT + 20 + (minute - first) * (right - LEFT - 40) / span;
        let y = |lane: usize| TOP + LANE * i64::try_from(lane).unwrap_or(0) + LANE / 2;
        let place = |point: &Point| match minute(point) {
            Some(minute) => x(minute),
            None if point.is_shown() => RIGHT - 30,
            None => LEFT + 12,
        };
        let mut at: Vec<(i64, i64)> = spread.points.iter().map(|point| (place(point), y(point.lane))).collect();
        apart(spread, &mut at, right);
        let step = STEPS.iter().copied().find(|step| span / step < TICKS).unwrap_or(span);
        let mut ticks = Vec::new();
        let mut tick = first.div_euclid(step) * step;
        while tick <= last && minutes().next().is_some() {
            if tick >= first {
                ticks.push((x(tick), words(tick, step)));
            }
            tick += step;
        }
        let height = TOP + LANE * i64::try_from(spread.lanes.len()).unwrap_or(0) + 34;
        Self { at, ticks, height, undated: undated.then_some(RIGHT - 30) }
    }
}

/// Moves reports of one line apart that would cover each other, to the right and, where the drawing ends, back.
fn apart(spread: &Spread, at: &mut [(i64, i64)], right: i64) {
    for lane in 0..spread.lanes.len() {
        let of_lane = |point: &Point| point.lane == lane && point.minute.is_some();
        let own: Vec<usize> = (0..at.len()).filter(|&one| spread.points.get(one).is_some_and(of_lane)).collect();
        let mut least = i64::MIN;
        for &one in &own {
            if let Some((x, _)) = at.get_mut(one) {
                *x = (*x).max(least);
                least = *x + APART;
            }
        }
        let mut most = right;
        for &one in own.iter().rev() {
            if let Some((x, _)) = at.get_mut(one) {
                *x = (*x).min(most);
                most = *x - APART;
            }
        }
    }
}

fn words(minute: i64, step: i64) -> String {
    let day = Date::from_days(minute.div_euclid(DAY)).to_string();
    if step >= DAY {
        return day;
    }
    let of_day = minute.rem_euclid(DAY);
    if of_day == 0 { day } else { format!("{:02}:{:02}", of_day / 60, of_day % 60) }
}

/// The drawing with its legend; nothing where no report is known.
pub(crate) fn drawing(spread: &Spread, of: &str) -> Markup {
    if spread.points.is_empty() {
        return html! {};
    }
    let layout = Layout::of(spread);
    let height = layout.height;
    let own = spread.lanes.iter().filter(|lane| !lane.outside).count();
    html! {
        div class="wide" tabindex="0" role="region" aria-label={ "Drawing of how the " (of) " travelled" } {
            svg class="spread" viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby="spread-title spread-words" {
                title id="spread-title" { "How the " (of) " travelled" }
                desc id="spread-words" { (described(spread)) }
                @for (x, words) in &layout.ticks {
                    line class="tick" x1=(x) x2=(x) y1=(TOP - 8) y2=(height - 26) {}
                    text class="when" x=(x) y=(height - 10) text-anchor="middle" { (words) }
                }
                @if let Some(x) = layout.undated { text class="when" x=(x) y=(height - 10) text-anchor="middle" { "no date" } }
                @if own < spread.lanes.len() {
                    @let y = TOP + LANE * i64::try_from(own).unwrap_or(0);
                    line class="border" x1="0" x2=(WIDTH) y1=(y) y2=(y) {}
                }
                @for (lane, of) in spread.lanes.iter().enumerate() {
                    @let y = TOP + LANE * i64::try_from(lane).unwrap_or(0) + LANE / 2;
                    line class={ "lane" @if of.outside { " outside" } } x1=(LEFT) x2=(RIGHT) y1=(y) y2=(y) {}
                    text class={ "outlet" @if of.outside { " outside" } } x=(LEFT - 12) y=(y + 4) text-anchor="end" {
                        (shown(&short(of.name.as_deref().unwrap_or("unknown outlet"))))
                    }
                }
                @for way in &spread.ways { (line(way, &layout)) }
                @for (nth, point) in spread.points.iter().enumerate() { (glyph(spread, nth, point, &layout)) }
            }
        }
        (legend(spread))
    }
}

fn line(way: &Way, layout: &Layout) -> Markup {
    let (Some(&(x1, y1)), Some(&(x2, y2))) = (layout.at.get(way.from), layout.at.get(way.to)) else { return html! {} };
    let path = if y1 == y2 {
        format!("M {x1} {y1} Q {} {} {x2} {y2}", (x1 + x2) / 2, y1 - LANE)
    } else if (x1 - x2).abs() < 24 {
        // Bowed, so that it passes beside what stands between.
        format!("M {x1} {y1} C {} {y1} {} {y2} {x2} {y2}", x1 + 44, x2 + 44)
    } else {
        format!("M {x1} {y1} C {} {y1} {} {y2} {x2} {y2}", (x1 + x2) / 2, (x1 + x2) / 2)
    };
    html! { path class={ "way " (class_of(way.kind)) } d=(path) {} }
}

fn class_of(kind: WayKind) -> &'static str {
    match kind {
        WayKind::Copy => "copy",
        WayKind::Citation | WayKind::Posted => "citation",
        WayKind::Forward => "forward",
    }
}

fn glyph(spread: &Spread, nth: usize, point: &Point, layout: &Layout) -> Markup {
    let Some(&(x, y)) = layout.at.get(nth) else { return html! {} };
    let before = |other: usize| spread.points.get(other).is_some_and(|one| one.lane == point.lane);
    let next = layout
        .at
        .iter()
        .enumerate()
        .filter(|&(other, &(at, _))| other != nth && before(other) && at >= x)
        .map(|(_, &(at, _))| at)
        .min();
    let room = next.is_none_or(|next| next - x >= ROOM);
    html! {
        @if !point.is_shown() { path class="glyph outside" d={ "M " (x) " " (y - 7) " l 7 7 l -7 7 l -7 -7 z" } {} }
        @else if point.altered { path class="glyph altered" d={ "M " (x) " " (y - 7) " l 7 12 l -14 0 z" } {} }
        @else if point.copy { rect class="glyph copy" x=(x - 5) y=(y - 5) width="10" height="10" {} }
        @else { circle class="glyph report" cx=(x) cy=(y) r="6" {} }
        @if point.first { circle class="glyph first" cx=(x) cy=(y) r="10" {} }
        @if point.withdrawn { path class="glyph withdrawn" d={ "M " (x - 8) " " (y - 8) " l 16 16 m 0 -16 l -16 16" } {} }
        @if let Some(name) = point.report.as_deref().or(point.file.as_ref().map(|_| "file")).filter(|_| room) {
            text class="report" x=(x + 13) y=(y + 4) { (name) @if point.first { " first" } }
        }
    }
}

/// What the signs mean, in words; only those that stand in the drawing.
fn legend(spread: &Spread) -> Markup {
    let points = |is: fn(&Point) -> bool| spread.points.iter().any(is);
    let ways = |kind: WayKind| spread.ways.iter().any(|way| way.kind == kind);
    let firsts = spread.points.iter().filter(|point| point.first).count();
    let sign = |inner: Markup| html! { svg class="spread sign" viewBox="0 0 44 24" aria-hidden="true" { (inner) } };
    html! {
        ul class="legend" {
            @if firsts > 0 {
                li {
                    (sign(html! { circle class="glyph report" cx="22" cy="12" r="6" {} circle class="glyph first" cx="22" cy="12" r="10" {} }))
                    @if firsts == 1 { "first report" } @else { "one of these was first: their time of day is not known" }
                }
            }
            @if points(|point| point.is_shown() && !point.copy && !point.first && !point.altered) { li { (sign(html! { circle class="glyph report" cx="22" cy="12" r="6" {} })) "report" } }
            @if points(|point| point.copy) { li { (sign(html! { rect class="glyph copy" x="17" y="7" width="10" height="10" {} })) "copy of another report" } }
            @if points(|point| point.withdrawn) { li { (sign(html! { path class="glyph withdrawn" d="M 14 4 l 16 16 m 0 -16 l -16 16" {} })) "taken back by its outlet" } }
            @if points(|point| point.altered) { li { (sign(html! { path class="glyph altered" d="M 22 5 l 7 12 l -14 0 z" {} })) "shows it otherwise: whole, cropped, stamped, mirrored or made anew" } }
            @if points(|point| !point.is_shown()) { li { (sign(html! { path class="glyph outside" d="M 22 5 l 7 7 l -7 7 l -7 -7 z" {} })) "source without a report here" } }
            @if ways(WayKind::Copy) { li { (sign(html! { path class="way copy" d="M 2 12 L 42 12" {} })) "carries the text of" } }
            @if ways(WayKind::Citation) { li { (sign(html! { path class="way citation" d="M 2 12 L 42 12" {} })) "cites as its source" } }
            @if ways(WayKind::Posted) { li { (sign(html! { path class="way citation" d="M 2 12 L 42 12" {} })) "says that it was posted by or on" } }
            @if ways(WayKind::Forward) { li { (sign(html! { path class="way forward" d="M 2 12 L 42 12" {} })) "passes on a message of" } }
        }
        @if spread.points.iter().any(|point| point.day_only) { p class="from" { "Where only the day is known, a report stands in the middle of it. Times of day are UTC." } }
        @if spread.beyond > 0 { p class="from" { "And " (spread.beyond) " more that are not drawn." } }
    }
}

/// The drawing in a sentence or two.
fn described(spread: &Spread) -> String {
    let reports = spread.points.iter().filter(|point| point.report.is_some());
    let lanes = spread.lanes.iter().filter(|lane| !lane.outside).count() as u64;
    let mut words = format!("{} of {}", counted(reports.clone().count() as u64, "report"), counted(lanes, "outlet"));
    let days = || reports.clone().filter_map(|point| point.published.as_deref());
    if let (Some(first), Some(last)) = (days().min(), days().max()) {
        words.push_str(&if first == last { format!(", {first}") } else { format!(", {first} to {last}") });
    }
    let firsts: Vec<&str> =
        spread.points.iter().filter(|point| point.first).filter_map(|point| point.report.as_deref()).collect();
    if !firsts.is_empty() {
        words.push_str(&format!(". First: {}", firsts.join(" or ")));
    }
    let ways = |kind: WayKind| spread.ways.iter().filter(|way| way.kind == kind).count();
    let named = [
        ("Copies", WayKind::Copy),
        ("citations", WayKind::Citation),
        ("said to have been posted elsewhere", WayKind::Posted),
        ("messages passed on", WayKind::Forward),
    ];
    let counts = named.into_iter().filter(|(_, kind)| *kind != WayKind::Posted || ways(*kind) > 0);
    let counts: Vec<String> = counts.map(|(what, kind)| format!("{what}: {}", ways(kind))).collect();
    words.push_str(&format!(". {}. The list says which.", counts.join(", ")));
    words
}

fn short(name: &str) -> String {
    match name.char_indices().nth(LETTERS) {
        Some((at, _)) => format!("{}…", name.get(..at).unwrap_or(name).trim_end()),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use dateline::case::Lane;

    use super::*;

    fn point(report: Option<&str>, lane: usize, minute: Option<i64>) -> Point {
        Point {
            report: report.map(str::to_owned),
            file: None,
            altered: false,
            lane,
            published: None,
            minute,
            day_only: true,
            first: report == Some("r1"),
            copy: report == Some("r3"),
            withdrawn: false,
        }
    }

    fn lane(name: &str, outside: bool) -> Lane {
        Lane { name: Some(name.to_owned()), outside }
    }

    fn sample() -> Spread {
        let day = Date::new(2024, 12, 26).unwrap().to_days() * DAY;
        Spread {
            lanes: vec![
                lane("Sample <Wire>", false),
                lane("A channel with a name that is far too long", false),
                lane("Ministry", true),
            ],
            points: vec![
                point(Some("r1"), 0, Some(day)),
                point(Some("r2"), 1, Some(day)),
                point(Some("r3"), 1, Some(day + DAY)),
                point(Some("r4"), 1, None),
                point(None, 2, None),
            ],
            ways: vec![
                Way { from: 2, to: 0, kind: WayKind::Copy, name: "Sample <Wire>".to_owned() },
                Way { from: 1, to: 0, kind: WayKind::Citation, name: "Sample <Wire>".to_owned() },
                Way { from: 0, to: 4, kind: WayKind::Forward, name: "Ministry".to_owned() },
            ],
            beyond: 2,
        }
    }

    #[test]
    fn the_drawing_says_in_words_what_its_signs_mean() {
        let html = drawing(&sample(), "news").into_string();
        for said in [
            "role=\"img\"",
            "4 reports of 2 outlets. First: r1. Copies: 1, citations: 1, messages passed on: 1. The list says which.",
            "Sample &lt;Wire&gt;",
            "A channel with a name that…",
            "2024-12-27",
            "no date",
            "first report",
            "carries the text of",
            "cites as its source",
            "passes on a message of",
            "And 2 more that are not drawn.",
        ] {
            assert!(html.contains(said), "{said}: {html}");
        }
        assert!(!html.contains("style="), "{html}");
        assert_eq!(drawing(&Spread::default(), "news").into_string(), "");
    }

    #[test]
    fn many_reports_of_one_day_stand_apart_and_inside() {
        let day = Date::new(2024, 12, 26).unwrap().to_days() * DAY;
        let points: Vec<Point> = (0..60).map(|_| point(Some("r9"), 0, Some(day))).collect();
        let spread = Spread { lanes: vec![lane("One", false)], points, ..Spread::default() };
        let layout = Layout::of(&spread);
        for pair in layout.at.windows(2) {
            assert!(pair[1].0 - pair[0].0 >= APART, "{pair:?}");
        }
        assert!(layout.at.first().unwrap().0 >= LEFT && layout.at.last().unwrap().0 <= RIGHT, "{:?}", layout.at);
    }

    #[test]
    fn the_axis_has_few_marks_whatever_the_time_it_covers() {
        let day = Date::new(2024, 12, 26).unwrap().to_days() * DAY;
        for days in [0, 1, 3, 30, 400, 20_000] {
            let points = vec![point(Some("r1"), 0, Some(day)), point(Some("r2"), 0, Some(day + days * DAY))];
            let spread = Spread { lanes: vec![lane("One", false)], points, ..Spread::default() };
            let ticks = Layout::of(&spread).ticks;
            assert!((1..=TICKS + 1).contains(&(ticks.len() as i64)), "{days}: {ticks:?}");
        }
    }
}
