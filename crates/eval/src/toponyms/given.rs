use dateline_gazetteer::{Context, Gazetteer, Query, says_within};

use super::decimal;
use super::gold::{Document, Toponym};

/// Where the marked names of a document are, by the gazetteer alone: a name after a comma or in brackets is what the one before it lies in.
pub(crate) fn resolve_given(gazetteer: &Gazetteer, document: &Document) -> Vec<Toponym> {
    let mut spans: Vec<_> = document.marked.iter().map(|(top, _)| top.span).collect();
    spans.sort_unstable();
    let names: Vec<String> = spans.iter().map(|&span| document.text.slice(span)).collect();
    let within = |i: usize| {
        let (this, next) = (spans.get(i)?, spans.get(i + 1)?);
        let between = (next.0 > this.1).then(|| document.text.slice((this.1, next.0)))?;
        says_within(&between).then(|| names.get(i + 1).map(String::as_str))?
    };
    let queries: Vec<Query<'_>> = names.iter().enumerate().map(|(i, name)| Query { name, container: within(i) }).collect();
    let found = gazetteer.resolve(&queries, &Context::default());
    let answer = |(span, resolution): (_, Option<dateline_gazetteer::Resolution>)| {
        let place = resolution.map(|resolution| resolution.place(gazetteer));
        Toponym {
            span,
            at: place.map(|place| (decimal(place.at.lat), decimal(place.at.lon))),
            geonames: place.and_then(|place| place.geonames).map(u64::from),
        }
    };
    spans.into_iter().zip(found).map(answer).collect()
}
