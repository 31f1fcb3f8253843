//! Where a fact stands in the tweet that holds it, for people who want to see for themselves.
//!
//! It decides nothing: whether a tweet holds a fact is the pool's to say. A place that cannot be shown is `None`.

use std::ops::Range;

use corpus::Tweet;
use serde::Serialize;

use crate::{
    facts::{Fact, facts, figure_in, held_figures, same_date},
    outline::Outline,
    pool::fold,
};

/// The part of a tweet in which a fact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Its text.
    Text,
    /// The text of the tweet that it quotes, answers or passes on.
    Quoted,
    /// Who wrote it: name and handle, and whose words it passes on.
    Author,
    /// Its tags, mentions and links.
    Tags,
    /// The time at which it was posted.
    Posted,
}

/// A short excerpt around a fact; white space is single, and `…` stands where the text goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// In which part of the tweet.
    pub field: Field,
    /// What stands before it.
    pub before: String,
    /// The fact, as the tweet writes it.
    pub held: String,
    /// What stands after it.
    pub after: String,
}

/// Where `fact` stands in `tweet`.
pub fn place(fact: &Fact, tweet: &Tweet, outline: &Outline) -> Option<Place> {
    let fields = fields(tweet);
    let mut places = fields.iter().filter_map(|(field, text)| {
        let span = span(fact, text, outline)?;
        excerpt(*field, text, &span)
    });
    places.next().or_else(|| posted(fact, tweet))
}

/// The parts of a text in which facts stand: in order, and none overlapping another.
pub fn marked<'f>(
    facts: impl IntoIterator<Item = &'f Fact>,
    text: &str,
    outline: &Outline,
) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = facts
        .into_iter()
        .filter_map(|fact| span(fact, text, outline))
        .filter(|span| !span.is_empty())
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut marked: Vec<Range<usize>> = Vec::new();
    for span in spans {
        match marked.last_mut().filter(|last| span.start <= last.end) {
            Some(last) => last.end = last.end.max(span.end),
            None => marked.push(span),
        }
    }
    marked
}

fn fields(tweet: &Tweet) -> [(Field, String); 4] {
    let quoted = tweet.reference.as_ref().and_then(|reference| reference.text.clone());
    let author = format!("{} @{} @{}", tweet.author.name, tweet.author.handle, tweet.speaker());
    let referred = tweet.reference.as_ref().and_then(|reference| reference.handle.as_ref());
    let tags = tweet.cashtags.iter().map(|tag| format!("${tag}"));
    let tags = tags.chain(tweet.hashtags.iter().map(|tag| format!("#{tag}")));
    let tags = tags.chain(tweet.mentions.iter().chain(referred).map(|handle| format!("@{handle}")));
    let tags: Vec<String> = tags.chain(tweet.urls.iter().cloned()).collect();
    [
        (Field::Text, tweet.text.clone()),
        (Field::Quoted, quoted.unwrap_or_default()),
        (Field::Author, author),
        (Field::Tags, tags.join(" ")),
    ]
}

/// A date that no text tells is that of the tweet.
fn posted(fact: &Fact, tweet: &Tweet) -> Option<Place> {
    matches!(fact, Fact::Date { .. }).then(|| Place {
        field: Field::Posted,
        before: String::new(),
        held: tweet.created_at.format("%Y-%m-%d %H:%M UTC").to_string(),
        after: String::new(),
    })
}

fn span(fact: &Fact, text: &str, outline: &Outline) -> Option<Range<usize>> {
    let spellings = spellings(fact, text, outline);
    let all: Vec<Range<usize>> = spellings.iter().flat_map(|spelling| spans(text, spelling)).collect();
    let alone = all.iter().find(|span| stands_alone(text, span));
    alone.or(all.first()).cloned()
}

/// How `text` may spell the fact.
fn spellings(fact: &Fact, text: &str, outline: &Outline) -> Vec<String> {
    match fact {
        Fact::Figure { .. } => {
            figure_in(&held_figures(text), text, fact).iter().map(|held| held.written().to_owned()).collect()
        }
        Fact::Date { .. } => facts(text)
            .iter()
            .filter(|one| same_date(one, fact))
            .map(|one| one.written().to_owned())
            .collect(),
        Fact::Quotation { .. } => vec![fact.written().trim_end_matches(['…', '.', '。']).to_owned()],
        Fact::Name { .. } => names(fact.written(), outline),
        _ => vec![fact.written().to_owned()],
    }
}

/// A name, without its plural, and all other names of the same thing.
fn names(name: &str, outline: &Outline) -> Vec<String> {
    let folded = fold(name);
    let same = outline.aliases.iter().map(|(one, others)| std::iter::once(one).chain(others));
    let same = same.filter(|names| names.clone().any(|one| fold(one) == folded)).flatten().cloned();
    let singular = name.strip_suffix('s').map(str::to_owned);
    std::iter::once(name.to_owned()).chain(same).chain(singular).collect()
}

/// Every place of a spelling in a text, however it is cased and spaced there.
fn spans(text: &str, spelling: &str) -> Vec<Range<usize>> {
    let (mut folded, mut origins) = (String::new(), Vec::new());
    for (at, c) in text.char_indices() {
        let piece = fold(c.encode_utf8(&mut [0; 4]));
        origins.extend(std::iter::repeat_n(at..at + c.len_utf8(), piece.len()));
        folded.push_str(&piece);
    }
    let wanted = fold(spelling);
    let hits = folded.match_indices(&wanted).filter(|(_, hit)| !hit.is_empty());
    hits.filter_map(|(at, hit)| Some(origins.get(at)?.start..origins.get(at + hit.len() - 1)?.end)).collect()
}

/// Whether a place is no part of a longer Latin word or number.
fn stands_alone(text: &str, span: &Range<usize>) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let before = text.get(..span.start).and_then(|before| before.chars().next_back());
    let after = text.get(span.end..).and_then(|after| after.chars().next());
    let (first, last) =
        text.get(span.clone()).map_or((None, None), |held| (held.chars().next(), held.chars().next_back()));
    let goes_on = (letter(first) && letter(before)) || (letter(last) && letter(after));
    !goes_on
}

/// Characters shown on each side of a fact.
const AROUND: usize = 20;

fn excerpt(field: Field, text: &str, span: &Range<usize>) -> Option<Place> {
    let before: Vec<char> = single(text.get(..span.start)?).chars().collect();
    let after: Vec<char> = single(text.get(span.end..)?).chars().collect();
    let (from, rest) = (before.len().saturating_sub(AROUND), after.len() > AROUND);
    let dots = |cut: bool| if cut { "…" } else { "" };
    Some(Place {
        field,
        before: dots(from > 0).chars().chain(before.into_iter().skip(from)).collect(),
        held: single(text.get(span.clone())?),
        after: after.into_iter().take(AROUND).chain(dots(rest).chars()).collect(),
    })
}

/// Every run of white space is one space.
fn single(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }) {
        if !(c == ' ' && out.ends_with(' ')) {
            out.push(c);
        }
    }
    out
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
        aliases = { "月之暗面" = ["Kimi"] }
    "#;

    const TEXT: &str =
        "今天 gpt 5.2 的训练计算量降低\n 44%，估值 $50B，OpenAI 的 AI 用户有 1.5 million，月之暗面跟进";

    fn shown(claim: &str) -> Place {
        let json = serde_json::json!({"id": "11", "author": {"handle": "fkysly", "name": "Some One"},
            "text": TEXT, "created_at": "2026-01-24T03:00:00Z", "cashtags": ["INTC"]});
        let (tweet, outline) =
            (serde_json::from_value(json).unwrap(), crate::outline::tests::outline(OUTLINE));
        place(facts(claim).first().unwrap(), &tweet, &outline).unwrap()
    }

    #[test]
    fn a_fact_is_shown_as_the_tweet_writes_it() {
        for (claim, field, wanted) in [
            ("GPT-5.2", Field::Text, "gpt 5.2"),
            ("44%", Field::Text, "44%"),
            ("500 亿美元", Field::Text, "$50B"),
            ("Kimi", Field::Text, "月之暗面"),
            ("$INTC", Field::Tags, "$INTC"),
            ("@fkysly", Field::Author, "@fkysly"),
            ("1月24日", Field::Posted, "2026-01-24 03:00 UTC"),
            ("“训练计算量降低44%”", Field::Text, "训练计算量降低 44%"),
        ] {
            let place = shown(claim);
            assert_eq!((place.field, place.held.as_str()), (field, wanted), "{claim}");
        }
    }

    #[test]
    fn facts_that_overlap_are_marked_as_one() {
        let outline = crate::outline::tests::outline(OUTLINE);
        let held = |claim: &str| {
            let spans = marked(&facts(claim), TEXT, &outline);
            spans.into_iter().map(|span| TEXT.get(span).unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(held("估值 500 亿美元，降低 44%"), ["44%", "$50B"]);
        assert_eq!(held("“训练计算量降低 44%”，44%"), ["训练计算量降低\n 44%"]);
        assert!(held("涨了 7%").is_empty());
    }

    #[test]
    fn an_excerpt_is_short_and_on_one_line_and_of_a_word_by_itself() {
        let Place { before, held, after, .. } = shown("AI");
        assert_eq!((before.as_str(), held.as_str()), ("…4%，估值 $50B，OpenAI 的 ", "AI"));
        assert_eq!(after, " 用户有 1.5 million，月之暗…");
        assert_eq!(shown("44%").before, "今天 gpt 5.2 的训练计算量降低 ");
    }
}
