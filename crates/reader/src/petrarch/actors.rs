//! Actor dictionaries: names with codes that hold for some time.

use dateline_record::Date;

use super::Skipped;
use super::lines::{codes, lines};
use crate::mentions::NameIndex;

/// A code and the days between which it holds, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Dated {
    code: String,
    from: Option<Date>,
    to: Option<Date>,
}

/// An actor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Actor {
    pub(super) line: usize,
    /// Where no dated code holds.
    default: Option<String>,
    dated: Vec<Dated>,
}

impl Actor {
    /// Its code on a day; without a day, the one that needs none.
    pub(super) fn code(&self, day: Option<Date>) -> Option<&str> {
        let holds = |dated: &&Dated, day: Date| dated.from.is_none_or(|from| from <= day) && dated.to.is_none_or(|to| day <= to);
        let dated = day.and_then(|day| self.dated.iter().find(|dated| holds(dated, day))).map(|dated| dated.code.as_str());
        dated.or(self.default.as_deref()).filter(|code| *code != "---")
    }
}

/// All actors, by name.
#[derive(Debug, Default)]
pub(super) struct Actors {
    pub(super) all: Vec<Actor>,
    pub(super) names: NameIndex,
    pub(super) count: usize,
}

impl Actors {
    /// Adds a file's actors; of two with one name the later counts.
    pub(super) fn add(&mut self, text: &str, skipped: &mut Vec<Skipped>) {
        // The actor whose lines are being read, and its names.
        let mut open: Option<(Actor, Vec<String>)> = None;
        for line in lines(text, skipped) {
            if line.text == "###" {
                continue;
            }
            if let Err(why) = self.take(&line.text, line.number, &mut open) {
                skipped.push(Skipped { line: line.number, why });
            }
        }
        self.close(open.take());
    }

    fn take(&mut self, text: &str, number: usize, open: &mut Option<(Actor, Vec<String>)>) -> Result<(), String> {
        let (name, codes) = codes(text)?;
        if !name.is_empty() {
            let synonym = name.strip_prefix('+');
            let name = title(synonym.unwrap_or(&name)).ok_or_else(|| format!("`{name}` is no name"))?;
            match (synonym, open.as_mut()) {
                (Some(_), Some((_, names))) => names.push(name),
                (Some(_), None) => return Err("a synonym before any name".to_owned()),
                (None, _) => {
                    self.close(open.take());
                    *open = Some((Actor { line: number, ..Actor::default() }, vec![name]));
                }
            }
        }
        let (actor, _) = open.as_mut().ok_or("a code before any name")?;
        for code in codes {
            let dated = dated(code)?;
            if dated.from.is_none() && dated.to.is_none() {
                actor.default.get_or_insert(dated.code);
            } else {
                actor.dated.push(dated);
            }
        }
        Ok(())
    }

    fn close(&mut self, open: Option<(Actor, Vec<String>)>) {
        let Some((actor, names)) = open else { return };
        for name in &names {
            self.names.add(name, self.all.len() as u32);
        }
        self.count += names.len();
        self.all.push(actor);
    }
}

/// `BLUE_LANTERN_BRIGADE_` as a name is written: *Blue Lantern Brigade*. One word of up to three letters, or with full stops, is an
/// acronym, which keeps its capitals and is found in capitals only: *US* is not *us*.
fn title(name: &str) -> Option<String> {
    let words = || name.split(['_', ' ', '\t']).filter(|word| !word.is_empty());
    let acronym = |word: &str| word.contains('.') || word.chars().filter(|letter| letter.is_alphabetic()).count() <= 3;
    let mut out = String::with_capacity(name.len());
    if let (Some(only), 1) = (words().next(), words().count())
        && acronym(only)
    {
        out.push_str(only);
    } else {
        for word in words() {
            if !out.is_empty() {
                out.push(' ');
            }
            let mut letters = word.chars();
            out.extend(letters.next());
            out.extend(letters.flat_map(char::to_lowercase));
        }
    }
    (out.chars().any(char::is_alphanumeric) && out.len() <= 200).then_some(out)
}

/// `CODE`, `CODE <DATE`, `CODE >DATE`, `CODE DATE-DATE`.
fn dated(text: &str) -> Result<Dated, String> {
    let (code, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '+' | '/');
    if code.is_empty() || code.len() > 30 || !code.chars().all(fits) {
        return Err(format!("`{text}` is no code of an actor"));
    }
    let dates: String = rest.chars().filter(|letter| !letter.is_whitespace()).collect();
    let day = |text: &str| day(text).ok_or_else(|| format!("`{text}` is no date: YYYYMMDD or YYMMDD is wanted"));
    let (from, to) = match dates.as_str() {
        "" => (None, None),
        other => match (other.strip_prefix('<'), other.strip_prefix('>'), other.split_once('-')) {
            (Some(to), ..) => (None, Some(day(to)?)),
            (_, Some(from), _) => (Some(day(from)?), None),
            (_, _, Some((from, to))) => (Some(day(from)?), Some(day(to)?)),
            _ => return Err(format!("`{other}` is no restriction to a time: `<DATE`, `>DATE` or `DATE-DATE` is wanted")),
        },
    };
    Ok(Dated { code: code.to_owned(), from, to })
}

/// `YYYYMMDD`, or `YYMMDD`, where years up to 30 are of this century (as in PETRARCH).
fn day(text: &str) -> Option<Date> {
    if !text.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i32>().ok();
    let (year, rest) = match text.len() {
        8 => (number(0, 4)?, 4),
        6 => (number(0, 2).map(|year| if year <= 30 { 2000 + year } else { 1900 + year })?, 2),
        _ => return None,
    };
    Date::new(year, number(rest, rest + 2)? as u8, number(rest + 2, rest + 4)? as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "
BLUE_LANTERN_BRIGADE_ [XKXREB] # a sample
+LANTERN_MEN
JON_SAMPLE_
\t[UKRELI < 140601]
\t[UKRGOV 20140601 - 190520]
\t[UKROPP >20190521]
NOBODY [---]
";

    #[test]
    fn ok_codes_hold_for_their_time() {
        let (mut actors, mut skipped) = (Actors::default(), Vec::new());
        actors.add(SAMPLE, &mut skipped);
        assert_eq!((skipped.len(), actors.count, actors.all.len()), (0, 4, 3));
        let [brigade, person, nobody] = &actors.all[..] else { panic!() };
        let on = |actor: &Actor, year, month, day| actor.code(Date::new(year, month, day)).map(str::to_owned);
        assert_eq!(brigade.code(None), Some("XKXREB"));
        assert_eq!(on(person, 2014, 6, 1).as_deref(), Some("UKRELI"), "limits are included, the first that holds counts");
        assert_eq!(on(person, 2016, 1, 1).as_deref(), Some("UKRGOV"));
        assert_eq!(on(person, 2024, 1, 1).as_deref(), Some("UKROPP"));
        assert_eq!((person.code(None), nobody.code(None)), (None, None));
    }

    #[test]
    fn names_are_written_as_text_writes_them() {
        for (given, written) in
            [("BLUE_LANTERN_BRIGADE_", "Blue Lantern Brigade"), ("U.S._", "U.S."), ("PLO", "PLO"), ("IRAN", "Iran")]
        {
            assert_eq!(title(given).as_deref(), Some(written));
        }
    }

    #[test]
    fn err_lines_that_are_none_are_named() {
        let (mut actors, mut skipped) = (Actors::default(), Vec::new());
        actors.add("+A\n[B]\nC [D 2014]\nE [F 20140230]\n___\nG [a b c]\nH [I", &mut skipped);
        let lines: Vec<usize> = skipped.iter().map(|skipped| skipped.line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7], "{skipped:?}");
    }
}
