//! What was decided, by whom, when and why; what was taken back stays to be read.

use dateline::case::DecisionLine;
use maud::{Markup, html};

use super::{shown, token};
use crate::visit::{Role, Visit};

/// Decisions as a list, each with a way to take it back for those who may.
pub(crate) fn history(visit: &Visit, lines: &[DecisionLine]) -> Markup {
    html! {
        ol class="history" {
            @for line in lines {
                li class=[line.taken_back.as_ref().map(|_| "gone")] {
                    "#" (line.id) " "
                    @if line.taken_back.is_some() { del dir="auto" { (shown(&line.what)) } } @else { strong dir="auto" { (shown(&line.what)) } }
                    " by " bdi { (shown(&line.by)) } ", " time { (line.at) }
                    @if let Some(why) = &line.why { ": " span dir="auto" { (shown(why)) } }
                    @if let Some(back) = &line.taken_back {
                        p {
                            "taken back (#" (back.id) ") by " bdi { (shown(&back.by)) } ", " time { (back.at) }
                            @if let Some(why) = &back.why { ": " span dir="auto" { (shown(why)) } }
                        }
                    }
                    @if line.can_be_taken_back && visit.may(Role::Coder) {
                        form class="undo" method="post" action={ "/decisions/" (line.id) "/undo" } {
                            (token(visit)) button { "Take back" span class="unseen" { " decision " (line.id) } }
                        }
                    }
                }
            }
        }
    }
}
