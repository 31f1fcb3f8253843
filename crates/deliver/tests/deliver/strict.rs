//! A server that takes of each service what its documentation says, and answers as that service does.

use std::sync::{Arc, Mutex};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use deliver::Service;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

use crate::{NOW, SECRET, TOKEN};

/// What a service said no to; what it took stands in `texts`.
type Refusal = (u16, Value);

#[derive(Clone)]
pub(crate) struct Strict {
    service: Service,
    /// The texts that it took, in order.
    pub(crate) texts: Arc<Mutex<Vec<String>>>,
}

impl Strict {
    pub(crate) async fn start(service: Service) -> (Self, MockServer) {
        let strict = Self { service, texts: Arc::default() };
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(strict.clone()).mount(&server).await;
        (strict, server)
    }

    pub(crate) fn taken(&self) -> Vec<String> {
        self.texts.lock().unwrap().clone()
    }
}

impl Respond for Strict {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let judged = match self.service {
            Service::Feishu => feishu(request),
            Service::Wecom => wecom(request),
            Service::Dingtalk => dingtalk(request),
            Service::Telegram => telegram(request),
            Service::Slack => slack(request),
            Service::Discord => discord(request),
            Service::Ntfy => ntfy(request),
            Service::Webhook => webhook(request),
            Service::Email => Err((404, json!("no mail here"))),
        };
        let (status, body) = match judged {
            Ok((text, answer)) => {
                self.texts.lock().unwrap().push(text);
                answer
            }
            Err(refusal) => refusal,
        };
        let answer = ResponseTemplate::new(status);
        if body.is_null() { answer } else { answer.set_body_json(body) }
    }
}

type Judged = Result<(String, Refusal), Refusal>;

fn ensure(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

fn body(request: &Request, refusal: &Refusal) -> Result<Value, Refusal> {
    let kind = request.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ensure(kind.starts_with("application/json"), refusal.clone())?;
    serde_json::from_slice(&request.body).map_err(|_| refusal.clone())
}

fn text(body: &Value, pointer: &str, refusal: &Refusal) -> Result<String, Refusal> {
    let text = body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    ensure(!text.trim().is_empty(), refusal.clone())?;
    Ok(text.to_owned())
}

fn hmac(key: &str, message: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Within an hour of now.
fn fresh(milliseconds: i64) -> bool {
    (milliseconds - NOW).abs() < 3_600_000
}

fn feishu(request: &Request) -> Judged {
    let bad = (200, json!({"code": 9499, "msg": "Bad Request"}));
    ensure(request.body.len() <= 20_000, bad.clone())?;
    let body = body(request, &bad)?;
    let text = text(&body, "/content/text", &bad)?;
    let stamp = body["timestamp"].as_str().unwrap_or_default();
    let signed = body["sign"] == json!(hmac(&format!("{stamp}\n{SECRET}"), ""));
    let timely = stamp.parse::<i64>().is_ok_and(|seconds| fresh(seconds * 1000));
    ensure(signed && timely, (200, json!({"code": 19021, "msg": "sign match fail"})))?;
    ensure(body["msg_type"] == "text" && !text.contains("<at"), bad)?;
    Ok((text, (200, json!({"code": 0, "msg": "success", "data": {}}))))
}

fn wecom(request: &Request) -> Judged {
    let bad = (200, json!({"errcode": 40008, "errmsg": "invalid message type"}));
    let body = body(request, &bad)?;
    ensure(body["msgtype"] == "markdown", bad.clone())?;
    let text = text(&body, "/markdown/content", &bad)?;
    let long = json!({"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"});
    ensure(text.len() <= 4096, (200, long))?;
    ensure(!text.contains("<@"), bad)?;
    Ok((text, (200, json!({"errcode": 0, "errmsg": "ok"}))))
}

fn dingtalk(request: &Request) -> Judged {
    let bad = (200, json!({"errcode": 400_402, "errmsg": "invalid format"}));
    let long = json!({"errcode": 460_101, "errmsg": "message too long, exceed 20000 bytes"});
    ensure(request.body.len() <= 20_000, (200, long))?;
    let query = |key: &str| {
        request
            .url
            .query_pairs()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let stamp = query("timestamp");
    let signed = query("sign") == hmac(SECRET, &format!("{stamp}\n{SECRET}"));
    let timely = stamp.parse::<i64>().is_ok_and(fresh);
    ensure(signed && timely, (200, json!({"errcode": 310_000, "errmsg": "sign not match"})))?;
    let body = body(request, &bad)?;
    ensure(body["msgtype"] == "markdown" && body["at"]["isAtAll"] != true, bad.clone())?;
    text(&body, "/markdown/title", &bad)?;
    Ok((text(&body, "/markdown/text", &bad)?, (200, json!({"errcode": 0, "errmsg": "ok"}))))
}

fn telegram(request: &Request) -> Judged {
    let bad = |why: &str| {
        (400, json!({"ok": false, "error_code": 400, "description": format!("Bad Request: {why}")}))
    };
    let unknown = (404, json!({"ok": false, "error_code": 404, "description": "Not Found"}));
    ensure(request.url.path() == format!("/bot{TOKEN}/sendMessage"), unknown)?;
    let body = body(request, &bad("no JSON"))?;
    ensure(body["chat_id"] == "-1001" && body["parse_mode"] == "HTML", bad("chat not found"))?;
    let text = text(&body, "/text", &bad("message text is empty"))?;
    let plain = without_tags(&text).ok_or_else(|| bad("can't parse entities"))?;
    ensure(plain.encode_utf16().count() <= 4096, bad("message is too long"))?;
    Ok((text, (200, json!({"ok": true, "result": {}}))))
}

/// Text of Telegram's HTML: `b`, `i` and links, each closed in order, and nothing else that begins with `<`.
fn without_tags(html: &str) -> Option<String> {
    let (mut open, mut plain, mut rest) = (Vec::new(), String::new(), html);
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let (tag, behind) = after.split_once('>')?;
        match tag.strip_prefix('/') {
            Some(name) => (open.pop()? == name).then_some(())?,
            None if tag == "b" || tag == "i" => open.push(tag),
            None if tag.starts_with("a href=\"https://example.org/") && tag.ends_with('"') => open.push("a"),
            None => return None,
        }
        rest = behind;
    }
    plain.push_str(rest);
    (open.is_empty() && !plain.contains('>')).then(|| html_escape::decode_html_entities(&plain).into_owned())
}

fn slack(request: &Request) -> Judged {
    let bad = (400, json!("invalid_blocks"));
    let body = body(request, &(400, json!("invalid_payload")))?;
    text(&body, "/text", &(400, json!("no_text")))?;
    let blocks = body["blocks"].as_array().map_or(0, Vec::len);
    let text = text(&body, "/blocks/0/text/text", &bad)?;
    ensure((1..=50).contains(&blocks) && body["blocks"][0]["type"] == "section", bad.clone())?;
    ensure(text.chars().count() <= 3000, bad.clone())?;
    let calls = ["<!", "<@", "<#"].iter().any(|call| body.to_string().contains(call));
    ensure(!calls, bad)?;
    Ok((text, (200, json!("ok"))))
}

fn discord(request: &Request) -> Judged {
    let long = json!({"code": 50035, "message": "Invalid Form Body: Must be 2000 or fewer in length."});
    let body = body(request, &(400, json!({"code": 50109, "message": "invalid JSON"})))?;
    let text =
        text(&body, "/content", &(400, json!({"code": 50006, "message": "Cannot send an empty message"})))?;
    ensure(text.chars().count() <= 2000, (400, long))?;
    ensure(body["allowed_mentions"] == json!({"parse": []}), (400, json!("somebody would be called")))?;
    Ok((text, (204, Value::Null)))
}

fn ntfy(request: &Request) -> Judged {
    let bad = |why: &str| (400, json!({"code": 40001, "http": 400, "error": why}));
    let header =
        |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap_or("not ASCII").to_owned());
    ensure(
        header("authorization") == Some(format!("Bearer {TOKEN}")),
        (403, json!({"code": 40301, "error": "forbidden"})),
    )?;
    // A longer message becomes an attachment, which nobody reads on a phone.
    ensure(request.body.len() <= 4096, bad("would be an attachment"))?;
    ensure(header("title").is_some_and(|title| title.starts_with("=?UTF-8?B?")), bad("no title"))?;
    ensure(header("click").is_some_and(|link| link.starts_with("https://example.org/")), bad("no link"))?;
    let text = String::from_utf8(request.body.clone()).map_err(|_| bad("no UTF-8"))?;
    Ok((text, (200, json!({"id": "x", "event": "message"}))))
}

fn webhook(request: &Request) -> Judged {
    let bad = (422, json!("no notice"));
    let body = body(request, &bad)?;
    ensure(body["key_points"].is_array() && body["slug"].is_string(), bad)?;
    Ok((body.to_string(), (202, Value::Null)))
}
