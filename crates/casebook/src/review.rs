use rusqlite::Row;
use rusqlite::types::Value;
use serde_json::Value as Json;

use crate::audit::limit_of;
use crate::error::{Error, Result, column_id, rising, row_id};
use crate::report::{json_column, json_text};
use crate::{Page, Reader, Stamp, Writer};

/// What an undoing is called.
const UNDO: &str = "undo";

/// A person's decision, to be kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewReview {
    /// What kind of decision: `correct`, `merge`, `grade`, …
    pub kind: String,
    /// What it is about.
    pub subject: Json,
    /// The field that it sets.
    pub field: Option<String>,
    /// To what.
    pub value: Option<Json>,
    /// Why.
    pub why: Option<String>,
}

/// A person's decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// Its id; later ones have larger ids.
    pub id: u64,
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// What kind of decision; `undo` takes another one back, whose id is its subject.
    pub kind: String,
    /// What it is about.
    pub subject: Json,
    /// The field that it sets.
    pub field: Option<String>,
    /// To what.
    pub value: Option<Json>,
    /// Why.
    pub why: Option<String>,
    /// The review that took it back.
    pub undone_by: Option<u64>,
}

/// Which reviews are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewQuery {
    /// Of this kind.
    pub kind: Option<String>,
    /// About exactly this.
    pub subject: Option<Json>,
    /// Only those that stand: neither taken back nor themselves an undoing.
    pub standing: bool,
    /// With ids above this.
    pub after: u64,
    /// How many at most.
    pub limit: usize,
}

impl Default for ReviewQuery {
    fn default() -> Self {
        Self { kind: None, subject: None, standing: false, after: 0, limit: 100 }
    }
}

const COLUMNS: &str = "id, at, by, kind, subject, field, value, why, undone_by";

fn review(row: &Row<'_>) -> rusqlite::Result<Review> {
    let value = match row.get_ref(6)? {
        rusqlite::types::ValueRef::Null => None,
        _ => Some(json_column(row, 6)?),
    };
    Ok(Review {
        id: row_id(row.get(0)?),
        at: row.get(1)?,
        by: row.get(2)?,
        kind: row.get(3)?,
        subject: json_column(row, 4)?,
        field: row.get(5)?,
        value,
        why: row.get(7)?,
        undone_by: row.get::<_, Option<i64>>(8)?.map(row_id),
    })
}

impl Writer<'_> {
    /// Keeps a decision, and gives its id.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn add_review(&mut self, new: &NewReview, stamp: &Stamp) -> Result<u64> {
        self.step(|writer| {
            let id = writer.run(
                "INSERT INTO review (at, by, kind, subject, field, value, why) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                (
                    &stamp.at,
                    &stamp.by,
                    &new.kind,
                    json_text(&new.subject)?,
                    &new.field,
                    new.value.as_ref().map(json_text).transpose()?,
                    &new.why,
                ),
            )?;
            writer.audit("review.add", "review", id, 1, stamp)?;
            Ok(row_id(id))
        })
    }

    /// Takes a decision back by a new one of kind `undo`, whose id is given. Both stay in the record.
    ///
    /// # Errors
    /// When there is no such review, it was taken back already, or is an undoing.
    pub fn undo_review(&mut self, review: u64, why: &str, stamp: &Stamp) -> Result<u64> {
        let undone = self.review(review)?.ok_or_else(|| Error::missing("review", review))?;
        if undone.undone_by.is_some() || undone.kind == UNDO {
            return Err(Error::Undone(review));
        }
        let subject = serde_json::json!({ "review": review });
        let new = NewReview { kind: UNDO.to_owned(), subject, why: Some(why.to_owned()), ..NewReview::default() };
        let undo = self.add_review(&new, stamp)?;
        self.step(|writer| {
            let id = column_id(review)?;
            writer.change("UPDATE review SET undone_by = ?2 WHERE id = ?1", (id, column_id(undo)?))?;
            writer.audit("review.undo", "review", id, 0, stamp)
        })?;
        Ok(undo)
    }
}

impl Reader<'_> {
    /// A decision.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn review(&self, id: u64) -> Result<Option<Review>> {
        self.first(&format!("SELECT {COLUMNS} FROM review WHERE id = ?1"), [column_id(id)?], review)
    }

    /// Up to `limit` decisions with ids below `before`, the largest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reviews_before(&self, before: u64, limit: usize) -> Result<Vec<Review>> {
        let sql = format!("SELECT {COLUMNS} FROM review WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
        self.list(&sql, (column_id(before)?, limit_of(limit)), review)
    }

    /// The number of the last decision; 0 where there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn last_review(&self) -> Result<u64> {
        let last = self.first("SELECT max(id) FROM review", [], |row| row.get::<_, Option<i64>>(0))?;
        Ok(last.flatten().map_or(0, row_id))
    }

    /// Decisions in the order in which they were made; `next` of the page is the number to give as `after`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reviews(&self, query: &ReviewQuery) -> Result<Page<Review>> {
        let mut conditions = String::from("id > ?");
        let mut bound = vec![Value::Integer(column_id(query.after)?)];
        if let Some(kind) = &query.kind {
            conditions.push_str(" AND kind = ?");
            bound.push(Value::Text(kind.clone()));
        }
        if let Some(subject) = &query.subject {
            conditions.push_str(" AND subject = ?");
            bound.push(Value::Text(json_text(subject)?));
        }
        if query.standing {
            conditions.push_str(" AND undone_by IS NULL AND kind <> 'undo'");
        }
        bound.push(Value::Integer(limit_of(query.limit.saturating_add(1))));
        let sql = format!("SELECT {COLUMNS} FROM review WHERE {conditions} ORDER BY id LIMIT ?");
        let rows = rising("review", query.after, self.list(&sql, rusqlite::params_from_iter(bound), review)?, |row| row.id)?;
        Ok(Page::cut(rows, query.limit, |last| last.id.to_string()))
    }
}
