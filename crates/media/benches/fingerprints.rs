//! How fast pictures are fingerprinted, and found among a million by the whole and among two hundred thousand by parts.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use dateline_media::decode::Luma;
use dateline_media::index::{Memory, PartIndex, PictureId, WholeIndex};
use dateline_media::{Details, Pdq};

/// Numbers that look random.
fn mix(mut state: u64) -> u64 {
    state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// A scene of bright and dark blobs.
fn scene(seed: u64) -> Luma {
    let part = |number: u64| (mix(seed.wrapping_mul(1000).wrapping_add(number)) >> 40) as f32 / (1_u64 << 24) as f32;
    let blobs: Vec<[f32; 4]> = (0..120)
        .map(|n| [part(4 * n) * 512.0, part(4 * n + 1) * 384.0, 3.0 + part(4 * n + 2) * 24.0, part(4 * n + 3) * 200.0 - 100.0])
        .collect();
    Luma::from_fn(512, 384, |x, y| {
        let light = blobs.iter().map(|[left, top, size, light]| {
            let away = ((x as f32 - left).powi(2) + (y as f32 - top).powi(2)) / (size * size);
            light / (1.0 + away * away * away)
        });
        (128.0 + light.sum::<f32>()).clamp(0.0, 255.0)
    })
}

fn fingerprints(criterion: &mut Criterion) {
    let luma = scene(1);
    let mut group = criterion.benchmark_group("fingerprint of 512 × 384 pixels");
    group.sample_size(20);
    group.bench_function("pdq", |bench| bench.iter(|| Pdq::of(black_box(&luma)).unwrap().pdq));
    group.bench_function("pdq, 8 ways", |bench| bench.iter(|| Pdq::of(black_box(&luma)).unwrap().variants()));
    group.bench_function("details", |bench| bench.iter(|| Details::of(black_box(&luma), Details::MOST)));
    let (one, two) = (Details::of(&luma, Details::MOST), Details::of(&scene(2), Details::MOST));
    group.bench_function("likeness of two pictures", |bench| bench.iter(|| black_box(&one).likeness(&two)));
    group.finish();
}

fn whole(criterion: &mut Criterion) {
    const PICTURES: u64 = 1_000_000;
    let hashed: Vec<_> = (0..8).map(|seed| Pdq::of(&scene(seed)).unwrap()).collect();
    for crowded in [false, true] {
        let mut index = WholeIndex::<Memory>::default();
        for id in 0..PICTURES {
            let mut words = [0, 1, 2, 3].map(|word| mix(4 * id + word));
            if crowded {
                // Real pictures crowd: here each is one of 4,000 kinds, and shares about two thirds of its bits with its kind.
                let kind = mix(id) % 4000;
                let keep = [4, 5, 6, 7].map(|word| mix(8 * id + word) | mix(8 * id + word + 77));
                for (at, word) in words.iter_mut().enumerate() {
                    *word = (*word & !keep[at]) | (mix(4 * kind + at as u64 + (1 << 40)) & keep[at]);
                }
            }
            index.insert(PictureId(id), &Pdq::from_words(words)).unwrap();
        }
        for (id, hashed) in (PICTURES..).zip(&hashed) {
            let [first, rest @ ..] = hashed.pdq.words();
            let near = Pdq::from_words([first ^ 0x0101_0101_0101_0101, rest[0] ^ 0xff, rest[1], rest[2]]);
            index.insert(PictureId(id), &near).unwrap();
        }
        let name = if crowded { "one of a million, crowded" } else { "one of a million" };
        let mut group = criterion.benchmark_group(name);
        group.sample_size(20);
        group.bench_function("one way", |bench| {
            bench.iter(|| {
                for (id, hashed) in (PICTURES..).zip(&hashed) {
                    assert!(index.near(&hashed.pdq).unwrap().iter().any(|near| near.id == PictureId(id) && near.distance == 16));
                }
            })
        });
        group.bench_function("eight ways", |bench| {
            bench.iter(|| {
                for (id, hashed) in (PICTURES..).zip(&hashed) {
                    assert!(index.near_any(&hashed.variants()).unwrap().iter().any(|near| near.id == PictureId(id)));
                }
            })
        });
        group.finish();
    }
}

fn parts(criterion: &mut Criterion) {
    const PICTURES: u64 = 200_000;
    // The spots of made-up scenes, each time with other bits changed: as crowded as real ones.
    let scenes: Vec<Details> = (0..200).map(|seed| Details::of(&scene(seed), Details::MOST)).collect();
    let varied = |id: u64| {
        let mut bytes = scenes[(id % 200) as usize].to_bytes();
        if id >= 200 {
            for (at, spot) in (0..).zip(bytes[6..].chunks_exact_mut(38)) {
                for byte in 0..32_u64 {
                    let draw = mix(id * 10_000 + at * 40 + byte);
                    // Each bit is changed with a chance of three in eight: far from its original, but not at random.
                    spot[6 + byte as usize] ^= (draw as u8) & ((draw >> 8) as u8 | (draw >> 16) as u8);
                }
            }
        }
        Details::from_bytes(&bytes).unwrap()
    };
    let mut index = PartIndex::<Memory>::default();
    for id in 0..PICTURES {
        assert_eq!(index.insert(PictureId(id), &varied(id)), Ok(true));
    }
    let mut group = criterion.benchmark_group("one of two hundred thousand by parts");
    group.sample_size(10);
    group.bench_function("candidates", |bench| {
        bench.iter(|| {
            for (id, asked) in (0..).zip(&scenes[..4]) {
                assert_eq!(index.candidates(asked, 32).unwrap()[0].id, PictureId(id));
            }
        })
    });
    group.bench_function("find", |bench| {
        bench.iter(|| {
            for (id, asked) in (0..).zip(&scenes[..4]) {
                assert_eq!(index.find(asked, |id| Ok(Some(varied(id.0)))).unwrap()[0].id, PictureId(id));
            }
        })
    });
    group.finish();
}

criterion_group!(benches, fingerprints, whole, parts);
criterion_main!(benches);
