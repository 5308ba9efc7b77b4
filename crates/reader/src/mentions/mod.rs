//! Stage 1: what the text names. Actors, places, equipment, media, documents and platforms, with times and quantities beside them.

mod actors;
mod find;
mod geography;
mod modifiers;
mod names;
mod nouns;
mod peoples;
mod phrase;
pub(crate) mod places;
mod rules;
mod state;
mod things;
mod toponyms;
mod words;

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{Country, Edtf, EntityKind, PlaceUse, Precision, QuantityRole, Report, Sector};

pub(crate) use names::NameIndex;
pub(crate) use phrase::base as noun_phrase;
pub use rules::{Gender, Rules};
pub(crate) use words::Words;

/// Index of a mention in [`Mentions::all`].
pub type MentionId = usize;

/// How a mention names its thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// By a name: *Antony Blinken*, *the Special Operations Forces*.
    Name,
    /// By a description: *the soldier*, *Ukrainian forces*.
    Nominal,
    /// By a pronoun (possessive ones too).
    Pronoun,
}

/// A place that a toponym stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// GeoNames id.
    pub geonames: Option<u32>,
    /// Canonical name.
    pub name: String,
    /// Country.
    pub country: Option<Country>,
    /// First-level division.
    pub admin1: Option<String>,
    /// Degrees.
    pub lat: Option<f32>,
    /// Degrees.
    pub lon: Option<f32>,
    /// How fine.
    pub precision: Precision,
}

/// One mention of an entity (everything but times and quantities).
#[derive(Clone, Debug)]
pub struct Mention {
    /// The noun phrase without relative clauses: *the first North Korean soldier*.
    pub tokens: TokenRange,
    /// Its head token; arguments of happenings are found by it.
    pub head: usize,
    /// What sort of thing. A capital or country that acts is an actor with sector GOV; the same word as a location is a place.
    pub kind: EntityKind,
    /// How it is named.
    pub form: Form,
    /// Canonical form of the words: the name without article and title, or the head noun's phrase.
    pub name: String,
    /// Actors: country of the actor (not of the place where it is).
    pub country: Option<Country>,
    /// Actors: PLOVER sector.
    pub sector: Option<Sector>,
    /// Actors: one human being.
    pub person: bool,
    /// Grammatically plural, or a group.
    pub plural: bool,
    /// Actors: office or rank.
    pub title: Option<String>,
    /// An acronym given in brackets after the mention, and its token: *(SOF)*.
    pub acronym: Option<usize>,
    /// Places (and actors that are a state or capital): what the toponym stands for.
    pub place: Option<Resolved>,
    /// Equipment: its class.
    pub class: Option<String>,
    /// The rule or lexicon entry that found it.
    pub why: String,
}

/// The name of a place, wherever it stands: in the phrase of a place, of an actor, or in another name.
#[derive(Clone, Debug)]
pub struct Toponym {
    /// Its tokens, without article.
    pub tokens: TokenRange,
    /// The mention of a place whose name it is.
    pub mention: Option<MentionId>,
    /// What it is used for, where it is not the place that is meant.
    pub place_use: Option<PlaceUse>,
    /// Where it is; none where the gazetteer does not know.
    pub place: Option<Resolved>,
    /// The rule.
    pub why: &'static str,
}

/// A word for a nationality, people or faith.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct People {
    /// Its tokens.
    pub tokens: TokenRange,
    /// The country, for words of nationality.
    pub country: Option<Country>,
}

/// A time expression, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// Its tokens.
    pub tokens: TokenRange,
    /// The token by which it hangs in the sentence.
    pub head: usize,
    /// Its value; None when it can't be anchored (*last week* without a publication date).
    pub edtf: Option<Edtf>,
    /// The rule.
    pub why: &'static str,
}

/// A count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The whole noun phrase: *over 10,000 North Korean soldiers*.
    pub tokens: TokenRange,
    /// Head noun of that phrase (what is counted), or the number itself when there is no noun.
    pub head: usize,
    /// Tokens of what is counted, without the number.
    pub of: Option<TokenRange>,
    /// At least.
    pub min: Option<i64>,
    /// At most.
    pub max: Option<i64>,
    /// *about*, *dozens*.
    pub approx: bool,
    /// The role that the words themselves give (*killed*, *missiles*); slots may overrule it by the happening.
    pub role: QuantityRole,
    /// The rule.
    pub why: &'static str,
}

/// Everything that the text names.
#[derive(Clone, Debug, Default)]
pub struct Mentions {
    /// In text order of their heads; no two share a head.
    pub all: Vec<Mention>,
    /// In text order.
    pub times: Vec<Time>,
    /// In text order.
    pub counts: Vec<Count>,
    /// Names of places in text order; none overlaps another.
    pub toponyms: Vec<Toponym>,
    /// Words for nationalities, peoples and faiths, in text order.
    pub peoples: Vec<People>,
    /// Measure nouns by their token, with the mention that they measure: *hundreds* of soldiers. In text order.
    pub aliases: Vec<(usize, MentionId)>,
    /// What coreference asks of each mention.
    pub traits: Vec<Traits>,
}

/// Number for agreement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Number {
    /// *he*, *the soldier*
    Singular,
    /// *they*, *soldiers*
    Plural,
    /// Collectives and names that take both: *the army*, *Reuters*.
    #[default]
    Either,
}

/// What coreference asks of a mention beside what it says of its thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// Grammatical number.
    pub number: Number,
    /// Which singular personal pronoun fits, where the words say.
    pub gender: Option<Gender>,
    /// A body rather than human beings.
    pub group: bool,
    /// The state itself: its name, capital or government.
    pub state: bool,
    /// Opens with *the*, *this*, a possessive.
    pub definite: bool,
}

impl Mentions {
    /// The mention whose head is this token, or that this token measures.
    #[must_use]
    pub fn at_head(&self, token: usize) -> Option<MentionId> {
        self.all.binary_search_by_key(&token, |mention| mention.head).ok().or_else(|| {
            let at = self.aliases.binary_search_by_key(&token, |&(token, _)| token).ok()?;
            self.aliases.get(at).map(|&(_, mention)| mention)
        })
    }

    /// The smallest mention that holds this token.
    #[must_use]
    pub fn holding(&self, token: usize) -> Option<MentionId> {
        // A phrase reaches a bounded way from its head, and mentions are in order of their heads.
        let from = self.all.partition_point(|mention| mention.head + WIDEST < token);
        let window = self.all[from..].iter().take_while(|mention| mention.head <= token + WIDEST);
        (from..)
            .zip(window)
            .filter(|(_, mention)| mention.tokens.contains(token))
            .min_by_key(|(_, mention)| mention.tokens.len())
            .map(|(id, _)| id)
    }
}

/// No mention reaches further than this many tokens from its head.
const WIDEST: usize = 64;

/// Everything that the report names.
#[must_use]
pub fn find(rules: &Rules, report: &Report, doc: &Doc) -> Mentions {
    let words = Words::of(doc);
    let named = toponyms::find(rules, doc, &words);
    let mut finder = find::Finder::new(rules, doc, &words, &named);
    finder.run();
    let mut found = std::mem::take(&mut finder.found);
    let pairs = std::mem::take(&mut finder.aliases);
    drop(finder);
    found.sort_by_key(|(mention, _)| mention.head);
    let (mut all, traits): (Vec<Mention>, Vec<Traits>) = found.into_iter().unzip();
    let toponyms = places::resolve(rules, doc, &words, &mut all, &named);
    let mut mentions = Mentions {
        all,
        times: crate::times::find(report, doc),
        counts: crate::quantities::find(doc),
        toponyms,
        peoples: peoples::find(rules, doc, &words),
        aliases: Vec::new(),
        traits,
    };
    mentions.aliases = pairs.into_iter().filter_map(|(token, head)| Some((token, mentions.at_head(head)?))).collect();
    mentions.aliases.sort_unstable();
    mentions
}
