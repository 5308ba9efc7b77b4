//! A case: reports brought in, kept, read and corroborated; what they say happened; what people decided.
//!
//! [`Case`] is the only place where the record ([`dateline_casebook`]), the reader and [`dateline_corroborate`] meet. The record is what was
//! brought in and decided, and is never computed again. Everything else (copies, events, their status) is a view over it: it is kept up as
//! reports come in, at a cost that does not grow with the case, and can be thrown away and made anew ([`Case::rebuild`]).

mod add;
mod ask;
mod assess;
mod clock;
mod coding;
mod compare;
mod decide;
mod error;
mod export;
mod filter;
mod history;
mod index;
mod kept;
mod looked;
mod media;
mod news;
mod overview;
mod page;
mod pictures;
mod queue;
mod rebuild;
mod report_filter;
mod reread;
mod sides;
mod source_record;
mod sources;
mod spread;
mod told;
mod unclear;
mod watch;
mod words;

use std::path::Path;

use dateline_casebook::{Casebook, Head, Info, Stamp, Verified, Version};

pub use add::{AddOutcome, Adding, Incoming, Tally};
pub use ask::{Arrival, CaseEvent, CaseParty, CasePlace, Found, FoundReport, Range, Reports, STATUSES, TOLD};
pub use coding::{Coding, CodingTask, Compared, FieldAgreement};
pub use compare::{Alike, Comparison, Stretch, StretchKind};
pub use decide::{Correction, Decision};
pub use error::CaseError;
pub use export::Exported;
pub use filter::{EventFilter, event_sort};
pub use history::{DecisionLine, TakenBack};
pub use kept::{KeptBy, KeptCapture, KeptMedium, KeptOriginal, KeptReading, KeptReport};
pub use looked::{Changed, Looked, NotRead, Since};
pub use media::{EventMedium, MediaCirculation, ShownBy};
pub use news::{News, NewsMark, NewsReport};
pub use overview::{Overview, OverviewBin, OverviewCell, OverviewPlace};
pub use page::{EventPage, Join, Quotes, ReportPage, TellingReport};
pub use pictures::{
    CaptionNames, Decoding, FoundPicture, PictureAdded, PictureCaption, PictureFacts, PictureMatch, PicturePage, PicturePreview,
    PictureSaid, PictureSighting, PictureTelling, PictureWarning, PictureWords, Resembling, Veil, VeilLifted, VeilReason, Wall,
    WallCluster, WallPicture,
};
pub use queue::{Shown, UnderReview};
pub use rebuild::Rebuilt;
pub use report_filter::{REPORT_FIELDS, ReportFilter};
pub use reread::{Change, Reread};
pub use sides::{Account, Given, Held, Link, Other, Told as Telling};
pub use source_record::{SourcePage, SourceRecord, SourceRow, Sources};
pub use sources::Source;
pub use spread::{Lane, Point, Spread, Way, WayKind};
pub use unclear::Unclear;
pub use watch::{Feed, Watched, Watching, fetched};
pub use words::{Proposal, Words};

/// A case, open for work.
#[derive(Debug)]
pub struct Case {
    book: Casebook,
    /// Keeps tags of one case apart from those of another.
    salt: String,
    by: String,
    pictures: pictures::Pictures,
}

impl Case {
    /// Makes a new case in an empty or missing folder.
    ///
    /// # Errors
    /// When the folder holds something, or can't be written.
    pub fn init(dir: &Path, name: &str, by: &str) -> Result<Self, CaseError> {
        let mut book = Casebook::init(dir, name, &clock::now(), by)?;
        book.write(|writer| index::Indexes::new(writer).mark_version())?;
        Self::over(book, by)
    }

    /// Opens a case for reading and writing in the name of `by`.
    ///
    /// # Errors
    /// When there is none, it is of a newer version, or can't be opened; when its views are of another version and must be rebuilt first.
    pub fn open(dir: &Path, by: &str) -> Result<Self, CaseError> {
        let case = Self::open_to_rebuild(dir, by)?;
        index::Indexes::check_version(&case.book.read())?;
        Ok(case)
    }

    /// Opens a case whose views are to be made anew, whatever their version.
    ///
    /// # Errors
    /// When there is none, it is of a newer version, or can't be opened.
    pub fn open_to_rebuild(dir: &Path, by: &str) -> Result<Self, CaseError> {
        Self::over(Casebook::open(dir)?, by)
    }

    /// Opens a case to ask it only.
    ///
    /// # Errors
    /// As [`Case::open`].
    pub fn read_only(dir: &Path) -> Result<Self, CaseError> {
        Self::over(Casebook::read_only(dir)?, "")
    }

    fn over(book: Casebook, by: &str) -> Result<Self, CaseError> {
        let salt = book.info()?.id;
        Ok(Self { book, salt, by: by.to_owned(), pictures: pictures::Pictures::default() })
    }

    /// 128 random bits in hexadecimal that tell this case from every other.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.salt
    }

    /// The time, as records bear it: an RFC 3339 instant in UTC.
    #[must_use]
    pub fn now() -> String {
        clock::now()
    }

    /// Name, size and state of the case.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn info(&self) -> Result<Info, CaseError> {
        Ok(self.book.info()?)
    }

    /// What made the readings of this case, oldest first: versions of program, language model, lexicons and gazetteer.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn versions(&self) -> Result<Vec<Version>, CaseError> {
        Ok(self.book.read().versions()?.into_iter().map(|(_, version)| version).collect())
    }

    /// Where the audit chain ends: it moves with everything that is recorded.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn head(&self) -> Result<Head, CaseError> {
        Ok(self.book.read().head()?)
    }

    /// Checks the record; see [`Casebook::verify`].
    ///
    /// # Errors
    /// When it can't be read at all.
    pub fn verify(&self, deep: bool, found: &mut dyn FnMut(dateline_casebook::Fault)) -> Result<Verified, CaseError> {
        Ok(self.book.verify(deep, found)?)
    }

    fn stamp(&self) -> Stamp {
        Stamp { at: clock::now(), by: self.by.clone() }
    }
}
