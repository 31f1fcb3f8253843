//! Text made harmless for the language of a service. Each kind works on a field by itself; templates apply it to all that
//! they insert.

use std::io::{self, Write};

use serde::Deserialize;
use tera::EscapeFn;

/// How text is escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Escape {
    /// Not at all: what is sent is data, not text for people.
    Raw,
    /// The service shows text as it is.
    Plain,
    /// Tags such as `<at user_id="all">` are read in text.
    Feishu,
    /// `&`, `<`, `>` and quotes.
    Html,
    /// `&`, `<`, `>`; marks of mrkdwn have no escape and become their look-alikes.
    Slack,
    /// Backslashes.
    Discord,
    /// Markdown of which it is not said how to escape it: look-alikes.
    Markdown,
}

impl Escape {
    pub(crate) fn apply(self, text: &str) -> String {
        match self {
            Self::Raw | Self::Plain => text.to_owned(),
            Self::Feishu => text.replace('<', "＜"),
            Self::Html => html_escape::encode_quoted_attribute(text).into_owned(),
            Self::Slack => html_escape::encode_text(&look_alikes(text, "*_~`")).into_owned(),
            Self::Discord => backslashed(text),
            Self::Markdown => look_alikes(text, "*_`[]<>#\\|~&!"),
        }
    }

    /// The same for templates.
    pub(crate) fn function(self) -> EscapeFn {
        fn write(kind: Escape, text: &str, out: &mut dyn Write) -> io::Result<()> {
            out.write_all(kind.apply(text).as_bytes())
        }
        match self {
            Self::Raw => |text, out| write(Self::Raw, text, out),
            Self::Plain => |text, out| write(Self::Plain, text, out),
            Self::Feishu => |text, out| write(Self::Feishu, text, out),
            Self::Html => |text, out| write(Self::Html, text, out),
            Self::Slack => |text, out| write(Self::Slack, text, out),
            Self::Discord => |text, out| write(Self::Discord, text, out),
            Self::Markdown => |text, out| write(Self::Markdown, text, out),
        }
    }
}

/// Discord takes a backslash before any punctuation.
fn backslashed(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if "\\*_~`|[]()<>#:@-+".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The full-width forms of marks. An underscore within a word is no mark anywhere.
fn look_alikes(text: &str, marks: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let word = |place: Option<usize>| {
        place.and_then(|place| chars.get(place)).is_some_and(|c| c.is_alphanumeric() || *c == '_')
    };
    let form = |(place, c): (usize, &char)| {
        let inside = *c == '_' && word(place.checked_sub(1)) && word(place.checked_add(1));
        if !marks.contains(*c) || inside { *c } else { full_width(*c) }
    };
    chars.iter().enumerate().map(form).collect()
}

/// `！` for `!`: the forms stand in the same order, 0xFEE0 later.
fn full_width(c: char) -> char {
    char::from_u32(u32::from(c) + 0xFEE0).filter(|_| c.is_ascii_graphic()).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_each_language_are_none() {
        let text = "a_b <at user_id=\"all\"> **x** `y` & [z](w) <!channel> # ~s~";
        for (kind, expected) in [
            (Escape::Plain, text),
            (Escape::Feishu, "a_b ＜at user_id=\"all\"> **x** `y` & [z](w) ＜!channel> # ~s~"),
            (
                Escape::Html,
                "a_b &lt;at user_id=&quot;all&quot;&gt; **x** `y` &amp; [z](w) &lt;!channel&gt; # ~s~",
            ),
            (
                Escape::Slack,
                "a_b &lt;at user_id=\"all\"&gt; ＊＊x＊＊ ｀y｀ &amp; [z](w) &lt;!channel&gt; # ～s～",
            ),
            (
                Escape::Discord,
                "a\\_b \\<at user\\_id=\"all\"\\> \\*\\*x\\*\\* \\`y\\` & \\[z\\]\\(w\\) \\<!channel\\> \\# \\~s\\~",
            ),
            (
                Escape::Markdown,
                "a_b ＜at user_id=\"all\"＞ ＊＊x＊＊ ｀y｀ ＆ ［z］(w) ＜！channel＞ ＃ ～s～",
            ),
        ] {
            assert_eq!(kind.apply(text), expected, "{kind:?}");
        }
        assert_eq!(Escape::Slack.apply("_x_ __init__"), "＿x＿ ＿_init_＿");
    }
}
