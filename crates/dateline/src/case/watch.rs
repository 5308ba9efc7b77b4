//! Following feeds, and fetching what is named by its address.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dateline_collect::fetch::{Exchange, FetchError, Limits, Polled, fetch, fetch_robots, poll};
use dateline_collect::poll::Poll;
use dateline_collect::robots::Robots;
use dateline_collect::{CollectError, Collected, Options, Reason};
use serde::{Deserialize, Serialize};

use super::add::{AddOutcome, Incoming, Tally};
use super::{Case, CaseError};
use crate::Dateline;

/// Shortest time between two pages of one site, in seconds.
const BETWEEN_PAGES: u64 = 1;
/// Longest that a site's own rules may make us wait between two pages, in seconds.
const LONGEST_DELAY: u64 = 30;
/// The product name that sites' rules are looked up by.
const AGENT: &str = "dateline";

/// A feed that a case follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Its address.
    #[serde(skip)]
    pub url: String,
    /// How often it is asked, in seconds.
    pub every: u64,
    /// Whether the pages that its items link to are fetched.
    pub pages: bool,
    /// What is kept between requests.
    pub poll: Poll,
}

/// What is to be heard of a round.
pub enum Watching {
    /// A feed was asked.
    Asked {
        /// Its address.
        url: String,
        /// What came of it, in words.
        outcome: String,
        /// Whether it failed.
        failed: bool,
    },
    /// An item was brought in.
    Item(AddOutcome),
}

/// What one round brought.
#[derive(Clone, Debug, Default)]
pub struct Watched {
    /// All that was brought in.
    pub tally: Tally,
    /// Feeds that were asked.
    pub asked: usize,
    /// Feeds that failed.
    pub failed: usize,
    /// When the next feed is due, in seconds since 1970; `None` when none is followed.
    pub next_due: Option<u64>,
}

/// Fetches an address and takes the reports out of the answer; the original of each is the whole exchange as WARC.
///
/// # Errors
/// When nothing could be fetched. What the answer lacks is in the list.
pub fn fetched(url: &str, limits: &Limits, options: &Options) -> Result<Vec<Result<Collected, CollectError>>, FetchError> {
    Ok(reports_in(&fetch(url, limits)?, options))
}

fn reports_in(exchange: &Exchange, options: &Options) -> Vec<Result<Collected, CollectError>> {
    let warc = exchange.to_warc();
    let mut found = Vec::new();
    let _ = exchange.read(options, &mut |item| {
        found.push(item.map(|mut collected| {
            collected.original.clone_from(&warc);
            collected.provenance.media_type = Some("application/warc".to_owned());
            collected
        }));
        ControlFlow::Continue(())
    });
    found
}

impl Case {
    /// Follows a feed from now on, or changes how.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn follow(&mut self, url: &str, every: u64, pages: bool) -> Result<(), CaseError> {
        let poll = self.book.read().feed(url)?.map(serde_json::from_value::<Feed>).transpose()?.unwrap_or_default().poll;
        let feed = Feed { url: String::new(), every, pages, poll };
        self.book.write(|writer| Ok(writer.put_feed(url, &serde_json::to_value(&feed)?)?))
    }

    /// Follows a feed no longer; false when it was not followed.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn forget(&mut self, url: &str) -> Result<bool, CaseError> {
        self.book.write(|writer| Ok(writer.remove_feed(url)?))
    }

    /// The feeds that are followed.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn feeds(&self) -> Result<Vec<Feed>, CaseError> {
        let rows = self.book.read().feeds()?;
        rows.into_iter().map(|(url, state)| Ok(Feed { url, ..serde_json::from_value(state)? })).collect()
    }

    /// Asks every feed that is due, takes the items that were not seen before, and the pages that they link to.
    ///
    /// # Errors
    /// When the record can't be read or written. A feed that fails is put off, and the others go on.
    pub fn watch(
        &mut self,
        dateline: &Dateline,
        limits: &Limits,
        options: &Options,
        on: &mut dyn FnMut(Watching),
    ) -> Result<Watched, CaseError> {
        let mut watched = Watched::default();
        let mut sites = Sites::default();
        for mut feed in self.feeds()? {
            if !feed.poll.is_due(now()) {
                continue;
            }
            watched.asked += 1;
            let (outcome, failed, items) = match sites.may(&feed.url, limits) {
                Err(why) => {
                    feed.poll = feed.poll.after_failure(feed.every, now());
                    (why, true, Vec::new())
                }
                Ok(()) => {
                    let (next, polled) = poll(&feed.url, &feed.poll, feed.every, limits);
                    feed.poll = next;
                    match polled {
                        Ok(Polled::Changed(exchange)) => {
                            let items = reports_in(&exchange, options);
                            (format!("{} items", items.len()), false, items)
                        }
                        Ok(Polled::Refused(status)) => (format!("the server answered {status}"), true, Vec::new()),
                        Ok(_) => ("nothing new".to_owned(), false, Vec::new()),
                        Err(error) => (error.to_string(), true, Vec::new()),
                    }
                }
            };
            watched.failed += usize::from(failed);
            on(Watching::Asked { url: feed.url.clone(), outcome, failed });
            let mut fresh = Vec::new();
            for item in items {
                match item {
                    Ok(collected) => {
                        let key = key_of(&collected);
                        if !self.book.read().seen(&feed.url, &key)? {
                            fresh.push(Ok((collected, key)));
                        }
                    }
                    Err(error) => fresh.push(Err(error)),
                }
            }
            let incoming = fresh.into_iter().map(|item| {
                let (collected, key) = item?;
                let collected = if feed.pages { sites.page(collected, limits, options) } else { collected };
                Ok(Incoming { collected, item: Some((feed.url.clone(), key)) })
            });
            let tally = self.add(dateline, incoming, &mut |outcome| on(Watching::Item(outcome)))?;
            // Only now: had we been stopped on the way, the feed would be asked again without conditions.
            self.book.write(|writer| Ok::<_, CaseError>(writer.put_feed(&feed.url, &serde_json::to_value(&feed)?)?))?;
            watched.tally.join(tally);
        }
        watched.next_due = self.feeds()?.iter().filter(|feed| !feed.poll.gone).map(|feed| feed.poll.next_due).min();
        Ok(watched)
    }
}

/// What names an item within its feed: its address, else its own name, else its words.
fn key_of(collected: &Collected) -> String {
    let report = &collected.report;
    report.reference.clone().or_else(|| report.url.clone()).unwrap_or_else(|| report.text.clone())
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The sites that a round has to do with: their rules, and when each was last asked.
#[derive(Default)]
struct Sites {
    rules: HashMap<String, Robots>,
    asked: HashMap<String, u64>,
}

impl Sites {
    /// Whether the site's rules allow asking for an address; waits as long as they want between two requests.
    fn may(&mut self, url: &str, limits: &Limits) -> Result<(), String> {
        let (site, path) = site_and_path(url).ok_or_else(|| format!("`{url}` is no http or https address"))?;
        if !self.rules.contains_key(&site) {
            let rules = fetch_robots(url, limits).map_err(|error| error.to_string())?;
            self.rules.insert(site.clone(), rules);
        }
        let Some(rules) = self.rules.get(&site) else { return Ok(()) };
        if !rules.allowed(AGENT, &path) {
            return Err("the site's robots.txt does not allow it".to_owned());
        }
        let delay = rules.delay(AGENT).map_or(BETWEEN_PAGES, u64::from).clamp(BETWEEN_PAGES, LONGEST_DELAY);
        let wait = self.asked.get(&site).map_or(0, |last| (last + delay).saturating_sub(now()));
        if wait > 0 {
            thread::sleep(Duration::from_secs(wait));
        }
        self.asked.insert(site, now());
        Ok(())
    }

    /// The page that an item links to, with what only the feed says; the item itself where the page can't be had, and why.
    fn page(&mut self, item: Collected, limits: &Limits, options: &Options) -> Collected {
        let Some(url) = item.report.url.clone() else { return item };
        let page = self.may(&url, limits).and_then(|()| fetched(&url, limits, options).map_err(|error| error.to_string()));
        let page = page.and_then(|found| match found.into_iter().next() {
            Some(Ok(page)) if is_kept(&page) => Ok(page),
            Some(Ok(page)) => Err(page.provenance.warnings.join("; ")),
            Some(Err(CollectError { reason: Reason::Empty, .. })) | None => Err("there is no text in it".to_owned()),
            Some(Err(error)) => Err(error.reason.to_string()),
        });
        match page {
            Ok(mut page) => {
                let (report, feed) = (&mut page.report, item.report);
                report.reference = feed.reference;
                report.title = report.title.take().or(feed.title);
                report.source = report.source.take().or(feed.source);
                report.author = report.author.take().or(feed.author);
                report.published = report.published.take().or(feed.published);
                page
            }
            Err(why) => {
                let mut item = item;
                item.provenance.warnings.push(format!("the page {url} could not be had: {why}; kept as the feed has it"));
                item
            }
        }
    }
}

/// An error page or an interstitial is no article.
fn is_kept(page: &Collected) -> bool {
    page.provenance.status.is_none_or(|status| (200..300).contains(&status)) && page.provenance.warnings.is_empty()
}

/// `https://host:port` and the path with its query.
fn site_and_path(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let site = url.get(..url.len() - path.len())?;
    let path = path.split('#').next().unwrap_or_default();
    (!host.is_empty())
        .then(|| (site.to_ascii_lowercase(), if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_cut_into_site_and_path() {
        assert_eq!(site_and_path("https://News.example/a?b#c"), Some(("https://news.example".into(), "/a?b".into())));
        assert_eq!(site_and_path("http://news.example:8080"), Some(("http://news.example:8080".into(), "/".into())));
        assert_eq!(site_and_path("ftp://news.example/"), None);
    }
}
