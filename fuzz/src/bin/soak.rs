//! Runs a fuzz target over made-up inputs for a while: `soak TARGET SECONDS [SEED]`. A failure prints the input that caused it.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use dateline_fuzz::{
    case, collect, media, media_index, media_samples, metadata, metadata_samples, model_package, reader, samples, scheme, scheme_samples, tokenizer,
};

/// What texts are put together from: the stuff that tokenizers and readers trip over.
const FRAGMENTS: &[&str] = &[
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\u{a0}",
    "\u{200b}",
    "\u{ad}",
    "\u{2028}",
    "\u{1f}",
    "\u{feff}",
    "\u{301}",
    "'",
    "’",
    "“",
    "”",
    "\"",
    "«",
    "»",
    "(",
    ")",
    "[",
    "]",
    ".",
    "..",
    "...",
    "…",
    ",",
    ";",
    ":",
    "!",
    "?",
    "-",
    "–",
    "—",
    "--",
    "/",
    "$",
    "€",
    "%",
    "+",
    "*",
    "https://example.org/a?b=c",
    "a.b@example.org",
    "@handle",
    "#tag",
    "U.S.",
    "a.m.",
    "can't",
    "won't",
    "N'Djamena",
    ":)",
    ":-(",
    "o_O",
    "10km",
    "5,000",
    "3.5",
    "1/2",
    "2022-03-05",
    "5 March",
    "last Friday",
    "T-72B3",
    "Xanadu",
    "the army",
    "said",
    "according to",
    "reportedly",
    "killed",
    "wounded",
    "two",
    "soldiers",
    "he",
    "they",
    "that",
    "of",
    "in",
    "by",
    "was",
    "not",
    "may",
    "have",
    "attack",
    "Київ",
    "Харків",
    "שלום",
    "مرحبا",
    "中文",
    "ﬁ",
    "ß",
    "İ",
    "ǅ",
    "😀",
    "👨‍👩‍👧",
    "🇺🇦",
    "é",
    "e\u{301}",
    "²",
    "Ⅷ",
    "٣",
    "x",
];

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn text(&mut self) -> Vec<u8> {
        let mut text = String::new();
        let usual = [8, 40, 200][self.below(3)];
        for _ in 0..self.below(usual) {
            match self.below(12) {
                0 => text.extend(char::from_u32(self.below(0x11_0000) as u32)),
                1 => text.extend(char::from_u32(self.below(0x3000) as u32)),
                2 => text.push(char::from(self.below(128) as u8)),
                3 => text.push_str(&FRAGMENTS[self.below(FRAGMENTS.len())].repeat(1 + self.below(6))),
                4..=7 => {
                    text.push_str(FRAGMENTS[self.below(FRAGMENTS.len())]);
                    text.push(' ');
                }
                _ => text.push_str(FRAGMENTS[self.below(FRAGMENTS.len())]),
            }
        }
        text.into_bytes()
    }

    fn bytes(&mut self) -> Vec<u8> {
        (0..2 + self.below(40)).map(|_| self.next() as u8).collect()
    }

    /// A question in words, or changes of bytes.
    fn question_or_bytes(&mut self) -> Vec<u8> {
        let mode = self.next() as u8;
        let rest = if mode % 2 == 0 { self.text() } else { self.bytes() };
        std::iter::once(mode).chain(rest).collect()
    }

    /// A byte for the name, and a sound file with pieces changed, cut out, doubled or put in from another.
    fn file(&mut self, samples: &[Vec<u8>]) -> Vec<u8> {
        let mut file = samples[self.below(samples.len())].clone();
        for _ in 0..self.below(6) {
            let at = self.below(file.len() + 1);
            let length = [4, 40, 400][self.below(3)];
            let end = (at + 1 + self.below(length)).min(file.len());
            let piece = match self.below(7) {
                0 => file.get(at..end).unwrap_or_default().repeat(1 + self.below(30)),
                1 => Vec::new(),
                2 => self.text(),
                3 => self.bytes(),
                4 => [&b"0"[..], b"-1", b"99999999999999999999", b"<", b">", b"\"", b"\0", b"\r\n\r\n", b"&#xffffffff;", b"]]>"]
                    [self.below(10)]
                .to_vec(),
                5 => {
                    let other = &samples[self.below(samples.len())];
                    let from = self.below(other.len());
                    other[from..(from + self.below(600)).min(other.len())].to_vec()
                }
                _ => vec![self.next() as u8],
            };
            file.splice(at..end.max(at), piece);
        }
        if self.below(8) == 0 {
            file.truncate(self.below(file.len() + 1));
        }
        file.insert(0, self.next() as u8);
        file
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let usage = "usage: soak case|collect|media|media_index|metadata|tokenizer|reader|scheme|model_package SECONDS [SEED]";
    let target = args.next().ok_or(usage)?;
    let limit = Duration::from_secs(args.next().ok_or(usage)?.parse()?);
    let seed: u64 = args.next().map_or(Ok(1), |seed| seed.parse())?;
    let run: fn(&[u8]) = match target.as_str() {
        "case" => case,
        "collect" => collect,
        "tokenizer" => tokenizer,
        "reader" => reader,
        "media" => media,
        "media_index" => media_index,
        "metadata" => metadata,
        "scheme" => scheme,
        "model_package" => model_package,
        _ => return Err(usage.into()),
    };
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let samples = match target.as_str() {
        "scheme" => scheme_samples(),
        "media" | "media_index" => media_samples(),
        "metadata" => metadata_samples(),
        _ => samples(),
    };
    let (started, mut inputs, mut slowest) = (Instant::now(), 0u64, Duration::ZERO);
    while started.elapsed() < limit {
        let input = match target.as_str() {
            "case" => random.question_or_bytes(),
            "collect" | "scheme" | "media" | "media_index" => random.file(&samples),
            // The first byte of a file is no name there.
            "metadata" => random.file(&samples).split_off(1),
            "model_package" => random.bytes(),
            _ => random.text(),
        };
        let began = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| run(&input))).is_err() {
            return Err(format!(
                "failed on input {inputs} of seed {seed}: {input:?}\nas text: {:?}",
                String::from_utf8_lossy(&input)
            )
            .into());
        }
        slowest = slowest.max(began.elapsed());
        inputs += 1;
    }
    println!("{target}: {inputs} inputs in {:.0} s, none failed; the slowest took {slowest:?}", started.elapsed().as_secs_f64());
    Ok(())
}
