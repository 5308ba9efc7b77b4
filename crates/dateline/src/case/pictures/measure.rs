//! How fast pictures are found, and filed, in a large case. Run by hand:
//!
//! ```text
//! cargo test --release -p dateline --lib pictures::measure -- --ignored --nocapture --test-threads 1
//! ```
//!
//! `DATELINE_PICTURES` sets how many. The fingerprints are made up, as in the bench of `dateline-media`. Only the index is made: looking at
//! pictures and the rows about them are left out.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::convert::Infallible;
use std::path::Path;
use std::time::{Duration, Instant};

use dateline_casebook::{Casebook, Error};
use dateline_media::fingerprint::local::Spot;
use dateline_media::index::{Lists, PartIndex, PictureId, Space, WholeIndex};
use dateline_media::{Details, Pdq};

use super::index::View;

/// Numbers that look random.
fn mix(mut state: u64) -> u64 {
    state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

fn pictures(default: u64) -> u64 {
    std::env::var("DATELINE_PICTURES").ok().and_then(|count| count.parse().ok()).unwrap_or(default)
}

/// Entries of many pictures, to be filed at once.
#[derive(Default)]
struct Bulk {
    whole: Vec<(u32, [u8; 36])>,
    part: Vec<(u32, [u8; 6])>,
}

impl Lists for Bulk {
    type Error = Infallible;

    fn read(&self, _: Space, _: &[u32], _: &mut dyn FnMut(usize, &[u8])) -> Result<(), Infallible> {
        Ok(())
    }

    fn append<const N: usize>(&mut self, space: Space, entries: &[(u32, [u8; N])]) -> Result<(), Infallible> {
        for (key, entry) in entries {
            match space {
                Space::Whole => self.whole.push((*key, std::array::from_fn(|at| entry[at]))),
                Space::Part => self.part.push((*key, std::array::from_fn(|at| entry[at]))),
            }
        }
        Ok(())
    }

    fn pictures(&self) -> Result<u64, Infallible> {
        Ok(0)
    }
}

/// The index of a case that is said to have so many pictures.
struct Of<'a, 'c>(View<'a, 'c>, u64);

impl Lists for Of<'_, '_> {
    type Error = Error;

    fn read(&self, space: Space, keys: &[u32], each: &mut dyn FnMut(usize, &[u8])) -> Result<(), Error> {
        self.0.read(space, keys, each)
    }

    fn append<const N: usize>(&mut self, space: Space, entries: &[(u32, [u8; N])]) -> Result<(), Error> {
        self.0.append(space, entries)
    }

    fn pictures(&self) -> Result<u64, Error> {
        Ok(self.1)
    }
}

/// Files pictures in portions of so many.
fn fill(book: &mut Casebook, count: u64, portion: u64, mut file: impl FnMut(&mut Bulk, u64)) {
    let start = Instant::now();
    for first in (0..count).step_by(portion as usize) {
        let mut bulk = Bulk::default();
        for id in first..count.min(first + portion) {
            file(&mut bulk, id);
        }
        bulk.whole.sort_unstable();
        bulk.part.sort_unstable();
        book.write::<_, Error>(|writer| {
            writer.append_keys(Space::Whole.number(), &bulk.whole)?;
            writer.append_keys(Space::Part.number(), &bulk.part)
        })
        .unwrap();
    }
    println!("{count} pictures filed in portions of {portion}: {:?}", start.elapsed());
}

fn median(mut times: Vec<Duration>) -> String {
    times.sort();
    format!("median {:?}, longest {:?}", times[times.len() / 2], times[times.len() - 1])
}

fn size(dir: &Path) -> u64 {
    std::fs::metadata(dir.join("case.db")).unwrap().len() >> 20
}

/// The fingerprint of a picture: one of 4,000 kinds, with which it shares about two thirds of its bits, as real ones crowd.
fn crowded(id: u64) -> Pdq {
    let kind = mix(id) % 4000;
    Pdq::from_words(std::array::from_fn(|at| {
        let at = at as u64;
        let keep = mix(8 * id + at) | mix(8 * id + at + 77);
        (mix(4 * id + at) & !keep) | (mix(4 * kind + at + (1 << 40)) & keep)
    }))
}

#[test]
#[ignore = "a measurement"]
fn whole_pictures() {
    let count = pictures(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("case");
    let mut book = Casebook::init(&dir, "Sample", "2025-01-01T00:00:00Z", "Jo").unwrap();
    fill(&mut book, count, 50_000, |bulk, id| assert_eq!(WholeIndex::over(bulk).insert(PictureId(id), &crowded(id)), Ok(true)));
    book.optimize().unwrap();
    println!("case.db: {} MiB", size(&dir));
    // Each is asked about with sixteen bits changed, in some rows. Mirrors turn the bits of whole rows and columns; what is turned by a
    // quarter has nothing in common with what is not.
    let asked = |id: u64| -> [Pdq; 8] {
        let words = crowded(id).words();
        let masks = [0, 0xaaaa_5555_aaaa_5555, 0xaaaa_aaaa_aaaa_aaaa, 0x0000_ffff_0000_ffff];
        std::array::from_fn(|way| {
            let quarter = if way < 4 { words } else { words.map(mix) };
            let mut turned = quarter.map(|word| word ^ masks[way % 4]);
            turned[0] ^= 0x0101_0101_0101_0101;
            turned[1] ^= 0x00ff_0000_0000_0000;
            Pdq::from_words(turned)
        })
    };
    drop(book);
    let start = Instant::now();
    let mut book = Casebook::open(&dir).unwrap();
    let reader = book.read();
    let found = WholeIndex::over(View(&reader)).near_any(&asked(7)).unwrap();
    println!("opened and asked once: {:?}", start.elapsed());
    assert!(found.iter().any(|near| near.id == PictureId(7) && near.distance == 16));
    for pass in ["first", "second", "third"] {
        let (mut eight, mut one) = (Vec::new(), Vec::new());
        for id in (0..200).map(|nth| mix(nth) % count) {
            let asked = asked(id);
            let start = Instant::now();
            let found = WholeIndex::over(View(&reader)).near_any(&asked).unwrap();
            eight.push(start.elapsed());
            assert!(found.iter().any(|near| near.id == PictureId(id)));
            let start = Instant::now();
            let found = WholeIndex::over(View(&reader)).near(&asked[0]).unwrap();
            one.push(start.elapsed());
            assert!(found.iter().any(|near| near.id == PictureId(id)));
        }
        println!("{pass} pass, eight ways: {}; one way: {}", median(eight), median(one));
    }
    drop(reader);
    let mut adding = Vec::new();
    for id in count..count + 50 {
        let start = Instant::now();
        let mut bulk = Bulk::default();
        WholeIndex::over(&mut bulk).insert(PictureId(id), &crowded(id)).unwrap();
        book.write::<_, Error>(|writer| writer.append_keys(Space::Whole.number(), &bulk.whole)).unwrap();
        adding.push(start.elapsed());
    }
    println!("filing one more, a transaction each: {}", median(adding));
}

/// Spots of a picture: of one of 2,000 kinds, of whose bits three in eight are changed, so far from each other but not at random.
fn details(id: u64) -> Details {
    let kind = id % 2000;
    let mut bytes = vec![0, 2, 128, 1, 200, 0];
    for spot in 0..200_u64 {
        let seed = kind * 1000 + spot;
        let place = mix(seed ^ (1 << 50));
        bytes.extend(((place % (500 * 64)) as u16).to_le_bytes());
        bytes.extend(((place / 50_000 % (380 * 64)) as u16).to_le_bytes());
        bytes.extend([(place >> 40) as u8 % 100, (place >> 48) as u8]);
        for word in 0..4 {
            let draw = |nth| mix(id.wrapping_mul(10_000) + spot * 40 + word * 4 + nth);
            let changed = if id < 2000 { 0 } else { draw(0) & (draw(1) | draw(2)) };
            bytes.extend((mix(seed * 4 + word + (1 << 41)) ^ changed).to_le_bytes());
        }
    }
    assert_eq!(bytes.len(), 6 + 200 * Spot::BYTES);
    Details::from_bytes(&bytes).unwrap()
}

#[test]
#[ignore = "a measurement"]
fn parts() {
    let count = pictures(200_000);
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("case");
    let mut book = Casebook::init(&dir, "Sample", "2025-01-01T00:00:00Z", "Jo").unwrap();
    fill(&mut book, count, 20_000, |bulk, id| assert_eq!(PartIndex::over(bulk).insert(PictureId(id), &details(id)), Ok(true)));
    book.optimize().unwrap();
    println!("case.db: {} MiB", size(&dir));
    drop(book);
    let mut book = Casebook::open(&dir).unwrap();
    let reader = book.read();
    for pass in ["first", "second"] {
        let (mut candidates, mut found) = (Vec::new(), Vec::new());
        for id in 0..20 {
            let asked = details(id);
            let index = PartIndex::over(Of(View(&reader), count));
            let start = Instant::now();
            assert_eq!(index.candidates(&asked, 32).unwrap().first().map(|first| first.id), Some(PictureId(id)));
            candidates.push(start.elapsed());
            let start = Instant::now();
            let shared = index.find(&asked, |id| Ok(Some(details(id.0)))).unwrap();
            found.push(start.elapsed());
            assert_eq!(shared.first().map(|first| first.id), Some(PictureId(id)));
        }
        println!("{pass} pass, candidates: {}; with their arrangement: {}", median(candidates), median(found));
    }
    drop(reader);
    let mut adding = Vec::new();
    for id in count..count + 30 {
        let more = details(id);
        let start = Instant::now();
        let mut bulk = Bulk::default();
        PartIndex::over(&mut bulk).insert(PictureId(id), &more).unwrap();
        book.write::<_, Error>(|writer| writer.append_keys(Space::Part.number(), &bulk.part)).unwrap();
        adding.push(start.elapsed());
    }
    println!("filing one more, a transaction each: {}", median(adding));
}
