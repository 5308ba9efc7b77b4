//! Stage 1: what the text names. Actors, places, equipment, media, documents and platforms, with times and quantities beside them.

use dateline_gazetteer as _;
use dateline_nlp::TokenRange;
use dateline_record::{Country, Edtf, EntityKind, Precision, QuantityRole, Sector};

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
}

impl Mentions {
    /// The mention whose head is this token.
    #[must_use]
    pub fn at_head(&self, token: usize) -> Option<MentionId> {
        self.all.binary_search_by_key(&token, |mention| mention.head).ok()
    }

    /// The smallest mention that holds this token.
    #[must_use]
    pub fn holding(&self, token: usize) -> Option<MentionId> {
        (0..self.all.len()).filter(|&id| self.all[id].tokens.contains(token)).min_by_key(|&id| self.all[id].tokens.len())
    }
}
