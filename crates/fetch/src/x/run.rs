//! One run over a source: passes from the newest tweet down, within limits.
//!
//! At any moment `state` tells exactly of the pages in files and in `batch`, so [`Run::commit`] is right at any moment.

use std::time::Duration;

use reqwest::Url;
use serde_json::Value;
use tokio::time::sleep;
use tracing::{info, warn};

use super::{
    Pulled, Source, Stopped,
    api::Answer,
    limit::Limit,
    page::{Page, complaint},
    state::{Cursor, State},
    store::Batch,
    target::{Target, joined},
};
use crate::{Fault, FetchError, address::label};

pub(super) struct Run<'a> {
    pub(super) pulled: Pulled,
    source: &'a Source,
    state: State,
    saved: State,
    batch: Option<Batch>,
    waited: Duration,
    has_restarted: bool,
}

/// What a question came to.
enum Asked {
    /// A body, and the limit that the next question will meet.
    Body(Vec<u8>, Option<Limit>),
    Stop(Stopped),
    BadRequest(Fault),
}

impl<'a> Run<'a> {
    pub(super) fn new(source: &'a Source) -> Result<Self, FetchError> {
        let state = State::load(&source.folder)?;
        Ok(Self {
            pulled: Pulled::default(),
            source,
            saved: state.clone(),
            state,
            batch: None,
            waited: Duration::ZERO,
            has_restarted: false,
        })
    }

    /// First what an earlier run could not finish, then what is new since it began.
    pub(super) async fn passes(&mut self) -> Result<Option<Stopped>, FetchError> {
        if let Some(stop) = self.resolve().await? {
            return Ok(Some(stop));
        }
        if self.state.unfinished.is_some()
            && let Some(stop) = self.pass().await?
        {
            return Ok(Some(stop));
        }
        self.pass().await
    }

    /// Puts all that has come on the disk: pages first, then the state that tells of them.
    pub(super) fn commit(&mut self) -> Result<(), FetchError> {
        if let Some(batch) = self.batch.take() {
            self.pulled.files.push(batch.commit(&self.source.folder)?);
        }
        if self.state != self.saved {
            self.state.save(&self.source.folder)?;
            self.saved = self.state.clone();
        }
        Ok(())
    }

    async fn pass(&mut self) -> Result<Option<Stopped>, FetchError> {
        let (mut cursor, mut limit) = (self.state.cursor(), None);
        loop {
            if self.pulled.pages >= self.source.max_pages {
                self.settle_for(&cursor);
                return Ok(Some(Stopped::MaxPages));
            }
            if let Some(stop) = self.heed(limit.take()).await? {
                return Ok(Some(stop));
            }
            let body = match self.page(&mut cursor).await? {
                Asked::Body(body, ahead) => {
                    limit = ahead;
                    body
                }
                Asked::Stop(stop) => return Ok(Some(stop)),
                Asked::BadRequest(fault) => return Err(FetchError::Refused(fault)),
            };
            if !self.take(&Page::read(&body).unwrap_or_default(), &mut cursor)? {
                self.state.finish(&cursor);
                return Ok(None);
            }
            self.state.unfinished = Some(cursor.clone());
        }
    }

    /// A first run need not go further into the past; later ones have a gap to close.
    fn settle_for(&mut self, cursor: &Cursor) {
        if self.state.newest_id.is_none() {
            self.state.finish(cursor);
        }
    }

    /// Keeps a page and moves the cursor; whether there is another page with something new.
    fn take(&mut self, page: &Page, cursor: &mut Cursor) -> Result<bool, FetchError> {
        let folder = &self.source.folder;
        if page.has_news(self.state.newest_id) {
            let batch = match self.batch.take() {
                Some(batch) => batch,
                None => Batch::new(folder, (self.source.clock)())?,
            };
            self.batch.insert(batch).push(page)?;
            self.pulled.tweets += page.tweets;
        }
        self.pulled.pages += 1;
        self.pulled.complaints.extend(page.complaint.clone());
        cursor.newest_id = cursor.newest_id.max(page.newest_id);
        cursor.token.clone_from(&page.next_token);
        Ok(cursor.token.is_some() && !page.reaches(self.state.newest_id))
    }

    /// Asks for the page at `cursor`. Should the API not know what we remember, once from the top without it.
    async fn page(&mut self, cursor: &mut Cursor) -> Result<Asked, FetchError> {
        let source = self.source;
        loop {
            let user = self.state.user_id.as_deref();
            let asked = self.ask(source.target.page(&source.api.base, user, cursor)).await?;
            let Asked::BadRequest(fault) = &asked else { return Ok(asked) };
            let remembers = cursor.token.is_some() || cursor.since_id.is_some();
            if self.has_restarted || !remembers {
                return Ok(asked);
            }
            warn!(error = %fault, "the X API does not know our place any more, reading from the top");
            self.has_restarted = true;
            *cursor = Cursor { token: None, since_id: None, ..cursor.clone() };
        }
    }

    /// Asks until the rate limit lets us, or the wait is too long.
    async fn ask(&mut self, url: Url) -> Result<Asked, FetchError> {
        let Source { api, clock, .. } = self.source;
        let mut refusals = 0;
        loop {
            let limit = match api.get(url.clone(), clock).await? {
                Answer::Body(body, limit) => return Ok(Asked::Body(body, limit)),
                Answer::BadRequest(fault) => return Ok(Asked::BadRequest(fault)),
                Answer::Limited(limit) => limit,
            };
            refusals += 1;
            // A limit that claims to be over, and is not, must not make us ask without a pause.
            let wait = limit.wait.max(api.patience.longest(refusals));
            if let Some(stop) = self.heed(Some(Limit { wait, ..limit })).await? {
                return Ok(Asked::Stop(stop));
            }
        }
    }

    /// Waits for a limit, if that is within the bounds. A wait is long enough to be killed in: what we have is put away.
    async fn heed(&mut self, limit: Option<Limit>) -> Result<Option<Stopped>, FetchError> {
        let Some(Limit { until, wait }) = limit else { return Ok(None) };
        if self.waited.saturating_add(wait) > self.source.max_wait {
            return Ok(Some(Stopped::RateLimit { until }));
        }
        self.commit()?;
        info!(?wait, ?until, "waiting for the rate limit of the X API");
        sleep(wait).await;
        self.waited += wait;
        Ok(None)
    }

    /// Finds the number of an account that was named by its handle, once.
    async fn resolve(&mut self) -> Result<Option<Stopped>, FetchError> {
        let Target::Handle(handle) = &self.source.target else { return Ok(None) };
        if self.state.user_id.is_some() {
            return Ok(None);
        }
        let url = joined(&self.source.api.base, &Target::lookup(handle));
        let body = match self.ask(url.clone()).await? {
            Asked::Body(body, _) => body,
            Asked::Stop(stop) => return Ok(Some(stop)),
            Asked::BadRequest(fault) => return Err(FetchError::Refused(fault)),
        };
        self.state.user_id = Some(user_id(&body).ok_or_else(|| no_user(&url, &body))?);
        self.commit()?;
        Ok(None)
    }
}

fn user_id(body: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let id = answer.pointer("/data/id")?.as_str()?;
    id.parse::<u64>().ok().map(|id| id.to_string())
}

fn no_user(url: &Url, body: &[u8]) -> FetchError {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let detail = answer.get("errors").and_then(complaint).unwrap_or_else(|| "no such account".to_owned());
    let hint = Some("correct `user`; accounts can be renamed, suspended or deleted");
    FetchError::Refused(Fault { url: label(url), status: Some(200), detail, hint, ..Fault::default() })
}
