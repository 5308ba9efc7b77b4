//! What the desk is, what made what it shows, and whose data stands in it.

use maud::{Markup, html};

use super::{shell_with, shown};
use crate::Error;
use crate::asset::LISTS_STYLE;
use crate::visit::Visit;

/// Data of others: what, whose, under which licence, where it comes from.
const DATA: [[&str; 4]; 6] = [
    [
        "Places: names, coordinates, countries and their divisions",
        "GeoNames",
        "CC BY 4.0; selected, folded into keys and packed; middles of divisions are means of their settlements",
        "geonames.org",
    ],
    [
        "Event types, modes, contexts and sectors",
        "PLOVER codebook, Open Event Data Alliance",
        "CC BY-SA 4.0; the explanations in the help are in our words",
        "github.com/openeventdata/PLOVER",
    ],
    [
        "ACLED's event and sub-event types",
        "ACLED (Armed Conflict Location & Event Data)",
        "only the names of the codes are used, worked out from PLOVER's; no data of ACLED is in the program, and ACLED has no part in it",
        "acleddata.com",
    ],
    ["Language model en_core_web_sm", "Explosion", "MIT; it is fetched once and kept on this machine", "spacy.io"],
    ["Lines of coasts and borders on maps", "Natural Earth", "public domain", "naturalearthdata.com"],
    ["Maps in the page, where they are shown", "Leaflet", "BSD 2-Clause", "leafletjs.com"],
];

/// What it is not for.
const NOT: [&str; 6] = [
    "It says what was reported, not what is true: a claim is not a fact, and it decides nothing. People do.",
    "It identifies nobody: no face recognition, and nobody in a picture is named by it.",
    "Who was captured, wounded or killed, and who holds no office, is called by a description. Their names are no search key, no point on a map and no column of an export unless a reviewer has released them.",
    "Places are never finer than the report says, and never finer than a settlement.",
    "It is no means to find or target anybody, and not for planning military action.",
    "It asks nothing of other hosts: pages load nothing from elsewhere, and nothing is sent anywhere that nobody asked for.",
];

pub(crate) async fn show(visit: Visit) -> Result<Markup, Error> {
    let (info, versions) = visit.ask(|case| Ok((case.info()?, case.versions()?))).await?;
    Ok(shell_with(
        &visit,
        "About",
        None,
        &[&LISTS_STYLE],
        html! {
            h1 { "About the desk" }
            p {
                "The desk shows what reports of armed conflict say: what is said to have happened, who says so, how many independent sources stand behind it, and where they differ. Reports are read by a machine, sentence by sentence; every value stands with the words it was read from, and what people decide outranks the machine and is kept on record."
            }
            section aria-labelledby="not" {
                h2 #not { "What it does not do" }
                ul { @for line in NOT { li { (line) } } }
            }
            section aria-labelledby="made" {
                h2 #made { "What made this" }
                dl {
                    dt { "program" } dd { "dateline " (env!("CARGO_PKG_VERSION")) ", MIT or Apache 2.0" }
                    dt { "case" } dd { bdi { (shown(&info.name)) } ", made " time { (info.created_at) } " by " bdi { (shown(&info.created_by)) } }
                    dt { "head of the audit chain" } dd class="hash" { (info.head.hash) " (entry " (info.head.seq) ")" }
                }
                @if versions.is_empty() { p { "Nothing has been read in this case yet." } }
                @else {
                    p { "The readings of this case were made by:" }
                    div class="wide" tabindex="0" role="region" aria-label="What made the readings" {
                        table {
                            thead { tr { th scope="col" { "Program" } th scope="col" { "Language model" } th scope="col" { "Lexicons" } th scope="col" { "Gazetteer" } } }
                            tbody {
                                @for version in &versions {
                                    tr { @for value in [&version.program, &version.model, &version.lexicons, &version.gazetteer] { td class="hash" { (shown(value)) } } }
                                }
                            }
                        }
                    }
                }
            }
            section aria-labelledby="data" {
                h2 #data { "Whose data stands in it" }
                div class="wide" tabindex="0" role="region" aria-label="Data of others" {
                    table {
                        thead { tr { th scope="col" { "What" } th scope="col" { "Whose" } th scope="col" { "Licence" } th scope="col" { "Where" } } }
                        tbody { @for [what, whose, licence, place] in DATA { tr { th scope="row" { (what) } td { (whose) } td { (licence) } td { (place) } } } }
                    }
                }
                p { "Texts, quotations and headlines of reports remain with their publishers." }
            }
        },
    ))
}
