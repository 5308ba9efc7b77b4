//! The audit chain, and every row of the record against its last entry in it.

use rustc_hash::FxHashMap;

use super::{Finder, Place, Problem};
use crate::audit::{self, TABLES, Table, entry_hash};
use crate::casebook::case_digest;
use crate::digest::{Digest, hex};
use crate::error::{Result, row_id};
use crate::{Head, Reader};

/// What the chain last said of a row.
struct Last {
    seq: i64,
    digest: Digest,
}

/// By table and key. Memory grows with the case: some 150 bytes a row of the record.
type Said = FxHashMap<String, Last>;

pub(super) fn check(reader: &Reader<'_>, finder: &mut Finder<'_>) -> Result<()> {
    let mut said = entries(reader, finder)?;
    let noted = audit::noted(reader.db()).ok().flatten();
    for table in TABLES {
        let found = rows(reader, table, &mut said, finder)?;
        let noted = noted.as_ref().map_or(0, |noted| noted.rows.get(table.name).copied().unwrap_or(0));
        if noted != found {
            finder.row(table.name, "*", Problem::Count { noted, found });
        }
    }
    if let Some(last) = said.remove("case/1")
        && case_digest(reader.db())? != last.digest
    {
        finder.row("meta", "name, id, created_at, created_by", Problem::Altered);
    }
    // What is still here has no row.
    let mut missing: Vec<(String, Last)> = said.into_iter().collect();
    missing.sort_unstable_by_key(|(_, last)| last.seq);
    for (subject, last) in missing {
        let (name, key) = subject.split_once('/').unwrap_or((&subject, ""));
        // A row that was removed by us has an entry that says so.
        if audit::table(name).is_none_or(|table| table.digest_of_none() != last.digest) {
            finder.row(name, key, Problem::Removed);
        }
    }
    Ok(())
}

/// Follows the chain from its first entry to its noted end.
fn entries(reader: &Reader<'_>, finder: &mut Finder<'_>) -> Result<Said> {
    let mut said = Said::default();
    let mut statement = reader.db().prepare("SELECT seq, at, by, kind, subject, digest, prev, hash FROM audit ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let (mut seq, mut hash) = (0i64, [0u8; 32]);
    while let Some(row) = rows.next()? {
        let this: i64 = row.get(0)?;
        let text = |nth: usize| row.get_ref(nth).map(|value| value.as_str().unwrap_or_default());
        let blob = |nth: usize| row.get_ref(nth).map(|value| value.as_blob().unwrap_or_default());
        let (at, by, kind, subject) = (text(1)?, text(2)?, text(3)?, text(4)?);
        let (digest, prev, stored) = (blob(5)?, blob(6)?, blob(7)?);
        let place = Place::Audit(row_id(this));
        if this != seq + 1 {
            let count = u64::try_from(this.saturating_sub(seq).saturating_sub(1)).unwrap_or(0);
            finder.fault(place.clone(), Problem::EntriesMissing { count });
        } else if prev != hash {
            finder.fault(place.clone(), Problem::EntryOutOfLine);
        }
        if entry_hash(this, (at, by), kind, subject, digest, prev)[..] != *stored {
            finder.fault(place, Problem::EntryAltered);
        }
        said.insert(subject.to_owned(), Last { seq: this, digest: digest.try_into().unwrap_or([0; 32]) });
        (seq, hash) = (this, stored.try_into().unwrap_or([0; 32]));
        finder.verified.audit_entries += 1;
    }
    let end = Head { seq: row_id(seq), hash: hex(&hash) };
    match audit::noted(reader.db()) {
        Ok(Some(noted)) if noted.head == end => {}
        Ok(Some(noted)) if noted.head.seq > end.seq => {
            let count = noted.head.seq - end.seq;
            let problem = Problem::Head(format!("it ends with entry {}, and {count} entries after it are missing", end.seq));
            finder.fault(Place::Audit(noted.head.seq), problem);
        }
        Ok(Some(noted)) if noted.head.seq < end.seq => {
            let problem = Problem::Head(format!("it was noted to end with entry {}", noted.head.seq));
            finder.fault(Place::Audit(end.seq), problem);
        }
        Ok(Some(_)) => {
            finder.fault(Place::Audit(end.seq), Problem::Head("its last entry has another hash than noted".to_owned()))
        }
        Ok(None) => finder.fault(Place::Audit(end.seq), Problem::Head("none is noted".to_owned())),
        Err(error) => finder.fault(Place::Audit(end.seq), Problem::Head(error.to_string())),
    }
    finder.verified.head = Some(end);
    Ok(said)
}

/// Checks the rows of a table, and gives how many there are.
fn rows(reader: &Reader<'_>, table: &Table, said: &mut Said, finder: &mut Finder<'_>) -> Result<u64> {
    // The key stands first among the columns.
    let mut statement = reader.db().prepare(&format!("SELECT {} FROM {} ORDER BY {}", table.columns, table.name, table.key))?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let key = match row.get_ref(0)? {
            rusqlite::types::ValueRef::Integer(id) => id.to_string(),
            rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            _ => String::new(),
        };
        match said.remove(&format!("{}/{key}", table.name)) {
            None => finder.row(table.name, key, Problem::Added),
            Some(last) if last.digest != table.digest(row)? => {
                // An entry that says that the row was removed says that it should not be here.
                let removed = last.digest == table.digest_of_none();
                finder.row(table.name, key, if removed { Problem::Added } else { Problem::Altered });
            }
            Some(_) => {}
        }
        count += 1;
    }
    finder.verified.rows += count;
    Ok(count)
}
