//! The text of a report with everything that was read in it marked, and for each mark what it was read as and why.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use dateline_gazetteer::Gazetteer;
use dateline_record::{Claim, ClaimId, Entity, EntityId, EntityKind, Filler, QuantityRole, Reading, SourceKind, Span};
use serde::Serialize;

use super::person::Protected;
use super::wording::{self, Tone, one_line, within_line};

/// Further places of a mark that a note lists.
const LISTED: usize = 12;

/// A report's text, marked and explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The text, cut where a mark or a line begins or ends.
    pub pieces: Vec<Piece>,
    /// What was read, in the order of the text.
    pub notes: Vec<Note>,
    /// Whether names of protected persons were left out.
    pub withheld: bool,
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "piece", rename_all = "lowercase")]
pub enum Piece {
    /// Words.
    Words {
        /// As they stand.
        text: String,
        /// What they were read as, by index into the notes; the most telling first.
        notes: Vec<usize>,
    },
    /// The end of a line.
    Line,
    /// The name of a protected person stands here.
    Withheld,
}

/// What sort of thing was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoteKind {
    /// A claim, at the words that name what happened.
    Claim,
    /// When.
    Time,
    /// How many.
    Count,
    /// Where.
    Place,
    /// Whoever says it.
    Source,
    /// Words that attribute, hedge or deny.
    Cue,
}

impl NoteKind {
    /// As a word: `claim`, `time`, `count`, `place`, `source`, `cue`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Time => "time",
            Self::Count => "count",
            Self::Place => "place",
            Self::Source => "source",
            Self::Cue => "cue",
        }
    }
}

/// What some words were read as, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Names it within the report: `c3` for a claim, else a number of its own, `m7`.
    pub id: String,
    /// What sort of thing.
    pub kind: NoteKind,
    /// The words.
    pub words: String,
    /// How sure a claim is, for the eye.
    #[serde(skip)]
    pub tone: Option<Tone>,
    /// What was read, field by field.
    pub facts: Vec<Fact>,
    /// The rules and lexicon entries that decided, as the reader keeps them: what was decided, and by what.
    pub why: Vec<(String, String)>,
    /// Claims that it belongs to, by index into the notes.
    pub claims: Vec<usize>,
}

/// A field of a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// What was read.
    pub value: String,
    /// The words that it was read from, where they are not those of the note.
    pub words: Option<String>,
}

/// The text of a reading, marked and explained; with `withhold`, without the names of protected persons.
#[must_use]
pub fn explained(reading: &Reading, withhold: bool) -> Explained {
    let protected = Protected::of(reading);
    let hidden = if withhold { protected.spans(&reading.document.text) } else { Vec::new() };
    let reader =
        Explainer { reading, entities: reading.entities.iter().map(|entity| (entity.id, entity)).collect(), protected, withhold };
    let marks = reader.marks();
    let notes = reader.notes(&marks);
    Explained { pieces: pieces(&reading.document.text, &marks, &hidden), notes, withheld: !hidden.is_empty() }
}

/// A stretch of the text, in code points, and what was read there.
type Marked = (usize, usize, NoteKind);
/// Claims by what they have to do with a mark.
type Marks = BTreeMap<Marked, BTreeSet<ClaimId>>;

struct Explainer<'a> {
    reading: &'a Reading,
    entities: HashMap<EntityId, &'a Entity>,
    protected: Protected,
    withhold: bool,
}

impl Explainer<'_> {
    fn marks(&self) -> Marks {
        let mut marks = Marks::new();
        let mut mark = |span: &Span, kind: NoteKind, claim: Option<ClaimId>| {
            if span.start() < span.end() {
                marks.entry((span.start(), span.end(), kind)).or_default().extend(claim);
            }
        };
        for claim in &self.reading.claims {
            let id = Some(claim.id);
            mark(&claim.trigger, NoteKind::Claim, id);
            claim.factuality.cues.iter().for_each(|cue| mark(cue, NoteKind::Cue, id));
            claim.time.iter().for_each(|time| mark(&time.mention, NoteKind::Time, id));
            claim.quantities.iter().for_each(|count| mark(&count.mention, NoteKind::Count, id));
            claim.place.iter().for_each(|place| mark(&place.mention, NoteKind::Place, id));
            for step in &claim.attribution {
                step.cue.iter().for_each(|cue| mark(cue, NoteKind::Cue, id));
                step.source.iter().for_each(|source| mark(&source.mention, NoteKind::Source, id));
            }
        }
        for attribution in &self.reading.attributions {
            attribution.source.iter().for_each(|source| mark(&source.words, NoteKind::Source, None));
            attribution.cue.iter().for_each(|cue| mark(cue, NoteKind::Cue, None));
        }
        for place in self.reading.entities.iter().filter(|entity| entity.kind == EntityKind::Place && entity.place_use.is_none())
        {
            place.mentions.iter().for_each(|mention| mark(mention, NoteKind::Place, None));
        }
        marks
    }

    fn notes(&self, marks: &Marks) -> Vec<Note> {
        let claims: HashMap<ClaimId, &Claim> = self.reading.claims.iter().map(|claim| (claim.id, claim)).collect();
        let mut at_claim: BTreeMap<ClaimId, usize> = BTreeMap::new();
        for (at, ((.., kind), of)) in marks.iter().enumerate() {
            if *kind == NoteKind::Claim {
                for &claim in of {
                    at_claim.entry(claim).or_insert(at);
                }
            }
        }
        let places = self.places();
        let sources = self.sources();
        let mut notes = Vec::with_capacity(marks.len());
        for (at, (&(start, end, kind), of)) in marks.iter().enumerate() {
            let own: Vec<&Claim> = of.iter().filter_map(|id| claims.get(id).copied()).collect();
            let here = |span: &Span| (span.start(), span.end()) == (start, end);
            let mut note = Note {
                id: format!("m{}", at + 1),
                kind,
                words: String::new(),
                tone: None,
                facts: Vec::new(),
                why: Vec::new(),
                claims: of.iter().filter_map(|claim| at_claim.get(claim).copied()).filter(|&claim| claim != at).collect(),
            };
            match kind {
                NoteKind::Claim => self.claims(&mut note, &own),
                NoteKind::Time => {
                    for claim in &own {
                        let Some(time) = claim.time.as_ref().filter(|time| here(&time.mention)) else { continue };
                        note.words = self.words(time.mention.text());
                        note.fact(
                            "date (EDTF)",
                            time.edtf.as_ref().map_or("not resolved: nothing to reckon from", |edtf| edtf.as_str()),
                        );
                        note.because(self, claim, &["time"]);
                    }
                    let published = self.reading.document.published.as_ref();
                    note.fact("published", published.map_or("not known", |date| date.as_str()));
                }
                NoteKind::Count => {
                    for claim in &own {
                        for count in claim.quantities.iter().filter(|count| here(&count.mention)) {
                            note.words = self.words(count.mention.text());
                            note.fact("counts", wording::role(count.role).unwrap_or("something else"));
                            note.fact(
                                "how many",
                                &wording::bounds(count.min, count.max, count.approx)
                                    .unwrap_or_else(|| "an unknown number".to_owned()),
                            );
                            if let Some(of) = &count.of {
                                note.said("of", &self.words(of.text()), None);
                            }
                            note.because(self, claim, &["quantity"]);
                        }
                    }
                }
                NoteKind::Place => {
                    let entity = places.get(&(start, end)).copied().or_else(|| {
                        let filler = own.iter().flat_map(|claim| &claim.place).find(|filler| here(&filler.mention));
                        filler.and_then(|filler| self.entities.get(&filler.entity).copied())
                    });
                    if let Some(entity) = entity {
                        let span = entity.mentions.iter().find(|span| here(span));
                        let filler = || own.iter().flat_map(|claim| &claim.place).find(|filler| here(&filler.mention));
                        let words = span.map(Span::text).or_else(|| filler().map(|filler| filler.mention.text()));
                        note.words = self.words(words.unwrap_or(&entity.name));
                        self.place(&mut note, entity);
                    }
                    own.iter().for_each(|claim| note.because(self, claim, &["place"]));
                }
                NoteKind::Source => {
                    let found = sources.get(&(start, end));
                    note.words = self.words(found.map_or("", |(span, _)| span.text()));
                    match found.and_then(|(_, entity)| *entity).and_then(|id| self.entities.get(&id)) {
                        Some(entity) => self.actor(&mut note, entity),
                        None => note.fact("source", "of words that are no claim"),
                    }
                    for claim in &own {
                        for step in claim.attribution.iter().filter(|step| step.source.as_ref().is_some_and(|s| here(&s.mention)))
                        {
                            note.fact("kind", kind_of(step.kind));
                            note.said("does", step.act.as_str(), step.cue.as_ref().map(|cue| self.words(cue.text())));
                        }
                        note.because(self, claim, &["attribution", "hearsay"]);
                    }
                }
                NoteKind::Cue => {
                    for claim in &own {
                        if let Some(cue) = claim.factuality.cues.iter().find(|cue| here(cue)) {
                            note.words = self.words(cue.text());
                            note.fact("makes the claim", wording::certainty(claim.factuality.source));
                            note.because(self, claim, &["factuality"]);
                        }
                        for step in claim.attribution.iter().filter(|step| step.cue.as_ref().is_some_and(here)) {
                            note.words = self.words(step.cue.as_ref().map_or("", Span::text));
                            let source =
                                step.source.as_ref().map_or_else(|| "nobody named".to_owned(), |source| self.name(source.entity));
                            note.said(
                                "attributes to",
                                &source,
                                step.source.as_ref().map(|source| self.words(source.mention.text())),
                            );
                            note.fact("as", step.act.as_str());
                            note.because(self, claim, &["attribution", "hearsay"]);
                        }
                    }
                    for attribution in self.reading.attributions.iter().filter(|one| one.cue.as_ref().is_some_and(here)) {
                        note.words = self.words(attribution.cue.as_ref().map_or("", Span::text));
                        if own.is_empty() {
                            let source = attribution.source.as_ref().map_or("nobody named", |source| source.words.text());
                            note.fact("attributes to", &self.words(source));
                        }
                        for content in &attribution.content {
                            note.said("the words", &self.words(content.text()), None);
                        }
                    }
                }
            }
            notes.push(note);
        }
        // A claim is found by its own id, so that its happening can lead back to it.
        for (claim, at) in at_claim {
            if let Some(note) = notes.get_mut(at).filter(|note| note.id.starts_with('m')) {
                note.id = claim.to_string();
            }
        }
        notes
    }

    /// Mentions of places, by where they stand.
    fn places(&self) -> HashMap<(usize, usize), &Entity> {
        let places = self.reading.entities.iter().filter(|entity| entity.kind == EntityKind::Place && entity.place_use.is_none());
        places.flat_map(|place| place.mentions.iter().map(move |span| ((span.start(), span.end()), place))).collect()
    }

    /// Words of sources, by where they stand, with the entity where a claim is theirs.
    fn sources(&self) -> HashMap<(usize, usize), (&Span, Option<EntityId>)> {
        let mut all = HashMap::new();
        for attribution in &self.reading.attributions {
            if let Some(source) = &attribution.source {
                all.insert((source.words.start(), source.words.end()), (&source.words, None));
            }
        }
        for source in self.reading.claims.iter().flat_map(|claim| &claim.attribution).filter_map(|step| step.source.as_ref()) {
            all.insert((source.mention.start(), source.mention.end()), (&source.mention, Some(source.entity)));
        }
        all
    }

    fn words(&self, words: &str) -> String {
        if self.withhold { self.protected.withhold(words) } else { one_line(words) }
    }

    fn name(&self, id: EntityId) -> String {
        self.entities.get(&id).map(|entity| self.name_of(entity)).unwrap_or_default()
    }

    fn name_of(&self, entity: &Entity) -> String {
        if self.withhold { within_line(&self.protected.name_of(entity)) } else { within_line(&entity.name) }
    }

    /// All that was read of the claims at one trigger.
    fn claims(&self, note: &mut Note, claims: &[&Claim]) {
        for claim in claims {
            note.words = self.words(claim.trigger.text());
            note.tone = note.tone.or(Some(Tone::of(claim.factuality.source)));
            let event = &claim.event;
            let code = event.kind.map_or_else(|| "no type of PLOVER's".to_owned(), |kind| kind.to_string());
            note.fact("type (PLOVER)", &code);
            if let Some(mode) = event.mode {
                note.fact("mode", mode.as_str());
            }
            if !event.contexts.is_empty() {
                note.fact("about", &event.contexts.iter().map(|context| context.as_str()).collect::<Vec<_>>().join(", "));
            }
            if let Some(acled) = &claim.acled {
                note.fact("ACLED", &format!("{} / {}", acled.event_type, acled.sub_event_type));
            }
            let cues: Vec<String> = claim.factuality.cues.iter().map(|cue| self.words(cue.text())).collect();
            let cues = (!cues.is_empty()).then(|| cues.join("”, “"));
            note.said("as the source holds it", &held(claim.factuality.source), cues);
            note.fact("as the report holds it", &held(claim.factuality.author));
            if claim.attribution.is_empty() {
                note.fact("who says so", "the report itself");
            }
            for step in claim.attribution.iter().rev() {
                let who = step.source.as_ref().map_or_else(|| "nobody named".to_owned(), |source| self.name(source.entity));
                let words: Vec<String> = [step.source.as_ref().map(|source| &source.mention), step.cue.as_ref()]
                    .into_iter()
                    .flatten()
                    .map(|span| self.words(span.text()))
                    .collect();
                note.said(
                    "who says so",
                    &format!("{who} ({}, {})", kind_of(step.kind), step.act.as_str()),
                    Some(words.join(" … ")),
                );
            }
            let slots = [
                ("actor", &claim.actor),
                ("recipient", &claim.recipient),
                ("where", &claim.place),
                ("with", &claim.instrument),
                ("evidence", &claim.evidence),
            ];
            for (name, fillers) in slots {
                fillers.iter().for_each(|filler| self.slot(note, name, filler));
            }
            if let Some(time) = &claim.time {
                let value = time.edtf.as_ref().map_or("not resolved", |edtf| edtf.as_str());
                note.said("when", value, Some(self.words(time.mention.text())));
            }
            for count in &claim.quantities {
                let bounds =
                    wording::bounds(count.min, count.max, count.approx).unwrap_or_else(|| "an unknown number".to_owned());
                let role =
                    if count.role == QuantityRole::Other { "counted" } else { wording::role(count.role).unwrap_or("counted") };
                note.said(role, &bounds, Some(self.words(count.mention.text())));
            }
            for coding in &claim.coding {
                note.said(&coding.ontology, &coding.kind, Some(self.words(coding.trigger.text())));
                for (name, values) in &coding.slots {
                    for value in values {
                        let entity = value.entity.map(|id| self.name(id));
                        let bounds = wording::bounds(value.min, value.max, value.approx);
                        let filled =
                            value.value.clone().or(bounds).or(entity).unwrap_or_else(|| self.words(value.mention.text()));
                        note.said(&format!("{}: {name}", coding.ontology), &filled, Some(self.words(value.mention.text())));
                    }
                }
            }
            if let Some(circulation) = &claim.circulation {
                note.fact("travelled", &self.name(circulation.media));
                if let Some(channel) = &circulation.channel {
                    note.said("on", &self.words(channel.text()), None);
                }
            }
            note.because(self, claim, &[]);
        }
    }

    fn slot(&self, note: &mut Note, name: &str, filler: &Filler) {
        let Some(entity) = self.entities.get(&filler.entity) else { return };
        let mut value = self.name_of(entity);
        let codes = [entity.country.map(|country| country.to_string()), entity.sector.map(|sector| sector.as_str().to_owned())];
        let codes: Vec<String> = codes.into_iter().flatten().chain(entity.class.clone()).collect();
        if !codes.is_empty() {
            value.push_str(&format!(" ({})", codes.join(" ")));
        }
        note.said(name, &value, Some(self.words(filler.mention.text())));
    }

    fn actor(&self, note: &mut Note, entity: &Entity) {
        note.fact("source", &self.name_of(entity));
        if let Some(country) = entity.country {
            note.fact("country", &country.to_string());
        }
        if let Some(sector) = entity.sector {
            note.fact("sector (PLOVER)", sector.as_str());
        }
        if let Some(title) = &entity.title {
            note.fact("office", title);
        }
        if let Some(whole) = entity.part_of {
            note.fact("part of", &self.name(whole));
        }
    }

    /// A place, and what speaks for its being this one.
    fn place(&self, note: &mut Note, entity: &Entity) {
        note.fact("place", &entity.name);
        if let Some(admin1) = entity.admin1.as_ref().filter(|admin1| **admin1 != entity.name) {
            note.fact("in", admin1);
        }
        note.fact("country", &entity.country.map_or_else(|| "not known".to_owned(), |country| country.to_string()));
        if let Some(precision) = entity.precision {
            note.fact("how fine", precise(precision));
        }
        match entity.geonames {
            Some(id) => note.fact("GeoNames", &id.to_string()),
            None => note.fact("GeoNames", "no id"),
        }
        let others = Gazetteer::embedded().lookup(&note.words).count();
        let why = match others {
            0 => "the gazetteer does not have these very words: a name within them, or what they describe".to_owned(),
            1 => "the gazetteer knows one place of this name".to_owned(),
            n => format!(
                "of {n} places of this name in the gazetteer, the one that goes best with the other places of the text, with what the name is \
                 written beside, and with how large it is"
            ),
        };
        note.why.push(("place".to_owned(), why));
        let also: Vec<String> =
            entity.mentions.iter().map(|mention| self.words(mention.text())).filter(|words| *words != note.words).collect();
        let mut unique: Vec<String> = Vec::new();
        for words in also {
            if unique.len() < LISTED && !unique.contains(&words) {
                unique.push(words);
            }
        }
        if !unique.is_empty() {
            note.fact("also called", &format!("“{}”", unique.join("”, “")));
        }
    }
}

impl Note {
    fn fact(&mut self, name: &str, value: &str) {
        self.said(name, value, None);
    }

    /// Enters a field, once.
    fn said(&mut self, name: &str, value: &str, words: Option<String>) {
        let fact = Fact { name: name.to_owned(), value: value.to_owned(), words: words.filter(|words| !words.is_empty()) };
        if !value.is_empty() && !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    /// Enters the rules of a claim that decided on these things; all, where none is named.
    fn because(&mut self, explainer: &Explainer<'_>, claim: &Claim, of: &[&str]) {
        for why in &claim.why {
            let (what, rule) = why.split_once(": ").unwrap_or(("rule", why));
            let line = (what.to_owned(), explainer.words(rule));
            if (of.is_empty() || of.contains(&what)) && !self.why.contains(&line) {
                self.why.push(line);
            }
        }
    }
}

fn held(value: dateline_record::FactualityValue) -> String {
    format!("{} ({})", wording::certainty(value), value.as_str())
}

fn kind_of(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Named => "a source that is named",
        SourceKind::Unnamed => "a source that is not named",
        SourceKind::Document => "a document",
        SourceKind::SocialMedia => "a channel or post",
        SourceKind::Author => "the author",
    }
}

fn precise(precision: dateline_record::Precision) -> &'static str {
    use dateline_record::Precision;
    match precision {
        Precision::Point => "a named point, given as its settlement",
        Precision::City => "a settlement",
        Precision::Admin2 => "a second-level division",
        Precision::Admin1 => "a first-level division",
        Precision::Country => "a country",
        Precision::Region => "an area, not exactly bounded",
    }
}

/// The text cut where any mark, hidden stretch or line begins or ends.
fn pieces(text: &str, marks: &Marks, hidden: &[(usize, usize)]) -> Vec<Piece> {
    let characters: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let length = characters.len() - 1;
    let mut cuts: BTreeSet<usize> = marks.keys().flat_map(|&(start, end, _)| [start, end]).collect();
    cuts.extend([0, length]);
    cuts.extend(hidden.iter().flat_map(|&(start, end)| [start, end]));
    for (at, _) in text.char_indices().filter(|&(_, letter)| letter == '\n') {
        let point = characters.partition_point(|&byte| byte < at);
        cuts.extend([point, point + 1]);
    }
    let cuts: Vec<usize> = cuts.into_iter().filter(|&cut| cut <= length).collect();
    let order: Vec<Marked> = marks.keys().copied().collect();
    let mut active: Vec<(usize, Marked)> = Vec::new();
    let mut next = 0;
    let mut all = Vec::new();
    for pair in cuts.windows(2) {
        let &[start, end] = pair else { continue };
        active.retain(|&(_, (_, mark_end, _))| mark_end > start);
        while let Some(&mark) = order.get(next).filter(|&&(mark_start, ..)| mark_start <= start) {
            active.push((next, mark));
            next += 1;
        }
        let words = text.get(characters[start]..characters[end]).unwrap_or_default();
        if words == "\n" {
            all.push(Piece::Line);
            continue;
        }
        let covering = hidden.partition_point(|&(_, hidden_end)| hidden_end <= start);
        if let Some(&(hidden_start, _)) = hidden.get(covering).filter(|&&(hidden_start, _)| hidden_start <= start) {
            if hidden_start == start {
                all.push(Piece::Withheld);
            }
            continue;
        }
        let mut here = active.clone();
        // The kind decides, then the shorter stretch: the words of a place within those of a source are the place's.
        here.sort_by_key(|&(_, (mark_start, mark_end, kind))| (kind, mark_end - mark_start));
        all.push(Piece::Words { text: words.to_owned(), notes: here.into_iter().map(|(at, _)| at).collect() });
    }
    all
}

#[cfg(test)]
mod tests {
    use dateline_record::Report;

    use super::*;

    #[test]
    fn pieces_cover_the_text_and_lead_to_the_most_telling_mark() {
        let text = "É the Kursk army\nsaid";
        let marks = Marks::from([
            ((2, 16, NoteKind::Source), BTreeSet::new()),
            ((6, 11, NoteKind::Place), BTreeSet::new()),
            ((17, 21, NoteKind::Cue), BTreeSet::new()),
        ]);
        let shown = |pieces: &[Piece]| {
            let piece = |piece: &Piece| match piece {
                Piece::Words { text, notes } => format!("[{text}{notes:?}]"),
                Piece::Line => "¶".to_owned(),
                Piece::Withheld => "…".to_owned(),
            };
            pieces.iter().map(piece).collect::<String>()
        };
        assert_eq!(shown(&pieces(text, &marks, &[])), "[É []][the [0]][Kursk[1, 0]][ army[0]]¶[said[2]]");
        assert_eq!(shown(&pieces(text, &marks, &[(6, 16)])), "[É []][the [0]]…¶[said[2]]");
        assert_eq!(shown(&pieces("", &Marks::new(), &[])), "");
    }

    #[test]
    fn a_text_that_was_not_read_stands_plain() {
        let report = Report { text: "один\nдва".to_owned(), ..Report::default() };
        let plain = explained(&Reading::not_read(&report, "uk", "not read: language uk".to_owned()), true);
        assert_eq!(plain.pieces.len(), 3);
        assert!(plain.notes.is_empty() && !plain.withheld);
    }

    #[test]
    fn a_huge_line_is_cut_in_linear_time() {
        let report = Report { text: "x\n".repeat(500_000), ..Report::default() };
        assert_eq!(explained(&Reading::not_read(&report, "uk", String::new()), true).pieces.len(), 1_000_000);
    }
}
