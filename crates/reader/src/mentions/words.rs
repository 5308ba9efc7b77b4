//! The words of a document in the forms by which lexicons are looked up, made once a document.

use dateline_nlp::Doc;

/// Folded words and dictionary keys of every token, in one arena.
#[derive(Debug, Default)]
pub(crate) struct Words {
    arena: String,
    /// Start of the folded word, start of the key, end of the key.
    at: Vec<(u32, u32, u32)>,
}

impl Words {
    pub(crate) fn of(doc: &Doc) -> Self {
        let mut words = Self { arena: String::with_capacity(doc.text().len() * 2), at: Vec::with_capacity(doc.len()) };
        let mut singular = String::new();
        for i in 0..doc.len() {
            let start = words.arena.len();
            fold_into(doc.word(i), &mut words.arena);
            let middle = words.arena.len();
            if matches!(doc.pos(i).as_str(), "NOUN" | "VERB" | "AUX") {
                fold_into(doc.lemma(i), &mut words.arena);
            } else {
                let (keep, y) = singular_length(&words.arena[start..middle]);
                singular.clear();
                singular.push_str(&words.arena[start..start + keep]);
                words.arena.push_str(&singular);
                if y {
                    words.arena.push('y');
                }
            }
            words.at.push((start as u32, middle as u32, words.arena.len() as u32));
        }
        words
    }

    /// The word in lower case, without full stops, with plain apostrophes.
    pub(crate) fn folded(&self, i: usize) -> &str {
        self.at.get(i).map_or("", |&(start, middle, _)| &self.arena[start as usize..middle as usize])
    }

    /// The dictionary form, singular, lower case.
    pub(crate) fn key(&self, i: usize) -> &str {
        self.at.get(i).map_or("", |&(_, middle, end)| &self.arena[middle as usize..end as usize])
    }
}

fn fold_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(word.bytes().filter(|&byte| byte != b'.').map(|byte| byte.to_ascii_lowercase() as char));
        return;
    }
    for c in word.chars() {
        match c {
            '.' => {}
            '’' | '‘' | 'ʼ' | '`' => out.push('\''),
            _ => out.extend(c.to_lowercase()),
        }
    }
}

/// The folded form of one word.
pub(crate) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold_into(word, &mut out);
    out
}

/// How many bytes of a folded word are its singular, and whether a *y* follows (*authorities*).
fn singular_length(word: &str) -> (usize, bool) {
    let n = word.len();
    if n < 4 || !word.ends_with('s') {
        return (n, false);
    }
    if word.ends_with("ies") && n > 4 {
        return (n - 3, true);
    }
    if ["sses", "shes", "ches", "xes"].iter().any(|end| word.ends_with(end)) {
        return (n - 2, false);
    }
    if ["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        return (n, false);
    }
    (n - 1, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_dots_case_and_apostrophes() {
        assert_eq!(fold("U.S."), "us");
        assert_eq!(fold("Da’esh"), "da'esh");
    }

    #[test]
    fn singulars_of_names() {
        let singular = |word: &str| {
            let (keep, y) = singular_length(word);
            format!("{}{}", &word[..keep], if y { "y" } else { "" })
        };
        assert_eq!(singular("forces"), "force");
        assert_eq!(singular("authorities"), "authority");
        assert_eq!(singular("corps"), "corp");
        assert_eq!(singular("congress"), "congress");
    }
}
