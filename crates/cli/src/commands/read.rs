use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use dateline::Dateline;
use dateline::record::Reading;
use dateline::render::{dossier, page};

use crate::args::{Format, Global, Read};
use crate::exit::{Outcome, Usage};
use crate::inputs::Inputs;
use crate::printer::Printer;
use crate::progress::StreamBar;
use crate::settings;

/// Reads what `args` name and shows it.
pub(crate) fn run(args: &Read, global: &Global, printer: &Printer) -> anyhow::Result<Outcome> {
    let inputs = Inputs::new(args);
    let single = inputs.is_single();
    if args.format == Format::Html && !single {
        return Err(Usage("`--format html` makes a page of one report: name one text file, or `-`".to_owned()).into());
    }
    let threads = if single { Some(NonZeroUsize::MIN) } else { args.threads };
    let builder = args.schemes.for_reading(Dateline::builder().lexicon(args.lexicon.clone()).threads(threads));
    let dateline = settings::build(global, builder, printer)?;
    let output = args.output.as_deref();
    let mut show = Show {
        format: args.format,
        out: printer.data(output)?,
        width: printer.width(output),
        colour: printer.colours(output),
        array: args.format == Format::Json && !single,
        shown: 0,
    };
    let bar = StreamBar::new(!single && printer.draws_progress(output), "reports read");
    let (mut failed, mut unread, mut claims) = (0usize, 0usize, 0usize);
    let mut written: io::Result<()> = Ok(());
    dateline.read_each(inputs.into_reports(), |origin, result| {
        bar.one_done();
        if let Some(remark) = &origin.remark {
            bar.aside(|| printer.warning(&format!("{}: {remark}", origin.name)));
        }
        match result {
            Ok(reading) => {
                claims += reading.claims.len();
                if let Some(why) = &reading.not_read {
                    unread += 1;
                    bar.aside(|| printer.warning(&format!("{}: {why}", origin.name)));
                }
                written = show.reading(&reading);
            }
            Err(error) => {
                failed += 1;
                bar.aside(|| printer.error(&format!("{}: {error}", origin.name), error.hint()));
            }
        }
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    drop(bar);
    written?;
    show.end()?;
    Ok(if failed > 0 || unread > 0 || claims == 0 { Outcome::Wanting } else { Outcome::Done })
}

/// Writes readings in one format.
struct Show {
    format: Format,
    out: Box<dyn Write>,
    width: usize,
    colour: bool,
    /// Several readings in JSON make an array.
    array: bool,
    shown: usize,
}

impl Show {
    fn reading(&mut self, reading: &Reading) -> io::Result<()> {
        match self.format {
            Format::Text => {
                if self.shown > 0 {
                    self.out.write_all(b"\n\n")?;
                }
                self.out.write_all(dossier(reading, self.width, self.colour).as_bytes())?;
            }
            Format::Json => {
                if self.array {
                    self.out.write_all(if self.shown == 0 { b"[\n" } else { b",\n" })?;
                }
                serde_json::to_writer_pretty(&mut self.out, reading)?;
                if !self.array {
                    self.out.write_all(b"\n")?;
                }
            }
            Format::Jsonl => {
                serde_json::to_writer(&mut self.out, reading)?;
                self.out.write_all(b"\n")?;
            }
            Format::Html => self.out.write_all(page(reading).as_bytes())?,
        }
        self.shown += 1;
        Ok(())
    }

    fn end(mut self) -> io::Result<()> {
        if self.array {
            self.out.write_all(if self.shown == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        self.out.flush()
    }
}
