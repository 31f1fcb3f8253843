//! How many accounts stand behind a claim, and how large they are, as far as the records tell.
//!
//! Who posted or passed on a tweet or a copy of it counts once. Whether two accounts have one owner is not known here.

use std::collections::BTreeSet;

use corpus::{Metrics, Unique};
use serde::{Deserialize, Serialize};

use crate::sources::SourceTweet;

/// Up to which size an account's word alone is marked; 0 and 0 mark none.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmallAccount {
    /// An account with fewer followers is small.
    pub followers: u64,
    /// Where its followers are not told: an account whose tweet has fewer likes, reposts, quotes and replies together.
    pub reactions: u64,
}

impl Default for SmallAccount {
    fn default() -> Self {
        Self { followers: 5000, reactions: 50 }
    }
}

impl SmallAccount {
    /// Whether a tweet's account is known to be small; of whom no count is known nothing is said.
    pub(crate) fn is_of(&self, unique: &Unique) -> bool {
        match unique.tweet.author.followers {
            Some(followers) => followers < self.followers,
            None => reactions(unique.engagement).is_some_and(|sum| sum < self.reactions),
        }
    }
}

/// All reactions that are told; `None` where none is.
fn reactions(engagement: Metrics) -> Option<u64> {
    let Metrics { likes, reposts, replies, quotes, bookmarks: _, views: _ } = engagement;
    let told: Vec<u64> = [likes, reposts, replies, quotes].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.iter().sum())
}

/// Whether all that a claim cites is the word of one small account.
pub(crate) fn is_sole(cited: &[&SourceTweet]) -> bool {
    let voices: BTreeSet<&String> = cited.iter().flat_map(|tweet| &tweet.voices).collect();
    voices.len() == 1 && cited.iter().all(|tweet| tweet.small)
}

#[cfg(test)]
mod tests {
    use corpus::{Kind, Reference};

    use super::*;
    use crate::{made_up::unique, sources::Sources};

    fn of(followers: Option<u64>, likes: Option<u64>) -> Unique {
        let mut unique = unique(1, "a", "Qingwu-72B 开源");
        unique.tweet.author.followers = followers;
        unique.engagement.likes = likes;
        unique
    }

    #[test]
    fn followers_tell_first_then_reactions_then_nothing() {
        let small = SmallAccount { followers: 1000, reactions: 20 };
        let cases = [
            (Some(999), Some(5000), true),
            (Some(1000), Some(0), false),
            (None, Some(19), true),
            (None, Some(20), false),
            (None, None, false),
        ];
        for (followers, likes, wanted) in cases {
            assert_eq!(small.is_of(&of(followers, likes)), wanted, "{followers:?} {likes:?}");
        }
        let none = SmallAccount { followers: 0, reactions: 0 };
        assert!(!none.is_of(&of(Some(0), None)) && !none.is_of(&of(None, Some(0))));
    }

    /// Whether a claim about tweets by these accounts, each with whom it was passed on by, is of one small account.
    fn sole(tweets: &[(&str, &[&str], u64)]) -> bool {
        let made = tweets.iter().zip(1..).map(|((handle, passed_on, followers), id)| {
            let mut made = unique(id, handle, "Qingwu-72B 开源");
            made.authors.extend(passed_on.iter().map(|&handle| handle.to_owned()));
            made.tweet.author.followers = Some(*followers);
            made
        });
        is_sole_of(made.collect())
    }

    fn is_sole_of(tweets: Vec<Unique>) -> bool {
        let topics = [crate::made_up::topic(tweets)];
        let outline = crate::outline::tests::outline(
            "key_points = 1\ntweets_per_author = 9\ndefault_group = \"a/b\"\nlanguage = \"zh\"\nkinds = []\n\
             mood = { positive = [], negative = [] }\n\
             sections = [{ id = \"a\", heading = \"\", empty = \"\", groups = [] }]",
        );
        let sources = Sources::new(&topics, |_| 0, &outline);
        is_sole(&sources.of_topic(0).collect::<Vec<_>>())
    }

    /// Whether a claim about a small account's tweet that quotes another one is of one small account.
    fn sole_quote(handle: &str, quoted: &str) -> bool {
        let mut made = unique(1, handle, "看这个");
        made.tweet.author.followers = Some(10);
        made.tweet.kind = Kind::Quote;
        made.tweet.reference = Some(Reference {
            id: None,
            handle: Some(quoted.to_owned()),
            text: Some("Qingwu-72B 开源".to_owned()),
        });
        is_sole_of(vec![made])
    }

    #[test]
    fn one_account_is_one_however_often_it_speaks() {
        assert!(sole(&[("a", &[], 10)]));
        assert!(sole(&[("a", &[], 10), ("A", &["a"], 10)]), "its own copies are not two accounts");
        assert!(!sole(&[("a", &["b"], 10)]), "another account passed it on");
        assert!(!sole(&[("a", &[], 10), ("b", &[], 10)]));
        assert!(!sole(&[("a", &[], 1_000_000)]));
        assert!(!sole(&[]));
        assert!(sole_quote("a", "A"), "its own words are not those of two accounts");
        assert!(!sole_quote("a", "b"), "the words of the account that it quotes are part of what it says");
    }
}
