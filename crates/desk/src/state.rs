use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use dateline::Dateline;
use dateline::case::{Case, CaseError, Overview, SourcePage, Sources};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::accounts::{Account, AccountError, Accounts, Attempts, secret};
use crate::recent::Recent;
use crate::visit::{Role, Viewer, Way};
use crate::{Error, ReaderMaker, Tiles, guard};

/// Connections that are kept open for the next question.
const KEPT: usize = 16;

/// Streams of news that may be open at a time.
const LISTENERS: usize = 200;

/// How a desk is set up.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// In whose name decisions are made.
    pub by: String,
    /// Host names that it answers to besides those of this machine's own loopback, with the port where one is given.
    pub hosts: Vec<String>,
    /// Whether people come in with name and password (see [`crate::accounts`]); else it is one person's, who may do everything.
    pub users: bool,
    /// Whether it is reached over HTTPS, through a proxy: browsers then keep its cookie from plain HTTP.
    pub https: bool,
    /// What reads reports that are brought in on the desk; none: they can't be.
    pub reader: Option<ReaderMaker>,
    /// A tile server that the map asks for pictures; none: the map comes from the desk alone.
    pub tiles: Option<Tiles>,
    /// Where pictures of reports that are brought in are decoded.
    pub decoding: dateline::case::Decoding,
    /// How text in these pictures is looked for; none where that is not wanted.
    pub text: Option<dateline::media::OcrOptions>,
    /// Whose signatures of their content credentials are trusted; none: nobody's.
    pub trust: Option<dateline::media::TrustList>,
}

/// A case with what the pages need.
#[derive(Debug)]
pub struct Desk {
    dir: PathBuf,
    name: String,
    settings: Settings,
    /// What pages may load, as each answer says it.
    policy: HeaderValue,
    readers: Mutex<Vec<Case>>,
    /// Questions at a time: more would only wait for each other.
    asking: Semaphore,
    /// One export at a time.
    pub(crate) exporting: tokio::sync::Mutex<()>,
    /// One change at a time.
    changing: tokio::sync::Mutex<()>,
    /// Stands in every form of a desk without accounts, so that no other site can make one.
    token: String,
    accounts: Accounts,
    /// Tries to come in.
    attempts: Mutex<Attempts>,
    /// Passwords that are hashed at a time: each takes memory.
    hashing: Semaphore,
    /// Events by when and where, as timelines and maps ask for them.
    pub(crate) overviews: Recent<Overview>,
    /// How the reports of outlets fared.
    pub(crate) outlets: Recent<SourcePage>,
    /// The same for lists of them.
    pub(crate) outlet_lists: Recent<Sources>,
    /// One upload at a time.
    pub(crate) adding: tokio::sync::Mutex<()>,
    pub(crate) dateline: Mutex<Option<Arc<Dateline>>>,
    /// Streams of news that are open.
    listeners: Arc<Semaphore>,
    /// Turns true when the desk closes: streams end then.
    closed: tokio::sync::watch::Sender<bool>,
}

impl Desk {
    /// A desk over the case in a folder.
    ///
    /// # Errors
    /// When there is no case, or it can't be opened.
    pub fn open(dir: &Path, settings: Settings) -> Result<Arc<Self>, Error> {
        // Once for writing: an older case is brought up to date, and what an interrupted transaction left is cleared up.
        Case::open(dir, &settings.by)?;
        let case = Case::read_only(dir)?;
        let name = case.info()?.name;
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
        let policy = guard::policy(settings.tiles.as_ref()).map_err(|_| Error::Internal)?;
        Ok(Arc::new(Self {
            policy,
            dir: dir.to_owned(),
            name,
            settings,
            readers: Mutex::new(vec![case]),
            asking: Semaphore::new(2 * cores),
            exporting: tokio::sync::Mutex::new(()),
            changing: tokio::sync::Mutex::new(()),
            token: secret()?,
            accounts: Accounts::open(dir)?,
            attempts: Mutex::new(Attempts::new(Instant::now())),
            hashing: Semaphore::new(1),
            overviews: Recent::new(Duration::from_secs(2)),
            outlets: Recent::new(Duration::from_secs(60)),
            outlet_lists: Recent::new(Duration::from_secs(60)),
            adding: tokio::sync::Mutex::new(()),
            dateline: Mutex::new(None),
            listeners: Arc::new(Semaphore::new(LISTENERS)),
            closed: tokio::sync::watch::Sender::new(false),
        }))
    }

    /// The case's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Who asks, where the desk is one person's: they may do everything.
    pub(crate) fn alone(&self) -> Viewer {
        Viewer { name: self.settings.by.clone(), role: Role::Admin, token: self.token.clone(), way: Way::Alone }
    }

    /// Whether people come in with name and password.
    pub(crate) fn has_accounts(&self) -> bool {
        self.settings.users
    }

    pub(crate) fn is_https(&self) -> bool {
        self.settings.https
    }

    /// What pages may load.
    pub(crate) fn policy(&self) -> &HeaderValue {
        &self.policy
    }

    /// The tile server that the map asks, if any.
    pub(crate) fn tiles(&self) -> Option<&Tiles> {
        self.settings.tiles.as_ref()
    }

    /// The folder of the case.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn reader_maker(&self) -> Option<&ReaderMaker> {
        self.settings.reader.as_ref()
    }

    /// A case with what it looks at pictures with.
    pub(crate) fn seeing(&self, case: dateline::case::Case) -> dateline::case::Case {
        case.decoding(self.settings.decoding.clone())
            .picture_text(self.settings.text.clone())
            .trusting(self.settings.trust.clone())
    }

    /// Forgets what was answered lately, as something was recorded here.
    pub(crate) fn forget(&self) {
        self.overviews.forget();
        self.outlets.forget();
        self.outlet_lists.forget();
    }

    /// A place among those who listen to the news.
    pub(crate) fn listen(&self) -> Result<OwnedSemaphorePermit, Error> {
        Arc::clone(&self.listeners).try_acquire_owned().map_err(|_| Error::Crowded)
    }

    /// Ends streams of news, so that the process can end.
    pub(crate) fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Waits until the desk closes.
    pub(crate) async fn closing(&self) {
        // An error means that the desk is gone.
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }

    /// The account of this name and password.
    pub(crate) async fn come_in(self: &Arc<Self>, name: String, password: String) -> Result<Account, Error> {
        let attempts = || self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts().begin(&name, Instant::now()).map_err(|wait| Error::Wait(wait.as_secs() + 1))?;
        let _turn = self.hashing.acquire().await.map_err(|_| Error::Internal)?;
        let asked = name.clone();
        match self.accounts(move |accounts| accounts.check(&asked, &password)).await? {
            Some(account) => {
                attempts().succeeded(&name);
                Ok(account)
            }
            None => {
                attempts().failed(&name, Instant::now());
                Err(Error::ComeIn("name or password is wrong"))
            }
        }
    }

    /// Asks or changes the accounts, on a thread where waiting for the disk keeps nobody up.
    pub(crate) async fn accounts<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Accounts) -> Result<T, AccountError> + Send + 'static,
    ) -> Result<T, Error> {
        let desk = Arc::clone(self);
        let work = move || Ok(work(&desk.accounts)?);
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Internal)?
    }

    /// Whether it is meant by a host header.
    pub(crate) fn answers_to(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.rsplit_once(':').map_or(host, |(name, _)| name),
        };
        matches!(name, "localhost" | "127.0.0.1" | "::1")
            || self.settings.hosts.iter().any(|other| other == host || other == name)
    }

    /// Asks the case, on a thread where waiting for the disk keeps nobody up.
    pub(crate) async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&Case) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _turn = self.asking.acquire().await.map_err(|_| Error::Internal)?;
        let desk = Arc::clone(self);
        let work = move || {
            let kept = desk.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let case = match kept {
                Some(case) => case,
                None => desk.seeing(Case::read_only(&desk.dir)?),
            };
            let answer = question(&case);
            let mut readers = desk.readers.lock().unwrap_or_else(PoisonError::into_inner);
            if readers.len() < KEPT {
                readers.push(case);
            }
            answer
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Internal)?
    }

    /// Changes the case in the name of `by`; when this returns, the change is on disk.
    pub(crate) async fn change<T: Send + 'static>(
        self: &Arc<Self>,
        by: String,
        change: impl FnOnce(&mut Case) -> Result<T, CaseError> + Send + 'static,
    ) -> Result<T, Error> {
        let _turn = self.changing.lock().await;
        let desk = Arc::clone(self);
        let work = move || {
            let changed = change(&mut Case::open(&desk.dir, &by)?)?;
            desk.forget();
            Ok(changed)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Internal)?
    }
}
