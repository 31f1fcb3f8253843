//! Text as the advert rules read it: one way of writing for what has many.
//!
//! Adverts are written to escape plain keywords: full width, mathematical and Cyrillic letters, spaces between Chinese
//! characters, 薇/威/V for 微, numbers spelt in emoji or in Chinese numerals. Only for comparing; never shown.

use unicode_normalization::UnicodeNormalization;

use crate::words::is_han_char;

/// Chinese numerals in a row that are taken for a number (of a phone, of a chat group).
const NUMERALS_IN_A_NUMBER: usize = 5;
/// Letters of a word before a digit inside it is read as the letter that it imitates.
const LETTERS_OF_A_WORD: usize = 4;

/// Folds a text.
pub(super) fn fold(text: &str) -> String {
    let plain: Vec<char> = text.nfkc().filter(|c| !is_invisible(*c)).map(look_alike).collect();
    let joined = join_han(&plain);
    let counted = numerals(&joined);
    names_of_wechat(&letters_for_digits(&counted))
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{20e3}')
}

/// The plain character that one looks like. Greek and Cyrillic letters only where they have the shape of a Latin one.
fn look_alike(c: char) -> char {
    match c {
        '薇' | '威' | '徽' | '崴' | '溦' => '微',
        '➕' | '＋' => '加',
        '\u{1f170}'..='\u{1f189}' => offset(c, 0x1f170),
        '\u{1f150}'..='\u{1f169}' => offset(c, 0x1f150),
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' | 'Ϲ' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'І' | 'Ι' => 'I',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        'а' | 'α' => 'a',
        'с' | 'ϲ' => 'c',
        'е' | 'ε' => 'e',
        'і' | 'ι' => 'i',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        'ѕ' => 's',
        'ԁ' => 'd',
        'ν' => 'v',
        other => other,
    }
}

fn offset(c: char, first: u32) -> char {
    u8::try_from(u32::from(c) - first).map_or(c, |at| char::from(b'A' + at))
}

/// Removes what stands between two Chinese characters to keep them from being a word.
fn join_han(plain: &[char]) -> Vec<char> {
    let mut joined: Vec<char> = Vec::with_capacity(plain.len());
    for (place, &c) in plain.iter().enumerate() {
        let between = joined.last().is_some_and(|c| is_han_char(*c))
            && plain.get(place + 1).is_some_and(|c| is_han_char(*c));
        if !(matches!(c, ' ' | '.' | '·' | '*' | '_' | '-' | '|' | '/' | '~' | '•') && between) {
            joined.push(c);
        }
    }
    joined
}

/// A long run of Chinese numerals as digits.
fn numerals(text: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len());
    for run in text.chunk_by(|a, b| digit(*a).is_some() == digit(*b).is_some()) {
        if run.len() >= NUMERALS_IN_A_NUMBER {
            out.extend(run.iter().map(|c| digit(*c).unwrap_or(*c)));
        } else {
            out.extend(run);
        }
    }
    out
}

fn digit(c: char) -> Option<char> {
    Some(match c {
        '〇' | '零' => '0',
        '一' | '壹' => '1',
        '二' | '贰' | '两' => '2',
        '三' | '叁' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' => '6',
        '七' | '柒' => '7',
        '八' | '捌' => '8',
        '九' | '玖' => '9',
        _ => return None,
    })
}

/// `b0nus` as `bonus`: a single digit between letters of a word that has no other digit beside it.
fn letters_for_digits(text: &[char]) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for word in text.chunk_by(|a, b| a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric()) {
        let long = word.iter().filter(|c| c.is_ascii_lowercase()).count() >= LETTERS_OF_A_WORD;
        for (place, &c) in word.iter().enumerate() {
            let beside =
                |at: Option<usize>| at.and_then(|at| word.get(at)).is_some_and(char::is_ascii_lowercase);
            let inside = long && beside(place.checked_sub(1)) && beside(Some(place + 1));
            out.push(if inside { letter(c) } else { c });
        }
    }
    out
}

fn letter(c: char) -> char {
    match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        other => other,
    }
}

/// The ways to write 微信 beyond the look-alikes.
fn names_of_wechat(text: &str) -> String {
    let mut out = text.to_owned();
    for name in [
        "V信",
        "v信",
        "V芯",
        "v芯",
        "V心",
        "v心",
        "V欣",
        "v欣",
        "V❤",
        "v❤",
        "微❤",
        "微芯",
        "微星",
        "卫星号",
        "微心",
        "围信",
        "w信",
        "W信",
    ] {
        if out.contains(name) {
            out = out.replace(name, "微信");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(fold(text), expected, "{text}");
    }

    #[test]
    fn disguises_are_folded() {
        check("加 薇 信：ＡＢＣ１２３", "加微信:ABC123");
        check("➕V信 一三八〇零一二三四五六", "加微信13800123456");
        check("𝐅𝐫𝐞𝐞 сrурtо 🅰️ 1️⃣2️⃣", "Free crypto A 12");
        check("cl1ck for a b0nus\u{200b}!", "click for a bonus!");
        check("日·赚*千_元", "日赚千元");
        check("➕V芯 abc_123", "加微信 abc_123");
    }

    #[test]
    fn honest_text_stays() {
        for text in ["deep learning is fun", "GPT-4o, H100, b200, k8s, web3 and i18n", "第三方 API，五个一组"]
        {
            check(text, &text.nfkc().collect::<String>());
        }
    }
}
