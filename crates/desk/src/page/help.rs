//! What the words on the desk mean.

use maud::{Markup, html};

use super::{Section, shell};
use crate::Error;
use crate::visit::Visit;

const STATUSES: [(&str, &str); 7] = [
    ("single-source", "one independent source affirms it"),
    ("corroborated", "two or more independent sources affirm it"),
    ("contested", "it is denied, or told in ways that exclude each other"),
    ("confirmed-by-adversary", "somebody affirms it whom it speaks against"),
    ("retracted", "who told of it took it back"),
    ("unsupported", "it is only planned, asked for or threatened"),
    ("rejected", "a reviewer rejected it"),
];

pub(crate) async fn show(visit: Visit) -> Result<Markup, Error> {
    let info = visit.ask(|case| Ok(case.info()?)).await?;
    Ok(shell(
        &visit,
        "Help",
        Some(Section::Help),
        html! {
            h1 { "Help" }
            section {
                h2 { "What is shown" }
                p { "Reports are read by a machine, sentence by sentence: what is said to have happened, who says so, how sure they are. Claims of one happening are one event. A claim is not a fact, and the machine misreads: look at the quoted words before you rely on a value." }
                h2 { "How an event stands" }
                dl { @for (name, meaning) in STATUSES { dt { (super::status(name)) } dd { (meaning) } } }
                h2 { "What counts as a source" }
                p { "The innermost source that a report names, else its outlet. Copies, outlets of one owner and bodies of one state are one source. What is only said to be reported, and unnamed sources, are none." }
                h2 { "Certainty" }
                dl {
                    dt { span class="mark certain" { "certain" } } dd { "stated without reserve" }
                    dt { span class="mark hedged" { "probable, possible" } } dd { "stated with reserve" }
                    dt { span class="mark negative" { "did not happen" } } dd { "denied" }
                    dt { span class="mark open" { "open" } } dd { "asked, planned, unclear" }
                }
                h2 { "Persons" }
                p { "Who was captured, wounded or killed, and who holds no office, is called by a description. Names are shown in a report on request, with a reason, and that is kept on record." }
                h2 { "Keys" }
                dl { dt { kbd { "j" } " " kbd { "k" } } dd { "next and previous in a list" } dt { kbd { "Enter" } } dd { "open it" } dt { kbd { "/" } } dd { "search" } dt { kbd { "?" } } dd { "this page" } }
                p { "The " a href="/review" { "review queue" } " has keys of its own: " kbd { "?" } " shows them there, and switches single-letter keys off for all pages." }
                h2 { "This case" }
                dl {
                    dt { "head of the audit chain" } dd class="hash" { (info.head.hash) " (entry " (info.head.seq) ")" }
                    dt { "program" } dd { "dateline " (env!("CARGO_PKG_VERSION")) }
                    dt { "data" } dd { "Places: GeoNames (CC BY 4.0). Codes: PLOVER codebook of the Open Event Data Alliance (CC BY-SA 4.0). Language model: en_core_web_sm by Explosion (MIT)." }
                }
            }
        },
    ))
}
