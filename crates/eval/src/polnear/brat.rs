//! Marked attributions in brat's standoff format: text-bound lines and the events that tie them.

use std::collections::HashMap;

use super::Attribution;
use crate::error::{EvalError, bad, need};
use crate::text::{Span, Text};

/// Spans of one line's offsets, `12 15;20 31`.
fn spans(offsets: &str, text: &Text, place: &str) -> Result<Vec<Span>, EvalError> {
    let one = |piece: &str| {
        let ends: Vec<usize> = piece.split_whitespace().map_while(|end| end.parse().ok()).collect();
        let [start, end] = ends[..] else { return bad(place, format!("offsets {offsets:?}")) };
        need(piece.split_whitespace().count() == 2, place, || format!("offsets {offsets:?}"))?;
        need(start < end && end <= text.len(), place, || {
            format!("{start}..{end} is outside the text ({} code points)", text.len())
        })?;
        Ok((start, end))
    };
    let mut spans = offsets.split(';').map(one).collect::<Result<Vec<_>, _>>()?;
    spans.sort_unstable();
    Ok(spans)
}

/// Whether a line begins an annotation; brat writes a line break within an annotated text as it is, so that others continue the line before.
fn begins(line: &str) -> bool {
    let Some((id, _)) = line.split_once('\t') else { return false };
    let mut chars = id.chars();
    chars.next().is_some_and(|c| "TEARMN#*".contains(c)) && chars.all(|c| c.is_ascii_digit())
}

/// The attributions of one file; those without content are left out.
pub(super) fn parse(body: &str, text: &Text, path: &str) -> Result<Vec<Attribution>, EvalError> {
    let mut bound: HashMap<&str, (&str, Vec<Span>)> = HashMap::new();
    let mut events = Vec::new();
    for (number, line) in body.split('\n').enumerate() {
        let line = line.trim_end_matches('\r');
        if !begins(line) {
            continue;
        }
        let place = format!("{path}:{}", number + 1);
        let mut cells = line.split('\t');
        let (id, cell) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        if id.starts_with('T') {
            let Some((kind, offsets)) = cell.split_once(' ') else { return bad(place, "text-bound line without offsets") };
            let spans = spans(offsets, text, &place)?;
            need(bound.insert(id, (kind, spans)).is_none(), &place, || format!("{id} is defined twice"))?;
        } else if id.starts_with('E') {
            events.push((place, cell));
        }
    }
    let mut out = Vec::new();
    for (place, roles) in events {
        let mut attribution = Attribution::default();
        for (i, role) in roles.split_whitespace().enumerate() {
            let Some((name, reference)) = role.split_once(':') else { return bad(place, format!("role {role:?}")) };
            let Some((_, spans)) = bound.get(reference) else { return bad(place, format!("{reference} is not defined")) };
            if i == 0 {
                let known = matches!(name, "Attribution" | "Attribution-no-source");
                need(known, &place, || format!("event {name:?}"))?;
                continue;
            }
            let role = match name.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase().as_str() {
                "source" => &mut attribution.source,
                "cue" => &mut attribution.cue,
                "content" => &mut attribution.content,
                _ => return bad(place, format!("role {name:?}")),
            };
            role.extend(spans);
        }
        need(!roles.trim().is_empty(), &place, || "event without a type".to_owned())?;
        if !attribution.content.is_empty() {
            for role in [&mut attribution.source, &mut attribution.cue, &mut attribution.content] {
                role.sort_unstable();
            }
            out.push(attribution);
        }
    }
    Ok(out)
}
