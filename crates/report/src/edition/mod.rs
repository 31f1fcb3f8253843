//! The HTML edition: the report in one file that asks for nothing, with the tweets behind each claim.
//!
//! All that comes from tweets and models is text: the template escapes it, the script only reads it and hides and shows. The
//! page's policy allows no script and no style but the two whose hashes it names.

mod appendix;
mod claims;
mod map;
#[cfg(test)]
mod tests;
mod tweets;
mod words;

use base64::{Engine, engine::general_purpose::STANDARD};
use brief::{Brief, Outline, Routed};
use chrono_tz::Tz;
use corpus::Topic;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tera::{Context, Tera};

use self::claims::Pages;
use crate::{
    charts::Chart,
    escape::clean,
    post::{Headings, RenderError},
};
pub use words::EditionWords;

const STYLE: &str = include_str!("../../templates/edition.css");
const SCRIPT: &str = include_str!("../../templates/edition.js");

/// Everything that an edition is made from.
pub struct EditionInput<'a> {
    /// Its own words.
    pub words: &'a EditionWords,
    /// The words that it has in common with the post.
    pub headings: &'a Headings,
    /// Behind a claim's lead.
    pub lead_mark: &'a str,
    /// Whose clock the tweets are told by.
    pub zone: Tz,
    /// The outline that the brief was written to.
    pub outline: &'a Outline,
    /// What it says.
    pub brief: &'a Brief,
    /// Topics, most salient first.
    pub topics: &'a [Topic],
    /// The title of each.
    pub titles: &'a [String],
    /// Where each belongs.
    pub places: &'a [Routed<'a>],
    /// The charts of the post.
    pub charts: &'a [Chart],
    /// The word cloud, when there is one.
    pub cloud: Option<Picture<'a>>,
}

/// A picture's bytes.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// Such as `image/jpeg`.
    pub kind: &'a str,
    /// All of it.
    pub bytes: &'a [u8],
}

/// A picture as the template shows it.
#[derive(Serialize)]
struct Figure {
    alt: String,
    caption: String,
    source: String,
}

/// Section or part that claims can be filtered by.
#[derive(Serialize)]
struct Choice<'a> {
    id: &'a str,
    name: String,
}

/// The page.
///
/// # Errors
/// When the template cannot be rendered.
pub fn edition(input: &EditionInput<'_>) -> Result<String, RenderError> {
    let pages = Pages::new(input);
    let mut context = Context::new();
    context.insert("words", input.words);
    context.insert("lead_mark", input.lead_mark);
    context.insert("policy", &policy());
    context.insert("style", STYLE);
    context.insert("script", SCRIPT);
    context.insert("zone", input.zone.name());
    insert_headings(&mut context, input.headings);
    context.insert("choices", &choices(input));
    context.insert("overview", &pages.overview);
    context.insert("key_points", &pages.key_points);
    context.insert("sections", &pages.sections);
    context.insert("total", &pages.total());
    context.insert("map", &map::map(input, &pages));
    context.insert("appendix", &appendix::appendix(input));
    context.insert("charts", &input.charts.iter().map(chart_figure).collect::<Vec<_>>());
    context.insert("cloud", &input.cloud.map(|picture| cloud_figure(picture, input.headings)));
    let mut tera = Tera::default();
    tera.autoescape_on(vec![".html"]);
    tera.add_raw_templates([
        ("edition.html", include_str!("../../templates/edition.html")),
        ("claim.html", include_str!("../../templates/edition_claim.html")),
    ])
    .map_err(Box::new)?;
    Ok(tera.render("edition.html", &context).map_err(Box::new)?)
}

fn insert_headings(context: &mut Context, headings: &Headings) {
    let Headings {
        title,
        intro,
        heading,
        brief,
        overview,
        key_points,
        detail,
        note,
        cloud,
        cloud_alt: _,
        charts,
    } = headings;
    let named = [
        ("title", title),
        ("intro", intro),
        ("heading", heading),
        ("brief_heading", brief),
        ("overview_heading", overview),
        ("key_points_heading", key_points),
        ("detail_heading", detail),
        ("note", note),
        ("cloud_heading", cloud),
        ("charts_heading", charts),
    ];
    for (name, text) in named {
        context.insert(name, &clean(text));
    }
}

/// What the page may load and run: its own style and script, pictures that are in it, nothing else.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn choices<'a>(input: &EditionInput<'a>) -> Vec<Choice<'a>> {
    let Headings { overview, key_points, .. } = input.headings;
    let parts = [("overview", overview), ("key_points", key_points)];
    let sections = input.outline.sections.iter().map(|section| (section.id.as_str(), &section.heading));
    parts.into_iter().chain(sections).map(|(id, name)| Choice { id, name: clean(name) }).collect()
}

fn chart_figure(chart: &Chart) -> Figure {
    let source = data("image/svg+xml", chart.svg.as_bytes());
    Figure { alt: chart.alt.clone(), caption: chart.title.clone(), source }
}

fn cloud_figure(picture: Picture<'_>, headings: &Headings) -> Figure {
    let source = data(picture.kind, picture.bytes);
    Figure { alt: clean(&headings.cloud_alt), caption: String::new(), source }
}

/// A `data:` address.
fn data(kind: &str, bytes: &[u8]) -> String {
    format!("data:{kind};base64,{}", STANDARD.encode(bytes))
}
