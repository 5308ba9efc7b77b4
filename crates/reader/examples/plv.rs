//! Codes the sentences of the `plv` set: what the marked source does to the marked target.
//!
//!     cargo run -p dateline-reader --example plv -- plv-parses.jsonl > predictions.jsonl
//!
//! In: JSON Lines of `{doc, text, source_actor, target_actor, tokens}`, `doc` ending in the row's number. Out: `{row, root}`.
//! With `--why` also the trigger, its entry and its arguments.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};

use dateline_nlp::Doc;
use dateline_reader::Lexicons;
use dateline_reader::attribution::Attributions;
use dateline_reader::coreference::Entities;
use dateline_reader::happenings::{self, Happening, Role};
use dateline_reader::mentions::Mentions;
use dateline_record::EventType;

/// Tokens of the first occurrence of `words` in the text.
fn tokens_of(doc: &Doc, words: &str) -> Vec<usize> {
    let Some(start) = doc.text().find(words) else { return Vec::new() };
    let end = start + words.len();
    (0..doc.len()).filter(|&i| (doc.token(i).range.start as usize) < end && (doc.token(i).range.end as usize) > start).collect()
}

/// The set follows the codebook's first edition and CAMEO below it, where some borders run elsewhere than in ours: what one means to do is
/// agreed or threatened, what one will not grant is refused, signed pacts are diplomatic cooperation, blockade and occupation are force,
/// verdicts are accusations, sanctions coercion.
fn as_the_set_codes(doc: &Doc, happening: &Happening) -> Option<EventType> {
    use EventType as T;
    let kind = happening.kind?;
    let entry = happening.why.first().map_or("", |why| why.trim_start_matches("trigger: "));
    let child = |words: &[&str]| doc.children(happening.anchor).any(|child| words.contains(&doc.lemma(child)));
    let negated = doc.children(happening.anchor).any(|child| doc.dep(child) == "neg");
    let head = doc.head(happening.anchor);
    let meant = child(&["will", "shall", "ll"])
        || child(&["would"])
        || (doc.dep(happening.anchor) == "xcomp"
            && ["ready", "willing", "plan", "prepare", "intend", "decide", "set", "due"].contains(&doc.lemma(head)));
    let friendly = matches!(kind, T::Aid | T::Cooperate | T::Concede | T::Retreat | T::Consult | T::Support);
    let hostile = matches!(kind, T::Sanction | T::Coerce | T::Assault | T::Mobilize);
    if negated && (friendly || kind == T::Agree) {
        return Some(T::Reject);
    }
    if meant && friendly {
        return Some(T::Agree);
    }
    if meant && hostile {
        return Some(T::Threaten);
    }
    Some(match (kind, entry) {
        (T::Agree, "sign-pact" | "pact") => T::Support,
        (T::Cooperate, "establish-relations") => T::Support,
        (T::Coerce, "seize-place" | "place-falls" | "advance") => T::Assault,
        (T::Coerce, "restrict") if doc.lemma(happening.trigger) == "blockade" => T::Assault,
        (T::Sanction, "convict") => T::Accuse,
        (T::Sanction, "sanction" | "impose-sanctions") => T::Coerce,
        _ => kind,
    })
}

/// How well the happening is one that `source` does to `target`.
fn fit(doc: &Doc, all: &[Happening], happening: &Happening, source: &[usize], target: &[usize]) -> i32 {
    let among = |roles: &[Role], tokens: &[usize]| {
        happening.arguments.iter().any(|argument| {
            roles.contains(&argument.role)
                && (tokens.contains(&argument.head)
                    || tokens.iter().any(|&token| doc.head(token) == argument.head && doc.dep(token) == "poss"))
        })
    };
    let below = |token: usize| doc.is_below(token, happening.anchor);
    let mut score = 0;
    if among(&[Role::Actor], source) {
        score += 40;
    } else if among(&[Role::Recipient], source) {
        score -= 15;
    }
    if among(&[Role::Recipient, Role::Theme, Role::Place], target) {
        score += 30;
    } else if target.iter().any(|&token| below(token)) {
        score += 18;
    } else if among(&[Role::Actor], target) {
        score -= 5;
    }
    if source.contains(&happening.trigger) || target.contains(&happening.trigger) {
        score -= 25;
    }
    // *Threatened to shell X*: the threat is what is done.
    let under_speech = doc.ancestors(happening.anchor).take(6).any(|at| {
        all.iter().any(|other| {
            other.trigger == at
                && matches!(other.kind, Some(EventType::Threaten | EventType::Reject | EventType::Agree | EventType::Request))
                && other.heads(Role::Actor).any(|head| source.contains(&head))
        })
    });
    if under_speech && matches!(doc.dep(happening.anchor).as_str(), "xcomp" | "ccomp" | "acl" | "pcomp" | "dobj") {
        score -= 25;
    }
    // Nearer the top of the sentence is nearer the point.
    score - 2 * doc.ancestors(happening.anchor).take(8).count() as i32
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: plv PARSES.jsonl [--why]")?;
    let why = std::env::args().any(|argument| argument == "--why");
    let rules = happenings::Rules::new(&Lexicons::default())?;
    let mut out = std::io::stdout().lock();
    for line in BufReader::new(std::fs::File::open(path)?).lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        let text = line["text"].as_str().unwrap_or_default();
        let row: u64 = line["doc"].as_str().and_then(|name| name.rsplit('-').next()).unwrap_or_default().parse()?;
        let doc = Doc::from_json_tokens(text, &line["tokens"])?;
        let found = happenings::find(&rules, &doc, &Mentions::default(), &Entities::default(), &Attributions::default());
        let source = tokens_of(&doc, line["source_actor"].as_str().unwrap_or_default());
        let target = tokens_of(&doc, line["target_actor"].as_str().unwrap_or_default());
        let best =
            found.all.iter().filter(|happening| happening.kind.is_some()).max_by_key(|happening| {
                (fit(&doc, &found.all, happening, &source, &target), std::cmp::Reverse(happening.trigger))
            });
        let mut answer = serde_json::json!({ "row": row, "root": best.and_then(|happening| as_the_set_codes(&doc, happening)).map(|kind| kind.as_str()) });
        if why {
            answer["gold"] = line["gold_root"].clone();
            answer["text"] = line["text"].clone();
            answer["source"] = line["source_actor"].clone();
            answer["target"] = line["target_actor"].clone();
            answer["all"] = found
                .all
                .iter()
                .map(|happening| {
                    let arguments: Vec<String> = happening
                        .arguments
                        .iter()
                        .map(|argument| format!("{:?}:{}", argument.role, doc.word(argument.head)))
                        .collect();
                    serde_json::json!([
                        doc.word(happening.trigger),
                        happening.kind.map(|kind| kind.as_str()),
                        happening.mode.map(|mode| mode.as_str()),
                        happening.why,
                        arguments,
                        fit(&doc, &found.all, happening, &source, &target)
                    ])
                })
                .collect();
        }
        serde_json::to_writer(&mut out, &answer)?;
        writeln!(out)?;
    }
    Ok(())
}
