//! Where a trained pipeline's files come from: the wheel as published, an unpacked package, or its inner directory.
//!
//! Files are read whole and on demand, each bounded by [`MAX_FILE`], so that a hostile archive can't exhaust memory.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// No file of a CPU pipeline comes near this many bytes.
const MAX_FILE: u64 = 512 << 20;

/// Why a pipeline can't be loaded. Each names the file at fault.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is nothing at the path, or it can't be read.
    #[error("can't read {path}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The path is neither a wheel nor a directory with a pipeline in it.
    #[error("{path} holds no spaCy pipeline: no `config.cfg` in it or one or two folders below")]
    NotAPackage {
        /// The path.
        path: PathBuf,
    },
    /// The wheel is damaged.
    #[error("{path} is no sound wheel (zip archive): {message}; fetch it again")]
    Archive {
        /// The wheel.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A file that the pipeline needs is not in the package.
    #[error("{package} lacks `{file}`; the package is incomplete, fetch it again")]
    Missing {
        /// The package.
        package: PathBuf,
        /// The file.
        file: String,
    },
    /// A file's content is not what it should be.
    #[error("`{file}` in the package is damaged: {message}; fetch the package again")]
    Content {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// The pipeline needs something that this crate does not have.
    #[error("`{file}`: {what} `{name}` is not supported; supported: {supported}")]
    Unsupported {
        /// The file that asks for it.
        file: String,
        /// A component, architecture, pattern key…
        what: &'static str,
        /// Its name.
        name: String,
        /// What there is instead.
        supported: String,
    },
}

impl LoadError {
    pub(crate) fn content(file: &str, message: impl std::fmt::Display) -> Self {
        Self::Content { file: file.to_owned(), message: message.to_string() }
    }
}

/// A pipeline package, opened.
#[derive(Debug)]
pub struct Package {
    path: PathBuf,
    files: Files,
}

#[derive(Debug)]
enum Files {
    Directory(PathBuf),
    /// The archive and the folder inside it, with a trailing slash.
    Wheel(Mutex<zip::ZipArchive<File>>, String),
}

impl Package {
    /// Opens a wheel, an unpacked package or the inner directory that holds `config.cfg`.
    ///
    /// # Errors
    /// When the path can't be read or holds no pipeline.
    pub fn open(path: &Path) -> Result<Self, LoadError> {
        let io = |source| LoadError::Io { path: path.to_owned(), source };
        let files = if std::fs::metadata(path).map_err(io)?.is_dir() {
            let inner = find_config(path, 2).ok_or_else(|| LoadError::NotAPackage { path: path.to_owned() })?;
            Files::Directory(inner)
        } else {
            let archive = zip::ZipArchive::new(File::open(path).map_err(io)?)
                .map_err(|error| LoadError::Archive { path: path.to_owned(), message: error.to_string() })?;
            let config = archive
                .file_names()
                .filter(|name| name.ends_with("/config.cfg") || *name == "config.cfg")
                .min_by_key(|name| name.len())
                .ok_or_else(|| LoadError::NotAPackage { path: path.to_owned() })?;
            let folder = config[..config.len() - "config.cfg".len()].to_owned();
            Files::Wheel(Mutex::new(archive), folder)
        };
        Ok(Self { path: path.to_owned(), files })
    }

    /// The path it was opened from.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes of one file, such as `ner/model`.
    ///
    /// # Errors
    /// When the file is missing, unreadable or beyond all measure.
    pub fn read(&self, file: &str) -> Result<Vec<u8>, LoadError> {
        let missing = || LoadError::Missing { package: self.path.clone(), file: file.to_owned() };
        let too_large = |size: u64| LoadError::content(file, format_args!("{size} bytes is beyond all measure"));
        match &self.files {
            Files::Directory(directory) => {
                let path = directory.join(file);
                let io = |source| LoadError::Io { path: path.clone(), source };
                let mut handle = File::open(&path).map_err(|error| match error.kind() {
                    std::io::ErrorKind::NotFound => missing(),
                    _ => io(error),
                })?;
                let size = handle.metadata().map_err(io)?.len();
                if size > MAX_FILE {
                    return Err(too_large(size));
                }
                let mut bytes = Vec::with_capacity(size as usize);
                handle.read_to_end(&mut bytes).map_err(io)?;
                Ok(bytes)
            }
            Files::Wheel(archive, folder) => {
                let mut archive = archive.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let entry = archive.by_name(&format!("{folder}{file}")).map_err(|error| match error {
                    zip::result::ZipError::FileNotFound => missing(),
                    other => LoadError::Archive { path: self.path.clone(), message: format!("`{file}`: {other}") },
                })?;
                if entry.size() > MAX_FILE {
                    return Err(too_large(entry.size()));
                }
                let mut bytes = Vec::new();
                entry
                    .take(MAX_FILE)
                    .read_to_end(&mut bytes)
                    .map_err(|error| LoadError::Archive { path: self.path.clone(), message: format!("`{file}`: {error}") })?;
                Ok(bytes)
            }
        }
    }

    /// One file as text.
    pub(crate) fn read_text(&self, file: &str) -> Result<String, LoadError> {
        String::from_utf8(self.read(file)?).map_err(|error| LoadError::content(file, error))
    }

    /// One msgpack file. Nesting and lengths are bounded by the decoder; what follows the value is an error.
    pub(crate) fn read_msgpack(&self, file: &str) -> Result<rmpv::Value, LoadError> {
        decode_msgpack(file, &self.read(file)?)
    }
}

pub(crate) fn decode_msgpack(file: &str, bytes: &[u8]) -> Result<rmpv::Value, LoadError> {
    let mut rest = bytes;
    let value = rmpv::decode::read_value_with_max_depth(&mut rest, 64).map_err(|error| LoadError::content(file, error))?;
    if !rest.is_empty() {
        return Err(LoadError::content(file, format_args!("{} bytes follow the end of its data", rest.len())));
    }
    Ok(value)
}

/// The directory with `config.cfg`, at most `depth` folders below.
fn find_config(directory: &Path, depth: usize) -> Option<PathBuf> {
    if directory.join("config.cfg").is_file() {
        return Some(directory.to_owned());
    }
    if depth == 0 {
        return None;
    }
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(directory).ok()?.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.iter().find_map(|folder| find_config(folder, depth - 1))
}

/// The entry of a msgpack map under a text key.
pub(crate) fn get<'v>(value: &'v rmpv::Value, key: &str) -> Option<&'v rmpv::Value> {
    value
        .as_map()?
        .iter()
        .find(|(name, _)| name.as_str() == Some(key) || name.as_slice() == Some(key.as_bytes()))
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn err_names_what_is_not_there() {
        let directory = tempfile::tempdir().unwrap();
        let error = Package::open(directory.path()).unwrap_err().to_string();
        assert!(error.contains("holds no spaCy pipeline"), "{error}");
        std::fs::write(directory.path().join("config.cfg"), "").unwrap();
        let package = Package::open(directory.path()).unwrap();
        let error = package.read("ner/model").unwrap_err().to_string();
        assert!(error.contains("lacks `ner/model`"), "{error}");
    }

    #[test]
    fn err_truncated_wheel() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("model.whl");
        std::fs::write(&path, b"PK\x03\x04 and then nothing").unwrap();
        let error = Package::open(&path).unwrap_err().to_string();
        assert!(error.contains("model.whl is no sound wheel"), "{error}");
    }

    #[test]
    fn err_msgpack_that_lies_about_its_length() {
        // An array that claims 4 billion entries.
        let error = decode_msgpack("ner/model", &[0xdd, 0xff, 0xff, 0xff, 0xff]).unwrap_err().to_string();
        assert!(error.starts_with("`ner/model` in the package is damaged"), "{error}");
    }
}
