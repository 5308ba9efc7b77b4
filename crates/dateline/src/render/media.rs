//! Pictures on the terminal: where one was seen, and one with all that is known of it.

use dateline_media::{CredentialStatus, Credentials, Metadata, Private, Stated};

use super::dossier::{INDENT, field, label, rule};
use super::wording::Tone;
use super::wrap::{Lines, Style, Text};
use crate::case::{FoundPicture, PictureFacts, PicturePage, PictureSighting, PictureWords};

/// Digits of a SHA-256 that lists show.
const SHORT: usize = 12;

fn short(sha256: &str) -> &str {
    sha256.get(..SHORT).unwrap_or(sha256)
}

/// Where a picture was found, the first sighting first.
#[must_use]
pub fn found_picture(found: &FoundPicture, width: usize, colour: bool) -> String {
    let mut lines = Lines::new(width, colour);
    head(&mut lines, &found.asked);
    if !found.sightings.is_empty() {
        lines.blank();
        sightings(&mut lines, &found.sightings);
    }
    lines.into_string()
}

/// A picture with all that is known of it.
#[must_use]
pub fn picture(page: &PicturePage, width: usize, colour: bool) -> String {
    let mut lines = Lines::new(width, colour);
    head(&mut lines, &page.facts);
    if let Some(veil) = &page.veil {
        let lifted = veil.lifted.as_ref().map(|lifted| format!("; shown on the desk since {} by {}", lifted.at, lifted.by));
        let held = "; veiled on the desk until an editor shows it".to_owned();
        field(&mut lines, "protected", &format!("{}{}", veil.words(), lifted.unwrap_or(held)));
    }
    if !page.warnings.is_empty() {
        lines.blank();
        for warning in &page.warnings {
            lines.paragraph(&Text::new().push(Style::Red, " ! "), 3, &Text::new().push(Style::Red, &warning.words));
        }
    }
    lines.blank();
    sightings(&mut lines, &page.sightings);
    if !page.spread.ways.is_empty() {
        lines.blank();
        for way in &page.spread.ways {
            lines.paragraph(&label("travelled"), INDENT, &Text::new().plain(&page.spread.in_words(way)));
        }
    }
    if !page.cluster.is_empty() {
        lines.blank();
        for like in &page.cluster {
            let mut text = Text::new().plain(short(&like.sha256)).push(Style::Dim, " · ").plain(&like.how_in_words);
            if let Some(first) = &like.first_seen {
                text = text.push(Style::Dim, &format!(" · first seen {first}"));
            }
            lines.paragraph(&label("like it"), INDENT, &text);
        }
    }
    if !page.said.is_empty() {
        lines.blank();
        for said in &page.said {
            let mut text = Text::new().plain(&said.medium).push(Style::Dim, ": ").plain(&said.words);
            if let Some(when) = said.circulation.as_ref().and_then(|circulation| circulation.when.as_ref()) {
                text = text.push(Style::Dim, ", on ").plain(when);
            }
            let meant = if said.certain { "meant is this one: " } else { "perhaps of another one: " };
            text = text.push(Style::Dim, &format!(" ({meant}{})", said.because));
            lines.paragraph(&label(&said.report), INDENT, &text);
        }
    }
    if page.facts.failure.is_none() {
        lines.blank();
        words(&mut lines, page.words.as_ref());
    }
    for caption in page.captions.iter().filter(|caption| caption.of == "file") {
        field(&mut lines, "caption", &format!("in the file: “{}”", caption.words));
    }
    if let Some(metadata) = page.metadata.as_ref().filter(|metadata| !metadata.is_empty()) {
        lines.blank();
        facts(&mut lines, &metadata_facts(metadata));
    }
    if let Some(credentials) = &page.credentials {
        lines.blank();
        self::credentials(&mut lines, credentials);
    }
    lines.into_string()
}

fn head(lines: &mut Lines, facts: &PictureFacts) {
    let format = facts.format.as_deref().unwrap_or("no picture");
    let size = match (facts.width, facts.height) {
        (Some(width), Some(height)) => format!(", {width} × {height} pixels"),
        _ => String::new(),
    };
    let text = Text::new().push(Style::Bold, &format!("{format}{size}, {} bytes", facts.bytes));
    lines.paragraph(&Text::new(), 4, &text);
    rule(lines);
    field(lines, "sha256", &facts.sha256);
    field(lines, "not decoded", facts.failure.as_deref().unwrap_or_default());
    for finding in &facts.findings {
        lines.paragraph(&label("odd"), INDENT, &Text::new().push(Style::Yellow, finding));
    }
}

fn sightings(lines: &mut Lines, sightings: &[PictureSighting]) {
    for (nth, sighting) in sightings.iter().enumerate() {
        let first = if nth == 0 { "first seen" } else { "seen" };
        let added = if sighting.time_is == "added" { " (added; nobody says when it was published)" } else { "" };
        let mut text = Text::new().push(Style::Bold, &sighting.time).push(Style::Dim, added);
        text = text.push(Style::Dim, " · ").plain(sighting.outlet.as_deref().unwrap_or("(no outlet)"));
        for part in
            [sighting.report.as_deref(), sighting.title.as_deref().or(sighting.opening.as_deref()), sighting.url.as_deref()]
                .into_iter()
                .flatten()
        {
            text = text.push(Style::Dim, " · ").push(Style::Dim, part);
        }
        if let Some(from) = &sighting.forwarded_from {
            text = text.push(Style::Yellow, &format!(" · forwarded from {from}"));
        }
        lines.paragraph(&label(first), INDENT, &text);
        let style = if sighting.how.kind == "same-bytes" { Style::Plain } else { Style::Cyan };
        let mut text = Text::new().push(style, &sighting.how_in_words);
        text = text.push(Style::Dim, &format!(" · {} ({})", sighting.name, short(&sighting.picture)));
        if sighting.video.is_some() {
            let at = sighting.at_ms.map(|at| format!(" at {}.{} s", at / 1000, at % 1000 / 100)).unwrap_or_default();
            text = text.push(Style::Dim, &format!(" · frame of the video{at}"));
        }
        lines.paragraph(&Text::new(), INDENT, &text);
        for words in [&sighting.caption, &sighting.alt].into_iter().flatten() {
            lines.paragraph(&Text::new(), INDENT, &Text::new().push(Style::Dim, "“").plain(words).push(Style::Dim, "”"));
        }
    }
}

/// The text in a picture, each of its lines in one of ours.
fn words(lines: &mut Lines, words: Option<&PictureWords>) {
    let Some(words) = words else {
        let why = "not looked for: Tesseract was not installed, was turned off or failed when this picture was looked at";
        return lines.paragraph(&label("text in it"), INDENT, &Text::new().push(Style::Dim, why));
    };
    let mut begin = label("text in it");
    for line in words.text.lines().filter(|line| !line.trim().is_empty()) {
        lines.paragraph(&begin, INDENT, &Text::new().push(Style::Dim, "“").plain(line).push(Style::Dim, "”"));
        begin = Text::new();
    }
    let sure = match words.confidence {
        Some(confidence) => format!("read by a program, which is {confidence} % sure of a word on average"),
        None => "a program found none".to_owned(),
    };
    lines.paragraph(&begin, INDENT, &Text::new().push(Style::Dim, &sure));
}

/// Something that a picture's file says, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureFact {
    /// What it is: *taken*, *camera*.
    pub name: &'static str,
    /// What it says.
    pub value: String,
    /// The field that says so: `exif:DateTimeOriginal`.
    pub read_from: Option<String>,
}

impl PictureFact {
    fn new(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: value.into(), read_from: None }
    }
}

/// What the file says of itself.
#[must_use]
pub fn metadata_facts(metadata: &Metadata) -> Vec<PictureFact> {
    let all: [(&'static str, &[Stated]); 13] = [
        ("taken", &metadata.taken),
        ("digitized", &metadata.digitized),
        ("modified", &metadata.modified),
        ("camera", &metadata.camera),
        ("software", &metadata.software),
        ("by", &metadata.creators),
        ("credit", &metadata.credits),
        ("source", &metadata.sources),
        ("headline", &metadata.headlines),
        ("rights", &metadata.rights),
        ("place", &metadata.places),
        ("made how", &metadata.origin_type),
        ("document id", &metadata.document_ids),
    ];
    let mut facts: Vec<PictureFact> = Vec::new();
    for (name, stated) in all {
        facts.extend(
            stated.iter().map(|stated| PictureFact {
                read_from: Some(stated.read_from.clone()),
                ..PictureFact::new(name, &*stated.value)
            }),
        );
    }
    facts.extend(metadata.coordinates.map(|coordinates| {
        let (north, east) = (coordinates.latitude(), coordinates.longitude());
        PictureFact::new("roughly at", format!("{north:.1}, {east:.1} (degrees north and east)"))
    }));
    for step in &metadata.history {
        let parts = [Some(step.action.as_str()), step.when.as_deref(), step.software.as_deref(), step.detail.as_deref()];
        facts.push(PictureFact::new("edited", parts.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    }
    let mut withheld: Vec<&str> = metadata.withheld.iter().map(|withheld| private(withheld.what)).collect();
    withheld.dedup();
    if !withheld.is_empty() {
        facts.push(PictureFact::new("withheld", withheld.join(", ")));
    }
    facts.extend(metadata.warnings.iter().map(|warning| PictureFact::new("note", warning)));
    facts
}

fn private(what: Private) -> &'static str {
    match what {
        Private::CameraSerial => "serial number of the camera",
        Private::LensSerial => "serial number of the lens",
        Private::Owner => "owner of the camera",
        Private::ExactCoordinates => "exact coordinates",
        Private::PlaceWithinSettlement => "place within the settlement",
        Private::PersonsShown => "names of persons shown",
        Private::Faces => "marked faces",
        Private::Contact => "addresses of the maker",
        _ => "something private",
    }
}

/// How far content credentials hold, in words; none where there are none.
#[must_use]
pub fn credential_status(credentials: &Credentials) -> Option<(Tone, &'static str)> {
    Some(match credentials.status {
        CredentialStatus::None => return None,
        CredentialStatus::Trusted => (Tone::Certain, "they hold, and the signer is on the trust list"),
        CredentialStatus::Untrusted => (Tone::Hedged, "they hold, but nobody on a trust list vouches for the signer"),
        CredentialStatus::Tampered => (Tone::Negative, "the picture, or what they say, is not as it was signed"),
        CredentialStatus::Invalid => (Tone::Negative, "they don't hold"),
        CredentialStatus::Unreadable => (Tone::Negative, "there are some that can't be read"),
        CredentialStatus::Elsewhere => (Tone::Open, "the picture only names where they are; they were not fetched"),
        CredentialStatus::NotSupported => (Tone::Open, "there are some; this build does not read them"),
        _ => (Tone::Open, "unknown"),
    })
}

/// What content credentials say, and what stands against them.
#[must_use]
pub fn credential_facts(credentials: &Credentials) -> Vec<PictureFact> {
    let mut facts = Vec::new();
    if let Some(signer) = &credentials.signer {
        let parts = [signer.name.as_deref(), signer.organization.as_deref(), credentials.signed_at.as_deref()];
        facts.push(PictureFact::new("signed by", parts.into_iter().flatten().collect::<Vec<_>>().join(", ")));
        facts.extend(signer.issuer.as_ref().map(|issuer| PictureFact::new("issued by", issuer)));
    }
    for action in &credentials.actions {
        let parts = [Some(action.action.as_str()), action.when.as_deref(), action.software.as_deref()];
        facts.push(PictureFact::new("declared", parts.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    }
    for ingredient in &credentials.ingredients {
        let of = ingredient.title.as_deref().or(ingredient.media_type.as_deref()).unwrap_or("without a name");
        facts.push(PictureFact::new("made from", format!("{of} ({})", ingredient.relationship.replace('_', " "))));
    }
    for finding in &credentials.findings {
        // The same may stand against the picture and against what went into it.
        let against = PictureFact::new("against", finding.explanation.as_deref().unwrap_or(&finding.code));
        if !facts.contains(&against) {
            facts.push(against);
        }
    }
    facts
}

fn credentials(lines: &mut Lines, credentials: &Credentials) {
    let Some((tone, words)) = credential_status(credentials) else { return };
    let style = match tone {
        Tone::Certain => Style::Green,
        Tone::Negative => Style::Red,
        Tone::Hedged | Tone::Open => Style::Yellow,
    };
    lines.paragraph(&label("credentials"), INDENT, &Text::new().push(style, words));
    facts(lines, &credential_facts(credentials));
}

fn facts(lines: &mut Lines, facts: &[PictureFact]) {
    for fact in facts {
        let mut text = Text::new().plain(&fact.value);
        if let Some(field) = &fact.read_from {
            text = text.push(Style::Dim, &format!(" ({field})"));
        }
        lines.paragraph(&label(fact.name), INDENT, &text);
    }
}
