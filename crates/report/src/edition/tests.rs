//! The page around the claims, with everything in it hostile; claims themselves are `tests/edition.rs`'s, for only a whole
//! run makes any.

use brief::{DraftClaim, Gap, Refused, Writer, WrittenSection};
use corpus::Salience;
use scraper::{Html, Selector};

use super::*;

const HOSTILE: &str = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\" onload=\"x\" {{ 7 * 7 }} --><!-- </style>";

struct Made {
    words: EditionWords,
    outline: Outline,
    headings: Headings,
    brief: Brief,
    topics: Vec<Topic>,
    titles: Vec<String>,
}

fn made(text: &str) -> Made {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/reports/twitter_ai.toml");
    let table: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let outline: Outline = table["outline"].clone().try_into().unwrap();
    let refused = |problems| Refused {
        section: "events".to_owned(),
        draft: DraftClaim {
            group: String::new(),
            lead: text.to_owned(),
            text: text.to_owned(),
            cites: Vec::new(),
            derived: Vec::new(),
            writer: Writer::Model,
        },
        problems,
        replaced: false,
    };
    let text = || text.to_owned();
    Made {
        words: table["report"]["html"].clone().try_into().unwrap(),
        headings: Headings {
            title: text(),
            intro: text(),
            heading: text(),
            brief: text(),
            overview: text(),
            key_points: text(),
            detail: text(),
            note: text(),
            cloud: text(),
            cloud_alt: text(),
            charts: text(),
        },
        brief: Brief {
            overview: Vec::new(),
            key_points: Vec::new(),
            sections: outline
                .sections
                .iter()
                .map(|one| WrittenSection { id: one.id.clone(), claims: Vec::new() })
                .collect(),
            refused: vec![
                refused(vec![brief::Problem::Repeats { text: text() }]),
                refused(vec![brief::Problem::Markup { found: text() }]),
            ],
            gaps: vec![Gap { part: "overview".to_owned(), reason: text() }],
            calls: Vec::new(),
            withheld: Vec::new(),
            shed: Vec::new(),
        },
        topics: vec![Topic {
            terms: Vec::new(),
            tweets: Vec::new(),
            salience: Salience::default(),
            earlier: None,
        }],
        titles: vec![text()],
        outline,
    }
}

fn page(made: &Made, pictures: bool) -> String {
    let chart = Chart {
        name: "topics",
        title: made.titles[0].clone(),
        alt: made.titles[0].clone(),
        svg: "<svg/>".to_owned(),
    };
    let charts = if pictures { vec![chart] } else { Vec::new() };
    edition(&EditionInput {
        words: &made.words,
        headings: &made.headings,
        lead_mark: "：",
        zone: chrono_tz::UTC,
        outline: &made.outline,
        brief: &made.brief,
        topics: &made.topics,
        titles: &made.titles,
        places: &[Routed { section: "events", group: "models", heading: "x" }],
        charts: &charts,
        cloud: pictures.then_some(Picture { kind: "image/jpeg", bytes: b"jpeg" }),
    })
    .unwrap()
}

/// Names of all elements with their attributes, in order.
fn shape(html: &str) -> Vec<String> {
    let html = Html::parse_document(html);
    let every = Selector::parse("*").unwrap();
    let all = html.select(&every).map(|one| {
        let names: Vec<&str> = one.value().attrs().map(|(name, _)| name).collect();
        format!("{} {}", one.value().name(), names.join(" "))
    });
    all.collect()
}

fn texts(html: &str, selector: &str) -> Vec<String> {
    let html = Html::parse_document(html);
    html.select(&Selector::parse(selector).unwrap()).map(|one| one.text().collect()).collect()
}

#[test]
fn nothing_but_text_comes_from_texts() {
    let (hostile, plain) = (page(&made(HOSTILE), true), page(&made("plain"), true));
    assert_eq!(shape(&hostile), shape(&plain));
    assert_eq!(texts(&hostile, "h1"), [HOSTILE]);
    assert!(texts(&hostile, ".refused p").iter().any(|text| text.contains(HOSTILE)), "it is shown as it is");
}

#[test]
fn the_policy_allows_this_style_and_this_script_alone() {
    let page = page(&made(HOSTILE), true);
    let html = Html::parse_document(&page);
    let meta = Selector::parse("meta[http-equiv=Content-Security-Policy]").unwrap();
    let policy = html.select(&meta).next().unwrap().attr("content").unwrap().to_owned();
    for (element, directive) in [("style", "style-src"), ("script", "script-src")] {
        let found = texts(&page, element);
        let [text] = found.as_slice() else { panic!("one {element}") };
        let hash = STANDARD.encode(Sha256::digest(text.as_bytes()));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}'")), "{policy}");
    }
    assert!(
        policy.starts_with("default-src 'none'; img-src data:;") && !policy.contains("unsafe"),
        "{policy}"
    );
}

#[test]
fn drafts_that_say_what_no_page_should_show_are_told_without_their_words() {
    let page = page(&made("买入 example.com"), false);
    let shown = texts(&page, ".refused li");
    assert_eq!(shown.len(), 3, "two drafts and a gap");
    assert!(shown[0].contains("买入 example.com") && shown[0].contains("与他条重复"), "{shown:?}");
    assert!(!shown[1].contains("买入") && shown[1].contains("内容不宜刊出"), "{shown:?}");
}

#[test]
fn without_pictures_there_is_no_place_for_them() {
    let page = page(&made("x"), false);
    assert!(texts(&page, "img, figure, #charts, #cloud").is_empty());
    assert!(!page.contains("href=\"#charts\"") && !page.contains("href=\"#cloud\""));
}

#[test]
fn the_script_only_reads_data() {
    for way in [
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval",
        "Function(",
        "fetch",
        "XMLHttp",
        "src",
    ] {
        assert!(!SCRIPT.contains(way), "{way}");
    }
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import") && !STYLE.contains("</"));
}
