//! What a person types, as a question to the index that is always well-formed.

use super::words::{folded, words};
use crate::error::Result;

/// How many terms of a question are taken; the rest is left out.
const MOST: usize = 40;

/// How many words the index weighs.
const LIGHT: usize = 3;

/// A term: a word, the beginning of one, or a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    text: String,
    is_prefix: bool,
}

/// A question: some term of every group, and no term of `without`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Question {
    groups: Vec<Vec<Term>>,
    without: Vec<Term>,
}

/// A term as it was typed.
#[derive(Debug)]
struct Typed {
    text: String,
    is_quoted: bool,
    is_without: bool,
}

/// Cuts at white space and quotation marks; a quotation that is not closed goes to the end.
fn cut(typed: &str) -> Vec<Typed> {
    let mut all = Vec::new();
    let mut rest = typed;
    loop {
        rest = rest.trim_start();
        let without =
            rest.strip_prefix(['-', '−', '–']).filter(|after| after.starts_with(|c: char| !c.is_whitespace() && c != '-'));
        let is_without = without.is_some();
        rest = without.unwrap_or(rest);
        if rest.is_empty() {
            return all;
        }
        let (text, is_quoted, after) = match rest.strip_prefix(['"', '“', '”', '„']) {
            Some(inside) => {
                let end = inside.find(['"', '“', '”']).unwrap_or(inside.len());
                let (text, after) = inside.split_at(end);
                (text, true, after.strip_prefix(['"', '“', '”']).unwrap_or(after))
            }
            None => {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„')).unwrap_or(rest.len());
                let (text, after) = rest.split_at(end);
                (text, false, after)
            }
        };
        all.push(Typed { text: text.to_owned(), is_quoted, is_without });
        rest = after;
    }
}

impl Term {
    fn of(typed: &Typed) -> Option<Self> {
        let is_prefix = !typed.is_quoted && typed.text.ends_with('*');
        let text: Vec<&str> = words(&typed.text).filter_map(|range| typed.text.get(range)).collect();
        (!text.is_empty()).then(|| Self { text: text.join(" "), is_prefix })
    }

    /// The word whose beginning the term ends with, in the forms that the index may have it in.
    fn beginnings(&self) -> Vec<String> {
        let last = self.text.rsplit(' ').next().unwrap_or_default();
        let mut forms = vec![last.to_lowercase(), folded(last)];
        forms.dedup();
        forms.retain(|_| self.is_prefix);
        forms
    }

    /// Only letters, digits and spaces stand between the quotation marks. A beginning is replaced by the words that begin so: for a
    /// beginning as such, the index first makes one list of all places of all of them.
    fn expressions(&self, words: &mut impl FnMut(&str) -> Result<Vec<String>>) -> Result<Vec<String>> {
        let before = self.text.rsplit_once(' ').map_or(String::new(), |(before, _)| format!("{before} "));
        let mut all = Vec::new();
        for beginning in self.beginnings() {
            all.extend(words(&beginning)?.into_iter().map(|word| format!("\"{before}{word}\"")));
        }
        if all.is_empty() {
            all.push(format!("\"{}\"", self.text));
        }
        Ok(all)
    }

    /// True for a single whole word.
    fn is_word(&self) -> bool {
        !self.is_prefix && !self.text.contains(' ')
    }

    /// Its words as the index compares them, and whether the last is only a beginning.
    pub(super) fn folded(&self) -> (Vec<String>, bool) {
        (self.text.split(' ').map(folded).collect(), self.is_prefix)
    }
}

impl Question {
    /// `None` where nothing that should be there is asked for.
    pub(super) fn parse(typed: &str) -> Option<Self> {
        let mut question = Self::default();
        let mut joins = false;
        for typed in cut(typed).into_iter().take(MOST) {
            if !typed.is_quoted && !typed.is_without && typed.text == "OR" {
                joins = !question.groups.is_empty();
                continue;
            }
            let Some(term) = Term::of(&typed) else { continue };
            if typed.is_without {
                question.without.push(term);
                continue;
            }
            match question.groups.last_mut().filter(|_| joins) {
                Some(group) => group.push(term),
                None => question.groups.push(vec![term]),
            }
            joins = false;
        }
        (!question.groups.is_empty()).then_some(question)
    }

    /// As FTS5 takes it. `words` gives the words of the index that begin with some letters.
    pub(super) fn expression(&self, mut words: impl FnMut(&str) -> Result<Vec<String>>) -> Result<String> {
        let mut any = |terms: &[Term]| -> Result<String> {
            let mut all = Vec::new();
            for term in terms {
                all.extend(term.expressions(&mut words)?);
            }
            Ok(format!("({})", all.join(" OR ")))
        };
        let groups = self.groups.iter().map(|group| any(group)).collect::<Result<Vec<_>>>()?;
        let all = groups.join(" AND ");
        match self.without.as_slice() {
            [] => Ok(all),
            without => Ok(format!("({all}) NOT {}", any(without)?)),
        }
    }

    /// True where the index itself can weigh what it finds: it looks through all it has for each term, which for phrases takes long.
    pub(super) fn is_light(&self) -> bool {
        self.wanted().all(Term::is_word) && self.wanted().count() <= LIGHT
    }

    /// The terms that should be there.
    pub(super) fn wanted(&self) -> impl Iterator<Item = &Term> {
        self.groups.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The index has two words that begin with "capt".
    fn known(beginning: &str) -> Result<Vec<String>> {
        Ok(["captain", "captured"].into_iter().filter(|word| word.starts_with(beginning)).map(str::to_owned).collect())
    }

    fn expression(typed: &str) -> String {
        Question::parse(typed).map_or_else(|| "nothing".to_owned(), |question| question.expression(known).unwrap())
    }

    #[test]
    fn ok_what_people_type() {
        assert_eq!(expression("drone strike"), r#"("drone") AND ("strike")"#);
        assert_eq!(expression(r#""prisoner of war" Kursk"#), r#"("prisoner of war") AND ("Kursk")"#);
        assert_eq!(expression("Capt* -exercise"), r#"(("captain" OR "captured")) NOT ("exercise")"#);
        assert_eq!(expression("the-capt* unknown*"), r#"("the captain" OR "the captured") AND ("unknown")"#);
        assert_eq!(expression("tank OR vehicle burned"), r#"("tank" OR "vehicle") AND ("burned")"#);
        assert_eq!(expression("U.S. air-strike"), r#"("U S") AND ("air strike")"#);
        assert_eq!(expression("OR OR or"), r#"("or")"#);
        assert_eq!(expression(r#"open "never closed"#), r#"("open") AND ("never closed")"#);
        assert_eq!(expression("near(a b) title:x ^y {z}"), r#"("near a") AND ("b") AND ("title x") AND ("y") AND ("z")"#);
    }

    #[test]
    fn nothing_to_search_for() {
        for typed in ["", "  ", "-gone", "\"\"", "***", "OR", "-", "--", "\u{0}"] {
            assert_eq!(expression(typed), "nothing", "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn the_index_takes_any_question(typed in r#"([a-zé0-9" *:^()+{}'-]|OR |AND |NOT |NEAR|\PC|\x00){0,40}"#) {
            let db = rusqlite::Connection::open_in_memory().unwrap();
            db.execute_batch("CREATE VIRTUAL TABLE t USING fts5 (a, tokenize = 'unicode61 remove_diacritics 2'); INSERT INTO t VALUES ('a b c')").unwrap();
            if let Some(question) = Question::parse(&typed) {
                let expression = question.expression(known).unwrap();
                let count = db.query_row("SELECT count(*) FROM t WHERE t MATCH ?1", [&expression], |row| row.get::<_, i64>(0));
                prop_assert!(count.is_ok(), "{} gave {} which fails: {:?}", typed, expression, count);
            }
        }
    }
}
