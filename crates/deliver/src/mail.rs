//! A notice as a mail, and one attempt to hand it to an SMTP server.

use std::time::{Duration, SystemTime};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, MultiPartKind, SinglePart},
    transport::smtp::Error,
};
use reqwest::Url;

use crate::{
    DeliverError, Notice, Target,
    escape::Escape,
    harmless::one_line,
    message::{disarmed, text},
    retry::Attempt,
};

/// The mail: plain text and HTML. Its id and its boundary follow from `key`, so that the same report is the same mail, and a
/// mailbox can tell a second copy.
pub(crate) fn mail(target: &Target, notice: &Notice, key: &str, now: i64) -> Result<Message, DeliverError> {
    let settings = &target.settings;
    let from = mailbox("from", &settings.from)?;
    let domain = from.email.domain().to_owned();
    let mut builder = Message::builder()
        .from(from)
        .subject(one_line(&notice.title))
        .date(time(now))
        .message_id(Some(format!("<{key}@{domain}>")));
    for to in &settings.to {
        builder = builder.to(mailbox("to", to)?);
    }
    let notice = disarmed(notice, Escape::Plain);
    let plain = SinglePart::plain(text(&notice, &target.preset.text, Escape::Plain)?);
    let html = SinglePart::html(text(&notice, &target.preset.html, Escape::Html)?);
    let both = MultiPart::builder().kind(MultiPartKind::Alternative).boundary(format!("part-{key}"));
    builder
        .multipart(both.build().singlepart(plain).singlepart(html))
        .map_err(|error| DeliverError::settings(format!("the mail cannot be made: {error}")))
}

fn mailbox(key: &str, written: &str) -> Result<Mailbox, DeliverError> {
    written
        .parse()
        .map_err(|error| DeliverError::settings(format!("`{key}`: `{written}` is no mailbox: {error}")))
}

fn time(now: i64) -> SystemTime {
    let since = Duration::from_millis(u64::try_from(now).unwrap_or_default());
    SystemTime::UNIX_EPOCH.checked_add(since).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Hands the mail over once.
pub(crate) async fn send(target: &Target, mail: Message, timeout: Duration) -> Result<Attempt, DeliverError> {
    let url = target.address()?;
    safe(&url)?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str())
        .map_err(|error| DeliverError::settings(target.masked(&error.to_string())))?
        .timeout(Some(timeout))
        .build();
    Ok(match transport.send(mail).await {
        Ok(_) => Attempt::Done,
        Err(error) => failed(target, &error),
    })
}

/// A password does not go over the network in clear.
fn safe(url: &Url) -> Result<(), DeliverError> {
    let encrypted =
        url.scheme() == "smtps" || url.query_pairs().any(|(key, value)| key == "tls" && value == "required");
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if encrypted || here || url.password().is_none() {
        return Ok(());
    }
    Err(DeliverError::settings(
        "the mail server's password would be sent in clear: use `smtps://` or `?tls=required`",
    ))
}

fn failed(target: &Target, error: &Error) -> Attempt {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    let reason = one_line(&target.masked(&format!("{error}{cause}")));
    if error.is_permanent() || error.is_client() || error.is_tls() {
        Attempt::Refused(reason)
    } else if error.is_timeout() {
        Attempt::Unknown(reason)
    } else {
        Attempt::Later(reason, None)
    }
}
