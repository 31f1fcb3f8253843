//! Which topics of several days' reports tell the same story: each goes on from the earlier topic that it is likest to.
//!
//! The same likeness that marks a topic of a daily report as going on. A story that nobody told for a while is over, so that a
//! word that comes back every season does not tie a year together.

use chrono::Days;

use super::memory::{Memory, MemoryDay, Recall};

/// A topic of a day's report, by its places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ToldOn {
    /// The day's place in the memory.
    pub day: usize,
    /// The topic's place in the day.
    pub topic: usize,
}

/// The stories of a memory whose days are in order of time; each topic is in exactly one of them, oldest first.
///
/// A topic goes on from one of an earlier day, at most `silence` days before, that is at least `likeness_min` like it: as a
/// daily report that looks back so far judges it.
pub fn stories(memory: &Memory, likeness_min: f64, silence: u32) -> Vec<Vec<ToldOn>> {
    let mut stories: Vec<Vec<ToldOn>> = Vec::new();
    // The story of each topic of the days so far.
    let mut story_of: Vec<Vec<usize>> = Vec::new();
    for (place, day) in memory.days.iter().enumerate() {
        let before = memory.days.get(..place).unwrap_or_default();
        let first = before.partition_point(|one| !looks_back_on(day, one, silence));
        let recent = before.get(first..).unwrap_or_default();
        let known: Vec<usize> = story_of.get(first..).unwrap_or_default().concat();
        let recall = Recall::new(recent);
        let mut told = Vec::new();
        for (topic, one) in day.topics.iter().enumerate() {
            let alike = recall.likeness(&one.terms, one.tweets.iter().copied()).into_iter();
            // Of equals the newest, of these the more salient.
            let likest = alike.filter(|(_, likeness)| *likeness >= likeness_min).max_by(|a, b| {
                a.1.total_cmp(&b.1).then(recall.date(a.0).cmp(&recall.date(b.0))).then(b.0.cmp(&a.0))
            });
            let story = likest.and_then(|(place, _)| known.get(place).copied()).unwrap_or(stories.len());
            told.push(story);
            match stories.get_mut(story) {
                Some(known) => known.push(ToldOn { day: place, topic }),
                None => stories.push(vec![ToldOn { day: place, topic }]),
            }
        }
        story_of.push(told);
    }
    stories
}

fn looks_back_on(day: &MemoryDay, earlier: &MemoryDay, silence: u32) -> bool {
    earlier.date.checked_add_days(Days::new(u64::from(silence))).is_none_or(|last| last >= day.date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MemoryDay, MemoryTopic, TweetId};

    /// A day of March with its topics, each as terms and ids.
    type Told<'a> = (u32, &'a [(&'a [&'a str], &'a [u64])]);

    /// The stories of days in March, each with its topics as `terms` and ids; a story as `day.topic` places.
    fn check(days: &[Told<'_>], wanted: &[&str]) {
        let topic = |(terms, ids): &(&[&str], &[u64])| MemoryTopic {
            terms: terms.iter().map(|term| ((*term).to_owned(), 1.0)).collect(),
            tweets: ids.iter().map(|id| TweetId(*id)).collect(),
        };
        let day = |(day, topics): &Told<'_>| MemoryDay {
            date: chrono::NaiveDate::from_ymd_opt(2026, 3, *day).unwrap(),
            topics: topics.iter().map(topic).collect(),
            given: Vec::new(),
        };
        let memory = Memory { days: days.iter().map(day).collect() };
        let told = |story: &Vec<ToldOn>| {
            let places = story.iter().map(|told| format!("{}.{}", told.day, told.topic));
            places.collect::<Vec<_>>().join(" ")
        };
        let found: Vec<String> = stories(&memory, 0.4, 7).iter().map(told).collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn topics_of_like_terms_are_one_story() {
        check(
            &[
                (2, &[(&["nova", "price"], &[1]), (&["robot", "tallis"], &[2])]),
                (3, &[(&["tallis", "robot", "orrin"], &[3])]),
                (4, &[(&["price", "nova"], &[4]), (&["bank"], &[5])]),
            ],
            &["0.0 2.0", "0.1 1.0", "2.1"],
        );
    }

    #[test]
    fn a_shared_tweet_links_whatever_the_terms() {
        check(&[(2, &[(&["a"], &[1, 9])]), (3, &[(&["b"], &[9])])], &["0.0 1.0"]);
    }

    #[test]
    fn topics_of_one_day_are_never_linked_to_each_other() {
        check(&[(2, &[(&["a"], &[1]), (&["a"], &[2])])], &["0.0", "0.1"]);
        // But both may go on from one.
        check(&[(2, &[(&["a"], &[1])]), (3, &[(&["a"], &[2]), (&["a"], &[3])])], &["0.0 1.0 1.1"]);
    }

    #[test]
    fn a_story_that_nobody_told_for_long_is_over() {
        check(&[(2, &[(&["a"], &[1])]), (9, &[(&["a"], &[2])])], &["0.0 1.0"]);
        check(&[(2, &[(&["a"], &[1])]), (10, &[(&["a"], &[2])])], &["0.0", "1.0"]);
        // Told in between, it goes on.
        check(&[(2, &[(&["a"], &[1])]), (8, &[(&["a"], &[2])]), (14, &[(&["a"], &[3])])], &["0.0 1.0 2.0"]);
    }

    #[test]
    fn no_days_have_no_stories() {
        check(&[], &[]);
    }
}
