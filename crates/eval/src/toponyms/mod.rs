//! Place names: found in the text, and where they are.
//!
//! Distances are great-circle kilometres on a sphere. The area under the error curve is that of Gritta, Pilehvar and Collier
//! (2019): under ln(error + 1), errors sorted, by trapezoids, divided by ln(20039) (n − 1); 0 is perfect.

mod given;
pub(crate) mod gold;

use std::collections::{BTreeMap, HashMap, HashSet};

use dateline_record::{EntityKind, Reading};

use crate::figures::{Mistake, Scored, Unit};
use crate::matching::precision_recall_f1;
use crate::text::{Span, Text, is_space, overlap};
pub(crate) use given::resolve_given;
use gold::{Document, Group, Toponym};

/// The largest possible error, in kilometres: half of the Earth's circumference.
const FAR: f64 = 20039.0;
/// A hundred miles, in kilometres: nearer is right.
const NEAR: f64 = 161.0;

fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (la, lo, lb, lp) = (a.0.to_radians(), a.1.to_radians(), b.0.to_radians(), b.1.to_radians());
    let h = ((lb - la) / 2.0).sin().powi(2) + la.cos() * lb.cos() * ((lp - lo) / 2.0).sin().powi(2);
    2.0 * 6371.009 * h.sqrt().min(1.0).asin()
}

fn auc(errors: &[f64]) -> Option<f64> {
    let mut logs: Vec<f64> = errors.iter().map(|error| (error.min(FAR) + 1.0).ln()).collect();
    logs.sort_by(f64::total_cmp);
    match logs[..] {
        [] => None,
        [one] => Some(one / FAR.ln()),
        _ => Some(logs.windows(2).map(|pair| pair.iter().sum::<f64>() / 2.0).sum::<f64>() / (FAR.ln() * (logs.len() - 1) as f64)),
    }
}

/// Where a name begins after a leading article; none when the mention is no name.
fn name_start(mention: &[char]) -> Option<usize> {
    const ARTICLES: [&str; 13] = ["the", "a", "an", "this", "that", "these", "those", "its", "their", "our", "his", "her", "my"];
    const PRONOUNS: [&str; 15] =
        ["it", "its", "there", "here", "they", "them", "this", "that", "these", "those", "which", "where", "who", "we", "us"];
    let whole: String = mention.iter().collect();
    let word = mention.iter().take_while(|c| !is_space(**c)).count();
    let first: String = mention.iter().take(word).collect();
    let spaces = mention.iter().skip(word).take_while(|c| is_space(**c)).count();
    let cut = if word > 0 && spaces > 0 && ARTICLES.contains(&first.to_lowercase().as_str()) { word + spaces } else { 0 };
    let is_upper = mention.iter().any(|c| c.is_uppercase()) && !mention.iter().any(|c| c.is_lowercase());
    if PRONOUNS.contains(&whole.to_lowercase().trim()) && !is_upper {
        return None;
    }
    mention.iter().skip(cut).any(|c| c.is_uppercase() || c.is_numeric()).then_some(cut)
}

/// The decimal number that a coordinate is written as.
fn decimal(degrees: f32) -> f64 {
    degrees.to_string().parse().unwrap_or_else(|_| f64::from(degrees))
}

/// The place names of a reading: every mention of a place that is a name, without its article.
pub(crate) fn of_reading(reading: &Reading, text: &Text) -> Vec<Toponym> {
    let mut found: BTreeMap<Span, Toponym> = BTreeMap::new();
    for place in reading.entities.iter().filter(|entity| entity.kind == EntityKind::Place) {
        let at = place.lat.zip(place.lon).map(|(lat, lon)| (decimal(lat), decimal(lon)));
        for mention in &place.mentions {
            let Some(cut) = name_start(text.chars((mention.start(), mention.end()))) else { continue };
            let span = (mention.start() + cut, mention.end());
            if found.get(&span).is_none_or(|other| other.at.is_none() && at.is_some()) {
                found.insert(span, Toponym { span, at, geonames: place.geonames.map(u64::from) });
            }
        }
    }
    found.into_values().collect()
}

/// Pairs of indexes, one to one: same spans first, then those that share most.
fn pair_up(marked: &[&Toponym], found: &[Toponym], loosely: bool) -> Vec<(usize, usize)> {
    let at: HashMap<Span, usize> = marked.iter().enumerate().map(|(i, top)| (top.span, i)).collect();
    let mut pairs: Vec<(usize, usize)> = found.iter().enumerate().filter_map(|(j, top)| Some((*at.get(&top.span)?, j))).collect();
    if loosely {
        let (mut used, mut taken): (HashSet<usize>, HashSet<usize>) = pairs.iter().copied().unzip();
        let mut rest = Vec::new();
        for (i, a) in marked.iter().enumerate().filter(|(i, _)| !used.contains(i)) {
            for (j, b) in found.iter().enumerate().filter(|(j, _)| !taken.contains(j)) {
                let shared = a.span.1.min(b.span.1).saturating_sub(a.span.0.max(b.span.0));
                if shared > 0 {
                    rest.push((std::cmp::Reverse(shared), i, j));
                }
            }
        }
        rest.sort_unstable();
        for (_, i, j) in rest {
            if !used.contains(&i) && !taken.contains(&j) {
                used.insert(i);
                taken.insert(j);
                pairs.push((i, j));
            }
        }
    }
    pairs
}

/// How far answers are from where the places are; an answer without a place is as far as can be.
fn add_distances(out: &mut Scored, section: &str, pairs: &[(&Toponym, Option<&Toponym>)]) {
    let errors: Vec<Option<f64>> =
        pairs.iter().map(|(marked, answer)| Some(km(marked.at?, answer.and_then(|answer| answer.at)?))).collect();
    let mut known: Vec<f64> = errors.iter().flatten().copied().collect();
    known.sort_by(f64::total_cmp);
    let near = known.iter().filter(|&&error| error <= NEAR).count() as f64;
    let of = |count: usize| (count > 0).then(|| near / count as f64);
    let median = match (known.get(known.len() / 2), known.len() % 2) {
        (Some(&middle), 1) => Some(middle),
        (Some(&middle), _) => known.get(known.len() / 2 - 1).map(|before| (before + middle) / 2.0),
        (None, _) => None,
    };
    let all: Vec<f64> = errors.iter().map(|error| error.unwrap_or(FAR)).collect();
    let ids: Vec<bool> = pairs
        .iter()
        .filter_map(|(marked, answer)| Some(marked.geonames? == answer.and_then(|answer| answer.geonames)?))
        .collect();
    let same = (!ids.is_empty()).then(|| ids.iter().filter(|same| **same).count() as f64 / ids.len() as f64);
    out.add(section, "accuracy@161km", Unit::Share, of(pairs.len()));
    out.add(section, "accuracy@161km of answered", Unit::Share, of(known.len()));
    out.add(section, "mean", Unit::Kilometres, (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64));
    out.add(section, "median", Unit::Kilometres, median);
    out.add(section, "AUC", Unit::Error, auc(&all));
    out.add(section, "AUC of answered", Unit::Error, auc(&known));
    out.add(section, "same geonameid", Unit::Share, same);
}

/// Where each document's found place names are; none for a document that was not read.
pub(crate) type Answers = HashMap<String, Vec<Toponym>>;

fn mistake(document: &Document, kind: &'static str, marked: &Toponym, answer: Option<&Toponym>) -> Mistake {
    let at =
        |top: Option<&Toponym>| top.and_then(|top| top.at).map_or("nowhere".to_owned(), |(lat, lon)| format!("{lat}, {lon}"));
    let off = answer.and_then(|answer| Some(km(marked.at?, answer.at?)));
    let side = if kind == "spurious" { "found" } else { "marked" };
    let mut details = vec![format!("{side} {}", at(Some(marked)))];
    if let Some(answer) = answer {
        let off = off.map_or(String::new(), |off| format!(", {off:.0} km off"));
        let words = document.text.slice(answer.span);
        details.push(format!("found {words:?} at {} (GeoNames {:?}){off}", at(Some(answer)), answer.geonames));
    }
    Mistake {
        document: document.name.clone(),
        kind,
        what: document.text.slice(marked.span),
        text: document.text.around(marked.span),
        details,
        why: Vec::new(),
    }
}

/// Scores recognition and resolution together; adjectives are left out.
pub(crate) fn score_found(out: &mut Scored, part: &str, documents: &[Document], answers: &Answers) {
    let (mut exact, mut loose, mut marked, mut predicted, mut ignored) = (0, 0, 0, 0, 0);
    let (mut right, mut located, mut places) = (0, 0, 0);
    let mut pairs = Vec::new();
    let (mut wrong, mut missed, mut spurious) = (Vec::new(), Vec::new(), Vec::new());
    for document in documents {
        let wanted = |group: Group| !matches!(group, Group::Other | Group::Adjective);
        let keep: Vec<&Toponym> = document.marked.iter().filter(|(_, group)| wanted(*group)).map(|(top, _)| top).collect();
        let left: Vec<&Toponym> = document.marked.iter().filter(|(_, group)| !wanted(*group)).map(|(top, _)| top).collect();
        let mine = answers.get(&document.name).map_or(&[][..], Vec::as_slice);
        let touches = |some: &[&Toponym], top: &Toponym| some.iter().any(|other| overlap(other.span, top.span));
        let both = pair_up(&keep, mine, true);
        let hit: HashSet<usize> = both.iter().map(|(_, j)| *j).collect();
        let passed = |j: usize, top: &Toponym| !hit.contains(&j) && touches(&left, top) && !touches(&keep, top);
        let homeless: HashSet<usize> =
            both.iter().filter(|(i, _)| keep.get(*i).is_some_and(|top| top.at.is_none())).map(|(_, j)| *j).collect();
        exact += pair_up(&keep, mine, false).len();
        loose += both.len();
        marked += keep.len();
        places += keep.iter().filter(|top| top.at.is_some()).count();
        for (j, top) in mine.iter().enumerate() {
            if passed(j, top) {
                ignored += 1;
                continue;
            }
            predicted += 1;
            located += usize::from(top.at.is_some() && !homeless.contains(&j));
            if !hit.contains(&j) {
                spurious.push(mistake(document, "spurious", top, None));
            }
        }
        for &(i, j) in &both {
            let (Some(&gold), Some(answer)) = (keep.get(i), mine.get(j)) else { continue };
            let Some(at) = gold.at else { continue };
            pairs.push((gold, Some(answer)));
            let off = answer.at.map_or(FAR, |answer| km(at, answer));
            right += usize::from(off <= NEAR);
            if off > NEAR {
                wrong.push(mistake(document, "wrong", gold, Some(answer)));
            }
        }
        let found: HashSet<usize> = both.iter().map(|(i, _)| *i).collect();
        missed.extend(
            keep.iter().enumerate().filter(|(i, _)| !found.contains(i)).map(|(_, top)| mistake(document, "missed", top, None)),
        );
    }
    out.notes.push(format!(
        "{part}: {} documents; place names: {marked} marked, {predicted} found (and {ignored} not counted); {} found that have coordinates",
        documents.len(),
        pairs.len()
    ));
    let section = format!("{part}, from text");
    out.shares(&section, "recognition, exact", precision_recall_f1(exact, predicted, marked));
    out.shares(&section, "recognition, overlap", precision_recall_f1(loose, predicted, marked));
    out.shares(&section, "end to end @161km", precision_recall_f1(right, located, places));
    add_distances(out, &section, &pairs);
    out.mistakes.extend(wrong);
    out.mistakes.extend(missed);
    out.mistakes.extend(spurious);
}

/// Scores answers to marked spans; adjectives count too.
pub(crate) fn score_given(out: &mut Scored, part: &str, documents: &[Document], answers: &Answers) {
    let mut pairs = Vec::new();
    for document in documents {
        let mine: HashMap<Span, &Toponym> =
            answers.get(&document.name).map_or(&[][..], Vec::as_slice).iter().map(|top| (top.span, top)).collect();
        for (top, _) in document.marked.iter().filter(|(top, group)| *group != Group::Other && top.at.is_some()) {
            let answer = mine.get(&top.span).copied();
            pairs.push((top, answer));
            let off = top.at.zip(answer.and_then(|answer| answer.at)).map_or(FAR, |(a, b)| km(a, b));
            if off > NEAR {
                let mut mistake = mistake(document, "wrong", top, answer);
                mistake.what.push_str(" (span given)");
                out.mistakes.push(mistake);
            }
        }
    }
    add_distances(out, &format!("{part}, spans given"), &pairs);
}

#[cfg(test)]
mod tests;
