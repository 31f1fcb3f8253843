//! The checker for words of any origin: whether the facts of a text stand in tweets, without a draft and without a writer.
//!
//! It makes no claim: only `verify` does.

use corpus::{Tweet, TweetId};

use crate::{
    checker::Checker,
    facts::{Fact, facts},
    outline::Outline,
    pool::{Found, Pool},
    sources::{SourceTweet, source},
};

/// A fact that needs a source, and the first of the tweets that holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// What was looked for.
    pub fact: Fact,
    /// Where it was found; `None` when no tweet holds it.
    pub found: Option<TweetId>,
}

/// Looks for each fact of a plain text in the tweets that it rests on.
///
/// Words of the report's own vocabulary need no source and are left out. Quotations are looked into as well.
pub fn recheck(text: &str, tweets: &[Tweet], outline: &Outline) -> Vec<Looked> {
    let checker = Checker::new(outline);
    let held: Vec<SourceTweet> = tweets.iter().map(|tweet| source(tweet, String::new(), 0)).collect();
    let pool = Pool::new(&held.iter().collect::<Vec<_>>(), &checker);
    let facts = all_facts(text).into_iter().filter(|fact| checker.is_fact(fact, text));
    facts.filter_map(|fact| look(fact, &pool)).collect()
}

fn look(fact: Fact, pool: &Pool<'_>) -> Option<Looked> {
    match pool.find(&fact, &[]) {
        Found::In(tweet) => Some(Looked { fact, found: Some(tweet) }),
        Found::Nowhere => Some(Looked { fact, found: None }),
        Found::NeedsNone => None,
    }
}

/// The facts of a text, then those inside of its quotations: quotation marks are no way around the checker.
fn all_facts(text: &str) -> Vec<Fact> {
    let mut all = facts(text);
    let quoted = all.iter().filter(|fact| matches!(fact, Fact::Quotation { .. }));
    let inside: Vec<Fact> = quoted.flat_map(|fact| facts_inside(fact.written())).collect();
    all.extend(inside);
    all
}

/// The facts of a quotation. What stands before `…` may be cut in the middle of a fact, so it is none of its own; and the
/// parts of `tokens/s` are told apart, because the quotation itself is looked for as it stands.
fn facts_inside(quotation: &str) -> Vec<Fact> {
    let whole = quotation.trim_end_matches('…').replace('/', " ");
    let mut inside = facts(&whole);
    if quotation.ends_with('…') {
        inside.retain(|fact| !whole.ends_with(fact.written()));
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTLINE: &str = r#"
        key_points = 1
        tweets_per_topic = 6
        default_group = "a/b"
        language = "zh"
        sections = []
        kinds = []
        mood = { positive = [], negative = [] }
        common_words = ["AI"]
        aliases = { "月之暗面" = ["Kimi"] }
    "#;

    fn tweet(id: u64, text: &str) -> Tweet {
        let json = serde_json::json!({"id": id.to_string(), "author": {"handle": "fkysly", "name": "Some One"},
            "text": text, "created_at": "2026-01-24T03:00:00Z"});
        serde_json::from_value(json).unwrap()
    }

    fn missing(text: &str) -> Vec<String> {
        let tweets = [
            tweet(11, "GPT-5.2 Pro 得分 31%，“不是泡沫”，估值 $50B"),
            tweet(12, "Kimi K3 has 1.5 million users"),
        ];
        let looked = recheck(text, &tweets, &crate::outline::tests::outline(OUTLINE));
        let nowhere = looked.into_iter().filter(|one| one.found.is_none());
        nowhere.map(|one| one.fact.written().to_owned()).collect()
    }

    #[test]
    fn what_any_of_the_tweets_says_is_found() {
        for text in [
            "@fkysly 称 AI 模型 GPT-5.2 Pro 得分 31%，估值 500 亿美元",
            "Kimi 有 150 万用户，1月24日",
            "他说“不是泡沫”，又说“GPT-5.2 Pro 得分 3…”",
        ] {
            assert_eq!(missing(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_none_of_them_says_is_not() {
        for (text, wanted) in [
            ("得分 32%", ["32%"].as_slice()),
            ("OpenAI 估值 60 亿美元", &["60 亿美元", "OpenAI"]),
            ("他说“就是泡沫”", &["就是泡沫"]),
            ("他说“1%”", &["1%"]),
        ] {
            assert_eq!(missing(text), wanted, "{text}");
        }
    }

    #[test]
    fn it_is_told_which_tweet_holds_it() {
        let tweets = [tweet(11, "得分 31%"), tweet(12, "Kimi K3")];
        let looked = recheck("K3 得分 31%", &tweets, &crate::outline::tests::outline(OUTLINE));
        assert_eq!(
            looked.iter().map(|one| one.found).collect::<Vec<_>>(),
            [Some(TweetId(11)), Some(TweetId(12))]
        );
    }
}
