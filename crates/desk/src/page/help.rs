//! What the words and codes on the desk mean.

use dateline::case::REPORT_FIELDS;
use dateline::record::{Context, EventType, FactualityValue, Sector};
use maud::{Markup, html};

use super::codebook::{self, FIELDS, GRADES, KEYS, STATUSES};
use super::sources::LETTERS;
use super::{Section, shell_with};
use crate::Error;
use crate::asset::LISTS_STYLE;
use crate::visit::Visit;

/// Chapters, by their anchors.
const CHAPTERS: [(&str, &str); 12] = [
    ("shown", "What is shown"),
    ("statuses", "How an event stands"),
    ("sources", "What counts as a source"),
    ("certainty", "Certainty"),
    ("types", "Types of event"),
    ("sectors", "Sectors"),
    ("contexts", "Contexts"),
    ("grades", "Credibility and reliability"),
    ("fields", "Fields of an event"),
    ("search", "Searching"),
    ("persons", "Persons"),
    ("keys", "Keys"),
];

pub(crate) async fn show(visit: Visit) -> Result<Markup, Error> {
    let info = visit.ask(|case| Ok(case.info()?)).await?;
    Ok(shell_with(
        &visit,
        "Help",
        Some(Section::Help),
        &[&LISTS_STYLE],
        html! {
            h1 { "Help" }
            nav aria-label="Chapters" { ul { @for (anchor, name) in CHAPTERS { li { a href={ "#" (anchor) } { (name) } } } } }
            section {
                (chapter("shown"))
                p { "Reports are read by a machine, sentence by sentence: what is said to have happened, who says so, how sure they are. Claims of one happening are one event. A claim is not a fact, and the machine misreads: look at the quoted words before you rely on a value." }
            }
            section {
                (chapter("statuses"))
                dl class="codes" { @for (name, meaning) in STATUSES { dt id={ "status-" (name) } { (super::status(name)) } dd { (meaning) } } }
            }
            section {
                (chapter("sources"))
                p { "The innermost source that a report names, else its outlet. Copies, outlets of one owner and bodies of one state are one source. What is only said to be reported, and unnamed sources, are none." }
            }
            section {
                (chapter("certainty"))
                p { "How a claim is held by who makes it. The colours of marks in a text group these values; the pattern of the line below says the same." }
                dl {
                    dt { span class="mark certain" { "certain" } } dd { "stated without reserve" }
                    dt { span class="mark hedged" { "probable, possible" } } dd { "stated with reserve" }
                    dt { span class="mark negative" { "did not happen" } } dd { "denied" }
                    dt { span class="mark open" { "open" } } dd { "asked, planned, unclear" }
                }
                dl class="codes" {
                    @for &value in FactualityValue::ALL { dt id={ "factuality-" (value) } { code { (value) } } dd { (codebook::factuality(value)) } }
                }
            }
            section {
                (chapter("types"))
                p { "Events are coded by PLOVER, the codebook of the Open Event Data Alliance; the meanings are in our words. An actor does it, a recipient undergoes it." }
                dl class="codes" {
                    @for &kind in EventType::ALL {
                        dt id={ "type-" (kind) } { (kind) }
                        dd {
                            (codebook::event_type(kind))
                            @if !kind.modes().is_empty() {
                                dl { @for &mode in kind.modes() { dt id={ "mode-" (kind) "-" (mode) } { (mode) } dd { (codebook::mode(kind, mode)) } } }
                            }
                        }
                    }
                }
            }
            section {
                (chapter("sectors"))
                p { "What an actor is. Bodies of several states have the country code IGO, international organisations NGO, companies of several countries MNC." }
                dl class="codes" { @for &sector in Sector::ALL { dt id={ "sector-" (sector) } { (sector) } dd { (codebook::sector(sector)) } } }
            }
            section {
                (chapter("contexts"))
                p { "What an event is about; an event of any type may have any: " (Context::ALL.iter().map(|context| context.as_str().replace('_', " ")).collect::<Vec<_>>().join(", ")) "." }
            }
            section {
                (chapter("grades"))
                p { "The Admiralty scale: a number for an event, a letter for a source. The machine proposes numbers, and says why; letters are set by people alone." }
                dl class="codes" {
                    @for (grade, meaning) in GRADES { dt id={ "grade-" (grade) } { (grade) } dd { (meaning) } }
                    @for (letter, meaning) in LETTERS { dt id={ "reliability-" (letter) } { (letter) } dd { (meaning) } }
                }
            }
            section {
                (chapter("fields"))
                dl class="codes" { @for (name, meaning) in FIELDS { dt id={ "field-" (name) } { (name) } dd { (meaning) } } }
            }
            section {
                (chapter("search"))
                p { "Words must all be there; " code { "\"phrases\"" } ", " code { "this OR that" } ", " code { "begin*" } ", " code { "-without" } ". Fields may stand among the words, with quotation marks where a value has spaces:" }
                dl class="codes" { @for (name, meaning) in REPORT_FIELDS { dt id={ "search-" (name) } { code { (name) ":" } } dd { (meaning) } } }
            }
            section {
                (chapter("persons"))
                p { "Who was captured, wounded or killed, and who holds no office, is called by a description. Names are shown in a report on request, with a reason, and that is kept on record." }
            }
            section {
                (chapter("keys"))
                dl { @for (keys, meaning) in KEYS { dt { @for key in *keys { kbd { (key) } " " } } dd { (meaning) } } }
                p { "The " a href="/review" { "review queue" } " has keys of its own: " kbd { "?" } " shows them there, and switches single-letter keys off for all pages." }
            }
            section {
                h2 { "This case" }
                dl {
                    dt { "head of the audit chain" } dd class="hash" { (info.head.hash) " (entry " (info.head.seq) ")" }
                    dt { "program" } dd { "dateline " (env!("CARGO_PKG_VERSION")) ": " a href="/about" { "about the desk and its data" } }
                }
            }
        },
    ))
}

/// The heading of a chapter.
fn chapter(anchor: &str) -> Markup {
    let name = CHAPTERS.iter().find(|(known, _)| *known == anchor).map_or(anchor, |(_, name)| *name);
    html! { h2 id=(anchor) { (name) } }
}
