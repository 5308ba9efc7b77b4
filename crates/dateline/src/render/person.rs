//! Which people a summary does not name.
//!
//! The Third Geneva Convention (Article 13) protects prisoners of war from public curiosity, and the same decency is owed to the
//! wounded, the dead and to people who hold no office. A summary gives such a person as the text describes them without the name
//! (*the soldier*), or by what is known of them (*a person, military, PRK*).

use std::collections::HashSet;

use super::wording::one_line;
use dateline_record::{Claim, Entity, EntityId, EntityKind, EventType, QuantityRole, Reading};

/// Stands in a summary where the words that it repeats hold the name of somebody who is protected (*a video of …*).
const WITHHELD: &str = "…";

/// People whose names are kept out of summaries.
#[derive(Clone, Debug)]
pub(crate) struct Protected {
    people: HashSet<EntityId>,
    /// Their names as the text has them, longest first.
    names: Vec<String>,
}

impl Protected {
    pub(crate) fn of(reading: &Reading) -> Self {
        let harmed: HashSet<EntityId> = reading
            .claims
            .iter()
            .filter(|claim| harms(claim))
            .flat_map(|claim| &claim.recipient)
            .map(|filler| filler.entity)
            .collect();
        let people = || {
            let people = reading.entities.iter().filter(|entity| entity.kind == EntityKind::Actor && entity.person);
            people.filter(|entity| entity.title.is_none() || harmed.contains(&entity.id))
        };
        let mut names: Vec<String> = people()
            .flat_map(|person| person.mentions.iter().map(|mention| mention.text()).chain([person.name.as_str()]))
            .filter(|words| is_name(words))
            .map(one_line)
            .collect();
        names.sort_unstable_by_key(|name| (std::cmp::Reverse(name.len()), name.clone()));
        names.dedup();
        Self { people: people().map(|person| person.id).collect(), names }
    }

    /// Words of the text as a summary may repeat them.
    pub(crate) fn withhold(&self, words: &str) -> String {
        self.masked(&one_line(words))
    }

    /// Headline and text as an index of words may hold them: by the name of somebody protected nothing is found. `None` when they
    /// hold no such name.
    pub(crate) fn indexed(&self, reading: &Reading) -> Option<(String, String)> {
        if self.names.is_empty() {
            return None;
        }
        let document = &reading.document;
        Some((self.masked(document.title.as_deref().unwrap_or_default()), self.masked(&document.text)))
    }

    /// The words with each name of somebody protected left out, and nothing else changed.
    pub(crate) fn masked(&self, words: &str) -> String {
        let mut words = words.to_owned();
        for name in &self.names {
            if words.contains(name.as_str()) {
                words = words.replace(name.as_str(), WITHHELD);
            }
        }
        words
    }

    /// The same for words that a machine read, in capitals or broken over lines as they may stand: letters count, not their case, nor what
    /// stands between words.
    pub(crate) fn masked_loosely(&self, text: &str) -> String {
        let stem = |word: &str| word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).map_or(word, |stem| stem).to_owned();
        let plain =
            |word: &str| stem(word).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        // Words with where they stand.
        let mut words: Vec<(usize, usize, String)> = Vec::new();
        let mut rest = 0;
        for word in text.split_whitespace() {
            let Some(at) = text.get(rest..).and_then(|after| after.find(word)) else { break };
            let (from, to) = (rest + at, rest + at + word.len());
            words.push((from, to, plain(word)));
            rest = to;
        }
        let mut hidden: Vec<(usize, usize)> = Vec::new();
        for name in &self.names {
            let name: Vec<String> = name.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect();
            if name.is_empty() {
                continue;
            }
            for run in words.windows(name.len()) {
                if let (Some(first), Some(last)) = (run.first(), run.last())
                    && run.iter().zip(&name).all(|((_, _, word), part)| word == part)
                {
                    hidden.push((first.0, last.1));
                }
            }
        }
        hidden.sort_unstable();
        let (mut masked, mut at) = (String::with_capacity(text.len()), 0);
        for (from, to) in hidden {
            if from >= at {
                masked.push_str(text.get(at..from).unwrap_or_default());
                masked.push_str(WITHHELD);
            }
            at = at.max(to);
        }
        masked.push_str(text.get(at..).unwrap_or_default());
        masked
    }

    /// Where in a text names of somebody protected stand, in code points, in order and apart.
    pub(crate) fn spans(&self, text: &str) -> Vec<(usize, usize)> {
        let mut bytes: Vec<(usize, usize)> = Vec::new();
        // Longest first: a part of a name that is covered already adds nothing.
        for name in &self.names {
            for (at, _) in text.match_indices(name.as_str()) {
                let end = at + name.len();
                if !bytes.iter().any(|&(from, to)| from < end && at < to) {
                    bytes.push((at, end));
                }
            }
        }
        bytes.sort_unstable();
        let mut spans = Vec::with_capacity(bytes.len());
        let (mut seen, mut points) = (0, 0);
        let mut count = |until: usize| {
            points += text.get(seen..until).unwrap_or_default().chars().count();
            seen = until;
            points
        };
        for (start, end) in bytes {
            spans.push((count(start), count(end)));
        }
        spans
    }

    /// What a summary calls `entity`.
    pub(crate) fn name_of(&self, entity: &Entity) -> String {
        if !self.people.contains(&entity.id) {
            return self.withhold(&entity.name);
        }
        let described = entity.mentions.iter().map(|mention| mention.text()).filter(|words| is_description(words));
        if let Some(words) = described.max_by_key(|words| words.chars().count().min(60)) {
            return one_line(words);
        }
        let mut name = "a person".to_owned();
        let sector = entity.sector.map(|sector| sector.as_str().to_owned());
        let country = entity.country.map(|country| country.to_string());
        for part in [entity.title.clone(), sector, country].into_iter().flatten() {
            name.push_str(", ");
            name.push_str(&part);
        }
        name
    }
}

/// True when whoever suffers it is hors de combat by it, or a victim.
fn harms(claim: &Claim) -> bool {
    matches!(claim.event.kind, Some(EventType::Assault | EventType::Coerce))
        || claim.quantities.iter().any(|count| {
            matches!(count.role, QuantityRole::Killed | QuantityRole::Injured | QuantityRole::Captured | QuantityRole::Missing)
        })
}

/// True for words that describe somebody without a name: they start with a determiner or possessive and all capitals in them
/// stand before the noun, as those of nationalities do (*the first North Korean soldier*).
fn is_description(words: &str) -> bool {
    const DETERMINERS: &[&str] = &["the", "a", "an", "one", "another", "this", "that", "his", "her", "their"];
    let parts: Vec<&str> = words.split_whitespace().collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    parts.len() >= 2
        && parts.len() <= 8
        && !words.contains([',', '(', '"', '“', '«'])
        && DETERMINERS.iter().any(|determiner| determiner.eq_ignore_ascii_case(first))
        && last.chars().all(|c| c.is_lowercase() || c == '-')
}

/// True for words that end in a name. A pronoun at the start of a sentence has a capital too.
fn is_name(words: &str) -> bool {
    const PRONOUNS: &[&str] = &["He", "She", "Him", "Her", "His", "They", "Them", "Their", "Who", "It", "I", "We", "You", "My"];
    let last = words.split_whitespace().last().unwrap_or_default();
    last.chars().next().is_some_and(char::is_uppercase) && last.chars().count() > 1 && !PRONOUNS.contains(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_pronouns() {
        assert!(is_name("Jon Sample") && is_name("Private Sample") && is_name("Łukasz"));
        assert!(!is_name("He") && !is_name("the soldier") && !is_name("him") && !is_name(""));
    }

    #[test]
    fn a_name_that_a_machine_read_is_masked_however_it_stands() {
        let names = vec!["Jon Sample".to_owned(), "Sample".to_owned()];
        let protected = Protected { people: HashSet::new(), names };
        for (text, masked) in [
            ("SAMPLETON\nJON\nSAMPLE, 24", "SAMPLETON\n… 24"),
            ("Here lies Jon  Sample.", "Here lies …"),
            ("sample’s house — ein Wort İ", "… house — ein Wort İ"),
            ("", ""),
        ] {
            assert_eq!(protected.masked_loosely(text), masked);
        }
    }

    #[test]
    fn descriptions_hold_no_names() {
        for words in ["the first North Korean soldier", "The soldier", "a 20-year-old conscript", "his wounded comrade"] {
            assert!(is_description(words), "{words}");
        }
        for words in ["the captured Ri", "Ri Chol", "he", "the gunner, Ri Chol, a conscript", "soldier"] {
            assert!(!is_description(words), "{words}");
        }
    }
}
