//! The lines of a report of several days, before they are checked: what was counted, and what the days' reports said.

use brief::{Retelling, Slot, ToldLine, Writer, titles};
use chrono::NaiveDate;
use corpus::{Course, Topic, TweetId};
use report::DayClaim;
use serde::Serialize;
use serde_json::json;

use super::{
    courses::{Chosen, Range, Story},
    days::Days,
    settings::{TrendWords, group},
};
use crate::{exit::Failure, job::Job, texts::fill};

/// Claims to choose from, so that one which fails now has another behind it.
const CANDIDATES: usize = 6;
/// Days of which each count is written out; of a longer range only the first, the last and the highest.
const FEW_DAYS: usize = 7;
/// Stories that the overview names of each kind: each needs a source of its own.
const NAMED: usize = 3;

/// Makes the lines.
pub(super) struct Lines<'a> {
    pub(super) job: &'a Job,
    pub(super) words: &'a TrendWords,
    pub(super) days: &'a Days,
    pub(super) range: &'a Range<'a>,
}

/// A claim of a day's report about a story.
struct Said<'a> {
    date: NaiveDate,
    claim: &'a DayClaim,
}

/// What the template of a course is filled in with.
#[derive(Serialize)]
struct CourseValues {
    days: usize,
    tweets: u64,
    counts: String,
    first: String,
    last: String,
    peak: String,
    most: u64,
    has_course: bool,
    is_of_corpus: bool,
    before: u64,
    after: u64,
    before_share: String,
    after_share: String,
}

impl Lines<'_> {
    /// All of them; `topics` are the chosen stories as topics.
    pub(super) fn retelling(
        &self,
        chosen: &Chosen<'_>,
        topics: &[Topic],
        claims: usize,
    ) -> Result<Retelling, Failure> {
        let mut detail = Vec::new();
        for story in
            [Course::Rose, Course::Fell, Course::Held].into_iter().flat_map(|course| chosen.of(course))
        {
            let topic =
                chosen.all().zip(topics).find(|(one, _)| std::ptr::eq(*one, story)).map(|(_, topic)| topic);
            detail.push(self.course(story, topic)?);
            detail.push(self.said(story, claims, false)?);
        }
        for story in &chosen.others {
            detail.push(self.said(story, 1, false)?);
        }
        let points = chosen.points.iter().map(|story| self.said(story, 1, true));
        Ok(Retelling {
            overview: self.overview(chosen)?,
            key_points: points.collect::<Result<_, _>>()?,
            detail,
        })
    }

    /// What the days' reports call a story.
    pub(super) fn title(&self, story: &Story) -> Option<String> {
        let leads = || self.claims(story, true).map(|said| said.claim.claim.lead.clone());
        // Under the name of who speaks a claim stands only where its title was not found again.
        leads()
            .find(|lead| !lead.is_empty() && !lead.starts_with('@'))
            .or_else(|| leads().find(|lead| !lead.is_empty()))
    }

    /// What the days' reports said of a story, the day of most tweets first.
    fn claims<'s>(&'s self, story: &'s Story, points: bool) -> impl Iterator<Item = Said<'s>> {
        let of_day = move |told: &corpus::ToldOn| {
            let report = self.days.reports.get(told.day)?;
            let mut claims: Vec<&DayClaim> =
                report.claims.iter().filter(|one| one.topic == told.topic).collect();
            claims.sort_by_key(|one| one.is_point != points);
            Some(claims.into_iter().map(|claim| Said { date: report.date, claim }))
        };
        story.by_weight.iter().filter_map(of_day).flatten().take(CANDIDATES)
    }

    /// A slot for claims of the days' reports, as these have them; the day stands behind the title.
    fn said(&self, story: &Story, wanted: usize, points: bool) -> Result<Slot, Failure> {
        let line = |said: Said<'_>| {
            let (date, claim) = (self.date(said.date), &said.claim.claim);
            let values = json!({"title": claim.lead, "date": date});
            let counted = said.claim.counted().map(str::to_owned).chain([date]);
            Ok(ToldLine {
                day: Some(said.date),
                group: group(story.measured.course).to_owned(),
                lead: fill("trend.words.dated", &self.words.dated, &values)?,
                text: claim.text.clone(),
                cites: cites(said.claim),
                counted: counted.collect(),
                writer: claim.writer,
            })
        };
        let lines = self.claims(story, points).map(line).collect::<Result<_, Failure>>()?;
        Ok(Slot { wanted, lines })
    }

    /// The line that says what became of a story: under the title that a day's report gave it, with the sources of that.
    fn course(&self, story: &Story, topic: Option<&Topic>) -> Result<Slot, Failure> {
        let text = fill("trend.words.course", &self.words.course, &self.course_values(story)?)?;
        let line = |lead: String, cites: Vec<TweetId>| ToldLine {
            day: None,
            group: group(story.measured.course).to_owned(),
            lead,
            text: text.clone(),
            cites,
            counted: vec![text.clone()],
            writer: Writer::Extractive,
        };
        let titled = self.claims(story, true).filter(|said| !said.claim.claim.lead.is_empty());
        let mut lines: Vec<ToldLine> =
            titled.map(|said| line(said.claim.claim.lead.clone(), cites(said.claim))).collect();
        // Where no title holds: the one that the program would give it, then the name of who speaks.
        if let Some(topic) = topic {
            let leading: Vec<TweetId> = topic.tweets.iter().take(1).map(|unique| unique.tweet.id).collect();
            let own = titles(std::slice::from_ref(topic), &self.job.words, &self.job.settings.outline);
            let speaker = topic.tweets.first().map(|unique| format!("@{}", unique.tweet.speaker()));
            lines.extend(own.into_iter().chain(speaker).map(|title| line(title, leading.clone())));
        }
        Ok(Slot { wanted: 1, lines })
    }

    fn course_values(&self, story: &Story) -> Result<CourseValues, Failure> {
        let there: Vec<(NaiveDate, u64)> = self
            .range
            .dates
            .iter()
            .zip(&story.days)
            .filter(|(_, day)| day.tweets > 0)
            .map(|(date, day)| (*date, day.tweets))
            .collect();
        let most = there.iter().map(|(_, tweets)| *tweets).max().unwrap_or_default();
        let date = |day: Option<&(NaiveDate, u64)>| day.map(|(date, _)| self.date(*date)).unwrap_or_default();
        let counts = if there.len() > FEW_DAYS { String::new() } else { self.counts(&there)? };
        let share =
            |count: corpus::DayCount| format!("{:.1}", 100.0 * count.tweets as f64 / count.of.max(1) as f64);
        let measured = story.measured;
        Ok(CourseValues {
            days: there.len(),
            tweets: there.iter().map(|(_, tweets)| tweets).sum(),
            counts,
            first: date(there.first()),
            last: date(there.last()),
            peak: date(there.iter().find(|(_, tweets)| *tweets == most)),
            most,
            has_course: measured.course != Course::Unclear,
            is_of_corpus: story.is_of_corpus,
            before: measured.before.tweets,
            after: measured.after.tweets,
            before_share: share(measured.before),
            after_share: share(measured.after),
        })
    }

    /// `3月2日 1 条、3月3日 5 条`.
    fn counts(&self, days: &[(NaiveDate, u64)]) -> Result<String, Failure> {
        let count = |(date, tweets): &(NaiveDate, u64)| {
            let values = json!({"date": self.date(*date), "tweets": tweets});
            fill("trend.words.count", &self.words.count, &values)
        };
        let counts = days.iter().map(count).collect::<Result<Vec<_>, _>>()?;
        Ok(counts.join(&self.job.settings.post.marks.between))
    }

    /// The paragraph, then a direction for each course.
    fn overview(&self, chosen: &Chosen<'_>) -> Result<Vec<Slot>, Failure> {
        let mut overview = vec![self.paragraph(chosen)?];
        for course in [Course::Rose, Course::Fell, Course::Held] {
            let stories: Vec<&Story> = chosen.of(course).collect();
            if !stories.is_empty() {
                overview.push(self.direction(course, &stories)?);
            }
        }
        Ok(overview)
    }

    fn paragraph(&self, chosen: &Chosen<'_>) -> Result<Slot, Failure> {
        let count = |course: Course| chosen.of(course).count();
        let topics: usize = self.days.reports.iter().map(|day| day.topics.len()).sum();
        let (most, sources) = self.named(chosen.points.iter().copied());
        let line = |most: &str| {
            let values = json!({
                "days": self.range.dates.len(), "reports": self.days.reports.len(), "topics": topics,
                "stories": chosen.all, "rose": count(Course::Rose), "fell": count(Course::Fell),
                "held": count(Course::Held), "most": most,
            });
            let text = fill("trend.words.overview", &self.words.overview, &values)?;
            Ok(counted_line(String::new(), text, sources.clone()))
        };
        Ok(Slot { wanted: 1, lines: vec![line(&most)?, line("")?] })
    }

    fn direction(&self, course: Course, stories: &[&Story]) -> Result<Slot, Failure> {
        let (titles, sources) = self.named(stories.iter().copied());
        let line = |titles: &str| {
            let values = json!({"titles": titles, "count": stories.len()});
            let text = fill("trend.words.direction", &self.words.direction, &values)?;
            Ok(counted_line(self.words.name(course).to_owned(), text, sources.clone()))
        };
        Ok(Slot { wanted: 1, lines: vec![line(&titles)?, line("")?] })
    }

    /// The first names of the first stories, each with the tweet that has it.
    fn named<'s>(&self, stories: impl Iterator<Item = &'s Story>) -> (String, Vec<TweetId>) {
        let and = &self.job.settings.outline.phrases.and;
        let name = |story: &Story| {
            let mut claims = self.claims(story, true).filter(|said| !said.claim.claim.lead.is_empty());
            claims.find_map(|said| {
                let title = said.claim.claim.lead.split(and.as_str()).next()?.to_owned();
                let has = |cite: &TweetId| self.says(story, *cite, &title);
                let source = cites(said.claim).into_iter().find(has)?;
                Some((title, source))
            })
        };
        // Two stories may have one name; it is told once.
        let mut named: Vec<(String, TweetId)> = Vec::new();
        for (title, source) in stories.filter_map(name) {
            if named.len() < NAMED && !named.iter().any(|(known, _)| *known == title) {
                named.push((title, source));
            }
        }
        let (titles, sources): (Vec<String>, Vec<TweetId>) = named.into_iter().unzip();
        (titles.join(and), sources)
    }

    /// Whether a tweet of a story has these words.
    fn says(&self, story: &Story, id: TweetId, words: &str) -> bool {
        let topics = story.by_weight.iter().filter_map(|told| self.days.topic(*told));
        let mut tweets = topics.flat_map(|topic| &topic.cited).map(|unique| &unique.tweet);
        let tweet = tweets.find(|tweet| tweet.id == id);
        tweet.is_some_and(|tweet| tweet.text.to_lowercase().contains(&words.to_lowercase()))
    }

    fn date(&self, date: NaiveDate) -> String {
        date.format(&self.words.date).to_string()
    }
}

fn cites(claim: &DayClaim) -> Vec<TweetId> {
    claim.claim.cites.iter().map(|cite| cite.id).collect()
}

/// A line of the overview, of which everything was counted.
fn counted_line(lead: String, text: String, cites: Vec<TweetId>) -> ToldLine {
    let counted = vec![text.clone()];
    ToldLine { day: None, group: String::new(), lead, text, cites, counted, writer: Writer::Extractive }
}
