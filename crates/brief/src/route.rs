//! Which section and group each topic belongs to: the one whose words and kinds of entity its leading tweets speak most of.

use corpus::{Topic, Tweet};

use crate::{
    compass::{Compass, GroupPlace},
    outline::{Outline, OutlineError},
};

/// Tweets of a topic that decide where it goes.
const LEADING_TWEETS: usize = 4;

/// Where a topic goes, by the outline's ids and headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routed<'o> {
    /// Id of the section.
    pub section: &'o str,
    /// Id of the group.
    pub group: &'o str,
    /// Heading of the group, or of the section where the group has none.
    pub heading: &'o str,
}

/// Where each topic goes.
///
/// # Errors
/// When the outline does not hold together.
pub fn sections<'o>(topics: &[Topic], outline: &'o Outline) -> Result<Vec<Routed<'o>>, OutlineError> {
    let compass = Compass::new(outline)?;
    let named = |place: GroupPlace| {
        let section = outline.sections.get(place.section)?;
        let group = section.groups.get(place.group)?;
        let heading = if group.heading.is_empty() { &section.heading } else { &group.heading };
        Some(Routed { section: &section.id, group: &group.id, heading })
    };
    Ok(route(topics, &compass).into_iter().filter_map(named).collect())
}

/// A place per topic, in the order of the topics. Every topic has exactly one, so that no story is told twice.
pub(crate) fn route(topics: &[Topic], compass: &Compass) -> Vec<GroupPlace> {
    topics.iter().map(|topic| place(topic, compass)).collect()
}

fn place(topic: &Topic, compass: &Compass) -> GroupPlace {
    let text = leading_text(topic);
    let urls: Vec<&str> = leading(topic).flat_map(|tweet| &tweet.urls).map(String::as_str).collect();
    let named = compass.entities.scores(&text, &urls);
    let mut best = (compass.default_group, 0.0);
    for post in &compass.groups {
        let entities: f64 = post.entities.iter().filter_map(|kind| named.get(*kind)).sum();
        let score = post.words.score(&text) + entities;
        if score > best.1 {
            best = (post.place, score);
        }
    }
    best.0
}

fn leading(topic: &Topic) -> impl Iterator<Item = &Tweet> {
    topic.tweets.iter().take(LEADING_TWEETS).map(|unique| &unique.tweet)
}

/// The text of a topic's leading tweets, with their tickers.
pub(crate) fn leading_text(topic: &Topic) -> String {
    leading(topic).map(|tweet| tweet.text.as_str()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{self, unique};

    fn outline() -> Outline {
        let text = r#"
            key_points = 10
            default_group = "events/other"
            language = "zh"
            kinds = [{ id = "other", phrase = "谈及" }]
            mood = { positive = [], negative = [] }
            entities = [
                { id = "coin", weight = 2.5, patterns = ['\$(BTC|ETH)(?-u:\b)'] },
                { id = "ticker", weight = 2.5, patterns = ['\$[A-Z]{1,5}(?-u:\b)'] },
                { id = "paper", weight = 2.0, links = ["arxiv.org/"] },
                { id = "opinion", weight = 2.0, patterns = ['我(觉得|认为)'] },
            ]
            [[sections]]
            id = "events"
            heading = "事件"
            empty = "无"
            groups = [{ id = "other", words = { "模型" = 1.5 } }, { id = "views", entities = ["opinion"] }, { id = "papers", entities = ["paper"] }]
            [[sections]]
            id = "markets"
            heading = "市场"
            empty = "无"
            groups = [{ id = "stocks", heading = "个股", entities = ["ticker"] }, { id = "crypto", heading = "数字货币", entities = ["coin"] }]
        "#;
        crate::outline::tests::outline(text)
    }

    fn topic(text: &str, urls: &[&str]) -> Topic {
        let mut unique = unique(1, "a", text);
        unique.tweet.urls = urls.iter().map(|url| (*url).to_owned()).collect();
        made_up::topic(vec![unique])
    }

    #[track_caller]
    fn check(text: &str, urls: &[&str], group: &str) {
        let outline = outline();
        let routed = sections(&[topic(text, urls)], &outline).unwrap();
        assert_eq!(routed.iter().map(|routed| routed.group).collect::<Vec<_>>(), [group], "{text}");
    }

    #[test]
    fn kinds_of_entity_lead_where_no_word_does() {
        check("$QXYZ 大涨，模型业务超预期", &[], "stocks");
        check("$BTC 模型看涨", &[], "crypto");
        check("a model of attention", &["https://arxiv.org/abs/2603.1"], "papers");
        check("我觉得这个模型被高估了", &[], "views");
        check("新模型", &[], "other");
        check("天气", &[], "other");
    }

    #[test]
    fn an_unknown_kind_of_entity_is_an_error() {
        let mut outline = outline();
        outline.entities.clear();
        let error = sections(&[], &outline).unwrap_err().to_string();
        assert!(error.contains("`views` asks for `opinion`"), "{error}");
    }
}
