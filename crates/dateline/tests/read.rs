//! Reading with the real model, which the library's own supply brings (once for a build folder).
#![allow(clippy::unwrap_used)]

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::Path;

use dateline::record::Report;
use dateline::{Dateline, ModelStore, ReadError, Silent};

fn dateline(threads: usize) -> Dateline {
    let store = ModelStore::at(Path::new(env!("CARGO_TARGET_TMPDIR")));
    Dateline::builder().store(store).threads(NonZeroUsize::new(threads)).build(&Silent).unwrap()
}

fn report(text: &str) -> Report {
    Report { text: text.to_owned(), ..Report::default() }
}

#[test]
fn readings_keep_their_contract() {
    let dateline = dateline(1);
    for text in
        ["Troops captured the airport on Monday, the ministry said.", "no verb", "  \u{feff}Kyiv 🇺🇦 e\u{301} “ ” …\r\n\r\n- a\tb"]
    {
        let reading = dateline.read(&report(text)).unwrap();
        reading.check().unwrap();
        assert_eq!(reading.document.text, text);
    }
}

#[test]
fn a_parse_depends_neither_on_its_batch_nor_on_what_a_worker_has_seen() {
    let store = ModelStore::at(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let model = store.ensure(&Silent).unwrap();
    let pipeline = dateline_nlp::Pipeline::load(&model.path).unwrap();
    let sentence = "Two soldiers of the 3rd Brigade left Sampleville on Monday, the mayor said. ";
    let texts: Vec<String> = (0..60).map(|n| format!("{}{n} shells hit x{n}y. No.", sentence.repeat(n % 7))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let alone: Vec<_> = texts.iter().map(|text| pipeline.parse(text).to_json_tokens()).collect();
    let mut worker = pipeline.worker();
    for size in [60, 7, 1] {
        let batched = texts.chunks(size).flat_map(|batch| worker.parse_batch(batch)).map(|doc| doc.to_json_tokens());
        assert!(batched.eq(alone.iter().cloned()), "batches of {size}");
    }
}

#[test]
fn a_book_is_parsed_in_parts_that_fit_together() {
    let paragraph = "Two soldiers of the 3rd Brigade left Sampleville on Monday, the mayor said.\n";
    let doc = dateline(1).parse(&paragraph.repeat(2_000)).unwrap();
    assert!(doc.len() > 30_000);
    let single = dateline(1).parse(&paragraph.repeat(2)).unwrap();
    let size = single.len() / 2;
    for at in 0..doc.len() {
        assert_eq!(doc.head(at) / size, at / size, "token {at} hangs in another paragraph");
        assert_eq!((doc.dep(at), doc.tag(at)), (single.dep(at % size), single.tag(at % size)), "token {at}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(150))]

    #[test]
    fn any_text_is_read_with_every_span_its_slice(text in "(\\PC|[ \n\t\"“”'’.,()-]|troops|captured|said|Kyiv|the army|over 100|last week){0,80}") {
        thread_local! {
            static DATELINE: Dateline = dateline(1);
        }
        let mut report = report(&format!("A {text}"));
        report.language = Some("en".to_owned());
        let reading = DATELINE.with(|dateline| dateline.read(&report)).unwrap();
        assert_eq!(reading.check().map_err(|error| error.to_string()), Ok(()));
    }
}

#[test]
fn a_report_in_another_language_is_kept_but_not_read() {
    let text = "Війська захопили село в понеділок, повідомив генеральний штаб у вечірньому зведенні.";
    let reading = dateline(1).read(&report(text)).unwrap();
    assert_eq!(reading.not_read.as_deref(), Some("not read: language uk"));
    assert_eq!((reading.document.language.as_str(), reading.document.text.as_str()), ("uk", text));
    assert!(reading.claims.is_empty());
}

#[test]
fn the_language_that_a_report_states_is_believed() {
    let dateline = dateline(1);
    let stated =
        |tag: &str| dateline.read(&Report { language: Some(tag.to_owned()), ..report("Troops left.") }).unwrap().not_read;
    assert_eq!(stated("en-GB"), None);
    assert_eq!(stated("fr").as_deref(), Some("not read: language fr"));
}

#[test]
fn err_empty_and_endless_texts() {
    let dateline = dateline(1);
    assert!(matches!(dateline.read(&report(" \n\t")), Err(ReadError::Empty)));
    let error = dateline.read(&report(&"a ".repeat(6 << 20))).unwrap_err();
    assert_eq!(error.to_string(), "the text is too long: 12582912 bytes, at most 10485760 are read");
}

#[test]
fn a_stream_gives_the_same_readings_in_the_same_order_for_any_number_of_threads() {
    let texts: Vec<String> = (0..60)
        .map(|i| format!("Shelling killed {i} people near town {i}, the mayor said.{}", " It went on.".repeat(i % 7)))
        .collect();
    let read = |threads| {
        let inputs =
            texts.iter().enumerate().map(|(i, text)| (i, if i % 10 == 9 { Err(ReadError::Empty) } else { Ok(report(text)) }));
        let mut out = Vec::new();
        dateline(threads).read_each(inputs, |key, result| {
            out.push((key, result.map(|reading| serde_json::to_string(&reading).unwrap()).map_err(|error| error.to_string())));
            ControlFlow::Continue(())
        });
        out
    };
    let one = read(1);
    assert_eq!(one.iter().map(|(key, _)| *key).collect::<Vec<_>>(), (0..60).collect::<Vec<_>>());
    assert_eq!(one.iter().filter(|(_, result)| result.is_err()).count(), 6);
    assert_eq!(one, read(4));
}
