//! What follows the host of a link: port, path and query. Both may hold marks that end a sentence, but not end in them.

use super::{around, is_accented_latin, run};

/// Characters of the name that `t.co` gives to a link.
const LONGEST_SLUG: usize = 40;

/// Bytes of port, path and query at the start of what follows a host.
pub(super) fn length(after: &str) -> usize {
    let port = port(after);
    let path = port + path(around(after, port).1);
    path + query(around(after, path).1)
}

pub(super) fn has_path(after: &str) -> bool {
    around(after, port(after)).1.starts_with('/')
}

/// Bytes of a whole link that count: in a `t.co` link, what follows its name and query does not. `None`: no link at all.
pub(super) fn shortened(url: &str) -> Option<usize> {
    let slug = ["https://t.co/", "http://t.co/"].iter().find_map(|host| {
        let (start, slug) = around(url, host.len());
        start.eq_ignore_ascii_case(host).then_some(slug)
    });
    let Some(slug) = slug else { return Some(url.len()) };
    let length = run(slug, |c| c.is_ascii_alphanumeric());
    let after = around(slug, length).1;
    match length {
        0 => Some(url.len()),
        1..=LONGEST_SLUG => Some(url.len() - after.len() + query(after)),
        _ => None,
    }
}

fn port(text: &str) -> usize {
    let digits = text.strip_prefix(':').map_or(0, |number| run(number, |c| c.is_ascii_digit()));
    if digits > 0 { ":".len() + digits } else { 0 }
}

fn path(text: &str) -> usize {
    if !text.starts_with('/') {
        return 0;
    }
    let (mut at, mut end) = (1, 1);
    while let Some(c) = around(text, at).1.chars().next() {
        let bracketed = brackets(around(text, at).1);
        at += match bracketed {
            Some(length) => length,
            None if is_path_char(c) => c.len_utf8(),
            None => break,
        };
        if bracketed.is_some() || ends_path(c) {
            end = at;
        }
    }
    end
}

/// Bytes of `(…)` or `(…(…)…)`, as in links to an encyclopedia.
fn brackets(text: &str) -> Option<usize> {
    let word = |text| around(text, run(text, is_path_char));
    let (head, after) = word(text.strip_prefix('(')?);
    let after = match after.strip_prefix('(').map(word) {
        Some((inner, after)) if !inner.is_empty() => word(after.strip_prefix(')')?).1,
        None if !head.is_empty() => after,
        _ => return None,
    };
    Some(text.len() - after.strip_prefix(')')?.len())
}

fn is_path_char(c: char) -> bool {
    let sign = matches!(
        c,
        '!' | '*' | '\'' | ';' | ':' | ',' | '.' | '$' | '%' | '[' | ']' | '~' | '@' | '|' | '&' | '–'
    );
    sign || ends_path(c)
}

fn ends_path(c: char) -> bool {
    let letter = c.is_ascii_alphanumeric() || is_accented_latin(c) || matches!(c, '\u{400}'..='\u{4ff}');
    letter || matches!(c, '+' | '-' | '=' | '_' | '#' | '/')
}

fn query(text: &str) -> usize {
    let Some(body) = text.strip_prefix('?') else { return 0 };
    let body = around(body, run(body, is_query_char)).0;
    let ends = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '&' | '=' | '#' | '/');
    body.rfind(ends).map_or(0, |last| "?".len() + last + 1)
}

fn is_query_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (c.is_ascii_punctuation() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '}'))
}
