//! Overviews that were asked for lately: timeline and map of the same events are on many pages and cost a walk over all that match.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dateline::case::{Case, Overview};
use dateline::casebook::{EventQuery, MapView};

use crate::Error;

/// Overviews that are kept.
const KEPT: usize = 64;
/// While reports come in by the second, counts may be so old.
const FRESH: Duration = Duration::from_secs(2);
/// And so old where nothing was recorded since.
const LONGEST: Duration = Duration::from_secs(60);

#[derive(Debug)]
struct Kept {
    asked: String,
    head: u64,
    at: Instant,
    overview: Arc<Overview>,
}

/// What is kept, the newest first.
#[derive(Debug, Default)]
pub(crate) struct Overviews(Mutex<VecDeque<Kept>>);

impl Overviews {
    /// The overview of a case, counted anew unless it was lately.
    pub(crate) fn of(&self, case: &Case, query: &EventQuery, view: MapView) -> Result<Arc<Overview>, Error> {
        let head = case.head()?.seq;
        let asked = format!("{view:?} {:?}", EventQuery { after: None, limit: 0, ..query.clone() });
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let age = |one: &Kept| one.at.elapsed();
        let fresh = |one: &&Kept| one.asked == asked && (age(one) < FRESH || (one.head == head && age(one) < LONGEST));
        if let Some(one) = kept().iter().find(fresh) {
            return Ok(Arc::clone(&one.overview));
        }
        let at = Instant::now();
        let overview = Arc::new(case.overview(query, view)?);
        let mut kept = kept();
        kept.retain(|one| one.asked != asked && one.at.elapsed() < LONGEST);
        kept.truncate(KEPT - 1);
        kept.push_front(Kept { asked, head, at, overview: Arc::clone(&overview) });
        Ok(overview)
    }
}
