//! Lines of a dictionary without its comments: `# …`, `; …`, `<!-- … -->` over any number of lines, and lines that begin with `<!`.

use super::Skipped;

/// A line that holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Counted from 1.
    pub(super) number: usize,
    /// What it holds, without comments and white space around it; `###` alone for a line that begins with three of them, which divides
    /// blocks in older verb dictionaries.
    pub(super) text: String,
}

/// The lines that hold something.
pub(super) fn lines(text: &str, skipped: &mut Vec<Skipped>) -> Vec<Line> {
    let mut out = Vec::new();
    // Where a comment that is open began.
    let mut open: Option<usize> = None;
    for (at, raw) in text.lines().enumerate() {
        let number = at + 1;
        let mut kept = String::new();
        let mut rest = raw;
        loop {
            if open.is_some() {
                let Some((_, after)) = rest.split_once("-->") else { break };
                open = None;
                rest = after;
            }
            let Some((before, after)) = rest.split_once("<!--") else {
                kept.push_str(rest);
                break;
            };
            kept.push_str(before);
            open = Some(number);
            rest = after;
        }
        let divides = kept.trim_start().starts_with("###");
        let plain =
            if kept.trim_start().starts_with("<!") { "" } else { kept.split(['#', ';']).next().unwrap_or_default().trim() };
        if divides {
            out.push(Line { number, text: "###".to_owned() });
        } else if !plain.is_empty() {
            out.push(Line { number, text: plain.to_owned() });
        }
    }
    if let Some(line) = open {
        skipped.push(Skipped { line, why: "a comment begins here that never ends: all that follows is passed over".to_owned() });
    }
    out
}

/// A line without its `[…]`, and what stands in each of them.
pub(super) fn codes(text: &str) -> Result<(String, Vec<&str>), String> {
    let (mut plain, mut codes) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let (inside, behind) = after.split_once(']').ok_or("`[` without `]`")?;
        plain.push_str(before);
        plain.push(' ');
        codes.push(inside.trim());
        rest = behind;
    }
    plain.push_str(rest);
    if plain.contains(']') {
        return Err("`]` without `[`".to_owned());
    }
    Ok((plain.trim().to_owned(), codes))
}

/// A line without its `{…}`, and what stands in it, if it is there.
pub(super) fn braces(text: &str) -> Result<(String, Option<&str>), String> {
    let Some((before, after)) = text.split_once('{') else {
        return if text.contains('}') { Err("`}` without `{`".to_owned()) } else { Ok((text.trim().to_owned(), None)) };
    };
    let (inside, behind) = after.split_once('}').ok_or("`{` without `}`")?;
    if behind.contains(['{', '}']) {
        return Err("more than one `{…}`".to_owned());
    }
    Ok((format!("{before} {behind}").trim().to_owned(), Some(inside.trim())))
}

/// *minister* → *ministers*, *army* → *armies*, *press* → *presses*.
pub(super) fn plural(word: &str) -> String {
    let consonant = |at: usize| word.as_bytes().get(at).is_some_and(|letter| !b"aeiou".contains(letter));
    if let Some(stem) = word.strip_suffix('y').filter(|stem| !stem.is_empty() && consonant(stem.len() - 1)) {
        return format!("{stem}ies");
    }
    let hisses = ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end));
    format!("{word}{}", if hisses { "es" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_all_kinds_are_cut() {
        let text = "# one\nA [B] # two\n<!-- three\nfour --> C ; five\n<! six\n### SEVEN ###\n D <!-- 8 --> E\n<!-- nine";
        let mut skipped = Vec::new();
        let kept: Vec<(usize, String)> = lines(text, &mut skipped).into_iter().map(|line| (line.number, line.text)).collect();
        let wanted = [(2, "A [B]"), (4, "C"), (6, "###"), (7, "D  E")];
        assert_eq!(kept, wanted.map(|(number, text)| (number, text.to_owned())));
        assert_eq!(skipped.len(), 1);
        assert_eq!(skipped[0].line, 8);
    }

    #[test]
    fn codes_and_forms_come_apart_from_the_words() {
        assert_eq!(codes("GO {WENT} [010]").unwrap(), ("GO {WENT}".to_owned(), vec!["010"]));
        assert_eq!(codes("[A <1][B]").unwrap(), (String::new(), vec!["A <1", "B"]));
        assert!(codes("GO [010").is_err() && codes("GO 010]").is_err());
        assert_eq!(braces("GO {WENT GONE}").unwrap(), ("GO".to_owned(), Some("WENT GONE")));
        assert!(braces("GO {WENT").is_err() && braces("GO }").is_err() && braces("{A} {B}").is_err());
    }

    #[test]
    fn plurals_are_spelt_as_english_spells_them() {
        for (one, many) in [("soldier", "soldiers"), ("army", "armies"), ("envoy", "envoys"), ("press", "presses"), ("y", "ys")] {
            assert_eq!(plural(one), many);
        }
    }
}
