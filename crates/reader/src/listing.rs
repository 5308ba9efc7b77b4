//! What the text names besides entities and claims: every time, count, people and document.
//!
//! The reader's own stages come first; what the recogniser sees and they do not is listed with its words and without a value.

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{EntityKind, People, Quantity, QuantityRole, Span, TimeValue};

use crate::assembly::Stages;
use crate::mentions::Count;
use crate::numbers::{cardinal, scale};

/// All times, in text order.
pub(crate) fn times(stages: &Stages<'_>, span: &impl Fn(TokenRange) -> Option<Span>) -> Vec<TimeValue> {
    let Stages { doc, mentions, .. } = *stages;
    let mut found: Vec<(TokenRange, Option<usize>)> =
        mentions.times.iter().enumerate().map(|(at, time)| (time.tokens, Some(at))).collect();
    for entity in doc.entities().iter().filter(|entity| matches!(entity.label.as_str(), "DATE" | "TIME")) {
        let at = mentions.times.partition_point(|time| time.tokens.end <= entity.tokens.start);
        let taken = mentions.times.get(at).is_some_and(|time| time.tokens.overlaps(entity.tokens));
        if !taken && !is_bare_number(doc, entity.tokens) {
            found.push((entity.tokens, None));
        }
    }
    found.sort_by_key(|(tokens, _)| (tokens.start, tokens.end));
    let value = |(tokens, at): (TokenRange, Option<usize>)| {
        let edtf = at.and_then(|at| mentions.times.get(at)).and_then(|time| time.edtf.clone());
        Some(TimeValue { mention: span(tokens)?, edtf })
    };
    found.into_iter().filter_map(value).collect()
}

/// A number that is no year: an age, a unit, a list's.
fn is_bare_number(doc: &Doc, tokens: TokenRange) -> bool {
    let word = doc.word(tokens.start).as_bytes();
    tokens.len() == 1 && word.iter().all(u8::is_ascii_digit) && !is_year(doc.word(tokens.start))
}

fn is_year(word: &str) -> bool {
    matches!(word.as_bytes(), [b'1', b'5'..=b'9', b'0'..=b'9', b'0'..=b'9'] | [b'2', b'0', b'0'..=b'9', b'0'..=b'9'])
}

/// All counts, measures and sums, in text order.
pub(crate) fn quantities(stages: &Stages<'_>, span: &impl Fn(TokenRange) -> Option<Span>) -> Vec<Quantity> {
    let Stages { doc, mentions, .. } = *stages;
    let mut found: Vec<(TokenRange, Quantity)> = Vec::new();
    for count in mentions.counts.iter().filter(|count| !is_partitive(doc, count)) {
        let quantity = span(count.tokens).map(|mention| Quantity {
            mention,
            min: count.min,
            max: count.max,
            approx: count.approx,
            of: count.of.and_then(span),
            role: count.role,
        });
        found.extend(quantity.map(|quantity| (count.tokens, quantity)));
    }
    let labels = ["CARDINAL", "QUANTITY", "MONEY", "PERCENT", "DATE", "TIME"];
    for entity in doc.entities().iter().filter(|entity| labels.contains(&entity.label.as_str())) {
        let tokens = entity.tokens;
        let at = mentions.counts.partition_point(|count| count.tokens.end <= tokens.start);
        let counted = mentions.counts.get(at).is_some_and(|count| count.tokens.overlaps(tokens));
        let duration = matches!(entity.label.as_str(), "DATE" | "TIME");
        if counted || (duration && !is_duration(doc, tokens)) || !is_quantity(doc, tokens, entity.label == "MONEY") {
            continue;
        }
        let tokens = if duration { measured(doc, tokens) } else { with_unit(doc, tokens) };
        let value = tokens.indices().find_map(|k| cardinal(doc, k)).map(|number| number.value);
        // Of sums and shares the words alone: their value has a unit.
        let value = value.filter(|_| entity.label == "CARDINAL");
        if let Some(mention) = span(tokens) {
            let quantity = Quantity { mention, min: value, max: value, approx: false, of: None, role: QuantityRole::Other };
            found.push((tokens, quantity));
        }
    }
    found.sort_by_key(|(tokens, _)| (tokens.start, tokens.end));
    found.into_iter().map(|(_, quantity)| quantity).collect()
}

/// *one of the leaders* counts nobody.
fn is_partitive(doc: &Doc, count: &Count) -> bool {
    doc.word(count.tokens.start).eq_ignore_ascii_case("one") && count.of.is_none_or(|of| doc.word(of.start) == "of")
}

/// A number of something: no number of a name (*Task Force 50*, *Chapter four*), no year, telephone number or coordinate.
fn is_quantity(doc: &Doc, tokens: TokenRange, money: bool) -> bool {
    let first = doc.word(tokens.start);
    let told = tokens.indices().any(|k| {
        doc.word(k).starts_with(|c: char| c.is_ascii_digit()) || scale(doc.lemma(k)).is_some() || cardinal(doc, k).is_some()
    });
    let before = tokens.start.checked_sub(1);
    let named = before
        .is_some_and(|k| doc.pos(k) == "PROPN" || matches!(doc.word(k), "Chapter" | "number" | "Number" | "No." | "#" | "CTF"));
    let after = (tokens.end < doc.len()).then(|| doc.word(tokens.end));
    let part = first.eq_ignore_ascii_case("one") && matches!(after, Some("of" | "or" | "more"));
    let of = tokens.indices().any(|k| doc.word(k) == "of") && first.eq_ignore_ascii_case("one");
    let odd = tokens.indices().any(|k| {
        let word = doc.word(k);
        word.contains('°') || word.contains('[') || word.matches('-').count() > 1 || (word.contains('.') && word.len() > 6)
    });
    let degrees = after.is_some_and(|word| word.starts_with('°') || word == "-");
    let year = tokens.len() == 1 && is_year(first);
    money || told && !(named || part || of || odd || degrees || year)
}

/// A number and a unit of time.
fn is_duration(doc: &Doc, tokens: TokenRange) -> bool {
    let unit = tokens.end.checked_sub(1).is_some_and(|k| {
        matches!(doc.lemma(k), "second" | "minute" | "hour" | "day" | "night" | "week" | "month" | "year" | "decade")
    });
    unit && tokens.len() > 1 && measured(doc, tokens).len() < 4 && cardinal(doc, measured(doc, tokens).start).is_some()
}

/// From its number on: the last *24 hours*.
fn measured(doc: &Doc, tokens: TokenRange) -> TokenRange {
    let start = tokens.indices().find(|&k| cardinal(doc, k).is_some()).unwrap_or(tokens.start);
    TokenRange::new(start, tokens.end)
}

/// With the signs of a unit after it: *84 MW*, *300 km*.
fn with_unit(doc: &Doc, tokens: TokenRange) -> TokenRange {
    let mut end = tokens.end;
    while end < doc.len()
        && matches!(
            doc.word(end),
            "MW" | "GW" | "kW" | "km" | "m" | "m3" | "m3/s" | "m²" | "km²" | "kg" | "mm" | "cm" | "ft" | "cu" | "/" | "s" | "%"
        )
        && doc.sentence_of(end) == doc.sentence_of(tokens.start)
    {
        end += 1;
    }
    TokenRange::new(tokens.start, end)
}

/// Words for nationalities, peoples and faiths.
pub(crate) fn peoples(stages: &Stages<'_>, span: &impl Fn(TokenRange) -> Option<Span>) -> Vec<People> {
    let peoples = stages.mentions.peoples.iter();
    peoples.filter_map(|people| Some(People { mention: span(people.tokens)?, country: people.country })).collect()
}

/// Names of documents that are no mention's: what the recogniser takes for a law or a work and a word of it bears out (*the Treaty of Lisbon*).
pub(crate) fn documents(stages: &Stages<'_>) -> Vec<TokenRange> {
    let Stages { doc, mentions, .. } = *stages;
    let known = |tokens: TokenRange| {
        mentions.all.iter().any(|mention| mention.kind == EntityKind::Document && mention.tokens.overlaps(tokens))
    };
    let named = doc.entities().iter().filter(|entity| matches!(entity.label.as_str(), "LAW" | "WORK_OF_ART"));
    named
        .map(|entity| entity.tokens)
        .filter(|&tokens| tokens.indices().any(|k| is_document(doc.word(k))) && !known(tokens))
        .collect()
}

fn is_document(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "act"
            | "agreement"
            | "amendment"
            | "article"
            | "bill"
            | "book"
            | "chapter"
            | "charter"
            | "code"
            | "constitution"
            | "convention"
            | "covenant"
            | "decree"
            | "declaration"
            | "directive"
            | "law"
            | "memorandum"
            | "pact"
            | "protocol"
            | "report"
            | "resolution"
            | "resolutions"
            | "statute"
            | "treaty"
    )
}

#[cfg(test)]
mod tests {
    use dateline_record::{EntityKind, PlaceUse, Reading, Report};

    use crate::testing::doc;
    use crate::{Lexicons, Reader};

    fn read(lines: &str) -> Reading {
        let doc = doc(lines);
        let report = Report { text: doc.text().to_owned(), ..Report::default() };
        let reading = Reader::new(Lexicons::default()).expect("our own lexicons").read(&report, &doc);
        reading.check().expect("spans are slices");
        reading
    }

    fn places(reading: &Reading) -> Vec<(&str, Option<PlaceUse>)> {
        let places = reading.entities.iter().filter(|entity| entity.kind == EntityKind::Place);
        places.flat_map(|place| place.mentions.iter().map(|span| (span.text(), place.place_use))).collect()
    }

    #[test]
    fn a_place_says_what_its_name_is_used_for() {
        let reading = read(
            "Moscow NNP nsubj 2 Moscow GPE
             denied VBD ROOT 0
             that IN mark 7
             Leeds NNP compound 5 Leeds ORG
             University NNP nsubj 7 University ORG
             had VBD aux 7
             closed VBN ccomp 2
             in IN prep 7
             Mosul NNP pobj 8 Mosul GPE
             . . punct 2",
        );
        assert_eq!(
            places(&reading),
            [("Mosul", None), ("Moscow", Some(PlaceUse::Metonymic)), ("Leeds", Some(PlaceUse::Modifier))]
        );
        assert!(reading.claims.iter().all(|claim| claim.place.iter().all(|place| place.mention.text() != "Moscow")));
    }

    #[test]
    fn a_description_of_a_place_leaves_out_the_places_that_describe_it() {
        let reading = read(
            "Shells NNS nsubj 2
             hit VBD ROOT 0
             the DT det 4
             villages NNS dobj 2
             of IN prep 4
             Homs NNP pobj 5 Homs GPE
             . . punct 2",
        );
        assert!(places(&reading).contains(&("Homs", None)), "{:?}", places(&reading));
        assert!(places(&reading).iter().all(|(words, _)| !words.contains("villages of")), "{:?}", places(&reading));
    }

    #[test]
    fn times_counts_and_peoples_are_listed_without_a_claim() {
        let reading = read(
            "Our PRP$ poss 3
             Kurdish JJ amod 3 Kurdish NORP
             hosts NNS nsubj 4
             own VBP ROOT 0
             three CD nummod 6 three CARDINAL
             shops NNS dobj 4
             since IN prep 4
             May NNP pobj 7 May DATE
             2015 CD nummod 8 2015 DATE
             . . punct 4",
        );
        let words: Vec<&str> = reading.times.iter().map(|time| time.mention.text()).collect();
        assert_eq!(words, ["May 2015"]);
        let words: Vec<&str> = reading.quantities.iter().map(|quantity| quantity.mention.text()).collect();
        assert_eq!(words, ["three shops"]);
        let words: Vec<&str> = reading.peoples.iter().map(|people| people.mention.text()).collect();
        assert_eq!(words, ["Kurdish"]);
    }

    #[test]
    fn numbers_of_names_and_years_are_no_quantities() {
        let reading = read(
            "Unit NNP nsubj 3
             Seven CD nummod 1 Seven CARDINAL
             rested VBD ROOT 0
             in IN prep 3
             1991 CD pobj 4 1991 CARDINAL
             . . punct 3",
        );
        assert_eq!(reading.quantities, []);
    }
}
