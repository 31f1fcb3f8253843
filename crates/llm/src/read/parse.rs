//! A JSON parser that repairs what can only be meant one way. Never goes back, so its time is linear.

use serde_json::{Map, Number, Value};

use super::ReadError;

const KEY: &str = "a string in double quotes";

/// Levels of nesting; bounds the recursion.
const MAX_DEPTH: usize = 64;

/// What the next bracket of a text begins.
pub(super) enum Start {
    /// A value, which was read.
    Value(Value),
    /// Prose in brackets, which was skipped.
    Prose,
    /// Nothing: there is no further bracket.
    End,
}

pub(super) struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    pub(super) fn new(text: &str) -> Self {
        Self { chars: text.chars().collect(), at: 0 }
    }

    /// Goes to the next bracket outside of what was read, and reads or skips what it begins.
    pub(super) fn next_value(&mut self) -> Result<Start, ReadError> {
        while self.peek().is_some_and(|char| !is_opener(char)) {
            self.at += 1;
        }
        if self.peek().is_none() {
            return Ok(Start::End);
        }
        if self.begins_json() {
            self.value(0).map(Start::Value)
        } else {
            self.skip_brackets().map(|()| Start::Prose)
        }
    }

    /// Whether the bracket here is followed by what JSON allows there; if not, it is prose such as `{name}` or `[sic]`.
    fn begins_json(&self) -> bool {
        let is_list = self.peek() == Some('[');
        let mut rest = self.rest_after_here().iter().copied().skip_while(|char| is_blank(*char)).peekable();
        match rest.peek() {
            None | Some('"' | '“' | '”') => true,
            Some('}') => !is_list,
            Some(']' | '{' | '[' | '-' | '0'..='9') => is_list,
            Some(_) => {
                is_list && is_word(&rest.take_while(char::is_ascii_alphabetic).take(9).collect::<String>())
            }
        }
    }

    /// Past the bracket that closes the one here. What holds quotes is no prose, but JSON beyond repair.
    fn skip_brackets(&mut self) -> Result<(), ReadError> {
        let mut open = 0_usize;
        while let Some(char) = self.peek() {
            self.at += 1;
            match char {
                '{' | '[' => open += 1,
                '}' | ']' => open -= 1,
                '\'' | '"' => return Err(ReadError::Syntax { at: self.at - 1, expected: KEY }),
                _ => {}
            }
            if open == 0 {
                return Ok(());
            }
        }
        Err(ReadError::CutOff)
    }

    fn value(&mut self, depth: usize) -> Result<Value, ReadError> {
        if depth >= MAX_DEPTH {
            return Err(ReadError::TooDeep { limit: MAX_DEPTH });
        }
        self.skip_blanks();
        match self.peek().ok_or(ReadError::CutOff)? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' | '“' | '”' => self.string(&[',', '，', '}', ']']).map(Value::String),
            _ => self.scalar(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, ReadError> {
        let mut fields = Map::new();
        self.at += 1;
        while !self.take_closer('}')? {
            let key = self.string(&[':', '：'])?;
            self.skip_blanks();
            self.take_one_of(&[':', '：'], "`:`")?;
            fields.insert(key, self.value(depth + 1)?);
            self.take_separator('}', "`,` or `}`")?;
        }
        Ok(Value::Object(fields))
    }

    fn list(&mut self, depth: usize) -> Result<Value, ReadError> {
        let mut items = Vec::new();
        self.at += 1;
        while !self.take_closer(']')? {
            items.push(self.value(depth + 1)?);
            self.take_separator(']', "`,` or `]`")?;
        }
        Ok(Value::Array(items))
    }

    /// Takes the closer if it is next; a comma before it was taken already, which forgives trailing ones.
    fn take_closer(&mut self, closer: char) -> Result<bool, ReadError> {
        self.skip_blanks();
        let is_closed = self.peek().ok_or(ReadError::CutOff)? == closer;
        self.at += usize::from(is_closed);
        Ok(is_closed)
    }

    /// Takes the comma after a member; leaves the closer, which may stand there as well.
    fn take_separator(&mut self, closer: char, expected: &'static str) -> Result<(), ReadError> {
        self.skip_blanks();
        if self.peek() == Some(closer) { Ok(()) } else { self.take_one_of(&[',', '，'], expected) }
    }

    fn take_one_of(&mut self, wanted: &[char], expected: &'static str) -> Result<(), ReadError> {
        let next = self.peek().ok_or(ReadError::CutOff)?;
        if !wanted.contains(&next) {
            return Err(self.syntax(expected));
        }
        self.at += 1;
        Ok(())
    }

    /// A string; a curly quote ends it only before one of `followers`, since it may also quote a word inside.
    fn string(&mut self, followers: &[char]) -> Result<String, ReadError> {
        let begin = self.at;
        let quote = self.peek().ok_or(ReadError::CutOff)?;
        if !matches!(quote, '"' | '“' | '”') {
            return Err(self.syntax(KEY));
        }
        let mut strict = String::from('"');
        loop {
            self.at += 1;
            match self.peek().ok_or(ReadError::CutOff)? {
                '\\' => strict.extend(['\\', self.escaped()?]),
                '"' if quote == '"' => break,
                '"' | '“' | '”' if quote != '"' && self.ends_before(followers) => break,
                '"' => strict.push_str("\\\""),
                char if char < ' ' => strict.extend(escape(char)),
                char => strict.push(char),
            }
        }
        self.at += 1;
        strict.push('"');
        serde_json::from_str(&strict)
            .map_err(|_| ReadError::Syntax { at: begin, expected: "a string with valid escapes" })
    }

    /// The character after a backslash.
    fn escaped(&mut self) -> Result<char, ReadError> {
        self.at += 1;
        self.peek().ok_or(ReadError::CutOff)
    }

    fn ends_before(&self, followers: &[char]) -> bool {
        self.rest_after_here()
            .iter()
            .find(|char| !is_blank(**char))
            .is_some_and(|char| followers.contains(char))
    }

    /// A number or a word. JSON has no `NaN` and no infinity; both are written as null, as serializers do.
    fn scalar(&mut self) -> Result<Value, ReadError> {
        let begin = self.at;
        while self.peek().is_some_and(|char| char.is_ascii_alphanumeric() || "+-.".contains(char)) {
            self.at += 1;
        }
        if self.peek().is_none() {
            return Err(ReadError::CutOff);
        }
        let word: String = self.chars.get(begin..self.at).unwrap_or_default().iter().collect();
        match word.as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "-Infinity" => Ok(Value::Null),
            word if is_word(word) => Ok(Value::Null),
            number => serde_json::from_str::<Number>(number)
                .map(Value::Number)
                .map_err(|_| ReadError::Syntax { at: begin, expected: "a JSON value" }),
        }
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(is_blank) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn rest_after_here(&self) -> &[char] {
        self.chars.get(self.at + 1..).unwrap_or_default()
    }

    fn syntax(&self, expected: &'static str) -> ReadError {
        ReadError::Syntax { at: self.at, expected }
    }
}

fn is_opener(char: char) -> bool {
    matches!(char, '{' | '[')
}

/// The JSON escape of a control character, which models write raw.
fn escape(control: char) -> impl Iterator<Item = char> {
    let digit = |shift: u32| char::from_digit((u32::from(control) >> shift) & 0xf, 16);
    ['\\', 'u', '0', '0'].into_iter().chain(digit(4)).chain(digit(0))
}

fn is_word(word: &str) -> bool {
    matches!(word, "true" | "false" | "null" | "NaN" | "Infinity")
}

/// White space as people type it, the ideographic one included, and the marks that hide in copied text.
fn is_blank(char: char) -> bool {
    char.is_whitespace() || matches!(char, '\u{feff}' | '\u{200b}')
}
