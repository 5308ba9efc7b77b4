//! Look-up of names, and resolution of a document's.

use std::hint::black_box;

use criterion::{Criterion, criterion_main};
use dateline_gazetteer::{Context, Gazetteer, Query};

fn lookup(c: &mut Criterion) {
    let gazetteer = Gazetteer::embedded();
    let names = ["Kyiv", "Deir ez-Zor", "the United States", "Springfield", "nowhere at all", "Sana'a"];
    let known = names.iter().filter(|n| gazetteer.lookup(n).next().is_some()).count();
    assert_eq!(known, 4, "articles are not part of names, and nowhere is no place");
    c.bench_function("lookup of six names", |b| {
        b.iter(|| names.iter().map(|n| gazetteer.lookup(black_box(n)).count()).sum::<usize>())
    });
    let words = ["the", "Kursk", "oblast", "on", "Monday", ",", "officials", "said"];
    c.bench_function("longest match", |b| b.iter(|| gazetteer.longest_match(black_box(&words)).map(|m| m.words)));
    let document: Vec<Query<'_>> =
        ["Springfield", "Illinois", "Chicago", "Peoria", "Decatur", "U.S.", "Washington", "Iraq", "Mosul", "Kurdish"]
            .map(Query::new)
            .to_vec();
    c.bench_function("resolution of ten names", |b| b.iter(|| gazetteer.resolve(black_box(&document), &Context::default())));
}

#[allow(missing_docs, reason = "the macro writes an undocumented function")]
mod group {
    criterion::criterion_group!(benches, super::lookup);
}
criterion_main!(group::benches);
