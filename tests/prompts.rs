//! What a model is told, to the byte: every built-in prompt as a run sends it, beside files under `fixtures/prompts`.
//!
//! `UPDATE_WALKTHROUGH=1 cargo test -p tuibao --test integration prompts` writes the files anew; `git diff` then shows what a
//! change of a prompt does.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::support::{
    Site,
    endpoint::{Answer, Endpoint},
    is_as_stored,
};

/// The sections in the order of the outline.
const SECTIONS: [&str; 4] = ["opinions", "events", "markets", "special"];

#[test]
fn every_prompt_is_sent_as_stored() {
    check("zh", "twitter_ai", "核心信息");
    check("en", "twitter_ai_en", "key points");
}

fn check(language: &str, profile: &str, key_points: &str) {
    let endpoint = Endpoint::honest();
    // One tweet a topic, so that the files stay short.
    let site = Site::quick(&format!("{}parallel = 1\n", endpoint.config()))
        .with("TUIBAO_OUTLINE__TWEETS_PER_TOPIC", "1");
    site.run_day("2026-03-04", &["--quiet", "--profile", profile]).exits(0);
    let requests = endpoint.requests();
    assert_eq!(requests.len(), SECTIONS.len() + 2, "the day has something for every prompt");
    for request in &requests {
        let body: Value = request.body_json().unwrap();
        let [system, user] = ["system", "user"].map(|role| said(&body, role));
        is_as_stored(&format!("prompts/{language}/system.txt"), &system);
        let brief = if user.contains(key_points) { "key_points" } else { "overview" };
        let name = section(&user).unwrap_or(brief);
        is_as_stored(&format!("prompts/{language}/{name}.txt"), &user);
    }
}

/// The section that a request is about, by its first short name: t1, t5 … are the first one's of four. Which request comes first
/// is not said anywhere.
fn section(user: &str) -> Option<&'static str> {
    let (_, data) = user.split_once("{\"id\":\"t")?;
    let number: usize = data.split('"').next()?.parse().ok()?;
    SECTIONS.get((number - 1) % SECTIONS.len()).copied()
}

#[test]
fn what_is_said_to_an_answer_of_no_use_stands_behind_the_question() {
    for (language, profile) in [("zh", "twitter_ai"), ("en", "twitter_ai_en")] {
        let answered = AtomicBool::new(false);
        let endpoint = Endpoint::start(move |question| {
            if answered.swap(true, Ordering::SeqCst) {
                return Answer::Claims(question.honest_claims());
            }
            Answer::Text("{\"claims\": [{\"group\": \"\", \"lead\": \"\", \"cites\": [7]}]}".to_owned())
        });
        let site = Site::quick(&format!("{}parallel = 1\n", endpoint.config()));
        site.run_day("2026-03-04", &["--profile", profile]).exits(0);
        let users: Vec<String> =
            endpoint.requests().iter().map(|request| said(&request.body_json().unwrap(), "user")).collect();
        let first = &users[0];
        let again = users[1..].iter().find_map(|user| user.strip_prefix(first.as_str()));
        is_as_stored(&format!("prompts/{language}/again.txt"), again.expect("the question again, and more"));
    }
}

/// The one message of a role.
fn said(body: &Value, role: &str) -> String {
    let messages = body["messages"].as_array().unwrap();
    let mut own = messages.iter().filter(|message| message["role"] == role);
    let message = own.next().expect("a message of the role");
    assert!(own.next().is_none(), "one message of the role {role}");
    message["content"].as_str().unwrap().to_owned()
}
