//! What the marked source of a sentence does to the marked target, as PLOVER root.

use dateline_nlp::Doc;
use dateline_reader::attribution::Attributions;
use dateline_reader::coreference::Entities;
use dateline_reader::happenings::{self, Happening, Role};
use dateline_reader::mentions::Mentions;
use dateline_reader::{LexiconError, Lexicons};
use dateline_record::EventType;

/// Codes sentences.
pub(crate) struct Coder {
    rules: happenings::Rules,
}

/// A code and why; no code where nothing fits.
#[derive(Debug, Default)]
pub(crate) struct Coded {
    pub(crate) root: Option<EventType>,
    pub(crate) why: Vec<String>,
}

impl Coder {
    pub(crate) fn new(lexicons: &Lexicons) -> Result<Self, LexiconError> {
        Ok(Self { rules: happenings::Rules::new(lexicons)? })
    }

    /// What `source` does to `target` in a sentence; both are words of it.
    pub(crate) fn code(&self, doc: &Doc, source: &str, target: &str) -> Coded {
        let found = happenings::find(&self.rules, doc, &Mentions::default(), &Entities::default(), &Attributions::default());
        let (source, target) = (tokens_of(doc, source), tokens_of(doc, target));
        let fits =
            |happening: &&Happening| (fit(doc, &found.all, happening, &source, &target), std::cmp::Reverse(happening.trigger));
        let best = found.all.iter().filter(|happening| happening.kind.is_some()).max_by_key(fits);
        best.map_or_else(Coded::default, |happening| Coded { root: as_the_set_codes(doc, happening), why: happening.why.clone() })
    }
}

/// Tokens of the first occurrence of `words` in the text.
fn tokens_of(doc: &Doc, words: &str) -> Vec<usize> {
    let Some(start) = doc.text().find(words) else { return Vec::new() };
    let end = start + words.len();
    (0..doc.len()).filter(|&i| (doc.token(i).range.start as usize) < end && (doc.token(i).range.end as usize) > start).collect()
}

/// The set follows the codebook's first edition and CAMEO below it, where some borders run elsewhere than in ours: what one means to do is
/// agreed or threatened, what one will not grant is refused, signed pacts are diplomatic cooperation, blockade and occupation are force,
/// verdicts are accusations, sanctions coercion.
fn as_the_set_codes(doc: &Doc, happening: &Happening) -> Option<EventType> {
    use EventType as T;
    let kind = happening.kind?;
    let entry = happening.why.first().map_or("", |why| why.trim_start_matches("trigger: "));
    let child = |words: &[&str]| doc.children(happening.anchor).any(|child| words.contains(&doc.lemma(child)));
    let negated = doc.children(happening.anchor).any(|child| doc.dep(child) == "neg");
    let head = doc.head(happening.anchor);
    let meant = child(&["will", "shall", "ll"])
        || child(&["would"])
        || (doc.dep(happening.anchor) == "xcomp"
            && ["ready", "willing", "plan", "prepare", "intend", "decide", "set", "due"].contains(&doc.lemma(head)));
    let friendly = matches!(kind, T::Aid | T::Cooperate | T::Concede | T::Retreat | T::Consult | T::Support);
    let hostile = matches!(kind, T::Sanction | T::Coerce | T::Assault | T::Mobilize);
    if negated && (friendly || kind == T::Agree) {
        return Some(T::Reject);
    }
    if meant && friendly {
        return Some(T::Agree);
    }
    if meant && hostile {
        return Some(T::Threaten);
    }
    Some(match (kind, entry) {
        (T::Agree, "sign-pact" | "pact") => T::Support,
        (T::Cooperate, "establish-relations") => T::Support,
        (T::Coerce, "seize-place" | "place-falls" | "advance") => T::Assault,
        (T::Coerce, "restrict") if doc.lemma(happening.trigger) == "blockade" => T::Assault,
        (T::Sanction, "convict") => T::Accuse,
        (T::Sanction, "sanction" | "impose-sanctions") => T::Coerce,
        _ => kind,
    })
}

/// How well the happening is one that `source` does to `target`.
fn fit(doc: &Doc, all: &[Happening], happening: &Happening, source: &[usize], target: &[usize]) -> i32 {
    let among = |roles: &[Role], tokens: &[usize]| {
        happening.arguments.iter().any(|argument| {
            roles.contains(&argument.role)
                && (tokens.contains(&argument.head)
                    || tokens.iter().any(|&token| doc.head(token) == argument.head && doc.dep(token) == "poss"))
        })
    };
    let below = |token: usize| doc.is_below(token, happening.anchor);
    let mut score = 0;
    if among(&[Role::Actor], source) {
        score += 40;
    } else if among(&[Role::Recipient], source) {
        score -= 15;
    }
    if among(&[Role::Recipient, Role::Theme, Role::Place], target) {
        score += 30;
    } else if target.iter().any(|&token| below(token)) {
        score += 18;
    } else if among(&[Role::Actor], target) {
        score -= 5;
    }
    if source.contains(&happening.trigger) || target.contains(&happening.trigger) {
        score -= 25;
    }
    // *Threatened to shell X*: the threat is what is done.
    let under_speech = doc.ancestors(happening.anchor).take(6).any(|at| {
        all.iter().any(|other| {
            other.trigger == at
                && matches!(other.kind, Some(EventType::Threaten | EventType::Reject | EventType::Agree | EventType::Request))
                && other.heads(Role::Actor).any(|head| source.contains(&head))
        })
    });
    if under_speech && matches!(doc.dep(happening.anchor).as_str(), "xcomp" | "ccomp" | "acl" | "pcomp" | "dobj") {
        score -= 25;
    }
    // Nearer the top of the sentence is nearer the point.
    score - 2 * doc.ancestors(happening.anchor).take(8).count() as i32
}
