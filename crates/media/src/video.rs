//! Key frames of videos, by ffmpeg where the machine has it.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::program::{ProgramError, read_bounded, run};

/// Formats of videos that are read. Playlists are none of them: they name other files, which a hostile one would have us show.
const FORMATS: &str = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg,gif,asf";

/// Most memory that ffmpeg may ask for at once, in bytes.
const MAX_ALLOCATION: u32 = 512 << 20;

/// Largest frame in bytes, packed.
const MAX_FRAME: u64 = 8 << 20;

/// Most bytes of all frames of a video together; what comes after is left out.
const MAX_FRAMES: u64 = 64 << 20;

/// How frames are taken from a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameOptions {
    /// The program, by name or path.
    pub program: PathBuf,
    /// How long it may take.
    pub time: Duration,
    /// Most frames.
    pub frames: u32,
    /// Longer side of a frame in pixels; smaller ones stay as they are.
    pub side: u32,
    /// Least time between two frames: videos of telephones have a key frame every second.
    pub spacing: Duration,
}

impl Default for FrameOptions {
    fn default() -> Self {
        Self {
            program: PathBuf::from("ffmpeg"),
            time: Duration::from_secs(60),
            frames: 60,
            side: 1_280,
            spacing: Duration::from_secs(2),
        }
    }
}

/// A frame of a video that stands for what comes after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFrame {
    /// When in the video it stands, where ffmpeg said so.
    pub at: Option<Duration>,
    /// The frame as JPEG.
    pub jpeg: Vec<u8>,
}

/// Key frames of a video in their order, from its beginning on, up to the number that is asked for.
///
/// It runs as a child process that may read nothing but the video: no network, no playlists, no files of the user's; on Linux with limits
/// of memory and processor time.
///
/// # Errors
/// When ffmpeg is not there, fails, finds no frames, or takes too long.
pub fn key_frames(video: &[u8], options: &FrameOptions) -> Result<Vec<KeyFrame>, ProgramError> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("video"), video)?;
    let side = options.side.clamp(16, 8_192);
    let filter = format!(
        "select='isnan(prev_selected_t)+gte(t-prev_selected_t,{}.{:03})',showinfo,settb=1,setpts=N,\
         scale=w='min({side},iw)':h='min({side},ih)':force_original_aspect_ratio=decrease",
        options.spacing.as_secs(),
        options.spacing.subsec_millis(),
    );
    let mut command = Command::new(&options.program);
    command
        .args(["-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-max_alloc", &MAX_ALLOCATION.to_string()])
        .args(["-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS, "-threads", "1"])
        .args(["-skip_frame", "nokey", "-i", "file:video"])
        .args(["-map", "0:v:0", "-an", "-sn", "-dn", "-map_metadata", "-1", "-vf", &filter, "-r", "1"])
        .args(["-frames:v", &options.frames.max(1).to_string(), "-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p"])
        .args(["-threads", "1", "-f", "image2", "file:%06d.jpg"]);
    let said = run(command, folder.path(), options.time)?;
    let times = times(&said);
    let mut frames = Vec::new();
    let mut room = MAX_FRAMES;
    // A last frame that lasts long is written more than once.
    let shown = u32::try_from(times.len()).ok().filter(|shown| *shown > 0).unwrap_or(u32::MAX);
    for number in 1..=options.frames.max(1).min(shown) {
        let path = folder.path().join(format!("{number:06}.jpg"));
        if !path.is_file() {
            break;
        }
        let at = usize::try_from(number - 1).ok().and_then(|index| times.get(index).copied());
        let jpeg = read_bounded(&path, MAX_FRAME)?;
        let Some(left) = room.checked_sub(jpeg.len() as u64) else { break };
        room = left;
        frames.push(KeyFrame { at, jpeg });
    }
    if frames.is_empty() {
        let program = options.program.to_string_lossy().into_owned();
        return Err(ProgramError::Failed { program, message: "it found no frames".to_owned() });
    }
    Ok(frames)
}

/// The times of frames in what ffmpeg's `showinfo` says.
fn times(said: &str) -> Vec<Duration> {
    let seconds = |line: &str| {
        let (_, rest) = line.split_once("pts_time:")?;
        let seconds: f64 = rest.split_whitespace().next()?.parse().ok()?;
        Duration::try_from_secs_f64(seconds).ok()
    };
    said.lines().filter(|line| line.contains("showinfo")).filter_map(seconds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn err_it_is_not_installed() {
        let options = FrameOptions { program: "/nowhere/ffmpeg".into(), ..FrameOptions::default() };
        let error = key_frames(b"x", &options).unwrap_err();
        assert!(matches!(error, ProgramError::NotInstalled { .. }), "{error}");
        assert_eq!(error.to_string(), "/nowhere/ffmpeg is not installed");
    }

    #[cfg(unix)]
    mod with_a_program_of_our_own {
        use super::*;
        use crate::program::fake;

        fn frames(script: &str, change: impl FnOnce(&mut FrameOptions)) -> Result<Vec<KeyFrame>, ProgramError> {
            let folder = tempfile::tempdir().unwrap();
            let mut options = FrameOptions { program: fake::program(folder.path(), script), ..FrameOptions::default() };
            change(&mut options);
            key_frames(b"a video", &options)
        }

        #[test]
        fn frames_come_with_their_times() {
            let script = "cp video 000001.jpg; printf second > 000002.jpg\n\
                echo '[Parsed_showinfo_1 @ 0x1] n:   0 pts:      0 pts_time:0       duration: 1' >&2\n\
                echo '[Parsed_showinfo_1 @ 0x1] n:   1 pts:  90000 pts_time:3.5     duration: 1' >&2";
            let frames = frames(script, |_| {}).unwrap();
            assert_eq!(
                frames,
                [
                    KeyFrame { at: Some(Duration::ZERO), jpeg: b"a video".to_vec() },
                    KeyFrame { at: Some(Duration::from_millis(3_500)), jpeg: b"second".to_vec() }
                ]
            );
        }

        #[test]
        fn nothing_but_the_video_may_be_read() {
            let frames = frames("echo \"$@\" > 000001.jpg; env >> 000001.jpg; ls >> 000001.jpg", |_| {}).unwrap();
            let seen = String::from_utf8(frames[0].jpeg.clone()).unwrap();
            assert!(seen.contains("-protocol_whitelist file,pipe -format_whitelist mov,"), "{seen}");
            assert!(!seen.contains("HOME=") && !seen.contains("hls") && !seen.contains("concat"), "{seen}");
        }

        #[test]
        fn err_it_fails_finds_nothing_or_takes_too_long() {
            let error = frames("echo 'first line' >&2; echo 'Invalid data found' >&2; exit 1", |_| {}).unwrap_err();
            assert!(error.to_string().ends_with("failed: Invalid data found"), "{error}");
            assert!(frames("exit 0", |_| {}).unwrap_err().to_string().ends_with("it found no frames"));
            let error = frames("exec sleep 30", |options| options.time = Duration::from_millis(50)).unwrap_err();
            assert!(matches!(error, ProgramError::TimedOut { .. }), "{error}");
            // What talks without end is not kept, and holds nothing up.
            let script = "head -c 5000000 /dev/zero >&2; printf x > 000001.jpg";
            assert_eq!(frames(script, |_| {}).unwrap().len(), 1);
            assert!(frames("head -c 9000000 /dev/zero > 000001.jpg", |_| {}).is_err());
        }

        #[test]
        fn frames_are_no_more_than_a_video_may_have_in_bytes() {
            let script = "for n in 1 2 3 4 5 6 7 8 9; do head -c 8000000 /dev/zero > 00000$n.jpg; done";
            assert_eq!(frames(script, |_| {}).unwrap().len(), 8);
        }

        #[cfg(target_os = "linux")]
        #[test]
        fn it_has_limits_of_memory_work_and_files() {
            // The limits are set right after the start: the shell says what they are.
            let script = "sleep 0.3; for limit in v t f c; do ulimit -$limit; done > 000001.jpg";
            let said = frames(script, |options| options.time = Duration::from_secs(7)).unwrap();
            let limits: Vec<&str> = std::str::from_utf8(&said[0].jpeg).unwrap().lines().collect();
            // KiB of memory, seconds, blocks of 512 or 1,024 bytes.
            assert_eq!((limits[0], limits[1], limits[3]), ("2097152", "8", "0"));
            assert!(["131072", "65536"].contains(&limits[2]), "{limits:?}");
            let error = frames("sleep 0.3; while :; do :; done", |options| options.time = Duration::from_secs(1)).unwrap_err();
            assert!(matches!(error, ProgramError::TimedOut { .. } | ProgramError::Failed { .. }), "{error}");
            let error = frames("sleep 0.3; head -c 100000000 /dev/zero > 000001.jpg || exit 3", |_| {}).unwrap_err();
            assert!(matches!(error, ProgramError::Failed { .. }), "{error}");
        }
    }

    /// A film of three seconds with a key frame every second, made and read by the real program.
    #[test]
    fn the_real_program_finds_key_frames() {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("ffmpeg")
            .args(["-loglevel", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=duration=3:size=320x240:rate=10"])
            .args(["-g", "10", "-pix_fmt", "yuv420p", "-c:v", "mpeg4", "film.mp4"])
            .current_dir(folder.path())
            .status();
        if !made.is_ok_and(|status| status.success()) {
            eprintln!("skipped: there is no ffmpeg on this machine");
            return;
        }
        let video = std::fs::read(folder.path().join("film.mp4")).unwrap();
        let options = FrameOptions { spacing: Duration::from_secs(1), side: 160, ..FrameOptions::default() };
        let frames = key_frames(&video, &options).unwrap();
        let at: Vec<u128> = frames.iter().filter_map(|frame| frame.at).map(|at| at.as_millis()).collect();
        assert_eq!(at, [0, 1_000, 2_000]);
        assert!(frames.iter().all(|frame| frame.jpeg.starts_with(b"\xff\xd8\xff")));
        // A playlist that names a file of the user's is no video.
        let playlist =
            format!("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{}/film.mp4\n#EXT-X-ENDLIST\n", folder.path().display());
        assert!(key_frames(playlist.as_bytes(), &options).is_err());
    }
}
