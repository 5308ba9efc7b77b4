//! Events: a list or a map, under a timeline, all over one filter that stands in the address.

use std::sync::Arc;

use dateline::case::{CaseEvent, EventFilter, Found, Overview};
use dateline::casebook::{EventQuery, MapView};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::{Section, event_line, filters, places, shell_with, shown, timeline};
use crate::Error;
use crate::asset::{MAP_SCRIPT, MAP_STYLE};
use crate::form::Asked;
use crate::question::{ORDER, events_query, overview};
use crate::visit::Visit;

/// Events on a page of the list.
const PAGE: usize = 30;
/// Events beside the map.
const BESIDE: usize = 10;

/// How events are looked at. It stands in the same query string as the filter, but is read by itself: lists don't go through a flattened
/// field.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    /// Order of the list.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) sort: String,
    /// `map`, or nothing for the list.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) view: String,
    /// `time`: the timeline shows the chosen time only.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) closer: String,
    /// Where the map is, `lat,lon,zoom`: scripts read and write it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) at: String,
    /// The place whose events stand beside the map: `Kursk,RUS`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) here: String,
    /// Where this page of the list begins.
    #[serde(skip_serializing_if = "String::is_empty")]
    after: String,
}

impl Look {
    pub(super) fn is_map(&self) -> bool {
        self.view == "map"
    }

    /// Name and country of the place whose events stand beside the map.
    fn place(&self) -> Option<(&str, Option<&str>)> {
        let (name, country) = self.here.rsplit_once(',').unwrap_or((&self.here, ""));
        (!name.trim().is_empty()).then_some((name.trim(), Some(country).filter(|country| !country.is_empty())))
    }
}

/// What stands in the address of the page.
pub(super) struct Address<'a> {
    pub(super) filter: &'a EventFilter,
    pub(super) look: &'a Look,
}

impl Address<'_> {
    /// The address with these changes; a page of a list starts anew.
    pub(super) fn with(&self, change: impl FnOnce(&mut EventFilter, &mut Look)) -> String {
        let (mut filter, mut look) = (self.filter.clone(), Look { after: String::new(), ..self.look.clone() });
        change(&mut filter, &mut look);
        Address { filter: &filter, look: &look }.text()
    }

    fn text(&self) -> String {
        // Texts and lists of texts: they can't fail to be written.
        let parts = [serde_html_form::to_string(self.filter), serde_html_form::to_string(self.look)];
        let asked: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        if asked.is_empty() { "/events".to_owned() } else { format!("/events?{}", asked.join("&")) }
    }
}

/// What the case says to all that the page shows.
struct Answers {
    events: Found<CaseEvent>,
    /// Over the time that the timeline shows.
    times: Arc<Overview>,
    /// Over the chosen time, for the map.
    places: Option<Arc<Overview>>,
}

pub(crate) async fn list(visit: Visit, Asked(filter): Asked<EventFilter>, Asked(look): Asked<Look>) -> Result<Markup, Error> {
    let after = (!look.after.is_empty()).then(|| look.after.clone());
    let query = events_query(&filter, &look.sort, if look.is_map() { BESIDE } else { PAGE }, after)?;
    let chosen = (query.from, query.to);
    let beside = match look.place().filter(|_| look.is_map()) {
        Some((name, country)) => {
            let narrowed = EventFilter { place: Some(name.to_owned()), ..filter.clone() };
            let country = country.map(str::to_owned).or_else(|| filter.country.clone());
            events_query(&EventFilter { country, ..narrowed }, &look.sort, BESIDE, None)?
        }
        None => query.clone(),
    };
    // The chosen time is shown among the rest, unless it is looked at closer.
    let whole = if look.closer == "time" { query.clone() } else { EventQuery { from: None, to: None, ..query.clone() } };
    let is_map = look.is_map();
    let desk = Arc::clone(&visit.desk);
    let answers = visit
        .ask(move |case| {
            let nothing = MapView { west: 0.0, south: 0.0, east: 0.0, north: 0.0, zoom: 0 };
            let same = whole.from == query.from && whole.to == query.to;
            let times = overview(&desk, case, &whole, if is_map && same { places::EVERY } else { nothing })?;
            let places = match (is_map, same) {
                (false, _) => None,
                (true, true) => Some(Arc::clone(&times)),
                (true, false) => Some(overview(&desk, case, &query, places::EVERY)?),
            };
            Ok(Answers { events: case.events(&beside)?, times, places })
        })
        .await?;
    let address = Address { filter: &filter, look: &look };
    let asked = serde_html_form::to_string(&filter).map_err(|_| Error::Internal)?;
    let order = if look.sort.is_empty() { ORDER } else { &look.sort };
    let links = html! {
        p #exported { a href={ "/review?" (asked) "&sort=" (order) } { "Review these" } " · " a href={ "/export?" (asked) } { "Export these" } }
    };
    Ok(shell_with(
        &visit,
        "Events",
        Some(Section::Events),
        &[&MAP_STYLE, &MAP_SCRIPT],
        html! {
            h1 { "Events" }
            // Beside the map the form would push what it narrows off the screen.
            details class="asked" open[!look.is_map()] {
                summary { "Which events " code #asked dir="auto" { (shown(&filter.words())) } }
                (filters::form(&address, order))
            }
            section #timeline aria-label="When" {
                div #bars { (timeline::show(&answers.times, chosen, &address)) }
            }
            nav #tabs class="tabs" aria-label="List or map" {
                @for (view, name) in [("", "List"), ("map", "Map")] {
                    @let to = address.with(|_, look| { look.view = view.to_owned(); look.here.clear(); });
                    a href=(to) aria-current=[(look.is_map() == (view == "map")).then_some("page")] { (name) }
                }
            }
            @if let Some(placed) = &answers.places {
                div class="asked-for" { (total(placed.total, true, &filter)) (links) }
                div class="beside" {
                    (places::map(&visit, placed))
                    div #result { (panel(&answers.events, &address)) }
                }
                div #places { (places::table(placed, &address)) }
            } @else {
                div class="asked-for" {
                    @match answers.events.total {
                        Some(number) => { (total(number, answers.events.total_is_exact, &filter)) }
                        None => { p #total class="total" role="status" {} }
                    }
                    (links)
                }
                div #result { (rows(&answers.events, &address)) }
            }
        },
    ))
}

fn total(number: u64, is_exact: bool, filter: &EventFilter) -> Markup {
    html! {
        p #total class="total" role="status" {
            @match number {
                0 => { "No event is as you ask." @if !filter.all { " What is only planned, asked for or rejected is not shown unless you ask for all." } }
                1 => { "1 event" }
                number => { @if !is_exact { "more than " } (number) " events" }
            }
        }
    }
}

/// A page of the list.
fn rows(found: &Found<CaseEvent>, address: &Address) -> Markup {
    html! {
        ol class="events" { @for event in &found.rows { li { (event_line(event)) } } }
        @if let Some(next) = &found.next {
            nav aria-label="Pages" { a class="next" rel="next" href=(address.with(|_, look| look.after = next.clone())) { "Next page" } }
        }
    }
}

/// The first events of the place that was chosen on the map, or of all.
fn panel(found: &Found<CaseEvent>, address: &Address) -> Markup {
    let place = address.look.place();
    let all = address.with(|filter, look| {
        look.view.clear();
        if let Some((name, country)) = place {
            filter.place = Some(name.to_owned());
            filter.country = country.map(str::to_owned).or_else(|| filter.country.take());
        }
        look.here.clear();
    });
    html! {
        h2 #panel tabindex="-1" {
            @match place {
                Some((name, _)) => { bdi { (shown(name)) } }
                None => { "Events" }
            }
        }
        p class="do" {
            a href=(all) { "All in the list" }
            @if place.is_some() { a class="wider" href=(address.with(|_, look| look.here.clear())) { "Of all places" } }
        }
        ol class="events" { @for event in &found.rows { li { (event_line(event)) } } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_what_is_asked_for() {
        let filter: EventFilter = serde_html_form::from_str("type=ASSAULT&type=COERCE&from=2024&text=a%26b").unwrap();
        let look: Look = serde_html_form::from_str("sort=sources&view=map&at=1,2,3&after=x").unwrap();
        let address = Address { filter: &filter, look: &look };
        let wider = address.with(|filter, look| {
            filter.from = None;
            look.view.clear();
        });
        assert_eq!(wider, "/events?type=ASSAULT&type=COERCE&text=a%26b&sort=sources&at=1%2C2%2C3");
        let none = Address { filter: &EventFilter::default(), look: &Look::default() };
        assert_eq!(none.with(|_, _| ()), "/events");
    }

    #[test]
    fn a_place_beside_the_map_has_a_name_and_perhaps_a_country() {
        let place = |here: &str| {
            let look = Look { here: here.to_owned(), ..Look::default() };
            look.place().map(|(name, country)| (name.to_owned(), country.map(str::to_owned)))
        };
        assert_eq!(place("Kursk,RUS"), Some(("Kursk".to_owned(), Some("RUS".to_owned()))));
        assert_eq!(place("Washington, D.C.,USA"), Some(("Washington, D.C.".to_owned(), Some("USA".to_owned()))));
        assert_eq!(place("Kursk,"), Some(("Kursk".to_owned(), None)));
        assert_eq!(place(""), None);
    }
}
