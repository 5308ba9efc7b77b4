//! Pictures and videos that lie in folders and archives with no report of their own.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;
use std::time::UNIX_EPOCH;

use crate::archive::{Counted, Guarded};
use crate::collected::{CollectError, Reason};
use crate::format::Format;
use crate::http::bounded;
use crate::input::{Input, Options};
use crate::media::{picture_extension, video_extension};
use crate::{Instant, open::joined};

/// A picture or video by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFile {
    /// The input as its user named it, and the file within it: `photos/a.jpg`, `photos.zip/a.jpg`.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// True for a video.
    pub video: bool,
    /// When it was last written, as the folder or archive says: RFC 3339, in archives that give no offset from UTC without one.
    /// Copying changes it as often as not.
    pub modified: Option<String>,
}

type MediaSink<'a> = dyn FnMut(Result<MediaFile, CollectError>) -> ControlFlow<()> + 'a;

/// Bytes by which a file is told.
const HEAD: u64 = 512;

/// Lists the pictures and videos of a folder, of a zip or tar archive (packed or not) or of archives in folders, one at a time, of
/// folders and zip archives by name. A file is told by its bytes; what is neither is passed over, and so are files whose names begin
/// with a dot and links to folders. The limits are those of [`open`](crate::open()).
///
/// # Errors
/// Each item that can't be read is one.
pub fn media_files(input: &Input, options: &Options, sink: &mut MediaSink<'_>) {
    let mut walk = Walk { options, sink, entries: 0 };
    let _ = match input {
        Input::Path(path) => walk.path(path, &path.to_string_lossy()),
        Input::Stdin => walk.stream("-", io::stdin().lock(), None, 0),
        Input::Bytes { name, bytes } => walk.stream(name, bytes.as_slice(), None, 0),
    };
}

struct Walk<'a, 's> {
    options: &'a Options,
    sink: &'a mut MediaSink<'s>,
    entries: usize,
}

impl Walk<'_, '_> {
    fn fail(&mut self, name: &str, reason: impl Into<Reason>) -> ControlFlow<()> {
        (self.sink)(Err(CollectError::new(name, reason)))
    }

    /// Counts an entry; breaks when there are too many.
    fn enter(&mut self, name: &str) -> ControlFlow<()> {
        self.entries += 1;
        if self.entries <= self.options.limits.entries {
            return ControlFlow::Continue(());
        }
        let _ = self.fail(name, Reason::malformed("input", format!("more than {} entries", self.options.limits.entries)));
        ControlFlow::Break(())
    }

    fn path(&mut self, path: &Path, name: &str) -> ControlFlow<()> {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => return self.fail(name, error),
        };
        if metadata.is_dir() {
            return self.folder(path, name);
        }
        if !metadata.is_file() {
            return self.fail(name, Reason::Unsupported("what is neither file nor folder"));
        }
        let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let modified = modified.and_then(|since| Instant::from_unix(i64::try_from(since.as_secs()).ok()?)?.rfc3339());
        match File::open(path) {
            Ok(file) => self.stream(name, file, modified, 0),
            Err(error) => self.fail(name, error),
        }
    }

    fn folder(&mut self, path: &Path, name: &str) -> ControlFlow<()> {
        let mut paths = Vec::new();
        match fs::read_dir(path) {
            Ok(entries) => paths.extend(entries.filter_map(Result::ok).map(|entry| entry.path())),
            Err(error) => return self.fail(name, error),
        }
        paths.sort();
        for path in paths {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let link = path.is_symlink() && path.is_dir();
            if file.starts_with('.') || link {
                continue;
            }
            let name = joined(name, &file);
            self.enter(&name)?;
            self.path(&path, &name)?;
        }
        ControlFlow::Continue(())
    }

    fn stream(&mut self, name: &str, mut reader: impl Read, modified: Option<String>, depth: usize) -> ControlFlow<()> {
        let limits = self.options.limits;
        let mut head = Vec::new();
        if let Err(error) = (&mut reader).take(HEAD).read_to_end(&mut head) {
            return self.fail(name, error);
        }
        let video = video_extension(&head).is_some();
        let is_medium = video || picture_extension(&head).is_some();
        let format = Format::of(name, &head);
        let whole = Cursor::new(head).chain(reader);
        if is_medium {
            return match bounded(whole, limits.item) {
                Ok(bytes) => (self.sink)(Ok(MediaFile { name: name.to_owned(), bytes, video, modified })),
                Err(reason) => self.fail(name, reason),
            };
        }
        if matches!(format, Format::Zip | Format::Tar | Format::Gzip) && depth >= limits.depth {
            return self.fail(name, Reason::TooDeep { limit: limits.depth });
        }
        match format {
            Format::Zip => self.zip(name, whole, depth),
            Format::Tar => self.tar(name, Box::new(whole), depth),
            Format::Gzip => {
                let (counted, packed) = Counted::new(whole);
                let unpacked: Box<dyn Read + '_> =
                    Box::new(Guarded::new(flate2::read::MultiGzDecoder::new(counted), packed, limits.ratio));
                let inner = name.strip_suffix(".gz").map(str::to_owned);
                let inner = inner.or_else(|| name.strip_suffix(".tgz").map(|name| format!("{name}.tar")));
                self.stream(&inner.unwrap_or_else(|| name.to_owned()), unpacked, modified, depth + 1)
            }
            _ => ControlFlow::Continue(()),
        }
    }

    fn zip(&mut self, name: &str, mut reader: impl Read, depth: usize) -> ControlFlow<()> {
        // It must be sought in, so it goes to disk.
        let spooled = tempfile::tempfile().and_then(|mut file| {
            io::copy(&mut reader, &mut file)?;
            file.rewind()?;
            Ok(file)
        });
        let file = match spooled {
            Ok(file) => file,
            Err(error) => return self.fail(name, error),
        };
        let mut archive = match zip::ZipArchive::new(BufReader::new(file)) {
            Ok(archive) => archive,
            Err(error) => return self.fail(name, Reason::malformed("zip archive", error)),
        };
        let mut names: Vec<String> =
            archive.file_names().filter(|name| !name.ends_with('/') && !is_hidden(name)).map(str::to_owned).collect();
        names.sort();
        for entry_name in names {
            let inner = joined(name, &entry_name);
            self.enter(&inner)?;
            match archive.by_name(&entry_name) {
                Ok(entry) => {
                    let modified = entry.last_modified().filter(zip::DateTime::is_valid).map(|at| {
                        let (year, month, day) = (at.year(), at.month(), at.day());
                        format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
                    });
                    let packed = Rc::new(Cell::new(entry.compressed_size()));
                    let guarded: Box<dyn Read + '_> = Box::new(Guarded::new(entry, packed, self.options.limits.ratio));
                    self.stream(&inner, guarded, modified, depth + 1)?;
                }
                Err(error) => self.fail(&inner, Reason::malformed("zip archive", error))?,
            }
        }
        ControlFlow::Continue(())
    }

    fn tar(&mut self, name: &str, reader: Box<dyn Read + '_>, depth: usize) -> ControlFlow<()> {
        let mut archive = tar::Archive::new(reader);
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return self.fail(name, error),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return self.fail(name, error),
            };
            let entry_name = String::from_utf8_lossy(&entry.path_bytes()).trim_start_matches("./").to_owned();
            if !entry.header().entry_type().is_file() || is_hidden(&entry_name) {
                continue;
            }
            let inner = joined(name, &entry_name);
            self.enter(&inner)?;
            let modified = entry.header().mtime().ok().filter(|at| *at > 0);
            let modified = modified.and_then(|at| Instant::from_unix(i64::try_from(at).ok()?)?.rfc3339());
            let entry: Box<dyn Read + '_> = Box::new(entry);
            self.stream(&inner, entry, modified, depth + 1)?;
        }
        ControlFlow::Continue(())
    }
}

fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.') && part != "." || part == "__MACOSX")
}
