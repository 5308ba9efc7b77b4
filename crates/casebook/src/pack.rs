//! Compression of what stands in the database.

use std::cell::RefCell;
use std::io::Read as _;

use zstd::bulk::{Compressor, Decompressor};

use crate::error::{Error, Result};

/// The dictionary of readings, number 1001: `zstd --train --maxdict=16384 --dictID=1001` over the readings of `examples/`, stripped as they
/// are kept. A frame names the dictionary that it needs, so another one can be added beside it later, but this one never changes.
const READINGS: &[u8] = include_bytes!("readings.dict");

/// How hard texts are compressed.
const TEXT_LEVEL: i32 = 3;
/// How hard readings are.
const READING_LEVEL: i32 = 9;
/// How hard originals are.
const ORIGINAL_LEVEL: i32 = 3;
/// No single value unpacks to more, whatever a damaged frame says.
const MOST: u64 = 1 << 30;

/// What is compressed, which decides how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Working texts.
    Text,
    /// Readings and what is made of them.
    Reading,
    /// Originals.
    Original,
}

/// Contexts that are made once and used again.
#[derive(Default)]
pub(crate) struct Pack(RefCell<Contexts>);

#[derive(Default)]
struct Contexts {
    text: Option<Compressor<'static>>,
    reading: Option<Compressor<'static>>,
    original: Option<Compressor<'static>>,
    plain: Option<Decompressor<'static>>,
    readings: Option<Decompressor<'static>>,
}

/// What is in the place, made first where there is nothing.
fn made<T>(place: &mut Option<T>, make: impl FnOnce() -> std::io::Result<T>) -> std::io::Result<&mut T> {
    if place.is_none() {
        *place = Some(make()?);
    }
    place.as_mut().ok_or_else(|| std::io::Error::other("no context"))
}

impl Pack {
    /// A zstd frame of the bytes.
    pub(crate) fn pack(&self, kind: Kind, bytes: &[u8]) -> Result<Vec<u8>> {
        let mut contexts = self.0.borrow_mut();
        let packed = match kind {
            Kind::Text => made(&mut contexts.text, || Compressor::new(TEXT_LEVEL)),
            Kind::Reading => made(&mut contexts.reading, || Compressor::with_dictionary(READING_LEVEL, READINGS)),
            Kind::Original => made(&mut contexts.original, || Compressor::new(ORIGINAL_LEVEL)),
        }
        .and_then(|compressor| compressor.compress(bytes));
        packed.map_err(|error| Error::Database(Box::new(error)))
    }

    /// The bytes of a frame; `place` says where it stood, for the error.
    pub(crate) fn unpack(&self, packed: &[u8], place: impl Fn() -> String) -> Result<Vec<u8>> {
        let size = match zstd::zstd_safe::get_frame_content_size(packed) {
            Ok(Some(size)) if size <= MOST => usize::try_from(size).unwrap_or(0),
            Ok(Some(size)) => return Err(Error::damaged(place(), format_args!("says that it unpacks to {size} bytes"))),
            Ok(None) | Err(_) => return Err(Error::damaged(place(), "no zstd frame")),
        };
        // A frame never unpacks to more than some 30,000 times its size, so damage does not make us ask for memory that it can't fill.
        if size / 65_536 > packed.len() {
            return Err(Error::damaged(place(), format_args!("says that it unpacks to {size} bytes")));
        }
        let dictionary = zstd::zstd_safe::get_dict_id_from_frame(packed);
        let mut contexts = self.0.borrow_mut();
        let bytes = match dictionary {
            None => made(&mut contexts.plain, Decompressor::new),
            Some(_) => made(&mut contexts.readings, || Decompressor::with_dictionary(READINGS)),
        }
        .and_then(|decompressor| decompressor.decompress(packed, size));
        bytes.map_err(|error| Error::damaged(place(), error))
    }

    /// The text of a frame.
    pub(crate) fn unpack_text(&self, packed: &[u8], place: impl Fn() -> String) -> Result<String> {
        let bytes = self.unpack(packed, &place)?;
        String::from_utf8(bytes).map_err(|error| Error::damaged(place(), error))
    }
}

/// The bytes of an original's file, of which there are to be `size`; one more is read where it goes on, so that the caller sees it.
pub(crate) fn unpack_file(file: std::fs::File, size: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let decoder = zstd::stream::read::Decoder::new(file)?;
    decoder.take(size.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_frame_that_lies_about_its_size_is_refused() {
        let pack = Pack::default();
        let place = || "here".to_owned();
        // A frame of one block whose header says 2^40 bytes.
        let mut frame = vec![0x28, 0xB5, 0x2F, 0xFD, 0b1100_0000 | 0b0010_0000];
        frame.extend((1u64 << 40).to_le_bytes());
        frame.extend([0x01, 0, 0]);
        assert!(pack.unpack(&frame, place).unwrap_err().to_string().contains("unpacks to"));
        assert!(pack.unpack(b"", place).is_err());
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let pack = Pack::default();
            for kind in [Kind::Text, Kind::Reading, Kind::Original] {
                let packed = pack.pack(kind, &bytes).unwrap();
                prop_assert_eq!(&pack.unpack(&packed, String::new).unwrap(), &bytes);
            }
        }

        #[test]
        fn damage_is_an_error_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0usize..400, flip in 1u8..) {
            let pack = Pack::default();
            let mut packed = pack.pack(Kind::Reading, &bytes).unwrap();
            let at = at % packed.len();
            if let Some(byte) = packed.get_mut(at) {
                *byte ^= flip;
            }
            let _ = pack.unpack(&packed, String::new);
            let _ = pack.unpack(&bytes, String::new);
        }
    }
}
