//! That every letter of a chart is inside it and over no other, whatever the topics are called; and that nothing of a tweet
//! is more than letters.

use std::collections::BTreeSet;

use corpus::{AdScore, Salience, Tweet};
use scraper::{ElementRef, Html, Selector};
use serde_json::json;

use super::*;

fn unique(id: u64, hour: u64, tags: &[&str]) -> Unique {
    let at = format!("2026-03-0{}T{:02}:30:00Z", 2 + hour / 24, hour % 24);
    let json = json!({"id": id.to_string(), "author": {"handle": "a", "name": "a"}, "text": "t", "created_at": at, "cashtags": tags});
    let tweet: Tweet = serde_json::from_value(json).unwrap();
    Unique {
        engagement: tweet.metrics,
        tweet,
        ad: AdScore::default(),
        suspect: false,
        relevance: 2.0,
        copies: Vec::new(),
        authors: vec!["a".to_owned()],
    }
}

/// As many topics as titles, each with a tweet more than the one before it and less salient.
fn topics(titles: &[String]) -> Vec<Topic> {
    let topic = |place: usize| {
        let tweet = |one: usize| {
            unique((place * 100 + one) as u64, ((place * 5 + one * 3) % 24) as u64, &["NVDA", "X<b>"])
        };
        let salience = Salience { total: 6.0 - place as f64, ..Salience::default() };
        Topic { terms: Vec::new(), tweets: (0..=place).map(tweet).collect(), salience, earlier: None }
    };
    (0..titles.len()).map(topic).collect()
}

fn words(profile: &str) -> ChartWords {
    let path = format!("{}/../../config/reports/{profile}.toml", env!("CARGO_MANIFEST_DIR"));
    let table: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    table["report"]["charts"].clone().try_into().unwrap()
}

fn figures(topics: &[Topic]) -> Vec<TopicFigures> {
    let of = |topic: &Topic| TopicFigures {
        tweets: topic.tweets.len() as u64,
        authors: topic.authors().len(),
        weight: topic.salience.total,
    };
    topics.iter().map(of).collect()
}

/// Of a window of so many hours from 2026-03-02T00:00Z on.
fn drawn(titles: &[&str], hours: i64, profile: &str) -> Vec<Chart> {
    let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
    let topics = topics(&titles);
    let start = "2026-03-02T00:00:00Z".parse().unwrap();
    charts(&ChartInput {
        settings: &ChartSettings { topics: true, hours: true, tickers: true },
        words: &words(profile),
        lang: "zh-CN",
        topics: &topics,
        titles: &titles,
        figures: &figures(&topics),
        days: None,
        left_out: &[unique(9000, 3, &["BTC"]), unique(9001, 9, &["NVDA", "nvda"])],
        window: Window { start, end: start + chrono::TimeDelta::hours(hours) },
        zone: chrono_tz::Asia::Shanghai,
    })
    .unwrap()
}

const LONG: &str = "一个非常非常长的话题名称，它讲的是智能体时代的编程工具、模型与数据中心，谁也放不进一行里去，还要更长一些";
const WIDE: &str = "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW";

/// Left, top, right, bottom of each text.
fn boxes(svg: &str) -> Vec<(f64, f64, f64, f64, String)> {
    let html = Html::parse_document(svg);
    let every = Selector::parse("text").unwrap();
    let number = |element: &ElementRef<'_>, name: &str| {
        element.attr(name).map_or(0.0, |value| value.parse::<f64>().unwrap())
    };
    html.select(&every)
        .map(|element| {
            let text: String = element.text().collect();
            let size = number(&element, "font-size");
            let wide = f64::from(measure::width(&text, size as u32));
            let base = number(&element, "y") + number(&element, "dy");
            let left = number(&element, "x")
                - match element.attr("text-anchor") {
                    Some("end") => wide,
                    Some("middle") => wide / 2.0,
                    _ => 0.0,
                };
            (left, base - size * 0.9, left + wide, base + size * 0.25, text)
        })
        .collect()
}

#[track_caller]
fn assert_readable(chart: &Chart) {
    let html = Html::parse_document(&chart.svg);
    let svg = html.select(&Selector::parse("svg").unwrap()).next().unwrap();
    let side = |name: &str| svg.attr(name).unwrap().parse::<f64>().unwrap();
    let boxes = boxes(&chart.svg);
    assert!(boxes.len() > 1, "{}", chart.svg);
    for (place, (left, top, right, bottom, text)) in boxes.iter().enumerate() {
        assert!(
            *left >= 0.0 && *right <= side("width") && *top >= 0.0 && *bottom <= side("height"),
            "`{text}` is cut"
        );
        for (other_left, other_top, other_right, other_bottom, other) in boxes.iter().skip(place + 1) {
            let apart =
                right <= other_left || other_right <= left || bottom <= other_top || other_bottom <= top;
            assert!(apart, "`{text}` and `{other}` overlap in {}", chart.name);
        }
    }
}

#[test]
fn no_text_is_cut_or_over_another() {
    let many: Vec<&str> =
        std::iter::repeat_n([LONG, WIDE, "短", "Claude Code、GPT-5.2"], 5).flatten().collect();
    for titles in [&[LONG][..], &["a", "b"], &many] {
        for hours in [1, 24, 25, 26, 24 * 7, 24 * 31, 24 * 366] {
            for profile in ["twitter_ai", "twitter_ai_en"] {
                let drawn = drawn(titles, hours, profile);
                assert_eq!(drawn.len(), 3);
                drawn.iter().for_each(assert_readable);
            }
        }
    }
}

#[test]
fn the_columns_add_up_to_what_was_kept() {
    let drawn = drawn(&["a", "b", "c", "d", "e", "f", "g"], 24, "twitter_ai");
    // 1 + 2 + … + 7 in topics, and the two that are in none.
    assert!(drawn[1].alt.contains("共 30 条"), "{}", drawn[1].alt);
    let html = Html::parse_document(&drawn[1].svg);
    let (segments, lines) = (Selector::parse("rect.seg").unwrap(), Selector::parse("line").unwrap());
    let number = |element: ElementRef<'_>, name: &str| element.attr(name).unwrap().parse::<f64>().unwrap();
    let all: f64 = html.select(&segments).map(|one| number(one, "height")).sum();
    let across: Vec<f64> = html.select(&lines).map(|line| number(line, "y1")).collect();
    let highest = boxes(&drawn[1].svg)
        .iter()
        .filter(|one| one.0 < 40.0)
        .filter_map(|one| one.4.parse::<f64>().ok())
        .fold(0.0, f64::max);
    let tweet = (across[0] - across.last().unwrap()) / highest;
    assert!((all / tweet - 30.0).abs() < 0.3, "{} tweets are drawn", all / tweet);
    // The largest topics have colours of their own, the most salient of a tweet or two has not.
    let shown: String = html.root_element().text().collect();
    assert!(shown.contains("g\n") && !shown.contains("\na\n"), "{shown}");
}

#[test]
fn tickers_are_counted_once_a_tweet_and_only_when_they_can_be_some() {
    let drawn = drawn(&["a", "b"], 24, "twitter_ai");
    let texts: Vec<String> = boxes(&drawn[2].svg).into_iter().map(|one| one.4).collect();
    assert_eq!(texts[1..], ["$NVDA", "4 条推文", "$BTC", "1 条推文"]);
}

#[test]
fn a_title_is_letters_and_nothing_else() {
    let shape = |svg: &str| {
        let html = Html::parse_document(svg);
        let every = Selector::parse("*").unwrap();
        let all = html.select(&every).map(|one| {
            let attributes: BTreeSet<String> = one.value().attrs().map(|(name, _)| name.to_owned()).collect();
            format!("{} {attributes:?}", one.value().name())
        });
        all.collect::<Vec<_>>()
    };
    let plain = drawn(&["a", "b"], 24, "twitter_ai");
    for payload in [
        "<script>alert(1)</script>",
        "\"/><image href=x onerror=alert(1)>",
        "</text><foreignObject><iframe srcdoc=x>",
        "]]><svg onload=alert(1)>",
        "</style><style>*{background:url(https://evil.example)}",
        "{{ 7 * 7 }}{% raw %}",
        "&lt;b&gt; &#60;",
        "--><!-- ",
    ] {
        for (hostile, plain) in drawn(&[payload, "b"], 24, "twitter_ai").iter().zip(&plain) {
            assert_eq!(shape(&hostile.svg), shape(&plain.svg), "{payload} in {}", hostile.name);
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_off_is_off() {
    assert_eq!(drawn(&["a", LONG], 24, "twitter_ai"), drawn(&["a", LONG], 24, "twitter_ai"));
    let off = ChartSettings { topics: false, hours: false, tickers: false };
    let start = "2026-03-02T00:00:00Z".parse().unwrap();
    let input = ChartInput {
        settings: &off,
        words: &words("twitter_ai"),
        lang: "zh-CN",
        topics: &[],
        titles: &[],
        figures: &[],
        days: None,
        left_out: &[],
        window: Window { start, end: start + chrono::TimeDelta::hours(24) },
        zone: chrono_tz::UTC,
    };
    assert!(charts(&input).unwrap().is_empty());
    // With no ticker there is no chart of them, with no topic none of topics.
    let on = ChartSettings { topics: true, hours: true, tickers: true };
    let names: Vec<&str> =
        charts(&ChartInput { settings: &on, ..input }).unwrap().iter().map(|one| one.name).collect();
    assert_eq!(names, ["hours"]);
}
