//! **render**: a verified brief becomes the Markdown post.
//!
//! The template lays out; every text that comes from a tweet or a model goes through the one escape first, and every link is
//! built here from a cited tweet.

mod groups;
mod line;

use std::collections::BTreeMap;

use brief::{Brief, Claim, Outline, Section, WrittenSection};
use serde::{Deserialize, Serialize};
use tera::{Context, Tera};

pub(crate) use self::groups::groups;
use self::line::{Line, Lines};
use crate::{
    escape::{alt, bold, escape},
    front_matter::front_matter,
    head::{HeadField, head},
};

/// How posts look, as written in the configuration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostSettings {
    /// Front matter `layout`.
    pub layout: String,
    /// Keys of the front matter, in order, each with what stands there.
    pub head: Vec<(String, HeadField)>,
    /// How front matter writes a time, as a chrono pattern.
    pub time_format: String,
    /// What stands behind a claim.
    pub citations: Citations,
    /// At most this many sources behind a claim.
    pub links: usize,
    /// Stands in front of a story that goes on from an earlier report.
    pub continuing: String,
    /// Stands behind what only one small account says.
    pub sole_source: String,
    /// In front of what the sources of a claim say instead of one another.
    pub disputed: String,
    /// Punctuation of our own.
    pub marks: Marks,
    /// More front matter, in this order of keys.
    pub extra: BTreeMap<String, Extra>,
}

/// The punctuation between the parts of a line, which follows the report's language.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// Behind a lead, and behind the name of a group that stands empty.
    pub lead: String,
    /// In front of the sources.
    pub open: String,
    /// Between them, and in other lists.
    pub between: String,
    /// Behind them.
    pub close: String,
}

/// What stands behind a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Citations {
    /// `（[@handle](link)、…）`, with the [`Marks`] of the report.
    Handles,
    /// `（[1](link)、…）`, numbered through the post.
    Numbers,
    /// Nothing; the audit still has the sources.
    None,
}

/// A value of extra front matter.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Extra {
    /// A string.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// A list of strings.
    List(Vec<String>),
}

/// The words of the post that are not from tweets: already filled in, from the profile.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is the heading or line of its name in the template")]
pub struct Headings {
    pub title: String,
    pub intro: String,
    pub heading: String,
    pub brief: String,
    pub overview: String,
    pub key_points: String,
    pub detail: String,
    pub note: String,
    pub cloud: String,
    pub cloud_alt: String,
    pub charts: String,
}

/// Everything that a post is made from.
pub struct PostInput<'a> {
    /// How it looks.
    pub settings: &'a PostSettings,
    /// Its fixed words.
    pub headings: &'a Headings,
    /// The report's time as its front matter has it: `2026-01-24 14:32:23 +0800`.
    pub time: &'a str,
    /// The report's name and days: `twitter_ai_20260124_20260124`.
    pub slug: &'a str,
    /// The outline that the brief was written to.
    pub outline: &'a Outline,
    /// What it says.
    pub brief: &'a Brief,
    /// The charts, in their order.
    pub charts: &'a [ChartLink],
    /// Link of the word cloud, when there is one.
    pub picture: Option<&'a str>,
}

/// A chart as a post shows it.
#[derive(Clone, Debug)]
pub struct ChartLink {
    /// What it shows, in words.
    pub alt: String,
    /// Link of the picture.
    pub url: String,
}

/// The template is wrong; a fault of ours, not of the input.
#[derive(Debug, thiserror::Error)]
#[error("a template of the report cannot be rendered: {0}")]
pub struct RenderError(#[from] Box<tera::Error>);

#[derive(Serialize)]
struct SectionView {
    heading: String,
    empty: Option<String>,
    blocks: Vec<Block>,
}

/// A group of claims; a heading shared by several groups is with the first of them.
#[derive(Serialize)]
struct Block {
    under: Option<String>,
    heading: String,
    empty: Option<String>,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Picture<'a> {
    heading: String,
    alt: String,
    url: &'a str,
}

/// The post's Markdown.
///
/// # Errors
/// When the template cannot be rendered.
pub fn post(input: &PostInput<'_>) -> Result<String, RenderError> {
    let mut lines = Lines::new(input.settings);
    let PostInput { headings, brief, outline, .. } = input;
    let mut context = Context::new();
    context.insert("front_matter", &front_matter(&head(input)));
    let plain = [
        ("intro", &headings.intro),
        ("heading", &headings.heading),
        ("brief", &headings.brief),
        ("overview", &headings.overview),
        ("key_points_heading", &headings.key_points),
        ("detail", &headings.detail),
        ("note", &headings.note),
    ];
    for (name, text) in plain {
        context.insert(name, &escape(text));
    }
    let (paragraphs, points): (Vec<&Claim>, Vec<&Claim>) =
        brief.overview.iter().partition(|claim| claim.lead().is_empty());
    context.insert("overview_paragraphs", &lines.all(&paragraphs));
    context.insert("overview_points", &lines.all(&points));
    lines.mark = true;
    context.insert("key_points", &lines.all(&brief.key_points.iter().collect::<Vec<_>>()));
    let sections = outline.sections.iter().zip(&brief.sections);
    context.insert(
        "sections",
        &sections.map(|(spec, written)| section(spec, written, &mut lines)).collect::<Vec<_>>(),
    );
    let picture = input.picture.map(|url| Picture {
        heading: escape(&headings.cloud),
        alt: alt(&headings.cloud_alt),
        url,
    });
    context.insert("picture", &picture);
    let charts: Vec<Picture<'_>> = input.charts.iter().map(|chart| shown(chart, headings)).collect();
    context.insert("charts", &charts);
    context.insert("mark", &input.settings.marks.lead);
    render(&context)
}

fn shown<'a>(chart: &'a ChartLink, headings: &Headings) -> Picture<'a> {
    Picture { heading: escape(&headings.charts), alt: alt(&chart.alt), url: &chart.url }
}

fn render(context: &Context) -> Result<String, RenderError> {
    let mut tera = Tera::default();
    tera.autoescape_on(Vec::<&str>::new());
    tera.add_raw_template("post.md", include_str!("../templates/post.md")).map_err(Box::new)?;
    let rendered = tera.render("post.md", context).map_err(Box::new)?;
    Ok(tidy(&rendered))
}

/// At most one empty line in a row, none at the end.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.trim().lines() {
        let empty = line.trim().is_empty();
        if !(empty && blank) {
            tidy.push_str(line.trim_end());
            tidy.push('\n');
        }
        blank = empty;
    }
    tidy
}

fn section(spec: &Section, written: &WrittenSection, lines: &mut Lines<'_>) -> SectionView {
    let mark = lines.behind_lead();
    let nothing = written.claims.is_empty();
    let shown = groups(spec, written).into_iter().filter(|_| !nothing);
    let blocks = shown.map(|group| Block {
        under: group.under.map(escape),
        heading: bold(group.heading, None, mark),
        empty: group.empty.map(escape),
        lines: lines.all(&group.claims),
    });
    SectionView {
        blocks: blocks.collect(),
        heading: escape(&spec.heading),
        empty: nothing.then(|| escape(&spec.empty)),
    }
}
