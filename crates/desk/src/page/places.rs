//! Where events happened: what the map needs, and the same as a table.

use dateline::case::{Overview, OverviewCell};
use dateline::casebook::MapView;
use maud::{Markup, html};

use super::events::Address;
use super::{counted, shown};
use crate::asset::WORLD;
use crate::visit::Visit;

/// The whole world, so close that nearly every place stands for itself.
pub(super) const EVERY: MapView = MapView { west: -180.0, south: -90.0, east: 180.0, north: 90.0, zoom: 12 };
/// Places in the table.
const ROWS: usize = 40;

/// The map, which scripts draw.
pub(super) fn map(visit: &Visit, overview: &Overview) -> Markup {
    let tiles = visit.desk.tiles();
    html! {
        div #mapped data-world=(WORLD.path()) data-bounds=[bounds(&overview.cells)]
            data-tiles=[tiles.map(|tiles| tiles.url())] data-credit=[tiles.map(|tiles| tiles.credit())] {
            noscript { p { "The map needs scripts. The places stand in the table below." } }
            p class="note" {
                "Events stand at settlements, no finer. Borders are drawn as Natural Earth has them, which is who holds the ground; the desk takes \
                 no side. "
                a href="/assets/map-licences.txt" { "Licences of the map" }
            }
        }
    }
}

/// What all of it covers: `west,south,east,north`.
fn bounds(cells: &[OverviewCell]) -> Option<String> {
    let all = cells
        .iter()
        .map(|cell| cell.bbox)
        .reduce(|all, cell| [all[0].min(cell[0]), all[1].min(cell[1]), all[2].max(cell[2]), all[3].max(cell[3])])?;
    Some(all.map(|degrees| format!("{degrees:.3}")).join(","))
}

/// Places with most events, each with the way to its events in the list.
pub(super) fn table(overview: &Overview, address: &Address) -> Markup {
    let unplaced = overview.total.saturating_sub(overview.placed);
    let (one, several): (Vec<_>, Vec<_>) = overview.cells.iter().partition(|cell| cell.place.is_some());
    let rows = one.len().min(ROWS);
    let rest = one.iter().skip(rows).map(|cell| cell.count).sum::<u64>() + several.iter().map(|cell| cell.count).sum::<u64>();
    html! {
        h2 { "Places" }
        @if rows > 0 {
            table class="places" {
                thead { tr { th scope="col" { "Place" } th scope="col" { "Country" } th scope="col" class="number" { "Events" } } }
                tbody {
                    @for cell in one.iter().take(rows) {
                        @if let Some(place) = &cell.place {
                            @let list = address.with(|filter, look| {
                                filter.place = Some(place.name.clone());
                                filter.country = place.country.clone().or_else(|| filter.country.take());
                                look.view.clear();
                                look.here.clear();
                            });
                            tr {
                                th scope="row" { a href=(list) dir="auto" { (shown(&place.name)) } }
                                td { (place.country.as_deref().map(shown).unwrap_or_default()) }
                                td class="number" { (cell.count) }
                            }
                        }
                    }
                }
            }
        }
        @if rest > 0 { p class="note" { (counted(rest, "event")) " elsewhere." } }
        @if unplaced > 0 { p class="note" { (counted(unplaced, "event")) " without a place that is known." } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_all_cells() {
        let cell = |bbox| OverviewCell { count: 1, lat: 0.0, lon: 0.0, places: 1, place: None, event: None, bbox };
        assert_eq!(bounds(&[]), None);
        let cells = [cell([30.0, 50.0, 30.5, 50.5]), cell([36.2, 46.0, 36.2, 46.0])];
        assert_eq!(bounds(&cells).unwrap(), "30.000,46.000,36.200,50.500");
    }
}
