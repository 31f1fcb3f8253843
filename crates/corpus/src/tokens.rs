//! Text as tokens: words in letters, tickers, runs of Chinese characters. Links and handles are none.
//!
//! A scanner, not a regular expression: the classes of all of Unicode's letters make an automaton too large to keep.

use crate::words::is_han_char;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Token<'t> {
    /// A word or number of any script but Chinese, as written: `GPT-5.2`, `C++`.
    Word(&'t str),
    /// `$NVDA`, as written.
    Ticker(&'t str),
    /// Chinese characters without a break.
    Han(&'t str),
}

impl<'t> Token<'t> {
    /// As written.
    pub(crate) fn text(self) -> &'t str {
        match self {
            Self::Word(text) | Self::Ticker(text) | Self::Han(text) => text,
        }
    }
}

/// Longest ticker and handle, in characters without their mark.
const TICKER: usize = 6;
const HANDLE: usize = 15;

/// The tokens of a text, in its order.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let first = rest.chars().next()?;
            let (token, length) = at_start(rest, first);
            let (piece, after) = rest.split_at(length.max(first.len_utf8()));
            rest = after;
            match token {
                Some(Kind::Word) => return Some(Token::Word(piece)),
                Some(Kind::Ticker) => return Some(Token::Ticker(piece)),
                Some(Kind::Han) => return Some(Token::Han(piece)),
                None => {}
            }
        }
    })
}

#[derive(Clone, Copy)]
enum Kind {
    Word,
    Ticker,
    Han,
}

/// What a text begins with, and how many bytes it takes; `None` is nothing to keep.
fn at_start(text: &str, first: char) -> (Option<Kind>, usize) {
    match first {
        'h' if text.starts_with("http://") || text.starts_with("https://") => {
            (None, span(text, |c| !c.is_whitespace()))
        }
        '@' | '＠' => {
            let mark = first.len_utf8();
            (None, mark + up_to(text, mark, HANDLE, |c| c.is_ascii_alphanumeric() || c == '_'))
        }
        '$' => match 1 + up_to(text, 1, TICKER, |c| c.is_ascii_alphabetic()) {
            length if length > 1 && !text.get(length..).is_some_and(goes_on) => (Some(Kind::Ticker), length),
            _ => (None, 1),
        },
        _ if is_han_char(first) => (Some(Kind::Han), span(text, is_han_char)),
        _ if letter(first) => (Some(Kind::Word), word(text)),
        _ => (None, first.len_utf8()),
    }
}

/// A letter or digit of a script that parts its words.
fn letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (!c.is_ascii() && c.is_alphanumeric() && !is_han_char(c) && !matches!(c, 'ぁ'..='ゟ'))
}

fn goes_on(after: &str) -> bool {
    after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

/// Bytes of the characters at the start that hold.
fn span(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|c| !holds(c)).unwrap_or(text.len())
}

/// Bytes of at most `most` characters from `start` on that hold.
fn up_to(text: &str, start: usize, most: usize, holds: impl Fn(char) -> bool) -> usize {
    let chars = text.get(start..).unwrap_or_default().chars();
    chars.take(most).take_while(|c| holds(*c)).map(char::len_utf8).sum()
}

/// Letters and digits, joined by single marks such as `-` and `.` inside, and up to two `+` behind.
fn word(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins = matches!(c, '\'' | '’' | '.' | '-' | '+' | '_');
        if letter(c) {
            end = at + c.len_utf8();
        } else if !(joins && chars.peek().is_some_and(|(_, next)| letter(*next))) {
            break;
        }
    }
    let pluses = text.get(end..).unwrap_or_default().bytes().take(2).take_while(|b| *b == b'+').count();
    end + pluses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tickers_and_chinese_but_no_links_or_handles() {
        let found: Vec<Token<'_>> =
            tokens("@someone智谱发布GLM-4.7-Flash！$INTC跌15%, C++ isn’t rock-'n'-roll https://t.co/x $TOOLONGNAME 5.2.").collect();
        let expected = [
            Token::Han("智谱发布"),
            Token::Word("GLM-4.7-Flash"),
            Token::Ticker("$INTC"),
            Token::Han("跌"),
            Token::Word("15"),
            Token::Word("C++"),
            Token::Word("isn’t"),
            Token::Word("rock"),
            Token::Word("n"),
            Token::Word("roll"),
            Token::Word("TOOLONGNAME"),
            Token::Word("5.2"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn other_scripts_have_words_too() {
        let found: Vec<Token<'_>> = tokens("землетрясение 지진 カタカナの地震").collect();
        let expected =
            [Token::Word("землетрясение"), Token::Word("지진"), Token::Word("カタカナ"), Token::Han("地震")];
        assert_eq!(found, expected);
    }
}
