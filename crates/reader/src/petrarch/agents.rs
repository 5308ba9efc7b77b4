//! Agent dictionaries: nouns that add a role to an actor's code, with their plurals and substitution markers.

use std::collections::HashMap;

use super::Skipped;
use super::lines::{Line, braces, codes, lines, plural};

/// Most nouns that one line may give by its marker.
const MAX_OF_MARKER: usize = 200;

/// A role that a noun gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Agent {
    pub(super) line: usize,
    pub(super) code: String,
    /// The code stands before the actor's: `NGO~`.
    pub(super) leads: bool,
}

/// All agents, by the first word of their phrase.
#[derive(Debug, Default)]
pub(super) struct Agents {
    pub(super) all: Vec<Agent>,
    /// Further words of each phrase, longest first, and the agent.
    pub(super) by_first: HashMap<Box<str>, Vec<(Vec<String>, u32)>>,
}

impl Agents {
    /// Adds a file's agents; of two with one phrase the later counts.
    pub(super) fn add(&mut self, text: &str, skipped: &mut Vec<Skipped>) {
        let lines = lines(text, skipped);
        let mut markers: HashMap<String, Vec<String>> = HashMap::new();
        for line in &lines {
            if let Some((name, words)) = marker(&line.text) {
                markers.insert(name, words);
            }
        }
        for line in lines.iter().filter(|line| line.text != "###" && marker(&line.text).is_none()) {
            if let Err(why) = self.take(line, &markers) {
                skipped.push(Skipped { line: line.number, why });
            }
        }
    }

    fn take(&mut self, line: &Line, markers: &HashMap<String, Vec<String>>) -> Result<(), String> {
        let (plain, codes) = codes(&line.text)?;
        let code = codes.first().ok_or("an agent without a code")?.trim();
        let (leads, bare) = match (code.strip_prefix('~'), code.strip_suffix('~')) {
            (Some(bare), None) => (false, bare),
            (None, Some(bare)) => (true, bare),
            _ => return Err(format!("`{code}` is no code of an agent: `~CODE` or `CODE~` is wanted")),
        };
        if bare.is_empty() || bare.len() > 30 || !bare.chars().all(|letter| letter.is_ascii_alphanumeric()) {
            return Err(format!("`{code}` is no code of an agent"));
        }
        let (phrase, many) = braces(&plain)?;
        if !phrase.chars().any(char::is_alphanumeric) {
            return Err("no noun".to_owned());
        }
        let mut phrases: Vec<String> = Vec::new();
        if let Some((before, rest)) = phrase.split_once('!') {
            let (name, after) = rest.split_once('!').ok_or("a marker that is not closed by `!`")?;
            let words = markers.get(&name.to_lowercase()).ok_or_else(|| format!("there is no marker `!{name}!`"))?;
            phrases.extend(words.iter().map(|word| format!("{before}{word}{after}")));
        } else {
            match many {
                Some("") => {}
                Some(many) => phrases.push(many.to_owned()),
                None => phrases.push(plural(&phrase.to_lowercase())),
            }
            phrases.push(phrase);
        }
        let at = self.all.len() as u32;
        let mut entered = false;
        for phrase in phrases.iter().take(MAX_OF_MARKER) {
            let mut words = phrase
                .split(['_', ' ', '\t'])
                .map(|word| word.to_lowercase().replace('.', ""))
                .filter(|word| word.chars().any(char::is_alphanumeric))
                .take(12);
            let Some(first) = words.next() else { continue };
            let rest: Vec<String> = words.collect();
            let list = self.by_first.entry(first.into()).or_default();
            list.retain(|(known, _)| *known != rest);
            let place = list.partition_point(|(known, _)| known.len() > rest.len());
            list.insert(place, (rest, at));
            entered = true;
        }
        if !entered {
            return Err("no noun".to_owned());
        }
        self.all.push(Agent { line: line.number, code: bare.to_owned(), leads });
        Ok(())
    }
}

/// `!PERSON! = MAN, MEN`.
fn marker(text: &str) -> Option<(String, Vec<String>)> {
    let (name, words) = text.strip_prefix('!')?.split_once('!')?;
    let words = words.trim_start().strip_prefix('=')?;
    let words = words.split(',').map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()).collect();
    Some((name.to_lowercase(), words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_plurals_markers_and_codes_on_either_side() {
        let text = "!WATCH! = KEEPER, KEEPERS\nSENTRY [~MIL]\nLAMP!WATCH! [~CVL]\nPOLICE {} [~COP] # none\nGUARD_OF_HONOUR {GUARDS_OF_HONOUR} [~MIL]\nRELIEF_BODY [NGO~]";
        let (mut agents, mut skipped) = (Agents::default(), Vec::new());
        agents.add(text, &mut skipped);
        assert_eq!(skipped, []);
        let mut phrases: Vec<String> = agents
            .by_first
            .iter()
            .flat_map(|(first, list)| list.iter().map(move |(rest, _)| format!("{first} {}", rest.join(" ")).trim().to_owned()))
            .collect();
        phrases.sort();
        let wanted = [
            "guard of honour",
            "guards of honour",
            "lampkeeper",
            "lampkeepers",
            "police",
            "relief bodies",
            "relief body",
            "sentries",
            "sentry",
        ];
        assert_eq!(phrases, wanted);
        assert!(agents.all[4].leads && !agents.all[0].leads);
    }

    #[test]
    fn err_lines_that_are_none_are_named() {
        let (mut agents, mut skipped) = (Agents::default(), Vec::new());
        agents.add("A\nB [MIL]\nC [~]\nD!X! [~MIL]\nE {F [~MIL]\n_ [~MIL]\nG!H [~MIL]", &mut skipped);
        let lines: Vec<usize> = skipped.iter().map(|skipped| skipped.line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7], "{skipped:?}");
    }
}
