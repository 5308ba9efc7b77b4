//! Who does what to whom, from the tree alone: voice undone, relative clauses, participles, coordination, raising and control followed.
//!
//! Every walk is bounded: parses of broken text may be as deep as they are long.

use dateline_nlp::Doc;

/// How far a search climbs from clause to clause.
const MAX_CLIMB: usize = 8;
/// How many conjuncts of one phrase are arguments.
const MAX_CONJUNCTS: usize = 12;

/// True when the verb is passive: it has a passive subject or auxiliary, or is a bare past participle after a noun or beside a
/// passive verb that it shares its auxiliary with.
pub(crate) fn is_passive(doc: &Doc, verb: usize) -> bool {
    let mut own_subject = false;
    for child in doc.children(verb) {
        match doc.dep(child).as_str() {
            "nsubjpass" | "auxpass" | "csubjpass" => return true,
            "nsubj" | "aux" => own_subject = true,
            _ => {}
        }
    }
    if doc.tag(verb) != "VBN" || own_subject || runs_on(doc, verb) {
        return false;
    }
    match doc.dep(verb).as_str() {
        "acl" | "amod" | "relcl" | "advcl" | "oprd" | "pcomp" => true,
        "conj" => {
            let head = doc.head(verb);
            doc.tag(head) == "VBN" && doc.children(head).any(|child| matches!(doc.dep(child).as_str(), "nsubjpass" | "auxpass"))
        }
        _ => false,
    }
}

/// The object of a gerund that the parse takes for an adjective: *aimed at neutralizing enemy forces*.
pub(crate) fn gerund_object(doc: &Doc, verb: usize) -> Option<usize> {
    let object = doc.head(verb);
    let gerund = doc.dep(verb) == "amod" && doc.tag(verb) == "VBG" && verb > 0;
    (gerund && doc.dep(object) == "pobj" && doc.head(object) == verb - 1).then_some(object)
}

/// The noun for taking part that a deed's noun hangs under: *their participation in the fighting*, *the role of X in the raid*.
pub(crate) fn part_taken(doc: &Doc, noun: usize) -> Option<usize> {
    let preposition = doc.head(noun);
    let part = doc.head(preposition);
    let taken = doc.dep(noun) == "pobj" && doc.word(preposition) == "in" && doc.pos(part) == "NOUN";
    let word =
        matches!(doc.lemma(part), "participation" | "involvement" | "role" | "part" | "complicity" | "engagement" | "hand");
    (taken && word).then_some(part)
}

/// *Has flown 800 missions, conducted 200 raids and …*: a participle with an object of its own after a comma goes on with the clause that holds
/// the noun under which the parse hung it.
fn runs_on(doc: &Doc, verb: usize) -> bool {
    doc.dep(verb) == "acl"
        && matches!(doc.tag(verb).as_str(), "VBN" | "VBD")
        && doc.child(verb, "dobj").is_some_and(|object| object > verb)
        && verb > 0
        && doc.word(verb - 1) == ","
}

/// Appends `head` and what is joined to it by *and*, in text order, at most a dozen.
pub(crate) fn with_conjuncts(doc: &Doc, head: usize, out: &mut Vec<usize>) {
    let first = out.len();
    out.push(head);
    let mut at = first;
    while at < out.len() && out.len() - first < MAX_CONJUNCTS {
        let token = out[at];
        for child in doc.children(token) {
            if doc.dep(child) == "conj" || (doc.dep(child) == "appos" && is_list_item(doc, child, token)) {
                out.push(child);
            }
        }
        at += 1;
    }
}

/// spaCy often labels the second member of a list of names as an apposition; with an *and* further right it is a list.
fn is_list_item(doc: &Doc, token: usize, head: usize) -> bool {
    doc.pos(token) == doc.pos(head) && doc.children(token).any(|child| doc.dep(child) == "cc")
}

fn is_relative_pronoun(doc: &Doc, token: usize) -> bool {
    matches!(doc.tag(token).as_str(), "WDT" | "WP" | "WP$")
        && matches!(doc.word(token), "who" | "whom" | "which" | "that" | "Who" | "Which")
}

/// The noun that a relative clause's pronoun stands for.
fn antecedent(doc: &Doc, token: usize) -> usize {
    if is_relative_pronoun(doc, token) {
        let verb = doc.ancestors(token).take(MAX_CLIMB).find(|&at| doc.dep(at) == "relcl");
        if let Some(verb) = verb {
            return doc.head(verb);
        }
    }
    token
}

fn push_phrase(doc: &Doc, head: usize, out: &mut Vec<usize>) {
    let resolved = antecedent(doc, head);
    if resolved == head {
        with_conjuncts(doc, head, out);
    } else {
        out.push(resolved);
    }
}

/// Objects of the prepositions `prep` under `token`, with conjuncts; `prep` is compared with the lower-case word.
pub(crate) fn prepositional(doc: &Doc, token: usize, wanted: impl Fn(&str) -> bool, out: &mut Vec<usize>) {
    for child in doc.children(token) {
        if matches!(doc.dep(child).as_str(), "prep" | "agent" | "dative")
            && matches!(doc.pos(child).as_str(), "ADP" | "SCONJ" | "VERB" | "ADV")
        {
            let word = doc.word(child).to_lowercase();
            if wanted(&word) {
                objects_of_preposition(doc, child, out);
            }
        }
    }
}

/// What a preposition governs, with conjuncts; *in front of X*, *on behalf of X* are left alone.
pub(crate) fn objects_of_preposition(doc: &Doc, preposition: usize, out: &mut Vec<usize>) {
    for object in doc.children(preposition) {
        match doc.dep(object).as_str() {
            "pobj" => push_phrase(doc, object, out),
            // *attacks on X and on Y*
            "conj" if doc.pos(object) == "ADP" => {
                for inner in doc.children(object).filter(|&inner| doc.dep(inner) == "pobj") {
                    push_phrase(doc, inner, out);
                }
            }
            _ => {}
        }
    }
}

/// The agent of a passive: what *by* governs.
pub(crate) fn agent(doc: &Doc, verb: usize, out: &mut Vec<usize>) {
    prepositional(doc, verb, |word| word == "by", out);
}

/// Grammatical subject of the verb as it stands (the patient of a passive), found through sharing, control and relative clauses.
pub(crate) fn surface_subject(doc: &Doc, verb: usize) -> Vec<usize> {
    let mut out = Vec::new();
    climb(doc, verb, &mut out);
    out
}

fn own_subject(doc: &Doc, verb: usize, out: &mut Vec<usize>) -> bool {
    let before = out.len();
    for child in doc.children(verb) {
        if matches!(doc.dep(child).as_str(), "nsubj" | "nsubjpass") {
            if matches!(doc.tag(child).as_str(), "EX") {
                continue;
            }
            push_phrase(doc, child, out);
        }
    }
    out.len() > before
}

fn climb(doc: &Doc, verb: usize, out: &mut Vec<usize>) {
    let mut at = verb;
    for _ in 0..MAX_CLIMB {
        if own_subject(doc, at, out) || doc.is_root(at) {
            return;
        }
        let head = doc.head(at);
        if gerund_object(doc, at).is_some() {
            at = doc.head(at - 1);
            if !matches!(doc.pos(at).as_str(), "VERB" | "AUX") && !holder(doc, at, out) {
                let Some(up) = governing_verb(doc, at) else { return };
                at = up;
            }
            continue;
        }
        if runs_on(doc, at) {
            let Some(up) = governing_verb(doc, head) else { return };
            at = up;
            continue;
        }
        match doc.dep(at).as_str() {
            // The noun that the participle or relative clause describes.
            "relcl" | "acl" | "amod" if matches!(doc.pos(head).as_str(), "NOUN" | "PROPN" | "PRON") => {
                let infinitive = doc.tag(at) == "VB" && doc.dep(at) != "amod";
                if infinitive || !may_act(doc, head) {
                    if !holder(doc, head, out) {
                        // *a bid to seize X*, *made progress in …*: whoever the clause is about
                        if doc.dep(at) == "acl" && infinitive {
                            let Some(up) = governing_verb(doc, head) else { return };
                            at = up;
                            continue;
                        }
                        out.push(head);
                    }
                } else {
                    out.push(head);
                }
                return;
            }
            "xcomp" | "ccomp" | "oprd" => {
                // Object control: *ordered X to withdraw*; with a passive matrix verb X is its subject already.
                let object = doc.children(head).find(|&child| matches!(doc.dep(child).as_str(), "dobj" | "dative") && child < at);
                if let Some(object) =
                    object.filter(|_| doc.lemma(head) != "promise" && doc.dep(at) != "ccomp" && is_bare_or_to(doc, at))
                {
                    push_phrase(doc, object, out);
                    return;
                }
                // *Called on the president to resign*
                if asked(doc, head, at, out) {
                    return;
                }
                if doc.dep(at) == "ccomp" && doc.tag(at) != "VBG" && doc.tag(at) != "VB" {
                    return;
                }
                at = head;
            }
            "pcomp" => {
                let governor = doc.head(head);
                if governor == head {
                    return;
                }
                if matches!(doc.pos(governor).as_str(), "NOUN" | "PROPN") {
                    if holder(doc, governor, out) {
                        return;
                    }
                    let Some(up) = governing_verb(doc, governor) else { return };
                    at = up;
                } else {
                    // *accused X of bombing*, *prevent X from entering*, *praised X for freeing*
                    let by_object = matches!(doc.word(head), "of" | "for" | "from" | "into");
                    let object = doc.child(governor, "dobj").filter(|&object| by_object && object < head && may_act(doc, object));
                    if let Some(object) = object {
                        push_phrase(doc, object, out);
                        return;
                    }
                    at = governor;
                }
            }
            "advcl" if asked(doc, head, at, out) => return,
            "conj" | "advcl" | "dep" | "prep" | "acomp" | "attr" => at = head,
            _ => return,
        }
    }
}

/// Whoever a preposition's object names that is asked to do what the infinitive says: *called on X to*, *appealed to X to*.
fn asked(doc: &Doc, verb: usize, infinitive: usize, out: &mut Vec<usize>) -> bool {
    if !matches!(doc.lemma(verb), "call" | "appeal" | "plead" | "rely" | "prevail") || !is_bare_or_to(doc, infinitive) {
        return false;
    }
    let before = out.len();
    for preposition in
        doc.children(verb).filter(|&child| child < infinitive && matches!(doc.word(child), "on" | "upon" | "to" | "with"))
    {
        objects_of_preposition(doc, preposition, out);
    }
    out.len() > before
}

/// A verb in *to V* or bare form, as complements of control verbs are.
fn is_bare_or_to(doc: &Doc, verb: usize) -> bool {
    doc.tag(verb) == "VB"
        || doc.children(verb).any(|child| doc.dep(child) == "aux" && doc.tag(child) == "TO")
        || doc.tag(verb) == "VBG"
}

/// Whether a participle after the noun can be its deed: abstract nouns (*decision*, *efforts*) do not act.
fn may_act(doc: &Doc, noun: usize) -> bool {
    !matches!(
        doc.lemma(noun),
        "decision"
            | "effort"
            | "attempt"
            | "plan"
            | "bid"
            | "agreement"
            | "deal"
            | "pact"
            | "campaign"
            | "operation"
            | "move"
            | "order"
            | "right"
            | "ability"
            | "progress"
            | "threat"
            | "promise"
            | "pledge"
            | "vow"
            | "call"
            | "intention"
            | "will"
            | "need"
            | "way"
            | "step"
            | "proposal"
            | "offer"
            | "refusal"
            | "demand"
            | "request"
            | "commitment"
            | "action"
            | "measure"
            | "power"
            | "capacity"
            | "readiness"
            | "willingness"
            | "failure"
            | "chance"
            | "opportunity"
            | "mission"
            | "role"
            | "purpose"
            | "aim"
            | "goal"
            | "time"
            | "day"
            | "statement"
            | "law"
            | "bill"
            | "resolution"
            | "mandate"
            | "invitation"
            | "preparation"
            | "charge"
            | "accusation"
            | "allegation"
    )
}

/// The possessor of a noun: *Russia's decision*, *the army's capture of X*; the nationality or name before it (*U.S. decision*).
pub(crate) fn holder(doc: &Doc, noun: usize, out: &mut Vec<usize>) -> bool {
    let before = out.len();
    for child in doc.children(noun) {
        if doc.dep(child) == "poss" {
            with_conjuncts(doc, child, out);
        }
    }
    if out.len() == before {
        for child in doc.children(noun) {
            if matches!(doc.dep(child).as_str(), "compound" | "amod" | "nmod") && names_a_side(doc, child) {
                with_conjuncts(doc, child, out);
                break;
            }
        }
    }
    out.len() > before
}

/// A nationality, country or organisation before a noun: *Israeli*, *U.S.*, *NATO*.
pub(crate) fn names_a_side(doc: &Doc, token: usize) -> bool {
    doc.word(token).starts_with(char::is_uppercase)
        && (matches!(doc.token(token).entity.as_str(), "NORP" | "GPE" | "ORG")
            || (doc.pos(token) == "PROPN" && doc.token(token).entity.is_none()))
}

/// The verb that a noun hangs under, as subject, object or prepositional object.
pub(crate) fn governing_verb(doc: &Doc, noun: usize) -> Option<usize> {
    doc.ancestors(noun).take(4).find(|&at| matches!(doc.pos(at).as_str(), "VERB" | "AUX"))
}

/// Who does what the verb says: subject of an active, agent of a passive.
pub(crate) fn doer(doc: &Doc, verb: usize) -> Vec<usize> {
    let mut out = Vec::new();
    if is_passive(doc, verb) {
        agent(doc, verb, &mut out);
        if out.is_empty() && doc.dep(verb) == "conj" {
            // *was arrested and jailed by police*: the agent may stand on either
            let head = doc.head(verb);
            if is_passive(doc, head) {
                agent(doc, head, &mut out);
            }
        }
        if out.is_empty() {
            for child in doc.children(verb).filter(|&child| doc.dep(child) == "conj" && doc.tag(child) == "VBN") {
                agent(doc, child, &mut out);
            }
        }
        return out;
    }
    climb(doc, verb, &mut out);
    out
}

/// Whom or what the verb is done to: object of an active, subject of a passive. `shares` allows the object of a coordinated verb.
pub(crate) fn undergoer(doc: &Doc, verb: usize, shares: bool) -> Vec<usize> {
    let mut out = Vec::new();
    if is_passive(doc, verb) {
        if matches!(doc.dep(verb).as_str(), "amod" | "acl") {
            out.push(doc.head(verb));
        } else {
            climb(doc, verb, &mut out);
        }
        return out;
    }
    for child in doc.children(verb).filter(|&child| doc.dep(child) == "dobj") {
        push_phrase(doc, child, &mut out);
    }
    if let Some(object) = gerund_object(doc, verb) {
        push_phrase(doc, object, &mut out);
    }
    // *Helped the people to rebuild*: the parser takes the helped for the subject of what they do.
    if out.is_empty() && doc.lemma(verb) == "help" {
        let helped = doc.children(verb).filter(|&child| child > verb && doc.dep(child) == "ccomp" && doc.tag(child) == "VB");
        for subject in helped.filter_map(|clause| doc.child(clause, "nsubj")) {
            push_phrase(doc, subject, &mut out);
        }
    }
    if out.is_empty() && doc.dep(verb) == "relcl" {
        // Object gap: *the town they captured*
        let own = doc.children(verb).any(|child| doc.dep(child) == "nsubj" && !is_relative_pronoun(doc, child));
        if own {
            out.push(doc.head(verb));
        }
    }
    // *captured and killed two men*: only when the verbs stand side by side.
    let shares = shares && doc.children(verb).any(|child| doc.dep(child) == "cc" && child == verb + 1);
    if out.is_empty() && shares {
        for child in doc.children(verb).filter(|&child| doc.dep(child) == "conj" && child > verb) {
            for object in doc.children(child).filter(|&object| doc.dep(object) == "dobj") {
                push_phrase(doc, object, &mut out);
            }
        }
    }
    out
}

/// Child of `token` with this lemma or lower-case word, in one of the places where the second part of a fixed phrase stands.
pub(crate) fn part(doc: &Doc, token: usize, word: &str) -> Option<usize> {
    doc.children(token).find(|&child| {
        matches!(
            doc.dep(child).as_str(),
            "prt"
                | "prep"
                | "advmod"
                | "dobj"
                | "acomp"
                | "oprd"
                | "attr"
                | "xcomp"
                | "dative"
                | "agent"
                | "pobj"
                | "nsubjpass"
                | "amod"
                | "ccomp"
                | "npadvmod"
                | "neg"
        ) && (doc.lemma(child) == word || doc.word(child).eq_ignore_ascii_case(word))
    })
}
