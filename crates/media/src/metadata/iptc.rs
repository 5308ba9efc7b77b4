//! IPTC-IIM (Information Interchange Model 4.2), the records that news agencies have written into pictures since the 1990s.

use super::{Metadata, Private, date, state, words};

/// Words in UTF-8 are announced by this in dataset 1:90 (ISO 2022).
const UTF8: &[u8] = b"\x1b%G";

/// Most datasets of a block that are read.
const MAX_DATASETS: usize = 10_000;

pub(super) fn read(block: &[u8], metadata: &mut Metadata) {
    let mut rest = block;
    let mut utf8 = false;
    let (mut created, mut digital) = ((None, None), (None, None));
    for _ in 0..MAX_DATASETS {
        // What follows the last one only fills the block.
        let Some((record, number, data)) = dataset(&mut rest) else { break };
        if (record, number) == (1, 90) {
            utf8 = data == UTF8;
        }
        if record != 2 {
            continue;
        }
        // Many write UTF-8 and don't say so; what is UTF-8 by chance is rare.
        let text = if utf8 || std::str::from_utf8(data).is_ok() { words::decoded(data) } else { words::latin1(data) };
        if text.is_empty() {
            continue;
        }
        match number {
            5 => state(&mut metadata.headlines, text, "iptc:Object Name"),
            55 => created.0 = Some(text),
            60 => created.1 = Some(text),
            62 => digital.0 = Some(text),
            63 => digital.1 = Some(text),
            65 => state(&mut metadata.software, text, "iptc:Originating Program"),
            80 => state(&mut metadata.creators, text, "iptc:By-line"),
            90 => state(&mut metadata.places, text, "iptc:City"),
            92 => metadata.withhold(Private::PlaceWithinSettlement, "iptc:Sub-location"),
            95 => state(&mut metadata.places, text, "iptc:Province/State"),
            101 => state(&mut metadata.places, text, "iptc:Country/Primary Location Name"),
            105 => state(&mut metadata.headlines, text, "iptc:Headline"),
            110 => state(&mut metadata.credits, text, "iptc:Credit"),
            115 => state(&mut metadata.sources, text, "iptc:Source"),
            116 => state(&mut metadata.rights, text, "iptc:Copyright Notice"),
            118 => metadata.withhold(Private::Contact, "iptc:Contact"),
            120 => state(&mut metadata.captions, text, "iptc:Caption/Abstract"),
            _ => {}
        }
    }
    for ((day, time), field, read_from) in
        [(created, &mut metadata.taken, "iptc:Date Created"), (digital, &mut metadata.digitized, "iptc:Digital Creation Date")]
    {
        let Some(day) = day else { continue };
        match date::of_iptc(&day, time.as_deref()) {
            Some(date) => state(field, date, read_from),
            None => metadata.warnings.push(format!("{read_from} is no date: {}", day.chars().take(40).collect::<String>())),
        }
    }
}

/// Record, number and data of the next dataset.
fn dataset<'a>(rest: &mut &'a [u8]) -> Option<(u8, u8, &'a [u8])> {
    let ([0x1c, record, number, high, low], after) = rest.split_first_chunk()? else { return None };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    // The highest bit says that what follows is the length of the length.
    let (length, after) = if length & 0x8000 == 0 {
        (length, after)
    } else {
        let (digits, after) = after.split_at_checked(length & 0x7fff).filter(|(digits, _)| digits.len() <= 4)?;
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), after)
    };
    let (data, after) = after.split_at_checked(length)?;
    *rest = after;
    Some((*record, *number, data))
}
