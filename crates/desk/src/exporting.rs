//! Making exports: an archive of the data and its manifest, kept on record before it leaves.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use dateline::case::{EventFilter, Exported};
use dateline::export::Format;
use futures_util::stream::try_unfold;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::Error;
use crate::visit::Visit;

/// What a download is.
pub(crate) const ZIP: &str = "application/zip";
/// Bytes that are sent at a time.
const CHUNK: usize = 64 << 10;

/// An export that somebody wants.
pub(crate) struct Wanted {
    pub(crate) format: Format,
    pub(crate) filter: EventFilter,
    /// With the names of protected persons that reviewers released.
    pub(crate) released: bool,
}

impl Wanted {
    /// Makes it, keeps it on record and gives it as a download.
    pub(crate) async fn download(self, visit: &Visit) -> Result<Response, Error> {
        let Self { format, filter, released } = self;
        let query = filter.query()?;
        let words = filter.words();
        let by = visit.viewer.name.clone();
        // In the folder of the case: there is room for it, which a folder for temporary files in memory may not have.
        let archive = tempfile::tempfile_in(visit.desk.dir()).map_err(|_| Error::Internal)?;
        let _turn = visit.desk.exporting.lock().await;
        let (exported, file, bytes) = visit
            .ask(move |case| {
                let name = format!("events.{}", format.extension());
                let mut archive = ZipWriter::new(archive);
                let options = SimpleFileOptions::default().large_file(true);
                archive.start_file(&name, options).map_err(|_| Error::Internal)?;
                let exported = case.write_export(&by, format, query, &words, released, &name, &mut archive)?;
                let (file, bytes) = finish(archive, &name, &exported).map_err(|_| Error::Internal)?;
                Ok((exported, file, bytes))
            })
            .await?;
        // Nothing leaves that is not on record.
        visit.change(move |case| case.note_export(&exported)).await?;
        let headers = [
            (header::CONTENT_TYPE, ZIP.to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"events-{}.zip\"", format.name())),
            (header::CONTENT_LENGTH, bytes.to_string()),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ];
        Ok((headers, Body::from_stream(try_unfold(file, chunk))).into_response())
    }
}

/// Adds the manifest and gives the archive from its beginning, with its length.
fn finish(mut archive: ZipWriter<File>, name: &str, exported: &Exported) -> io::Result<(File, u64)> {
    archive.start_file(format!("{name}.manifest.json"), SimpleFileOptions::default())?;
    archive.write_all(exported.manifest.to_json()?.as_bytes())?;
    let mut file = archive.finish()?;
    let bytes = file.stream_position()?;
    file.rewind()?;
    Ok((file, bytes))
}

/// The next bytes of a file.
async fn chunk(mut file: File) -> io::Result<Option<(Vec<u8>, File)>> {
    let read = move || {
        let mut bytes = vec![0; CHUNK];
        let length = file.read(&mut bytes)?;
        bytes.truncate(length);
        Ok((length > 0).then_some((bytes, file)))
    };
    tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
}
