//! **retell**: a report of several days says again what the reports of its days said, and what was counted over all of them.
//!
//! Nothing is written here, and nothing is trusted: every line goes through the same check as a draft of any writer, against
//! the tweets that it cites. One that does not hold is refused, and the next of its slot takes its place.

use chrono::NaiveDate;
use corpus::TweetId;

use super::Room;
use crate::{
    brief::WrittenSection,
    verify::{Claim, DraftClaim, Writer},
};

/// The lines of a report that is made from earlier ones. The detailed part is the outline's first section.
#[derive(Debug, Default)]
pub struct Retelling {
    /// A paragraph (without lead), then the main directions.
    pub overview: Vec<Slot>,
    /// A slot a story, most important first; more than the outline asks for stand by.
    pub key_points: Vec<Slot>,
    /// In the order of the post.
    pub detail: Vec<Slot>,
}

/// Room for some lines, and what may stand there.
#[derive(Debug)]
pub struct Slot {
    /// How many of the lines are told.
    pub wanted: usize,
    /// Those to choose from, best first.
    pub lines: Vec<ToldLine>,
}

/// A line before it is checked.
#[derive(Debug)]
pub struct ToldLine {
    /// The day whose report said it; `None` for what was counted over all days.
    pub day: Option<NaiveDate>,
    /// Id of its group.
    pub group: String,
    /// The bold words in front.
    pub lead: String,
    /// The sentence or two.
    pub text: String,
    /// The tweets that it rests on.
    pub cites: Vec<TweetId>,
    /// Figures and dates in it that were counted, in this report or the day's.
    pub counted: Vec<String>,
    /// Who wrote it.
    pub writer: Writer,
}

impl Room<'_> {
    pub(super) fn retell(&mut self, retelling: &Retelling) {
        let outline = self.extractor.outline;
        for (place, spec) in outline.sections.iter().enumerate() {
            let slots = if place == 0 { retelling.detail.as_slice() } else { &[] };
            let claims: Vec<Claim> = slots.iter().flat_map(|slot| self.told(&spec.id, slot)).collect();
            let claims = self.distinct(&spec.id, claims);
            self.brief.sections.push(WrittenSection { id: spec.id.clone(), claims });
        }
        self.brief.overview =
            retelling.overview.iter().flat_map(|slot| self.told("overview", slot)).collect();
        for slot in &retelling.key_points {
            let room = outline.key_points - self.brief.key_points.len().min(outline.key_points);
            if room == 0 {
                break;
            }
            let claims = self.told("key_points", slot).into_iter().take(room);
            let claims = std::mem::take(&mut self.brief.key_points).into_iter().chain(claims).collect();
            self.brief.key_points = self.distinct("key_points", claims);
        }
    }

    /// The first lines of a slot that hold, as many as are wanted.
    fn told(&mut self, part: &str, slot: &Slot) -> Vec<Claim> {
        let before = self.brief.refused.len();
        let mut held = Vec::new();
        for line in &slot.lines {
            if held.len() >= slot.wanted {
                break;
            }
            let draft = self.draft(line);
            held.extend(self.admit(part, draft).map(|claim| claim.of_day(line.day)));
        }
        for refused in self.brief.refused.iter_mut().skip(before) {
            refused.replaced = !held.is_empty();
        }
        held
    }

    fn draft(&self, line: &ToldLine) -> DraftClaim {
        // A tweet that the report does not have keeps its id for a name, and is refused by it.
        let alias =
            |id: &TweetId| self.extractor.sources.alias(*id).map_or_else(|| id.to_string(), str::to_owned);
        DraftClaim {
            group: line.group.clone(),
            lead: line.lead.clone(),
            text: line.text.clone(),
            cites: line.cites.iter().map(alias).collect(),
            derived: line.counted.clone(),
            writer: line.writer,
        }
    }
}

#[cfg(test)]
mod tests {
    use corpus::Words;

    use super::*;
    use crate::{
        Desk, Pen, Problem, Prompts,
        made_up::{topic, unique},
        write,
    };

    fn line(text: &str, cites: &[u64], counted: &[&str]) -> ToldLine {
        ToldLine {
            day: NaiveDate::from_ymd_opt(2026, 3, 4),
            group: "rose".to_owned(),
            lead: String::new(),
            text: text.to_owned(),
            cites: cites.iter().map(|id| TweetId(*id)).collect(),
            counted: counted.iter().map(|&text| text.to_owned()).collect(),
            writer: Writer::Extractive,
        }
    }

    async fn told(lines: Vec<ToldLine>, wanted: usize) -> crate::Brief {
        let outline = crate::outline::tests::outline(
            "key_points = 1\ndefault_group = \"trend/rose\"\nlanguage = \"zh\"\n\
             kinds = [{ id = \"other\", phrase = \"谈及进展\" }]\nmood = { positive = [], negative = [] }\n\
             sections = [{ id = \"trend\", heading = \"走势\", empty = \"无\", groups = [{ id = \"rose\" }] }]",
        );
        let topics =
            [topic(vec![unique(1, "lab", "Qingwu-72B 开源，得分 31%"), unique(2, "amy", "Qingwu-72B 41GB")])];
        let (prompts, words) = (Prompts::load(None).unwrap(), Words::new([]));
        let desk = Desk { outline: &outline, prompts: &prompts, words: &words, title: "t" };
        let retelling = Retelling { detail: vec![Slot { wanted, lines }], ..Retelling::default() };
        write(&topics, &desk, &Pen::Told(&retelling)).await.unwrap()
    }

    #[tokio::test]
    async fn a_line_is_told_with_its_day_when_its_tweets_hold_it() {
        let brief =
            told(vec![line("3月4日 5 条推文谈及 Qingwu-72B，得分 31%", &[1], &["3月4日 5 条推文"])], 1).await;
        let claims = &brief.sections[0].claims;
        assert_eq!(claims[0].day().unwrap().to_string(), "2026-03-04", "{:?}", brief.refused);
        assert_eq!(claims[0].cites()[0].id, TweetId(1));
    }

    #[tokio::test]
    async fn a_line_that_does_not_hold_is_refused_and_the_next_one_told() {
        // Another figure, a day that nobody counted, a tweet that is not there.
        let wrong = ["得分 32%", "3月5日得分 31%"].map(|text| line(text, &[1], &["3月4日"]));
        let lines =
            wrong.into_iter().chain([line("得分 31%", &[9], &[]), line("得分 31%", &[1], &[])]).collect();
        let brief = told(lines, 1).await;
        assert_eq!(brief.sections[0].claims.len(), 1);
        let kinds: Vec<bool> =
            brief.refused.iter().map(|one| matches!(one.problems[0], Problem::NotFound { .. })).collect();
        assert_eq!(kinds, [true, true, false]);
        assert!(brief.refused.iter().all(|one| one.replaced));
    }

    #[tokio::test]
    async fn no_more_are_told_than_wanted() {
        let brief = told(vec![line("得分 31%", &[1], &[]), line("41GB", &[2], &[])], 1).await;
        assert_eq!((brief.sections[0].claims.len(), brief.refused.len()), (1, 0));
    }
}
