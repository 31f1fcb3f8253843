//! Whether a capital says that a word is a name: not at the beginning of a sentence, nor in a line that has them everywhere.

use corpus::{Topic, is_han};

/// Letters of a word whose capital tells how a line is written.
const TELLING_LETTERS: usize = 4;
/// Such words of a line, and the share of them with a capital, that make it a headline.
const HEADLINE_WORDS: usize = 4;
const HEADLINE_SHARE: f64 = 0.6;

/// Whether one of the topic's tweets has the name where its capitals mean something.
pub(super) fn stands_as_name(name: &str, topic: &Topic) -> bool {
    !is_plain(name)
        || topic
            .tweets
            .iter()
            .flat_map(|unique| unique.tweet.text.lines())
            .any(|line| line.match_indices(name).any(|(at, _)| tells(line, at, name)))
}

/// Capitals at the beginnings of words and nowhere else, and no digits: `Second`, `Norvane Bank`, but not `OpenAI`.
fn is_plain(name: &str) -> bool {
    name.split([' ', '-', '.'])
        .all(|word| word.chars().skip(1).all(char::is_lowercase) && word.starts_with(char::is_alphabetic))
}

/// One word at a sentence's beginning, and any in a headline, tell nothing; a Chinese line has Latin words for names.
fn tells(line: &str, at: usize, name: &str) -> bool {
    let opens = || !name.contains(' ') && opens_sentence(line.get(..at).unwrap_or(""));
    is_han(line) || (!opens() && !is_headline(line))
}

/// Whether what stands before a word is nothing, the end of a sentence, or marks such as a list's.
fn opens_sentence(before: &str) -> bool {
    let ends = |c: char| matches!(c, '.' | '!' | '?' | ':' | '|');
    let before =
        before.trim_end_matches(|c: char| !c.is_alphanumeric() && !ends(c) && !matches!(c, ',' | ';' | '%'));
    before.is_empty() || before.ends_with(ends)
}

fn is_headline(line: &str) -> bool {
    let words = line.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
    let telling = words.filter(|word| {
        word.is_ascii() && word.len() >= TELLING_LETTERS && !word.starts_with(|c: char| c.is_ascii_digit())
    });
    let capitals: Vec<bool> =
        telling.map(|word| word.starts_with(|c: char| c.is_ascii_uppercase())).collect();
    let share = capitals.iter().filter(|capital| **capital).count() as f64 / capitals.len().max(1) as f64;
    capitals.len() >= HEADLINE_WORDS && share > HEADLINE_SHARE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_has_capitals_everywhere() {
        assert!(is_headline("Google Got Bronze Medal As Wall Street Edged Ahead"));
        assert!(!is_headline("Some thoughts on Norvane Bank and the 1,100 support jobs"));
        assert!(!is_headline("Claude Code 和 Cursor 我都试了"));
    }

    #[test]
    fn a_word_that_opens_a_sentence_may_be_any_word() {
        let tells = |line: &str, name: &str| tells(line, line.find(name).unwrap(), name);
        assert!(!tells("Second, the replies are slogans", "Second"));
        assert!(!tells("It is over. Different teams left", "Different"));
        assert!(!tells("🚀 Build agents that last", "Build"));
        assert!(tells("the vendor Norvane says no", "Norvane"));
        assert!(tells("Norvane Bank says no", "Norvane Bank"));
        assert!(tells("发布：Norvane 来了", "Norvane"));
        assert!(
            is_plain("Norvane Bank") && !is_plain("OpenAI") && !is_plain("GPT-5") && !is_plain("Route 666")
        );
    }
}
