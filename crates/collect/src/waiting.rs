//! Reports of a WARC that wait for the pictures that they name: crawlers write a page first and what belongs to it after.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use url::Url;

use crate::collected::{CollectError, Collected, Sink};

/// Most items that are held back. What a browser fetches for a page follows it closely.
const MAX_HELD: usize = 256;

/// An item that waits, or one that stands behind one that does.
struct Held {
    item: Result<Collected, CollectError>,
    /// Addresses of what is named only, in their order, made alike.
    wanted: Vec<Option<String>>,
    /// What it takes up in memory, roughly.
    size: u64,
}

/// Hands items on in their order, each when its pictures are there or no longer waited for: when too many are held or too much is.
pub(crate) struct Waiting<'a, 's> {
    sink: &'a mut Sink<'s>,
    held: VecDeque<Held>,
    held_size: u64,
    /// Pictures that came before the page that names them, the latest last.
    recent: VecDeque<(String, Vec<u8>)>,
    recent_size: u64,
    /// Most bytes of items, and most of pictures.
    limit: u64,
}

impl<'a, 's> Waiting<'a, 's> {
    pub(crate) fn new(sink: &'a mut Sink<'s>, limit: u64) -> Self {
        Self { sink, held: VecDeque::new(), held_size: 0, recent: VecDeque::new(), recent_size: 0, limit }
    }

    pub(crate) fn item(&mut self, item: Result<Collected, CollectError>) -> ControlFlow<()> {
        let wanted = item.as_ref().map_or_else(
            |_| Vec::new(),
            |collected| collected.named.iter().map(|named| named.address.as_deref().map(alike)).collect(),
        );
        let size = item.as_ref().map_or(0, |collected| {
            let media: usize = collected.media.iter().map(|medium| medium.bytes.len()).sum();
            (collected.original.len() + collected.report.text.len() + media) as u64
        });
        let mut held = Held { item, wanted, size };
        for (address, bytes) in &self.recent {
            held.take(address, bytes, self.limit);
        }
        self.held_size += held.size;
        self.held.push_back(held);
        self.release()
    }

    pub(crate) fn picture(&mut self, address: &str, bytes: Vec<u8>) -> ControlFlow<()> {
        let (address, size) = (alike(address), bytes.len() as u64);
        for held in &mut self.held {
            let before = held.size;
            held.take(&address, &bytes, self.limit);
            self.held_size += held.size - before;
        }
        while self.recent_size + size > self.limit
            && let Some((_, oldest)) = self.recent.pop_front()
        {
            self.recent_size -= oldest.len() as u64;
        }
        if size <= self.limit {
            self.recent_size += size;
            self.recent.push_back((address, bytes));
        }
        self.release()
    }

    /// Hands on all that is left.
    pub(crate) fn finish(mut self) -> ControlFlow<()> {
        while let Some(held) = self.held.pop_front() {
            (self.sink)(held.item)?;
        }
        ControlFlow::Continue(())
    }

    fn release(&mut self) -> ControlFlow<()> {
        while let Some(first) = self.held.front()
            && (first.is_whole() || self.held.len() > MAX_HELD || self.held_size > self.limit)
            && let Some(first) = self.held.pop_front()
        {
            self.held_size -= first.size;
            (self.sink)(first.item)?;
        }
        ControlFlow::Continue(())
    }
}

impl Held {
    fn is_whole(&self) -> bool {
        self.wanted.iter().all(Option::is_none)
    }

    /// Takes a picture that it names, unless it holds too much already.
    fn take(&mut self, address: &str, bytes: &[u8], limit: u64) {
        let Ok(collected) = &mut self.item else { return };
        let wanted = |wanted: &Option<String>| wanted.as_deref() == Some(address);
        while let Some(at) = self.wanted.iter().position(wanted)
            && self.size + bytes.len() as u64 <= limit
        {
            self.wanted.remove(at);
            collected.media.push(collected.named.remove(at).with(bytes.to_vec()));
            self.size += bytes.len() as u64;
        }
    }
}

/// An address in the form in which two that mean the same are the same.
fn alike(address: &str) -> String {
    Url::parse(address).map_or_else(
        |_| address.to_owned(),
        |mut url| {
            url.set_fragment(None);
            url.to_string()
        },
    )
}

#[cfg(test)]
mod tests {
    use dateline_record::{Provenance, Report};

    use super::*;

    fn page(text: &str, named: &[&str]) -> Collected {
        let provenance = Provenance { media: named.iter().map(|name| (*name).to_owned()).collect(), ..Provenance::default() };
        Collected::new(Report { text: text.into(), ..Report::default() }, provenance, b"original".to_vec())
    }

    /// What is handed on while `fill` runs, and after it: texts with the names of what came with them and of what did not.
    fn run(limit: u64, fill: impl FnOnce(&mut Waiting<'_, '_>)) -> Vec<String> {
        let mut out = Vec::new();
        let mut sink = |item: Result<Collected, CollectError>| {
            let collected = item.unwrap();
            let media: Vec<&str> = collected.media.iter().map(|medium| medium.name.as_str()).collect();
            let named: Vec<&str> = collected.named.iter().map(|named| named.name.as_str()).collect();
            out.push(format!("{}: {} | {}", collected.report.text, media.join(" "), named.join(" ")));
            ControlFlow::Continue(())
        };
        let mut waiting = Waiting::new(&mut sink, limit);
        fill(&mut waiting);
        let _ = waiting.finish();
        out
    }

    #[test]
    fn pictures_that_come_after_or_before_are_put_to_their_pages() {
        let out = run(1_000, |waiting| {
            let _ = waiting.picture("https://example.org/0.png", vec![1]);
            let _ = waiting.item(Ok(page("first", &["https://example.org/a.png", "https://EXAMPLE.org/0.png#x"])));
            let _ = waiting.item(Ok(page("second", &[])));
            let _ = waiting.picture("https://example.org/a.png", vec![1]);
            let _ = waiting.item(Ok(page("third", &["https://example.org/a.png", "https://example.org/none.png"])));
        });
        assert_eq!(
            out,
            [
                "first: https://EXAMPLE.org/0.png#x https://example.org/a.png | ",
                "second:  | ",
                "third: https://example.org/a.png | https://example.org/none.png"
            ]
        );
    }

    #[test]
    fn no_more_is_held_than_is_allowed() {
        let named = ["https://example.org/a.png"];
        let out = run(40, |waiting| {
            for text in ["a", "b", "c", "d", "e"] {
                let _ = waiting.item(Ok(page(text, &named)));
                assert!(waiting.held_size <= 40);
            }
            let _ = waiting.picture(named[0], vec![0; 8]);
            let _ = waiting.picture(named[0], vec![0; 400]);
            assert!(waiting.recent_size <= 40);
        });
        assert_eq!(out.iter().filter(|line| line.ends_with("| ")).count(), 4, "{out:?}");
        let many = run(1 << 20, |waiting| {
            for _ in 0..1_000 {
                let _ = waiting.item(Ok(page("x", &named)));
                assert!(waiting.held.len() <= MAX_HELD);
            }
        });
        assert_eq!(many.len(), 1_000);
    }
}
