//! A worker that crashes or hangs at a picture which says so, as no file is known that does this to our decoders: tests see what becomes of
//! everything else. It is in no release: only builds with debug assertions have it.

use std::time::Duration;

use dateline::media::{Decoded, Limits, Refusal, decode};

/// What such a picture ends with.
const MARK: &[u8] = b"dateline rehearsal: ";

/// Decodes as always, but does what a picture that ends with the mark and a word says.
pub(crate) fn misbehave(bytes: &[u8], limits: &Limits) -> Result<Decoded, Refusal> {
    if bytes.strip_suffix(b"abort").is_some_and(|before| before.ends_with(MARK)) {
        std::process::abort();
    }
    if bytes.strip_suffix(b"hang").is_some_and(|before| before.ends_with(MARK)) {
        std::thread::sleep(Duration::from_secs(3_600));
    }
    decode(bytes, limits)
}
