use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use dateline_record::Provenance;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use crate::archive::{Counted, Guarded};
use crate::collected::{CollectError, Collected, Reason, Sink};
use crate::format::Format;
use crate::http::bounded;
use crate::input::{Input, Options};
use crate::media::{At, Beside, picture_extension, video_extension};
use crate::{channel, feed, html, jsonfeed, jsonl, table, telegram, text, warc};

/// How many bytes the format is told by.
const HEAD: usize = 1 << 16;

/// Reads all reports of an input, one at a time, and hands them on in order: of a folder and of a zip archive by name, of all others
/// as they stand. The sink says whether to go on.
///
/// In a folder or archive, files whose names begin with a dot are passed over, and so are the parts of a page that a browser saved
/// beside it (`NAME_files`), and of a Telegram export all but its `result.json`, whose messages name the media.
pub fn open(input: &Input, options: &Options, sink: &mut dyn FnMut(Result<Collected, CollectError>) -> ControlFlow<()>) {
    let mut named = |item: Result<Collected, CollectError>| {
        sink(item.map(|mut collected| {
            if collected.report.source.is_none() {
                collected.report.source.clone_from(&options.source);
            }
            collected
        }))
    };
    let mut walk = Walk { options, sink: &mut named, entries: 0, beside: Beside::Nowhere };
    let _ = match input {
        Input::Path(path) => walk.path(path, &path.to_string_lossy()),
        Input::Stdin => walk.stream("-", Box::new(io::stdin().lock()), 0),
        Input::Bytes { name, bytes } => walk.stream(name, Box::new(bytes.as_slice()), 0),
    };
}

/// Reads one document that is here whole: a page, a feed, a channel page or a text, by its media type and bytes.
pub(crate) fn read_document(bytes: &[u8], base: &Provenance, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let kind = base.media_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or_default();
    let encoding = options.encoding.as_deref();
    let outer = (!base.format.is_empty()).then(|| base.format.clone());
    // The provenance says what the input was, not what lay in it.
    let mut kept = |item: Result<Collected, CollectError>| {
        sink(item.map(|mut collected| {
            if let Some(format) = &outer {
                collected.provenance.format.clone_from(format);
            }
            collected
        }))
    };
    let name = if kind.contains("html") { "x.html" } else { "x" };
    let one = |outcome: Result<Collected, Reason>| outcome.map_err(|reason| CollectError::new(base.input.clone(), reason));
    match Format::of(name, head) {
        Format::Feed => feed::read_feed(bytes, base, encoding, &mut kept),
        Format::JsonFeed => jsonfeed::read_json_feed(bytes, base, &mut kept),
        Format::Channel => channel::read_channel(bytes, base, &mut kept),
        Format::Html => kept(one(html::read_page(bytes, base, encoding))),
        Format::Unsupported(what) => kept(Err(CollectError::new(base.input.clone(), Reason::Unsupported(what)))),
        _ => kept(one(text::read_text(bytes, base, encoding))),
    }
}

struct Walk<'a, 's> {
    options: &'a Options,
    sink: &'a mut Sink<'s>,
    entries: usize,
    /// Where the media of the export lie that is read next.
    beside: Beside,
}

impl Walk<'_, '_> {
    fn fail(&mut self, name: &str, reason: impl Into<Reason>) -> ControlFlow<()> {
        (self.sink)(Err(CollectError::new(name, reason)))
    }

    /// Counts an entry of a folder or archive; breaks when there are too many.
    fn enter(&mut self, name: &str) -> ControlFlow<()> {
        self.entries += 1;
        if self.entries <= self.options.limits.entries {
            return ControlFlow::Continue(());
        }
        let _ = self.fail(name, Reason::malformed("input", format!("more than {} entries", self.options.limits.entries)));
        ControlFlow::Break(())
    }

    fn path(&mut self, path: &Path, name: &str) -> ControlFlow<()> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.folder(path, name),
            Ok(metadata) if !metadata.is_file() && !is_pipe(&metadata) => {
                self.fail(name, Reason::Unsupported("what is neither file nor folder"))
            }
            Ok(_) => self.file(path, name),
            Err(error) => self.fail(name, error),
        }
    }

    fn folder(&mut self, path: &Path, name: &str) -> ControlFlow<()> {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => return self.fail(name, error),
        };
        let mut paths: Vec<(PathBuf, bool)> = Vec::new();
        for entry in entries {
            match entry.and_then(|entry| Ok((entry.path(), entry.file_type()?.is_symlink()))) {
                Ok(found) => paths.push(found),
                Err(error) => self.fail(name, error)?,
            }
        }
        paths.sort();
        let export = path.join("result.json");
        if paths.iter().any(|(path, _)| *path == export) && is_export(&export) {
            return self.file(&export, &joined(name, "result.json"));
        }
        let names: Vec<String> =
            paths.iter().map(|(path, _)| path.file_name().unwrap_or_default().to_string_lossy().into_owned()).collect();
        for ((path, link), file) in paths.iter().zip(&names) {
            if file.starts_with('.') || is_part_of_page(file, |page| names.iter().any(|name| name == page)) {
                continue;
            }
            let name = joined(name, file);
            self.enter(&name)?;
            // A link to a folder may lead back to where we are.
            if *link && path.is_dir() {
                self.fail(&name, Reason::Unsupported("a link to a folder"))?;
            } else {
                self.path(path, &name)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn file(&mut self, path: &Path, name: &str) -> ControlFlow<()> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) => return self.fail(name, error),
        };
        let mut magic = Vec::new();
        let sought = (&mut file).take(4).read_to_end(&mut magic).and_then(|_| file.rewind());
        match (sought, Format::of(name, &magic)) {
            (Ok(()), Format::Zip) => self.zip(name, file, 0),
            (Ok(()), _) => {
                self.beside = path.parent().map_or(Beside::Nowhere, |folder| Beside::Folder(folder.to_owned()));
                let flow = self.stream(name, Box::new(file), 0);
                self.beside = Beside::Nowhere;
                flow
            }
            // A pipe can't be rewound.
            (Err(_), _) => self.stream(name, Box::new(Cursor::new(magic).chain(file)), 0),
        }
    }

    fn stream<'r>(&mut self, name: &str, mut reader: Box<dyn Read + 'r>, depth: usize) -> ControlFlow<()> {
        let mut head = Vec::new();
        if let Err(error) = (&mut reader).take(HEAD as u64).read_to_end(&mut head) {
            // What came before the error is not read: it could be anything.
            return self.fail(name, error);
        }
        let limits = self.options.limits;
        if depth > limits.depth {
            return self.fail(name, Reason::TooDeep { limit: limits.depth });
        }
        let format = Format::of(name, &head);
        let whole = Cursor::new(head).chain(reader);
        let base = Provenance { input: name.to_owned(), ..Provenance::default() };
        let encoding = self.options.encoding.as_deref();
        match format {
            Format::Gzip => self.gzip(name, whole, depth),
            Format::Zip => self.spooled_zip(name, whole, depth),
            Format::Tar => self.tar(name, whole, depth),
            Format::Warc => warc::read_warc(whole, false, &base, self.options, self.sink),
            Format::JsonLines => jsonl::read_json_lines(&mut BufReader::new(whole), &base, limits.item, self.sink),
            Format::Telegram => {
                let channel = self.options.channel.as_deref();
                let mut beside = std::mem::take(&mut self.beside);
                let mut with_media = |item: Result<Collected, CollectError>| {
                    (self.sink)(item.map(|mut collected| {
                        beside.attach(&mut collected, limits.item);
                        collected
                    }))
                };
                let flow = telegram::read_telegram(&mut BufReader::new(whole), &base, channel, limits.item, &mut with_media);
                self.beside = beside;
                flow
            }
            Format::Table => self.table(&base, whole),
            Format::Unsupported(what) => self.medium(name, what, whole),
            _ => {
                let bytes = match bounded(whole, limits.item) {
                    Ok(bytes) => bytes,
                    Err(reason) => return self.fail(name, reason),
                };
                let one = |outcome: Result<Collected, Reason>| outcome.map_err(|reason| CollectError::new(name, reason));
                match format {
                    Format::Markdown => (self.sink)(one(text::read_markdown(&bytes, &base, encoding))),
                    Format::Html => {
                        let page = html::read_page_with_paths(&bytes, &base, encoding).map(|(mut page, paths)| {
                            self.beside.attach_pictures(&mut page, &paths, limits.item);
                            page
                        });
                        (self.sink)(one(page))
                    }
                    Format::Channel => channel::read_channel(&bytes, &base, self.sink),
                    Format::Feed => feed::read_feed(&bytes, &base, encoding, self.sink),
                    Format::JsonFeed => jsonfeed::read_json_feed(&bytes, &base, self.sink),
                    Format::Json => self.json(&bytes, &base),
                    _ => (self.sink)(one(text::read_text(&bytes, &base, encoding))),
                }
            }
        }
    }

    /// A file that is no report by itself.
    fn medium(&mut self, name: &str, what: &'static str, whole: impl Read) -> ControlFlow<()> {
        let bytes = match bounded(whole, self.options.limits.item) {
            Ok(bytes) => bytes,
            // One that large came with no report.
            Err(Reason::TooLarge { .. }) => return self.fail(name, Reason::Unsupported(what)),
            Err(reason) => return self.fail(name, reason),
        };
        let (picture, video) = (picture_extension(&bytes).is_some(), video_extension(&bytes).is_some());
        let what = match (picture, video) {
            (true, _) => "a picture",
            (false, true) => "a video",
            (false, false) => what,
        };
        let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        self.fail(name, Reason::Medium { what, sha256, visual: picture || video })
    }

    fn table(&mut self, base: &Provenance, reader: impl Read) -> ControlFlow<()> {
        let (columns, limit) = (&self.options.columns, self.options.limits.item);
        let encoding = self.options.encoding.as_deref();
        let mut reader = BufReader::new(reader);
        let wide =
            |name: &[u8]| matches!(encoding_rs::Encoding::for_bom(name), Some((encoding, _)) if encoding != encoding_rs::UTF_8);
        let marked = io::BufRead::fill_buf(&mut reader).is_ok_and(wide);
        let named = encoding.is_some_and(|name| name.to_ascii_lowercase().starts_with("utf-16"));
        if !marked && !named {
            return table::read_table(&mut reader, base, columns, encoding, limit, self.sink);
        }
        // Rows can't be told apart by bytes in UTF-16: the whole is decoded first.
        let decoded = bounded(reader, limit).and_then(|bytes| match encoding {
            Some(name) => crate::encoding::decode_as(&bytes, name),
            None => crate::encoding::decode(&bytes, None),
        });
        match decoded {
            Ok(decoded) => {
                let mut base = base.clone();
                base.transformations.extend(decoded.transformation());
                table::read_table(&mut decoded.text.as_bytes(), &base, columns, None, limit, self.sink)
            }
            Err(reason) => self.fail(&base.input, reason),
        }
    }

    /// One report, or a list of them.
    fn json(&mut self, bytes: &[u8], base: &Provenance) -> ControlFlow<()> {
        let decoded = match crate::encoding::decode(bytes, None) {
            Ok(decoded) => decoded.text,
            Err(reason) => return self.fail(&base.input, reason),
        };
        if !decoded.trim_start().starts_with('[') {
            let item = jsonl::read_json_report(decoded.as_bytes(), base);
            return (self.sink)(item.map_err(|reason| CollectError::new(base.input.clone(), reason)));
        }
        let items: Vec<&RawValue> = match serde_json::from_str(&decoded) {
            Ok(items) => items,
            Err(error) => return self.fail(&base.input, Reason::malformed("JSON", error)),
        };
        for (index, item) in items.iter().enumerate() {
            let name = format!("{}#{}", base.input, index + 1);
            let base = Provenance { input: name.clone(), ..base.clone() };
            let item = jsonl::read_json_report(item.get().as_bytes(), &base);
            (self.sink)(item.map_err(|reason| CollectError::new(name, reason)))?;
        }
        ControlFlow::Continue(())
    }

    fn gzip(&mut self, name: &str, reader: impl Read, depth: usize) -> ControlFlow<()> {
        let inner = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".gzip")).map(str::to_owned);
        let inner =
            inner.or_else(|| name.strip_suffix(".tgz").map(|name| format!("{name}.tar"))).unwrap_or_else(|| name.to_owned());
        // What is packed decides: a WARC is read member by member, all else in a row.
        let mut head = Vec::new();
        let mut reader = reader;
        if let Err(error) = (&mut reader).take(HEAD as u64).read_to_end(&mut head) {
            return self.fail(name, error);
        }
        let mut begin = [0; 5];
        let begins = match flate2::read::GzDecoder::new(head.as_slice()).read_exact(&mut begin) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => false,
            Err(error) => return self.fail(name, error),
        };
        let whole = Cursor::new(head).chain(reader);
        if begins && begin == *b"WARC/" {
            let base = Provenance { input: name.to_owned(), ..Provenance::default() };
            return warc::read_warc(whole, true, &base, self.options, self.sink);
        }
        let (counted, packed) = Counted::new(whole);
        let decoder = flate2::read::MultiGzDecoder::new(counted);
        self.stream(&inner, Box::new(Guarded::new(decoder, packed, self.options.limits.ratio)), depth + 1)
    }

    /// A zip archive within another stream: it must be sought in, so it goes to disk first.
    fn spooled_zip(&mut self, name: &str, mut reader: impl Read, depth: usize) -> ControlFlow<()> {
        let spooled = tempfile::tempfile().and_then(|mut file| {
            io::copy(&mut reader, &mut file)?;
            file.rewind()?;
            Ok(file)
        });
        match spooled {
            Ok(file) => self.zip(name, file, depth),
            Err(error) => self.fail(name, error),
        }
    }

    fn zip(&mut self, name: &str, file: File, depth: usize) -> ControlFlow<()> {
        let limits = self.options.limits;
        let file = At::start(file);
        let mut archive = match zip::ZipArchive::new(BufReader::new(file.clone())) {
            Ok(archive) => archive,
            Err(error) => return self.fail(name, Reason::malformed("zip archive", error)),
        };
        if archive.index_for_name("[Content_Types].xml").is_some() {
            return self.fail(name, Reason::Unsupported("an office document"));
        }
        let mut names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        names.sort();
        let wacz = names.iter().any(|name| name == "datapackage.json") && names.iter().any(|name| is_wacz_archive(name));
        let exports: Vec<String> =
            names.iter().filter(|name| *name == "result.json" || name.ends_with("/result.json")).cloned().collect();
        // The archive once more, to read media while what names them is read.
        let mut again = None;
        for entry_name in &names {
            let hidden = entry_name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
            let of_export = exports.iter().any(|export| {
                let folder = export.strip_suffix("result.json").unwrap_or_default();
                entry_name != export && entry_name.starts_with(folder)
            });
            let of_page = entry_name.split('/').enumerate().any(|(at, part)| {
                let prefix: String = entry_name.split('/').take(at).flat_map(|part| [part, "/"]).collect();
                is_part_of_page(part, |page| names.binary_search(&format!("{prefix}{page}")).is_ok())
            });
            if entry_name.ends_with('/') || hidden || of_export || of_page || wacz && !is_wacz_archive(entry_name) {
                continue;
            }
            let inner = joined(name, entry_name);
            self.enter(&inner)?;
            let entry = match archive.by_name(entry_name) {
                Ok(entry) => entry,
                Err(error) => {
                    self.fail(&inner, Reason::malformed("zip archive", error))?;
                    continue;
                }
            };
            // An archive's own word on sizes is not taken for it: only what was packed counts, and that lies in the file.
            let packed = Rc::new(Cell::new(entry.compressed_size()));
            let guarded = Guarded::new(entry, packed, limits.ratio);
            if wacz {
                let packed = entry_name.ends_with(".gz");
                let base = Provenance { input: inner, format: "wacz".to_owned(), ..Provenance::default() };
                warc::read_warc(guarded, packed, &base, self.options, self.sink)?;
            } else {
                self.beside = Beside::Nowhere;
                let page = [".html", ".htm", ".xhtml"].iter().any(|end| entry_name.to_ascii_lowercase().ends_with(end));
                if page || exports.contains(entry_name) {
                    let folder = entry_name.rfind('/').and_then(|at| entry_name.get(..=at)).unwrap_or_default();
                    let opened = again.take().or_else(|| zip::ZipArchive::new(BufReader::new(file.clone())).ok().map(Box::new));
                    self.beside = opened.map_or(Beside::Nowhere, |again| Beside::Archive(again, folder.to_owned()));
                }
                let flow = self.stream(&inner, Box::new(guarded), depth + 1);
                if let Beside::Archive(opened, _) = std::mem::take(&mut self.beside) {
                    again = Some(opened);
                }
                flow?;
            }
        }
        ControlFlow::Continue(())
    }

    fn tar(&mut self, name: &str, reader: impl Read, depth: usize) -> ControlFlow<()> {
        // What lies beside the archive is none of it.
        self.beside = Beside::Nowhere;
        let mut archive = tar::Archive::new(reader);
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return self.fail(name, error),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                // Where the next entry begins is unknown after this.
                Err(error) => return self.fail(name, error),
            };
            let entry_name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let hidden = entry_name.split('/').any(|part| part.starts_with('.') && part != ".");
            if !entry.header().entry_type().is_file() || hidden {
                continue;
            }
            let inner = joined(name, entry_name.trim_start_matches("./"));
            self.enter(&inner)?;
            self.stream(&inner, Box::new(entry), depth + 1)?;
        }
        ControlFlow::Continue(())
    }
}

pub(crate) fn joined(outer: &str, inner: &str) -> String {
    format!("{}/{inner}", outer.trim_end_matches('/'))
}

fn is_wacz_archive(name: &str) -> bool {
    name.starts_with("archive/") && (name.ends_with(".warc") || name.ends_with(".warc.gz"))
}

/// True for `NAME_files` where the page `NAME.html` lies beside it.
fn is_part_of_page(name: &str, exists: impl Fn(&str) -> bool) -> bool {
    name.strip_suffix("_files").is_some_and(|page| exists(&format!("{page}.html")) || exists(&format!("{page}.htm")))
}

fn is_export(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD as u64).read_to_end(&mut head));
    read.is_ok() && Format::of("result.json", &head) == Format::Telegram
}

#[cfg(unix)]
fn is_pipe(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_fifo() || metadata.file_type().is_char_device()
}

#[cfg(not(unix))]
fn is_pipe(_metadata: &fs::Metadata) -> bool {
    false
}
