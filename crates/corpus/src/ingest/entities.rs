//! Links, hashtags, cashtags and mentions found in a text, for sources that do not list them; the rules are those of
//! twitter-text, made simple: no list of top-level domains, links in ASCII only.

use unicode_normalization::char::is_combining_mark;

/// What [`extract`] finds, each without its mark, in the order of the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) urls: Vec<String>,
    pub(super) hashtags: Vec<String>,
    /// Upper case.
    pub(super) cashtags: Vec<String>,
    pub(super) mentions: Vec<String>,
}

/// Walks a clean text once.
pub(super) fn extract(text: &str) -> Found {
    let mut found = Found::default();
    let mut before = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = found.take(before, first, rest).max(first.len_utf8());
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        before = token.chars().next_back();
        rest = after;
    }
    found
}

impl Found {
    /// Takes what begins here; returns its bytes, 0 where nothing does.
    fn take(&mut self, before: Option<char>, first: char, rest: &str) -> usize {
        let body = rest.get(first.len_utf8()..).unwrap_or_default();
        let (list, name) = match first {
            'h' | 'H' => (&mut self.urls, url(before, rest)),
            '#' | '＃' => (&mut self.hashtags, hashtag(before, body)),
            '$' => (&mut self.cashtags, cashtag(before, body)),
            '@' | '＠' => (&mut self.mentions, mention(before, body)),
            _ => return 0,
        };
        let Some(name) = name else { return 0 };
        list.push(if first == '$' { name.to_ascii_uppercase() } else { name.to_owned() });
        if matches!(first, 'h' | 'H') { name.len() } else { first.len_utf8() + name.len() }
    }
}

fn url(before: Option<char>, rest: &str) -> Option<&str> {
    let starts =
        |scheme: &str| rest.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let scheme = ["https://", "http://"].into_iter().find(|scheme| starts(scheme))?;
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '@' | '#' | '$')) {
        return None;
    }
    let linked =
        |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`' | '{' | '}' | '|' | '\\' | '^');
    let link = head(rest, linked).trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', ']']);
    // A closing bracket belongs to the link if its opening one does.
    let link = if link.ends_with(')') && !link.contains('(') { link.trim_end_matches(')') } else { link };
    link.get(scheme.len()..)?.starts_with(|c: char| c.is_ascii_alphanumeric()).then_some(link)
}

fn hashtag(before: Option<char>, body: &str) -> Option<&str> {
    let tag = head(body, is_tag_char);
    let after = body.get(tag.len()..).unwrap_or_default();
    let bounded = before.is_none_or(|c| !is_tag_char(c) && c != '&') && !after.starts_with(['#', '＃']);
    let word = tag.chars().any(|c| !c.is_numeric() && c != '_');
    (bounded && word && !after.starts_with("://")).then_some(tag)
}

fn is_tag_char(c: char) -> bool {
    // A selector ends an emoji; marks of Hebrew, Tibetan and Japanese words count as letters.
    let selector = matches!(c, '\u{fe0e}' | '\u{fe0f}');
    let joint = matches!(
        c,
        '\u{b7}' | '\u{5be}' | '\u{5f3}' | '\u{5f4}' | '\u{f0b}' | '・' | '゛' | '゜' | '～' | '〜'
    );
    c.is_alphanumeric() || c == '_' || joint || (is_combining_mark(c) && !selector)
}

fn cashtag(before: Option<char>, body: &str) -> Option<&str> {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    let symbol = head(body, |c| c.is_ascii_alphabetic());
    let after = body.chars().nth(symbol.len());
    let bounded = !before.is_some_and(word) && !after.is_some_and(word);
    (bounded && (1..=6).contains(&symbol.len())).then_some(symbol)
}

fn mention(before: Option<char>, body: &str) -> Option<&str> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = head(body, word);
    let after = body.get(name.len()..).unwrap_or_default();
    let bounded =
        !before.is_some_and(|c| word(c) || matches!(c, '@' | '＠' | '!' | '#' | '$' | '%' | '&' | '*'));
    (bounded && (1..=15).contains(&name.len()) && !goes_on(after)).then_some(name)
}

/// An address or a longer name, not a mention.
fn goes_on(after: &str) -> bool {
    after.starts_with("://") || after.starts_with(|c| matches!(c, '@' | '＠' | '\u{c0}'..='\u{24f}'))
}

fn head(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    text.find(|c| !belongs(c)).and_then(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, pick: fn(Found) -> Vec<String>, expected: &[&str]) {
        assert_eq!(pick(extract(text)), expected, "{text}");
    }

    #[test]
    fn hashtags() {
        let check = |text: &str, expected: &[&str]| check(text, |found| found.hashtags, expected);
        check("#Rust and #编程语言，#日本語ハッシュ", &["Rust", "编程语言", "日本語ハッシュ"]);
        check("＃全角 (#b_1) #2026 #_ #4k", &["全角", "b_1", "4k"]);
        check("✌️#emoji #מ״כ", &["emoji", "מ״כ"]);
        check("a#b 中#文 &#x27; #a#b ##c", &["c"]);
        check("https://example.org/#part", &[]);
    }

    #[test]
    fn cashtags() {
        let check = |text: &str, expected: &[&str]| check(text, |found| found.cashtags, expected);
        check("$nvda, ($TSLA) 看好$AAPL。", &["NVDA", "TSLA", "AAPL"]);
        check("$100 US$abc $TOOLONGX $a1 $$x $ $_a", &[]);
    }

    #[test]
    fn mentions() {
        let check = |text: &str, expected: &[&str]| check(text, |found| found.mentions, expected);
        check("@mei你好 ＠Tom_1: (@x)", &["mei", "Tom_1", "x"]);
        check("me@example.org @@y @sixteencharsname @a@b @aliceìn", &[]);
        check("https://example.org/@user", &[]);
    }

    #[test]
    fn urls() {
        let check = |text: &str, expected: &[&str]| check(text, |found| found.urls, expected);
        check("见https://example.org/a?b=1&c=2#d，好", &["https://example.org/a?b=1&c=2#d"]);
        check("(http://example.org). HTTP://EXAMPLE.org!", &["http://example.org", "HTTP://EXAMPLE.org"]);
        check("https://example.org/a_(b)", &["https://example.org/a_(b)"]);
        check("https:// xhttps://example.org hello", &[]);
    }
}
