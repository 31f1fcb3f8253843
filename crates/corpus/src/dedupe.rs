//! **dedupe**: one tweet stands for its retweets and near-copies; the fold keeps their authors and engagement.
//!
//! Near-copies are found by word shingles (Broder 1997) over an inverted index, exactly, and a fold never crosses a change
//! of a number, a ticker or a negation: "up 5 %" is not a copy of "up 6 %".

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    AdOutcome, AdScore, DropReason, Dropped, Kept, Kind, Metrics, Tweet, TweetId,
    words::{Words, is_han},
};

/// Two texts are copies when their shingles overlap at least this much (Jaccard).
const COPY_OVERLAP: f64 = 0.7;
/// Texts of fewer shingles are copies only when equal: short texts overlap by chance.
const FEW_SHINGLES: usize = 4;

/// A tweet and all that says the same.
#[derive(Clone, Debug)]
pub struct Unique {
    /// The earliest tweet of the words.
    pub tweet: Tweet,
    /// Its advert score.
    pub ad: AdScore,
    /// Whether it is half suspected of being an advert.
    pub suspect: bool,
    /// How strongly it speaks of the subject.
    pub relevance: f64,
    /// Ids folded into it.
    pub copies: Vec<TweetId>,
    /// All who posted it, the tweet's own author first, lower case, each once.
    pub authors: Vec<String>,
    /// The highest of each count seen on the tweet and its retweets, summed over copies.
    pub engagement: Metrics,
}

impl Unique {
    /// A tweet as an audit tells it again; of its advert score only what later stages ask for.
    pub fn told(tweet: Tweet, copies: Vec<TweetId>, authors: Vec<String>, suspect: bool) -> Self {
        let outcome = if suspect { AdOutcome::Suspect } else { AdOutcome::Keep };
        let ad = AdScore { outcome, ..AdScore::default() };
        Self { ad, suspect, relevance: 0.0, copies, authors, engagement: tweet.metrics, tweet }
    }
}

/// The stage's result: in = unique + folded.
#[derive(Debug, Default)]
pub struct Deduped {
    /// In order of time, then id.
    pub unique: Vec<Unique>,
    /// What was folded, and into which.
    pub folded: Vec<Dropped>,
}

/// Why two tweets are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    Retweet,
    Copy,
}

/// Folds what says the same into the earliest tweet that says it.
pub fn dedupe(mut kept: Vec<Kept>, words: &Words) -> Deduped {
    kept.sort_by_key(|kept| (kept.tweet.kind == Kind::Retweet, kept.tweet.created_at, kept.tweet.id));
    let mut found = Folder::new(words);
    let (distinct, mut folded) = newest_of_each_id(kept);
    for one in distinct {
        match found.find(&one.tweet) {
            Some((into, fold)) => folded.push(found.take_in(into, &one.tweet, fold)),
            None => found.add(one),
        }
    }
    let mut unique = found.unique;
    unique.sort_by_key(order);
    Deduped { unique, folded }
}

fn order(unique: &Unique) -> (DateTime<Utc>, TweetId) {
    (unique.tweet.created_at, unique.tweet.id)
}

/// Of records with one id the first stands, with the highest counts (the newest collection) and the longest text.
fn newest_of_each_id(kept: Vec<Kept>) -> (Vec<Kept>, Vec<Dropped>) {
    let mut place: FxHashMap<TweetId, usize> = FxHashMap::default();
    let mut first: Vec<Kept> = Vec::with_capacity(kept.len());
    let mut folded = Vec::new();
    for one in kept {
        let seen = place.get(&one.tweet.id).and_then(|at| first.get_mut(*at));
        if let Some(before) = seen {
            folded.push(Dropped::new(&one.tweet, DropReason::SameId));
            before.tweet.metrics = highest(before.tweet.metrics, one.tweet.metrics);
            // An export may cut a text that another one has in full.
            if one.tweet.text.len() > before.tweet.text.len() {
                before.tweet.text = one.tweet.text;
            }
        } else {
            place.insert(one.tweet.id, first.len());
            first.push(one);
        }
    }
    (first, folded)
}

struct Folder<'w> {
    words: &'w Words,
    unique: Vec<Unique>,
    by_id: FxHashMap<TweetId, usize>,
    by_shingle: FxHashMap<u64, Vec<usize>>,
    prints: Vec<Print>,
}

/// What two copies must share.
struct Print {
    shingles: FxHashSet<u64>,
    /// Numbers, tickers and negations, sorted.
    guard: Vec<String>,
}

impl<'w> Folder<'w> {
    fn new(words: &'w Words) -> Self {
        Self {
            words,
            unique: Vec::new(),
            by_id: FxHashMap::default(),
            by_shingle: FxHashMap::default(),
            prints: Vec::new(),
        }
    }

    fn find(&self, tweet: &Tweet) -> Option<(usize, Fold)> {
        if tweet.kind == Kind::Retweet {
            let original = tweet.reference.as_ref().and_then(|reference| reference.id);
            if let Some(at) = original.and_then(|id| self.by_id.get(&id)) {
                return Some((*at, Fold::Retweet));
            }
        }
        let fold = if tweet.kind == Kind::Retweet { Fold::Retweet } else { Fold::Copy };
        self.find_copy(&print(tweet, self.words)).map(|at| (at, fold))
    }

    fn find_copy(&self, print: &Print) -> Option<usize> {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        let mut shingles: Vec<&u64> = print.shingles.iter().collect();
        shingles.sort_unstable();
        for at in shingles.into_iter().filter_map(|shingle| self.by_shingle.get(shingle)).flatten() {
            *shared.entry(*at).or_default() += 1;
        }
        shared.into_iter().find_map(|(at, shared)| {
            let other = self.prints.get(at)?;
            same_words(print, other, shared).then_some(at)
        })
    }

    fn add(&mut self, kept: Kept) {
        let at = self.unique.len();
        let print = print(&kept.tweet, self.words);
        self.by_id.insert(kept.tweet.id, at);
        if let Some(id) = retweeted(&kept.tweet) {
            self.by_id.entry(id).or_insert(at);
        }
        let mut shingles: Vec<u64> = print.shingles.iter().copied().collect();
        shingles.sort_unstable();
        for shingle in shingles {
            self.by_shingle.entry(shingle).or_default().push(at);
        }
        self.prints.push(print);
        let Kept { tweet, ad, suspect, relevance } = kept;
        let mut authors = vec![tweet.speaker().to_lowercase()];
        push_new(&mut authors, &tweet.author.handle);
        let engagement = tweet.metrics;
        self.unique.push(Unique { tweet, ad, suspect, relevance, copies: Vec::new(), authors, engagement });
    }

    fn take_in(&mut self, into: usize, tweet: &Tweet, fold: Fold) -> Dropped {
        let Some(target) = self.unique.get_mut(into) else {
            return Dropped::new(tweet, DropReason::SameId);
        };
        target.copies.push(tweet.id);
        push_new(&mut target.authors, &tweet.author.handle);
        target.engagement = match fold {
            Fold::Retweet => highest(target.engagement, tweet.metrics),
            Fold::Copy => summed(target.engagement, tweet.metrics),
        };
        let into = target.tweet.id;
        let why = match fold {
            Fold::Retweet => DropReason::Retweet { into },
            Fold::Copy => DropReason::Copy { into },
        };
        Dropped::new(tweet, why)
    }
}

fn retweeted(tweet: &Tweet) -> Option<TweetId> {
    (tweet.kind == Kind::Retweet).then(|| tweet.reference.as_ref()?.id).flatten()
}

fn push_new(authors: &mut Vec<String>, handle: &str) {
    let handle = handle.to_lowercase();
    if !authors.contains(&handle) {
        authors.push(handle);
    }
}

fn same_words(a: &Print, b: &Print, shared: usize) -> bool {
    let (least, all) = (a.shingles.len().min(b.shingles.len()), a.shingles.len() + b.shingles.len() - shared);
    let overlap = shared as f64 / all.max(1) as f64;
    let equal = shared == all;
    a.guard == b.guard && if least < FEW_SHINGLES { equal && all > 0 } else { overlap >= COPY_OVERLAP }
}

fn print(tweet: &Tweet, words: &Words) -> Print {
    let terms = words.terms(&tweet.text);
    let shingles = shingles(&terms);
    let mut guard: Vec<String> = terms.iter().filter(|term| guards(term)).cloned().collect();
    guard.extend(numbers(&tweet.text));
    guard.extend(negations(&tweet.text));
    guard.sort();
    guard.dedup();
    Print { shingles, guard }
}

/// Hashes of runs of three terms; of a shorter text the whole.
fn shingles(terms: &[String]) -> FxHashSet<u64> {
    use std::hash::{BuildHasher, BuildHasherDefault};
    let hasher = BuildHasherDefault::<rustc_hash::FxHasher>::default();
    let size = terms.len().clamp(1, 3);
    terms.windows(size).map(|run| hasher.hash_one(run)).collect()
}

/// A ticker or a word with a digit, such as a version.
fn guards(term: &str) -> bool {
    term.starts_with('$') || (term.bytes().any(|b| b.is_ascii_digit()) && !is_han(term))
}

fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let without_links = text.split_whitespace().filter(|word| !word.starts_with("http"));
    for word in without_links {
        let pieces = word.split(|c: char| !(c.is_ascii_digit() || c == '.'));
        found.extend(
            pieces.map(|piece| piece.trim_matches('.')).filter(|piece| !piece.is_empty()).map(str::to_owned),
        );
    }
    found
}

/// Each negating word of a text, so that "is" and "is not" do not fold.
fn negations(text: &str) -> impl Iterator<Item = String> {
    const HAN: [&str; 6] = ["不", "没", "未", "非", "无", "否"];
    const LATIN: [&str; 6] = ["not", "no", "never", "without", "cannot", "fails"];
    let lower = text.to_lowercase().replace('’', "'");
    let han = HAN.into_iter().filter(|word| lower.contains(word)).map(str::to_owned).collect::<Vec<_>>();
    let latin = lower
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .filter(|word| LATIN.contains(word) || word.ends_with("n't"))
        .map(str::to_owned)
        .collect::<Vec<_>>();
    han.into_iter().chain(latin)
}

fn highest(a: Metrics, b: Metrics) -> Metrics {
    merged(a, b, u64::max)
}

fn summed(a: Metrics, b: Metrics) -> Metrics {
    merged(a, b, u64::saturating_add)
}

fn merged(a: Metrics, b: Metrics, join: fn(u64, u64) -> u64) -> Metrics {
    let join = |a: Option<u64>, b: Option<u64>| match (a, b) {
        (Some(a), Some(b)) => Some(join(a, b)),
        (one, other) => one.or(other),
    };
    Metrics {
        likes: join(a.likes, b.likes),
        reposts: join(a.reposts, b.reposts),
        replies: join(a.replies, b.replies),
        quotes: join(a.quotes, b.quotes),
        bookmarks: join(a.bookmarks, b.bookmarks),
        views: join(a.views, b.views),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(id: u64, handle: &str, text: &str) -> Kept {
        let json = serde_json::json!({"id": id.to_string(), "author": {"handle": handle, "name": handle}, "text": text,
            "created_at": format!("2026-03-02T00:00:{id:02}Z"), "metrics": {"likes": 10}});
        let tweet = serde_json::from_value(json).unwrap();
        Kept { tweet, ad: AdScore::default(), suspect: false, relevance: 2.0 }
    }

    fn retweet(id: u64, handle: &str, of: u64, text: &str) -> Kept {
        let mut one = kept(id, handle, text);
        one.tweet.kind = Kind::Retweet;
        one.tweet.reference = Some(crate::Reference { id: Some(TweetId(of)), ..crate::Reference::default() });
        one
    }

    fn check(texts: [&str; 2], unique: usize) {
        let kept = vec![kept(1, "a", texts[0]), kept(2, "b", texts[1])];
        assert_eq!(dedupe(kept, &Words::new([])).unique.len(), unique, "{texts:?}");
    }

    #[test]
    fn copies_fold_but_never_across_a_change_of_meaning() {
        let text = "Tessera shares rose 7% after hours on strong data center revenue guidance today";
        check([text, text], 1);
        check(
            [
                text,
                "BREAKING: Tessera shares rose 7% after hours on strong data center revenue guidance today",
            ],
            1,
        );
        check([text, &text.replace("7%", "8%")], 2);
        check([text, &text.replace("rose", "never rose")], 2);
        check([&format!("{text} $TSSR"), &format!("{text} $INTC")], 2);
        check(
            [
                "智谱发布新的开源模型并公布全部评测数据与训练细节",
                "智谱不发布新的开源模型并公布全部评测数据与训练细节",
            ],
            2,
        );
    }

    #[test]
    fn a_retweet_folds_into_its_original_with_its_engagement() {
        let text = "Qingwu-72B is out with open weights";
        let folded =
            dedupe(vec![retweet(1, "b", 9, text), kept(9, "a", text), kept(9, "a", text)], &Words::new([]));
        let [only] = folded.unique.as_slice() else { panic!("{:?}", folded.unique) };
        assert_eq!((only.tweet.id, only.copies.as_slice()), (TweetId(9), [TweetId(1)].as_slice()));
        assert_eq!((only.authors.join(","), only.engagement.likes), ("a,b".to_owned(), Some(10)));
        let reasons: Vec<&str> = folded.folded.iter().map(|dropped| dropped.why.name()).collect();
        assert_eq!(reasons, ["same_id", "retweet"]);
    }
}
