//! The archive against the originals' rows.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::{Finder, Place, Problem};
use crate::Reader;
use crate::archive::Archive;
use crate::casebook::is_kept;
use crate::digest::{Digest, from_hex, sha256};
use crate::error::{Result, row_id};
use crate::pack::unpack_file;

/// Checks each original's file, and gives the files that no row has.
pub(super) fn check(reader: &Reader<'_>, deep: bool, finder: &mut Finder<'_>) -> Result<Vec<PathBuf>> {
    let mut statement = reader.db().prepare("SELECT sha256, bytes, stored FROM original ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let Ok(digest) = Digest::try_from(row.get_ref(0)?.as_blob().unwrap_or_default()) else { continue };
        let (bytes, stored) = (row_id(row.get(1)?), row_id(row.get(2)?));
        let path = reader.archive().path(&digest);
        let place = || Place::File(Archive::relative(&digest));
        match fs::metadata(&path) {
            Err(_) => finder.fault(place(), Problem::FileMissing),
            Ok(file) if file.len() != stored => {
                finder.fault(place(), Problem::FileAltered(format!("{} bytes, where {stored} were written", file.len())));
            }
            Ok(_) if deep => {
                if let Some(why) = altered(&path, &digest, bytes) {
                    finder.fault(place(), Problem::FileAltered(why));
                }
            }
            Ok(_) => {}
        }
        finder.verified.files += 1;
    }
    let mut strays = Vec::new();
    walk(reader.archive().root(), &mut |path| {
        if !has_row(reader, path)? {
            strays.push(path.to_owned());
        }
        Ok(())
    })?;
    Ok(strays)
}

/// What is wrong with an original's file.
fn altered(path: &Path, digest: &Digest, bytes: u64) -> Option<String> {
    let unpacked = File::open(path).and_then(|file| unpack_file(file, bytes));
    match unpacked {
        Err(error) => Some(error.to_string()),
        Ok(unpacked) if sha256(&unpacked) != *digest => Some("it does not hold the bytes that were added".to_owned()),
        Ok(_) => None,
    }
}

/// Files without a row, looked at again: by now they may have one.
pub(super) fn strays(reader: &Reader<'_>, strays: Vec<PathBuf>, finder: &mut Finder<'_>) -> Result<()> {
    let archive = reader.archive();
    let notes = archive.notes();
    for path in strays {
        if !path.exists() || has_row(reader, &path)? {
            continue;
        }
        let is_noted =
            notes.iter().any(|(note, digests)| *note == path || digests.iter().any(|digest| archive.path(digest) == path));
        let shown = archive.root().parent().and_then(|case| path.strip_prefix(case).ok()).unwrap_or(&path);
        finder.fault(Place::File(shown.to_owned()), if is_noted { Problem::LeftOver } else { Problem::FileAdded });
    }
    Ok(())
}

fn has_row(reader: &Reader<'_>, path: &Path) -> Result<bool> {
    let digest = path.file_name().and_then(|name| name.to_str()).and_then(|name| from_hex(name.strip_suffix(".zst")?));
    match digest {
        Some(digest) if reader.archive().path(&digest) == path => is_kept(reader.db(), &digest),
        _ => Ok(false),
    }
}

/// Calls `each` with every file of the archive; it has no folders within folders.
fn walk(root: &Path, each: &mut impl FnMut(&Path) -> Result<()>) -> Result<()> {
    let Ok(entries) = fs::read_dir(root) else { return Ok(()) };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort_unstable();
    for path in paths {
        if path.is_dir() { walk(&path, each)? } else { each(&path)? }
    }
    Ok(())
}
