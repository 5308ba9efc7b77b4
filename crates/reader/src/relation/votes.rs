//! Which happening of a sentence is one that the source does to the target, and how a set codes it.

use dateline_nlp::Doc;
use dateline_record::EventType;

use super::Question;
use crate::happenings::{Happening, Role};

/// A happening that may be what the source does to the target.
#[derive(Clone, Copy, Debug)]
pub struct Vote<'a> {
    /// The happening.
    pub happening: &'a Happening,
    /// The root it speaks for.
    pub root: &'static str,
    /// How well it fits the two parties; more is better.
    pub fit: i32,
}

impl Vote<'_> {
    /// The lexicon entry that coded it.
    #[must_use]
    pub fn entry(&self) -> &str {
        entry(self.happening)
    }
}

fn entry(happening: &Happening) -> &str {
    happening.why.first().map_or("", |why| why.trim_start_matches("trigger: "))
}

/// The happenings that have a code, best fit first.
#[must_use]
pub fn votes<'a>(question: &Question<'a>) -> Vec<Vote<'a>> {
    let mut out: Vec<Vote> = question
        .found
        .all
        .iter()
        .filter_map(|happening| {
            let root = match coded(question.doc, happening)? {
                EventType::Concede | EventType::Retreat => "YIELD",
                kind => kind.as_str(),
            };
            Some(Vote { happening, root, fit: fit(question, happening) })
        })
        .collect();
    out.sort_by_key(|vote| (std::cmp::Reverse(vote.fit), vote.happening.trigger));
    out
}

/// Sets of marked sentences follow the codebook's first edition and CAMEO below it, where some borders run elsewhere than in ours: what one
/// means to do is agreed or threatened, what one will not grant is refused, signed pacts are diplomatic cooperation, blockade and occupation
/// are force, verdicts are accusations, sanctions coercion.
fn coded(doc: &Doc, happening: &Happening) -> Option<EventType> {
    use EventType as T;
    let kind = happening.kind?;
    let child = |words: &[&str]| doc.children(happening.anchor).any(|child| words.contains(&doc.lemma(child)));
    let negated = doc.children(happening.anchor).any(|child| doc.dep(child) == "neg");
    let head = doc.head(happening.anchor);
    let meant = child(&["will", "shall", "ll", "would"])
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
    Some(match (kind, entry(happening)) {
        (T::Agree, "sign-pact" | "pact") => T::Support,
        (T::Cooperate, "establish-relations") => T::Support,
        (T::Coerce, "seize-place" | "place-falls" | "advance") => T::Assault,
        (T::Coerce, "restrict") if doc.lemma(happening.trigger) == "blockade" => T::Assault,
        (T::Sanction, "convict") => T::Accuse,
        (T::Sanction, "sanction" | "impose-sanctions") => T::Coerce,
        _ => kind,
    })
}

/// How well the happening is one that the source does to the target.
fn fit(question: &Question, happening: &Happening) -> i32 {
    let Question { doc, found, source, target, .. } = *question;
    let among = |roles: &[Role], tokens: &[usize]| {
        happening.arguments.iter().any(|argument| {
            roles.contains(&argument.role)
                && (tokens.contains(&argument.head)
                    || tokens.iter().any(|&token| doc.head(token) == argument.head && doc.dep(token) == "poss"))
        })
    };
    let mut score = 0;
    if among(&[Role::Actor], source) {
        score += 40;
    } else if among(&[Role::Recipient], source) {
        score -= 15;
    }
    if among(&[Role::Recipient, Role::Theme, Role::Place], target) {
        score += 30;
    } else if target.iter().any(|&token| doc.is_below(token, happening.anchor)) {
        score += 18;
    } else if among(&[Role::Actor], target) {
        score -= 5;
    }
    if source.contains(&happening.trigger) || target.contains(&happening.trigger) {
        score -= 25;
    }
    // *Threatened to shell X*: the threat is what is done.
    let under_speech = doc.ancestors(happening.anchor).take(6).any(|at| {
        found.all.iter().any(|other| {
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
