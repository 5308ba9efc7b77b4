use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use crate::Reason;

/// Text, and how it was found in the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// Name of its encoding in the Encoding Standard.
    pub encoding: &'static str,
    /// True when nothing said so: it was guessed from the bytes.
    pub guessed: bool,
    /// True when some bytes did not fit and stand as U+FFFD.
    pub damaged: bool,
}

impl Decoded {
    /// What was done, for the provenance; nothing where the bytes were the text.
    pub(crate) fn transformation(&self) -> Option<String> {
        let how = if self.guessed { " (guessed)" } else { "" };
        (self.encoding != UTF_8.name()).then(|| format!("decoded {}{how}", self.encoding))
    }

    pub(crate) fn warning(&self) -> Option<String> {
        self.damaged.then(|| format!("some bytes are no {} and were replaced", self.encoding))
    }
}

/// Bytes to text: a byte order mark decides; else the encoding that `declared` names (a header, a `meta` element, the XML declaration);
/// else UTF-8 if all bytes fit; else the legacy encoding that the bytes look most like.
///
/// A declared encoding that is unknown, or under which bytes don't fit while they fit UTF-8, is passed over: pages often declare wrongly.
///
/// # Errors
/// [`Reason::NotText`] when there are NUL bytes and no mark, or control characters come out.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Result<Decoded, Reason> {
    let done = |text: String, encoding: &'static Encoding, guessed, damaged| Decoded {
        text,
        encoding: encoding.name(),
        guessed,
        damaged,
    };
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let (text, damaged) = encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default());
        return Ok(done(text.into_owned(), encoding, false, damaged));
    }
    let utf8 = std::str::from_utf8(bytes);
    let declared = declared.and_then(|name| Encoding::for_label(name.trim().as_bytes()));
    if let Some(encoding) = declared
        && encoding != UTF_8
        && (utf8.is_err() || bytes.is_ascii())
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes)
    {
        return sound(done(text.into_owned(), encoding, false, false));
    }
    if let Ok(text) = utf8 {
        return sound(done(text.to_owned(), UTF_8, false, false));
    }
    if bytes.contains(&0) {
        return Err(Reason::NotText);
    }
    if let Some(encoding) = declared {
        let (text, damaged) = encoding.decode_without_bom_handling(bytes);
        let broken = text.chars().filter(|&c| c == '\u{fffd}').count();
        // A few bad bytes in a page that says what it is are no reason to read it as something else.
        if broken * 200 <= text.len() {
            return sound(done(text.into_owned(), encoding, false, damaged));
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    sound(done(text.into_owned(), encoding, true, damaged))
}

/// Decodes strictly in the encoding that the user named.
///
/// # Errors
/// When there is no such encoding, or the bytes don't fit it.
pub(crate) fn decode_as(bytes: &[u8], name: &str) -> Result<Decoded, Reason> {
    let encoding = Encoding::for_label(name.trim().as_bytes()).ok_or_else(|| Reason::UnknownEncoding(name.to_owned()))?;
    let bytes = match Encoding::for_bom(bytes) {
        Some((marked, length)) if marked == encoding => bytes.get(length..).unwrap_or_default(),
        _ => bytes,
    };
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(Decoded { text: text.into_owned(), encoding: encoding.name(), guessed: false, damaged: false }),
        None => Err(Reason::malformed(encoding.name(), "some bytes don't fit")),
    }
}

/// Control characters in number are a sign of something that is no text; single ones occur in scraped pages.
fn sound(decoded: Decoded) -> Result<Decoded, Reason> {
    let odd = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}');
    let controls = decoded.text.chars().filter(odd).count();
    if controls * 100 > decoded.text.len() { Err(Reason::NotText) } else { Ok(decoded) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_decides_and_is_no_text() {
        assert_eq!(decode(b"\xff\xfea\0b\0", Some("utf-8")).unwrap().text, "ab");
        assert_eq!(decode(b"\xef\xbb\xbfa", None).unwrap().text, "a");
    }

    #[test]
    fn a_declared_encoding_is_taken_unless_the_bytes_are_plainly_utf8() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode("Обстрел села");
        let decoded = decode(&bytes, Some("windows-1251")).unwrap();
        assert_eq!((decoded.text.as_str(), decoded.guessed), ("Обстрел села", false));
        assert_eq!(decode("Обстрел".as_bytes(), Some("windows-1251")).unwrap().text, "Обстрел");
        assert_eq!(decode(b"plain", Some("no-such-thing")).unwrap().encoding, "UTF-8");
    }

    #[test]
    fn legacy_text_is_guessed_and_said_to_be() {
        let text = "Войска захватили село в понедельник, сообщил генеральный штаб.";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
        let decoded = decode(&bytes, None).unwrap();
        assert_eq!(decoded.text, text);
        assert_eq!(decoded.transformation().as_deref(), Some("decoded windows-1251 (guessed)"));
    }

    #[test]
    fn err_binary() {
        assert!(matches!(decode(b"PDF\xe2\xe3\0", None), Err(Reason::NotText)));
        assert!(matches!(decode_as(b"ab\xff", "utf-8"), Err(Reason::Malformed { .. })));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_decode_or_err(bytes: Vec<u8>, name: String) {
            let _ = decode(&bytes, None);
            let _ = decode(&bytes, Some(&name));
            let _ = decode_as(&bytes, &name);
        }
    }
}
