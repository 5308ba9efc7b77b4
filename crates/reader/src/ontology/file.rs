//! From the text of an ontology to its types, triggers and slots; everything that is wrong is said at once.

use std::collections::{BTreeMap, HashMap};

use dateline_record::{Acled, EventType, Mode};
use serde::{Deserialize, Serialize};

use crate::happenings::RawClass;

use super::slots::Slot;
use super::{Example, Ontology, Type, Wants};
use crate::happenings::{RawEntry, Rules};
use crate::lexicon::{LexiconError, Lexicons, SchemeFile};

/// A trigger of this type is a false friend: where it fits, the scheme codes nothing.
const NONE: &str = "none";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    ontology: RawHeader,
    #[serde(rename = "type", default)]
    types: Vec<RawType>,
    #[serde(default)]
    class: BTreeMap<String, RawClass>,
    #[serde(default)]
    trigger: Vec<RawTrigger>,
    #[serde(default)]
    slot: Vec<RawSlot>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHeader {
    name: String,
    version: Option<String>,
    licence: Option<String>,
    /// For people.
    #[serde(default, rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawType {
    name: String,
    #[serde(default)]
    description: String,
    parent: Option<String>,
    plover: Option<String>,
    acled: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTrigger {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    verbs: String,
    #[serde(default)]
    nouns: String,
    #[serde(default)]
    adjectives: String,
    #[serde(default)]
    when: Vec<String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default = "yes")]
    gerund: bool,
    #[serde(default)]
    examples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSlot {
    name: String,
    #[serde(default)]
    types: Vec<String>,
    from: String,
    #[serde(default)]
    when: Vec<String>,
    value: Option<String>,
    #[serde(default)]
    examples: Vec<String>,
}

fn yes() -> bool {
    true
}

/// Classes as the lexicon of classes writes them.
#[derive(Serialize)]
struct ClassLayer<'a> {
    class: &'a BTreeMap<String, RawClass>,
}

pub(super) fn compile(file: &SchemeFile, lexicons: &Lexicons) -> Result<Ontology, LexiconError> {
    let wrong = |messages: Vec<String>| LexiconError::Content { file: file.file.clone(), message: messages.join("\n") };
    let raw: RawFile = toml::from_str(&file.text).map_err(|error| wrong(vec![error.to_string().trim_end().to_owned()]))?;
    let mut faults: Vec<String> = Vec::new();
    if !is_name(&raw.ontology.name) {
        faults.push(format!("[ontology]: `{}` is no name: one word is wanted", raw.ontology.name));
    }
    let (types, codes) = types(&raw.types, &mut faults);
    let names: HashMap<&str, usize> = types.iter().enumerate().map(|(at, kind)| (kind.name.as_str(), at)).collect();
    let (entries, triggers) = triggers(&raw.trigger, &names, &codes, &mut faults);
    let layered = match classes(&raw.class) {
        Some(layer) => lexicons.clone().with_layer("event_classes.toml", &file.file, layer),
        None => lexicons.clone(),
    };
    let rules = match Rules::of_entries(&layered, &entries) {
        Ok(rules) => rules,
        Err(more) => {
            faults.extend(more);
            return Err(wrong(faults));
        }
    };
    let mut examples: Vec<Example> = Vec::new();
    for trigger in &raw.trigger {
        let wants = if trigger.kind == NONE { Wants::Nothing } else { Wants::Type(trigger.kind.clone()) };
        let entry = format!("trigger `{}`", trigger.id);
        let shown = trigger.examples.iter().filter(|text| !text.trim().is_empty());
        examples.extend(shown.map(|text| Example { entry: entry.clone(), text: text.clone(), wants: wants.clone() }));
    }
    let slots = slots(&raw.slot, &names, &rules, &mut examples, &mut faults);
    if !faults.is_empty() {
        return Err(wrong(faults));
    }
    let RawHeader { name, version, licence, _note } = raw.ontology;
    Ok(Ontology { name, version, licence, types, triggers, rules, slots, examples })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

fn classes(classes: &BTreeMap<String, RawClass>) -> Option<String> {
    if classes.is_empty() { None } else { toml::to_string(&ClassLayer { class: classes }).ok() }
}

/// A PLOVER type and perhaps its mode.
fn parse_plover(text: &str) -> Result<String, String> {
    let mut words = text.split_whitespace();
    let kind: EventType = words.next().unwrap_or_default().parse().map_err(|error| format!("{error}"))?;
    let mode = words.next().map(str::parse::<Mode>).transpose().map_err(|error| format!("{error}"))?;
    if let Some(mode) = mode.filter(|mode| !kind.modes().contains(mode)) {
        return Err(format!("{kind} has no mode {mode}"));
    }
    match words.next() {
        Some(more) => Err(format!("`{more}` stands after type and mode")),
        None => Ok(text.to_owned()),
    }
}

/// Types with their crosswalks, and the code of each for the search of happenings.
fn types(raw: &[RawType], faults: &mut Vec<String>) -> (Vec<Type>, Vec<String>) {
    let mut names: HashMap<&str, usize> = HashMap::new();
    for (at, kind) in raw.iter().enumerate() {
        if !is_name(&kind.name) || kind.name == NONE {
            faults.push(format!("type `{}`: that is no name for a type: one word is wanted, not `none`", kind.name));
        }
        if names.insert(&kind.name, at).is_some() {
            faults.push(format!("type `{}`: there are two of this name", kind.name));
        }
    }
    if raw.is_empty() {
        faults.push("no [[type]] at all".to_owned());
    }
    let mut types: Vec<Type> = Vec::with_capacity(raw.len());
    for kind in raw {
        let mut fault = |message: String| faults.push(format!("type `{}`: {message}", kind.name));
        let parent = kind.parent.as_deref().and_then(|parent| {
            let found = names.get(parent).copied();
            if found.is_none() {
                fault(format!("its parent `{parent}` is no type of this file"));
            }
            found
        });
        let plover = kind.plover.as_deref().and_then(|code| parse_plover(code).map_err(&mut fault).ok());
        let acled = kind.acled.as_deref().and_then(|sub| {
            let found = Acled::of_sub_event(sub);
            if found.is_none() {
                fault(format!("`{sub}` is no sub-event type of ACLED"));
            }
            found
        });
        types.push(Type { name: kind.name.clone(), description: kind.description.clone(), parent, plover, acled });
    }
    // A circle of parents has no top; each is named once, at its first member.
    let mut in_circle = vec![false; types.len()];
    for at in 0..types.len() {
        let mut path = vec![at];
        let mut up = types[at].parent;
        while let Some(next) = up.filter(|next| !path.contains(next)) {
            path.push(next);
            up = types[next].parent;
        }
        if up == Some(at) && !in_circle[at] {
            path.iter().for_each(|&member| in_circle[member] = true);
            let circle: Vec<&str> = path.iter().map(|&member| types[member].name.as_str()).collect();
            faults.push(format!("type `{}`: its parents go in a circle: {} → {0}", circle[0], circle.join(" → ")));
        }
    }
    if in_circle.contains(&true) {
        types.iter_mut().for_each(|kind| kind.parent = None);
    }
    for at in 0..types.len() {
        let above = |has: fn(&Type) -> bool| {
            let steps = std::iter::successors(Some(at), |&step| types[step].parent).take(types.len());
            steps.map(|step| &types[step]).find(|kind| has(kind))
        };
        let plover = above(|kind| kind.plover.is_some()).and_then(|kind| kind.plover.clone());
        let acled = above(|kind| kind.acled.is_some()).and_then(|kind| kind.acled.clone());
        types[at].plover = plover;
        types[at].acled = acled;
    }
    let codes = types.iter().map(|kind| kind.plover.clone().unwrap_or_else(|| "other".to_owned())).collect();
    (types, codes)
}

fn triggers(
    raw: &[RawTrigger],
    names: &HashMap<&str, usize>,
    codes: &[String],
    faults: &mut Vec<String>,
) -> (Vec<RawEntry>, HashMap<String, usize>) {
    let mut entries: Vec<RawEntry> = Vec::with_capacity(raw.len());
    let mut of_trigger: HashMap<String, usize> = HashMap::new();
    let mut seen: Vec<&str> = Vec::new();
    for trigger in raw {
        let mut fault = |message: String| faults.push(format!("trigger `{}`: {message}", trigger.id));
        if seen.contains(&trigger.id.as_str()) {
            fault("there are two of this id".to_owned());
        }
        seen.push(&trigger.id);
        if trigger.examples.iter().all(|example| example.trim().is_empty()) {
            fault("it has no example".to_owned());
        }
        let words = [&trigger.verbs, &trigger.nouns, &trigger.adjectives];
        if words.iter().all(|list| list.trim().is_empty()) {
            fault("it has no words: verbs, nouns or adjectives are wanted".to_owned());
        }
        if words.iter().any(|list| list.chars().any(char::is_uppercase)) {
            fault("words are written in lower case, as a dictionary has them".to_owned());
        }
        let code = match names.get(trigger.kind.as_str()) {
            Some(&kind) => {
                of_trigger.insert(trigger.id.clone(), kind);
                codes.get(kind).cloned().unwrap_or_default()
            }
            None if trigger.kind == NONE => NONE.to_owned(),
            None => {
                fault(format!("`{}` is no type of this file", trigger.kind));
                continue;
            }
        };
        entries.push(RawEntry {
            id: trigger.id.clone(),
            verbs: trigger.verbs.clone(),
            nouns: trigger.nouns.clone(),
            adjectives: trigger.adjectives.clone(),
            code,
            when: trigger.when.clone(),
            args: trigger.args.clone(),
            gerund: trigger.gerund,
            examples: trigger.examples.clone(),
        });
    }
    if raw.is_empty() {
        faults.push("no [[trigger]] at all".to_owned());
    }
    (entries, of_trigger)
}

fn slots(
    raw: &[RawSlot],
    names: &HashMap<&str, usize>,
    rules: &Rules,
    examples: &mut Vec<Example>,
    faults: &mut Vec<String>,
) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::with_capacity(raw.len());
    for slot in raw {
        let entry = format!("slot `{}`", slot.name);
        let mut fault = |message: String| faults.push(format!("{entry}: {message}"));
        if !is_name(&slot.name) {
            fault("that is no name: one word is wanted".to_owned());
        }
        let mut types: Vec<usize> = Vec::new();
        for name in &slot.types {
            match names.get(name.as_str()) {
                Some(&kind) => types.push(kind),
                None => fault(format!("`{name}` is no type of this file")),
            }
        }
        let types = (!slot.types.is_empty()).then_some(types);
        let shown: Vec<&String> = slot.examples.iter().filter(|text| !text.trim().is_empty()).collect();
        if shown.is_empty() {
            fault("it has no example".to_owned());
        }
        for example in shown {
            match brackets(example) {
                Ok((text, words)) => {
                    let wants = Wants::Slot { name: slot.name.clone(), words, value: slot.value.clone() };
                    examples.push(Example { entry: entry.clone(), text, wants });
                }
                Err(message) => fault(format!("example `{example}`: {message}")),
            }
        }
        match Slot::new(slot.name.clone(), types, &slot.from, &slot.when, slot.value.clone(), rules) {
            Ok(slot) => slots.push(slot),
            Err(message) => fault(message),
        }
    }
    slots
}

/// An example without its brackets, and the words that stand in them.
fn brackets(example: &str) -> Result<(String, Vec<String>), String> {
    let (mut text, mut words) = (String::with_capacity(example.len()), Vec::new());
    let mut rest = example;
    while let Some((before, after)) = rest.split_once('[') {
        let (inside, behind) = after.split_once(']').ok_or("a bracket stands open")?;
        if inside.is_empty() || before.contains(']') || inside.contains('[') {
            return Err("brackets hold the words that fill the slot, and nothing else".to_owned());
        }
        text.push_str(before);
        text.push_str(inside);
        words.push(inside.to_owned());
        rest = behind;
    }
    if rest.contains(']') {
        return Err("a bracket is closed that was not opened".to_owned());
    }
    if words.is_empty() {
        return Err("the words that fill the slot stand in [brackets]".to_owned());
    }
    text.push_str(rest);
    Ok((text, words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::SchemeKind;

    const SOUND: &str = r#"
        [ontology]
        name = "sample"
        version = "2"
        [[type]]
        name = "harm"
        plover = "ASSAULT"
        acled = "Attack"
        [[type]]
        name = "burning"
        parent = "harm"
        plover = "ASSAULT destroy"
        [class.barn]
        words = "barn granary"
        [[trigger]]
        id = "burn"
        type = "burning"
        verbs = "burn torch"
        when = ["object @barn"]
        examples = ["Raiders burned the barn."]
        [[slot]]
        name = "barn"
        from = "theme object"
        when = ["noun @barn"]
        examples = ["Raiders burned [the barn]."]
    "#;

    fn parse(text: &str) -> Result<Ontology, String> {
        let file = SchemeFile { kind: SchemeKind::Ontology, file: "sample.toml".to_owned(), text: text.to_owned() };
        Ontology::new(&file, &Lexicons::default()).map_err(|error| error.to_string())
    }

    #[test]
    fn ok_types_take_from_those_above_what_they_do_not_say() {
        let ontology = parse(SOUND).unwrap();
        let burning = &ontology.types()[1];
        assert_eq!(burning.plover.as_deref(), Some("ASSAULT destroy"));
        assert_eq!(burning.acled, Acled::of_sub_event("Attack"));
        assert_eq!((ontology.name(), ontology.version(), ontology.slots()), ("sample", Some("2"), vec!["barn"]));
        let slot = Wants::Slot { name: "barn".to_owned(), words: vec!["the barn".to_owned()], value: None };
        assert_eq!(ontology.examples()[1].wants, slot);
        assert_eq!(ontology.examples()[1].text, "Raiders burned the barn.");
    }

    /// The fault that a change of the sound file brings.
    #[track_caller]
    fn fault(from: &str, to: &str) -> String {
        assert!(SOUND.contains(from), "{from}");
        parse(&SOUND.replace(from, to)).unwrap_err()
    }

    #[test]
    fn err_each_fault_names_file_entry_and_reason() {
        for (from, to, said) in [
            ("type = \"burning\"", "type = \"burnin\"", "trigger `burn`: `burnin` is no type of this file"),
            ("examples = [\"Raiders burned the barn.\"]", "", "trigger `burn`: it has no example"),
            ("verbs = \"burn torch\"", "", "trigger `burn`: it has no words"),
            ("burn torch", "Burn", "trigger `burn`: words are written in lower case"),
            ("object @barn", "object @bran", "trigger `burn`: no class `bran`"),
            ("object @barn", "objekt @barn", "trigger `burn`: condition `objekt @barn`: `objekt` is no place to look"),
            ("when = [\"object @barn\"]", "args = [\"object victim\"]", "trigger `burn`: `victim` is no role"),
            ("parent = \"harm\"", "parent = \"ham\"", "type `burning`: its parent `ham` is no type of this file"),
            ("name = \"burning\"", "name = \"harm\"", "type `harm`: there are two of this name"),
            ("ASSAULT destroy", "ASSAULT strike", "type `burning`: ASSAULT has no mode strike"),
            ("ASSAULT destroy", "ATTACK", "type `burning`: `ATTACK` is no PLOVER event type code"),
            ("\"Attack\"", "\"Attacks\"", "type `harm`: `Attacks` is no sub-event type of ACLED"),
            ("name = \"sample\"", "name = \"a sample\"", "[ontology]: `a sample` is no name"),
            ("theme object", "them", "slot `barn`: from `them`: no place to look"),
            ("theme object", "count:kiled", "slot `barn`: from `count:kiled`: no such role"),
            ("noun @barn", "colour red", "slot `barn`: condition `colour red`: `colour` is nothing"),
            ("noun @barn", "noun", "slot `barn`: condition `noun`: what is wanted is missing"),
            ("[the barn]", "the barn", "slot `barn`: example `Raiders burned the barn.`: the words that fill the slot stand in"),
            ("[the barn]", "[the barn", "a bracket stands open"),
            ("version", "versoin", "unknown field `versoin`"),
        ] {
            let error = fault(from, to);
            assert!(error.starts_with("sample.toml: ") && error.contains(said), "{from} → {to}: {error}");
        }
    }

    #[test]
    fn err_parents_in_a_circle_are_named() {
        let error = fault("name = \"harm\"", "name = \"harm\"\nparent = \"burning\"");
        assert_eq!(error, "sample.toml: type `harm`: its parents go in a circle: harm → burning → harm");
    }

    #[test]
    fn err_all_faults_are_said_at_once() {
        let text = SOUND.replace("burn torch", "Burn").replace("[the barn]", "the barn").replace("\"Attack\"", "\"Attacks\"");
        assert_eq!(parse(&text).unwrap_err().lines().count(), 3);
    }
}
