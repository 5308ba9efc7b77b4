//! The words that summaries use for codes.

use dateline_record::{
    Act, AttributionStep, Certainty, Document, FactualityValue, Polarity, Precision, QuantityRole, SourceKind, Visibility,
};

/// What a certainty means for the reader's eye; a front end may give each a colour of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Stated without reserve.
    Certain,
    /// Stated with reserve.
    Hedged,
    /// Said not to have happened.
    Negative,
    /// Left open: unclear, asked, planned, conditional.
    Open,
}

impl Tone {
    /// The tone of a factuality.
    #[must_use]
    pub fn of(value: FactualityValue) -> Self {
        match (value.certainty(), value.polarity()) {
            (_, Polarity::Negative) => Self::Negative,
            (Certainty::Certain, Polarity::Positive) => Self::Certain,
            (_, Polarity::Positive) => Self::Hedged,
            (_, Polarity::Unknown) => Self::Open,
        }
    }

    /// Its name as a CSS class.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Hedged => "hedged",
            Self::Negative => "negative",
            Self::Open => "open",
        }
    }
}

/// How sure, in a word or two.
pub(crate) fn certainty(value: FactualityValue) -> &'static str {
    match value {
        FactualityValue::CertainPositive => "certain",
        FactualityValue::ProbablePositive => "probable",
        FactualityValue::PossiblePositive => "possible",
        FactualityValue::CertainNegative => "did not happen",
        FactualityValue::ProbableNegative => "probably not",
        FactualityValue::PossibleNegative => "possibly not",
        FactualityValue::CertainUnknown => "known, not told",
        FactualityValue::Uncommitted => "open",
    }
}

/// What the certainties mean, for legends.
pub(super) const LEGEND: &[(Tone, &str, &str)] = &[
    (Tone::Certain, "certain", "stated without reserve"),
    (Tone::Hedged, "probable, possible", "stated with reserve: reportedly, may, is believed to"),
    (Tone::Negative, "did not happen", "denied or ruled out, flatly or with reserve"),
    (Tone::Open, "open", "unclear, asked, planned, demanded, threatened or conditional"),
];

/// The act, as it stands before its source.
fn act_by(act: Act) -> &'static str {
    match act {
        Act::Say => "said by",
        Act::Confirm => "confirmed by",
        Act::Deny => "denied by",
        Act::Claim => "claimed by",
        Act::Estimate => "estimated by",
        Act::Warn => "warned of by",
        Act::Accuse => "alleged by",
        Act::Document => "documented by",
        Act::Reportedly => "reported by",
        Act::Announce => "announced by",
        Act::Believe => "believed by",
        Act::Deem => "deemed so by",
        Act::Promise => "promised by",
        Act::Ask => "asked by",
        Act::Demand => "demanded by",
        Act::Suggest => "suggested by",
        Act::Show => "shown by",
        Act::Know => "known to",
        Act::Want => "wanted by",
        Act::Plan => "planned by",
        Act::Agree => "agreed by",
        Act::Doubt => "doubted by",
        Act::Quote => "quoted by",
    }
}

/// A chain of attribution in words: innermost source first, then those who pass it on. `name_of` names a step's source.
pub(super) fn who(chain: &[AttributionStep], name_of: impl Fn(&AttributionStep) -> Option<String>) -> String {
    let mut sentence = String::new();
    for (i, step) in chain.iter().rev().enumerate() {
        let name = name_of(step);
        let part = match (step.kind, name) {
            (SourceKind::Author, _) => "the report itself".to_owned(),
            (_, None) => match &step.cue {
                Some(cue) => format!("no source named (“{}”)", one_line(cue.text())),
                None => "no source named".to_owned(),
            },
            (SourceKind::Unnamed, Some(name)) => format!("{} {name} (unnamed source)", act_by(step.act)),
            (_, Some(name)) => format!("{} {name}", act_by(step.act)),
        };
        if i > 0 {
            sentence.push_str(", then ");
        }
        sentence.push_str(&part);
    }
    if sentence.is_empty() { "the report itself".to_owned() } else { sentence }
}

/// What a count counts.
pub(crate) fn role(role: QuantityRole) -> Option<&'static str> {
    match role {
        QuantityRole::Killed => Some("killed"),
        QuantityRole::Injured => Some("injured"),
        QuantityRole::Captured => Some("captured"),
        QuantityRole::Missing => Some("missing"),
        QuantityRole::Displaced => Some("displaced"),
        QuantityRole::Involved => Some("involved"),
        QuantityRole::Equipment => Some("equipment"),
        QuantityRole::Munitions => Some("munitions"),
        QuantityRole::Other => None,
    }
}

/// The bounds of a count; nothing where the words say the same number.
pub(super) fn bounds(min: Option<i64>, max: Option<i64>, approx: bool) -> Option<String> {
    let about = if approx { "about " } else { "" };
    match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("{about}{min}")),
        (Some(min), Some(max)) => Some(format!("{about}{min} to {max}")),
        (Some(min), None) => Some(format!("at least {about}{min}")),
        (None, Some(max)) => Some(format!("at most {about}{max}")),
        (None, None) => None,
    }
}

/// How fine a place is, where that is not plain from its name.
pub(super) fn precision(precision: Precision) -> Option<&'static str> {
    match precision {
        Precision::Point | Precision::City | Precision::Admin2 | Precision::Admin1 | Precision::Country => None,
        Precision::Region => Some("area, not exactly bounded"),
    }
}

/// Who could see it.
pub(crate) fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Private => "private",
        Visibility::Public => "public",
    }
}

/// What to call a document: its headline, else what its sender calls it, else its first line.
pub(super) fn title(document: &Document) -> String {
    let first_line = || {
        let line = document.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("(no text)");
        match line.char_indices().nth(72) {
            Some((at, _)) => format!("{}…", line.get(..at).unwrap_or(line).trim_end()),
            None => line.to_owned(),
        }
    };
    document.title.as_deref().or(document.reference.as_deref()).map_or_else(first_line, one_line)
}

/// A name within a line: an article that began a sentence is no part of it.
pub(crate) fn within_line(name: &str) -> String {
    let name = one_line(name);
    match name.split_once(' ') {
        Some((first @ ("The" | "A" | "An" | "Its" | "His" | "Her" | "Their"), rest)) => {
            format!("{} {rest}", first.to_lowercase())
        }
        _ => name,
    }
}

/// White space made single spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_words() {
        assert_eq!(bounds(Some(10001), None, false).as_deref(), Some("at least 10001"));
        assert_eq!(bounds(Some(2), Some(2), true).as_deref(), Some("about 2"));
        assert_eq!(bounds(None, None, true), None);
    }

    #[test]
    fn every_value_has_the_tone_of_its_word() {
        for &value in FactualityValue::ALL {
            let word = certainty(value);
            assert_eq!(Tone::of(value) == Tone::Negative, word.contains("not") && !word.contains("told"), "{value}");
        }
    }
}
