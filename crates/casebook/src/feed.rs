use crate::error::Result;
use crate::report::{json_column, json_text};
use crate::{Reader, Writer};

impl Writer<'_> {
    /// Keeps the state of a feed. This is state of work: it does not stand in the audit chain.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn put_feed(&mut self, url: &str, state: &serde_json::Value) -> Result<()> {
        self.step(|writer| {
            let sql = "INSERT INTO feed (url, state) VALUES (?1, ?2) ON CONFLICT (url) DO UPDATE SET state = ?2";
            writer.change(sql, (url, json_text(state)?)).map(|_| ())
        })
    }

    /// Forgets a feed and which of its items were seen; false when there was none.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn remove_feed(&mut self, url: &str) -> Result<bool> {
        self.step(|writer| {
            writer.change("DELETE FROM seen WHERE feed = ?1", [url])?;
            Ok(writer.change("DELETE FROM feed WHERE url = ?1", [url])? > 0)
        })
    }

    /// Notes that an item of a feed was taken; false when it was before.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn mark_seen(&mut self, feed: &str, item: &str) -> Result<bool> {
        self.step(|writer| {
            Ok(writer.change("INSERT INTO seen (feed, item) VALUES (?1, ?2) ON CONFLICT DO NOTHING", (feed, item))? > 0)
        })
    }
}

impl Reader<'_> {
    /// All feeds by address, each with its state.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn feeds(&self) -> Result<Vec<(String, serde_json::Value)>> {
        self.list("SELECT url, state FROM feed ORDER BY url", [], |row| Ok((row.get(0)?, json_column(row, 1)?)))
    }

    /// The state of a feed.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn feed(&self, url: &str) -> Result<Option<serde_json::Value>> {
        self.first("SELECT state FROM feed WHERE url = ?1", [url], |row| json_column(row, 0))
    }

    /// True when an item of a feed was taken before.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn seen(&self, feed: &str, item: &str) -> Result<bool> {
        Ok(self.first("SELECT 1 FROM seen WHERE feed = ?1 AND item = ?2", [feed, item], |_| Ok(()))?.is_some())
    }
}
