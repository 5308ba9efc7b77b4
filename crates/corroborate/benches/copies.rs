//! How fast reports are sketched and put into the index of copies.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dateline_corroborate::{CopyIndex, CopyParams, Sketch};

/// Texts of 600 made-up words; every third is the one before it without its first line.
fn texts(count: u64) -> Vec<String> {
    let mut state = 7_u64;
    let mut texts: Vec<String> = Vec::new();
    for at in 0..count {
        if at % 3 == 2 {
            let copy = texts.last().unwrap().split_once('\n').unwrap().1.to_owned();
            texts.push(copy);
            continue;
        }
        let mut text = String::new();
        for word in 0..600 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let _ = write!(text, "w{}{}", (state >> 40) % 5000, if word % 40 == 39 { '\n' } else { ' ' });
        }
        texts.push(text);
    }
    texts
}

fn copies(criterion: &mut Criterion) {
    let texts = texts(600);
    let mut group = criterion.benchmark_group("copies");
    group.throughput(Throughput::Elements(texts.len() as u64)).sample_size(20);
    group.bench_function("sketch", |bench| {
        bench.iter(|| texts.iter().map(|text| black_box(Sketch::of(text)).len()).sum::<usize>())
    });
    group.bench_function("sketch and insert", |bench| {
        bench.iter(|| {
            let mut index = CopyIndex::new(CopyParams::default());
            for (id, text) in (0..).zip(&texts) {
                index.insert(id, &Sketch::of(text));
            }
            assert_eq!(index.copies(1), [1, 2]);
            index
        });
    });
    group.finish();
}

criterion_group!(benches, copies);
criterion_main!(benches);
