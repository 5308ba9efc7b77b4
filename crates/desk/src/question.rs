//! Lists of events as pages and programs ask for them.

use dateline::case::{EventFilter, event_sort};
use dateline::casebook::EventQuery;

use crate::Error;

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
