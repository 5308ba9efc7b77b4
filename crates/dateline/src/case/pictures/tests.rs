#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use dateline_collect::MediaFile;
use image::{DynamicImage, ImageFormat, RgbImage};

use super::look::sha256;
use super::*;

/// A scene of blobs, from a seed.
fn scene(seed: u64) -> DynamicImage {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    let blobs: Vec<[f32; 4]> =
        (0..140).map(|_| [draw() * 400.0, draw() * 300.0, 3.0 + draw() * 22.0, draw() * 160.0 - 80.0]).collect();
    DynamicImage::ImageRgb8(RgbImage::from_fn(400, 300, |x, y| {
        let mut value = 128.0;
        for [bx, by, size, light] in &blobs {
            let distance = ((x as f32 - bx).powi(2) + (y as f32 - by).powi(2)) / (size * size);
            value += light / (1.0 + distance.powi(3));
        }
        image::Rgb([value.clamp(0.0, 255.0) as u8; 3])
    }))
}

fn file(name: &str, image: &DynamicImage, format: ImageFormat) -> MediaFile {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    MediaFile { name: name.to_owned(), bytes: bytes.into_inner(), video: false, modified: None }
}

fn case() -> (tempfile::TempDir, Case) {
    let folder = tempfile::tempdir().unwrap();
    let case = Case::init(&folder.path().join("case"), "Sample", "Jo").unwrap();
    (folder, case)
}

fn add(case: &mut Case, file: &MediaFile, source: &str, published: &str) -> PictureAdded {
    case.add_picture(file, Some(source), Some(&published.parse().unwrap())).unwrap()
}

#[test]
fn copies_crops_and_mirror_images_are_found_the_first_first() {
    let (_folder, mut case) = case();
    let whole = scene(3);
    let (plain, small) = (file("a.png", &whole, ImageFormat::Png), whole.thumbnail(300, 300));
    add(&mut case, &file("mirrored.png", &small.fliph(), ImageFormat::Png), "Sample Times", "2024-12-28");
    add(&mut case, &plain, "Sample Wire", "2022-05-03");
    add(&mut case, &file("other.png", &scene(4), ImageFormat::Png), "Sample Wire", "2021-01-01");
    // Asked once, so that the index must take in what comes after.
    assert_eq!(case.find_picture(&plain.bytes, Quotes::AsTheyStand).unwrap().sightings.len(), 2);
    add(&mut case, &file("part.jpg", &whole.crop_imm(60, 40, 280, 220), ImageFormat::Jpeg), "Channel", "2024-12-27");
    let found = case.find_picture(&file("x.jpg", &small, ImageFormat::Jpeg).bytes, Quotes::AsTheyStand).unwrap();
    let seen: Vec<(&str, &str, &str)> = found
        .sightings
        .iter()
        .map(|sighting| (sighting.time.as_str(), sighting.name.as_str(), sighting.how.kind.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("2022-05-03", "a.png", "same-picture"),
            ("2024-12-27", "part.jpg", "part"),
            ("2024-12-28", "mirrored.png", "mirrored-or-turned")
        ]
    );
    let page =
        case.picture_page(&case.picture_id(&sha256(&plain.bytes)[..8]).unwrap(), crate::case::Quotes::AsTheyStand).unwrap();
    assert_eq!((page.facts.width, page.facts.height, page.facts.format.as_deref()), (Some(400), Some(300), Some("PNG")));
    assert_eq!(page.cluster.len(), 2);
    assert_eq!(page.sightings[0].how.kind, "same-bytes");
}

#[test]
fn the_same_again_adds_nothing_and_a_rebuild_finds_the_same() {
    let (_folder, mut case) = case();
    let picture = file("a.png", &scene(5), ImageFormat::Png);
    assert!(add(&mut case, &picture, "Sample Wire", "2022").new);
    assert!(!add(&mut case, &picture, "Sample Wire", "2022").new);
    assert!(add(&mut case, &picture, "Sample Times", "2023").new);
    let before = case.find_picture(&picture.bytes, Quotes::AsTheyStand).unwrap();
    assert_eq!(case.rebuild(&mut |_| ()).unwrap().pictures, 1);
    assert_eq!(case.find_picture(&picture.bytes, Quotes::AsTheyStand).unwrap(), before);
    assert_eq!(before.sightings.len(), 2);
}

/// Pictures of the case that a page lists as alike, by how.
fn cluster(case: &Case, file: &MediaFile) -> Vec<(String, String)> {
    let page = case.picture_page(&sha256(&file.bytes), crate::case::Quotes::AsTheyStand).unwrap();
    let mut all: Vec<_> = page.cluster.into_iter().map(|other| (other.sha256, other.how.kind)).collect();
    all.sort();
    all
}

fn cluster_number(case: &Case, file: &MediaFile) -> Option<u64> {
    let reader = case.book.read();
    reader.cluster_of(reader.picture_number(&sha256(&file.bytes)).unwrap().unwrap()).unwrap()
}

#[test]
fn a_cluster_joined_through_a_third_picture_is_the_same_after_a_rebuild() {
    let (_folder, mut case) = case();
    let whole = scene(8);
    let left = file("left.png", &whole.crop_imm(0, 0, 200, 300), ImageFormat::Png);
    let right = file("right.png", &whole.crop_imm(200, 0, 200, 300), ImageFormat::Png);
    let (both, other) = (file("both.png", &whole, ImageFormat::Png), file("other.png", &scene(9), ImageFormat::Png));
    for (picture, day) in [(&left, "2022-01-01"), (&right, "2023-01-01"), (&other, "2023-02-01")] {
        add(&mut case, picture, "Sample Wire", day);
    }
    assert_eq!(cluster(&case, &left), []);
    assert_ne!(cluster_number(&case, &left), cluster_number(&case, &right));
    add(&mut case, &both, "Sample Wire", "2024-01-01");
    let hash = |file: &MediaFile| sha256(&file.bytes);
    let check = |case: &Case| {
        let listed = |mut all: Vec<(String, &str)>| -> Vec<(String, String)> {
            all.sort();
            all.into_iter().map(|(sha256, kind)| (sha256, kind.to_owned())).collect()
        };
        assert_eq!(cluster(case, &both), listed(vec![(hash(&left), "part"), (hash(&right), "part")]));
        assert_eq!(cluster(case, &left), listed(vec![(hash(&both), "part"), (hash(&right), "through-others")]));
        assert_eq!(cluster(case, &other), []);
        assert_eq!(cluster_number(case, &left), cluster_number(case, &right));
        assert_ne!(cluster_number(case, &left), cluster_number(case, &other));
    };
    check(&case);
    let page = case.picture_page(&hash(&left), crate::case::Quotes::AsTheyStand).unwrap();
    let first_seen: Vec<Option<&str>> = page.cluster.iter().map(|other| other.first_seen.as_deref()).collect();
    assert_eq!(first_seen, [Some("2024-01-01"), Some("2023-01-01")]);
    assert_eq!(page.cluster[1].how_in_words, "alike through others");
    // Seen directly: the picture itself, and the one that shows it whole.
    assert_eq!(page.sightings.len(), 2);
    let before: Vec<_> = [&left, &right, &both, &other].map(|file| cluster_number(&case, file)).into();
    assert_eq!(case.rebuild(&mut |_| ()).unwrap().pictures, 4);
    check(&case);
    let after: Vec<_> = [&left, &right, &both, &other].map(|file| cluster_number(&case, file)).into();
    assert_eq!(before, after);
}

#[test]
fn of_a_transaction_that_is_rolled_back_nothing_is_found() {
    let (_folder, mut case) = case();
    let (one, two) = (file("one.png", &scene(10), ImageFormat::Png), file("two.jpg", &scene(10), ImageFormat::Jpeg));
    add(&mut case, &one, "Sample Wire", "2022");
    let (looked, _) = case.look_at_new([("two.jpg", two.bytes.as_slice())]).unwrap();
    let stamp = case.stamp();
    let failed: Result<(), CaseError> = case.book.write(|writer| {
        let sighting = dateline_casebook::NewSighting { name: "two.jpg", bytes: &two.bytes, ..Default::default() };
        writer.add_sighting(&sighting, &stamp)?;
        put_all(writer, &looked)?;
        assert_eq!(writer.likenesses(2, 9)?.len(), 1);
        Err(CaseError::Missing("the rest".to_owned()))
    });
    assert!(failed.is_err());
    assert_eq!(cluster(&case, &one), []);
    assert_eq!(case.find_picture(&two.bytes, Quotes::AsTheyStand).unwrap().sightings.len(), 1);
    // The number is free again: another picture takes it, and nothing is mixed up.
    let other = file("other.png", &scene(11), ImageFormat::Png);
    add(&mut case, &other, "Sample Wire", "2022");
    assert_eq!(cluster(&case, &one), []);
    add(&mut case, &two, "Sample Wire", "2023");
    assert_eq!(cluster(&case, &one), [(sha256(&two.bytes), "same-picture".to_owned())]);
    assert_eq!(cluster(&case, &other), []);
}

#[test]
fn a_picture_in_two_reports_is_one() {
    let (_folder, mut case) = case();
    let picture = file("a.png", &scene(12), ImageFormat::Png);
    let (looked, _) = case.look_at_new([("a.png", picture.bytes.as_slice()); 2]).unwrap();
    let stamp = case.stamp();
    case.book
        .write::<_, CaseError>(|writer| {
            for name in ["One.", "Two."] {
                let report = dateline_record::Report { text: name.to_owned(), ..Default::default() };
                let new = dateline_casebook::NewReport {
                    report: &report,
                    provenance: &Default::default(),
                    original: name.as_bytes(),
                    media_type: None,
                };
                let id = writer.add_report(&new, &stamp)?.id;
                writer.add_medium(id, "a.png", &picture.bytes, &stamp)?;
                put_all(writer, &looked)?;
            }
            Ok(())
        })
        .unwrap();
    let page = case.picture_page(&sha256(&picture.bytes), crate::case::Quotes::AsTheyStand).unwrap();
    let reports: Vec<Option<&str>> = page.sightings.iter().map(|sighting| sighting.report.as_deref()).collect();
    assert_eq!(reports, [Some("r1"), Some("r2")]);
    assert_eq!((page.cluster, looked.len()), (Vec::new(), 1));
    let found = case.find_picture(&file("b.jpg", &scene(12), ImageFormat::Jpeg).bytes, Quotes::AsTheyStand).unwrap();
    assert_eq!(found.sightings.len(), 2);
}

#[test]
fn of_very_many_likenesses_the_best_and_the_first_are_kept() {
    let (_folder, mut case) = case();
    let stamp = case.stamp();
    let looked = case.pictures.eyes.look(&file("a.png", &scene(13), ImageFormat::Png).bytes).unwrap();
    case.book
        .write::<_, CaseError>(|writer| {
            for nth in 0..60_u8 {
                let sighting = dateline_casebook::NewSighting { name: "a.png", bytes: &[nth], ..Default::default() };
                writer.add_sighting(&sighting, &stamp)?;
                let mut row = dateline_casebook::PictureRow { sha256: sha256(&[nth]), ..looked.clone() };
                // The first differs more from the last than the others do.
                if let (0, Some(pdq)) = (nth, &mut row.pdq) {
                    pdq[7] ^= 0xff;
                }
                put_all(writer, &[row])?;
            }
            let last = writer.likenesses(60, 999)?;
            assert_eq!(last.len(), 32);
            assert_eq!(last.iter().map(|row| row.picture.id).max(), Some(32));
            assert_eq!(last.iter().map(|row| row.picture.id).min(), Some(1));
            assert_eq!(writer.cluster(writer.cluster_of(60)?.unwrap(), 0, 999)?.len(), 60);
            Ok(())
        })
        .unwrap();
}

#[test]
fn pictures_that_an_older_version_left_are_filed_with_the_next() {
    let (_folder, mut case) = case();
    let (one, two) = (file("one.png", &scene(14), ImageFormat::Png), file("two.png", &scene(15), ImageFormat::Png));
    add(&mut case, &one, "Sample Wire", "2022");
    case.book.write::<_, CaseError>(|writer| Ok(writer.clear_likenesses()?)).unwrap();
    let asked = file("x.jpg", &scene(14), ImageFormat::Jpeg).bytes;
    assert_eq!(case.find_picture(&asked, Quotes::AsTheyStand).unwrap().sightings.len(), 0);
    add(&mut case, &two, "Sample Wire", "2022");
    assert_eq!(case.find_picture(&asked, Quotes::AsTheyStand).unwrap().sightings.len(), 1);
}

#[test]
fn err_what_can_t_be_decoded_is_kept_with_the_reason() {
    let (_folder, mut case) = case();
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bomb.extend([0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 6, 0, 0, 0, 0, 0, 0, 0]);
    let named =
        |name: &str, bytes: &[u8]| MediaFile { name: name.to_owned(), bytes: bytes.to_vec(), video: false, modified: None };
    let added = add(&mut case, &named("bomb.png", &bomb), "Channel", "2024");
    assert!(added.failure.is_some(), "{added:?}");
    let added = add(&mut case, &named("note.jpg", b"no picture at all"), "Channel", "2024");
    assert_eq!(added.failure.as_deref(), Some("this is no picture in a known format"));
    // By its bytes it is found all the same.
    assert_eq!(case.find_picture(&bomb, Quotes::AsTheyStand).unwrap().sightings[0].name, "bomb.png");
    assert!(matches!(case.picture_id("12"), Err(CaseError::PictureId(_))));
    assert!(matches!(case.picture_id("ffffffffffff"), Err(CaseError::Missing(_))));
}

/// A program that stands in for another: what the script says, run by a shell.
#[cfg(unix)]
fn program(folder: &std::path::Path, name: &str, script: &str) -> std::path::PathBuf {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    let path = folder.join(name);
    // A child writes it: a file that this process has open for writing can't be run while another test starts a child.
    let mut writer = Command::new("/bin/sh");
    writer.args(["-c", "cat > \"$0\" && chmod 755 \"$0\""]).arg(&path).stdin(Stdio::piped());
    let mut writer = writer.spawn().unwrap();
    writer.stdin.take().unwrap().write_all(format!("#!/bin/sh\n{script}\n").as_bytes()).unwrap();
    assert!(writer.wait().unwrap().success());
    path
}

/// Options for frames that are those of pictures at hand: the first at 0 s, the second at 3.5 s.
#[cfg(unix)]
fn frames_of(folder: &std::path::Path, frames: &[&DynamicImage]) -> dateline_media::FrameOptions {
    let mut script = String::new();
    for (nth, frame) in frames.iter().enumerate() {
        let path = folder.join(format!("frame{nth}.jpg"));
        frame.save(&path).unwrap();
        script += &format!("cp {} {:06}.jpg\n", path.display(), nth + 1);
        script += &format!("echo '[Parsed_showinfo_1 @ 0x1] n: {nth} pts: 0 pts_time:{} duration: 1' >&2\n", nth as f32 * 3.5);
    }
    dateline_media::FrameOptions { program: program(folder, "ffmpeg", &script), ..dateline_media::FrameOptions::default() }
}

#[cfg(unix)]
#[test]
fn a_frame_was_seen_wherever_its_video_was() {
    let (folder, mut case) = case();
    let (one, two) = (scene(6), scene(7));
    case = case.video_frames(Some(frames_of(folder.path(), &[&one, &two])));
    let film = MediaFile { name: "film.mp4".to_owned(), bytes: b"\0\0\0\x18ftypisom film".to_vec(), video: true, modified: None };
    assert_eq!(add(&mut case, &film, "Sample Wire", "2024-12-27").frames, Some(Ok(2)));
    // Shown by another: the frames are there, and were seen there too.
    assert_eq!(add(&mut case, &film, "Sample Times", "2022-05-03").frames, Some(Ok(0)));
    let found = case.find_picture(&file("b.png", &two, ImageFormat::Png).bytes, Quotes::AsTheyStand).unwrap();
    let seen: Vec<_> = found
        .sightings
        .iter()
        .map(|seen| (seen.time.as_str(), seen.outlet.as_deref().unwrap(), seen.name.as_str(), seen.at_ms))
        .collect();
    assert_eq!(
        seen,
        [("2022-05-03", "Sample Times", "film.mp4", Some(3_500)), ("2024-12-27", "Sample Wire", "film.mp4", Some(3_500))]
    );
    assert_eq!(found.sightings[0].video, Some(sha256(&film.bytes)));
    let mut faults = Vec::new();
    case.verify(true, &mut |fault| faults.push(fault)).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
}

#[cfg(unix)]
#[test]
fn a_video_that_came_before_ffmpeg_did_gets_its_frames_with_a_rebuild() {
    let (folder, case) = case();
    let missing = dateline_media::FrameOptions { program: "/nowhere/ffmpeg".into(), ..dateline_media::FrameOptions::default() };
    let mut case = case.video_frames(Some(missing));
    let film = MediaFile { name: "film.mp4".to_owned(), bytes: b"\0\0\0\x18ftypisom film".to_vec(), video: true, modified: None };
    let added = add(&mut case, &film, "Sample Wire", "2024-12-27");
    assert_eq!((added.new, added.frames), (true, Some(Err("/nowhere/ffmpeg is not installed".to_owned()))));
    let rebuilt = case.rebuild(&mut |_| ()).unwrap();
    assert_eq!((rebuilt.frames, rebuilt.without_frames), (0, 1));
    assert_eq!(rebuilt.why_without_frames.as_deref(), Some("/nowhere/ffmpeg is not installed"));
    // Alike frames of one video are one sighting.
    let still = scene(6);
    let mut case = case.video_frames(Some(frames_of(folder.path(), &[&still, &still.thumbnail(390, 290)])));
    let rebuilt = case.rebuild(&mut |_| ()).unwrap();
    assert_eq!((rebuilt.frames, rebuilt.without_frames, rebuilt.pictures), (2, 0, 0));
    assert_eq!(
        case.find_picture(&file("a.png", &still, ImageFormat::Png).bytes, Quotes::AsTheyStand).unwrap().sightings.len(),
        1
    );
    let rebuilt = case.rebuild(&mut |_| ()).unwrap();
    assert_eq!((rebuilt.frames, rebuilt.pictures), (0, 2));
}

/// Options for text that is found by a script.
#[cfg(unix)]
fn text_by(folder: &std::path::Path, script: &str) -> dateline_media::OcrOptions {
    dateline_media::OcrOptions { program: program(folder, "tesseract", script), ..dateline_media::OcrOptions::default() }
}

#[cfg(unix)]
#[test]
fn text_in_a_picture_is_kept_and_shown() {
    let (folder, case) = case();
    // It gets pixels as they are, in a size in which print can be read.
    let script = "head -c 15 picture | head -n 1 > found.tsv.tmp\n\
        test \"$(cat found.tsv.tmp)\" = 'P6 400 300 255' || exit 1\n\
        printf '5\\t1\\t1\\t1\\t1\\t1\\t10\\t10\\t50\\t20\\t96\\tSAMPLETON\\n' > found.tsv";
    let mut case = case.picture_text(Some(text_by(folder.path(), script)));
    let picture = file("a.png", &scene(3), ImageFormat::Png);
    add(&mut case, &picture, "Sample Wire", "2024");
    let page = |case: &Case| case.picture_page(&sha256(&picture.bytes), crate::case::Quotes::AsTheyStand).unwrap();
    let shown = page(&case);
    assert_eq!(shown.words, Some(PictureWords { text: "SAMPLETON".to_owned(), confidence: Some(96) }));
    let words = crate::render::media::picture(&shown, 100, false);
    assert!(words.contains("“SAMPLETON”") && words.contains("96 % sure"), "{words}");
    // Turned off, nothing is looked for; and that is said.
    let mut case = case.picture_text(None);
    case.rebuild(&mut |_| ()).unwrap();
    assert_eq!(page(&case).words, None);
    let words = crate::render::media::picture(&page(&case), 100, false);
    assert!(words.contains("not looked for"), "{words}");
}

#[cfg(unix)]
#[test]
fn err_a_program_that_fails_on_text_costs_no_picture() {
    let (folder, case) = case();
    let picture = file("a.png", &scene(3), ImageFormat::Png);
    let options = text_by(folder.path(), "echo 'no such language' >&2; exit 1");
    let mut case = case.picture_text(Some(options));
    let added = add(&mut case, &picture, "Sample Wire", "2024");
    assert_eq!(added.failure, None);
    let said = added.unread.unwrap();
    assert!(said.starts_with("1 picture could not be looked at for text") && said.ends_with("no such language"), "{said}");
    let options =
        dateline_media::OcrOptions { time: std::time::Duration::from_millis(100), ..text_by(folder.path(), "exec sleep 30") };
    let mut case = case.picture_text(Some(options));
    assert!(case.rebuild(&mut |_| ()).unwrap().unread.unwrap().contains("was ended after"));
    let mut case =
        case.picture_text(Some(dateline_media::OcrOptions { program: "/nowhere/tesseract".into(), ..Default::default() }));
    assert_eq!(case.rebuild(&mut |_| ()).unwrap().unread, None);
    assert_eq!(case.find_picture(&picture.bytes, Quotes::AsTheyStand).unwrap().sightings.len(), 1);
}
