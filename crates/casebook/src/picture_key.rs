//! The tables of somebody else's index of pictures: short entries by key, in the order in which they came.
//!
//! An entry goes to the end of its list, and the lists of one picture lie all over the table; so a row holds many entries, and a picture
//! costs a row a key. What is read of one list is bounded: its oldest parts and its newest. Who comes first is never left out.

use crate::error::{Error, Result};
use crate::{Reader, Writer};

/// Bytes of a part after which a new one is begun: three parts a page.
const PART: usize = 1200;
/// Parts of a list that are read from its beginning, and from its end.
const OLDEST: i64 = 8;
const NEWEST: i64 = 8;

/// Place of the first part of a list, and of the last that it can have.
fn places(space: u8, key: u32) -> (i64, i64) {
    let first = i64::from(space) << 48 | i64::from(key) << 16;
    (first, first | 0xffff)
}

fn entries<'r>(row: &'r rusqlite::Row<'_>) -> Result<&'r [u8]> {
    row.get_ref(1)?.as_blob().map_err(|_| Error::damaged("picture_key", "a list is none"))
}

impl Writer<'_> {
    /// Appends entries to lists, those of one list in their order. Entries of a space have one length, `N`, at most 64 bytes.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn append_keys<const N: usize>(&mut self, space: u8, entries: &[(u32, [u8; N])]) -> Result<()> {
        self.step(|writer| {
            let db = writer.db();
            let mut last = db.prepare_cached(
                "SELECT place, entries FROM picture_key WHERE place BETWEEN ?1 AND ?2 ORDER BY place DESC LIMIT 1",
            )?;
            let mut put =
                db.prepare_cached("INSERT INTO picture_key VALUES (?1, ?2) ON CONFLICT (place) DO UPDATE SET entries = ?2")?;
            for list in entries.chunk_by(|one, two| one.0 == two.0) {
                let Some((key, _)) = list.first() else { continue };
                let (first, end) = places(space, *key);
                let mut rows = last.query((first, end))?;
                let (mut place, mut part) = match rows.next()? {
                    Some(row) => (row.get(0)?, row.get::<_, Vec<u8>>(1)?),
                    None => (first, Vec::new()),
                };
                drop(rows);
                for (_, entry) in list {
                    if part.len() + N > PART {
                        // A list of 65,536 parts takes no more; what lies in its middle is never read anyway.
                        if place == end {
                            break;
                        }
                        put.execute((place, &part))?;
                        (place, part) = (place + 1, Vec::new());
                    }
                    part.extend(entry);
                }
                put.execute((place, &part))?;
            }
            Ok(())
        })
    }
}

impl Reader<'_> {
    /// Gives the entries under each of `keys`: the place of the key in `keys`, and whole entries one after the other. Of a list of more
    /// than sixteen parts of 1,200 bytes, what lies between the oldest eight and the newest eight is left out.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn keys(&self, space: u8, keys: &[u32], each: &mut dyn FnMut(usize, &[u8])) -> Result<()> {
        let db = self.db();
        let mut oldest =
            db.prepare_cached("SELECT place, entries FROM picture_key WHERE place BETWEEN ?1 AND ?2 ORDER BY place LIMIT ?3")?;
        let mut newest = db.prepare_cached(
            "SELECT place, entries FROM picture_key WHERE place BETWEEN ?1 AND ?2 ORDER BY place DESC LIMIT ?3",
        )?;
        for (nth, key) in keys.iter().enumerate() {
            let (first, end) = places(space, *key);
            let (mut read, mut after) = (0, first);
            let mut rows = oldest.query((first, end, OLDEST))?;
            while let Some(row) = rows.next()? {
                after = row.get::<_, i64>(0)? + 1;
                each(nth, entries(row)?);
                read += 1;
            }
            if read == OLDEST && after <= end {
                let mut rows = newest.query((after, end, NEWEST))?;
                while let Some(row) = rows.next()? {
                    each(nth, entries(row)?);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use crate::{Casebook, Error};

    fn case() -> (tempfile::TempDir, Casebook) {
        let folder = tempfile::tempdir().unwrap();
        let case = Casebook::init(&folder.path().join("case"), "Sample", "2025-01-01T00:00:00Z", "Jo").unwrap();
        (folder, case)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn lists_keep_their_order(entries in prop::collection::vec((1..3_u8, 0..5_u32, any::<[u8; 4]>()), 0..600)) {
            let (_folder, mut case) = case();
            let mut lists: BTreeMap<(u8, u32), Vec<u8>> = BTreeMap::new();
            case.write::<_, Error>(|writer| {
                for (space, key, entry) in &entries {
                    writer.append_keys(*space, &[(*key, *entry)])?;
                    lists.entry((*space, *key)).or_default().extend(entry);
                }
                Ok(())
            }).unwrap();
            for space in 1..3 {
                let mut read: Vec<Vec<u8>> = vec![Vec::new(); 5];
                case.read().keys(space, &[0, 1, 2, 3, 4], &mut |nth, entries| read[nth].extend(entries)).unwrap();
                let expected: Vec<Vec<u8>> = (0..5).map(|key| lists.get(&(space, key)).cloned().unwrap_or_default()).collect();
                prop_assert_eq!(read, expected);
            }
        }
    }

    #[test]
    fn of_a_long_list_the_middle_is_left_out() {
        let (_folder, mut case) = case();
        let entries: Vec<(u32, [u8; 4])> = (0..20_000_u32).map(|number| (9, number.to_le_bytes())).collect();
        case.write::<_, Error>(|writer| writer.append_keys(2, &entries)).unwrap();
        let mut read = Vec::new();
        case.read()
            .keys(2, &[8, 9, 10], &mut |nth, entries| {
                assert_eq!(nth, 1);
                read.extend(entries.as_chunks::<4>().0.iter().map(|entry| u32::from_le_bytes(*entry)));
            })
            .unwrap();
        assert_eq!(read.len(), 16 * 300 - (300 - 20_000 % 300));
        assert_eq!((read.first(), read.iter().max()), (Some(&0), Some(&19_999)));
        assert!(read.contains(&2399) && !read.contains(&2400) && !read.contains(&10_000));
    }
}
