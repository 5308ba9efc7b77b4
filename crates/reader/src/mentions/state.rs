//! Whether the name of a state or capital acts for its government or is a place, by its grammar.

use dateline_nlp::Doc;

use super::geography::StateForm;
use super::phrase::{governed, preposition};
use super::rules::Rules;
use super::words::Words;

/// What decided; none when the name is a place here.
pub(crate) fn acts(rules: &Rules, doc: &Doc, words: &Words, head: usize, form: StateForm) -> Option<&'static str> {
    let grammar = &rules.grammar;
    let capital = form == StateForm::Capital;
    let (_, dep, governor) = governed(doc, head);
    let verb = words.key(governor);
    let decide = |acts: bool, why: &'static str| acts.then_some(why);
    match dep {
        "nsubj" | "csubj" => decide(!(capital && grammar.undergoing.contains(verb)), "state: subject"),
        "nsubjpass" => decide(!capital || grammar.addressing.contains(verb), "state: subject of a passive"),
        "dobj" | "dative" | "iobj" if doc.pos(governor) != "ADP" => {
            let addressed = grammar.addressing.contains(verb) || grammar.giving.contains(verb);
            if capital {
                return decide(addressed, "state: object of an address");
            }
            decide(addressed || !grammar.reaching.contains(verb) || grammar.striking.contains(verb), "state: object")
        }
        "pobj" => {
            let (prep, above) = preposition(doc, head)?;
            by_preposition(rules, doc, words, capital, words.folded(prep), prep, above)
        }
        "poss" => {
            let owned = words.key(governor);
            if grammar.whereabouts.contains(owned) || rules.directions.contains(owned) {
                return None;
            }
            let named_place = doc.entity_at(governor).is_some_and(|entity| entity.label == "GPE" || entity.label == "LOC");
            decide(!named_place, "state: possessor")
        }
        "compound" | "nmod" | "amod" => {
            let over = words.key(governor);
            decide(grammar.deed.contains(over) || grammar.giving.contains(over), "state: before a deed")
        }
        _ => None,
    }
}

fn by_preposition(
    rules: &Rules,
    doc: &Doc,
    words: &Words,
    capital: bool,
    prep: &str,
    at: usize,
    above: usize,
) -> Option<&'static str> {
    let grammar = &rules.grammar;
    let over = words.key(above);
    if doc.dep(at) == "agent" {
        return Some("state: agent");
    }
    if grammar.locative.contains(prep) {
        return None;
    }
    if grammar.party.contains(prep) {
        let apart = prep == "between" && (rules.grammar.whereabouts.contains(over) || is_line(over));
        return (!apart).then_some("state: party");
    }
    match prep {
        "to" => {
            // Things are sent to a state, people to a place.
            let moves_people = matches!(over, "send" | "dispatch" | "deploy" | "extend")
                && doc
                    .child(above, "dobj")
                    .is_none_or(|object| rules.actors.of(words, super::phrase::base(doc, object), object).is_some());
            (grammar.giving.contains(over)
                && !moves_people
                && !(capital && matches!(over, "send" | "ship" | "deliver" | "extend" | "present")))
            .then_some("state: receiver")
        }
        "for" => (!capital && !matches!(over, "leave" | "depart" | "head" | "embark" | "bind")).then_some("state: beneficiary"),
        "from" => grammar.taking.contains(over).then_some("state: giver"),
        "on" | "upon" => {
            let pressed = matches!(
                over,
                "sanction"
                    | "pressure"
                    | "embargo"
                    | "tariff"
                    | "impose"
                    | "criticism"
                    | "dependence"
                    | "dependent"
                    | "depend"
                    | "rely"
                    | "reliance"
                    | "call"
                    | "spy"
                    | "declare"
                    | "war"
                    | "blame"
                    | "pressurise"
                    | "attitude"
                    | "policy"
            );
            let struck = matches!(over, "attack" | "assault" | "strike" | "aggression" | "airstrike" | "raid" | "invasion");
            (pressed || (struck && !capital)).then_some("state: target")
        }
        "of" => {
            if !grammar.deed.contains(over) {
                return None;
            }
            let physical = matches!(
                over,
                "bombardment"
                    | "attack"
                    | "assault"
                    | "offensive"
                    | "strike"
                    | "airstrike"
                    | "occupation"
                    | "blockade"
                    | "invasion"
                    | "annexation"
                    | "defense"
                    | "defence"
                    | "control"
                    | "war"
                    | "part"
                    | "use"
            );
            (!(capital && physical)).then_some("state: party to a deed")
        }
        "about" | "like" | "than" | "including" => (!capital && prep != "including").then_some("state: topic"),
        _ => None,
    }
}

/// Things that run between two places.
fn is_line(noun: &str) -> bool {
    matches!(
        noun,
        "border"
            | "road"
            | "highway"
            | "route"
            | "flight"
            | "distance"
            | "line"
            | "area"
            | "land"
            | "frontier"
            | "corridor"
            | "way"
            | "train"
            | "bridge"
            | "ferry"
            | "crossing"
            | "travel"
            | "fly"
            | "shuttle"
            | "territory"
            | "lie"
            | "buffer"
            | "zone"
            | "strait"
            | "sea"
    )
}
