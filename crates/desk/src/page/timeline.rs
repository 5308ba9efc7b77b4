//! When events happened, as bars that lead to their time.

use dateline::case::{Overview, OverviewBin};
use dateline::record::Date;
use maud::{Markup, html};

use super::counted;
use super::events::Address;

/// Height of the drawing, of its bars, and where they stand, in pixels.
const HEIGHT: u32 = 112;
const BARS: f64 = 80.0;
const GROUND: f64 = 88.0;
/// Dates under the bars, at most.
const TICKS: usize = 6;
/// Dates that begin further right, in percent, would not fit.
const LAST_TICK: f64 = 88.0;
const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// Bars for the events of a time; those outside of what is chosen are dimmed.
pub(super) fn show(overview: &Overview, chosen: (Option<Date>, Option<Date>), address: &Address) -> Markup {
    let bins = &overview.bins;
    let unit = overview.unit;
    let undated = overview.total.saturating_sub(overview.dated);
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(0);
    let step = bins.len().div_ceil(TICKS).max(1);
    let width = 100.0 / bins.len().max(1) as f64;
    let brush = chosen_bins(bins, chosen);
    let is_closer = address.look.closer == "time";
    let to_time = |from: &str, to: &str| {
        address.with(|filter, look| {
            (filter.from, filter.to) = (Some(from.to_owned()), Some(to.to_owned()));
            look.here.clear();
        })
    };
    html! {
        @if bins.is_empty() {
            p class="caption" { "No date of these events is known." }
        } @else {
            svg class="chart" width="100%" height=(HEIGHT) role="group" aria-label={ "Events by " (unit) } {
                @if let Some((first, last)) = brush {
                    rect class="brush" x=(percent(first as f64 * width)) width=(percent((last - first + 1) as f64 * width)) y="0" height=(GROUND) {}
                }
                line class="ground" x1="0" x2="100%" y1=(GROUND) y2=(GROUND) {}
                @for (i, bin) in bins.iter().enumerate() {
                    @let left = i as f64 * width;
                    @let is_out = chosen != (None, None) && !brush.is_some_and(|(first, last)| (first..=last).contains(&i));
                    @let words = span(unit, bin);
                    g class={ "bin" @if is_out { " out" } } data-from=(bin.from) data-to=(bin.to) data-count=(bin.count) data-words=(words) {
                        @if bin.count > 0 {
                            @let height = (BARS * bin.count as f64 / most as f64).max(2.0);
                            a href=(to_time(&bin.from, &bin.to)) aria-label={ (counted(bin.count, "event")) " " (words) } {
                                title { (counted(bin.count, "event")) " " (words) }
                                rect class="hit" x=(percent(left)) width=(percent(width)) y="0" height=(GROUND) {}
                                rect class="bar" x=(percent(left + width * 0.08)) width=(percent(width * 0.84))
                                    y=(format!("{:.1}", GROUND - height)) height=(format!("{height:.1}")) {}
                            }
                        }
                    }
                    @if i % step == 0 && left <= LAST_TICK {
                        line class="tick" x1=(percent(left)) x2=(percent(left)) y1=(GROUND) y2=(GROUND + 6.0) {}
                        text class={ "tick" @if (i / step) % 2 == 1 { " minor" } } x=(percent(left)) y="106" { (short(unit, &bin.from)) }
                    }
                }
            }
            p class="caption" {
                "A bar is a " (unit) "; the highest stands for " (counted(most, "event")) "."
                @if overview.earlier > 0 { " Before the first: " (counted(overview.earlier, "event")) "." }
                @if overview.later > 0 { " After the last: " (counted(overview.later, "event")) "." }
                @if undated > 0 { " Without a date: " (counted(undated, "event")) "." }
            }
        }
        @if chosen != (None, None) || is_closer {
            p class="chosen" {
                span { (chosen_words(chosen)) }
                a href=(address.with(|filter, look| { (filter.from, filter.to) = (None, None); look.closer.clear(); })) { "Whole time" }
                @if is_closer {
                    a href=(address.with(|_, look| look.closer.clear())) { "Among the rest" }
                } @else if unit != "day" || brush.is_some_and(|(first, last)| last > first) {
                    a href=(address.with(|_, look| look.closer = "time".to_owned())) { "Look closer" }
                }
            }
        }
    }
}

fn percent(part: f64) -> String {
    format!("{part:.3}%")
}

/// First and last of the bars that the chosen time touches.
fn chosen_bins(bins: &[OverviewBin], (from, to): (Option<Date>, Option<Date>)) -> Option<(usize, usize)> {
    if from.is_none() && to.is_none() {
        return None;
    }
    // Dates of four-digit years sort as texts do.
    let (from, to) = (from.unwrap_or(Date::MIN).to_string(), to.unwrap_or(Date::MAX).to_string());
    let first = bins.iter().position(|bin| bin.to >= from)?;
    let last = bins.iter().rposition(|bin| bin.from <= to)?;
    (first <= last).then_some((first, last))
}

fn chosen_words((from, to): (Option<Date>, Option<Date>)) -> String {
    let words = |date: Date| date_words(&date.to_string());
    match (from, to) {
        (Some(from), Some(to)) if from == to => words(from),
        (Some(from), Some(to)) => format!("{} to {}", words(from), words(to)),
        (Some(from), None) => format!("From {} on", words(from)),
        (None, Some(to)) => format!("Until {}", words(to)),
        (None, None) => String::new(),
    }
}

/// Year, name of the month, day without zeros.
fn parts(date: &str) -> (&str, &'static str, &str) {
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (parts.next().unwrap_or_default(), parts.next(), parts.next().unwrap_or_default());
    let month = month.and_then(|month| month.parse::<usize>().ok()).and_then(|month| MONTHS.get(month.checked_sub(1)?));
    (year.trim_start_matches('0'), month.copied().unwrap_or_default(), day.trim_start_matches('0'))
}

fn date_words(date: &str) -> String {
    let (year, month, day) = parts(date);
    format!("{day} {month} {year}")
}

/// `in December 2024`, `on 3 December 2024`.
fn span(unit: &str, bin: &OverviewBin) -> String {
    let (year, month, _) = parts(&bin.from);
    match unit {
        "day" => format!("on {}", date_words(&bin.from)),
        "month" => format!("in {month} {year}"),
        "year" => format!("in {year}"),
        _ => format!("from {} to {}", date_words(&bin.from), date_words(&bin.to)),
    }
}

/// As it stands under a bar.
fn short(unit: &str, date: &str) -> String {
    let (year, month, day) = parts(date);
    let month = month.get(..3).unwrap_or(month);
    match unit {
        "day" | "week" => format!("{day} {month} {year}"),
        "month" => format!("{month} {year}"),
        _ => year.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use dateline::case::EventFilter;

    use super::super::events::Look;
    use super::*;

    fn bin(from: &str, to: &str, count: u64) -> OverviewBin {
        OverviewBin { from: from.to_owned(), to: to.to_owned(), count }
    }

    fn overview(unit: &'static str, bins: Vec<OverviewBin>) -> Overview {
        let dated = bins.iter().map(|bin| bin.count).sum();
        Overview { total: dated, dated, placed: 0, unit, bins, earlier: 0, later: 0, cells: Vec::new(), outside: 0 }
    }

    fn months() -> Overview {
        let bins =
            vec![bin("2024-11-01", "2024-11-30", 1), bin("2024-12-01", "2024-12-31", 312), bin("2025-01-01", "2025-01-31", 0)];
        overview("month", bins)
    }

    fn shown(overview: &Overview, asked: &str) -> String {
        let filter: EventFilter = serde_html_form::from_str(asked).unwrap();
        let look: Look = serde_html_form::from_str(asked).unwrap();
        let query = filter.query().unwrap();
        show(overview, (query.from, query.to), &Address { filter: &filter, look: &look }).into_string()
    }

    #[test]
    fn bars_are_named_and_lead_to_their_time() {
        let page = shown(&months(), "type=ASSAULT&sort=sources");
        assert!(page.contains("aria-label=\"312 events in December 2024\""), "{page}");
        assert!(page.contains("aria-label=\"1 event in November 2024\""), "{page}");
        assert!(
            !page.contains("in January 2025\" >") && !page.contains("0 events"),
            "a bar without events leads nowhere: {page}"
        );
        let to = "/events?type=ASSAULT&amp;from=2024-12-01&amp;to=2024-12-31&amp;sort=sources";
        assert!(page.contains(to), "{page}");
        assert!(!page.contains("class=\"brush\"") && !page.contains("Whole time"), "nothing is chosen: {page}");
        assert!(!page.contains("style="), "the policy forbids styles in the page");
    }

    #[test]
    fn what_is_chosen_is_seen_among_the_rest() {
        let page = shown(&months(), "from=2024-12");
        assert!(page.contains("class=\"brush\" x=\"33.333%\" width=\"66.667%\""), "{page}");
        assert!(
            page.contains("bin out\" data-from=\"2024-11-01\"") && page.contains("\"bin\" data-from=\"2024-12-01\""),
            "{page}"
        );
        assert!(page.contains("From 1 December 2024 on") && page.contains("href=\"/events\">Whole time"), "{page}");
        assert!(page.contains("closer=time"), "{page}");
        let before = shown(&months(), "to=2023");
        assert!(!before.contains("class=\"brush\"") && before.contains("Whole time"), "{before}");
    }

    #[test]
    fn spans_are_said_by_their_unit() {
        let week = bin("2024-12-02", "2024-12-08", 1);
        assert_eq!(span("day", &week), "on 2 December 2024");
        assert_eq!(span("week", &week), "from 2 December 2024 to 8 December 2024");
        assert_eq!(span("year", &week), "in 2024");
        assert_eq!(short("day", "2024-12-02"), "2 Dec 2024");
        assert_eq!(short("decade", "0980-01-01"), "980");
    }

    #[test]
    fn without_dates_nothing_is_drawn() {
        let page = shown(&overview("day", Vec::new()), "");
        assert!(page.contains("No date") && !page.contains("<svg"), "{page}");
    }
}
