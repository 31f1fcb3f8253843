//! The project's catalogue of model faults, which lies beside the repository, and how each is played.
//!
//! The catalogue's answers hold JSON of a form of its own. They are played with JSON of the form that was asked for, so that
//! what can be repaired holds a whole honest answer, and what must not be used holds one with a [`WITHDRAWN`] in each claim,
//! which nothing but the client's own care keeps out of the post.

use std::{collections::BTreeMap, fs, io::Write, sync::LazyLock, time::Duration};

use flate2::{Compression, write::GzEncoder};
use serde::Deserialize;
use serde_json::{Value, json};

use super::wire::{cut_off, honest_claims, reply, withdrawn};
use crate::support::{
    endpoint::CANARY,
    fault_server::{Call, FaultServer, Play, Response},
};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/llm_faults.json");

/// A word of what surrounds an answer: prose, reasoning, error pages.
pub(crate) const PROSE: &str = "ZQRAWMARK";

/// A word that the checker has nothing against, in answers that are not to be used.
pub(crate) const WITHDRAWN: &str = "窠臼暗记";

/// What the catalogue has where an answer belongs.
const PLACEHOLDER: &str = r#"{"items":[{"text":"…","ids":["1"]}]}"#;

/// The pause between the pieces of a slow answer: all of them take longer than the longest silence allowed.
const SLOW: Duration = Duration::from_millis(50);

/// A host that nobody may be sent to.
pub(crate) static ELSEWHERE: LazyLock<FaultServer> =
    LazyLock::new(|| FaultServer::start(|_| Play::Whole(Response::new(200, "text/plain", ""))));

/// A gibibyte of zeros, in a mebibyte.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let (mut packed, zeros) = (GzEncoder::new(Vec::new(), Compression::fast()), vec![0; 1 << 20]);
    (0..1024).for_each(|_| packed.write_all(&zeros).unwrap());
    packed.finish().unwrap()
});

/// One fault.
#[derive(Clone, Deserialize)]
pub(crate) struct Fault {
    pub(crate) id: String,
    /// What is right to do.
    pub(crate) act: String,
    /// The most calls that one question may take; 0 where it depends on the question.
    pub(crate) max_calls: usize,
    status: u16,
    headers: BTreeMap<String, String>,
    body: Value,
    raw: Option<String>,
    pub(crate) net: Option<String>,
}

/// All of them; prints a reason when the catalogue is not there.
pub(crate) fn all() -> Option<Vec<Fault>> {
    let Ok(text) = fs::read_to_string(PATH) else {
        eprintln!("skipped: no catalogue of faults at {PATH}");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

impl Fault {
    /// Whether it is one of the address, before any server has a say: it cannot go away within a run.
    pub(crate) fn is_of_the_address(&self) -> bool {
        matches!(self.net.as_deref(), Some("dns" | "tls_bad_cert" | "refuse" | "blackhole"))
    }

    /// The least that a call waits which is played this fault, and is asked to wait.
    pub(crate) fn stated_wait(&self) -> Duration {
        let stated = |name: &str| self.headers.get(name).and_then(|value| scaled(name, value).parse().ok());
        let millis = match self.act.as_str() {
            "retry_after" => {
                stated("retry-after-ms").or(stated("retry-after").map(|seconds: u64| seconds * 1000))
            }
            _ => None,
        };
        Duration::from_millis(millis.unwrap_or_default())
    }

    pub(crate) fn play(&self, call: &Call) -> Play {
        match self.net.as_deref() {
            Some(net) => play_net(net, call),
            None if self.has_completion() => Play::Whole(self.completion(call)),
            None => Play::Whole(self.plain(call)),
        }
    }

    fn has_completion(&self) -> bool {
        self.status == 200 && (self.body["choices"][0].is_object() || self.id == "keepalive_blank_lines")
    }

    /// An answer other than a completion. Those that complain repeat the key, as some endpoints do.
    fn plain(&self, call: &Call) -> Response {
        let mut body = self.body.clone();
        for message in ["/error/message", "/message"] {
            if let Some(Value::String(text)) = body.pointer_mut(message) {
                *text = format!("{text} ({PROSE}, key {CANARY})");
            }
        }
        let mut response = match &self.raw {
            Some(raw) => Response::new(self.status, "text/html", format!("{raw}<!-- {PROSE} {CANARY} -->")),
            None if self.status == 200 && call.streams() => {
                Response::events(format!("data: {body}\n\ndata: [DONE]\n\n"))
            }
            None => Response::json(self.status, &body),
        };
        for (name, value) in &self.headers {
            response = response.with(name, &scaled(name, value));
        }
        response
    }

    fn completion(&self, call: &Call) -> Response {
        if self.id == "keepalive_blank_lines" {
            let honest = reply(call, &json!({}), &answer(&honest_claims(call)));
            return Response { body: [b"\n\n\n\n".as_slice(), &honest.body].concat(), ..honest };
        }
        let old = &self.body["choices"][0]["message"]["content"];
        let text = self.text(call).unwrap_or_else(|| old.as_str().unwrap_or_default().to_owned());
        let mut body = self.body.clone();
        let message = &mut body["choices"][0]["message"];
        if !(text.is_empty() && old.is_null()) {
            message["content"] = json!(text);
        }
        if self.id == "reasoning_only" {
            let claims = withdrawn(honest_claims(call));
            message["reasoning_content"] = json!(format!("{PROSE} {CANARY} {}", answer(&claims)));
        }
        if self.id == "refusal_field" {
            message["refusal"] = json!(format!("I'm sorry. {PROSE}"));
        }
        reply(call, &body, &text)
    }

    /// The text of the answer; `None` when it is the catalogue's own.
    fn text(&self, call: &Call) -> Option<String> {
        let honest = honest_claims(call);
        let json = answer(&honest);
        Some(match self.id.as_str() {
            "think_tags" => format!("<think>{PROSE} {CANARY} {{\"claims\": []}}</think>{json}"),
            "json_fence" => format!("```json\n{json}\n```"),
            "json_prose_before" => format!("好的，{PROSE} {CANARY}，以下是结果：\n{json}"),
            "json_prose_after" => format!("{json}\n希望对你有帮助！{PROSE} {CANARY}"),
            "json_bom" => format!("\u{feff}{json}"),
            "json_trailing_comma" => json.replace("}]}", "},],}"),
            "json_raw_newline_in_string" => json.replacen(" 谈到 ", " 谈到\n", 1),
            "json_ids_as_numbers" => answer(&honest.into_iter().map(numbered).collect::<Vec<_>>()),
            "json_single_quotes" => json.replace('"', "'"),
            "json_smart_quotes" => curled(&json),
            "json_wrong_keys" => answer(&withdrawn(honest))
                .replace("\"text\":", "\"content\":")
                .replace("\"claims\"", "\"points\""),
            "json_array_not_object" => Value::from(honest).to_string(),
            "json_two_objects" => format!("{json}\n{}", answer(&withdrawn(honest))),
            "json_schema_echo" => json!({"type": "object", "properties": {}, "title": PROSE}).to_string(),
            "json_empty_items" => answer(&[]),
            "json_plain_markdown" => format!("## 重点\n- {PROSE}\n- {WITHDRAWN}"),
            "json_nan" => json.replace("}]}", "}],\"score\":NaN}"),
            "json_wrong_language" => retold(honest, "English only, and nothing but English here."),
            "json_repeat_loop" => retold(honest, &"重复".repeat(2000)),
            "json_unknown_ids" => answer(&honest.into_iter().map(miscited).collect::<Vec<_>>()),
            "finish_length" | "finish_insufficient_system_resource" | "error_in_200_choice" => {
                cut_off(&answer(&withdrawn(honest)))
            }
            "finish_content_filter" | "finish_sensitive" => answer(&withdrawn(honest)),
            "refusal_text" => format!("抱歉，我无法协助处理该请求。{PROSE}"),
            _ => self.own_text()?.contains(PLACEHOLDER).then_some(json)?,
        })
    }

    fn own_text(&self) -> Option<&str> {
        self.body["choices"][0]["message"]["content"].as_str()
    }
}

fn play_net(net: &str, call: &Call) -> Play {
    let spoilt = || reply(call, &json!({}), &answer(&withdrawn(honest_claims(call))));
    let honest = || reply(call, &json!({}), &answer(&honest_claims(call)));
    let cut = |tail: &str| Response::events([&half(spoilt().body), tail.as_bytes()].concat());
    match net {
        "refuse" | "dns" | "tls_bad_cert" | "blackhole" | "rst_before" => Play::Reset,
        "headers_then_stall" => Play::Stalled(spoilt()),
        "rst_mid_body" => Play::Broken(spoilt()),
        "sse_cut" if call.streams() => Play::Whole(cut("")),
        "sse_cut" => Play::Short(spoilt()),
        "sse_1_token_per_s_300s" => Play::Slow(honest(), SLOW),
        "sse_with_\": keep-alive\"_comments" => Play::Slow(kept_alive(honest()), SLOW),
        "gzip_1GiB" => {
            let bomb = Response::new(200, "application/json", BOMB.clone());
            Play::Whole(bomb.with("content-encoding", "gzip"))
        }
        "sse_error_event_data_inspection_failed" => {
            let error = json!({"error": {
                "message": format!("Output data may contain inappropriate content. ({PROSE})"),
                "type": "data_inspection_failed", "code": "data_inspection_failed",
            }});
            let midway = cut(&format!("data: {error}\n\n"));
            Play::Whole(if call.streams() { midway } else { Response::json(400, &error) })
        }
        other => panic!("nobody knows how to play `{other}`"),
    }
}

/// What the catalogue has in seconds to wait, in the time that a test has.
fn scaled(name: &str, value: &str) -> String {
    match (name, value) {
        ("retry-after", "2") => "1".to_owned(),
        ("retry-after", date) if date.starts_with('<') => in_a_second(),
        ("location", _) => format!("{}/?key={CANARY}", ELSEWHERE.address("http")),
        _ => value.to_owned(),
    }
}

/// An HTTP date.
#[allow(clippy::disallowed_methods, reason = "a header that tells the time, in a test")]
fn in_a_second() -> String {
    let soon = std::time::SystemTime::now() + Duration::from_secs(1);
    chrono::DateTime::<chrono::Utc>::from(soon).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Whole events of the first half.
fn half(mut body: Vec<u8>) -> Vec<u8> {
    body.truncate(body.len() / 2);
    let end = body.windows(2).rposition(|two| two == b"\n\n").map_or(0, |at| at + 2);
    body.truncate(end);
    body
}

/// Comments between events; blank lines in front of what is no stream.
fn kept_alive(response: Response) -> Response {
    let text = String::from_utf8(response.body).unwrap();
    let body = if response.chunked {
        format!(": keep-alive\n\n{}", text.replace("\n\n", "\n\n: keep-alive\n\n"))
    } else {
        format!("{}{text}", "\n".repeat(text.len()))
    };
    Response { body: body.into_bytes(), ..response }
}

/// The form of every answer.
pub(crate) fn answer(claims: &[Value]) -> String {
    json!({ "claims": claims }).to_string()
}

/// The same claims in other words.
fn retold(claims: Vec<Value>, words: &str) -> String {
    let retold = claims.into_iter().map(|mut claim| {
        claim["text"] = json!(words);
        claim
    });
    answer(&retold.collect::<Vec<_>>())
}

/// Each second quotation mark closes.
fn curled(json: &str) -> String {
    let mut opens = [false, true].into_iter().cycle();
    let curl = |mark| match mark {
        '"' if opens.next() == Some(true) => '”',
        '"' => '“',
        other => other,
    };
    json.chars().map(curl).collect()
}

/// `t3` as the number 3.
fn numbered(mut claim: Value) -> Value {
    for cite in claim["cites"].as_array_mut().unwrap() {
        let number: u64 = cite.as_str().unwrap().trim_start_matches('t').parse().unwrap();
        *cite = json!(number);
    }
    claim
}

/// With one more source, which was not given.
fn miscited(mut claim: Value) -> Value {
    claim["cites"].as_array_mut().unwrap().push(json!("t999999"));
    claim
}
