//! Which of some pictures do others resemble? For measurements: `scripts/media_recall.py`.
//!
//! `resemble ORIGINALS COPIES`, two folders: one JSON line for each copy, with the names of the originals found by the fingerprint of the
//! whole, by that however mirrored and turned, and by parts; then one line with how long it took.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dateline_media::index::{Memory, PartIndex, PictureId, WholeIndex};
use dateline_media::{Details, Limits, Pdq, decode};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let (originals, copies) = (PathBuf::from(arguments.next().unwrap()), PathBuf::from(arguments.next().unwrap()));
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let limits = Limits::default();
    let (mut whole, mut parts) = (WholeIndex::<Memory>::default(), PartIndex::<Memory>::default());
    let (mut names, mut stored) = (Vec::new(), Vec::new());
    let (mut decoding, mut hashing, mut describing, mut searching) = ([Duration::ZERO; 4]).into();
    let timed = |sum: &mut Duration, start: Instant| *sum += start.elapsed();
    for (id, path) in (0..).zip(files(&originals)) {
        let start = Instant::now();
        let luma = decode(&std::fs::read(&path).unwrap(), &limits).unwrap().picture.luma();
        timed(&mut decoding, start);
        let start = Instant::now();
        let hashed = Pdq::of(&luma).unwrap();
        timed(&mut hashing, start);
        let start = Instant::now();
        let details = Details::of(&luma, Details::MOST);
        timed(&mut describing, start);
        whole.insert(PictureId(id), &hashed.pdq).unwrap();
        parts.insert(PictureId(id), &details).unwrap();
        stored.push(details);
        names.push(name(&path));
    }
    let pictures = names.len();
    for path in files(&copies) {
        let luma = decode(&std::fs::read(&path).unwrap(), &limits).unwrap().picture.luma();
        let hashed = Pdq::of(&luma).unwrap();
        let details = Details::of(&luma, Details::MOST);
        let list = |found: Vec<dateline_media::index::Near>| -> Vec<&str> {
            found.iter().map(|near| names[near.id.0 as usize].as_str()).collect()
        };
        let (pdq, any) = (list(whole.near(&hashed.pdq).unwrap()), list(whole.near_any(&hashed.variants()).unwrap()));
        let start = Instant::now();
        let shared: Vec<_> = parts
            .find(&details, |id| Ok(stored.get(id.0 as usize).cloned()))
            .unwrap()
            .iter()
            .map(|shared| {
                let likeness = shared.likeness;
                let name = &names[shared.id.0 as usize];
                serde_json::json!({"of": name, "spots": likeness.spots, "support": likeness.support, "mirrored": likeness.placement.mirrored})
            })
            .collect();
        timed(&mut searching, start);
        let line = serde_json::json!({
            "copy": name(&path), "pdq": pdq, "any": any, "parts": shared, "hex": hashed.pdq.to_string(), "quality": hashed.quality,
            "candidates": parts.candidates(&details, 3).unwrap().iter().map(|c| (names[c.id.0 as usize].as_str(), c.votes)).collect::<Vec<_>>(),
        });
        println!("{line}");
    }
    let each = |sum: Duration, count: usize| sum.as_secs_f64() * 1000.0 / count.max(1) as f64;
    let took = serde_json::json!({
        "pictures": pictures, "decode_ms": each(decoding, pictures), "pdq_ms": each(hashing, pictures),
        "details_ms": each(describing, pictures), "search_ms": each(searching, files(&copies).len()),
    });
    println!("{took}");
}
