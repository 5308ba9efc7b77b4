use std::io::{Read, Write};
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::thread;

use dateline_record::Provenance;

use super::*;
use crate::poll::Poll;
use crate::{Options, read_warc};

const PAGE: &str = "<title>Bridge hit</title><p>Two bridges were hit on Friday, the regional administration said.</p>";

/// A server on this machine that answers by path until the test ends; returns its address. `{base}` in an answer is that address.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let own = base.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let own = own.clone();
            thread::spawn(move || {
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read(&mut buffer) {
                        Ok(0) | Err(_) => return,
                        Ok(read) => request.extend_from_slice(&buffer[..read]),
                    }
                }
                let request = String::from_utf8_lossy(&request).into_owned();
                let _ = stream.write_all(&answer(&request, &own));
            });
        }
    });
    base
}

fn answer(request: &str, base: &str) -> Vec<u8> {
    let path = request.split_whitespace().nth(1).unwrap_or_default();
    let with = |head: &str, body: &[u8]| {
        [format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len()).as_bytes(), body].concat()
    };
    match path {
        "/page" => with("200 OK\r\nContent-Type: text/html", PAGE.as_bytes()),
        "/packed" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(PAGE.as_bytes()).unwrap();
            with("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", &encoder.finish().unwrap())
        }
        "/chunked" => format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{PAGE}\r\n0\r\n\r\n",
            PAGE.len()
        )
        .into_bytes(),
        "/moved" => with("302 Found\r\nLocation: /page", b""),
        "/loop" => with("301 Moved\r\nLocation: /loop", b""),
        "/file" => with("302 Found\r\nLocation: file:///etc/hostname", b""),
        "/inside" => with(&format!("302 Found\r\nLocation: {}/page", base.replace("127.0.0.1", "localhost")), b""),
        "/large" => with("200 OK", &vec![b'x'; 5000]),
        "/slow" => {
            thread::sleep(Duration::from_secs(3));
            with("200 OK", b"late")
        }
        "/robots.txt" => with("200 OK", b"User-agent: *\nDisallow: /private"),
        "/feed" if request.contains("If-None-Match: \"one\"") || request.contains("if-none-match: \"one\"") => {
            with("304 Not Modified", b"")
        }
        "/feed" => with(
            "200 OK\r\nETag: \"one\"\r\nContent-Type: application/rss+xml",
            b"<rss><channel><item><title>Hit</title></item></channel></rss>",
        ),
        "/busy" => with("503 Busy\r\nRetry-After: 3600", b""),
        _ => with("404 Not Found", b""),
    }
}

fn open_limits() -> Limits {
    Limits { allow_private: true, time: Duration::from_secs(10), ..Limits::default() }
}

#[test]
fn a_page_is_fetched_and_read() {
    let base = server();
    for path in ["/page", "/packed", "/chunked", "/moved"] {
        let exchange = fetch(&format!("{base}{path}"), &open_limits()).unwrap();
        assert_eq!(exchange.payload(1 << 20).unwrap(), PAGE.as_bytes(), "{path}");
        let mut reports = Vec::new();
        let _ = exchange.read(&Options::default(), &mut |item| {
            reports.push(item.unwrap());
            ControlFlow::Continue(())
        });
        assert!(reports[0].report.text.contains("Two bridges were hit"), "{path}");
        assert_eq!(reports[0].provenance.requested_url.as_deref(), Some(format!("{base}{path}").as_str()));
        assert_eq!(reports[0].original, PAGE.as_bytes());
    }
    let moved = fetch(&format!("{base}/moved"), &open_limits()).unwrap();
    assert_eq!(moved.hops.iter().map(|hop| hop.status).collect::<Vec<_>>(), [302, 200]);
}

#[test]
fn an_exchange_is_read_again_from_its_warc() {
    let base = server();
    for path in ["/moved", "/packed", "/chunked"] {
        let exchange = fetch(&format!("{base}{path}"), &open_limits()).unwrap();
        let warc = exchange.to_warc();
        assert_eq!(warc, exchange.to_warc());
        let records: Vec<_> = crate::WarcReader::new(warc.as_slice(), 1 << 20).map(Result::unwrap).collect();
        assert_eq!(records.len(), 2 * exchange.hops.len());
        assert!(records.iter().all(|record| record.field("WARC-IP-Address") == Some("127.0.0.1")));
        assert_eq!(records[1].field("WARC-Concurrent-To"), records[0].field("WARC-Record-ID"));
        assert!(records[1].block.starts_with(format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:").as_bytes()));
        let mut originals = Vec::new();
        let _ = read_warc(warc.as_slice(), false, &Provenance::default(), &Options::default(), &mut |item| {
            originals.push(item.unwrap());
            ControlFlow::Continue(())
        });
        assert_eq!(originals.len(), 1, "{path}");
        assert_eq!(originals[0].original, PAGE.as_bytes());
        assert_eq!(originals[0].provenance.captured.as_deref(), Some(exchange.hops[0].captured.as_str()));
    }
}

#[test]
fn err_private_addresses_are_refused_at_every_hop() {
    let base = server();
    let closed = Limits { time: Duration::from_secs(10), ..Limits::default() };
    let error = fetch(&format!("{base}/page"), &closed).unwrap_err();
    assert!(matches!(error, FetchError::Private { .. }), "{error}");
    let name = base.replace("127.0.0.1", "localhost");
    assert!(matches!(fetch(&format!("{name}/page"), &closed).unwrap_err(), FetchError::Private { .. }));
    assert!(matches!(fetch("http://[::ffff:127.0.0.1]/", &closed).unwrap_err(), FetchError::Private { .. }));
    assert!(matches!(fetch("http://2130706433/", &closed).unwrap_err(), FetchError::Private { .. }));
    assert!(fetch(&format!("{base}/inside"), &open_limits()).is_ok());
}

#[test]
fn err_other_schemes_loops_and_passwords() {
    let base = server();
    assert!(matches!(fetch("file:///etc/hostname", &open_limits()).unwrap_err(), FetchError::Address(_)));
    assert!(matches!(fetch("https://jo:secret@example.org/", &open_limits()).unwrap_err(), FetchError::Address(_)));
    assert!(matches!(fetch(&format!("{base}/file"), &open_limits()).unwrap_err(), FetchError::Address(_)));
    assert!(matches!(fetch(&format!("{base}/loop"), &open_limits()).unwrap_err(), FetchError::Redirects(8)));
}

#[test]
fn err_too_large_and_too_slow() {
    let base = server();
    let small = Limits { bytes: 1000, ..open_limits() };
    assert!(matches!(fetch(&format!("{base}/large"), &small).unwrap_err(), FetchError::TooLarge(1000)));
    let short = Limits { time: Duration::from_millis(300), ..open_limits() };
    assert!(matches!(fetch(&format!("{base}/slow"), &short).unwrap_err(), FetchError::TooSlow(_)));
}

#[test]
fn a_feed_is_asked_only_when_due_and_only_for_news() {
    let url = format!("{}/feed", server());
    let (state, polled) = poll(&url, &Poll::default(), 600, &open_limits());
    assert!(matches!(polled.unwrap(), Polled::Changed(_)));
    assert_eq!(state.etag.as_deref(), Some("\"one\""));
    let (same, polled) = poll(&url, &state, 600, &open_limits());
    assert!(matches!(polled.unwrap(), Polled::NotDue));
    assert_eq!(same, state);
    let (_, polled) = poll(&url, &Poll { next_due: 0, ..state }, 600, &open_limits());
    assert!(matches!(polled.unwrap(), Polled::Unchanged));
    let (state, polled) = poll(&url.replace("/feed", "/busy"), &Poll::default(), 600, &open_limits());
    assert!(matches!(polled.unwrap(), Polled::Refused(503)));
    assert!(state.next_due >= now() + 3500 && state.failures == 1);
}

#[test]
fn robots_are_asked_of_the_site() {
    let base = server();
    let robots = fetch_robots(&format!("{base}/private/a"), &open_limits()).unwrap();
    assert!(!robots.allowed("dateline", "/private/a") && robots.allowed("dateline", "/page"));
    let unreachable = "http://127.0.0.1:1/a";
    assert!(!fetch_robots(unreachable, &open_limits()).unwrap().allowed("dateline", "/a"));
}
