//! Reports that are brought in on the desk: read as `dateline add` reads them.

use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError};

use dateline::Dateline;
use dateline::case::{AddOutcome, Case, Incoming};
use dateline::collect::{self, Input, Options};
use dateline::record::Edtf;
use serde::Serialize;

use crate::{Desk, Error};

/// Makes what reads reports, when the first is brought in: loading the language model takes a moment and memory.
#[derive(Clone)]
pub struct ReaderMaker(Arc<dyn Fn() -> Result<Dateline, String> + Send + Sync>);

impl ReaderMaker {
    /// One that calls this; the error is shown to people.
    pub fn new(make: impl Fn() -> Result<Dateline, String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(make))
    }
}

impl std::fmt::Debug for ReaderMaker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReaderMaker")
    }
}

/// A file that somebody sends.
pub(crate) struct Upload {
    /// As they call it; only its ending is of use.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) options: Options,
    /// When its reports were published, where they do not say.
    pub(crate) published: Option<Edtf>,
}

/// What became of one report, or of an input that failed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Added {
    /// The input.
    pub(crate) input: String,
    /// `new`, `known` or `failed`.
    pub(crate) state: &'static str,
    /// `r3`.
    pub(crate) report: Option<String>,
    /// The first report of which it is a copy.
    pub(crate) copy_of: Option<String>,
    /// Claims read in it.
    pub(crate) claims: Option<usize>,
    /// Why it failed, why it was not read, what a person should know of the capture.
    pub(crate) remarks: Vec<String>,
}

impl From<AddOutcome> for Added {
    fn from(outcome: AddOutcome) -> Self {
        match outcome {
            AddOutcome::New { report, name, copy_of, claims, not_read, warnings } => Self {
                input: name,
                state: "new",
                report: Some(format!("r{report}")),
                copy_of: copy_of.map(|first| format!("r{first}")),
                claims: Some(claims),
                remarks: warnings.into_iter().chain(not_read).collect(),
            },
            AddOutcome::Known { report, name } => Self {
                input: name,
                state: "known",
                report: Some(format!("r{report}")),
                copy_of: None,
                claims: None,
                remarks: Vec::new(),
            },
            AddOutcome::Failed { name, why } => {
                let hint = why.hint();
                Self {
                    input: name,
                    state: "failed",
                    report: None,
                    copy_of: None,
                    claims: None,
                    remarks: std::iter::once(why.to_string()).chain(hint.map(str::to_owned)).collect(),
                }
            }
        }
    }
}

impl Desk {
    /// Brings reports in, in the name of `by`; when this returns they are on disk. One upload at a time; decisions go on meanwhile.
    pub(crate) async fn add(self: &Arc<Self>, by: String, uploads: Vec<Upload>) -> Result<Vec<Added>, Error> {
        let _turn = self.adding.lock().await;
        let desk = Arc::clone(self);
        let work = move || {
            let reader = desk.reader()?;
            let mut case = Case::open(desk.dir(), &by)?.decoding(desk.decoding()).trusting(desk.trust());
            let mut added = Vec::new();
            for upload in uploads {
                let Upload { name, bytes, options, published } = upload;
                // Taken out while others are read: an archive may hold more than there is memory for.
                let (sender, receiver) = std::sync::mpsc::sync_channel(64);
                std::thread::spawn(move || {
                    collect::open(&Input::Bytes { name, bytes }, &options, &mut |item| match sender.send(item) {
                        Ok(()) => ControlFlow::Continue(()),
                        Err(_) => ControlFlow::Break(()),
                    });
                });
                let incoming = receiver.into_iter().map(move |item| {
                    let mut collected = item?;
                    collected.report.published = collected.report.published.or_else(|| published.clone());
                    Ok(Incoming::from(collected))
                });
                case.add(&reader, incoming, &mut |outcome| added.push(Added::from(outcome)))?;
            }
            desk.forget();
            Ok(added)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Internal)?
    }

    /// What reads reports, made once.
    fn reader(&self) -> Result<Arc<Dateline>, Error> {
        let mut kept = self.dateline.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reader) = &*kept {
            return Ok(Arc::clone(reader));
        }
        let make = self.reader_maker().ok_or_else(|| Error::NoReader("it was started without one".to_owned()))?;
        let reader = Arc::new((make.0)().map_err(Error::NoReader)?);
        *kept = Some(Arc::clone(&reader));
        Ok(reader)
    }
}
