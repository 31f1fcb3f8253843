//! The lines that the program writes around the claims: their figures count tweets, so no tweet is their source.

use regex::Regex;

use crate::settings::ReportTexts;

/// The intro and the note of the profile, as patterns of what they become when they are filled in.
pub(super) struct Frame {
    lines: Vec<Regex>,
}

impl Frame {
    pub(super) fn new(texts: &ReportTexts) -> Self {
        let lines = [&texts.intro, &texts.note].into_iter();
        Self { lines: lines.filter_map(|template| Regex::new(&pattern(template, texts)).ok()).collect() }
    }

    /// Whether a line says what only the program says.
    pub(super) fn has(&self, text: &str) -> bool {
        self.lines.iter().any(|line| line.is_match(text))
    }
}

/// A template as a pattern: a variable is what its values look like, a condition's text may be there or not.
fn pattern(template: &str, texts: &ReportTexts) -> String {
    let mut pattern = "^".to_owned();
    let mut rest = template;
    while let Some((before, inside, after, is_variable)) = next(rest) {
        pattern.push_str(&regex::escape(before));
        let name = inside.trim();
        pattern.push_str(&if is_variable { variable(name, texts) } else { condition(name) });
        rest = after;
    }
    pattern + &regex::escape(rest) + "$"
}

/// The text before the next `{{ … }}` or `{% … %}`, what is in it, and the rest.
fn next(template: &str) -> Option<(&str, &str, &str, bool)> {
    let cut = |open: &str, close: &str, is_variable| {
        let (before, rest) = template.split_once(open)?;
        let (inside, after) = rest.split_once(close)?;
        Some((before, inside, after, is_variable))
    };
    let both = [cut("{{", "}}", true), cut("{%", "%}", false)];
    both.into_iter().flatten().min_by_key(|(before, ..)| before.len())
}

fn condition(tag: &str) -> String {
    match tag.split_whitespace().next() {
        Some("if") => "(?:".to_owned(),
        Some("elif" | "else") => "|".to_owned(),
        Some("endif") => ")?".to_owned(),
        _ => String::new(),
    }
}

fn variable(name: &str, texts: &ReportTexts) -> String {
    let one_of = |values: Vec<&String>| {
        values.into_iter().map(|value| regex::escape(value)).collect::<Vec<_>>().join("|")
    };
    match name {
        "name" => regex::escape(&texts.name),
        "writer" => format!("(?:{})", one_of(texts.writers.values().collect())),
        // Times of day, perhaps with days, and whatever stands between them.
        "gaps" | "missing" | "incomplete" => r"\d[^\p{L}]*\d".to_owned(),
        "ad_share" => r"\d+\.\d".to_owned(),
        // Words of tweets.
        "risen_terms" | "fallen_terms" => ".*".to_owned(),
        // A list of names and counts; a reason that the profile does not name has its own.
        "reasons" => format!(r"(?:(?:{}|[a-z_]+) \d+\W{{0,3}})*", one_of(texts.reasons.values().collect())),
        _ => r"\d[\d\-]*(?: \S{1,2} [\d\-]+)?".to_owned(),
    }
}
