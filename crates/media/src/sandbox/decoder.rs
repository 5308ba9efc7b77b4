//! The side that has pictures to decode.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::frame::{self, Answer, Ready, Setup, Work};
use super::{Confinement, Failure};
use crate::carried::Carried;
use crate::credentials::TrustList;
use crate::decode::{Decoded, Limits, Picture, Refusal};

/// How long a worker may take to get ready, and a dead one to be seen as such.
const START: Duration = Duration::from_secs(20);
const END: Duration = Duration::from_millis(500);
/// What is kept of what a worker says on standard error.
const LAST_WORDS: usize = 4096;

/// Decodes pictures in a worker process, which it starts when there is the first one and again when it was lost.
///
/// One decoder decodes one picture at a time; take one for each thread.
#[derive(Debug)]
pub struct Decoder {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: Limits,
    confinement: Confinement,
    trust: Option<TrustList>,
    worker: Option<Worker>,
}

impl Decoder {
    /// A decoder whose worker is this program with these arguments; it must call [`serve()`](super::serve()).
    pub fn new<A: Into<OsString>>(
        program: impl Into<PathBuf>,
        arguments: impl IntoIterator<Item = A>,
        limits: Limits,
        confinement: Confinement,
    ) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Self { program: program.into(), arguments, limits, confinement, trust: None, worker: None }
    }

    /// Says whose signatures are trusted; a worker that runs already does not hear of it.
    #[must_use]
    pub fn trusting(self, trust: Option<TrustList>) -> Self {
        Self { trust, ..self }
    }

    /// Decodes a picture as [`decode()`](crate::decode()) does, in the worker.
    ///
    /// # Errors
    ///
    /// A [`Failure`]: what is wrong with the picture, what became of the worker that got it, or why there is no worker. In any case the
    /// decoder can be used for the next picture.
    pub fn decode(&mut self, bytes: &[u8]) -> Result<Decoded, Failure> {
        self.work(Work::Decode, bytes, |(answer, pixels)| decoded(serde_json::from_slice(&answer).ok()?, pixels))
    }

    /// Reads what a file carries with it as [`Carried::of`] does, in the worker: also of one that can't be decoded.
    ///
    /// # Errors
    ///
    /// As [`Decoder::decode`].
    pub fn carried(&mut self, bytes: &[u8]) -> Result<Carried, Failure> {
        self.work(Work::Carried, bytes, |(answer, _)| Some(Ok(serde_json::from_slice(&answer).ok()?)))
    }

    /// Has something done by the worker; `read` gives none of an answer that is none.
    fn work<T>(
        &mut self,
        work: Work,
        bytes: &[u8],
        read: impl FnOnce((Vec<u8>, Vec<u8>)) -> Option<Result<T, Refusal>>,
    ) -> Result<T, Failure> {
        let length = bytes.len() as u64;
        if length > self.limits.bytes {
            return Err(Refusal::TooManyBytes { bytes: length, limit: self.limits.bytes }.into());
        }
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.start()?,
        };
        match worker.exchange(Job::Work(work, bytes.to_vec()), self.confinement.time) {
            Ok(Some(message)) => {
                // One that talks nonsense is not asked again.
                let answer = read(message).ok_or(Failure::BadAnswer)?;
                self.worker = Some(worker);
                Ok(answer?)
            }
            Err(RecvTimeoutError::Timeout) => Err(Failure::TooLong { limit: self.confinement.time }),
            Ok(None) | Err(RecvTimeoutError::Disconnected) => Err(self.cause(worker)),
        }
    }

    /// Whether the worker that runs now has limits set on itself; none if none runs.
    pub fn is_confined(&self) -> Option<bool> {
        self.worker.as_ref().map(|worker| worker.confined)
    }

    /// The process of the worker that runs now; none if none runs.
    pub fn worker_id(&self) -> Option<u32> {
        self.worker.as_ref().map(|worker| worker.process.id())
    }

    fn start(&self) -> Result<Worker, Failure> {
        let no_worker = |reason: String| Failure::NoWorker { reason };
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // It needs nothing from the environment, and what it does not have it cannot give away.
        #[cfg(unix)]
        command.env_clear();
        let mut process = command.spawn().map_err(|error| no_worker(error.to_string()))?;
        let (Some(input), Some(output), Some(errors)) = (process.stdin.take(), process.stdout.take(), process.stderr.take())
        else {
            return Err(no_worker("it has no pipes".to_owned()));
        };
        let (jobs, to_do) = channel();
        let (done, answers) = channel();
        std::thread::spawn(move || carry(input, output, &to_do, &done));
        let last_words = std::thread::spawn(move || last_words(errors));
        let mut worker = Worker { process, jobs, answers, last_words: Some(last_words), confined: false };
        let trust = self.trust.as_ref().map(|trust| trust.pem().to_owned());
        let setup = Setup { limits: self.limits.clone(), confinement: self.confinement.clone(), trust };
        let setup = serde_json::to_vec(&setup).map_err(|error| no_worker(error.to_string()))?;
        let ready = match worker.exchange(Job::Setup(setup), START) {
            Ok(Some((ready, _))) => serde_json::from_slice::<Ready>(&ready).ok(),
            _ => None,
        };
        match ready {
            Some(Ready { confined }) => {
                worker.confined = confined;
                Ok(worker)
            }
            None => {
                let (status, words) = worker.end();
                let status = status.map_or_else(|| "it does not answer".to_owned(), |status| status.to_string());
                Err(no_worker(with_last_line(status, &words)))
            }
        }
    }

    /// What a worker died of.
    fn cause(&self, worker: Worker) -> Failure {
        let (status, words) = worker.end();
        let Some(status) = status else { return Failure::BadAnswer };
        if words.contains("memory allocation of") {
            return Failure::OutOfMemory { limit: self.confinement.memory };
        }
        if is_out_of_work(status) {
            return Failure::TooMuchWork { limit: self.confinement.cpu_seconds };
        }
        Failure::Crashed { how: with_last_line(status.to_string(), &words) }
    }
}

fn with_last_line(status: String, words: &str) -> String {
    match words.lines().map(str::trim).rfind(|line| !line.is_empty() && !line.starts_with("note:")) {
        Some(line) => format!("{status}: {}", line.chars().filter(|c| !c.is_control()).take(200).collect::<String>()),
        None => status,
    }
}

/// Whether the kernel ended it for its use of the processor.
#[cfg(unix)]
fn is_out_of_work(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn is_out_of_work(_: ExitStatus) -> bool {
    false
}

fn decoded(answer: Answer, pixels: Vec<u8>) -> Option<Result<Decoded, Refusal>> {
    match answer {
        Answer::Refused(refusal) => Some(Err(refusal)),
        Answer::Decoded { format, width, height, findings, small_width, small_height } => {
            let picture = Picture::new(small_width, small_height, pixels)?;
            Some(Ok(Decoded { format, width, height, findings, picture }))
        }
    }
}

/// A worker process, and the thread that talks with it.
#[derive(Debug)]
struct Worker {
    process: Child,
    jobs: Sender<Job>,
    answers: Receiver<io::Result<Message>>,
    last_words: Option<JoinHandle<String>>,
    confined: bool,
}

/// What is sent.
#[derive(Debug)]
enum Job {
    Setup(Vec<u8>),
    Work(Work, Vec<u8>),
}

/// What comes back: a text, and pixels if the text says so; none if the pipe ended.
type Message = Option<(Vec<u8>, Vec<u8>)>;

impl Worker {
    fn exchange(&mut self, job: Job, time: Duration) -> Result<Message, RecvTimeoutError> {
        self.jobs.send(job).map_err(|_| RecvTimeoutError::Disconnected)?;
        // A broken pipe is an end like any other.
        self.answers.recv_timeout(time).map(|message| message.unwrap_or(None))
    }

    /// How it ended, if it did so by itself, and what it said last.
    fn end(mut self) -> (Option<ExitStatus>, String) {
        let start = Instant::now();
        let mut status = None;
        while status.is_none() && start.elapsed() < END {
            status = self.process.try_wait().ok().flatten();
            if status.is_none() {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        self.stop();
        let words = self.last_words.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        (status, words)
    }

    fn stop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Carries jobs to the worker and its answers back, until one of the pipes or channels ends.
fn carry(mut input: ChildStdin, mut output: ChildStdout, jobs: &Receiver<Job>, answers: &Sender<io::Result<Message>>) {
    for job in jobs {
        let message = exchange(&mut input, &mut output, job);
        let over = !matches!(message, Ok(Some(_)));
        if answers.send(message).is_err() || over {
            return;
        }
    }
}

fn exchange(input: &mut ChildStdin, output: &mut ChildStdout, job: Job) -> io::Result<Message> {
    let work = match job {
        Job::Setup(bytes) => {
            frame::write(input, &bytes)?;
            None
        }
        Job::Work(work, bytes) => {
            frame::write(input, &[work.to_byte()])?;
            frame::write(input, &bytes)?;
            Some(work)
        }
    };
    let most = if work == Some(Work::Carried) { frame::LONGEST_CARRIED } else { frame::LONGEST_ANSWER };
    let Some(text) = frame::read(output, most)? else { return Ok(None) };
    let pixels = if work == Some(Work::Decode) && matches!(serde_json::from_slice(&text), Ok(Answer::Decoded { .. })) {
        match frame::read(output, frame::MOST_PIXELS)? {
            Some(pixels) => pixels,
            None => return Ok(None),
        }
    } else {
        Vec::new()
    };
    Ok(Some((text, pixels)))
}

/// The last part of what a worker writes on standard error.
fn last_words(mut errors: ChildStderr) -> String {
    let mut kept = Vec::new();
    let mut part = [0; 1024];
    while let Ok(count @ 1..) = errors.read(&mut part) {
        kept.extend_from_slice(part.get(..count).unwrap_or_default());
        let surplus = kept.len().saturating_sub(LAST_WORDS);
        kept.drain(..surplus);
    }
    String::from_utf8_lossy(&kept).into_owned()
}
