//! What the command's exit code says; decided here and nowhere else. (clap itself exits with 2 on wrong usage, 0 on help.)

use std::io;
use std::process::ExitCode;

use crate::printer::Printer;

/// How a verb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done.
    Done,
    /// Some inputs failed, or nothing was found; both have been said.
    Wanting,
}

/// An error with advice on what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Advised {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

/// Wrong usage that clap can't see.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

/// 0 done, 1 some inputs failed or nothing found, 2 wrong usage. A reader that closes the pipe has seen enough: 0.
pub(crate) fn code_of(result: anyhow::Result<Outcome>, printer: &Printer) -> ExitCode {
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Wanting) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let hint = error.chain().find_map(|cause| match cause.downcast_ref::<Advised>() {
                Some(advised) => advised.hint.clone(),
                None => cause.downcast_ref::<dateline::case::CaseError>()?.hint(),
            });
            printer.error(&format!("{error:#}"), hint.as_deref());
            ExitCode::from(if error.chain().any(|cause| cause.is::<Usage>()) { 2 } else { 1 })
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
