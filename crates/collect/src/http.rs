//! HTTP/1.1 messages as they stand in WARC records.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::Reason;

/// A response: status, headers in their order, body as it was sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response<'a> {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: &'a [u8],
}

/// Header fields of which one could fill memory are no headers.
const MAX_HEADERS: usize = 1_000;

impl<'a> Response<'a> {
    /// Reads status line and headers (RFC 9112); line ends may be bare.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes;
        let status_line = take_line(&mut rest)?;
        let status_line = String::from_utf8_lossy(status_line);
        let mut parts = status_line.split_whitespace();
        parts.next().filter(|version| version.starts_with("HTTP/"))?;
        let status = parts.next()?.parse().ok()?;
        let headers = headers(&mut rest)?;
        Some(Self { status, headers, body: rest })
    }

    /// The first value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The body without its transfer and content encodings, and what was taken off.
    pub(crate) fn payload(&self, limit: u64) -> Result<(Vec<u8>, Vec<String>), Reason> {
        let mut done = Vec::new();
        let mut body = self.body.to_vec();
        // Many crawlers store the body dechunked and leave the header.
        if self.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"))
            && let Some(whole) = dechunked(&body)
        {
            done.push("chunks joined".to_owned());
            body = whole;
        }
        for coding in self.header("content-encoding").unwrap_or_default().split(',').rev() {
            let coding = coding.trim().to_ascii_lowercase();
            let unpacked = match coding.as_str() {
                "" | "identity" => continue,
                // The same holds for what is unpacked already.
                "gzip" | "x-gzip" if !body.starts_with(b"\x1f\x8b") => continue,
                "gzip" | "x-gzip" => bounded(MultiGzDecoder::new(body.as_slice()), limit)?,
                "deflate" => match bounded(ZlibDecoder::new(body.as_slice()), limit) {
                    Err(Reason::Io(_)) => bounded(DeflateDecoder::new(body.as_slice()), limit)?,
                    outcome => outcome?,
                },
                _ if std::str::from_utf8(&body).is_ok() => continue,
                _ => return Err(Reason::Unsupported("a page packed with brotli or zstd")),
            };
            done.push(format!("unpacked {coding}"));
            body = unpacked;
        }
        Ok((body, done))
    }
}

/// The first value of a field, whatever the case of its name.
pub(crate) fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Everything, if it is not more than `limit`.
pub(crate) fn bounded(reader: impl Read, limit: u64) -> Result<Vec<u8>, Reason> {
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(Reason::TooLarge { limit }) } else { Ok(bytes) }
}

fn take_line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(|b| *b == b'\n')?;
    let (line, after) = (rest.get(..end)?, rest.get(end + 1..)?);
    *rest = after;
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

/// Header fields up to the empty line. Folded lines belong to the one before (RFC 9112 section 5.2).
fn headers(rest: &mut &[u8]) -> Option<Vec<(String, String)>> {
    let mut headers: Vec<(String, String)> = Vec::new();
    while !rest.is_empty() {
        let line = match take_line(rest) {
            Some(line) => line,
            None => std::mem::take(rest),
        };
        if line.is_empty() {
            break;
        }
        let line = String::from_utf8_lossy(line);
        match headers.last_mut() {
            Some((_, value)) if line.starts_with([' ', '\t']) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            _ => {
                let (name, value) = line.split_once(':').unwrap_or((&line, ""));
                headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        if headers.len() > MAX_HEADERS {
            return None;
        }
    }
    Some(headers)
}

/// The chunks of a body in a row (RFC 9112 section 7.1); none when it is not chunked.
fn dechunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    loop {
        let line = take_line(&mut body)?;
        let size = std::str::from_utf8(line).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(body.get(..size)?);
        body = body.get(size..)?;
        if !take_line(&mut body)?.is_empty() {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunked_body_is_joined() {
        let bytes =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Long: a\r\n b\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
        let response = Response::parse(bytes).unwrap();
        assert_eq!((response.status, response.header("x-long")), (200, Some("a b")));
        assert_eq!(response.payload(100).unwrap(), (b"abcde".to_vec(), vec!["chunks joined".to_owned()]));
        assert!(matches!(
            Response { headers: vec![("content-encoding".into(), "br".into())], body: b"\xff", ..response }.payload(9),
            Err(Reason::Unsupported(_))
        ));
    }

    #[test]
    fn a_body_that_was_unpacked_before_is_left_alone() {
        let bytes = b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Encoding: gzip\n\n<p>text</p>";
        assert_eq!(Response::parse(bytes).unwrap().payload(100).unwrap(), (b"<p>text</p>".to_vec(), vec![]));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_not(bytes: Vec<u8>) {
            if let Some(response) = Response::parse(&bytes) {
                let _ = response.payload(1000);
            }
            let _ = dechunked(&bytes);
            let head = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip, deflate\r\n\r\n".as_slice(), &bytes].concat();
            let _ = Response::parse(&head).unwrap().payload(1000);
        }
    }
}
