//! Full-width marks beside Chinese, and none of them twice.

use corpus::is_han_char;

use super::{Glyph, after, before, is_chinese, own};

const WEAK: &str = "，、；：";
const STRONG: &str = "。！？";

/// `,` `;` `:` `!` `?` `.` as Chinese writes them, where they stand beside Chinese and in no number, name or version.
pub(super) fn full_width(glyphs: &[Glyph]) -> Vec<Glyph> {
    let widened = glyphs.iter().enumerate().map(|(place, glyph)| match wide(glyph.c) {
        Some(wide) if !glyph.kept && belongs(glyphs, place, glyph.c) => own(wide),
        _ => *glyph,
    });
    widened.collect()
}

fn wide(c: char) -> Option<char> {
    Some(match c {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '!' => '！',
        '?' => '？',
        '.' => '。',
        _ => return None,
    })
}

/// Whether a mark is one of the Chinese sentence around it.
fn belongs(glyphs: &[Glyph], place: usize, mark: char) -> bool {
    let left = before(glyphs, place);
    let right = after(glyphs, place + 1);
    let touching = place.checked_sub(1).and_then(|at| glyphs.get(at)).is_some_and(|glyph| glyph.c != ' ');
    let ends = right.is_none();
    match mark {
        // `Yahoo! 发布` and `Inc. 宣布`: behind a Latin word these may belong to the name.
        '!' | '?' => touching && (is_chinese(left) || ends),
        '.' => touching && !is_dotted(glyphs, place) && (is_chinese(left) && !is_suffix(right) || ends),
        _ => touching && (is_chinese(left) || right.is_some_and(is_han_char)) && !is_clock(left, right),
    }
}

/// `...`, or the last of `A.I.`
fn is_dotted(glyphs: &[Glyph], place: usize) -> bool {
    let dot = |at: Option<usize>| at.and_then(|at| glyphs.get(at)).is_some_and(|glyph| glyph.c == '.');
    dot(place.checked_sub(1)) || dot(place.checked_sub(2)) || dot(Some(place + 1))
}

/// `文件.txt`: what follows a full stop at once is part of the name.
fn is_suffix(right: Option<char>) -> bool {
    right.is_some_and(|c| c.is_ascii_alphanumeric())
}

fn is_clock(left: Option<char>, right: Option<char>) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    digit(left) && digit(right)
}

/// `(…)` as （…） where Chinese stands in it or before it; `f(x)` and what is open or nested stays.
pub(super) fn brackets(mut glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let mut from = 0;
    while let Some((open, close)) = next_pair(&glyphs, from) {
        let inside = glyphs.get(open + 1..close).unwrap_or_default();
        let chinese = inside.iter().any(|glyph| is_han_char(glyph.c));
        if chinese || is_chinese(before(&glyphs, open)) {
            for (place, c) in [(open, '（'), (close, '）')] {
                if let Some(glyph) = glyphs.get_mut(place) {
                    *glyph = own(c);
                }
            }
        }
        from = close + 1;
    }
    glyphs
}

/// The next bracket that closes before another opens.
fn next_pair(glyphs: &[Glyph], from: usize) -> Option<(usize, usize)> {
    let mut open = None;
    for (place, glyph) in glyphs.iter().enumerate().skip(from).filter(|(_, glyph)| !glyph.kept) {
        match (glyph.c, open) {
            ('(', _) => open = Some(place),
            (')', Some(open)) => return Some((open, place)),
            _ => {}
        }
    }
    None
}

/// No mark twice, no comma beside a full stop, and no full stop behind a quotation that ends with one.
pub(super) fn once(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let mut out: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let last = out.last().copied();
        let own_last = last.filter(|last| !last.kept && !glyph.kept).map(|last| last.c);
        if glyph.c == '。' && last.is_some_and(|last| last.c == '”') && ends_inside(&out) {
            continue;
        }
        match own_last.map_or(Rule::Both, |last| rule(last, glyph.c)) {
            Rule::Both => out.push(glyph),
            Rule::First => {}
            Rule::Second => {
                out.pop();
                out.push(glyph);
            }
        }
    }
    out
}

/// Whether the quotation that ends a text ends with a mark of its own.
fn ends_inside(glyphs: &[Glyph]) -> bool {
    let inner = glyphs.iter().rev().nth(1);
    inner.is_some_and(|glyph| glyph.kept && STRONG.contains(glyph.c))
}

enum Rule {
    Both,
    First,
    Second,
}

fn rule(first: char, second: char) -> Rule {
    let (weak, strong) = (|c: char| WEAK.contains(c), |c: char| STRONG.contains(c));
    match (first, second) {
        _ if first == second && (weak(first) || strong(first)) => Rule::First,
        _ if weak(first) && strong(second) => Rule::Second,
        _ if strong(first) && weak(second) || weak(first) && weak(second) => Rule::First,
        ('。', _) if strong(second) => Rule::Second,
        (_, '。') if strong(first) => Rule::First,
        _ => Rule::Both,
    }
}
