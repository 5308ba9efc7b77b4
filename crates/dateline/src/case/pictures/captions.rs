//! Whether captions of one picture name different places.
//!
//! No parse is made for a caption: it is short, and asked for whenever a picture is looked at. A place counts where the gazetteer knows the
//! name, *in*, *near* or the like stands right before it, and the gazetteer is sure which place is meant.

use std::collections::BTreeMap;

use dateline_gazetteer::{Gazetteer, Place, PlaceKind, Query};

use super::page::PictureSighting;

/// Words before the name of where something is.
const BEFORE: [&str; 6] = ["in", "near", "outside", "around", "at", "within"];
/// Least share of belief of the place that a name is taken for: more than all others together. A town and the province that is named after it
/// share what there is.
const SURE: f32 = 0.5;
/// Settlements that lie closer than this may be one place, in kilometres: a caption names the next large town as often as not.
const APART_KM: f64 = 100.0;

/// Words and single marks of a text, each with where it begins and ends in bytes.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let mut tokens: Vec<(usize, usize)> = Vec::new();
    let mut in_word = false;
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        let word = character.is_alphanumeric();
        match tokens.last_mut() {
            Some(last) if word && in_word => last.1 = end,
            _ if !character.is_whitespace() => tokens.push((at, end)),
            _ => {}
        }
        in_word = word;
    }
    tokens
}

/// Places that a caption says something is in or near.
fn places(caption: &str, gazetteer: &Gazetteer) -> Vec<Place> {
    let tokens = tokens(caption);
    let words: Vec<&str> = tokens.iter().filter_map(|&(from, to)| caption.get(from..to)).collect();
    let mut names: Vec<&str> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if !BEFORE.contains(&word.to_lowercase().as_str()) {
            continue;
        }
        // *in Kharkiv, Ukraine* names two.
        let mut from = at + 1;
        while let Some(found) = words.get(from..).and_then(|rest| gazetteer.longest_match(rest)) {
            let (first, last) = (tokens.get(from), tokens.get(from + found.words - 1));
            if let (Some(first), Some(last)) = (first, last) {
                names.extend(caption.get(first.0..last.1));
            }
            from += found.words;
            if words.get(from) != Some(&",") {
                break;
            }
            from += 1;
        }
    }
    let queries: Vec<Query<'_>> = names.iter().map(|name| Query::new(name)).collect();
    let found = gazetteer.resolve(&queries, &dateline_gazetteer::Context::default());
    let sure = found.into_iter().flatten().filter(|found| found.confidence >= SURE);
    sure.filter_map(|found| gazetteer.place(found.place)).filter(|place| place.country.is_some()).collect()
}

/// Whether two places can't be one: of different countries, or settlements far apart.
fn differ(gazetteer: &Gazetteer, one: &Place, two: &Place) -> bool {
    let settled = |place: &Place| place.kind == PlaceKind::Settlement;
    one.country != two.country
        || settled(one) && settled(two) && gazetteer.distance_km(one.id, two.id).is_some_and(|km| km > APART_KM)
}

/// Who names which places in captions of a picture, in words, where two of them can't both be right. `who` names a sighting.
pub(super) fn differing(sightings: &[PictureSighting], who: impl Fn(&PictureSighting) -> String) -> Option<String> {
    let gazetteer = Gazetteer::embedded();
    let mut told: Vec<(String, Vec<Place>)> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for sighting in sightings {
        let found: Vec<Place> =
            [&sighting.caption, &sighting.alt].into_iter().flatten().flat_map(|caption| places(caption, gazetteer)).collect();
        if found.is_empty() {
            continue;
        }
        let at = *known.entry(who(sighting)).or_insert_with_key(|name| {
            told.push((name.clone(), Vec::new()));
            told.len() - 1
        });
        if let Some((_, places)) = told.get_mut(at) {
            for place in found {
                if places.iter().all(|known| known.id != place.id) {
                    places.push(place);
                }
            }
        }
    }
    let apart = |one: &[Place], two: &[Place]| one.iter().all(|one| two.iter().all(|two| differ(gazetteer, one, two)));
    let differs = told.iter().enumerate().any(|(nth, (_, one))| told.iter().skip(nth + 1).any(|(_, two)| apart(one, two)));
    let named = |place: &Place| match place.country {
        Some(country) if place.kind != PlaceKind::Country => format!("{} ({country})", place.name),
        _ => place.name.to_owned(),
    };
    differs.then(|| {
        let told = told.iter().map(|(name, places)| {
            let places: Vec<String> = places.iter().map(named).collect();
            format!("{name}: {}", places.join(", "))
        });
        told.collect::<Vec<_>>().join("; ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(caption: &str) -> Vec<&'static str> {
        places(caption, Gazetteer::embedded()).into_iter().map(|place| place.name).collect()
    }

    #[test]
    fn a_place_is_named_where_something_is_in_or_near_it() {
        assert_eq!(names("A bridge in Aleppo after the shelling."), ["Aleppo"]);
        assert_eq!(names("Smoke near Kharkiv, Ukraine, on Friday"), ["Kharkiv", "Ukraine"]);
        assert_eq!(names("IN KYIV’S CENTRE"), ["Kyiv"]);
        for caption in ["Aleppo governor Sample visits", "in the morning", "A photo by John Sumy", "in", "at dawn, Reading", ""] {
            assert_eq!(names(caption), [""; 0], "{caption}");
        }
    }

    #[test]
    fn places_differ_by_country_or_by_far() {
        let gazetteer = Gazetteer::embedded();
        let one = |caption: &str| places(caption, gazetteer).into_iter().next().unwrap();
        let differs = |a: &str, b: &str| differ(gazetteer, &one(a), &one(b));
        assert!(differs("in Aleppo", "in Kharkiv") && differs("in Kharkiv", "in Odesa"));
        assert!(!differs("in Kharkiv", "in Ukraine") && !differs("in Kharkiv", "near Kharkiv"));
    }

    proptest::proptest! {
        #[test]
        fn any_caption_is_read(caption: String, names in "(in |near )?[A-Z][a-zé’ ,-]{0,30}") {
            let gazetteer = Gazetteer::embedded();
            let _ = (places(&caption, gazetteer), places(&names, gazetteer));
        }
    }
}
