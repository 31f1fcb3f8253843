//! A part of a message as an HTTP request.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{
    Method, Request, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    DeliverError, Notice, Target,
    escape::Escape,
    message::{disarmed, render},
    preset::{Form, Sign},
    sign,
};

/// What a template of a body or a header may say.
#[derive(Serialize)]
struct Values<'a> {
    #[serde(flatten)]
    notice: Notice,
    text: &'a str,
    chat: &'a str,
}

/// The request for one part; `now` in milliseconds.
pub(crate) fn request(
    target: &Target,
    notice: &Notice,
    part: &str,
    now: i64,
) -> Result<Request, DeliverError> {
    let preset = &target.preset;
    let values = Values { notice: disarmed(notice, preset.escape), text: part, chat: &target.settings.chat };
    let (kind, body) = match preset.form {
        Form::Text | Form::Mail => ("text/plain; charset=utf-8", part.as_bytes().to_vec()),
        Form::Notice => ("application/json; charset=utf-8", bytes(&values.notice)?),
        Form::Json => ("application/json; charset=utf-8", bytes(&json_body(target, &values, now)?)?),
    };
    let mut request = Request::new(Method::POST, address(target, now)?);
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    for (name, template) in &preset.headers {
        let value = encoded(&render(template, &values, Escape::Raw)?);
        if !value.is_empty() {
            headers.insert(header_name(name)?, HeaderValue::from_str(&value).map_err(unfit)?);
        }
    }
    if let Some(token) = target.token.as_ref().filter(|_| preset.path.is_empty()) {
        headers.insert(AUTHORIZATION, bearer(token)?);
    }
    *request.body_mut() = Some(body.into());
    Ok(request)
}

fn bytes(value: &impl Serialize) -> Result<Vec<u8>, DeliverError> {
    serde_json::to_vec(value).map_err(unfit)
}

fn unfit(error: impl std::fmt::Display) -> DeliverError {
    DeliverError::settings(format!("the request cannot be made: {error}"))
}

fn header_name(name: &str) -> Result<HeaderName, DeliverError> {
    HeaderName::from_bytes(name.as_bytes()).map_err(unfit)
}

/// The token's one way out; marked so that no log shows it.
fn bearer(token: &SecretString) -> Result<HeaderValue, DeliverError> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
        .map_err(|_| DeliverError::settings("the token has characters that cannot be sent"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn address(target: &Target, now: i64) -> Result<Url, DeliverError> {
    let mut url = target.address()?;
    if let (Sign::Dingtalk, Some(secret)) = (target.preset.sign, &target.secret) {
        let sign = sign::dingtalk(now, secret.expose_secret())?;
        url.query_pairs_mut().append_pair("timestamp", &now.to_string()).append_pair("sign", &sign);
    }
    Ok(url)
}

fn json_body(target: &Target, values: &Values<'_>, now: i64) -> Result<Value, DeliverError> {
    let mut body = filled(&target.preset.body, values, target.preset.escape)?;
    if let (Sign::Feishu, Some(secret), Some(object)) =
        (target.preset.sign, &target.secret, body.as_object_mut())
    {
        let seconds = now / 1000;
        object.insert("timestamp".to_owned(), json!(seconds.to_string()));
        object.insert("sign".to_owned(), json!(sign::feishu(seconds, secret.expose_secret())?));
    }
    Ok(body)
}

/// JSON whose strings are templates, filled in: what is inserted cannot leave its string.
fn filled(tree: &Value, values: &Values<'_>, escape: Escape) -> Result<Value, DeliverError> {
    Ok(match tree {
        Value::String(template) => Value::String(render(template, values, escape)?),
        Value::Array(list) => {
            Value::Array(list.iter().map(|value| filled(value, values, escape)).collect::<Result<_, _>>()?)
        }
        Value::Object(object) => {
            let pair = |(key, value): (&String, &Value)| Ok((key.clone(), filled(value, values, escape)?));
            Value::Object(object.iter().map(pair).collect::<Result<_, DeliverError>>()?)
        }
        other => other.clone(),
    })
}

/// A header's value: ASCII as it is, else RFC 2047 words of at most 75 characters, none cut within a character.
fn encoded(text: &str) -> String {
    const BYTES: usize = 45;
    if text.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
        return text.to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    for c in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + c.len_utf8() <= BYTES => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    let words: Vec<String> =
        words.iter().map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word))).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_ascii() {
        assert_eq!(encoded("AI on X, 5%"), "AI on X, 5%");
        assert_eq!(encoded("日报"), "=?UTF-8?B?5pel5oql?=");
        let long = encoded(&"日报".repeat(20));
        assert!(long.split(' ').all(|word| word.len() <= 75) && long.is_ascii(), "{long}");
    }
}
