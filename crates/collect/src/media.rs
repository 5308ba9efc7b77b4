//! The media of a Telegram export, which lie beside its messages.

use std::fs::{self, File};
use std::io::{self, BufReader, Read as _, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::collected::{Collected, Medium};

/// Where the media of an export lie.
#[derive(Default)]
pub(crate) enum Beside {
    /// In the folder that holds its messages.
    Folder(PathBuf),
    /// In the same zip archive, under this prefix.
    Archive(Box<zip::ZipArchive<BufReader<At>>>, String),
    /// Not at hand: the messages came alone.
    #[default]
    Nowhere,
}

impl Beside {
    /// Reads the media that a message names; what can't be had is said in a warning.
    pub(crate) fn attach(&mut self, collected: &mut Collected, limit: u64) {
        for name in collected.provenance.media.iter().filter(|name| !name.contains("://")) {
            match self.read(name, limit) {
                Ok(bytes) => collected.media.push(Medium { name: name.clone(), bytes }),
                Err(why) => collected.provenance.warnings.push(format!("{name} was not kept: {why}")),
            }
        }
    }

    fn read(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, String> {
        // A hostile export names files of the reader's own.
        if name.is_empty()
            || name.contains('\\')
            || !Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
        {
            return Err("it is named outside the export".to_owned());
        }
        let mut bytes = Vec::new();
        match self {
            Self::Nowhere => return Err("only the folder or zip archive of an export holds its media".to_owned()),
            Self::Folder(folder) => {
                let inner = folder.canonicalize().and_then(|folder| Ok((folder.join(name).canonicalize()?, folder)));
                let (path, folder) = inner.map_err(|error| error.to_string())?;
                if !path.starts_with(&folder) || !fs::metadata(&path).is_ok_and(|found| found.is_file()) {
                    return Err("it is no file within the export".to_owned());
                }
                let file = File::open(&path).map_err(|error| error.to_string())?;
                file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
            }
            Self::Archive(archive, folder) => {
                let entry = archive.by_name(&format!("{folder}{name}")).map_err(|error| error.to_string())?;
                entry.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
            }
        }
        if bytes.len() as u64 > limit {
            return Err(format!("it is larger than {} MiB", limit >> 20));
        }
        Ok(bytes)
    }
}

/// A file with a place of its own in it: an archive is read at two places at once.
#[derive(Clone)]
pub(crate) struct At {
    file: Arc<File>,
    at: u64,
}

impl At {
    pub(crate) fn start(file: File) -> Self {
        Self { file: Arc::new(file), at: 0 }
    }
}

impl io::Read for At {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(&*self.file, into, self.at)?;
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(&*self.file, into, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for At {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(by) => (self.at, by),
            SeekFrom::End(by) => (self.file.metadata()?.len(), by),
        };
        self.at = from.checked_add_signed(by).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
