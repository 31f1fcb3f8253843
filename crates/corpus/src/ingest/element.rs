//! Where an element of an array ends, and what tells that it was cut: then it must not swallow the elements behind it.

use memchr::memchr3;

use super::balance::Balance;

/// Why an element ends.
pub(super) enum End {
    Whole,
    /// A line feed inside a string.
    Broken,
    /// Another element begins where none may: this one was cut.
    Next,
    /// A letter behind a string: it was cut, and its end is the first quote of the next element. The letter is not taken.
    Fused,
}

/// An element that was begun, and what tells that it was cut. Only an array has values behind its commas, so that in
/// an object within objects `,{` begins the next element.
#[derive(Default)]
pub(super) struct Element {
    balance: Balance,
    /// A bit for each open bracket, the innermost last: whether it is an array.
    arrays: u128,
    /// The last byte that is no blank and in no string.
    last: u8,
    /// The last byte was found to follow a string, and is let pass.
    passed: bool,
}

impl Element {
    /// Goes on over a byte.
    pub(super) fn step(&mut self, byte: u8) {
        let was_in_string = self.balance.is_in_string();
        self.balance.step(byte);
        match byte {
            _ if was_in_string && byte != b'"' || self.balance.is_in_string() => {}
            b'{' => self.arrays <<= 1,
            b'[' => self.arrays = self.arrays << 1 | 1,
            b'}' | b']' => self.arrays >>= 1,
            _ => {}
        }
        if !self.balance.is_in_string() && !byte.is_ascii_whitespace() {
            self.last = byte;
        }
        self.passed = false;
    }

    /// How many of these bytes belong to the element, and whether it ends there.
    pub(super) fn end(&mut self, bytes: &[u8]) -> (usize, Option<End>) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let balance = self.balance;
            if balance.is_in_string() && !matches!(byte, b'"' | b'\\' | b'\n') && !balance.is_escaped() {
                let rest = bytes.get(at..).unwrap_or_default();
                at += memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
                continue;
            }
            if let Some(end) = self.ends_before(byte) {
                return (at, Some(end));
            }
            self.step(byte);
            at += 1;
            if self.balance.is_level() && matches!(byte, b'}' | b']') {
                return (at, Some(End::Whole));
            }
        }
        (at, None)
    }

    fn ends_before(&mut self, byte: u8) -> Option<End> {
        if self.balance.is_level() {
            return (byte.is_ascii_whitespace() || matches!(byte, b',' | b']')).then_some(End::Whole);
        }
        if self.balance.is_in_string() {
            return (byte == b'\n').then_some(End::Broken);
        }
        let is_next = byte == b'{' && self.last == b',' && self.arrays == 0 && self.balance.deepest() <= 128;
        let is_fused = self.last == b'"' && byte.is_ascii_alphabetic() && !self.passed;
        self.passed = is_fused;
        if is_next { Some(End::Next) } else { is_fused.then_some(End::Fused) }
    }
}
