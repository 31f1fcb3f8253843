//! The order of topics: by salience, less for what echoes a topic that stands before (MMR, Carbonell & Goldstein 1998).

use std::cmp::Ordering;

use super::{
    RankSettings, Topic,
    likeness::{Rarity, TermIndex, Unit},
    salience::{Salience, total},
};

/// Topics placed one by one against those before them; what is beyond follows by its own salience.
const PLACED: usize = 100;

/// Topics in order, and those beyond the limit.
pub(super) fn order(mut topics: Vec<Topic>, settings: &RankSettings) -> (Vec<Topic>, Vec<Topic>) {
    topics.sort_by(|a, b| salient_first(a, b).then_with(|| first(a).cmp(&first(b))));
    let most = if settings.max_topics == 0 { topics.len() } else { settings.max_topics };
    let placed = place(&topics, most.min(PLACED), settings);
    let mut slots: Vec<Option<Topic>> = topics.into_iter().map(Some).collect();
    let mut ordered: Vec<Topic> = Vec::with_capacity(slots.len());
    for (topic, salience) in placed {
        let topic = slots.get_mut(topic).and_then(Option::take);
        ordered.extend(topic.map(|topic| Topic { salience, ..topic }));
    }
    let beyond = ordered.split_off(most.min(ordered.len()));
    (ordered, beyond)
}

/// All in order, each with its salience there; the first `count` placed one by one.
fn place(topics: &[Topic], count: usize, settings: &RankSettings) -> Vec<(usize, Salience)> {
    let rarity = Rarity::new(topics.iter().map(|topic| topic.terms.as_slice()));
    let units: Vec<Unit<'_>> = topics.iter().map(|topic| rarity.unit(&topic.terms)).collect();
    let mut index = TermIndex::default();
    units.iter().enumerate().for_each(|(topic, unit)| index.add(topic, unit.clone()));
    let mut open: Vec<Option<Salience>> = topics.iter().map(|topic| Some(topic.salience)).collect();
    let mut placed = Vec::new();
    while placed.len() < count {
        let left = open.iter().enumerate().filter_map(|(topic, salience)| Some((topic, (*salience)?)));
        let Some((next, salience)) =
            left.reduce(|best, one| if one.1.total > best.1.total { one } else { best })
        else {
            break;
        };
        open.get_mut(next).into_iter().for_each(|slot| *slot = None);
        placed.push((next, salience));
        for (topic, alike) in units.get(next).map(|unit| index.alike(unit)).into_iter().flatten() {
            if let Some(Some(salience)) = open.get_mut(topic)
                && alike > salience.echo
            {
                salience.echo = alike;
                salience.total = total(salience, &settings.weights);
            }
        }
    }
    let mut rest: Vec<(usize, Salience)> =
        open.into_iter().enumerate().filter_map(|(topic, salience)| Some((topic, salience?))).collect();
    rest.sort_by(|a, b| b.1.total.total_cmp(&a.1.total));
    placed.extend(rest);
    placed
}

fn salient_first(a: &Topic, b: &Topic) -> Ordering {
    b.salience.total.total_cmp(&a.salience.total)
}

fn first(topic: &Topic) -> Option<(chrono::DateTime<chrono::Utc>, crate::TweetId)> {
    topic.tweets.iter().map(|unique| (unique.tweet.created_at, unique.tweet.id)).min()
}
