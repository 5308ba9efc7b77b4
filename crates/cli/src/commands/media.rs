use std::fs::File;
use std::io::{Read as _, Write as _};
use std::ops::ControlFlow;

use anyhow::Context as _;
use dateline::case::{Case, PictureAdded, Quotes};
use dateline::collect::{self, CollectError, Input, MediaFile, Options};
use dateline::media::Limits;
use dateline::render::media::{found_picture, picture};

use super::case::{ask, open, trust};
use crate::exit::Outcome;
use crate::media_args::{Media, MediaAction, MediaAdd, MediaFind, MediaShow};
use crate::printer::Printer;

/// Works on pictures.
pub(crate) fn run(args: &Media, printer: &Printer) -> anyhow::Result<Outcome> {
    match &args.action {
        MediaAction::Add(args) => add(args, printer),
        MediaAction::Find(args) => find(args, printer),
        MediaAction::Show(args) => show(args, printer),
    }
}

/// Is a worker that decodes pictures.
pub(crate) fn decode_pictures() -> anyhow::Result<Outcome> {
    let (input, output) = (std::io::stdin().lock(), std::io::stdout().lock());
    #[cfg(debug_assertions)]
    dateline::media::sandbox::serve_with(input, output, super::rehearsal::misbehave, dateline::media::Carried::of)?;
    #[cfg(not(debug_assertions))]
    dateline::media::sandbox::serve(input, output)?;
    Ok(Outcome::Done)
}

/// What was brought in.
#[derive(Default)]
struct Brought {
    new: u64,
    known: u64,
    failed: u64,
    frames: u64,
    /// Why the first video has no key frames; the same is not said again.
    without_frames: Option<String>,
    /// Why the first picture could not be looked at for text; the same is not said again.
    unread: Option<String>,
}

fn add(args: &MediaAdd, printer: &Printer) -> anyhow::Result<Outcome> {
    let mut case = open(&args.by)?.trusting(trust(&args.trust, printer)?);
    let mut total = Brought::default();
    for path in &args.inputs {
        let (mut stopped, mut items) = (Ok(()), 0);
        collect::media_files(&Input::Path(path.clone()), &Options::default(), &mut |item| {
            items += 1;
            stopped = add_one(&mut case, args, item, &mut total, printer);
            if stopped.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        stopped?;
        if items == 0 {
            total.failed += 1;
            printer.error(&format!("{}: by its bytes it is no picture or video, and holds none", path.display()), None);
        }
    }
    let mut out = printer.data(None)?;
    let counted = |count: u64, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let mut line = format!(
        "{} new",
        if total.new == 1 { "1 picture or video".to_owned() } else { format!("{} pictures or videos", total.new) }
    );
    for (count, what) in [(total.known, "known already"), (total.failed, "failed")] {
        if count > 0 {
            line.push_str(&format!(", {count} {what}"));
        }
    }
    if total.frames > 0 {
        line.push_str(&format!("; {} of videos", counted(total.frames, "key frame")));
    }
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(if total.failed > 0 || total.new + total.known == 0 { Outcome::Wanting } else { Outcome::Done })
}

fn add_one(
    case: &mut Case,
    args: &MediaAdd,
    item: Result<MediaFile, CollectError>,
    total: &mut Brought,
    printer: &Printer,
) -> anyhow::Result<()> {
    let file = match item {
        Ok(file) => file,
        Err(error) => {
            total.failed += 1;
            printer.error(&error.to_string(), None);
            return Ok(());
        }
    };
    let PictureAdded { new, failure, frames, unread, .. } =
        case.add_picture(&file, args.source.as_deref(), args.published.as_ref())?;
    *(if new { &mut total.new } else { &mut total.known }) += 1;
    if let Some(why) = failure {
        printer.warning(&format!("{}: kept, but not decoded: {why}", file.name));
    }
    if let Some(why) = unread.filter(|why| total.unread.as_ref() != Some(why)) {
        printer.warning(&format!("{}: {why}", file.name));
        total.unread = Some(why);
    }
    match frames {
        Some(Ok(frames)) => total.frames += frames,
        Some(Err(why)) if total.without_frames.as_ref() != Some(&why) => {
            printer.warning(&format!("{}: kept, but without its key frames: {why}", file.name));
            total.without_frames = Some(why);
        }
        Some(Err(_)) | None => {}
    }
    Ok(())
}

fn find(args: &MediaFind, printer: &Printer) -> anyhow::Result<Outcome> {
    let case = ask(&args.at)?;
    let name = args.picture.display();
    let can_not = || format!("can't read {name}");
    let mut bytes = Vec::new();
    let most = Limits::default().bytes;
    File::open(&args.picture).with_context(can_not)?.take(most + 1).read_to_end(&mut bytes).with_context(can_not)?;
    if bytes.len() as u64 > most {
        anyhow::bail!("{name}: larger than {} MiB", most >> 20);
    }
    let found = case.find_picture(&bytes, Quotes::AsTheyStand)?;
    let mut out = printer.data(None)?;
    if args.json {
        serde_json::to_writer_pretty(&mut out, &found)?;
        writeln!(out)?;
    } else {
        out.write_all(found_picture(&found, printer.width(None), printer.colours(None)).as_bytes())?;
    }
    out.flush()?;
    if let Some(why) = &found.asked.failure {
        printer.error(&format!("{name}: looked for by its bytes only: {why}"), None);
    }
    if found.sightings.is_empty() {
        printer.note("seen nowhere in this case");
        return Ok(Outcome::Wanting);
    }
    Ok(Outcome::Done)
}

fn show(args: &MediaShow, printer: &Printer) -> anyhow::Result<Outcome> {
    let case = ask(&args.at)?;
    let page = case.picture_page(&case.picture_id(&args.picture)?, Quotes::AsTheyStand)?;
    let mut out = printer.data(None)?;
    if args.json {
        serde_json::to_writer_pretty(&mut out, &page)?;
        writeln!(out)?;
    } else {
        out.write_all(picture(&page, printer.width(None), printer.colours(None)).as_bytes())?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
