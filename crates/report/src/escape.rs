//! The one escape for text that others wrote, at the Markdown sink.
//!
//! A field of plain text goes in; what comes out shows exactly that text in kramdown, CommonMark and goldmark, and is inert
//! for Liquid, HTML, Markdown structure, link detection, emoji codes, typographic quotes and MathJax. Fields are escaped one by
//! one, so that no pair (`<!--` in one tweet, `-->` in the next) can form. Links are only those that [`link`] builds.

mod clean;
#[cfg(test)]
mod tests;

pub use clean::clean;
pub(crate) use clean::visible;
use corpus::TweetId;

/// Cleans `text` and escapes it for any place inside a line of Markdown.
pub fn escape(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len() * 2);
    let mut before = Before::default();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        push(&mut out, c, &before, rest.as_str());
        before.note(c);
    }
    out
}

/// What stood before a character, as far as its escape depends on it.
#[derive(Default)]
struct Before {
    /// The character just before; `None` at the start of the field.
    last: Option<char>,
    /// The field so far is digits only.
    number: bool,
    /// How many `w` stand just before.
    ws: usize,
}

impl Before {
    fn note(&mut self, c: char) {
        self.number = c.is_ascii_digit() && (self.number || self.last.is_none());
        self.ws = if c.eq_ignore_ascii_case(&'w') { self.ws + 1 } else { 0 };
        self.last = Some(c);
    }
}

/// Appends `c` as it must be written between `before` and `rest`.
fn push(out: &mut String, c: char, before: &Before, rest: &str) {
    let named = match c {
        // Hard breaks, and MathJax's `\(`, `\begin`, `\href`.
        '\\' => "<span>&#92;</span>",
        // MathJax and kramdown pair dollars within one text run, even as entities; in an element of its own each is alone.
        '$' => "<span>$</span>",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '&' if could_be_entity(rest) => "&amp;",
        '*' => "\\*",
        '_' => "\\_",
        '`' => "\\`",
        '[' => "\\[",
        ']' => "\\]",
        _ if needs_number(c, before, rest) => return push_number(out, c),
        _ => return out.push(c),
    };
    out.push_str(named);
}

fn push_number(out: &mut String, c: char) {
    out.push_str("&#");
    out.push_str(&u32::from(c).to_string());
    out.push(';');
}

/// Whether an `&` before `rest` might start an entity; at the end of the field the template decides what follows.
fn could_be_entity(rest: &str) -> bool {
    rest.chars().next().is_none_or(|next| next == '#' || next.is_ascii_alphabetic())
}

/// Whether `c` means something to a renderer where it stands.
fn needs_number(c: char, before: &Before, rest: &str) -> bool {
    let starts_block = before.last.is_none() && matches!(c, '#' | '+' | '-' | '=' | ':' | '^');
    let numbers_list = before.number && matches!(c, '.' | ')');
    let in_run = matches!(c, '-' | '.') && (before.last == Some(c) || rest.starts_with(c));
    starts_block
        || numbers_list
        || in_run
        || match c {
            // Liquid, attribute lists, shortcodes; tables; strike-through and fences; bare mentions and mail; smart quotes.
            '{' | '}' | '|' | '~' | '@' | '\'' => true,
            '/' => before.last == Some(':') && rest.starts_with('/'),
            '.' => before.ws >= 3,
            ':' => is_emoji_code(rest),
            _ => false,
        }
}

/// Whether `rest`, after a colon, is `word:` (an emoji code for GitHub's renderers).
fn is_emoji_code(rest: &str) -> bool {
    let in_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-');
    let after = rest.trim_start_matches(in_code);
    after.len() < rest.len() && after.starts_with(':')
}

/// `text` in bold between the characters `before` and `after` (`None`: edge of the line).
///
/// CommonMark leaves stars standing when punctuation is inside and a letter outside, as Chinese has no spaces there
/// (commonmark-spec#650); in such places, and where a star would stand beside a star, this writes `<strong>`.
pub fn bold(text: &str, before: Option<char>, after: Option<char>) -> String {
    let inner = escape(text);
    let (Some(first), Some(last)) = (inner.chars().next(), inner.chars().next_back()) else {
        return inner;
    };
    let opens = (first.is_alphanumeric() || is_open(before)) && before != Some('*');
    let closes = (last.is_alphanumeric() || is_open(after)) && after != Some('*');
    let bare = !inner.starts_with('\\') && !inner.ends_with(['*', '_', '`']);
    if opens && closes && bare { format!("**{inner}**") } else { format!("<strong>{inner}</strong>") }
}

/// Whether emphasis may begin or end with punctuation next to this neighbour.
fn is_open(neighbour: Option<char>) -> bool {
    const CHINESE: &str = "，。；：、！？（）《》〈〉「」『』【】“”‘’—…·";
    neighbour.is_none_or(|c| c.is_whitespace() || c.is_ascii_punctuation() || CHINESE.contains(c))
}

/// The lead of a list item, in bold: for the start of a line, where `mark`, such as a colon, follows it.
///
/// A colon or full stop at the end of `text` is dropped; empty text stays empty.
pub fn lead(text: &str, mark: &str) -> String {
    let text = clean(text);
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || "：:。．，,、；;".contains(c));
    bold(text, None, mark.chars().next())
}

/// The words of a picture's description: kramdown keeps escapes there as they are, so what could be code is left out.
pub(crate) fn alt(text: &str) -> String {
    let is_plain = |c: &char| {
        c.is_alphanumeric()
            || matches!(c, ' ' | ',' | '.' | '-')
            || "，。；：、！？（）《》「」—…·".contains(*c)
    };
    let plain: String = clean(text).chars().filter(is_plain).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The page of a tweet; a handle that cannot be one becomes `i`, which the site redirects.
pub fn tweet_url(handle: &str, id: TweetId) -> String {
    let is_word = handle.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_handle = is_word && (1..=15).contains(&handle.len());
    format!("https://x.com/{}/status/{id}", if is_handle { handle } else { "i" })
}

/// A Markdown link to a tweet; `label` is plain text, and `…` stands in for an empty one.
pub fn link(label: &str, handle: &str, id: TweetId) -> String {
    let label = escape(label);
    format!("[{}]({})", if label.is_empty() { "…" } else { &label }, tweet_url(handle, id))
}
