//! Which words a day shows, from tweets to weights.

use corpus::{AdScore, Lexicon, Salience, Topic, Tweet, Unique, Words};

use super::{Terms, WordChoice, cloud_words};

/// A tweet as `handle: text`.
fn unique(id: usize, line: &str) -> Unique {
    let (handle, text) = line.split_once(": ").unwrap();
    let json = serde_json::json!({"id": id.to_string(), "author": {"handle": handle, "name": handle}, "text": text,
        "created_at": "2026-03-02T00:00:00Z"});
    let tweet: Tweet = serde_json::from_value(json).unwrap();
    Unique {
        engagement: tweet.metrics,
        tweet,
        ad: AdScore::default(),
        suspect: false,
        relevance: 2.0,
        copies: Vec::new(),
        authors: vec![handle.to_owned()],
    }
}

/// The words of one topic's tweets, heaviest first.
fn shown(lines: &[String]) -> Vec<(String, f64)> {
    let words = Words::new(["智能体"]);
    let terms = Terms::new(["Claude Code", "AI 编程", "Nano Banana", "科大讯飞", "Z.ai", "智能体"], &words);
    let subject = Lexicon::new([("Claude".to_owned(), 2.0), ("智能体".to_owned(), 2.0)]).unwrap();
    let hide = ["ai".to_owned(), "Twitter".to_owned()];
    let choice = WordChoice { words: &words, subject: &subject, terms: &terms, hide: &hide, most: 50 };
    let tweets = lines.iter().enumerate().map(|(id, line)| unique(id + 1, line)).collect();
    let topic = Topic { terms: Vec::new(), tweets, salience: Salience::default(), earlier: None };
    cloud_words(&[topic], &[], &choice)
}

fn forms(lines: &[&str]) -> Vec<String> {
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    shown(&lines).into_iter().map(|(form, _)| form).collect()
}

fn assert_has(forms: &[String], wanted: &[&str], unwanted: &[&str]) {
    let has = |word: &&&str| forms.iter().any(|form| form == **word);
    assert!(wanted.iter().all(|word| has(&word)), "{wanted:?} in {forms:?}");
    assert!(!unwanted.iter().any(|word| has(&word)), "{unwanted:?} not in {forms:?}");
}

#[test]
fn terms_of_the_profile_are_whole_and_their_parts_count_outside_of_them() {
    let forms = forms(&[
        "ann: Using claude code for AI编程 today, 科大讯飞 too",
        "bob: Claude Code shipped, and I read Z.ai about 智能体",
        "cem: nano banana pictures",
    ]);
    assert_has(
        &forms,
        &["Claude Code", "AI 编程", "科大讯飞", "Nano Banana", "Z.ai", "智能体"],
        &["Claude", "Code", "claude", "code", "Banana", "编程", "AI编程", "AI"],
    );
    let both = self::forms(&["ann: Claude Code and Claude", "bob: the Claude Code of Claude"]);
    assert_has(&both, &["Claude Code", "Claude"], &["Code"]);
}

#[test]
fn what_several_accounts_write_together_is_one_word() {
    let lines = ["met Naina Raisinghani there", "so Naina Raisinghani spoke", "with Naina Raisinghani again"];
    let by = |names: [&str; 3]| -> Vec<String> {
        let said = names.iter().zip(lines).map(|(name, line)| format!("{name}: {line}"));
        shown(&said.collect::<Vec<_>>()).into_iter().map(|(form, _)| form).collect()
    };
    assert_has(&by(["ann", "bob", "cem"]), &["Naina Raisinghani"], &["Naina", "Raisinghani"]);
    // One account's habit makes no phrase.
    assert_has(&by(["ann", "ann", "ann"]), &["Naina", "Raisinghani"], &["Naina Raisinghani"]);
    // Nor do words that a comma or a line parts.
    let apart = forms(&["ann: met Naina, Raisinghani", "bob: so Naina\nRaisinghani"]);
    assert_has(&apart, &["Naina", "Raisinghani"], &["Naina Raisinghani"]);
}

#[test]
fn what_is_no_word_is_not_shown() {
    let forms = forms(&[
        "ann: @someone raised 1.7M at 80-120kg, 2026 x 1000th #BuildInPublic #AI https://example.org/Path Gemini",
        "bob: @someone raised 1.7M at 80-120kg, 2026 x 1000th #BuildInPublic example.org/Path of Gemini on Twitter",
    ]);
    assert_has(&forms, &["Gemini"], &["Twitter", "AI"]);
    let debris = ["someone", "1.7", "80", "2026", "1000", "build", "example", "path", "http", "x"];
    let found = |form: &String| debris.iter().any(|junk| form.to_lowercase().contains(junk));
    assert!(!forms.iter().any(found), "{forms:?}");
}

#[test]
fn a_flood_of_one_account_weighs_one_voice() {
    let mut lines: Vec<String> =
        (0..200).map(|number| format!("spam: Zorbcoin rises, part {number}")).collect();
    lines.extend(["ann: Gemini is out", "bob: trying Gemini", "cem: on Gemini now"].map(str::to_owned));
    let words = shown(&lines);
    let weight = |word: &str| words.iter().find(|(form, _)| form == word).map_or(0.0, |(_, weight)| *weight);
    assert!(weight("Zorbcoin") > 0.0 && weight("Gemini") > 1.5 * weight("Zorbcoin"), "{words:?}");
}

#[test]
fn english_has_its_usual_casing() {
    let forms = forms(&[
        "ann: HUGE INVESTMENT IN NVIDIA TODAY",
        "bob: the investment of NVIDIA and openai",
        "cem: an investment, says OpenAI, like the agents of Nvidia",
        "dan: Agents are what OpenAI makes with NVIDIA",
    ]);
    assert_has(
        &forms,
        &["investment", "NVIDIA", "OpenAI", "agents"],
        &["INVESTMENT", "openai", "Agents", "Nvidia"],
    );
}

#[test]
fn fillers_of_both_languages_are_not_shown() {
    let forms = forms(&[
        "ann: 这个智能体的发布真的是太好了, and it is the Gemini",
        "bob: we would have 智能体 but not Gemini",
    ]);
    assert_has(&forms, &["智能体", "Gemini"], &["这个", "真的", "的", "and", "would", "have"]);
}

#[test]
fn the_order_of_tweets_does_not_matter() {
    let mut lines: Vec<String> =
        ["ann: Gemini with 智能体", "bob: Claude Code and Gemini", "cem: 数据中心 of NVIDIA"]
            .map(str::to_owned)
            .into();
    let first = shown(&lines);
    lines.reverse();
    assert_eq!(first, shown(&lines));
}
