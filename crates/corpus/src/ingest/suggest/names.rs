//! What a column's name says of the field that it may be: words of English and Chinese exports.

use super::columns::Column;

/// What names a field is known by, with spaces between them.
pub(super) struct Names {
    /// Whole names, without `_` and spaces, in lower case.
    pub(super) whole: &'static str,
    /// Words in a name.
    pub(super) words: &'static str,
    /// Words that make it something else.
    pub(super) against: &'static str,
    /// The field tells of the author, not of the tweet.
    pub(super) of_author: bool,
    /// The field tells of another tweet.
    pub(super) of_other: bool,
}

impl Names {
    pub(super) const NONE: Self =
        Self { whole: "", words: "", against: "", of_author: false, of_other: false };

    /// From 1, the very name, over 0, which says nothing, to -1, the name of something else.
    pub(super) fn score(&self, column: &Column<'_>) -> f64 {
        let name = Name::of(column);
        let is_foreign = name.is_of_other() && !(self.of_other && has(&name.above, self.words));
        if is_foreign || name.has(self.against) {
            return -1.0;
        }
        if name.is_of_author() && !self.of_author {
            return -0.7;
        }
        if self.whole.split(' ').any(|whole| whole == name.joined) {
            return 1.0;
        }
        let has_word = name.has(self.words) || self.of_other && has(&name.above, self.words);
        let own = match has_word {
            true if name.says_only(self.words) => 0.9,
            true => 0.8,
            false => 0.0,
        };
        let by_author = self.of_author && name.is_of_author();
        if by_author { f64::max(own + 0.1, 0.3) } else { own }
    }
}

const AUTHOR: &str = "user author account profile owner creator poster sender publisher 用户 作者 博主 账号";
const OTHER: &str = "quoted quote retweeted retweet repost reposted replied parent referenced 引用 转发 被转";
/// Words that a count may end with, under the word that tells of what.
const PLAIN: [&str; 6] = ["count", "counts", "number", "num", "total", "value"];

struct Name {
    /// Words of the last key, in lower case.
    own: Vec<String>,
    /// The last key without anything between its words.
    joined: String,
    above: Vec<String>,
}

impl Name {
    fn of(column: &Column<'_>) -> Self {
        let mut keys = column.keys.iter().rev().map(|key| words(key));
        let mut own = keys.next().unwrap_or_default();
        if own.iter().all(|word| PLAIN.contains(&word.as_str())) {
            own = keys.next().into_iter().flatten().chain(own).collect();
        }
        Self { joined: own.concat(), own, above: keys.flatten().collect() }
    }

    fn has(&self, words: &str) -> bool {
        has(&self.own, words)
    }

    /// Whether there is nothing in the name that could make it something else.
    fn says_only(&self, words: &str) -> bool {
        let is_plain = |own: &String| PLAIN.contains(&own.as_str());
        self.own.iter().all(|own| is_plain(own) || words.split(' ').any(|word| is_word(own, word)))
    }

    fn is_of_author(&self) -> bool {
        has(&self.own, AUTHOR) || has(&self.above, AUTHOR)
    }

    fn is_of_other(&self) -> bool {
        self.above.iter().any(|own| OTHER.split(' ').any(|word| word == own))
    }
}

fn has(own: &[String], words: &str) -> bool {
    own.iter().any(|own| words.split(' ').any(|word| is_word(own, word)))
}

/// Chinese has no spaces, and exports run words together: a longer word may stand within another one.
fn is_word(own: &str, word: &str) -> bool {
    let within = word.len() >= 4 || !word.is_ascii();
    !word.is_empty() && (own == word || own.strip_suffix('s') == Some(word) || within && own.contains(word))
}

/// `createdAt`, `created_at` and `Created At` are the same two words.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_is_lower = false;
    for c in key.chars() {
        let begins = c.is_uppercase() && before_is_lower || !c.is_alphanumeric();
        before_is_lower = c.is_lowercase() || c.is_numeric();
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        assert_eq!(words("createdAt"), ["created", "at"]);
        assert_eq!(words("Created At"), ["created", "at"]);
        assert_eq!(words("__tweet_ID"), ["tweet", "id"]);
        assert_eq!(words("点赞数"), ["点赞数"]);
        assert!(is_word("likes", "like") && is_word("点赞数", "点赞") && is_word("likescount", "like"));
        assert!(!is_word("void", "id") && !is_word("bio", "id"));
    }
}
