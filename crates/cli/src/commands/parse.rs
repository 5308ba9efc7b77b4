use std::fs::File;
use std::io::{self, Write};
use std::ops::ControlFlow;

use dateline::{Dateline, ReadError};

use crate::args::{Global, Parse};
use crate::exit::Outcome;
use crate::inputs::bytes_of;
use crate::printer::Printer;
use crate::settings;

/// Prints the parse of each file, a line each.
pub(crate) fn run(args: &Parse, global: &Global, printer: &Printer) -> anyhow::Result<Outcome> {
    let dateline = settings::build(global, Dateline::builder().threads(args.threads), printer)?;
    let texts = args.files.iter().map(|path| {
        let text = (|| {
            let bytes = if path.as_os_str() == "-" { bytes_of(io::stdin())? } else { bytes_of(File::open(path)?)? };
            // As they are: not even a byte order mark is taken off, so that positions are those of the file.
            String::from_utf8(bytes).map_err(|error| {
                let offset = Some(error.utf8_error().valid_up_to());
                ReadError::Input(dateline::InputError::Malformed { encoding: "UTF-8", offset })
            })
        })();
        (path, text)
    });
    let mut out = printer.data(None)?;
    let mut failed = 0usize;
    let mut written: io::Result<()> = Ok(());
    dateline.parse_each(texts, |path, result| {
        match result {
            Ok(doc) => {
                let stem = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy();
                let line = serde_json::json!({ "doc": stem, "tokens": doc.to_json_tokens() });
                written = serde_json::to_writer(&mut out, &line).map_err(io::Error::from).and_then(|()| out.write_all(b"\n"));
            }
            Err(error) => {
                failed += 1;
                printer.error(&format!("{}: {error}", path.display()), None);
            }
        }
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written?;
    out.flush()?;
    Ok(if failed > 0 { Outcome::Wanting } else { Outcome::Done })
}
