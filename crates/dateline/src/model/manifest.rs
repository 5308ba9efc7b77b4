use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Damage;

/// Its name, beside the model's own files.
pub(super) const FILE: &str = "dateline-manifest.json";

/// What a model is made of.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) name: String,
    pub(super) origin: String,
    /// SHA-256 of the wheel.
    pub(super) sha256: String,
    files: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    /// Relative to the model's folder, with `/`.
    path: String,
    size: u64,
    sha256: String,
}

impl Manifest {
    /// The manifest of the model in `folder`, as it lies there now.
    pub(super) fn of(folder: &Path, name: &str, origin: &str, sha256: &str) -> io::Result<Self> {
        let mut files = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(inner) = folders.pop() {
            for entry in fs::read_dir(folder.join(&inner))? {
                let entry = entry?;
                let path = format!("{inner}{}", entry.file_name().to_string_lossy());
                if entry.file_type()?.is_dir() {
                    folders.push(format!("{path}/"));
                } else {
                    let (size, sha256) = sha256_of(&entry.path())?;
                    files.push(Entry { path, size, sha256 });
                }
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { name: name.to_owned(), origin: origin.to_owned(), sha256: sha256.to_owned(), files })
    }

    pub(super) fn read(folder: &Path) -> Result<Self, Damage> {
        let bytes = fs::read(folder.join(FILE)).map_err(|error| Damage::Manifest(error.to_string()))?;
        serde_json::from_slice(&bytes).map_err(|error| Damage::Manifest(error.to_string()))
    }

    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join(FILE), serde_json::to_vec_pretty(self)?)
    }

    pub(super) fn bytes(&self) -> u64 {
        self.files.iter().map(|entry| entry.size).sum()
    }

    pub(super) fn check_sizes(&self, folder: &Path) -> Result<(), Damage> {
        for entry in &self.files {
            let is = fs::metadata(folder.join(&entry.path)).map_err(|_| Damage::Missing(entry.path.clone()))?.len();
            if is != entry.size {
                return Err(Damage::Size { file: entry.path.clone(), is, expected: entry.size });
            }
        }
        Ok(())
    }

    pub(super) fn check_bytes(&self, folder: &Path) -> Result<(), Damage> {
        self.check_sizes(folder)?;
        for entry in &self.files {
            let (_, sha256) = sha256_of(&folder.join(&entry.path)).map_err(|_| Damage::Missing(entry.path.clone()))?;
            if sha256 != entry.sha256 {
                return Err(Damage::Hash(entry.path.clone()));
            }
        }
        Ok(())
    }
}

/// Length and SHA-256, in hex, of a file.
pub(super) fn sha256_of(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut size = 0;
    loop {
        let length = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else { break };
        hash.update(bytes);
        size += length as u64;
    }
    Ok((size, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}
