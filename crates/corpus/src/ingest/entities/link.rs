//! Links: with a scheme and a host in any script, or a bare host in Latin letters with a known top-level domain.

use memchr::memchr2;

use super::{Entity, Kind, around, domain, run, tail};

/// What stands at a sign, and where the search goes on, at the earliest after the sign.
#[derive(Default)]
struct Step {
    link: Option<Entity>,
    resume: usize,
}

/// Each link has a dot in its host; one with a scheme has a colon before that. So these two are looked for.
pub(super) fn find(text: &str) -> Vec<Entity> {
    let mut links = Vec::new();
    let mut from = 0;
    while let Some((at, sign)) = next_sign(text, from) {
        let step = if sign == b':' { with_scheme(text, from, at) } else { bare(text, from, at) };
        links.extend(step.link);
        from = step.resume.max(at + 1);
    }
    links
}

fn next_sign(text: &str, from: usize) -> Option<(usize, u8)> {
    let rest = text.as_bytes().get(from..)?;
    let at = memchr2(b'.', b':', rest)?;
    Some((from + at, *rest.get(at)?))
}

fn with_scheme(text: &str, from: usize, colon: usize) -> Step {
    let host = colon + "://".len();
    let Some(start) = scheme(text, from, colon) else { return Step::default() };
    let Some(domain) = domain::with_any_letters(text, host) else { return Step { link: None, resume: host } };
    let resume = domain.end + tail::length(around(text, domain.end).1);
    let url = text.get(start..resume).unwrap_or_default();
    let length = tail::shortened(url).filter(|_| domain::is_valid(text.get(domain).unwrap_or_default()));
    let link = length.map(|length| Entity { kind: Kind::Link, range: start..start + length });
    Step { link, resume }
}

/// Where the scheme before `://` starts.
fn scheme(text: &str, from: usize, colon: usize) -> Option<usize> {
    let (before, after) = around(text, colon);
    let start = ["https", "http"].iter().find_map(|name| {
        let start = colon.checked_sub(name.len()).filter(|start| *start >= from)?;
        before.get(start..)?.eq_ignore_ascii_case(name).then_some(start)
    })?;
    let free = !around(text, start).0.ends_with(is_no_border);
    (after.starts_with("://") && free).then_some(start)
}

fn bare(text: &str, from: usize, dot: usize) -> Step {
    let label = text.get(from..dot).unwrap_or_default();
    let start = from + label.trim_end_matches(domain::is_latin).len();
    let free = !around(text, start).0.ends_with(|c| is_no_border(c) || matches!(c, '-' | '_' | '.' | '/'));
    let domain = domain::in_latin(text, start).filter(|_| free);
    let Some(domain) = domain else {
        // No part of the run can do what the whole cannot; its last label may yet be a scheme: `seen.https://…`.
        let dots = around(text, dot).1;
        let run = around(dots, run(dots, |c| c == '.' || domain::is_latin(c))).0;
        let resume = dot + run.rfind('.').map_or(0, |last| last + 1);
        return Step { link: None, resume };
    };
    let after = around(text, domain.end).1;
    let resume = domain.end + tail::length(after);
    let end = if tail::has_path(after) { resume } else { domain.end };
    let valid = domain::is_valid(text.get(domain).unwrap_or_default());
    Step { link: valid.then_some(Entity { kind: Kind::BareLink, range: start..end }), resume }
}

/// What may not stand right before a link.
fn is_no_border(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '@' | '＠' | '$' | '#' | '＃' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}
