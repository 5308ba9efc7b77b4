//! Lists of events as pages and programs ask for them.

use std::sync::Arc;

use dateline::case::{Case, EventFilter, Overview, event_sort};
use dateline::casebook::{EventQuery, MapView};

use crate::{Desk, Error};

/// The order of a list where none is asked for.
pub(crate) const ORDER: &str = "date";

/// What is asked of the case: a filter, an order by its name (empty for [`ORDER`]), how many rows, after which.
///
/// # Errors
/// When a condition can't be, or there is no such order.
pub(crate) fn events_query(filter: &EventFilter, order: &str, limit: usize, after: Option<String>) -> Result<EventQuery, Error> {
    let order = if order.is_empty() { ORDER } else { order };
    let sort = event_sort(order).ok_or_else(|| Error::Asked(format!("`{order}` is no order of events")))?;
    Ok(EventQuery { sort, limit, after, count: true, ..filter.query()? })
}

/// Events that match, by when and where, as they were counted lately.
pub(crate) fn overview(desk: &Desk, case: &Case, query: &EventQuery, view: MapView) -> Result<Arc<Overview>, Error> {
    let asked = format!("{view:?} {:?}", EventQuery { after: None, limit: 0, ..query.clone() });
    desk.overviews.of(case, asked, || Ok(case.overview(query, view)?))
}
