//! EXIF (CIPA DC-008, version 2.32).

use exif::{Context, Exif, In, Reader, Tag, Value};

use super::{Coordinates, Metadata, Private, date, state, words};

/// Fields of words, what they are called, and where they go.
const WORDS: &[(Tag, &str, Field)] = &[
    (Tag::ImageDescription, "exif:ImageDescription", Field::Caption),
    (Tag::Software, "exif:Software", Field::Software),
    (Tag::Artist, "exif:Artist", Field::Creator),
    (Tag::Copyright, "exif:Copyright", Field::Rights),
];

/// Fields that Windows writes, in UTF-16.
const WIDE: &[(u16, &str, Field)] = &[
    (0x9c9b, "exif:XPTitle", Field::Headline),
    (0x9c9c, "exif:XPComment", Field::Caption),
    (0x9c9d, "exif:XPAuthor", Field::Creator),
    (0x9c9f, "exif:XPSubject", Field::Headline),
];

/// Fields that are not shown.
const PRIVATE: &[(Tag, &str, Private)] = &[
    (Tag::BodySerialNumber, "exif:BodySerialNumber", Private::CameraSerial),
    (Tag::LensSerialNumber, "exif:LensSerialNumber", Private::LensSerial),
    (Tag::CameraOwnerName, "exif:CameraOwnerName", Private::Owner),
];

#[derive(Clone, Copy)]
enum Field {
    Caption,
    Creator,
    Headline,
    Rights,
    Software,
}

impl Field {
    fn state(self, metadata: &mut Metadata, value: String, read_from: &str) {
        let field = match self {
            Self::Caption => &mut metadata.captions,
            Self::Creator => &mut metadata.creators,
            Self::Headline => &mut metadata.headlines,
            Self::Rights => &mut metadata.rights,
            Self::Software => &mut metadata.software,
        };
        state(field, value, read_from);
    }
}

pub(super) fn read(block: &[u8], metadata: &mut Metadata) {
    let mut damage = Vec::new();
    let outcome = Reader::new()
        .continue_on_error(true)
        .read_raw(block.to_vec())
        .or_else(|error| error.distill_partial_result(|errors| damage.extend(errors.first().map(ToString::to_string))));
    metadata.warnings.extend(damage.into_iter().map(|error| format!("EXIF is damaged: {error}")));
    match outcome {
        Ok(exif) => fields(&exif, metadata),
        Err(error) => metadata.warn(format!("EXIF could not be read: {error}")),
    }
}

fn fields(exif: &Exif, metadata: &mut Metadata) {
    for (tag, read_from, field) in WORDS {
        if let Some(value) = text(exif, *tag) {
            field.state(metadata, value, read_from);
        }
    }
    for (number, read_from, field) in WIDE {
        if let Some(Value::Byte(bytes)) = exif.get_field(Tag(Context::Tiff, *number), In::PRIMARY).map(|field| &field.value) {
            field.state(metadata, words::utf16(bytes, false), read_from);
        }
    }
    if let Some(Value::Undefined(bytes, _)) = exif.get_field(Tag::UserComment, In::PRIMARY).map(|field| &field.value)
        && let Some((kind, comment)) = bytes.split_at_checked(8)
    {
        let comment = match kind {
            b"UNICODE\0" => words::utf16(comment, !exif.little_endian()),
            b"ASCII\0\0\0" | b"\0\0\0\0\0\0\0\0" => words::decoded(comment),
            _ => String::new(),
        };
        state(&mut metadata.captions, comment, "exif:UserComment");
    }
    for (tag, read_from, what) in PRIVATE {
        if text(exif, *tag).is_some() {
            metadata.withhold(*what, *read_from);
        }
    }
    match (text(exif, Tag::Make), text(exif, Tag::Model)) {
        // Many models begin with their maker's name.
        (Some(make), Some(model)) if !model.to_lowercase().starts_with(&make.to_lowercase()) => {
            state(&mut metadata.camera, format!("{make} {model}"), "exif:Make, exif:Model");
        }
        (_, Some(model)) => state(&mut metadata.camera, model, "exif:Model"),
        (Some(make), None) => state(&mut metadata.camera, make, "exif:Make"),
        (None, None) => {}
    }
    times(exif, metadata);
    place(exif, metadata);
}

fn times(exif: &Exif, metadata: &mut Metadata) {
    for (tag, offset, read_from) in [
        (Tag::DateTimeOriginal, Tag::OffsetTimeOriginal, "exif:DateTimeOriginal"),
        (Tag::DateTimeDigitized, Tag::OffsetTimeDigitized, "exif:DateTimeDigitized"),
        (Tag::DateTime, Tag::OffsetTime, "exif:DateTime"),
    ] {
        let Some(written) = ascii(exif, tag) else { continue };
        let field = match tag {
            Tag::DateTimeOriginal => &mut metadata.taken,
            Tag::DateTimeDigitized => &mut metadata.digitized,
            _ => &mut metadata.modified,
        };
        match date::of_exif(&written, ascii(exif, offset).as_deref()) {
            Some(date) => state(field, date, read_from),
            // Cameras whose clock was never set write zeros.
            None if written.chars().any(|c| ('1'..='9').contains(&c)) => {
                metadata.warn(format!("{read_from} is no date: {}", words::tidy(&written).chars().take(40).collect::<String>()));
            }
            None => {}
        }
    }
    // The clock of the satellites, in UTC.
    let number = |field: &Value, at: usize| match field {
        Value::Rational(all) => all.get(at).map(|value| value.to_f64()).filter(|value| (0.0..61.0).contains(value)),
        _ => None,
    };
    if let Some(day) = ascii(exif, Tag::GPSDateStamp) {
        let clock = exif.get_field(Tag::GPSTimeStamp, In::PRIMARY).and_then(|field| {
            let part = |at: usize| number(&field.value, at).map(f64::floor);
            Some(format!("{:02}:{:02}:{:02}", part(0)?, part(1)?, part(2)?))
        });
        let written = format!("{day} {}", clock.unwrap_or_default());
        if let Some(date) = date::of_exif(&written, Some("Z")) {
            state(&mut metadata.taken, date, "exif:GPSDateStamp");
        }
    }
}

fn place(exif: &Exif, metadata: &mut Metadata) {
    let degrees = |tag: Tag, sign: Tag, negative: &str| {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let part = |at: usize| parts.get(at).map_or(0.0, |part| part.to_f64());
        let value = part(0) + part(1) / 60.0 + part(2) / 3600.0;
        let below = ascii(exif, sign).is_some_and(|sign| sign.trim().eq_ignore_ascii_case(negative));
        Some(if below { -value } else { value })
    };
    let latitude = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, "S");
    let longitude = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, "W");
    if let (Some(latitude), Some(longitude)) = (latitude, longitude)
        && let Some(rough) = Coordinates::of(latitude, longitude)
    {
        metadata.coordinates.get_or_insert(rough);
        metadata.withhold(Private::ExactCoordinates, "exif:GPSLatitude, exif:GPSLongitude");
    }
}

fn ascii(exif: &Exif, tag: Tag) -> Option<String> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        // Words are ended by a zero; what follows it is another value or none.
        Value::Ascii(all) => all.first().map(|words| words::decoded(words)),
        _ => None,
    }
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    ascii(exif, tag).filter(|text| !text.is_empty())
}
