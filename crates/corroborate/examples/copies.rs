//! Clusters reports by copy: JSON Lines with `doc` and `text` on standard input, `{"doc", "cluster"}` lines on standard output, and
//! time and memory on standard error.
use std::io::{BufRead as _, Write as _};
use std::time::Instant;

use dateline_corroborate::{CopyIndex, CopyParams, Sketch, Space};

#[derive(serde::Deserialize)]
struct Doc {
    #[serde(alias = "id")]
    doc: String,
    text: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut docs = Vec::new();
    for line in std::io::stdin().lock().lines() {
        docs.push(serde_json::from_str::<Doc>(&line?)?);
    }
    let start = Instant::now();
    let mut index = CopyIndex::new(CopyParams::default());
    for (id, doc) in docs.iter().enumerate() {
        index.insert(id as u64, &Sketch::of(&doc.text));
    }
    let seconds = start.elapsed().as_secs_f64();
    let mut out = std::io::stdout().lock();
    for (id, doc) in docs.iter().enumerate() {
        let cluster = index.cluster(id as u64).ok_or("a text that was inserted is not there")?;
        writeln!(out, "{}", serde_json::json!({ "doc": doc.doc, "cluster": format!("k{cluster}") }))?;
    }
    let (count, bytes) = (docs.len(), index.bytes());
    let rows: usize = Space::ALL.iter().map(|&space| index.store().rows(space)).sum();
    let report = serde_json::json!({
        "docs": count, "seconds": seconds, "docs_per_s": count as f64 / seconds, "bytes_per_doc": bytes / count.max(1), "rows_per_doc": rows / count.max(1),
        "compilations": (0..count).filter(|&id| index.is_compilation(id as u64)).count(),
    });
    eprintln!("{report}");
    Ok(())
}
