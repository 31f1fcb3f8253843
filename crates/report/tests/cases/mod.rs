//! The cases of the typography suite, as lines of a post; and a post by comrak, one of the renderers.

use brief::typeset;
use comrak::{Options, markdown_to_html};
use corpus::TweetId;
use report::{bold, escape, lead, link};
use serde::{Deserialize, Serialize};

/// What stands behind each list item, as a reader sees it.
const SOURCE: &str = "（@some_one）";

#[derive(Deserialize)]
struct Suite {
    case: Vec<Case>,
}

/// A line, and what is seen of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    place: Option<String>,
    lead: Option<String>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    before: String,
    bold: Option<String>,
    #[serde(default)]
    after: String,
    strong: Option<String>,
    shows: String,
}

/// A line in Markdown, what is seen of it, and what of that is bold.
#[derive(Serialize)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) markdown: String,
    pub(crate) shows: String,
    pub(crate) strong: Option<String>,
}

pub(crate) fn lines() -> Result<Vec<Line>, toml::de::Error> {
    let suite: Suite = toml::from_str(include_str!("../typography.toml"))?;
    Ok(suite.case.into_iter().map(line).collect())
}

fn line(case: Case) -> Line {
    let Case { name, place, lead: words, text, before, bold: emphasised, after, strong, shows } = case;
    let text = escape(&typeset(&text));
    let (markdown, shows) = match (place.as_deref(), words, emphasised) {
        (Some("heading"), ..) => (format!("## {text}"), shows),
        (_, Some(words), _) => (item(&words, &text), shows + SOURCE),
        (_, _, Some(inner)) => {
            let inner = bold(&inner, before.chars().next_back(), after.chars().next());
            (format!("{}{inner}{}", escape(&before), escape(&after)), shows)
        }
        _ => (text, shows),
    };
    // A lead is bold in every renderer; an empty one is none.
    Line { name, markdown, shows, strong }
}

/// A claim as `post/line.rs` writes it.
fn item(words: &str, text: &str) -> String {
    let lead = if words.is_empty() { String::new() } else { lead(words, "：") + "：" };
    format!("- {lead}{text}（{}）", link("@some_one", "some_one", TweetId(7)))
}

/// A post's Markdown as HTML, with everything on that sites turn on.
pub(crate) fn html(markdown: &str) -> String {
    let mut options = Options::default();
    options.render.r#unsafe = true;
    let on = &mut options.extension;
    (on.table, on.strikethrough, on.autolink, on.tasklist, on.footnotes) = (true, true, true, true, true);
    markdown_to_html(markdown, &options)
}
