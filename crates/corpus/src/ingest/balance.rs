//! Counts brackets outside of strings: enough to see where a JSON value ends without parsing it.

use memchr::memchr2;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Balance {
    depth: usize,
    deepest: usize,
    in_string: bool,
    escaped: bool,
}

impl Balance {
    pub(super) fn step(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_string => self.escaped = true,
            b'"' => self.in_string = !self.in_string,
            _ if self.in_string => {}
            b'{' | b'[' => {
                self.depth += 1;
                self.deepest = self.deepest.max(self.depth);
            }
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    /// Goes on over `bytes`.
    pub(super) fn scan(mut self, bytes: &[u8]) -> Self {
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            self.step(byte);
            rest = if self.in_string && !self.escaped { skip_string(after) } else { after };
        }
        self
    }

    /// Neither inside brackets nor inside a string.
    pub(super) fn is_level(self) -> bool {
        self.depth == 0 && !self.in_string
    }

    /// At a line feed this means that the value is broken: JSON has no line feed inside a string.
    pub(super) fn is_in_string(self) -> bool {
        self.in_string
    }

    /// The next byte is what a backslash makes of it.
    pub(super) fn is_escaped(self) -> bool {
        self.escaped
    }

    /// The most brackets that were open at the same time.
    pub(super) fn deepest(self) -> usize {
        self.deepest
    }
}

/// What is left of a string's bytes once those without a meaning of their own are taken off.
fn skip_string(bytes: &[u8]) -> &[u8] {
    let end = memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
    bytes.get(end..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_do_not_count() {
        #[track_caller]
        fn check(text: &str, level: bool, in_string: bool) {
            let balance = Balance::default().scan(text.as_bytes());
            assert_eq!((balance.is_level(), balance.is_in_string()), (level, in_string), "{text}");
        }
        check(r#"{"a":[1,{"b":2}]}"#, true, false);
        check(r#"{"a":"}"#, false, true);
        check(r#"{"a":"\"}"}"#, true, false);
        check(r#"{"a":"\\"}"#, true, false);
        check("{[", false, false);
        assert_eq!(Balance::default().scan(b"[{}[[]]\"[[[[\"]").deepest(), 3);
    }
}
