//! Names of protected persons are taken out before anything is written.

use crate::event::{Event, Party};

/// What stands in place of the name of a protected person.
pub const WITHHELD: &str = "name withheld";

/// The event without the names of protected persons.
///
/// A protected person's name becomes a description of sector and country. Wherever the full name stands in another text of the event, in any
/// case and with any separators between its words, it is replaced; a web address that holds it is left out. Parts of a name (a surname
/// alone) are the caller's to mask.
pub(crate) fn withheld(event: &Event) -> Event {
    let mut event = event.clone();
    let mut names: Vec<Vec<String>> = Vec::new();
    let speakers = event.claims.iter_mut().flat_map(|claim| &mut claim.attribution).filter_map(|speaker| speaker.who.as_mut());
    for party in event.actors.iter_mut().chain(&mut event.recipients).chain(speakers).filter(|party| is_withheld(party)) {
        let name = words(&party.name).map(|(_, _, word)| word).collect::<Vec<_>>();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
        party.name = description(party);
    }
    // Longest first, so that the whole of a name goes before one that is a part of it.
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mask = |text: &mut String| {
        for name in &names {
            if let Some(masked) = masked(text, name) {
                *text = masked;
            }
        }
    };
    each_text(&mut event, &mask);
    for report in &mut event.reports {
        for address in [&mut report.url, &mut report.archived] {
            if address.as_ref().is_some_and(|text| names.iter().any(|name| masked(text, name).is_some())) {
                *address = None;
            }
        }
    }
    event
}

/// Whether a party's name may not be written.
fn is_withheld(party: &Party) -> bool {
    party.person && party.protected
}

/// True when some name of the event may not be written.
pub(crate) fn has_withheld(event: &Event) -> bool {
    let speakers = event.claims.iter().flat_map(|claim| &claim.attribution).filter_map(|speaker| speaker.who.as_ref());
    event.actors.iter().chain(&event.recipients).chain(speakers).any(is_withheld)
}

fn description(party: &Party) -> String {
    let known: Vec<&str> = [party.sector.map(|sector| sector.as_str()), party.country.as_ref().map(|country| country.as_str())]
        .into_iter()
        .flatten()
        .collect();
    if known.is_empty() { WITHHELD.to_owned() } else { format!("{WITHHELD} ({})", known.join(", ")) }
}

/// Every text of an event that a person wrote or that was read from one.
fn each_text(event: &mut Event, mask: &impl Fn(&mut String)) {
    mask(&mut event.summary);
    for party in event.actors.iter_mut().chain(&mut event.recipients).filter(|party| !is_withheld(party)) {
        mask(&mut party.name);
    }
    for place in &mut event.places {
        mask(&mut place.name);
        place.admin1.iter_mut().for_each(mask);
    }
    event.grade.reasons.iter_mut().for_each(mask);
    for origin in &mut event.origins {
        mask(&mut origin.name);
    }
    for dispute in &mut event.disputed {
        mask(&mut dispute.field);
    }
    let counted = event.counts.iter_mut().flat_map(|count| &mut count.values);
    for value in event.disputed.iter_mut().flat_map(|dispute| &mut dispute.values).chain(counted) {
        mask(&mut value.value);
        value.origins.iter_mut().for_each(mask);
    }
    for claim in &mut event.claims {
        for text in [&mut claim.trigger, &mut claim.quote.exact, &mut claim.quote.prefix, &mut claim.quote.suffix] {
            mask(text);
        }
        claim.evidence.iter_mut().for_each(mask);
        for who in claim.attribution.iter_mut().filter_map(|speaker| speaker.who.as_mut()).filter(|who| !is_withheld(who)) {
            mask(&mut who.name);
        }
    }
    for report in &mut event.reports {
        for text in [&mut report.source, &mut report.title, &mut report.author].into_iter().flatten() {
            mask(text);
        }
    }
    if let Some(review) = &mut event.reviewed {
        mask(&mut review.decision);
    }
}

/// The words of a text in lower case, with where they start and end in bytes.
fn words(text: &str) -> impl Iterator<Item = (usize, usize, String)> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, _) = rest.find(|(_, letter)| letter.is_alphanumeric())?;
        let mut end = start + text.get(start..)?.chars().next()?.len_utf8();
        while let Some((at, letter)) = rest.next_if(|(_, letter)| letter.is_alphanumeric()) {
            end = at + letter.len_utf8();
        }
        Some((start, end, text.get(start..end)?.to_lowercase()))
    })
}

/// The text with every run of words that is the name replaced; none when it holds no such run.
fn masked(text: &str, name: &[String]) -> Option<String> {
    let words: Vec<(usize, usize, String)> = words(text).collect();
    let mut out = String::new();
    let (mut from, mut at) = (0, 0);
    while let Some(run) = words.get(at..at + name.len()) {
        let is_name = run.iter().map(|(_, _, word)| word).eq(name);
        match (run.first(), run.last()) {
            (Some(first), Some(last)) if is_name => {
                out.push_str(text.get(from..first.0)?);
                out.push_str(WITHHELD);
                from = last.1;
                at += name.len();
            }
            _ => at += 1,
        }
    }
    if from == 0 {
        return None;
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mask(text: &str, name: &str) -> Option<String> {
        masked(text, &words(name).map(|(_, _, word)| word).collect::<Vec<_>>())
    }

    #[test]
    fn names_go_in_any_dress() {
        assert_eq!(mask("Ola Sample-Person, a soldier", "Ola Sample Person").as_deref(), Some("name withheld, a soldier"));
        assert_eq!(mask("news/ola-sample-person-held", "Ola Sample Person").as_deref(), Some("news/name withheld-held"));
        assert_eq!(mask("OLA SAMPLE PERSON", "Ola Sample Person").as_deref(), Some("name withheld"));
        assert_eq!(mask("Ola Samples", "Ola Sample"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_masked(before in ".{0,12}", name in "[A-Za-zÀ-ž]{3,8} [A-Za-zÀ-ž]{3,8}", after in ".{0,12}") {
            let masked = mask(&format!("{before} {name} {after}"), &name).unwrap();
            prop_assert!(masked.contains(WITHHELD) && !masked.contains(&name));
        }
    }
}
