//! Readers that unpack, and keep count while they do.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use flate2::bufread::GzDecoder;

/// What may always be unpacked, whatever the ratio, in bytes.
const FREE: u64 = 64 << 20;

/// Something that unpacks to more than it should.
#[derive(Debug)]
pub(crate) struct Bomb {
    pub(crate) ratio: u64,
}

impl fmt::Display for Bomb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unpacks to more than {} times its size", self.ratio)
    }
}

impl std::error::Error for Bomb {}

/// Counts the bytes that are read through it, for others to see.
pub(crate) struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R> Counted<R> {
    pub(crate) fn new(inner: R) -> (Self, Rc<Cell<u64>>) {
        let count = Rc::new(Cell::new(0));
        (Self { inner, count: Rc::clone(&count) }, count)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// Passes on what is unpacked as long as it stays in proportion to what was packed.
pub(crate) struct Guarded<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    unpacked: u64,
    ratio: u64,
}

impl<R> Guarded<R> {
    pub(crate) fn new(inner: R, packed: Rc<Cell<u64>>, ratio: u64) -> Self {
        Self { inner, packed, unpacked: 0, ratio }
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.unpacked += read as u64;
        if self.unpacked > FREE && self.unpacked > self.packed.get().saturating_mul(self.ratio) {
            return Err(io::Error::other(Bomb { ratio: self.ratio }));
        }
        Ok(read)
    }
}

/// Where in an input a reader stands, so that a record can be found again.
pub(crate) trait Place: BufRead {
    /// Offset in the file (of packed files: of the gzip member), and of unpacked bytes after it.
    fn place(&self) -> (u64, u64);
}

/// A reader that knows its offset.
pub(crate) struct Plain<R> {
    inner: BufReader<R>,
    offset: u64,
}

impl<R: Read> Plain<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner: BufReader::with_capacity(1 << 16, inner), offset: 0 }
    }
}

impl<R: Read> Read for Plain<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.offset += read as u64;
        Ok(read)
    }
}

impl<R: Read> BufRead for Plain<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.offset += amount as u64;
        self.inner.consume(amount);
    }
}

impl<R: Read> Place for Plain<R> {
    fn place(&self) -> (u64, u64) {
        (self.offset, 0)
    }
}

/// The members of a gzip file, one after another. Its buffer never holds bytes of two of them, so that the member which the next
/// byte comes from is known: in a packed WARC each record is one.
pub(crate) struct Members<R> {
    /// None only after an error or the end.
    decoder: Option<GzDecoder<Plain<R>>>,
    buffer: Vec<u8>,
    /// What of the buffer is there, and what of it was taken.
    filled: usize,
    taken: usize,
    start: u64,
    within: u64,
    guard: Rc<Cell<u64>>,
    unpacked: u64,
    ratio: u64,
}

impl<R: Read> Members<R> {
    pub(crate) fn new(inner: R, ratio: u64) -> Self {
        Self {
            decoder: Some(GzDecoder::new(Plain::new(inner))),
            buffer: vec![0; 1 << 15],
            filled: 0,
            taken: 0,
            start: 0,
            within: 0,
            guard: Rc::new(Cell::new(0)),
            unpacked: 0,
            ratio,
        }
    }

    /// True when the member is at its end and another follows, which is then begun.
    fn begin_next(&mut self) -> io::Result<bool> {
        let Some(decoder) = self.decoder.take() else { return Ok(false) };
        let mut inner = decoder.into_inner();
        if inner.fill_buf()?.is_empty() {
            return Ok(false);
        }
        self.start = inner.offset;
        self.within = 0;
        self.decoder = Some(GzDecoder::new(inner));
        Ok(true)
    }

    fn fill(&mut self) -> io::Result<()> {
        loop {
            let Some(decoder) = self.decoder.as_mut() else { return Ok(()) };
            match decoder.read(&mut self.buffer) {
                Ok(0) => {
                    if !self.begin_next()? {
                        return Ok(());
                    }
                }
                Ok(read) => {
                    (self.filled, self.taken) = (read, 0);
                    self.unpacked += read as u64;
                    self.guard.set(decoder.get_ref().offset);
                    if self.unpacked > FREE && self.unpacked > self.guard.get().saturating_mul(self.ratio) {
                        self.decoder = None;
                        return Err(io::Error::other(Bomb { ratio: self.ratio }));
                    }
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.decoder = None;
                    return Err(error);
                }
            }
        }
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let read = available.len().min(buffer.len());
        if let (Some(from), Some(to)) = (available.get(..read), buffer.get_mut(..read)) {
            to.copy_from_slice(from);
        }
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Members<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken >= self.filled {
            (self.filled, self.taken) = (0, 0);
            self.fill()?;
        }
        Ok(self.buffer.get(self.taken..self.filled).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.taken = self.filled.min(self.taken + amount);
        self.within += amount as u64;
    }
}

impl<R: Read> Place for Members<R> {
    fn place(&self) -> (u64, u64) {
        (self.start, self.within)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn members_are_read_in_a_row_and_their_starts_known() {
        let (first, second) = (packed(b"one\n"), packed(b"two\nthree\n"));
        let mut reader = Members::new(io::Cursor::new([first.clone(), second].concat()), 200);
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        reader.fill_buf().unwrap();
        assert_eq!(reader.place(), (first.len() as u64, 0));
        reader.read_line(&mut line).unwrap();
        assert_eq!(reader.place(), (first.len() as u64, 4));
        reader.read_to_string(&mut line).unwrap();
        assert_eq!(line, "one\ntwo\nthree\n");
    }

    #[test]
    fn err_a_bomb_is_stopped() {
        let bomb = packed(&vec![0; 80 << 20]);
        let mut reader = Members::new(bomb.as_slice(), 200);
        let error = io::copy(&mut reader, &mut io::sink()).unwrap_err();
        assert!(matches!(crate::Reason::from(error), crate::Reason::Bomb { ratio: 200 }));
        let (inner, count) = Counted::new(bomb.as_slice());
        let mut reader = Guarded::new(flate2::read::MultiGzDecoder::new(inner), count, 200);
        assert!(io::copy(&mut reader, &mut io::sink()).is_err());
    }
}
