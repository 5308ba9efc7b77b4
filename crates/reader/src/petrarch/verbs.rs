//! Verb dictionaries: synsets, blocks of verbs with their forms and codes, and the patterns of each block.

use std::collections::HashMap;

use super::Skipped;
use super::lines::{Line, braces, codes, lines, plural};

/// Words of one pattern, at most.
const MAX_WORDS: usize = 24;

/// CAMEO codes of a verb or pattern. `[042:043]` says that the source visits and the target hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Code {
    /// What the source does to the target.
    pub(super) forward: Option<String>,
    /// What the target does to the source.
    pub(super) backward: Option<String>,
}

impl Code {
    /// Null: the verb or pattern tells of nothing.
    pub(super) fn is_null(&self) -> bool {
        self.forward.is_none() && self.backward.is_none()
    }

    fn parse(text: &str) -> Result<Self, String> {
        let one = |code: &str| match code.trim() {
            "" | "---" => Ok(None),
            code if code.len() <= 8 && code.chars().all(|letter| letter.is_ascii_alphanumeric()) => Ok(Some(code.to_owned())),
            other => Err(format!("`{other}` is no code of an event")),
        };
        let (forward, backward) = text.split_once(':').unwrap_or((text, ""));
        Ok(Self { forward: one(forward)?, backward: one(backward)? })
    }
}

/// A verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verb {
    pub(super) line: usize,
    /// Its forms in lower case; further words follow after `_`: `beef_up`.
    pub(super) forms: Vec<String>,
    pub(super) code: Code,
    pub(super) block: usize,
}

/// A word that a pattern asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// This word, in any form.
    Plain(String),
    /// One of the phrases of a synset, by its index.
    Synset(usize),
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A word.
    Word(Word),
    /// Words one after the other: `DEBT_RELIEF`.
    Run(Vec<Word>),
    /// A noun with words before it in its phrase: `{MOCK ATTACKS}`.
    Phrase(Vec<Word>, Word),
    /// `$`: whoever stands here is the source.
    Source,
    /// `+`: whoever stands here is the target.
    Target,
    /// `%`: whoever stands here is both.
    Both,
    /// `^`: whoever stands here is neither.
    Neither,
}

/// A prepositional phrase: `(BY/WITH &WEAPON)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) prepositions: Vec<String>,
    pub(super) items: Vec<Item>,
}

/// What stands on one side of the verb.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) items: Vec<Item>,
    pub(super) groups: Vec<Group>,
}

/// A pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) before: Side,
    pub(super) after: Side,
    pub(super) code: Code,
    /// How many words it asks for.
    pub(super) weight: usize,
}

/// A phrase of a synset: words one after the other, the last in any form unless `exact`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) words: Vec<String>,
    pub(super) exact: bool,
}

/// What a verb dictionary holds.
#[derive(Clone, Debug, Default)]
pub(super) struct VerbFile {
    pub(super) verbs: Vec<Verb>,
    /// Patterns of each block.
    pub(super) blocks: Vec<Vec<Pattern>>,
    pub(super) synsets: Vec<Vec<Phrase>>,
}

/// Where the reading of a file stands.
#[derive(Default)]
struct State {
    /// Code of the block's header, or of its first verb.
    block_code: Option<Code>,
    /// The header is of the older form, which leaves the code to the first verb.
    older: bool,
    synset: Option<usize>,
}

pub(super) fn parse(text: &str, skipped: &mut Vec<Skipped>) -> VerbFile {
    let lines = lines(text, skipped);
    let mut file = VerbFile::default();
    let names = synsets(&lines, &mut file);
    let mut state = State::default();
    for line in &lines {
        if let Err(why) = file.take(line, &names, &mut state) {
            skipped.push(Skipped { line: line.number, why });
        }
    }
    file
}

/// Reads all synsets first: a pattern may stand before the set that it names.
fn synsets<'t>(lines: &'t [Line], file: &mut VerbFile) -> HashMap<&'t str, usize> {
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut open: Option<(usize, bool)> = None;
    for line in lines {
        if line.text.starts_with('&') {
            let label = line.text.split_whitespace().next().unwrap_or_default();
            // `&AUXVERB_`: none of its phrases has a plural.
            let name = label.trim_end_matches('_');
            let at = *names.entry(name).or_insert_with(|| {
                file.synsets.push(Vec::new());
                file.synsets.len() - 1
            });
            open = Some((at, label.ends_with('_')));
        } else if let (Some(member), Some((at, no_plural))) = (line.text.strip_prefix('+'), open) {
            let exact = no_plural || member.trim_end().ends_with('_');
            let words: Vec<String> =
                member.split(['_', ' ', '\t']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
            if let Some(set) = file.synsets.get_mut(at).filter(|_| !words.is_empty() && words.len() <= MAX_WORDS) {
                // The parse's lemma takes a plural back to its noun; names keep theirs.
                if let (false, Some((last, first))) = (exact, words.split_last()) {
                    let many = first.iter().cloned().chain([plural(last)]).collect();
                    set.push(Phrase { words: many, exact: true });
                }
                set.push(Phrase { words, exact });
            }
        } else {
            open = None;
        }
    }
    names
}

impl VerbFile {
    fn take(&mut self, line: &Line, names: &HashMap<&str, usize>, state: &mut State) -> Result<(), String> {
        let text = line.text.as_str();
        if text.starts_with("---") || text == "###" {
            state.synset = None;
            state.older = text == "###";
            state.block_code = None;
            self.blocks.push(Vec::new());
            if !state.older {
                // `--- NAME [CODE] ---`, where the null code is `[---]`.
                let (_, codes) = codes(text)?;
                state.block_code = Some(codes.first().map_or_else(|| Ok(Code::default()), |code| Code::parse(code))?);
            }
            return Ok(());
        }
        if let Some(rest) = text.strip_prefix('-') {
            let block = self.blocks.last_mut().ok_or("a pattern before any block of verbs")?;
            let pattern = pattern(line.number, rest, names)?;
            block.push(pattern);
            return Ok(());
        }
        if text.starts_with('~') {
            return Err("transformations of verbs are not supported".to_owned());
        }
        if let Some(name) = text.strip_prefix('&') {
            state.synset = names
                .get(format!("&{}", name.split_whitespace().next().unwrap_or_default().trim_end_matches('_')).as_str())
                .copied();
            return Ok(());
        }
        if text.starts_with('+') && state.synset.is_some() {
            return Ok(());
        }
        state.synset = None;
        let (plain, codes) = codes(text)?;
        let (head, forms) = braces(&plain)?;
        let forms = head.split_whitespace().take(1).chain(forms.unwrap_or_default().split_whitespace());
        let forms = forms.map(form).collect::<Result<Vec<_>, _>>()?;
        if head.split_whitespace().nth(1).is_some() {
            return Err("a verb is one word; further words follow after `_`".to_owned());
        }
        if forms.is_empty() {
            return Err("no verb".to_owned());
        }
        let own = codes.first().map(|code| Code::parse(code)).transpose()?;
        if self.blocks.is_empty() {
            self.blocks.push(Vec::new());
        }
        // In older files the code of a block is that of its first verb.
        if state.older && state.block_code.is_none() {
            state.block_code = Some(own.clone().unwrap_or_default());
        }
        let code = own.or_else(|| state.block_code.clone()).unwrap_or_default();
        self.verbs.push(Verb { line: line.number, forms, code, block: self.blocks.len() - 1 });
        Ok(())
    }
}

/// A form of a verb: `GIVE`, `+BEEF_UP`, `RE_+ARREST`.
fn form(text: &str) -> Result<String, String> {
    let parts: Vec<String> = text.split('_').filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    let verb = parts.iter().position(|part| part.starts_with('+')).unwrap_or(0);
    let bare = |part: &String| part.trim_start_matches('+').to_owned();
    let sound = |part: &String| {
        let part = part.trim_start_matches('+');
        !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '\'' | '-' | '.'))
    };
    if parts.is_empty() || parts.len() > 6 || !parts.iter().all(sound) {
        return Err(format!("`{text}` is no form of a verb"));
    }
    // What stands before the verb is written together with it: *rearrest*, *wiretap*.
    let mut out: String = parts.iter().take(verb + 1).map(bare).collect();
    for part in parts.iter().skip(verb + 1) {
        out.push('_');
        out.push_str(&bare(part));
    }
    Ok(out)
}

/// `pre * post [CODE]`.
fn pattern(line: usize, text: &str, names: &HashMap<&str, usize>) -> Result<Pattern, String> {
    let (plain, codes) = codes(text)?;
    let code = Code::parse(codes.last().ok_or("a pattern without a code")?)?;
    let (before, after) = plain.split_once('*').ok_or("a pattern without `*` for its verb")?;
    let after = after.trim_start_matches('*');
    if after.contains('*') {
        return Err("a pattern with more than one verb".to_owned());
    }
    let mut weight = 0;
    let (before, after) = (side(before, names, &mut weight)?, side(after, names, &mut weight)?);
    if weight > MAX_WORDS {
        return Err(format!("a pattern of more than {MAX_WORDS} words"));
    }
    Ok(Pattern { line, text: plain.split_whitespace().collect::<Vec<_>>().join(" "), before, after, code, weight })
}

fn side(text: &str, names: &HashMap<&str, usize>, weight: &mut usize) -> Result<Side, String> {
    if text.contains('|') {
        return Err("alternatives divided by `|` are not supported: a synset does it".to_owned());
    }
    let spaced: String = text.chars().fold(String::with_capacity(text.len() + 8), |mut out, letter| {
        if matches!(letter, '(' | ')' | '{' | '}') {
            out.push(' ');
            out.push(letter);
            out.push(' ');
        } else {
            out.push(letter);
        }
        out
    });
    let mut side = Side::default();
    let mut group: Option<Group> = None;
    let mut words = spaced.split_whitespace();
    while let Some(word) = words.next() {
        match word {
            "(" => {
                let prepositions =
                    words.next().filter(|word| !matches!(*word, ")" | "(" | "{" | "}")).ok_or("`(` without a preposition")?;
                if group.is_some() {
                    return Err("`(…)` within `(…)` is not supported".to_owned());
                }
                *weight += 1;
                group = Some(Group { prepositions: prepositions.split('/').map(str::to_lowercase).collect(), items: Vec::new() });
            }
            ")" => side.groups.push(group.take().ok_or("`)` without `(`")?),
            "}" => return Err("`}` without `{`".to_owned()),
            _ => {
                let item = item(word, &mut words, names, weight)?;
                group.as_mut().map_or(&mut side.items, |group| &mut group.items).push(item);
            }
        }
    }
    if group.is_some() {
        return Err("`(` without `)`".to_owned());
    }
    Ok(side)
}

fn item<'w>(
    word: &str,
    words: &mut impl Iterator<Item = &'w str>,
    names: &HashMap<&str, usize>,
    weight: &mut usize,
) -> Result<Item, String> {
    let mut one = |word: &str| {
        *weight += 1;
        if word.starts_with('&') {
            let name = word.trim_end_matches('_');
            return names.get(name).map(|&at| Word::Synset(at)).ok_or_else(|| format!("there is no synset `{name}`"));
        }
        if word.contains(['&', '$', '+', '%', '^', '{', '}', '(', ')']) {
            return Err(format!("`{word}` is neither a word nor a sign"));
        }
        Ok(Word::Plain(word.to_lowercase()))
    };
    match word {
        "$" => return Ok(Item::Source),
        "+" => return Ok(Item::Target),
        "%" => return Ok(Item::Both),
        "^" => return Ok(Item::Neither),
        "{" => {
            let mut inside: Vec<Word> = Vec::new();
            loop {
                match words.next() {
                    Some("}") => break,
                    Some(word) => {
                        for part in word.split('_').filter(|part| !part.is_empty()) {
                            inside.push(one(part)?);
                        }
                    }
                    None => return Err("`{` without `}`".to_owned()),
                }
            }
            let head = inside.pop().ok_or("`{}` with nothing in it")?;
            return Ok(Item::Phrase(inside, head));
        }
        _ => {}
    }
    if word.starts_with('&') {
        return Ok(Item::Word(one(word)?));
    }
    let mut parts: Vec<Word> = word.split('_').filter(|part| !part.is_empty()).map(&mut one).collect::<Result<_, _>>()?;
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => Ok(Item::Word(only)),
        (Some(last), false) => {
            parts.push(last);
            Ok(Item::Run(parts))
        }
        (None, _) => Err(format!("`{word}` is no word")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "
&GUN_SET
+MORTAR
+HEAVY_GUN
+FIRE_

--- HAUL [070] ---
HAUL
LUG {LUGS LUGGING LUGGED} [071]
+CART_OFF
RE_+HAUL
- * (TO BORDER) [154]
- {RELIEF TRUCK} * &GUN_SET + [:173]
- * OVER_TO $ (BY/WITH &GUN_SET) [042:043] # note

### REST ###
REST [010]
PAUSE
- ** AFTER [---]
";

    #[test]
    fn ok_blocks_synsets_and_patterns() {
        let mut skipped = Vec::new();
        let file = parse(SAMPLE, &mut skipped);
        assert_eq!(skipped, []);
        let verbs: Vec<(&str, Option<&str>, usize)> =
            file.verbs.iter().map(|verb| (verb.forms[0].as_str(), verb.code.forward.as_deref(), verb.block)).collect();
        let wanted = [
            ("haul", Some("070"), 0),
            ("lug", Some("071"), 0),
            ("cart_off", Some("070"), 0),
            ("rehaul", Some("070"), 0),
            ("rest", Some("010"), 1),
            ("pause", Some("010"), 1),
        ];
        assert_eq!(verbs, wanted);
        assert_eq!(file.synsets[0].len(), 5, "{:?}", file.synsets);
        let [border, truck, over] = &file.blocks[0][..] else { panic!("{:?}", file.blocks) };
        assert_eq!((border.weight, border.after.groups[0].prepositions.as_slice()), (2, &["to".to_owned()][..]));
        assert_eq!(truck.before.items, [Item::Phrase(vec![Word::Plain("relief".to_owned())], Word::Plain("truck".to_owned()))]);
        assert_eq!(truck.after.items, [Item::Word(Word::Synset(0)), Item::Target]);
        assert_eq!((truck.code.forward.as_deref(), truck.code.backward.as_deref()), (None, Some("173")));
        assert_eq!(over.after.items.len(), 2);
        assert_eq!(over.after.groups[0].prepositions, ["by", "with"]);
        assert!(file.blocks[1][0].code.is_null());
    }

    #[test]
    fn err_what_is_not_understood_is_named_by_its_line() {
        let text = "- * OUT [010]\n--- A [010] ---\nGO {WENT\nGO AWAY\n- OUT [010]\n- * OUT\n- * (TO [010]\n- * {X | Y} [010]\n- * &NONE [010]\n\
                    ~ a (b) = c\n- * [a b]\nGO";
        let mut skipped = Vec::new();
        let file = parse(text, &mut skipped);
        let lines: Vec<usize> = skipped.iter().map(|skipped| skipped.line).collect();
        assert_eq!(lines, [1, 3, 4, 5, 6, 7, 8, 9, 10, 11], "{skipped:?}");
        assert_eq!(file.verbs.len(), 1);
    }
}
