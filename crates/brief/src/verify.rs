//! **verify**: a draft claim becomes a claim only if each of its facts is found again in a tweet that it cites.
//!
//! This is the only place that can make a [`Claim`]. "Found again" is the promise; whether the tweet is right is not known
//! here. What is refused keeps its reasons.

use corpus::TweetId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    backing::is_sole,
    checker::Checker,
    dispute::{Side, sides},
    facts::{Fact, facts},
    gate::Rule,
    pool::{Found, Pool, bare, fold},
    sources::{Citation, SourceTweet, Sources},
};

/// Who wrote a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Writer {
    /// A language model.
    Model,
    /// The embedded extractive writer.
    Extractive,
}

/// A claim as a writer drafts it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DraftClaim {
    /// Id of its group in the section; empty in the brief part.
    pub group: String,
    /// A few words, printed bold; may be empty.
    pub lead: String,
    /// The sentence or two.
    pub text: String,
    /// Short names of the tweets that it rests on.
    pub cites: Vec<String>,
    /// Figures that we counted ourselves (`38` tweets), which no tweet needs to hold.
    pub derived: Vec<String>,
    /// Who drafted it.
    pub writer: Writer,
}

/// A fact, and where it was found again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// What was looked for.
    pub fact: Fact,
    /// The tweet that holds it; `None` for a figure that we counted ourselves and for the report's own vocabulary.
    pub tweet: Option<TweetId>,
}

/// A claim whose every fact was found again. Only `verify` makes one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Claim {
    /// Id of its group in the section; empty in the brief part.
    group: String,
    /// The bold words in front; may be empty.
    lead: String,
    /// The sentence or two; plain text.
    text: String,
    /// The tweets that it rests on.
    cites: Vec<Citation>,
    /// Each fact with the tweet that holds it.
    evidence: Vec<Evidence>,
    /// Who wrote it.
    writer: Writer,
    /// Whether all that it is about goes on from an earlier report; not there when it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    continuing: bool,
    /// Whether all that it rests on is the word of one small account; not there when it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sole_source: bool,
    /// What its sources say instead of one another; not there when they agree, as far as is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    disputed: Vec<Side>,
    #[serde(skip)]
    topics: Vec<usize>,
}

impl Claim {
    /// Id of the group that it belongs to.
    pub fn group(&self) -> &str {
        &self.group
    }
    /// The bold words in front; may be empty.
    pub fn lead(&self) -> &str {
        &self.lead
    }
    /// The sentence or two; plain text.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The tweets that it rests on; never empty.
    pub fn cites(&self) -> &[Citation] {
        &self.cites
    }
    /// Each fact with the tweet that holds it.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    /// Who wrote it.
    pub fn writer(&self) -> Writer {
        self.writer
    }
    /// Whether all that it is about goes on from an earlier report.
    pub fn continuing(&self) -> bool {
        self.continuing
    }
    /// Whether all that it rests on is the word of one small account.
    pub fn sole_source(&self) -> bool {
        self.sole_source
    }
    /// What its sources say instead of one another; empty when they agree, as far as is known.
    pub fn disputed(&self) -> &[Side] {
        &self.disputed
    }
    /// Places of the topics that it is about.
    pub(crate) fn topics(&self) -> &[usize] {
        &self.topics
    }
}

/// A claim that was not let through, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    /// Where it should have stood: a section's id, `overview` or `key_points`.
    pub section: String,
    /// The draft.
    pub draft: DraftClaim,
    /// Every reason.
    pub problems: Vec<Problem>,
    /// Whether another claim about the same topic stands in its place.
    pub replaced: bool,
}

/// Why a claim was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "problem")]
pub enum Problem {
    /// Nothing is said.
    Empty,
    /// No source is named.
    NoCitation,
    /// A source that this writer was not given.
    UnknownCitation {
        /// The short name.
        alias: String,
    },
    /// A fact that no cited tweet holds.
    NotFound {
        /// The fact.
        fact: Fact,
    },
    /// A link, a heading or other markup, which only code may write.
    Markup {
        /// What was found.
        found: String,
    },
    /// What the gate does not let through, whatever the tweets hold.
    Gate {
        /// Which rule.
        rule: Rule,
        /// What was found, at most some words of it.
        found: String,
    },
    /// An earlier claim of the same part says so already.
    Repeats {
        /// The earlier claim.
        text: String,
    },
    /// It holds, but the part is full, or has a point about this topic.
    Surplus,
}

impl Problem {
    /// What was found wrong, as the text has it.
    pub(crate) fn found(&self) -> String {
        match self {
            Self::Empty => "text".to_owned(),
            Self::NoCitation => "cites".to_owned(),
            Self::Surplus => "claims".to_owned(),
            Self::UnknownCitation { alias } => alias.clone(),
            Self::NotFound { fact } => fact.written().to_owned(),
            Self::Repeats { text } => text.clone(),
            Self::Markup { found } | Self::Gate { found, .. } => found.clone(),
        }
    }
}

/// Lets a draft through if it cites allowed tweets only and each fact is found again in one of them.
///
/// # Errors
/// All problems of the draft.
pub(crate) fn verify(
    draft: &DraftClaim,
    allowed: impl Fn(&SourceTweet) -> bool,
    sources: &Sources,
    checker: &Checker<'_>,
) -> Result<Claim, Vec<Problem>> {
    let mut problems = shape_problems(draft);
    let mut cited: Vec<&SourceTweet> = Vec::new();
    for alias in draft.cites.iter().take(MOST_CITES) {
        match sources.get(alias).filter(|tweet| allowed(tweet)) {
            Some(tweet) if !cited.iter().any(|known| known.citation.alias == *alias) => cited.push(tweet),
            Some(_) => {}
            None => problems.push(Problem::UnknownCitation { alias: alias.clone() }),
        }
    }
    problems.extend(checker.gate.problems(draft, &cited));
    let pool = Pool::new(&cited, checker);
    let counted = checker.counted(draft);
    let mut evidence = Vec::new();
    let whole = format!("{}\n{}", draft.lead, draft.text);
    let known = if draft.writer == Writer::Model { checker.known_names(&whole) } else { Vec::new() };
    let all = all_facts(draft).into_iter().filter(|fact| checker.is_fact(fact, &whole)).chain(known);
    let translated = pool.translated(&whole);
    let is_translated =
        |fact: &Fact| matches!(fact, Fact::Name { written } if translated.contains(&fold(bare(written))));
    for fact in all.filter(|fact| !is_translated(fact)) {
        match pool.find(&fact, &counted) {
            Found::In(tweet) => evidence.push(Evidence { fact, tweet: Some(tweet) }),
            Found::NeedsNone => evidence.push(Evidence { fact, tweet: None }),
            Found::Nowhere => problems.push(Problem::NotFound { fact }),
        }
    }
    if draft.writer == Writer::Model && !cited.is_empty() {
        problems.extend(pool.contradicted(&draft.text).into_iter().map(|fact| Problem::NotFound { fact }));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut topics: Vec<usize> = cited.iter().map(|tweet| tweet.topic).collect();
    topics.dedup();
    Ok(Claim {
        group: draft.group.clone(),
        lead: draft.lead.trim().to_owned(),
        text: draft.text.trim().to_owned(),
        cites: cited.iter().map(|tweet| tweet.citation.clone()).collect(),
        evidence,
        writer: draft.writer,
        continuing: cited.iter().all(|tweet| tweet.continuing),
        sole_source: is_sole(&cited),
        disputed: if draft.writer == Writer::Model { sides(&draft.text, &cited) } else { Vec::new() },
        topics,
    })
}

/// What only code may write: links, emphasis, headings, templates, HTML, chat tokens.
const MARKUP: [&str; 12] =
    ["http://", "https://", "www.", "](", "**", "{{", "{%", "<script", "```", "##", "<|", "</"];

/// Sources of one claim, so that what it rests on stands behind it as links.
const MOST_CITES: usize = 3;

/// The facts of a draft. A model's quotation marks are no way around the checker: it looks inside them too. (The
/// extractive writer quotes word by word, and may cut a quotation short.)
fn all_facts(draft: &DraftClaim) -> Vec<Fact> {
    let mut all = facts(&format!("{}\n{}", draft.lead, draft.text));
    if draft.writer == Writer::Model {
        let quoted = all.iter().filter(|fact| matches!(fact, Fact::Quotation { .. }));
        let inside: Vec<Fact> = quoted.flat_map(|fact| facts(fact.written())).collect();
        all.extend(inside);
    }
    all
}

fn shape_problems(draft: &DraftClaim) -> Vec<Problem> {
    let mut problems = Vec::new();
    if draft.text.trim().is_empty() {
        problems.push(Problem::Empty);
    }
    if draft.cites.is_empty() {
        problems.push(Problem::NoCitation);
    }
    // The extractive writer quotes tweets as they are; the escape at the sink makes their markup harmless.
    if draft.writer == Writer::Model {
        let all = format!("{}{}", draft.lead, draft.text);
        problems.extend(
            MARKUP
                .iter()
                .filter(|mark| all.contains(**mark))
                .map(|mark| Problem::Markup { found: (*mark).to_owned() }),
        );
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topics() -> Vec<corpus::Topic> {
        let tweet = |id: u64, handle: &str, text: &str| {
            let json = serde_json::json!({"id": id.to_string(), "author": {"handle": handle, "name": "Some One"},
                "text": text, "created_at": "2026-01-24T03:00:00Z", "cashtags": ["INTC"]});
            let tweet: corpus::Tweet = serde_json::from_value(json).unwrap();
            let engagement = tweet.metrics;
            let ad = corpus::AdScore::default();
            let authors = vec![handle.to_owned()];
            corpus::Unique {
                tweet,
                ad,
                suspect: false,
                relevance: 2.0,
                copies: Vec::new(),
                authors,
                engagement,
            }
        };
        let topic = |tweets| corpus::Topic {
            terms: Vec::new(),
            tweets,
            salience: corpus::Salience::default(),
            earlier: None,
        };
        vec![
            topic(vec![tweet(
                11,
                "fkysly",
                "GPT-5.2 Pro 得分 31%，CALM 训练计算量降低 44%，估值 $50B，“不是泡沫”",
            )]),
            topic(vec![tweet(12, "other", "Kimi K3 released on Feb 3 with 1.5 million users")]),
        ]
    }

    const OUTLINE: &str = r#"
        key_points = 1
        tweets_per_topic = 6
        default_group = "a/b"
        language = "zh"
        sections = [
            { id = "a", heading = "", empty = "", groups = [] },
            { id = "b", heading = "", empty = "", groups = [] },
        ]
        kinds = []
        mood = { positive = [], negative = [] }
        common_words = ["AI"]
        aliases = { "月之暗面" = ["Kimi"] }
    "#;

    fn problems(text: &str, cites: &[&str]) -> Vec<Problem> {
        problems_by(OUTLINE, text, cites)
    }

    fn problems_by(outline: &str, text: &str, cites: &[&str]) -> Vec<Problem> {
        let topics = topics();
        let outline = crate::outline::tests::outline(outline);
        let sources = Sources::new(&topics, |topic| topic, &outline);
        let draft = DraftClaim {
            group: String::new(),
            lead: String::new(),
            text: text.to_owned(),
            cites: cites.iter().map(|alias| (*alias).to_owned()).collect(),
            derived: vec!["38".to_owned()],
            writer: Writer::Model,
        };
        verify(&draft, |tweet| tweet.topic < 2, &sources, &Checker::new(&outline)).err().unwrap_or_default()
    }

    #[test]
    fn what_the_cited_tweets_say_is_let_through() {
        for (text, cite) in [
            ("@fkysly 称 GPT-5.2 Pro 得分 31%", "t1"),
            ("AI 公司估值 500 亿美元，$INTC 被提到", "t1"),
            ("他认为“不是泡沫”，训练计算量降低 44%", "t1"),
            ("Kimi 有 150 万用户，2月3日发布", "t2"),
            ("1月24日，共 38 条推文谈到 GPT-5.2 Pro", "t1"),
        ] {
            assert_eq!(problems(text, &[cite]), [], "{text}");
        }
    }

    #[test]
    fn what_they_do_not_say_is_refused() {
        for (text, cite) in [
            ("得分 32%", "t1"),
            ("得分 31 分，另有 31 个模型", "t2"),
            ("GPT-5.3 Pro 发布", "t1"),
            ("GPT-5 发布", "t1"),
            ("GPT-5.2 发布", "t1"),
            ("CALM（Constrained Autoregressive Language Model）训练计算量降低 44%", "t1"),
            ("估值 500 亿元人民币", "t1"),
            ("@someone_else 这样说", "t1"),
            ("$NVDA 被提到", "t1"),
            ("他认为“就是泡沫”", "t1"),
            ("2月4日发布", "t2"),
            ("得分 31%", "t2"),
            ("他说“得分 1%”", "t1"),
            ("融资 150 万美元", "t2"),
            ("提升 5.2 倍", "t1"),
            ("增长９９％", "t1"),
            ("@fky 这样说", "t1"),
        ] {
            let found = problems(text, &[cite]);
            assert!(
                found.iter().any(|problem| matches!(problem, Problem::NotFound { .. })),
                "{text}: {found:?}"
            );
        }
    }

    /// In Latin script most words are no names; those that are, numbers in words among them, need a source as ever.
    #[test]
    fn an_english_claim_is_checked_by_its_names_and_figures() {
        let english = format!("script = \"latin\"\n{OUTLINE}");
        for text in [
            "@other says that Kimi K3 has been released and has 1.5 million users",
            "released on February 3 with 1,500,000 users, an AI model",
        ] {
            assert_eq!(problems_by(&english, text, &["t2"]), [], "{text}");
        }
        for text in [
            "Zorblattix released it",
            "kimi k4 was released",
            "two models were released",
            "twenty-one models were released",
            "released on February 4",
        ] {
            let found = problems_by(&english, text, &["t2"]);
            assert!(matches!(found.as_slice(), [Problem::NotFound { .. }]), "{text}: {found:?}");
        }
    }

    #[test]
    fn sources_and_shape_are_checked() {
        assert_eq!(problems("各家看法不一", &[]), [Problem::NoCitation]);
        assert_eq!(problems("各家看法不一", &["t9"]), [Problem::UnknownCitation { alias: "t9".to_owned() }]);
        assert!(
            problems("见 https://evil.example", &["t1"])
                .contains(&Problem::Markup { found: "https://".to_owned() })
        );
        assert!(problems("  ", &["t1"]).contains(&Problem::Empty));
    }
}
