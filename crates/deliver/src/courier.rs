//! **deliver**: a notice to a target, once.

use std::{fmt, sync::atomic::Ordering, time::Duration};

use reqwest::Client;
use serde::Serialize;
use tokio::time::timeout;

use crate::{
    DeliverError, DeliverySettings, Notice, Target, http,
    ledger::{Ledger, Note},
    mail,
    message::message,
    preset::Form,
    request::request,
    retry::{Patience, patiently, pause},
};

/// Delivers; holds no secret.
#[derive(Clone, Debug)]
pub struct Courier {
    http: Client,
    ledger: Ledger,
    patience: Patience,
    attempt: Duration,
    total: Duration,
    now: i64,
}

/// Which report is told.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Name of its files.
    pub slug: &'a str,
    /// Hash of its post.
    pub post: &'a str,
    /// Whether it is told even when it was before.
    pub again: bool,
}

/// What came of telling one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// The target's name.
    pub target: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Parts that the service has taken, now or before.
    pub sent: usize,
    /// Parts of the message.
    pub parts: usize,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every part was taken.
    Delivered,
    /// An earlier run told it.
    Already,
    /// Not, or not all of it; a later run goes on.
    Failed,
}

impl Delivery {
    /// Of a target that could not be told at all.
    pub fn failed(target: &str, error: &impl fmt::Display) -> Self {
        let (target, error) = (target.to_owned(), Some(error.to_string()));
        Self { target, outcome: Outcome::Failed, sent: 0, parts: 0, error }
    }
}

/// A message under way.
struct Bundle<'a> {
    target: &'a Target,
    notice: &'a Notice,
    parts: Vec<String>,
    /// Hash of the message.
    key: String,
}

impl Courier {
    /// Prepares; opens no connection. `now` is the time in milliseconds, for signatures and dates.
    ///
    /// # Errors
    /// When the HTTP client cannot start.
    pub fn new(settings: &DeliverySettings, now: i64) -> Result<Self, DeliverError> {
        let attempt = Duration::from_secs(settings.timeout_seconds);
        Ok(Self {
            http: http::client(attempt)?,
            ledger: Ledger::new(&settings.state),
            patience: Patience {
                retries: settings.retries,
                base: Duration::from_secs(1),
                max_wait: Duration::from_secs(settings.max_wait_seconds),
            },
            attempt,
            total: Duration::from_secs(settings.total_seconds),
            now,
        })
    }

    /// Tells a target of a report, or what is left to tell; never fails, but says so.
    pub async fn deliver(&self, target: &Target, notice: &Notice, report: Report<'_>) -> Delivery {
        let name = target.name().to_owned();
        let mut delivery =
            Delivery { target: name, outcome: Outcome::Failed, sent: 0, parts: 0, error: None };
        match timeout(self.total, self.tell(target, notice, report, &mut delivery)).await {
            Ok(Ok(outcome)) => delivery.outcome = outcome,
            Ok(Err(error)) => delivery.error = Some(error.to_string()),
            Err(_) => delivery.error = Some(format!("gave up after {} s", self.total.as_secs())),
        }
        delivery
    }

    /// Sends a message that is noted nowhere.
    ///
    /// # Errors
    /// When a part is not taken.
    pub async fn test(&self, target: &Target, notice: &Notice) -> Result<usize, DeliverError> {
        let bundle = Bundle::new(target, notice, &self.now.to_string())?;
        let all = async {
            for place in 0..bundle.parts.len() {
                self.part(&bundle, place).await?;
            }
            Ok(bundle.parts.len())
        };
        let late = |_| DeliverError::Unreachable(format!("gave up after {} s", self.total.as_secs()));
        timeout(self.total, all).await.map_err(late)?
    }

    async fn tell(
        &self,
        target: &Target,
        notice: &Notice,
        report: Report<'_>,
        delivery: &mut Delivery,
    ) -> Result<Outcome, DeliverError> {
        let before = self.ledger.read(report.slug, target.name())?;
        let settled = |note: &&Note| {
            note.done() && !report.again && (!target.settings.resend || note.post == report.post)
        };
        if let Some(note) = before.as_ref().filter(settled) {
            (delivery.sent, delivery.parts) = (note.sent, note.of);
            return Ok(Outcome::Already);
        }
        let bundle = Bundle::new(target, notice, report.slug)?;
        delivery.parts = bundle.parts.len();
        let begun = before.filter(|note| note.message == bundle.key && !(report.again && note.done()));
        let mut note = Note {
            post: report.post.to_owned(),
            message: bundle.key.clone(),
            sent: begun.map_or(0, |note| note.sent),
            of: bundle.parts.len(),
        };
        let whole = note.done();
        delivery.sent = note.sent;
        // What cannot be noted is not sent.
        self.ledger.write(report.slug, target.name(), &note)?;
        while !note.done() {
            self.part(&bundle, note.sent).await?;
            note.sent += 1;
            delivery.sent = note.sent;
            self.ledger.write(report.slug, target.name(), &note)?;
        }
        Ok(if whole { Outcome::Already } else { Outcome::Delivered })
    }

    async fn part(&self, bundle: &Bundle<'_>, place: usize) -> Result<(), DeliverError> {
        let Bundle { target, notice, parts, key } = bundle;
        if target.spoken.swap(true, Ordering::Relaxed) {
            pause(target.preset.pause_seconds).await;
        }
        let part = parts.get(place).map_or("", String::as_str);
        patiently(self.patience, async || {
            if target.preset.form == Form::Mail {
                return mail::send(target, mail::mail(target, notice, key, self.now)?, self.attempt).await;
            }
            let request = request(target, notice, part, self.now)?;
            Ok(http::send(&self.http, target, request).await)
        })
        .await
    }
}

impl<'a> Bundle<'a> {
    fn new(target: &'a Target, notice: &'a Notice, slug: &str) -> Result<Self, DeliverError> {
        let parts = message(notice, target.style())?;
        let mut hasher = blake3::Hasher::new();
        for text in [slug, target.name()].into_iter().chain(parts.iter().map(String::as_str)) {
            hasher.update(text.as_bytes()).update(&[0]);
        }
        let key = hasher.finalize().to_hex().chars().take(32).collect();
        Ok(Self { target, notice, parts, key })
    }
}
