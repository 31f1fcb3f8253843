//! Word and character n-grams, hashed into a fixed number of buckets (Weinberger et al. 2009, "Feature Hashing").
//!
//! A bucket is the FNV-1a hash (64 bit) of a kind (`w` word, `b` pair of words, `c` characters) and the n-gram's UTF-8
//! bytes, upper half xor lower half, cut to [`GRAM_BITS`]. It may not change without training again.

/// Buckets are numbers of this many bits.
pub(super) const GRAM_BITS: u32 = 18;
/// Characters of a text that are read: what is longer tells no more about what it is.
const LONGEST: usize = 2_000;
/// Lengths of the character n-grams.
const CHARS: std::ops::RangeInclusive<usize> = 2..=4;

/// The buckets of a text with their values: 1 + ln(count), each of the two families of length 1.
pub(super) fn weighted(folded: &str) -> Vec<(u32, f32)> {
    let (mut words, mut chars) = (Vec::new(), Vec::new());
    each(folded, |kind, gram| {
        if kind == b'c' { &mut chars } else { &mut words }.push(bucket(kind, gram));
    });
    let mut all = counted(words);
    all.extend(counted(chars));
    all.sort_unstable_by_key(|(bucket, _)| *bucket);
    all
}

/// Calls back with each n-gram of a text, repeated ones too.
pub(super) fn each(folded: &str, mut see: impl FnMut(u8, &str)) {
    let text = plain(folded);
    let words = words(&text);
    for word in &words {
        see(b'w', word);
    }
    let mut joined = String::new();
    for pair in words.windows(2) {
        joined.clear();
        joined.extend(pair.iter().copied().flat_map(|word| [word, " "]));
        see(b'b', joined.trim_end());
    }
    let edges: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    for length in CHARS {
        for (start, end) in edges.iter().zip(edges.iter().skip(length)) {
            see(b'c', text.get(*start..*end).unwrap_or_default());
        }
    }
}

/// The bucket of an n-gram.
pub(super) fn bucket(kind: u8, gram: &str) -> u32 {
    let hash = fnv1a(std::iter::once(kind).chain(gram.bytes()));
    ((hash ^ (hash >> 32)) & ((1 << GRAM_BITS) - 1)) as u32
}

/// Fowler, Noll and Vo's hash, 64 bit, variant 1a.
pub(super) fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn counted(mut buckets: Vec<u32>) -> Vec<(u32, f32)> {
    buckets.sort_unstable();
    let runs = buckets.chunk_by(|a, b| a == b);
    let mut values: Vec<(u32, f32)> =
        runs.filter_map(|run| Some((*run.first()?, 1.0 + (run.len() as f32).ln()))).collect();
    let length = values.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
    for (_, value) in &mut values {
        *value /= length;
    }
    values
}

/// Lower case, digits as 0, one blank for many, a blank at both ends.
fn plain(folded: &str) -> String {
    let mut plain = String::with_capacity(folded.len() + 2);
    plain.push(' ');
    for c in folded.chars().take(LONGEST).flat_map(char::to_lowercase) {
        match c {
            c if c.is_whitespace() => {
                if !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            '0'..='9' => plain.push('0'),
            c => plain.push(c),
        }
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    plain
}

/// Latin words, single Chinese characters, single marks.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let in_word = (c.is_alphanumeric() && !crate::words::is_han_char(c))
            || matches!(c, '\'' | '’' | '@' | '#' | '$' | '_');
        match (in_word, start) {
            (true, None) => start = Some(at),
            (false, Some(begin)) => {
                words.extend(text.get(begin..at));
                start = None;
            }
            _ => {}
        }
        if !in_word && !c.is_whitespace() {
            words.extend(text.get(at..at + c.len_utf8()));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a("".bytes()), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a("foobar".bytes()), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn grams_are_words_pairs_and_characters() {
        let mut seen = Vec::new();
        each("Buy 3  买!", |kind, gram| seen.push(format!("{}{gram}", char::from(kind))));
        for gram in ["wbuy", "w0", "w买", "w!", "bbuy 0", "b买 !", "c bu", "c0 买!"] {
            assert!(seen.iter().any(|one| one == gram), "{gram} is missing in {seen:?}");
        }
    }

    #[test]
    fn both_families_have_length_one() {
        let length: f32 = weighted("buy now, buy here").iter().map(|(_, value)| value * value).sum();
        assert!((length - 2.0).abs() < 0.01, "{length}");
        assert!(weighted("").is_empty() || weighted("").len() == 1);
    }
}
