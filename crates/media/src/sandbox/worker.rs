//! The worker's side.

use std::io::{self, Read, Write};

use super::Confinement;
use super::frame::{self, Answer, Ready, Setup, Work};
use crate::carried::Carried;
use crate::credentials::TrustList;
use crate::decode::{Decoded, Limits, Refusal, decode};

/// Works as a decoder's worker until the input ends: this is all that the worker process should do.
///
/// # Errors
///
/// If the pipes break, say something else than a [`Decoder`](super::Decoder) would, or the limits cannot be set.
pub fn serve(input: impl Read, output: impl Write) -> io::Result<()> {
    serve_with(input, output, decode, Carried::of)
}

/// The same with another way to decode, and to read what pictures carry.
///
/// # Errors
///
/// As [`serve()`].
pub fn serve_with(
    mut input: impl Read,
    mut output: impl Write,
    mut decode: impl FnMut(&[u8], &Limits) -> Result<Decoded, Refusal>,
    mut carried: impl FnMut(&[u8], Option<&TrustList>) -> Carried,
) -> io::Result<()> {
    let Some(setup) = frame::read(&mut input, frame::LONGEST_SETUP)? else { return Ok(()) };
    let Setup { limits, confinement, trust } = serde_json::from_slice(&setup)?;
    let trust = trust.map(|pem| TrustList::of_pem(&pem)).transpose().map_err(io::Error::other)?;
    let confined = confine(&confinement)?;
    frame::write(&mut output, &serde_json::to_vec(&Ready { confined })?)?;
    let longest = usize::try_from(limits.bytes).unwrap_or(usize::MAX);
    while let Some(work) = frame::read(&mut input, 1)? {
        let work = Work::of(&work).ok_or(io::ErrorKind::InvalidData)?;
        let Some(bytes) = frame::read(&mut input, longest)? else { return Ok(()) };
        allow_work(&confinement)?;
        match work {
            Work::Decode => {
                let (answer, picture) = Answer::of(decode(&bytes, &limits));
                frame::write(&mut output, &serde_json::to_vec(&answer)?)?;
                if let Some(picture) = picture {
                    frame::write(&mut output, picture.rgb())?;
                }
            }
            Work::Carried => {
                let mut answer = serde_json::to_vec(&carried(&bytes, trust.as_ref()))?;
                if answer.len() > frame::LONGEST_CARRIED {
                    answer =
                        serde_json::to_vec(&Carried::unread(&format!("it is longer than {} bytes", frame::LONGEST_CARRIED)))?;
                }
                frame::write(&mut output, &answer)?;
            }
        }
    }
    Ok(())
}

/// Sets the limits on this process, for good: memory, no files to write, no dump of memory. True if that can be done on this system.
#[cfg(unix)]
fn confine(confinement: &Confinement) -> io::Result<bool> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    for (resource, limit) in [(Resource::As, confinement.memory), (Resource::Fsize, 0), (Resource::Core, 0)] {
        let limit = getrlimit(resource).maximum.map_or(limit, |most| most.min(limit));
        setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
    }
    Ok(true)
}

/// Allows the processor time of one more picture. The kernel counts all that the process ever used, in whole seconds.
#[cfg(unix)]
fn allow_work(confinement: &Confinement) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};

    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    let limit = used.saturating_add(confinement.cpu_seconds.max(1)).saturating_add(1);
    let maximum = getrlimit(Resource::Cpu).maximum;
    let current = maximum.map_or(limit, |most| most.min(limit));
    Ok(setrlimit(Resource::Cpu, Rlimit { current: Some(current), maximum })?)
}

#[cfg(not(unix))]
fn confine(_: &Confinement) -> io::Result<bool> {
    Ok(false)
}

#[cfg(not(unix))]
fn allow_work(_: &Confinement) -> io::Result<()> {
    Ok(())
}
