//! What a person types, as a question to the index that is always well-formed.

use super::words::{folded, words};

/// How many terms of a question are taken; the rest is left out.
const MOST: usize = 40;

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

    /// Only letters, digits and spaces stand between the quotation marks.
    fn expression(&self) -> String {
        format!("\"{}\"{}", self.text, if self.is_prefix { "*" } else { "" })
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

    /// As FTS5 takes it.
    pub(super) fn expression(&self) -> String {
        let any = |terms: &[Term]| terms.iter().map(Term::expression).collect::<Vec<_>>().join(" OR ");
        let all = self.groups.iter().map(|group| format!("({})", any(group))).collect::<Vec<_>>().join(" AND ");
        match self.without.as_slice() {
            [] => all,
            without => format!("({all}) NOT ({})", any(without)),
        }
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

    fn expression(typed: &str) -> String {
        Question::parse(typed).map_or_else(|| "nothing".to_owned(), |question| question.expression())
    }

    #[test]
    fn ok_what_people_type() {
        assert_eq!(expression("drone strike"), r#"("drone") AND ("strike")"#);
        assert_eq!(expression(r#""prisoner of war" Kursk"#), r#"("prisoner of war") AND ("Kursk")"#);
        assert_eq!(expression("capt* -exercise"), r#"(("capt"*)) NOT ("exercise")"#.replace("((\"capt\"*))", "((\"capt\"*))"));
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
                let expression = question.expression();
                let count = db.query_row("SELECT count(*) FROM t WHERE t MATCH ?1", [&expression], |row| row.get::<_, i64>(0));
                prop_assert!(count.is_ok(), "{} gave {} which fails: {:?}", typed, expression, count);
            }
        }
    }
}
