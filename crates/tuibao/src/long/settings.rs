//! What a report of several days is made from, and how its course is told: `[long]` of the configuration, `[trend]` of the
//! profile.

use std::path::{Path, PathBuf};

use brief::{Group, Outline, Section};
use corpus::{Course, CourseSettings};
use report::ChartSettings;
use serde::{Deserialize, Serialize};

use crate::{
    cli::LongArgs,
    exit::{Code, Failure},
    settings::{ReportTexts, Settings},
};

/// `[long]`, as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LongSettings {
    source: LongSource,
    /// Empty for none.
    pub(crate) statistics: PathBuf,
}

/// What a report of several days is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LongSource {
    Tweets,
    Audits,
}

/// `[trend]`, as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrendSettings {
    /// From this likeness to a topic of an earlier day on (0 to 1), a topic tells the same story.
    pub(super) likeness_min: f64,
    /// A story that no report told for so many days is over.
    pub(super) silence_days: u32,
    /// Stories with a course that are told, at most.
    pub(super) stories: usize,
    /// Stories without one.
    pub(super) others: usize,
    /// Claims of the days' reports below a story with a course.
    pub(super) claims: usize,
    /// Words of the corpus of each direction.
    pub(super) terms: usize,
    /// Accounts that a story with a course has at least.
    pub(super) min_accounts: usize,
    pub(super) course: CourseSettings,
    pub(super) words: TrendWords,
}

/// The words of such a report; those with `{{ … }}` are templates.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrendWords {
    intro: String,
    heading: String,
    empty: String,
    rose: String,
    fell: String,
    held: String,
    other: String,
    note: String,
    /// In place of the titles of the charts.
    days: String,
    chart: String,
    chart_alt: String,
    /// A day, as a chrono pattern.
    pub(super) date: String,
    /// A title with the day whose report has it: `title`, `date`.
    pub(super) dated: String,
    /// A day's count: `date`, `tweets`.
    pub(super) count: String,
    pub(super) course: String,
    pub(super) overview: String,
    pub(super) direction: String,
}

/// Id of the section that tells the courses.
const SECTION: &str = "trend";

/// Id of the group of stories with this course.
pub(super) fn group(course: Course) -> &'static str {
    match course {
        Course::Rose => "rose",
        Course::Fell => "fell",
        Course::Held => "held",
        Course::Unclear => "other",
    }
}

impl TrendWords {
    /// What the stories with this course are called.
    pub(super) fn name(&self, course: Course) -> &str {
        match course {
            Course::Rose => &self.rose,
            Course::Fell => &self.fell,
            Course::Held => &self.held,
            Course::Unclear => &self.other,
        }
    }

    fn section(&self) -> Section {
        let group = |course: Course| Group {
            id: group(course).to_owned(),
            heading: self.name(course).to_owned(),
            ..Group::default()
        };
        let groups = [Course::Rose, Course::Fell, Course::Held, Course::Unclear].map(group).into();
        Section { id: SECTION.to_owned(), heading: self.heading.clone(), empty: self.empty.clone(), groups }
    }

    /// The fixed words of a post, where they are others.
    fn texts(&self, of_day: ReportTexts) -> ReportTexts {
        let mut texts = ReportTexts { intro: self.intro.clone(), note: self.note.clone(), ..of_day };
        texts.charts.hours.clone_from(&self.days);
        texts.charts.topics.clone_from(&self.chart);
        texts.charts.topics_alt.clone_from(&self.chart_alt);
        texts
    }
}

impl LongSettings {
    /// Whether the job's reports are made from audits.
    pub(crate) fn is_from_audits(&self) -> bool {
        self.source == LongSource::Audits
    }
}

impl Settings {
    /// As reports of `several` days, or of one, are made.
    pub(crate) fn of_range(mut self, asked: &LongArgs, several: bool) -> Result<Self, Failure> {
        if asked.from_audits {
            self.long.source = LongSource::Audits;
        }
        if let Some(file) = &asked.statistics {
            self.long.statistics.clone_from(file);
        }
        let audits = self.long.is_from_audits();
        match (audits, several) {
            (true, true) => self.retelling().map(Self::without_corpus),
            (true, false) if asked.from_audits => Err(refused("`--from-audits` is for reports of several days")
                .hint("name `--from` and `--to`, or `--every week`, `month` or `year`; a day's report is made from tweets")),
            (false, _) if asked.statistics.is_some() => Err(refused("`--statistics` is for reports from audits")
                .hint("add `--from-audits`, or set `long.source = \"audits\"`")),
            // A day has no days of its own.
            _ => Ok(Self { long: LongSettings { source: LongSource::Tweets, ..self.long }, ..self }),
        }
    }

    /// The audits have all that is needed, so nothing is looked for, fetched or read.
    fn without_corpus(mut self) -> Self {
        self.corpus.paths.clear();
        self.fetch.x.clear();
        self
    }

    /// How the course is told.
    pub(crate) fn trend(&self) -> Result<&TrendSettings, Failure> {
        self.trend.as_ref().ok_or_else(|| {
            refused("the profile has no `[trend]`, which tells how a report is made from audits").hint(
                "take it over from config/reports/twitter_ai.toml, or build the profile on it by `base = \"twitter_ai\"`",
            )
        })
    }

    /// As a report from audits needs them: another outline and other words; no chart of tickers, for which
    /// all tweets would have to be at hand.
    fn retelling(mut self) -> Result<Self, Failure> {
        let words = self.trend()?.words.clone();
        self.long.source = LongSource::Audits;
        self.charts = ChartSettings { tickers: false, ..self.charts };
        self.outline = Outline {
            sections: vec![words.section()],
            default_group: format!("{SECTION}/{}", group(Course::Unclear)),
            // What a day's writer was given has been chosen already.
            tweets_per_topic: usize::MAX,
            tweets_per_author: usize::MAX,
            ..self.outline
        };
        self.report = words.texts(self.report);
        Ok(self)
    }
}

/// The settings that a post was made with, as far as its audit tells: of a day's report, or of one from audits.
pub(crate) fn settings_of(audit: Option<&Path>, settings: Settings) -> Result<Settings, Failure> {
    let head = audit.and_then(|audit| std::fs::read(audit).ok());
    let head = head.and_then(|bytes| serde_json::from_slice::<report::AuditHead>(&bytes).ok());
    if head.is_some_and(|head| head.made_of.is_some()) { settings.retelling() } else { Ok(settings) }
}

fn refused(message: &str) -> Failure {
    Failure::say(Code::Usage, message)
}
