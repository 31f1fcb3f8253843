//! The HTML edition and the charts from outside: what is on the page, and that hostile tweets add nothing to it.

use std::{collections::BTreeSet, fs};

use chrono::{Days, NaiveDate};
use scraper::{ElementRef, Html, Selector};
use serde_json::{Value, json};

use crate::support::{
    Site,
    audit::{claims, list},
    chart_paths, edition_path, post_path, shared_data,
};

const DAY: &str = "2026-03-04";

fn page(site: &Site, day: &str) -> Html {
    Html::parse_document(&fs::read_to_string(site.path(&edition_path(day))).unwrap())
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

fn all<'a>(within: ElementRef<'a>, css: &str) -> Vec<ElementRef<'a>> {
    within.select(&selector(css)).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect()
}

/// Without what stands in the text for nobody to see, and on one line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn behind_every_claim_are_its_tweets_whole_and_marked() {
    let site = Site::quick("");
    site.run_day(DAY, &["--html"]).exits(0).prints(&edition_path(DAY));
    let (page, audit) = (page(&site, DAY), site.audit(DAY));
    let topics = list(&audit["topics"]).iter().flat_map(|topic| list(&topic["tweets"]));
    let tweets: Vec<&Value> = topics.map(|one| &one["tweet"]).collect();
    let told: Vec<_> = claims(&audit).into_iter().collect();
    let shown = all(page.root_element(), ".claim");
    assert_eq!(shown.len(), told.len());
    let mut marked = 0;
    for (shown, (part, claim)) in shown.iter().zip(told) {
        assert_eq!(shown.attr("data-section"), Some(part));
        assert_eq!(text(all(*shown, ".text")[0]), claim["text"].as_str().unwrap());
        let links: Vec<_> =
            all(*shown, ".tweet a").iter().map(|link| link.attr("href").unwrap().to_owned()).collect();
        let cites: Vec<_> = list(&claim["cites"]).iter().map(|cite| cite["url"].as_str().unwrap()).collect();
        assert_eq!(links, cites);
        for (tweet, cite) in all(*shown, ".tweet").into_iter().zip(list(&claim["cites"])) {
            let source = tweets.iter().find(|one| one["id"] == cite["id"]).expect("a tweet of the topics");
            assert_eq!(text(all(tweet, ".words")[0]), source["text"].as_str().unwrap());
            assert!(text(all(tweet, ".who")[0]).contains(source["author"]["handle"].as_str().unwrap()));
            marked += all(tweet, "mark").len();
        }
    }
    assert!(marked > 20, "{marked} facts are marked in their tweets");
}

#[test]
fn marks_refusals_and_the_map_are_those_of_the_audit() {
    let site = Site::quick("");
    for day in ["2026-03-02", DAY] {
        site.run_day(day, &["--html", "--quiet"]).exits(0);
        let (page, audit) = (page(&site, day), site.audit(day));
        let count = |css: &str| all(page.root_element(), css).len();
        let with = |wanted: &dyn Fn(&Value) -> bool| {
            claims(&audit).iter().filter(|(_, claim)| wanted(claim)).count()
        };
        assert_eq!(count(".claim .mark.single"), with(&|claim| claim["sole_source"] == true));
        assert_eq!(count(".claim .mark.continuing"), with(&|claim| claim["continuing"] == true));
        assert_eq!(count(".claim .mark.disputed"), with(&|claim| claim["disputed"].is_array()));
        assert_eq!(count(".claim .mark.no_facts"), with(&|claim| list(&claim["evidence"]).is_empty()));
        assert_eq!(count(".region li"), list(&audit["topics"]).len());
        let targets: BTreeSet<String> =
            all(page.root_element(), "[id]").iter().map(|one| one.attr("id").unwrap().to_owned()).collect();
        assert_eq!(targets.len(), count("[id]"), "every id is there once");
        for link in all(page.root_element(), "a[href^='#']") {
            assert!(targets.contains(&link.attr("href").unwrap()[1..]), "{}", link.html());
        }
    }
}

#[test]
fn headings_are_in_order_and_controls_have_names() {
    let site = Site::quick("");
    site.run_day(DAY, &["--html", "--quiet"]).exits(0);
    let page = page(&site, DAY);
    let root = page.root_element();
    assert_eq!(root.attr("lang"), Some("zh-CN"));
    let levels: Vec<u8> = all(root, "h1, h2, h3, h4, h5, h6")
        .iter()
        .map(|one| one.value().name().as_bytes()[1] - b'0')
        .collect();
    assert_eq!(all(root, "h1").len(), 1);
    assert!(levels.windows(2).all(|two| two[1] <= two[0] + 1), "{levels:?}");
    let labels: BTreeSet<&str> = all(root, "label").iter().filter_map(|label| label.attr("for")).collect();
    for control in all(root, "input, select") {
        assert!(labels.contains(control.attr("id").unwrap()), "{}", control.html());
    }
    assert!(all(root, "img").iter().all(|image| image.attr("alt").is_some_and(|alt| !alt.is_empty())));
    for landmark in ["header", "nav[aria-label]", "main", "form[role=search]", "footer"] {
        assert_eq!(all(root, landmark).len(), 1, "{landmark}");
    }
}

#[test]
fn an_edition_is_made_again_when_it_is_wanted_and_not_there() {
    let site = Site::quick("");
    site.run_day(DAY, &[]).exits(0);
    let without = site.tree();
    assert!(!without.files().contains(edition_path(DAY).as_str()));
    let post = site.post(DAY);
    site.run_day(DAY, &["--html"]).exits(0).prints(&edition_path(DAY));
    assert_eq!(site.post(DAY), post, "the post is the same");
    let whole = site.tree();
    site.run_day(DAY, &["--html"]).exits(0).says("up to date");
    // Who does not ask for it leaves it where it is.
    site.run_day(DAY, &[]).exits(0).says("up to date");
    whole.assert_untouched(&site.tree());
    fs::remove_file(site.path(&edition_path(DAY))).unwrap();
    site.run_day(DAY, &["--html"]).exits(0);
    whole.assert_same_bytes(&site.tree());
    site.write(&edition_path(DAY), "<p>other");
    site.run(&["check", &post_path(DAY)]).exits(3).prints("html` is not there, or is not the one");
}

#[test]
fn an_edition_that_is_there_is_that_of_its_post() {
    let site = Site::quick("");
    site.run_day(DAY, &["--html"]).exits(0);
    let before = fs::read(site.path(&edition_path(DAY))).unwrap();
    site.configure("[window]\ntimezone = \"UTC\"\n");
    site.run_day(DAY, &[]).exits(0).prints(&edition_path(DAY));
    assert_ne!(fs::read(site.path(&edition_path(DAY))).unwrap(), before);
    assert_eq!(all(page(&site, DAY).root_element(), ".claim").len(), claims(&site.audit(DAY)).len());
    site.run(&["check", &post_path(DAY)]).exits(0);
}

#[test]
fn charts_are_checked_and_made_again_and_may_be_left_out() {
    let site = Site::quick("");
    site.run_day(DAY, &[]).exits(0);
    let whole = site.tree();
    for path in chart_paths(DAY) {
        site.write(&path, "<svg/>");
        site.run(&["check", &post_path(DAY)]).exits(3).prints("is not the one that its audit tells of");
        site.run_day(DAY, &[]).exits(0);
        whole.assert_same_bytes(&site.tree());
    }
    let bare = Site::new();
    bare.write("tuibao.toml", "[cloud]\nenabled = false\n[charts]\ntopics = false\nhours = false\ntickers = false\n[html]\nenabled = true\n");
    bare.run_day(DAY, &["--quiet"]).exits(0);
    let post = bare.post(DAY);
    assert!(!post.contains("![") && !post.contains("图表"), "{post}");
    bare.run(&["check", &post_path(DAY)]).exits(0);
    assert!(all(page(&bare, DAY).root_element(), "img, figure").is_empty());
    assert_eq!(bare.tree().files().len(), 4, "post, audit, edition and tuibao.toml");
}

#[test]
fn an_english_edition_has_english_words() {
    let site = Site::quick("");
    site.run_day(DAY, &["--profile", "twitter_ai_en", "--html", "--quiet"]).exits(0);
    let compact = DAY.replace('-', "");
    let path = format!("site/html/twitter_ai_en_{compact}_{compact}.html");
    let page = Html::parse_document(&fs::read_to_string(site.path(&path)).unwrap());
    let root = page.root_element();
    assert_eq!(root.attr("lang"), Some("en"));
    let han = |text: &str| text.chars().filter(|c| ('\u{3000}'..='\u{9fff}').contains(c)).collect::<String>();
    for part in all(root, "header, nav, form, h2, h3, h4, summary, figcaption, .note, footer") {
        assert_eq!(han(&text(part)), "", "{}", part.html());
    }
}

/// Elements and attributes that our own template writes; no other may be on a page.
const ELEMENTS: &str = "html head meta title link style body a header h1 h2 h3 h4 h5 p div nav ul ol li form label kbd input select \
    option span button main section strong details summary bdi small b time mark figure img figcaption em footer script";
const ATTRIBUTES: &str = "lang charset http-equiv content name rel href class id aria-label role hidden for type placeholder \
    autocomplete spellcheck value data-open data-close data-part data-section data-marks tabindex dir datetime src alt";
const SVG_ELEMENTS: &str = "html head body svg title desc style rect text line";
const SVG_ATTRIBUTES: &str = "xmlns xml:lang lang viewBox width height role aria-labelledby id class x y rx font-size text-anchor dy \
    x1 x2 y1 y2";

/// What a page or a chart has that our own templates do not write.
pub(crate) fn foreign(document: &str, is_page: bool) -> Vec<String> {
    let html = Html::parse_document(document);
    let (elements, attributes) =
        if is_page { (ELEMENTS, ATTRIBUTES) } else { (SVG_ELEMENTS, SVG_ATTRIBUTES) };
    let words = |list: &str| list.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    let (elements, attributes) = (words(elements), words(attributes));
    let mut found = Vec::new();
    for element in html.select(&selector("*")) {
        let name = element.value().name();
        let strange = element.value().attrs().map(|(name, _)| name).find(|name| !attributes.contains(*name));
        let target = element.attr("href").or(element.attr("src")).unwrap_or("#");
        let own = ["#", "https://x.com/", "data:,", "data:image/svg+xml;base64,", "data:image/jpeg;base64,"];
        if !elements.contains(name) || strange.is_some() || !own.iter().any(|start| target.starts_with(start))
        {
            found.push(element.html().chars().take(200).collect());
        }
    }
    let once = |css: &str| html.select(&selector(css)).count();
    if is_page && (once("script"), once("style"), once("meta"), once("link")) != (1, 1, 5, 1) {
        found.push("another number of scripts, styles or metas".to_owned());
    }
    found
}

/// Texts that give orders to models, as tweets: a day each, all in one back-fill.
#[test]
fn the_collected_orders_stay_text_on_the_page() {
    let Some(path) = shared_data("injection/payloads_dev.jsonl") else { return };
    let payloads: Vec<String> = fs::read_to_string(path)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok()?["text"].as_str().map(str::to_owned))
        .collect();
    assert!(payloads.len() > 100);
    let (site, first) = (Site::quick(""), "2026-01-01".parse::<NaiveDate>().unwrap());
    let day = |place: usize| (first + Days::new((place / 20) as u64)).to_string();
    let mut lines = String::new();
    for (place, payload) in payloads.iter().enumerate() {
        let line = json!({
            "id": (2_006_000_000_000_000_000_u64 + place as u64).to_string(),
            "author": {"handle": format!("writer_{place}"), "name": payload},
            "created_at": format!("{}T0{}:00:00Z", day(place), place % 9),
            "text": format!("Aurora-{place}B 大模型今天开源，推理速度提升 {place} 倍 {payload}"),
        });
        lines.extend([line.to_string().as_str(), "\n"]);
    }
    site.write("corpus/all.jsonl", lines);
    let last = day(payloads.len() - 1);
    let made = site.run(&["backfill", "--from", "2026-01-01", "--to", &last, "--html"]).exits(0);
    let mut quoted = 0;
    for post in made.stdout.lines() {
        let day = &post["site/_posts/".len()..][..10];
        let path = edition_path(day);
        let html = fs::read_to_string(site.path(&path)).unwrap();
        assert_eq!(foreign(&html, true), Vec::<String>::new(), "{path}");
        let shown = plain(&text(Html::parse_document(&html).root_element()));
        quoted += payloads.iter().filter(|payload| shown.contains(&plain(payload))).count();
        for chart in chart_paths(day).iter().filter(|chart| site.path(chart).is_file()) {
            assert_eq!(
                foreign(&fs::read_to_string(site.path(chart)).unwrap(), false),
                Vec::<String>::new(),
                "{chart}"
            );
        }
    }
    // Of a day's twenty only those that are cited are on its page.
    assert!(quoted * 3 > payloads.len(), "only {quoted} of {} came onto a page", payloads.len());
}

#[test]
fn the_fixture_days_hold_nothing_foreign_and_are_the_same_twice() {
    let (site, second) = (Site::quick(""), Site::quick(""));
    let arguments = ["--html", "--quiet"];
    site.backfill("2026-03-02", DAY, &arguments).exits(0);
    second.backfill("2026-03-02", DAY, &arguments).exits(0);
    site.tree().assert_same_bytes(&second.tree());
    for day in ["2026-03-02", "2026-03-03", DAY] {
        assert_eq!(
            foreign(&fs::read_to_string(site.path(&edition_path(day))).unwrap(), true),
            Vec::<String>::new()
        );
        for chart in chart_paths(day) {
            assert_eq!(foreign(&fs::read_to_string(site.path(&chart)).unwrap(), false), Vec::<String>::new());
        }
    }
}
