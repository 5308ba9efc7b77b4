//! Fits the weights of grouping on documents with known chains of mentions: coordinate search, one weight at a time, on the mean of B-cubed F1
//! and pairwise F1 over the triggers that meet a known mention, within documents, averaged over the files.
//!
//!     cargo run --release -p dateline-reader --example tune_grouping -- ROUNDS a.jsonl b.jsonl
//!
//! A line is a report with its parse, as for `read_parsed`, and `chains`: a list of `[start, end, name]` in code points.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::{BufRead, BufReader};

use dateline_nlp::Doc;
use dateline_reader::Lexicons;
use dateline_reader::attribution::{self, Attributions};
use dateline_reader::coreference::{self, Entities};
use dateline_reader::factuality::{self, Held};
use dateline_reader::grouping::{self, Weights};
use dateline_reader::happenings::{self, Happenings};
use dateline_reader::mentions::{self, Mentions};
use dateline_reader::slots::{self, Draft, Scene};
use dateline_record::Report;

/// A document read up to grouping, with the chain of each draft.
struct Ready {
    doc: Doc,
    mentions: Mentions,
    entities: Entities,
    attributions: Attributions,
    happenings: Happenings,
    held: Vec<Held>,
    drafts: Vec<Draft>,
    chains: Vec<Option<String>>,
}

impl Ready {
    fn scene(&self) -> Scene<'_> {
        Scene {
            doc: &self.doc,
            mentions: &self.mentions,
            entities: &self.entities,
            attributions: &self.attributions,
            happenings: &self.happenings,
        }
    }
}

/// Sums for both measures.
#[derive(Default)]
struct Sums {
    precision: f64,
    recall: f64,
    items: f64,
    both: f64,
    found: f64,
    known: f64,
}

fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
}

fn score(weights: &Weights, documents: &[Ready]) -> (f64, f64, f64, f64) {
    let mut sums = Sums::default();
    for ready in documents {
        let groups = grouping::group_with(weights, &ready.scene(), &ready.held, &ready.drafts);
        let mut of: BTreeMap<usize, usize> = BTreeMap::new();
        for (group, found) in groups.iter().enumerate() {
            of.extend(found.drafts.iter().map(|&draft| (draft, group)));
        }
        let items: Vec<(usize, &str)> =
            ready.chains.iter().enumerate().filter_map(|(draft, chain)| Some((*of.get(&draft)?, chain.as_deref()?))).collect();
        for (at, a) in items.iter().enumerate() {
            let (mut both, mut found, mut known) = (0.0, 0.0, 0.0);
            for (other, b) in items.iter().enumerate() {
                let (same_group, same_chain) = (a.0 == b.0, a.1 == b.1);
                both += f64::from(u8::from(same_group && same_chain));
                found += f64::from(u8::from(same_group));
                known += f64::from(u8::from(same_chain));
                if other > at {
                    sums.both += f64::from(u8::from(same_group && same_chain));
                    sums.found += f64::from(u8::from(same_group));
                    sums.known += f64::from(u8::from(same_chain));
                }
            }
            sums.precision += both / found;
            sums.recall += both / known;
            sums.items += 1.0;
        }
    }
    let items = sums.items.max(1.0);
    let (precision, recall) = (sums.both / sums.found.max(1.0), sums.both / sums.known.max(1.0));
    (f1(sums.precision / items, sums.recall / items), f1(precision, recall), precision, recall)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let rounds: usize = args.next().ok_or("usage: tune_grouping ROUNDS FILE…")?.parse()?;
    let lexicons = Lexicons::default();
    let mention_rules = mentions::Rules::new(&lexicons)?;
    let attribution_rules = attribution::Rules::new(&lexicons)?;
    let happening_rules = happenings::Rules::new(&lexicons)?;
    let factuality_rules = factuality::Rules::new(&lexicons)?;
    let slot_rules = slots::Rules::new(&lexicons)?;
    let mut sets: Vec<Vec<Ready>> = Vec::new();
    for path in args {
        let mut set = Vec::new();
        for line in BufReader::new(std::fs::File::open(path)?).lines() {
            let line: serde_json::Value = serde_json::from_str(&line?)?;
            let report: Report = serde_json::from_value(line.clone())?;
            let doc = Doc::from_json_tokens(&report.text, &line["tokens"])?;
            let mut mentions = mentions::find(&mention_rules, &report, &doc);
            let attributions = attribution::find(&attribution_rules, &doc);
            let entities = coreference::resolve(&mention_rules, &doc, &mut mentions, &attributions);
            let happenings = happenings::find(&happening_rules, &doc, &mentions, &entities, &attributions);
            let held = factuality::judge(&factuality_rules, &attribution_rules, &doc, &attributions, &happenings);
            let mut ready =
                Ready { doc, mentions, entities, attributions, happenings, held, drafts: Vec::new(), chains: Vec::new() };
            ready.drafts = slots::fill(&slot_rules, &ready.scene());
            let bytes: Vec<usize> = report.text.char_indices().map(|(at, _)| at).chain([report.text.len()]).collect();
            let known: BTreeSet<(usize, usize, String)> = line["chains"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|chain| {
                    let at = |k: usize| bytes.get(usize::try_from(chain[k].as_u64()?).ok()?).copied();
                    Some((at(0)?, at(1)?, chain[2].to_string()))
                })
                .collect();
            ready.chains = ready
                .drafts
                .iter()
                .map(|draft| {
                    let happening = ready.happenings.all.get(draft.happening).filter(|happening| happening.kind.is_some())?;
                    let range = &ready.doc.token(happening.trigger).range;
                    let (start, end) = (range.start as usize, range.end as usize);
                    known.iter().find(|(from, to, _)| *from < end && start < *to).map(|(_, _, name)| name.clone())
                })
                .collect();
            set.push(ready);
        }
        sets.push(set);
    }
    let all = |weights: &Weights| {
        let scores: Vec<_> = sets.iter().map(|set| score(weights, set)).collect();
        (scores.iter().map(|s| (s.0 + s.1) / 2.0).sum::<f64>() / scores.len().max(1) as f64, scores)
    };
    let mut best = Weights::default();
    let (mut top, scores) = all(&best);
    println!("start {top:.4} {scores:.3?}");
    let mut step = 1.0f32;
    for round in 0..rounds {
        for field in 0..=Weights::COUNT {
            let now = if field == Weights::COUNT { best.threshold } else { best.signs[field] };
            for value in [now - step, now - step / 2.0, now + step / 2.0, now + step] {
                let mut tried = best;
                match tried.signs.get_mut(field) {
                    Some(sign) => *sign = value,
                    None => tried.threshold = value,
                }
                let (score, scores) = all(&tried);
                if score > top + 1e-6 {
                    let name = Weights::NAMES.get(field).unwrap_or(&"threshold");
                    println!("round {round}: {name} {value:.3}: {score:.4} {scores:.3?}");
                    (best, top) = (tried, score);
                }
            }
        }
        step *= 0.7;
    }
    println!("{top:.4} {best:?}");
    Ok(())
}
