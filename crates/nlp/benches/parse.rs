//! Loading a model and parsing with it. The model isn't in the repository: `DATELINE_BENCH_MODEL` names a wheel or an unpacked one.
//!
//!     DATELINE_BENCH_MODEL=… cargo bench -p dateline-nlp

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{BatchSize, Criterion, Throughput};
use dateline_nlp::Pipeline;

/// Our own words, in the manner of news.
const TEXT: &str = "\
The ministry said on Tuesday that its air defence had shot down 14 of 20 drones launched overnight, and that debris had damaged a \
warehouse near the port. \"Nobody was hurt,\" the governor wrote on Telegram, though a hospital official told reporters that two \
workers were being treated for burns.

Residents of the village, which lies 12 km from the front, spoke of explosions at about 3 a.m. The army's General Staff neither \
confirmed nor denied that its troops had withdrawn; an officer who asked not to be named said they'd \"pulled back a little\" to \
avoid being surrounded. According to the mayor, Oleh Petrenko, at least 1,200 people have left since the shelling began on 5 March.

The claims could not be independently verified. Talks mediated by Turkey and the U.N. are expected to resume next week in Ankara.
";

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let Some(model) = std::env::var_os("DATELINE_BENCH_MODEL").map(PathBuf::from) else {
        eprintln!("nothing measured: set DATELINE_BENCH_MODEL to a model (see the head of benches/parse.rs)");
        return;
    };
    loading(&mut criterion, &model);
    parsing(&mut criterion, &model);
    criterion.final_summary();
}

fn load(model: &Path) -> Pipeline {
    match Pipeline::load(model) {
        Ok(pipeline) => pipeline,
        Err(error) => panic!("{error}"),
    }
}

fn loading(criterion: &mut Criterion, model: &Path) {
    criterion.bench_function("load", |bencher| bencher.iter(|| black_box(load(model))));
}

fn parsing(criterion: &mut Criterion, model: &Path) {
    let pipeline = load(model);
    let mut group = criterion.benchmark_group("parse");
    for texts in [1, 16] {
        let texts = vec![TEXT; texts];
        let tokens: usize = pipeline.worker().parse_batch(&texts).iter().map(dateline_nlp::Doc::len).sum();
        group.throughput(Throughput::Elements(tokens as u64));
        let mut worker = pipeline.worker();
        group.bench_function(format!("{} texts, warm worker", texts.len()), |bencher| {
            bencher.iter(|| black_box(worker.parse_batch(&texts)));
        });
    }
    group.bench_function("16 texts, new worker", |bencher| {
        bencher.iter_batched(
            || pipeline.worker(),
            |mut worker| black_box(worker.parse_batch(&[TEXT; 16])),
            BatchSize::LargeInput,
        );
    });
}
