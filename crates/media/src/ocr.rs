//! Text in pictures, by Tesseract where the machine has it.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::program::{ProgramError, read_bounded, run};

/// Most that is read of what Tesseract found, in bytes.
const MAX_FOUND: u64 = 8 << 20;

/// How text is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcrOptions {
    /// The program, by name or path.
    pub program: PathBuf,
    /// How long it may take.
    pub time: Duration,
    /// Languages by Tesseract's names (`eng`, `ukr`, `rus`, `ara`), which must be installed too; with none it takes English.
    pub languages: Vec<String>,
}

impl Default for OcrOptions {
    fn default() -> Self {
        Self { program: PathBuf::from("tesseract"), time: Duration::from_secs(30), languages: Vec::new() }
    }
}

/// Text that was found in a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundText {
    /// The words, a line each line, an empty line between paragraphs. Empty where none were found.
    pub text: String,
    /// How sure the program is of a word on average, in percent; none without words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
}

/// Looks for text in a picture: a PNG or JPEG, or best a pixmap of one that was decoded ([`Picture::to_pixmap`](crate::Picture::to_pixmap)), as
/// the program's own decoders meet whatever is in the bytes. On Linux it gets limits of memory and processor time.
///
/// # Errors
/// When Tesseract is not there, fails (a language is missing, say), or takes too long.
pub fn find_text(picture: &[u8], options: &OcrOptions) -> Result<FoundText, ProgramError> {
    for language in &options.languages {
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/');
        if language.is_empty() || !language.chars().all(sound) {
            return Err(ProgramError::Language(language.clone()));
        }
    }
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("picture"), picture)?;
    let mut command = Command::new(&options.program);
    command.args(["picture", "found"]);
    if !options.languages.is_empty() {
        command.args(["-l", &options.languages.join("+")]);
    }
    // Sparse text: words stand anywhere in a picture (page segmentation mode 11).
    command.args(["--psm", "11", "tsv"]);
    run(command, folder.path(), options.time)?;
    let found = read_bounded(&folder.path().join("found.tsv"), MAX_FOUND)?;
    Ok(of_table(&String::from_utf8_lossy(&found)))
}

/// Words of Tesseract's table: level, page, block, paragraph, line, word, four numbers of a box, confidence, text.
fn of_table(table: &str) -> FoundText {
    let (mut text, mut last) = (String::new(), (String::new(), String::new()));
    let (mut sum, mut words) = (0.0, 0_u32);
    for row in table.lines() {
        let cells: Vec<&str> = row.split('\t').collect();
        let ["5", page, block, paragraph, line, _, _, _, _, _, confidence, word, ..] = cells.as_slice() else { continue };
        let word = word.trim();
        if word.is_empty() {
            continue;
        }
        let place = (format!("{page} {block} {paragraph}"), (*line).to_owned());
        text.push_str(match (&last, &place) {
            _ if words == 0 => "",
            (last, place) if last.0 != place.0 => "\n\n",
            (last, place) if last.1 != place.1 => "\n",
            _ => " ",
        });
        text.push_str(word);
        last = place;
        sum += confidence.parse::<f64>().unwrap_or_default().clamp(0.0, 100.0);
        words += 1;
    }
    // Between 0 and 100.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let confidence = (words > 0).then(|| (sum / f64::from(words)).round() as u8);
    FoundText { text, confidence }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
        1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t\n\
        5\t1\t1\t1\t1\t1\t10\t10\t50\t20\t96.5\tBridge\n\
        5\t1\t1\t1\t1\t2\t70\t10\t50\t20\t90.5\tclosed\n\
        5\t1\t1\t1\t2\t1\t10\t40\t50\t20\t80\tSampleton\n\
        5\t1\t2\t1\t1\t1\t10\t90\t50\t20\t-1\t \n\
        5\t1\t2\t1\t1\t2\t10\t90\t50\t20\t20\tM-14\n";

    #[test]
    fn words_are_put_into_lines() {
        let found = of_table(TABLE);
        assert_eq!(found.text, "Bridge closed\nSampleton\n\nM-14");
        assert_eq!(found.confidence, Some(72));
        assert_eq!(of_table(""), FoundText::default());
    }

    #[test]
    fn err_it_is_not_installed_or_the_language_is_none() {
        let options = OcrOptions { program: "/nowhere/tesseract".into(), ..OcrOptions::default() };
        assert!(matches!(find_text(b"x", &options), Err(ProgramError::NotInstalled { .. })));
        for language in ["", "--help", "eng+ukr", "../eng"] {
            let options = OcrOptions { languages: vec![language.to_owned()], ..OcrOptions::default() };
            assert!(matches!(find_text(b"x", &options), Err(ProgramError::Language(_))), "{language}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_program_of_our_own_is_asked_as_the_real_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("table"), TABLE).unwrap();
        let script =
            format!("test \"$*\" = 'picture found -l eng+ukr --psm 11 tsv' && cp {}/table found.tsv", folder.path().display());
        let program = crate::program::fake::program(folder.path(), &script);
        let options = OcrOptions { program, languages: vec!["eng".into(), "ukr".into()], ..OcrOptions::default() };
        assert_eq!(find_text(b"picture", &options).unwrap(), of_table(TABLE));
    }

    /// An empty picture is read by the real program, which finds nothing on it.
    #[test]
    fn the_real_program_reads_a_picture() {
        let mut picture = b"P5 200 60 255\n".to_vec();
        picture.resize(picture.len() + 200 * 60, 255);
        match find_text(&picture, &OcrOptions::default()) {
            Err(ProgramError::NotInstalled { .. }) => eprintln!("skipped: there is no Tesseract on this machine"),
            found => assert_eq!(found.unwrap().text, ""),
        }
    }

    proptest::proptest! {
        #[test]
        fn any_table_is_read(table: String, cells in "(5\t){0,3}[0-9.\t\na-c-]{0,60}") {
            of_table(&table);
            of_table(&cells);
        }
    }
}
