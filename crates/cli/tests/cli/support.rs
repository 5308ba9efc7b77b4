//! Runs the built binary, and says everything about a run that went otherwise than expected.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The cache that all tests of one build folder share: the model is fetched once.
pub(crate) const CACHE: &str = env!("CARGO_TARGET_TMPDIR");

/// What a run gave.
pub(crate) struct Run {
    command: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A run in preparation: no environment but what is needed to run at all, the shared cache, no colour.
pub(crate) struct Dateline {
    command: Command,
    stdin: Vec<u8>,
}

pub(crate) fn dateline<const N: usize>(arguments: [&str; N]) -> Dateline {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(arguments).env_remove("DATELINE_MODEL").env_remove("DATELINE_OFFLINE").env("DATELINE_CACHE", CACHE);
    command.env_remove("NO_COLOR").env_remove("DATELINE_CASE").env("COLUMNS", "100").env("DATELINE_USER", "tester");
    Dateline { command, stdin: Vec::new() }
}

impl Dateline {
    pub(crate) fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Runs it to its end.
    pub(crate) fn run(mut self) -> Run {
        let command = format!("{:?}", self.command);
        let mut child = self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = std::mem::take(&mut self.stdin);
        // It may end without having read everything.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Run {
            command,
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// Checks the exit code; on another one, says what was run and what came.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        let Self { command, stdout, stderr, .. } = &self;
        assert_eq!(self.code, Some(code), "\ncommand: {command}\nstdout:\n{stdout}\nstderr:\n{stderr}");
        self
    }

    /// Exit code, stdout and stderr in one, with `folder` written as `[DIR]`, for snapshots.
    pub(crate) fn all(&self, folder: &Path) -> String {
        let all = format!("exit: {}\n--- stdout\n{}--- stderr\n{}", self.code.unwrap_or(-1), self.stdout, self.stderr);
        all.replace(&*folder.to_string_lossy(), "[DIR]")
    }
}
