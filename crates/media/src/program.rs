//! Other programs, run as plain child processes: no shell, a bare environment, an end after a time.
//!
//! They read foreign bytes, so on Linux they get limits of memory, processor time and size of files, which the kernel holds to. They are set
//! right after the start (`prlimit`), as a program of somebody else does not set any on itself. Elsewhere there is only the clock.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// Why another program gave nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProgramError {
    /// It is not on this machine, or not where it was said to be.
    #[error("{program} is not installed")]
    NotInstalled {
        /// Its name or path.
        program: String,
    },
    /// It took longer than allowed and was ended.
    #[error("{program} was ended after {} s", .limit.as_secs())]
    TimedOut {
        /// Its name or path.
        program: String,
        /// What was allowed.
        limit: Duration,
    },
    /// It failed.
    #[error("{program} failed: {message}")]
    Failed {
        /// Its name or path.
        program: String,
        /// The last line that it wrote, or how it ended.
        message: String,
    },
    /// A language that is no name of one.
    #[error("`{0}` is no name of a language of Tesseract")]
    Language(String),
    /// Files for it could not be written, or its own not be read.
    #[error("files of another program can't be used: {0}")]
    Io(#[from] io::Error),
}

/// Most that is kept of what a program says, in bytes.
const MAX_SAID: u64 = 1 << 20;

/// Most memory that a program may have, in bytes of address space: as our own worker.
const MAX_MEMORY: u64 = 2 << 30;

/// Largest file that a program may write, in bytes.
const MAX_WRITTEN: u64 = 64 << 20;

/// How long what it said is waited for after its end: a child of its own may hold the pipe.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Runs a program to its end in `folder`, and gives what it wrote on the standard error stream.
pub(crate) fn run(mut command: Command, folder: &Path, limit: Duration) -> Result<String, ProgramError> {
    let program = command.get_program().to_string_lossy().into_owned();
    // Whatever it reads of its surroundings would be one more way in.
    let kept = ["PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "SystemRoot"];
    let kept: Vec<_> = kept.iter().filter_map(|name| std::env::var_os(name).map(|value| (name, value))).collect();
    command.env_clear().envs(kept).env("OMP_THREAD_LIMIT", "1").env("LC_ALL", "C").current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => ProgramError::NotInstalled { program: program.clone() },
        _ => ProgramError::Io(error),
    })?;
    let said = listen(&mut child);
    let ended = confine(&child, limit).and_then(|()| wait(&mut child, limit));
    if !matches!(ended, Ok(Some(_))) {
        // It is gone or can't be ended: nothing more can be done.
        let _ = child.kill();
        let _ = child.wait();
    }
    let Some(status) = ended? else { return Err(ProgramError::TimedOut { program, limit }) };
    let said = said.recv_timeout(LAST_WORDS).unwrap_or_default();
    if status.success() {
        return Ok(said);
    }
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let message = if last.is_empty() { status.to_string() } else { last.trim().chars().take(200).collect() };
    Err(ProgramError::Failed { program, message })
}

/// Sets limits on a child that was just started. One that has ended already needs none.
#[cfg(target_os = "linux")]
fn confine(child: &Child, time: Duration) -> io::Result<()> {
    use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

    let Some(process) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return Ok(()) };
    // It has one thread, so that it can't have worked longer than it ran.
    let seconds = time.as_secs().saturating_add(1);
    for (resource, limit) in
        [(Resource::As, MAX_MEMORY), (Resource::Cpu, seconds), (Resource::Fsize, MAX_WRITTEN), (Resource::Core, 0)]
    {
        let limit = getrlimit(resource).maximum.map_or(limit, |most| most.min(limit));
        match prlimit(Some(process), resource, Rlimit { current: Some(limit), maximum: Some(limit) }) {
            Ok(_) | Err(rustix::io::Errno::SRCH) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn confine(_: &Child, _: Duration) -> io::Result<()> {
    Ok(())
}

/// Keeps the beginning of what it says and reads on, so that it never waits for us.
fn listen(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(mut stream) = child.stderr.take() {
        thread::spawn(move || {
            let mut said = Vec::new();
            let _ = (&mut stream).take(MAX_SAID).read_to_end(&mut said);
            let _ = io::copy(&mut stream, &mut io::sink());
            let _ = sender.send(String::from_utf8_lossy(&said).into_owned());
        });
    }
    receiver
}

/// Waits for the end; none when it does not come in time.
fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<std::process::ExitStatus>> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() >= limit {
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// What a program wrote into a file, up to a limit; what is larger is as if it were not there.
pub(crate) fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::other(format!("a file of it is larger than {limit} bytes")));
    }
    Ok(bytes)
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
pub(crate) mod fake {
    use std::io::Write;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    /// A program of our own that stands in for the real one.
    pub(crate) fn program(folder: &Path, script: &str) -> PathBuf {
        let path = folder.join("program");
        // A child writes it: a file that this process has open for writing can't be run while another test starts a child.
        let mut writer = Command::new("/bin/sh");
        writer.args(["-c", "cat > \"$0\" && chmod 755 \"$0\""]).arg(&path).stdin(Stdio::piped());
        let mut writer = writer.spawn().unwrap();
        writer.stdin.take().unwrap().write_all(format!("#!/bin/sh\n{script}\n").as_bytes()).unwrap();
        assert!(writer.wait().unwrap().success());
        path
    }
}
