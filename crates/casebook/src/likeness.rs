//! Which pictures are alike, and which of them belong together: views, made by whoever can tell.
//!
//! A picture is filed once: it gets likenesses to pictures that were filed before, becomes one of their cluster, and goes into the index
//! ([`append_keys`](Writer::append_keys)). All of it belongs into one transaction.

use crate::audit::limit_of;
use crate::error::{Result, column_id, row_id};
use crate::report::hex_column;
use crate::{Reader, Writer};

/// Fingerprints of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FingerprintRow {
    /// The picture's number: it grows, stays the same, and is never used again.
    pub id: u64,
    /// PDQ of the whole picture.
    pub pdq: Option<[u8; 32]>,
    /// Its quality, 0 to 100.
    pub quality: Option<u8>,
    /// Its PDQs if it were mirrored and turned; none where an older version looked at it.
    pub turned: Option<Vec<u8>>,
    /// Fingerprints of its parts, in the caller's form; none of a picture that could not be decoded.
    pub details: Option<Vec<u8>>,
}

/// A picture, by its number and its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PictureKey {
    /// Its number.
    pub id: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A picture that is like another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LikenessRow {
    /// Which picture.
    pub picture: PictureKey,
    /// How the one of both that was filed later is like the other, in the caller's JSON.
    pub how: String,
    /// Whether this is the one that was filed later.
    pub later: bool,
}

/// Numbers of members that are looked at to see which of two clusters is smaller: as many at first, and four times as many each time.
const FEW: i64 = 64;

impl Writer<'_> {
    /// Files a picture: says that it is like others that were filed before, each with how in JSON, and makes it and them one cluster. Where
    /// that joins clusters, the members of all but the largest get another number.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn file_picture(&mut self, id: u64, alike: &[(u64, String)]) -> Result<()> {
        self.step(|writer| {
            let later = column_id(id)?;
            let mut cluster = later;
            writer.change("DELETE FROM likeness WHERE later = ?1", [later])?;
            writer.change("UPDATE picture SET cluster = id WHERE id = ?1 AND cluster IS NULL", [later])?;
            if let Some(own) = writer.cluster_number(later)? {
                cluster = own;
            }
            for (earlier, how) in alike {
                let earlier = column_id(*earlier)?;
                writer
                    .change("INSERT OR REPLACE INTO likeness (later, earlier, how) VALUES (?1, ?2, ?3)", (later, earlier, how))?;
                if let Some(other) = writer.cluster_number(earlier)? {
                    cluster = writer.join(cluster, other)?;
                }
            }
            Ok(())
        })
    }

    /// Forgets the index of pictures, their likenesses and clusters: none is filed after that.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn clear_likenesses(&mut self) -> Result<()> {
        self.step(|writer| {
            writer.change("DELETE FROM likeness", [])?;
            writer.change("DELETE FROM picture_key", [])?;
            writer.change("UPDATE picture SET cluster = NULL WHERE cluster IS NOT NULL", []).map(|_| ())
        })
    }

    fn cluster_number(&self, id: i64) -> Result<Option<i64>> {
        Ok(self.first("SELECT cluster FROM picture WHERE id = ?1", [id], |row| row.get(0))?.flatten())
    }

    /// Makes two clusters one, at a cost by the size of the smaller, and gives its number.
    fn join(&self, one: i64, two: i64) -> Result<i64> {
        if one == two {
            return Ok(one);
        }
        let size = |cluster: i64, most: i64| {
            let sql = "SELECT count(*) FROM (SELECT 1 FROM picture WHERE cluster = ?1 LIMIT ?2)";
            Ok::<_, crate::Error>(self.first(sql, (cluster, most), |row| row.get::<_, i64>(0))?.unwrap_or(0))
        };
        let mut most = FEW;
        let (smaller, larger) = loop {
            let (size_of_one, size_of_two) = (size(one, most)?, size(two, most)?);
            if size_of_one < most || size_of_two < most || most > i64::MAX / 4 {
                break if size_of_two < size_of_one { (two, one) } else { (one, two) };
            }
            most *= 4;
        };
        self.change("UPDATE picture SET cluster = ?2 WHERE cluster = ?1", (smaller, larger))?;
        Ok(larger)
    }
}

impl Reader<'_> {
    /// The number of a picture that was looked at.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn picture_number(&self, sha256: &str) -> Result<Option<u64>> {
        let Some(digest) = crate::digest::from_hex(sha256) else { return Ok(None) };
        let sql = "SELECT p.id FROM picture p JOIN original o ON o.id = p.original WHERE o.sha256 = ?1";
        self.first(sql, [digest], |row| Ok(row_id(row.get(0)?)))
    }

    /// The SHA-256 of a picture's bytes, by its number.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn picture_sha256(&self, id: u64) -> Result<Option<String>> {
        let sql = "SELECT o.sha256 FROM picture p JOIN original o ON o.id = p.original WHERE p.id = ?1";
        self.first(sql, [column_id(id)?], |row| hex_column(row, 0))
    }

    /// The fingerprints of a picture's parts, by its number, in the caller's form.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn picture_details(&self, id: u64) -> Result<Option<Vec<u8>>> {
        Ok(self.first("SELECT details FROM picture WHERE id = ?1", [column_id(id)?], |row| row.get(0))?.flatten())
    }

    /// About how many pictures there are: the number of the last one.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn last_picture(&self) -> Result<u64> {
        Ok(self.first("SELECT coalesce(max(id), 0) FROM picture", [], |row| Ok(row_id(row.get(0)?)))?.unwrap_or(0))
    }

    /// A picture's fingerprints, unless it is filed.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn unfiled_picture(&self, id: u64) -> Result<Option<FingerprintRow>> {
        let sql = "SELECT id, pdq, quality, turned, details FROM picture WHERE id = ?1 AND cluster IS NULL";
        self.first(sql, [column_id(id)?], fingerprint_row)
    }

    /// Up to `limit` pictures that are not filed yet, by number.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn unfiled(&self, limit: usize) -> Result<Vec<u64>> {
        let sql = "SELECT id FROM picture WHERE cluster IS NULL ORDER BY id LIMIT ?1";
        self.list(sql, [limit_of(limit)], |row| Ok(row_id(row.get(0)?)))
    }

    /// Up to `most` pictures that are like one, those that it was found to be like when it was filed first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn likenesses(&self, id: u64, most: usize) -> Result<Vec<LikenessRow>> {
        let id = column_id(id)?;
        let mut all = Vec::new();
        for (later, sql) in [
            (false, "SELECT p.id, o.sha256, l.how FROM likeness l JOIN picture p ON p.id = l.earlier JOIN original o ON o.id = p.original
                     WHERE l.later = ?1 ORDER BY l.earlier LIMIT ?2"),
            (true, "SELECT p.id, o.sha256, l.how FROM likeness l JOIN picture p ON p.id = l.later JOIN original o ON o.id = p.original
                    WHERE l.earlier = ?1 ORDER BY l.later LIMIT ?2"),
        ] {
            let rows = self.list(sql, (id, limit_of(most.saturating_sub(all.len()))), |row| {
                let picture = PictureKey { id: row_id(row.get(0)?), sha256: hex_column(row, 1)? };
                Ok(LikenessRow { picture, how: row.get(2)?, later })
            })?;
            all.extend(rows);
        }
        Ok(all)
    }

    /// The number of the cluster that a picture belongs to; none where it is not filed.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn cluster_of(&self, id: u64) -> Result<Option<u64>> {
        let sql = "SELECT cluster FROM picture WHERE id = ?1";
        Ok(self.first(sql, [column_id(id)?], |row| row.get::<_, Option<i64>>(0))?.flatten().map(row_id))
    }

    /// Up to `limit` pictures of a cluster with numbers above `after`, by number.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn cluster(&self, cluster: u64, after: u64, limit: usize) -> Result<Vec<PictureKey>> {
        let sql = "SELECT p.id, o.sha256 FROM picture p JOIN original o ON o.id = p.original WHERE p.cluster = ?1 AND p.id > ?2
                   ORDER BY p.id LIMIT ?3";
        self.list(sql, (column_id(cluster)?, column_id(after)?, limit_of(limit)), |row| {
            Ok(PictureKey { id: row_id(row.get(0)?), sha256: hex_column(row, 1)? })
        })
    }
}

fn fingerprint_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<FingerprintRow> {
    Ok(FingerprintRow {
        id: row_id(row.get(0)?),
        pdq: row.get(1)?,
        quality: row.get(2)?,
        turned: row.get(3)?,
        details: row.get(4)?,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use crate::{Casebook, Error, NewSighting, PictureRow, Stamp};

    fn case(pictures: u8) -> (tempfile::TempDir, Casebook) {
        let folder = tempfile::tempdir().unwrap();
        let mut case = Casebook::init(&folder.path().join("case"), "Sample", "2025-01-01T00:00:00Z", "Jo").unwrap();
        case.write::<_, Error>(|writer| {
            for nth in 0..pictures {
                let bytes = [nth];
                let stamp = Stamp::new("2025-01-01T00:00:00Z", "Jo");
                writer.add_sighting(&NewSighting { name: "a.png", bytes: &bytes, ..NewSighting::default() }, &stamp)?;
                let sha256 = crate::digest::sha256(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
                let number = writer.put_picture(&PictureRow { sha256, ..PictureRow::default() })?;
                assert_eq!(number, u64::from(nth) + 1);
            }
            Ok(())
        })
        .unwrap();
        (folder, case)
    }

    #[test]
    fn likenesses_are_read_from_both_sides() {
        let (_folder, mut case) = case(4);
        case.write::<_, Error>(|writer| {
            writer.file_picture(1, &[])?;
            writer.file_picture(2, &[(1, "a".to_owned())])?;
            writer.file_picture(3, &[])?;
            writer.file_picture(4, &[(2, "b".to_owned()), (3, "c".to_owned())])
        })
        .unwrap();
        let reader = case.read();
        let seen = |id, most| -> Vec<(u64, String, bool)> {
            reader.likenesses(id, most).unwrap().into_iter().map(|row| (row.picture.id, row.how, row.later)).collect()
        };
        assert_eq!(seen(2, 9), [(1, "a".to_owned(), false), (4, "b".to_owned(), true)]);
        assert_eq!(seen(2, 1), [(1, "a".to_owned(), false)]);
        assert_eq!(seen(1, 9), [(2, "a".to_owned(), true)]);
        let cluster = reader.cluster_of(3).unwrap().unwrap();
        assert_eq!(reader.cluster(cluster, 1, 2).unwrap().iter().map(|key| key.id).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(reader.unfiled(9).unwrap(), [0; 0]);
        drop(reader);
        case.write::<_, Error>(|writer| writer.clear_likenesses()).unwrap();
        assert_eq!(case.read().unfiled(9).unwrap(), [1, 2, 3, 4]);
        assert_eq!(case.read().likenesses(2, 9).unwrap(), []);
    }

    #[test]
    fn a_picture_that_is_looked_at_again_keeps_its_number_and_its_place() {
        let (_folder, mut case) = case(2);
        let sha256 = case.read().picture_sha256(2).unwrap().unwrap();
        case.write::<_, Error>(|writer| {
            writer.file_picture(1, &[])?;
            writer.file_picture(2, &[(1, "a".to_owned())])?;
            let again = PictureRow { sha256: sha256.clone(), details: Some(vec![1]), ..PictureRow::default() };
            assert_eq!(writer.put_picture(&again)?, 2);
            Ok(())
        })
        .unwrap();
        assert_eq!(case.read().picture_number(&sha256).unwrap(), Some(2));
        assert_eq!(case.read().picture_details(2).unwrap(), Some(vec![1]));
        assert_eq!(case.read().likenesses(2, 9).unwrap().len(), 1);
        assert_eq!(case.read().cluster_of(2).unwrap(), case.read().cluster_of(1).unwrap());
    }

    #[test]
    fn what_is_rolled_back_is_not_there() {
        let (_folder, mut case) = case(2);
        let failed: Result<(), Error> = case.write(|writer| {
            writer.file_picture(1, &[])?;
            writer.file_picture(2, &[(1, "a".to_owned())])?;
            writer.append_keys(1, &[(7, [1; 4])])?;
            Err(Error::missing("picture", "x"))
        });
        assert!(failed.is_err());
        assert_eq!(case.read().unfiled(9).unwrap(), [1, 2]);
        assert_eq!(case.read().likenesses(1, 9).unwrap(), []);
        case.read().keys(1, &[7], &mut |_, _| panic!("nothing is filed")).unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Clusters are the connected parts of what is alike, whatever is joined with what.
        #[test]
        fn clusters_are_connected_parts(alike in prop::collection::vec(prop::collection::vec(0..40_u64, 0..4), 40)) {
            let (_folder, mut case) = case(40);
            let mut parts: Vec<BTreeSet<u64>> = Vec::new();
            case.write::<_, Error>(|writer| {
                for (id, others) in (1..).zip(&alike) {
                    let others: BTreeSet<u64> = others.iter().map(|other| other % id).filter(|other| *other > 0).collect();
                    writer.file_picture(id, &others.iter().map(|other| (*other, String::new())).collect::<Vec<_>>())?;
                    let (joined, apart): (Vec<_>, Vec<_>) = parts.drain(..).partition(|part| !part.is_disjoint(&others));
                    parts = apart;
                    parts.push(joined.into_iter().flatten().chain([id]).collect());
                }
                Ok(())
            }).unwrap();
            let reader = case.read();
            for part in parts {
                let clusters: BTreeSet<u64> = part.iter().map(|&id| reader.cluster_of(id).unwrap().unwrap()).collect();
                prop_assert_eq!(clusters.len(), 1);
                let cluster = *clusters.first().unwrap();
                prop_assert!(part.contains(&cluster));
                let members: BTreeSet<u64> = reader.cluster(cluster, 0, 99).unwrap().into_iter().map(|key| key.id).collect();
                prop_assert_eq!(members, part);
            }
        }
    }
}
