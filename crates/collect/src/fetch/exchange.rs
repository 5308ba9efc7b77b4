use std::net::IpAddr;
use std::ops::ControlFlow;

use dateline_record::Provenance;
use sha2::{Digest, Sha256};
use url::Url;

use crate::collected::{CollectError, Collected, Reason};
use crate::http::{Response, find};
use crate::input::Options;
use crate::open::read_document;

/// What was asked and what was answered, from the first address to the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The address that was asked for.
    pub requested_url: String,
    /// Each request with its answer; redirects first. Never empty.
    pub hops: Vec<Hop>,
}

/// One request and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The address.
    pub url: String,
    /// The IP address that was connected to, where the name has only one.
    pub address: Option<IpAddr>,
    /// Headers that were sent, besides `Host`.
    pub sent: Vec<(String, String)>,
    /// Status of the answer.
    pub status: u16,
    /// Headers of the answer, in their order.
    pub headers: Vec<(String, String)>,
    /// Body of the answer: chunks joined, else as it was sent (packed, where it was).
    pub body: Vec<u8>,
    /// When it was asked, as an RFC 3339 instant.
    pub captured: String,
}

impl Hop {
    /// The first value of a header of the answer, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

impl Exchange {
    /// The last answer.
    #[must_use]
    pub fn answer(&self) -> Option<&Hop> {
        self.hops.last()
    }

    /// The body of the last answer, unpacked, to `limit` bytes.
    ///
    /// # Errors
    /// When it is larger, or packed in a way that can't be undone.
    pub fn payload(&self, limit: u64) -> Result<Vec<u8>, Reason> {
        let Some(hop) = self.hops.last() else { return Err(Reason::Empty) };
        Response { status: hop.status, headers: hop.headers.clone(), body: &hop.body }.payload(limit).map(|(payload, _)| payload)
    }

    /// The reports in the last answer: of a page one, of a feed each item.
    pub fn read(
        &self,
        options: &Options,
        sink: &mut dyn FnMut(Result<Collected, CollectError>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(hop) = self.hops.last() else { return ControlFlow::Continue(()) };
        let response = Response { status: hop.status, headers: hop.headers.clone(), body: &hop.body };
        let (payload, done) = match response.payload(options.limits.item) {
            Ok(unpacked) => unpacked,
            Err(reason) => return sink(Err(CollectError::new(self.requested_url.clone(), reason))),
        };
        let base = Provenance {
            input: self.requested_url.clone(),
            media_type: hop.header("content-type").map(str::to_owned),
            requested_url: Some(self.requested_url.clone()),
            final_url: Some(hop.url.clone()),
            captured: Some(hop.captured.clone()),
            status: Some(hop.status),
            headers: hop.headers.clone(),
            transformations: done,
            ..Provenance::default()
        };
        read_document(&payload, &base, options, sink)
    }

    /// The whole exchange as WARC/1.1 records (ISO 28500:2017): a request and a response for each hop.
    ///
    /// The headers are those that the client gives: names in lower case, in their order.
    #[must_use]
    pub fn to_warc(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for hop in &self.hops {
            let mut block = format!("HTTP/1.1 {}{}\r\n", hop.status, reason_phrase(hop.status)).into_bytes();
            push_headers(&mut block, &hop.headers);
            block.extend_from_slice(&hop.body);
            let digest = format!("sha256:{}", hex(&Sha256::digest(&hop.body)));
            let response_id = push_record(&mut out, "response", hop, &block, &[("WARC-Payload-Digest", digest)]);
            let mut request = request_line(&hop.url).into_bytes();
            push_headers(&mut request, &hop.sent);
            push_record(&mut out, "request", hop, &request, &[("WARC-Concurrent-To", response_id)]);
        }
        out
    }
}

fn request_line(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return String::new() };
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("GET {}{query} HTTP/1.1\r\nHost: {}{port}\r\n", url.path(), url.host_str().unwrap_or_default())
}

fn push_headers(block: &mut Vec<u8>, headers: &[(String, String)]) {
    for (name, value) in headers {
        block.extend_from_slice(format!("{name}: {}\r\n", value.replace(['\r', '\n'], " ")).as_bytes());
    }
    block.extend_from_slice(b"\r\n");
}

/// Writes a record and returns its id.
fn push_record(out: &mut Vec<u8>, kind: &str, hop: &Hop, block: &[u8], more: &[(&str, String)]) -> String {
    let id = record_id(&[kind.as_bytes(), hop.url.as_bytes(), hop.captured.as_bytes(), block]);
    let mut head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {id}\r\nWARC-Date: {}\r\nWARC-Target-URI: {}\r\n\
         Content-Type: application/http; msgtype={kind}\r\nContent-Length: {}\r\nWARC-Block-Digest: sha256:{}\r\n",
        hop.captured,
        hop.url,
        block.len(),
        hex(&Sha256::digest(block))
    );
    if let Some(address) = hop.address {
        head.push_str(&format!("WARC-IP-Address: {address}\r\n"));
    }
    for (name, value) in more {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(block);
    out.extend_from_slice(b"\r\n\r\n");
    id
}

/// A UUID made from the record's own content (version 8, RFC 9562 section 5.8), so that the same exchange gives the same bytes.
fn record_id(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let value = digest.iter().take(16).fold(0_u128, |value, byte| value << 8 | u128::from(*byte));
    let value = value & !(0xf << 76) & !(0x3 << 62) | 0x8 << 76 | 0x2 << 62;
    let text = format!("{value:032x}");
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!("<urn:uuid:{}-{}-{}-{}-{}>", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn reason_phrase(status: u16) -> String {
    let status = ureq::http::StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).map(|phrase| format!(" {phrase}")).unwrap_or_default()
}
