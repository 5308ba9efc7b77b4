//! The sandbox with real workers: this test starts itself as one, which misbehaves as the picture tells it to.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::Cursor;
use std::time::{Duration, Instant};

use dateline_media::sandbox::{Confinement, Decoder, Failure, serve_with};
use dateline_media::{Carried, Decoded, Format, Limits, Metadata, Refusal, TrustList, decode};

/// What the worker does with a picture that is none but a word.
fn misbehave(bytes: &[u8], limits: &Limits) -> Result<Decoded, Refusal> {
    match bytes {
        b"abort" => std::process::abort(),
        b"exit" => std::process::exit(3),
        b"panic" => panic!("this picture is too much"),
        b"hang" => loop {
            std::thread::sleep(Duration::from_secs(60));
        },
        b"work" => loop {
            std::hint::black_box(0);
        },
        b"eat" => {
            let mut eaten: Vec<Vec<u8>> = Vec::new();
            loop {
                eaten.push(vec![1; 16 << 20]);
                std::hint::black_box(&eaten);
            }
        }
        b"deep" => {
            fn down(depth: u64) -> u64 {
                let room = std::hint::black_box([depth; 512]);
                if depth == u64::MAX { 0 } else { down(depth + 1) + room[7] }
            }
            std::hint::black_box(down(0));
            Err(Refusal::Empty)
        }
        b"nonsense" => {
            use std::io::Write as _;
            std::io::stdout().write_all(b"\x07\0\0\0nothing").unwrap();
            std::io::stdout().flush().unwrap();
            loop {
                std::thread::sleep(Duration::from_secs(60));
            }
        }
        b"write" => {
            let path = std::env::temp_dir().join(format!("dateline-media-{}", std::process::id()));
            let written = std::fs::write(&path, b"x");
            let _ = std::fs::remove_file(&path);
            panic!("{}", if written.is_ok() { "it could write" } else { "it could not write" })
        }
        picture => decode(picture, limits),
    }
}

/// What the worker says that a file carries.
fn carry(bytes: &[u8], trust: Option<&TrustList>) -> Carried {
    match bytes {
        b"abort" => std::process::abort(),
        b"panic" => panic!("these metadata are too much"),
        b"hang" => loop {
            std::thread::sleep(Duration::from_secs(60));
        },
        b"long" => {
            let metadata = Metadata { warnings: vec!["x".repeat(5 << 20)], ..Metadata::default() };
            Carried { metadata: Some(metadata), ..Carried::default() }
        }
        picture => Carried::of(picture, trust),
    }
}

fn picture() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = image::RgbImage::from_fn(600, 300, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 9]));
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn decoder(time: f32, confinement: Confinement) -> Decoder {
    let confinement = Confinement { time: Duration::from_secs_f32(time), ..confinement };
    Decoder::new(std::env::current_exe().unwrap(), ["worker"], Limits::default(), confinement)
}

fn a_picture_comes_back_as_if_it_were_decoded_here() {
    let bytes = picture();
    let mut decoder = decoder(20.0, Confinement::default());
    assert_eq!(decoder.is_confined(), None);
    let decoded = decoder.decode(&bytes).unwrap();
    assert_eq!(decoded, decode(&bytes, &Limits::default()).unwrap());
    assert_eq!((decoded.format, decoded.width, decoded.picture.width()), (Format::Png, 600, 512));
    assert_eq!(decoder.is_confined(), Some(cfg!(unix)));
}

fn a_refusal_leaves_the_worker_running() {
    let mut decoder = decoder(20.0, Confinement::default());
    decoder.decode(&picture()).unwrap();
    let worker = decoder.worker_id();
    assert!(matches!(decoder.decode(b"just words"), Err(Failure::Refused(Refusal::UnknownFormat))));
    assert!(matches!(decoder.decode(&[]), Err(Failure::Refused(Refusal::UnknownFormat))));
    decoder.decode(&picture()).unwrap();
    assert_eq!(decoder.worker_id(), worker);
}

fn a_file_that_is_too_long_is_not_even_sent() {
    let limits = Limits { bytes: 10, ..Limits::default() };
    let mut decoder = Decoder::new("no-such-program", ["worker"], limits, Confinement::default());
    assert!(matches!(decoder.decode(&[0; 11]), Err(Failure::Refused(Refusal::TooManyBytes { bytes: 11, limit: 10 }))));
    assert!(matches!(decoder.decode(&[0; 9]), Err(Failure::NoWorker { .. })));
}

/// After each of them, the next picture is decoded by a new worker.
fn what_kills_a_worker_costs_one_picture() {
    let mut decoder = decoder(20.0, Confinement { memory: 256 << 20, cpu_seconds: 1, ..Confinement::default() });
    type Expected = fn(&Failure) -> bool;
    let failures: [(&[u8], Expected); 7] = [
        (b"abort", |failure| matches!(failure, Failure::Crashed { how } if cfg!(not(unix)) || how.contains("signal: 6"))),
        (b"exit", |failure| matches!(failure, Failure::Crashed { how } if how.contains('3'))),
        (b"panic", |failure| matches!(failure, Failure::Crashed { how } if how.contains("this picture is too much"))),
        (b"deep", |failure| matches!(failure, Failure::Crashed { .. })),
        (b"nonsense", |failure| matches!(failure, Failure::BadAnswer)),
        #[cfg(target_os = "linux")]
        (b"eat", |failure| matches!(failure, Failure::OutOfMemory { limit: 268_435_456 })),
        #[cfg(not(target_os = "linux"))]
        (b"abort", |failure| matches!(failure, Failure::Crashed { .. })),
        #[cfg(unix)]
        (b"work", |failure| matches!(failure, Failure::TooMuchWork { limit: 1 })),
        #[cfg(not(unix))]
        (b"exit", |failure| matches!(failure, Failure::Crashed { .. })),
    ];
    for (word, expected) in failures {
        let failure = decoder.decode(word).unwrap_err();
        assert!(expected(&failure), "{}: {failure:?}", String::from_utf8_lossy(word));
        assert_eq!(decoder.decode(&picture()).unwrap().width, 600);
    }
}

fn what_a_file_carries_is_read_by_the_worker() {
    let mut decoder = decoder(20.0, Confinement::default());
    let read = decoder.carried(&picture()).unwrap();
    assert_eq!(read, Carried::of(&picture(), None));
    assert!(read.metadata.is_some());
    let worker = decoder.worker_id();
    // Also of what can't be decoded.
    assert!(decoder.decode(b"GIF89a").is_err());
    assert_eq!(decoder.carried(b"GIF89a").unwrap(), Carried::of(b"GIF89a", None));
    assert_eq!(decoder.carried(b"just words").unwrap().metadata, None);
    let warnings = decoder.carried(b"long").unwrap().metadata.unwrap().warnings;
    assert_eq!(warnings, ["what the file carries with it could not be read: it is longer than 4194304 bytes"]);
    assert_eq!(decoder.worker_id(), worker);
}

fn what_kills_a_worker_in_the_metadata_costs_only_them() {
    let mut decoder = decoder(20.0, Confinement::default());
    let failure = decoder.carried(b"panic").unwrap_err();
    assert!(matches!(&failure, Failure::Crashed { how } if how.contains("these metadata are too much")), "{failure:?}");
    assert!(matches!(decoder.carried(b"abort"), Err(Failure::Crashed { .. })));
    assert!(decoder.decode(&picture()).is_ok() && decoder.carried(&picture()).is_ok());
    let limits = Limits { bytes: 10, ..Limits::default() };
    let mut none = Decoder::new("no-such-program", ["worker"], limits, Confinement::default());
    assert!(matches!(none.carried(&[0; 11]), Err(Failure::Refused(Refusal::TooManyBytes { .. }))));
    assert!(matches!(none.carried(&[0; 9]), Err(Failure::NoWorker { .. })));
}

fn a_worker_that_hangs_is_stopped_in_time() {
    let mut decoder = decoder(0.5, Confinement::default());
    let start = Instant::now();
    let failure = decoder.decode(b"hang").unwrap_err();
    assert_eq!(failure.to_string(), "decoding took more than 0.5 seconds and was stopped");
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    assert_eq!(decoder.worker_id(), None);
}

fn a_worker_cannot_write_files() {
    let failure = decoder(20.0, Confinement::default()).decode(b"write").unwrap_err();
    let Failure::Crashed { how } = failure else { panic!("{failure:?}") };
    // Past a limit of zero, the kernel ends the process or refuses, as its signals are set.
    assert!(cfg!(not(unix)) || how.contains("could not write") || how.contains("signal"), "{how}");
    assert!(cfg!(not(unix)) || !how.contains("it could write"), "{how}");
}

fn a_program_that_is_no_worker_is_named_as_such() {
    let program = std::env::current_exe().unwrap();
    let mut decoder = Decoder::new(program, ["quit"], Limits::default(), Confinement::default());
    let failure = decoder.decode(&picture()).unwrap_err();
    assert!(matches!(&failure, Failure::NoWorker { reason } if reason.contains("no worker here")), "{failure:?}");
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("worker") => return serve_with(std::io::stdin().lock(), std::io::stdout(), misbehave, carry).unwrap(),
        Some("quit") => {
            eprintln!("no worker here");
            std::process::exit(2);
        }
        _ => {}
    }
    let tests: [(&str, fn()); 9] = [
        ("what_a_file_carries_is_read_by_the_worker", what_a_file_carries_is_read_by_the_worker),
        ("what_kills_a_worker_in_the_metadata_costs_only_them", what_kills_a_worker_in_the_metadata_costs_only_them),
        ("a_picture_comes_back_as_if_it_were_decoded_here", a_picture_comes_back_as_if_it_were_decoded_here),
        ("a_refusal_leaves_the_worker_running", a_refusal_leaves_the_worker_running),
        ("a_file_that_is_too_long_is_not_even_sent", a_file_that_is_too_long_is_not_even_sent),
        ("what_kills_a_worker_costs_one_picture", what_kills_a_worker_costs_one_picture),
        ("a_worker_that_hangs_is_stopped_in_time", a_worker_that_hangs_is_stopped_in_time),
        ("a_worker_cannot_write_files", a_worker_cannot_write_files),
        ("a_program_that_is_no_worker_is_named_as_such", a_program_that_is_no_worker_is_named_as_such),
    ];
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    for (name, test) in tests {
        if filter.as_ref().is_none_or(|filter| name.contains(filter.as_str())) {
            test();
            println!("test {name} ... ok");
        }
    }
}
