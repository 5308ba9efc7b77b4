//! Decoding in a process of its own.
//!
//! A [`Decoder`] starts a worker, sends it pictures and gets them back small. The worker sets limits on itself before it reads the first
//! byte of one (memory, processor time, no files to write); the decoder watches the clock. A worker that crashes, hangs, or asks for more
//! than it may have costs one picture: that one gets a [`Failure`], and the next goes to a new worker.
//!
//! The worker is a program that calls [`serve()`] with its standard input and output and does nothing else; a program can start itself
//! with an argument that says so.
//!
//! On Unix the limits are those of `setrlimit`; macOS takes that of memory but does not hold to it. Elsewhere there are none: a crash is
//! kept apart and time is limited, but memory is only what [`Limits::memory`](crate::Limits::memory) makes of it
//! ([`Decoder::is_confined`]).

mod decoder;
mod frame;
mod worker;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::decode::Refusal;

pub use decoder::Decoder;
pub use worker::{serve, serve_with};

/// What a worker may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// How long a picture may take, from when it is sent.
    pub time: Duration,
    /// Seconds of processor time for a picture.
    pub cpu_seconds: u64,
    /// Bytes of address space.
    pub memory: u64,
}

impl Default for Confinement {
    /// 20 seconds, 15 of them of processor time, 2 GiB: three times what a picture of 100 megapixels takes.
    fn default() -> Self {
        Self { time: Duration::from_secs(20), cpu_seconds: 15, memory: 2 << 30 }
    }
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The file is not one to be decoded: the worker said so and works on.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Decoding did not end in time.
    #[error("decoding took more than {} seconds and was stopped", .limit.as_secs_f32())]
    TooLong {
        /// How long it could have taken.
        limit: Duration,
    },
    /// Decoding took more processor time than it may.
    #[error("decoding took more than {limit} seconds of processor time and was stopped")]
    TooMuchWork {
        /// Seconds that it could have taken.
        limit: u64,
    },
    /// Decoding took more memory than it may.
    #[error("decoding took more than {limit} bytes of memory and was stopped")]
    OutOfMemory {
        /// Bytes that it could have taken.
        limit: u64,
    },
    /// The worker died of the picture.
    #[error("the decoder crashed: {how}")]
    Crashed {
        /// How it ended, and the last line that it wrote.
        how: String,
    },
    /// The worker gave an answer that is none.
    #[error("the decoder gave a malformed answer")]
    BadAnswer,
    /// No worker can be started, or it does not get ready. This is no fault of the picture.
    #[error("no decoder can be started: {reason}")]
    NoWorker {
        /// What went wrong.
        reason: String,
    },
}
