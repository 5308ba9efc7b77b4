//! The folder of originals: `archive/ab/<sha256>.zst`, each named by the hash of its uncompressed bytes.
//!
//! A file belongs to the case once its row is committed, and rows are only committed when the files are on disk. A file without a row was
//! left by a transaction that never ended; such a transaction's note (`archive/writing.<number>`, one hash a line) lets the next one
//! that opens the case clear up. A file whose row is there is never written again.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::digest::{Digest, from_hex, hex};
use crate::error::{Error, Result};

/// Up to so many files are made durable one by one; more by one call for the whole file system.
const FEW: usize = 4;

/// Where the originals of a case are.
#[derive(Clone, Debug)]
pub(crate) struct Archive {
    root: PathBuf,
}

/// What one transaction has written.
#[derive(Debug, Default)]
pub(crate) struct Written {
    note: Option<(PathBuf, File)>,
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Archive {
    pub(crate) fn new(case: &Path) -> Self {
        Self { root: case.join("archive") }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Path of an original within the case.
    pub(crate) fn relative(digest: &Digest) -> PathBuf {
        let name = hex(digest);
        let folder = name.get(..2).unwrap_or_default().to_owned();
        PathBuf::from("archive").join(folder).join(format!("{name}.zst"))
    }

    /// Path of an original.
    pub(crate) fn path(&self, digest: &Digest) -> PathBuf {
        let name = hex(digest);
        self.root.join(name.get(..2).unwrap_or_default()).join(format!("{name}.zst"))
    }

    /// Writes an original that has no row yet. Whatever stands there is of a transaction that never ended.
    pub(crate) fn write(&self, digest: &Digest, packed: &[u8], written: &mut Written) -> Result<()> {
        let path = self.path(digest);
        if written.note.is_none() {
            written.note = Some(self.note()?);
        }
        if let Some((note, file)) = &mut written.note {
            file.write_all(format!("{}\n", hex(digest)).as_bytes()).map_err(Error::io(note))?;
        }
        written.files.push(path.clone());
        let mut file = match File::create(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let folder = path.parent().unwrap_or(&self.root);
                fs::create_dir_all(folder).map_err(Error::io(folder))?;
                written.folders.push(folder.to_owned());
                File::create(&path)
            }
            other => other,
        }
        .map_err(Error::io(&path))?;
        file.write_all(packed).map_err(Error::io(&path))
    }

    fn note(&self) -> Result<(PathBuf, File)> {
        fs::create_dir_all(&self.root).map_err(Error::io(&self.root))?;
        let mut number = u64::from(std::process::id()) << 20;
        loop {
            let path = self.root.join(format!("writing.{number}"));
            match File::create_new(&path) {
                Ok(file) => return Ok((path, file)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(Error::io(&path)(error)),
            }
        }
    }

    /// Notes of transactions that are under way or never ended, with the hashes that they wrote.
    pub(crate) fn notes(&self) -> Vec<(PathBuf, Vec<Digest>)> {
        let Ok(entries) = fs::read_dir(&self.root) else { return Vec::new() };
        let mut notes = Vec::new();
        for entry in entries.flatten() {
            let named = entry.file_name().to_str().and_then(|name| name.strip_prefix("writing.")).is_some();
            if let (true, Ok(text)) = (named, fs::read_to_string(entry.path())) {
                notes.push((entry.path(), text.lines().filter_map(from_hex).collect()));
            }
        }
        notes
    }

    /// Removes what a transaction that never ended left, but for originals that `is_kept`. Only to be called by who holds the write lock.
    pub(crate) fn clear_up(&self, mut is_kept: impl FnMut(&Digest) -> Result<bool>) -> Result<()> {
        for (note, digests) in self.notes() {
            for digest in digests {
                if !is_kept(&digest)? {
                    remove(&self.path(&digest));
                }
            }
            remove(&note);
        }
        Ok(())
    }
}

impl Written {
    /// Everything that was written is on disk after this.
    pub(crate) fn sync(&self, archive: &Archive) -> Result<()> {
        let Some((note, _)) = &self.note else { return Ok(()) };
        if self.files.len() > FEW && sync_file_system(note) {
            return Ok(());
        }
        for path in &self.files {
            File::open(path).and_then(|file| file.sync_all()).map_err(Error::io(path))?;
        }
        let mut folders: Vec<&Path> = self.files.iter().filter_map(|path| path.parent()).collect();
        if !self.folders.is_empty() {
            folders.push(archive.root());
        }
        folders.sort_unstable();
        folders.dedup();
        folders.into_iter().try_for_each(sync_folder)
    }

    /// After the commit.
    pub(crate) fn kept(self) {
        if let Some((note, _)) = self.note {
            remove(&note);
        }
    }

    /// Removes the files of a transaction that is undone; only while the write lock is held.
    pub(crate) fn undone(self) {
        self.files.iter().for_each(|path| remove(path));
        self.kept();
    }
}

/// Best effort: what can't be removed is cleared up or reported later.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Makes a folder's list of names durable, where the system can.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io(folder))?;
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn sync_file_system(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| rustix::fs::syncfs(&file).is_ok())
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(_: &Path) -> bool {
    false
}
