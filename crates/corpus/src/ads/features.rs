//! What the model sees of a tweet: named features, and its n-grams.
//!
//! No script and no language among the named ones, and no account by name: an English post is no advert, and an account
//! that advertises may have news tomorrow.

use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{fold::fold, grams, rules::AdRules};
use crate::{Tweet, TweetId, words::is_han_char};

/// The features beside one for each rule, in the order of [`structure`].
pub(super) const STRUCTURE: [&str; 36] = [
    "sum_of_rules",
    "length",
    "long",
    "short",
    "lines",
    "short_sentences",
    "exclamations",
    "question",
    "emoji",
    "capitals",
    "money",
    "percent",
    "phone",
    "cashtags",
    "hashtags",
    "mentions",
    "starts_with_mention",
    "link",
    "says_you",
    "says_we",
    "says_i",
    "promoted",
    "own_name",
    "own_handle",
    "business_handle",
    "followers",
    "text_repeated",
    "text_repeated_often",
    "author_repeats",
    "two_pitches",
    "three_pitches",
    "four_pitches",
    "pitch_without_news",
    "own_name_and_pitch",
    "own_name_no_i",
    "you_no_i",
];
/// The name of the feature for an author who names himself: a brand speaks of its own.
const SHORTEST_OWN_NAME: usize = 4;
/// How much the two kinds weigh before training: a greater value is penalised less.
const NAMED_SCALE: f32 = 2.0;
const GRAM_SCALE: f32 = 3.0;

/// A tweet's features: named ones by place (rules first, then the structure), n-grams by place after those.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// Place and value, ascending.
    pub(super) values: Vec<(u32, f32)>,
    /// Whether the author names himself.
    pub(super) own_name: bool,
    /// The sum of the weights of the rules that hit.
    pub(super) rule_sum: f64,
}

impl Features {
    /// The sum of the weights of the rules that hit: the score without a model.
    pub fn rule_sum(&self) -> f64 {
        self.rule_sum
    }
}

/// A tweet with its folded text.
pub(super) struct Folded<'t> {
    pub(super) tweet: &'t Tweet,
    pub(super) text: String,
    print: u64,
}

/// Which texts an author has posted more than once, among the tweets at hand.
#[derive(Default)]
pub(super) struct Repeats {
    texts: FxHashMap<(String, u64), usize>,
    authors: FxHashMap<String, usize>,
}

impl<'t> Folded<'t> {
    pub(super) fn new(tweet: &'t Tweet) -> Self {
        let text = fold(&tweet.text);
        let letters = text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase);
        let mut utf8 = [0; 4];
        let print = grams::fnv1a(letters.flat_map(|c| c.encode_utf8(&mut utf8).bytes().collect::<Vec<_>>()));
        Self { tweet, text, print }
    }
}

impl Repeats {
    pub(super) fn new(tweets: &[Folded<'_>]) -> Self {
        let mut repeats = Self::default();
        let mut seen: FxHashSet<TweetId> = FxHashSet::default();
        for folded in tweets.iter().filter(|folded| seen.insert(folded.tweet.id)) {
            let author = folded.tweet.author.handle.clone();
            let times = repeats.texts.entry((author.clone(), folded.print)).or_default();
            *times += 1;
            let most = repeats.authors.entry(author).or_default();
            *most = (*most).max(*times);
        }
        repeats
    }

    fn of_text(&self, folded: &Folded<'_>) -> usize {
        self.texts.get(&(folded.tweet.author.handle.clone(), folded.print)).copied().unwrap_or(1)
    }

    fn of_author(&self, folded: &Folded<'_>) -> usize {
        self.authors.get(&folded.tweet.author.handle).copied().unwrap_or(1)
    }
}

/// The features of one tweet, beside those at hand.
pub(super) fn features(folded: &Folded<'_>, repeats: &Repeats, rules: &AdRules) -> Features {
    let hits = rules.hits(&folded.text);
    let structure = structure(folded, repeats, rules, &hits);
    let first = rules.count() as u32;
    let of_rules = hits.iter().map(|hit| (*hit as u32, NAMED_SCALE));
    let of_structure = structure.iter().zip(first..).filter(|(value, _)| **value != 0.0);
    let own_name = own_name(folded.tweet).is_some();
    let grams_from = first + STRUCTURE.len() as u32;
    let of_grams = grams::weighted(&folded.text).into_iter();
    let values = of_rules
        .chain(of_structure.map(|(value, at)| (at, *value * NAMED_SCALE)))
        .chain(of_grams.map(|(bucket, value)| (grams_from + bucket, value * GRAM_SCALE)))
        .collect();
    Features { values, own_name, rule_sum: rules.sum(&hits) }
}

fn structure(
    folded: &Folded<'_>,
    repeats: &Repeats,
    rules: &AdRules,
    hits: &[usize],
) -> [f32; STRUCTURE.len()] {
    let text = folded.text.as_str();
    let shape = Shape::new(text);
    let named =
        |name: &str| rules.iter().enumerate().any(|(at, rule)| rule.name == name && hits.contains(&at));
    let pitches = rules.iter().enumerate().filter(|(at, rule)| rule.pitch && hits.contains(at)).count();
    let (news, says_i) = (named("news_words"), named("own_voice"));
    let (own_name, own_handle) = (own_name(folded.tweet).is_some(), own_handle(folded.tweet, text));
    let own = own_name || own_handle;
    let handle = &folded.tweet.author.handle;
    let repeated = repeats.of_text(folded);
    [
        rules.sum(hits).min(6.0) as f32 / 3.0,
        (shape.length.min(600) as f32) / 300.0,
        flag(shape.length > 400),
        flag(shape.length < 40),
        shape.lines.min(10) as f32 / 10.0,
        flag(shape.sentences >= 3 && shape.words <= 5 * shape.sentences),
        shape.exclamations.min(3) as f32 / 3.0,
        flag(shape.questions > 0),
        shape.emoji.min(4) as f32 / 4.0,
        shape.capitals as f32 / shape.blanks.max(5) as f32,
        flag(MONEY.is_match(text)),
        flag(PERCENT.is_match(text)),
        flag(PHONE.is_match(text)),
        shape.cashtags.min(3) as f32 / 3.0,
        shape.hashtags.min(4) as f32 / 4.0,
        shape.mentions.min(3) as f32 / 3.0,
        flag(text.starts_with('@')),
        flag(LINK.is_match(text)),
        shape.you.min(3) as f32 / 3.0,
        shape.we.min(3) as f32 / 3.0,
        shape.i.min(3) as f32 / 3.0,
        flag(folded.tweet.promoted == Some(true)),
        flag(own_name),
        flag(own_handle),
        flag(BUSINESS.is_match(handle)),
        folded.tweet.author.followers.map_or(0.0, |count| ((count as f32 + 1.0).log10() - 4.0) / 3.0),
        flag(repeated >= 2),
        flag(repeated >= 3),
        flag(repeats.of_author(folded) >= 2),
        flag(pitches >= 2),
        flag(pitches >= 3),
        flag(pitches >= 4),
        flag(pitches >= 2 && !news),
        flag(own && pitches >= 1),
        flag(own && !says_i),
        flag(shape.you > 0 && !says_i),
    ]
}

fn flag(holds: bool) -> f32 {
    if holds { 1.0 } else { 0.0 }
}

/// Counts of one pass over the text.
#[derive(Default)]
struct Shape {
    length: usize,
    lines: usize,
    sentences: usize,
    words: usize,
    blanks: usize,
    exclamations: usize,
    questions: usize,
    emoji: usize,
    capitals: usize,
    cashtags: usize,
    hashtags: usize,
    mentions: usize,
    you: usize,
    we: usize,
    i: usize,
}

impl Shape {
    fn new(text: &str) -> Self {
        let mut shape = Self::default();
        for c in text.chars() {
            shape.length += 1;
            match c {
                '\n' => shape.lines += 1,
                '!' => shape.exclamations += 1,
                '?' => shape.questions += 1,
                '#' => shape.hashtags += 1,
                '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' => {
                    shape.emoji += 1;
                }
                c if is_han_char(c) => shape.words += 1,
                _ => {}
            }
        }
        let ends = |c: char| matches!(c, '.' | '!' | '?' | '。' | '…' | '\n');
        shape.sentences = text.split(ends).filter(|part| !part.trim().is_empty()).count();
        for word in text.split_whitespace() {
            shape.blanks += 1;
            shape.take(word);
        }
        shape
    }

    fn take(&mut self, word: &str) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        self.words += usize::from(bare.starts_with(|c: char| c.is_ascii_alphabetic()));
        self.cashtags += usize::from(word.starts_with('$') && bare.chars().all(|c| c.is_ascii_alphabetic()));
        self.mentions += usize::from(word.contains('@'));
        self.capitals += usize::from(bare.len() >= 3 && bare.chars().all(|c| c.is_ascii_uppercase()));
        let lower = bare.to_ascii_lowercase();
        match lower.split(['\'', '’']).next().unwrap_or_default() {
            "you" | "your" | "yours" => self.you += 1,
            "we" | "our" | "us" => self.we += 1,
            "i" | "my" | "me" | "im" => self.i += 1,
            _ => {}
        }
    }
}

/// The first word of the author's display name, if the text has it: people rarely name themselves, brands do.
pub(super) fn own_name(tweet: &Tweet) -> Option<&str> {
    let name = tweet.author.name.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())?;
    let telling = name.is_ascii() && name.len() >= SHORTEST_OWN_NAME;
    let mut words = tweet.text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '@' | '/' | '.')));
    (telling && words.any(|word| word.eq_ignore_ascii_case(name))).then_some(name)
}

/// Whether a word of the text is at least half of the author's handle.
fn own_handle(tweet: &Tweet, text: &str) -> bool {
    let handle = tweet.author.handle.to_ascii_lowercase();
    let telling = |word: &str| word.len() >= SHORTEST_OWN_NAME && word.len() * 2 >= handle.len();
    text.split(|c: char| !c.is_ascii_alphabetic())
        .any(|word| telling(word) && handle.contains(&word.to_ascii_lowercase()))
}

#[expect(clippy::expect_used, reason = "literal patterns, compiled in a test")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a literal pattern is valid")
}

static MONEY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[$€£¥]\s?[0-9]|[0-9]\s?(?:(?i:usdt|usd)|元|块|刀|美元)"));
static PERCENT: LazyLock<Regex> = LazyLock::new(|| pattern("[0-9] ?%"));
static PHONE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[0-9][0-9\- ]{7,}[0-9]"));
static LINK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)https?://|t\.me/|[a-z0-9]\.(?:com|io|me|org|xyz|cn)(?-u:\b)"));
/// Parts of handles that companies and shops like; the end of the handle where the part is short.
static BUSINESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?i)official|hq$|app$|_?ai$|inc$|labs?$|global|gold$|shop|store|club|financ|casino|play|trad(?:e|ing)|profit|\
         law|health|coffee|cloth|io$|dao|llc|corp|media|money|odds|fund|capital|games?|studio|news|crypto|token|protocol|\
         network|team|brand|group|university|college|academy|course",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_are_valid() {
        assert!(MONEY.is_match("only $5") && PERCENT.is_match("50% off") && PHONE.is_match("138-0012-3456"));
        assert!(LINK.is_match("see acme.io now") && BUSINESS.is_match("AcmeHQ"));
    }

    #[test]
    fn a_text_is_counted_in_one_pass() {
        let shape = Shape::new("Get YOURS now! We're here for you.\n$ACME @acme 🔥 买");
        assert_eq!((shape.exclamations, shape.we, shape.you, shape.capitals), (1, 1, 2, 2));
        assert_eq!((shape.cashtags, shape.mentions, shape.emoji, shape.lines), (1, 1, 1, 1));
    }
}
