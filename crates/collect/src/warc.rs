//! WARC 1.0 and 1.1 (ISO 28500:2017), packed record by record or not at all.

use std::io::{BufRead, Read};
use std::ops::ControlFlow;

use dateline_record::Provenance;

use crate::archive::{Members, Place, Plain};
use crate::collected::{CollectError, Collected, Reason, Sink};
use crate::http::{Response, bounded, find};
use crate::input::Options;
use crate::media::picture_extension;
use crate::open::read_document;
use crate::waiting::Waiting;

/// Longest line of a record's header, and most lines.
const MAX_LINE: u64 = 1 << 16;
const MAX_FIELDS: usize = 200;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarcRecord {
    /// Where it begins: offset in the file (of a packed one: of its gzip member), and of unpacked bytes after that.
    pub place: (u64, u64),
    /// Its named fields, in their order.
    pub fields: Vec<(String, String)>,
    /// Its content block.
    pub block: Vec<u8>,
}

impl WarcRecord {
    /// The first value of a field, whatever the case of its name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        find(&self.fields, name)
    }

    /// `WARC-Type`: `response`, `resource`, `request`, `conversion`…
    #[must_use]
    pub fn kind(&self) -> &str {
        self.field("WARC-Type").unwrap_or_default()
    }
}

/// Reads the records of a WARC file one at a time.
///
/// A record that is malformed or too large is an error of its own and the next is looked for; after a read error there is no next.
pub struct WarcReader<'a> {
    input: Box<dyn Place + 'a>,
    limit: u64,
    over: bool,
}

impl std::fmt::Debug for WarcReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WarcReader").field("limit", &self.limit).field("over", &self.over).finish_non_exhaustive()
    }
}

impl<'a> WarcReader<'a> {
    /// Reads unpacked records; blocks of more than `limit` bytes are passed over.
    pub fn new(input: impl Read + 'a, limit: u64) -> Self {
        Self { input: Box::new(Plain::new(input)), limit, over: false }
    }

    /// Reads records packed with gzip, which may unpack to `ratio` times their size.
    pub fn packed(input: impl Read + 'a, limit: u64, ratio: u64) -> Self {
        Self { input: Box::new(Members::new(input, ratio)), limit, over: false }
    }

    fn line(&mut self) -> Result<Option<Vec<u8>>, Reason> {
        let mut line = Vec::new();
        let read = (&mut self.input).take(MAX_LINE).read_until(b'\n', &mut line)?;
        while line.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            line.pop();
        }
        Ok((read > 0).then_some(line))
    }

    /// The place of the next record, whose version line is read; what is none is passed over.
    fn begin(&mut self) -> Result<Option<(u64, u64)>, Reason> {
        loop {
            // The buffer must be filled for the place to be that of the next byte.
            if self.input.fill_buf()?.is_empty() {
                return Ok(None);
            }
            let place = self.input.place();
            match self.line()? {
                None => return Ok(None),
                Some(line) if line.starts_with(b"WARC/") => return Ok(Some(place)),
                Some(_) => {}
            }
        }
    }

    fn record(&mut self) -> Result<Option<WarcRecord>, ((u64, u64), Reason)> {
        let begun = self.begin().map_err(|reason| (self.input.place(), reason))?;
        let Some(place) = begun else { return Ok(None) };
        self.rest_of(place).map(Some).map_err(|reason| (place, reason))
    }

    fn rest_of(&mut self, place: (u64, u64)) -> Result<WarcRecord, Reason> {
        let mut fields: Vec<(String, String)> = Vec::new();
        loop {
            let line = self.line()?.ok_or_else(|| Reason::malformed("WARC", "it breaks off within a record's header"))?;
            if line.is_empty() {
                break;
            }
            let line = String::from_utf8_lossy(&line);
            match fields.last_mut() {
                Some((_, value)) if line.starts_with([' ', '\t']) => {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                _ => {
                    let (name, value) =
                        line.split_once(':').ok_or_else(|| Reason::malformed("WARC", "a header line has no colon"))?;
                    fields.push((name.trim().to_owned(), value.trim().to_owned()));
                }
            }
            if fields.len() > MAX_FIELDS {
                return Err(Reason::malformed("WARC", "a record's header has no end"));
            }
        }
        let length = find(&fields, "Content-Length").and_then(|length| length.parse::<u64>().ok());
        let length = length.ok_or_else(|| Reason::malformed("WARC", "a record has no length"))?;
        if length > self.limit {
            std::io::copy(&mut (&mut self.input).take(length), &mut std::io::sink())?;
            return Err(Reason::TooLarge { limit: self.limit });
        }
        let block = bounded((&mut self.input).take(length), self.limit)?;
        if (block.len() as u64) < length {
            return Err(Reason::malformed("WARC", "it breaks off within a record"));
        }
        Ok(WarcRecord { place, fields, block })
    }
}

impl Iterator for WarcReader<'_> {
    /// A record, or where one failed and why.
    type Item = Result<WarcRecord, ((u64, u64), Reason)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let outcome = self.record().transpose();
        self.over = matches!(&outcome, None | Some(Err((_, Reason::Io(_) | Reason::Bomb { .. }))));
        outcome
    }
}

/// The reports of a WARC file, packed or not, named `INPUT@OFFSET`.
///
/// Read are the pages, feeds and texts among its responses, resources and conversions. Pictures come with the reports that name their
/// address: a report is held back until they are read, as long as no more than 256 reports and one item's bytes are, and of pictures
/// that stand before their page the last ones are known. What else belongs to a page (scripts, styles), redirects, and records without
/// content of their own (requests, metadata, revisits) are passed over.
pub fn read_warc<'a>(
    input: impl Read + 'a,
    packed: bool,
    base: &Provenance,
    options: &Options,
    sink: &mut dyn FnMut(Result<Collected, CollectError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let limit = options.limits.item;
    let reader = if packed { WarcReader::packed(input, limit, options.limits.ratio) } else { WarcReader::new(input, limit) };
    let format = if base.format.is_empty() { "warc".to_owned() } else { base.format.clone() };
    let base = Provenance { format, ..base.clone() };
    let name = |(offset, within): (u64, u64)| match within {
        0 => format!("{}@{offset}", base.input),
        _ => format!("{}@{offset}+{within}", base.input),
    };
    let mut any = false;
    let mut waiting = Waiting::new(sink, limit);
    for record in reader {
        any = true;
        match record {
            Ok(record) => match picture(&record, limit) {
                Some((address, bytes)) => waiting.picture(&address, bytes)?,
                None => read_record(&record, name(record.place), &base, options, &mut |item| waiting.item(item))?,
            },
            Err((place, reason)) => waiting.item(Err(CollectError::new(name(place), reason)))?,
        }
    }
    waiting.finish()?;
    if any {
        ControlFlow::Continue(())
    } else {
        sink(Err(CollectError::new(base.input.clone(), Reason::malformed("WARC", "there are no records in it"))))
    }
}

/// The address and bytes of a record that holds a picture.
fn picture(record: &WarcRecord, limit: u64) -> Option<(String, Vec<u8>)> {
    let address = record.field("WARC-Target-URI")?.trim_matches(['<', '>']).to_owned();
    let is_picture = |kind: Option<&str>| kind.unwrap_or_default().trim_start().to_ascii_lowercase().starts_with("image/");
    let content_type = record.field("Content-Type");
    let bytes = match record.kind() {
        "response" if record.block.starts_with(b"HTTP/") => {
            let response = Response::parse(&record.block).filter(|response| response.status == 200)?;
            is_picture(response.header("content-type")).then(|| response.payload(limit).ok()).flatten()?.0
        }
        "response" | "resource" if is_picture(content_type) => record.block.clone(),
        _ => return None,
    };
    picture_extension(&bytes).is_some().then_some((address, bytes))
}

fn read_record(record: &WarcRecord, name: String, base: &Provenance, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let target = record.field("WARC-Target-URI").map(|uri| uri.trim_matches(['<', '>']).to_owned());
    let mut provenance = Provenance {
        input: name,
        requested_url: target.clone(),
        final_url: target,
        captured: record.field("WARC-Date").map(str::to_owned),
        ..base.clone()
    };
    let content_type = record.field("Content-Type").unwrap_or_default();
    match record.kind() {
        "response" if content_type.starts_with("application/http") || record.block.starts_with(b"HTTP/") => {
            let Some(response) = Response::parse(&record.block) else {
                return sink(Err(CollectError::new(provenance.input, Reason::malformed("WARC", "the response is no HTTP"))));
            };
            if !is_readable(response.header("content-type"), response.body) || (300..400).contains(&response.status) {
                return ControlFlow::Continue(());
            }
            if response.status >= 400 && !options.error_pages {
                return sink(Err(CollectError::new(provenance.input, Reason::Unsupported("a page that answered with an error"))));
            }
            provenance.status = Some(response.status);
            provenance.media_type = response.header("content-type").map(str::to_owned);
            match response.payload(options.limits.item) {
                Ok((payload, done)) => {
                    provenance.headers = response.headers;
                    provenance.transformations.extend(done);
                    read_document(&payload, &provenance, options, sink)
                }
                Err(reason) => sink(Err(CollectError::new(provenance.input, reason))),
            }
        }
        "response" | "resource" | "conversion" if is_readable(Some(content_type), &record.block) => {
            provenance.media_type = Some(content_type.to_owned()).filter(|kind| !kind.is_empty());
            read_document(&record.block, &provenance, options, sink)
        }
        _ => ControlFlow::Continue(()),
    }
}

/// True for media types that may hold a report; where none is given, by the bytes.
fn is_readable(content_type: Option<&str>, body: &[u8]) -> bool {
    let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "" => body.trim_ascii_start().starts_with(b"<"),
        "text/css" | "text/javascript" | "text/vtt" | "application/json" | "text/calendar" | "image/svg+xml" => false,
        "application/feed+json" => true,
        kind => kind.starts_with("text/") || kind.ends_with("xml"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn record(kind: &str, content_type: &str, block: &str) -> Vec<u8> {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://example.org/a\r\nWARC-Date: 2024-12-27T10:30:00Z\r\n\
             Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
        .into_bytes()
    }

    fn sample() -> Vec<Vec<u8>> {
        let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nServer: x\r\n\r\n<title>Head</title><p>Two bridges were hit on Friday.</p>";
        vec![
            record("warcinfo", "application/warc-fields", "software: x\r\n"),
            record("response", "application/http; msgtype=response", page),
            record("response", "application/http", "HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\nLocation: /b\r\n\r\n"),
            record("response", "application/http", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx"),
            record("response", "application/http", "HTTP/1.1 404 No\r\nContent-Type: text/html\r\n\r\n<p>x</p>"),
            record("conversion", "text/plain", "Plain words."),
        ]
    }

    fn read(bytes: &[u8], packed: bool) -> Vec<Result<Collected, CollectError>> {
        let mut items = Vec::new();
        let base = Provenance { input: "a.warc".into(), ..Provenance::default() };
        let _ = read_warc(bytes, packed, &base, &Options::default(), &mut |item| {
            items.push(item);
            ControlFlow::Continue(())
        });
        items
    }

    #[test]
    fn responses_are_reports() {
        let items = read(&sample().concat(), false);
        assert_eq!(items.len(), 3);
        let first = items[0].as_ref().unwrap();
        assert_eq!(first.report.url.as_deref(), Some("https://example.org/a"));
        assert!(first.report.text.contains("Two bridges were hit"));
        assert_eq!(first.original, b"<title>Head</title><p>Two bridges were hit on Friday.</p>");
        assert_eq!((first.provenance.captured.as_deref(), first.provenance.status), (Some("2024-12-27T10:30:00Z"), Some(200)));
        assert_eq!(first.provenance.headers[1], ("Server".to_owned(), "x".to_owned()));
        assert_eq!(first.provenance.format, "warc");
        assert!(items[1].as_ref().unwrap_err().to_string().ends_with("a page that answered with an error is no report"));
        assert_eq!(items[2].as_ref().unwrap().report.text, "Plain words.");
    }

    #[test]
    fn packed_records_are_named_by_their_members_offset() {
        let members: Vec<Vec<u8>> = sample()
            .iter()
            .map(|record| {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(record).unwrap();
                encoder.finish().unwrap()
            })
            .collect();
        let items = read(&members.concat(), true);
        let expected = format!("a.warc@{}", members[0].len());
        assert_eq!(items[0].as_ref().unwrap().provenance.input, expected);
    }

    #[test]
    fn a_broken_record_costs_only_itself() {
        let mut parts = sample();
        parts[0] = b"WARC/1.0\r\nno colon here\r\n\r\njunk\r\n".to_vec();
        let items = read(&parts.concat(), false);
        assert_eq!(items.len(), 4);
        assert!(items[0].is_err() && items[1].is_ok());
        let whole = sample().concat();
        let items = read(&whole[..whole.len() - 10], false);
        assert!(items.last().unwrap().as_ref().unwrap_err().to_string().contains("breaks off"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_err(bytes: Vec<u8>, at in 0usize..400, byte: u8) {
            read(&bytes, false);
            read(&bytes, true);
            let mut changed = sample().concat();
            changed[at] = byte;
            let _ = WarcReader::new(changed.as_slice(), 1000).count();
        }
    }
}
