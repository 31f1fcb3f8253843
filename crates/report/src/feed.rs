//! An Atom feed of reports: the brief part of each, made from its audit.
//!
//! Text of others is escaped twice, as Atom wants it: for HTML here, then for XML by the writer of the feed.

use std::fmt::Write;

use atom_syndication::{Entry, Feed, Generator, Link, Person, Text, WriteConfig};
use brief::Side;
use chrono::{DateTime, FixedOffset};
use html_escape::{encode_double_quoted_attribute, encode_text};

use crate::{
    escape::{clean, tweet_url},
    post::{Citations, Marks, PostSettings},
    trace::{Trace, TracedClaim},
};

/// What a feed is made from.
pub struct FeedInput<'a> {
    /// The feed's own address.
    pub url: &'a str,
    /// The site's address.
    pub site: &'a str,
    /// What the feed is called.
    pub title: &'a str,
    /// Language of the reports: `zh`, `en`.
    pub language: &'a str,
    /// Marks and cautions as the posts have them.
    pub post: &'a PostSettings,
    /// The reports, newest first.
    pub entries: &'a [FeedEntry],
}

/// A report as a feed has it.
pub struct FeedEntry {
    /// The post's heading.
    pub title: String,
    /// The post's page, which is also the entry's id.
    pub link: String,
    /// The report's own time.
    pub time: DateTime<FixedOffset>,
    /// What it says.
    pub trace: Trace,
}

/// The feed's bytes: the same entries make the same ones. Its time is that of its newest entry, or of 1970 without one.
///
/// # Errors
/// Never in memory; the XML writer's error is passed on.
pub fn feed(input: &FeedInput<'_>) -> Result<Vec<u8>, atom_syndication::Error> {
    let newest = input.entries.iter().map(|entry| entry.time).max();
    let feed = Feed {
        title: Text::plain(clean(input.title)),
        id: input.url.to_owned(),
        updated: newest.unwrap_or_default(),
        authors: vec![Person { name: clean(input.title), ..Person::default() }],
        generator: Some(Generator { value: "tuibao".to_owned(), ..Generator::default() }),
        links: vec![
            link(input.url, "self", "application/atom+xml"),
            link(input.site, "alternate", "text/html"),
        ],
        lang: Some(input.language.to_owned()),
        entries: input.entries.iter().map(|one| entry(one, input.post)).collect(),
        ..Feed::default()
    };
    let config = WriteConfig { indent_size: Some(2), ..WriteConfig::default() };
    let mut bytes = feed.write_with_config(Vec::new(), config)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn link(href: &str, rel: &str, kind: &str) -> Link {
    Link { href: href.to_owned(), rel: rel.to_owned(), mime_type: Some(kind.to_owned()), ..Link::default() }
}

fn entry(one: &FeedEntry, settings: &PostSettings) -> Entry {
    Entry {
        title: Text::plain(clean(&one.title)),
        id: one.link.clone(),
        updated: one.time,
        published: Some(one.time),
        links: vec![link(&one.link, "alternate", "text/html")],
        summary: Some(Text::html(summary(&one.trace, settings))),
        ..Entry::default()
    }
}

/// The brief part as HTML: paragraphs, then lists.
fn summary(trace: &Trace, settings: &PostSettings) -> String {
    let mut html = String::new();
    let mut list = Vec::new();
    let brief = trace.claims().filter(|(section, _)| matches!(*section, "overview" | "key_points"));
    let mut part = "";
    for (section, claim) in brief {
        if section != part {
            close(&mut html, &mut list);
            part = section;
        }
        // As in the post, only the overview has claims without a lead that stand by themselves.
        if section == "overview" && claim.lead.is_empty() {
            let _ = write!(html, "<p>{}</p>", line(claim, "", settings));
        } else {
            let continuing =
                if section == "key_points" && claim.continuing { &*settings.continuing } else { "" };
            list.push(line(claim, continuing, settings));
        }
    }
    close(&mut html, &mut list);
    html
}

fn close(html: &mut String, list: &mut Vec<String>) {
    if !list.is_empty() {
        let _ = write!(html, "<ul><li>{}</li></ul>", list.join("</li><li>"));
    }
    list.clear();
}

/// A claim as its line in the post: lead, words, what to know before trusting it, sources.
fn line(claim: &TracedClaim, continuing: &str, settings: &PostSettings) -> String {
    let text = |text: &str| encode_text(&clean(text)).into_owned();
    // Marks keep the spaces at their ends.
    let own = |mark: &str| encode_text(mark).into_owned();
    let Marks { lead: mark, open, between, close } = &settings.marks;
    let words = text(&format!("{continuing}{}", claim.lead));
    let lead =
        if words.is_empty() { String::new() } else { format!("<strong>{words}</strong>{}", own(mark)) };
    let sole = if claim.sole_source { own(&settings.sole_source) } else { String::new() };
    let side = |side: &Side| text(&format!("@{} {}", side.handle, side.written));
    let sides: Vec<String> = claim.disputed.iter().map(side).collect();
    let disputed = match sides.as_slice() {
        [] => String::new(),
        sides => format!("{}{}{}{}", own(open), own(&settings.disputed), sides.join(between), own(close)),
    };
    format!("{lead}{}{sole}{disputed}{}", text(&claim.text), sources(claim, settings))
}

fn sources(claim: &TracedClaim, settings: &PostSettings) -> String {
    let Marks { open, between, close, .. } = &settings.marks;
    let shown = claim.cites.iter().take(settings.links);
    let links: Vec<String> = shown
        .map(|cite| {
            let url = tweet_url(&cite.handle, cite.id);
            let handle = clean(&format!("@{}", cite.handle));
            format!("<a href=\"{}\">{}</a>", encode_double_quoted_attribute(&url), encode_text(&handle))
        })
        .collect();
    if links.is_empty() || settings.citations == Citations::None {
        return String::new();
    }
    format!("{}{}{}", encode_text(open), links.join(between), encode_text(close))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "]]>&amp;<script>alert(1)</script>\u{1b}\u{0}\u{202e}\u{fffe} \" ' <!--";

    fn settings() -> PostSettings {
        serde_json::from_value(serde_json::json!({
            "layout": "post", "head": [], "time_format": "%+", "citations": "handles", "links": 1,
            "continuing": "[on] ", "sole_source": " (sole)", "disputed": "differ: ", "extra": {},
            "marks": {"lead": ": ", "open": " (", "between": ", ", "close": ")"},
        }))
        .unwrap()
    }

    fn entry(text: &str, day: u32) -> FeedEntry {
        let cite =
            |id: &str| serde_json::json!({"alias": "t1", "id": id, "handle": "a_b", "url": "javascript:1"});
        let claim = |lead: &str, sole: bool| {
            serde_json::json!({
                "group": "", "lead": lead, "text": text, "cites": [cite("12"), cite("13")], "evidence": [],
                "writer": "extractive", "sole_source": sole, "continuing": true,
            })
        };
        let brief = serde_json::json!({
            "overview": [claim("", false), claim("Lead", false)], "key_points": [claim(text, true)],
            "sections": [], "refused": [], "withheld": [],
        });
        let audit = serde_json::json!({
            "schema_version": crate::AUDIT_SCHEMA_VERSION, "brief": brief, "topics": [],
            "hashes": {"tweets": "", "settings": "", "post": "", "picture": ""},
        });
        FeedEntry {
            title: text.to_owned(),
            link: format!("https://a.example/{day}?a=1&b=2"),
            time: format!("2026-01-{day:02}T14:32:23+08:00").parse().unwrap(),
            trace: Trace::read(audit.to_string().as_bytes()).unwrap(),
        }
    }

    fn made(entries: &[FeedEntry]) -> Vec<u8> {
        let url = "https://a.example/r.xml";
        let (site, title, language) = ("https://a.example", "报告 & <b>", "zh");
        feed(&FeedInput { url, site, title, language, post: &settings(), entries }).unwrap()
    }

    #[test]
    fn another_parser_reads_what_was_written() {
        let read = feed_rs::parser::parse(&*made(&[entry("words", 24), entry("more", 23)])).unwrap();
        assert_eq!(read.title.unwrap().content, "报告 & <b>");
        assert_eq!(read.updated.unwrap().to_rfc3339(), "2026-01-24T06:32:23+00:00");
        assert_eq!((read.language.as_deref(), read.entries.len()), (Some("zh"), 2));
        let first = &read.entries[0];
        assert_eq!(first.links[0].href, "https://a.example/24?a=1&b=2");
        assert_eq!(first.updated.unwrap().to_rfc3339(), "2026-01-24T06:32:23+00:00");
        let source = " (<a href=\"https://x.com/a_b/status/12\">@a_b</a>)";
        assert_eq!(
            first.summary.as_ref().unwrap().content,
            format!(
                "<p>words{source}</p><ul><li><strong>Lead</strong>: words{source}</li></ul>\
                 <ul><li><strong>[on] words</strong>: words (sole){source}</li></ul>"
            )
        );
    }

    #[test]
    fn hostile_text_stays_text() {
        let bytes = made(&[entry(HOSTILE, 24)]);
        let xml = String::from_utf8(bytes.clone()).unwrap();
        assert!(!xml.chars().any(|c| c.is_control() && c != '\n'), "{xml:?}");
        let read = feed_rs::parser::parse(&*bytes).unwrap();
        let first = &read.entries[0];
        assert_eq!(first.title.as_ref().unwrap().content, clean(HOSTILE));
        let html = &first.summary.as_ref().unwrap().content;
        assert!(
            !html.contains("<script") && !html.contains("<!--") && !html.contains("javascript"),
            "{html}"
        );
        assert_eq!(html.matches("&lt;script&gt;").count(), 4);
    }

    #[test]
    fn the_same_entries_make_the_same_bytes_and_none_is_no_failure() {
        assert_eq!(made(&[entry("a", 1)]), made(&[entry("a", 1)]));
        assert!(feed_rs::parser::parse(&*made(&[])).unwrap().entries.is_empty());
    }
}
