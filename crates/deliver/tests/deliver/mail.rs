//! A report by mail.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use deliver::{Outcome, Service};

use crate::{Office, notice, smtp::Smtp, target, target_with};

/// The headers, and the decoded bodies with theirs.
fn read(data: &str) -> (String, Vec<(String, String)>) {
    let (head, body) = data.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ");
    let boundary = head.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let line = format!("--{boundary}");
    let parts = body.split(&line).filter(|part| !part.starts_with("--")).filter_map(|part| {
        let (head, body) = part.trim_start().split_once("\r\n\r\n")?;
        let head = head.to_ascii_lowercase();
        let bytes = if head.contains("base64") {
            STANDARD.decode(body.replace("\r\n", "")).unwrap()
        } else if head.contains("quoted-printable") {
            unquoted(body)
        } else {
            body.as_bytes().to_vec()
        };
        Some((head, String::from_utf8(bytes).unwrap()))
    });
    (head, parts.collect())
}

fn unquoted(text: &str) -> Vec<u8> {
    let text = text.replace("=\r\n", "");
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte == b'=' {
            let hex = [bytes.next().unwrap(), bytes.next().unwrap()];
            out.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    out
}

/// A header's RFC 2047 words as text.
fn decoded(header: &str) -> String {
    let word = |word: &str| match word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?=")) {
        Some(code) => String::from_utf8(STANDARD.decode(code).unwrap()).unwrap(),
        None => word.to_owned(),
    };
    header.split(' ').map(word).collect()
}

fn header<'a>(head: &'a str, name: &str) -> Vec<&'a str> {
    head.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect()
}

#[tokio::test]
async fn a_report_is_one_mail_in_text_and_html() {
    let smtp = Smtp::start("250 ok").await;
    let target = target(Service::Email, &format!("smtp://me:pass%20word@127.0.0.1:{}", smtp.port));
    let office = Office::new();
    let long = notice(60, &"推理速度提升，价格下降。".repeat(20));
    for outcome in [Outcome::Delivered, Outcome::Already] {
        let delivery = office.deliver(&target, &long).await;
        assert_eq!(delivery.outcome, outcome, "{delivery:?}");
    }
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].from, "MAIL FROM:<report@example.org>");
    assert_eq!(mails[0].to, ["RCPT TO:<a@example.org>", "RCPT TO:<b@example.org>"]);
    let (head, parts) = read(&mails[0].data);
    assert_eq!(decoded(header(&head, "Subject")[0]), "综合报告（2026-03-03）");
    assert_eq!(header(&head, "Date"), ["Wed, 04 Mar 2026 02:00:00 +0000"]);
    assert!(header(&head, "Content-Type")[0].starts_with("multipart/alternative"));
    assert!(parts[0].0.contains("text/plain") && parts[1].0.contains("text/html"), "{parts:?}");
    for (_, body) in &parts {
        assert!(body.contains("第60条：推理"), "{}", body.len());
        assert!(body.contains("https://example.org/2026/03/03/report.html"));
    }
}

#[tokio::test]
async fn hostile_texts_make_no_header_and_no_tag() {
    let smtp = Smtp::start("250 ok").await;
    let target = target(Service::Email, &format!("smtp://127.0.0.1:{}", smtp.port));
    let hostile = "报告\r\nBcc: evil@evil.example\r\n\r\n<script>x</script>\r\n.\r\nMAIL FROM:<x@y>";
    let mut notice = notice(2, hostile);
    notice.title = hostile.into();
    let delivery = Office::new().deliver(&target, &notice).await;
    assert_eq!(delivery.outcome, Outcome::Delivered, "{delivery:?}");
    let mails = smtp.mails();
    assert_eq!((mails.len(), mails[0].to.len()), (1, 2));
    let (head, parts) = read(&mails[0].data);
    assert!(header(&head, "Bcc").is_empty() && header(&head, "Subject").len() == 1, "{head}");
    assert!(!parts[1].1.contains("<script") && parts[1].1.contains("&lt;script"), "{}", parts[1].1);
}

#[tokio::test]
async fn the_same_report_is_the_same_mail() {
    let mut mails = Vec::new();
    for _ in 0..2 {
        let smtp = Smtp::start("250 ok").await;
        let target = target(Service::Email, &format!("smtp://127.0.0.1:{}", smtp.port));
        Office::new().deliver(&target, &notice(3, "推理速度提升。")).await;
        mails.push(smtp.mails()[0].data.clone());
    }
    assert_eq!(mails[0], mails[1]);
}

#[tokio::test]
async fn a_mail_that_is_refused_is_told() {
    let smtp = Smtp::start("550 no such user").await;
    let target = target(Service::Email, &format!("smtp://me:CANARYPASS@127.0.0.1:{}", smtp.port));
    let delivery = Office::new().deliver(&target, &notice(1, "x")).await;
    let error = delivery.error.unwrap();
    assert!(error.contains("no such user") && !error.contains("CANARY"), "{error}");
}

#[tokio::test]
async fn a_password_is_not_sent_in_clear() {
    let clear = target_with(Service::Email, "smtp://me:CANARYPASS@mail.example.org:25", |_| {});
    let error = Office::new().deliver(&clear, &notice(1, "x")).await.error.unwrap();
    assert!(error.contains("in clear") && !error.contains("CANARY"), "{error}");
}
