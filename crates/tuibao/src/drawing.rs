//! What a report has beside its post and word cloud: charts, and the HTML edition when it is wanted.

use std::collections::BTreeMap;

use brief::{Brief, sections, titles};
use corpus::Topic;
use report::{
    Chart, ChartInput, ChartLink, EditionInput, Headings, OutputFile, Picture, RenderError, TopicFigures,
    charts, edition,
};

use crate::{
    exit::{Code, Failure, OrFail},
    job::Job,
    long::{Long, StoryFigures},
    pipeline::hash,
    sorting::Sorted,
};

/// The charts of a report, and the titles of its topics.
pub(crate) struct Drawn {
    titles: Vec<String>,
    charts: Vec<Chart>,
}

/// What a page shows beside charts and topics.
pub(crate) struct Content<'a> {
    pub(crate) brief: &'a Brief,
    pub(crate) headings: &'a Headings,
    pub(crate) cloud: Option<&'a [u8]>,
}

/// Draws the charts.
pub(crate) fn draw(job: &Job, sorted: &Sorted, brief: &Brief) -> Result<Drawn, Failure> {
    let words = &job.settings.report;
    let titles = called(job, sorted, brief);
    let charts = charts(&ChartInput {
        settings: &job.settings.charts,
        words: &words.charts,
        lang: &words.html.lang,
        topics: &sorted.topics,
        titles: &titles,
        figures: &figures(sorted),
        days: sorted.long.as_ref().map(Long::columns),
        left_out: &sorted.left_out,
        window: sorted.window,
        zone: job.calendar.zone,
    });
    Ok(Drawn { charts: charts.map_err(unfilled)?, titles })
}

/// What the bar of each topic shows: its salience, or of a report from audits its tweets on all days.
fn figures(sorted: &Sorted) -> Vec<TopicFigures> {
    if let Some(long) = &sorted.long {
        let of = |story: &StoryFigures| TopicFigures {
            tweets: story.tweets,
            authors: story.authors,
            weight: story.tweets as f64,
        };
        return long.figures.iter().map(of).collect();
    }
    let of = |topic: &Topic| TopicFigures {
        tweets: topic.tweets.len() as u64,
        authors: topic.authors().len(),
        weight: topic.salience.total,
    };
    sorted.topics.iter().map(of).collect()
}

/// What the report calls each topic: the lead of the first claim that is about it alone, else the names that set it apart.
fn called(job: &Job, sorted: &Sorted, brief: &Brief) -> Vec<String> {
    let mut titles = titles(&sorted.topics, &job.words, &job.settings.outline);
    let detail = brief.sections.iter().flat_map(|section| &section.claims);
    if let Some(long) = &sorted.long {
        let told = long.figures.iter().zip(titles);
        return told.map(|(story, title)| story.title.clone().unwrap_or(title)).collect();
    }
    let claims: Vec<_> =
        brief.key_points.iter().chain(detail).filter(|claim| !claim.lead().is_empty()).collect();
    for (topic, title) in sorted.topics.iter().zip(&mut titles) {
        let has = |id| topic.tweets.iter().any(|unique| unique.tweet.id == id);
        let alone = claims.iter().find(|claim| claim.cites().iter().all(|cite| has(cite.id)));
        *title = alone.map_or_else(|| title.clone(), |claim| claim.lead().to_owned());
    }
    titles
}

fn unfilled(error: RenderError) -> Failure {
    Failure::new(Code::Usage, error)
        .hint("see [report.charts] of the profile, config/reports/twitter_ai.toml")
}

impl Drawn {
    /// The charts as the post shows them.
    pub(crate) fn links(&self, job: &Job, sorted: &Sorted) -> Vec<ChartLink> {
        let slug = job.slug(sorted.period);
        let url = |chart: &Chart| job.layout.image_url(&slug, &name(job, sorted, chart));
        self.charts.iter().map(|chart| ChartLink { alt: chart.alt.clone(), url: url(chart) }).collect()
    }

    /// The charts as files, and the HTML edition when it is wanted or there already.
    pub(crate) fn files(
        &self,
        job: &Job,
        sorted: &Sorted,
        content: &Content<'_>,
    ) -> Result<Vec<OutputFile>, Failure> {
        let period = sorted.period;
        let mut files: Vec<OutputFile> = Vec::new();
        for chart in &self.charts {
            let path = job.file_path(period, &name(job, sorted, chart));
            files.push(OutputFile { path, bytes: chart.svg.clone().into_bytes() });
        }
        let path = job.file_path(period, &job.edition_name(period));
        // One that was wanted once stays the edition of the post beside it.
        if job.settings.html.enabled || job.settings.output.site.join(&path).exists() {
            let page = self.page(job, sorted, content)?;
            files.push(OutputFile { path, bytes: page.into_bytes() });
        }
        Ok(files)
    }

    fn page(&self, job: &Job, sorted: &Sorted, content: &Content<'_>) -> Result<String, Failure> {
        let outline = &job.settings.outline;
        let Content { brief, headings, cloud } = *content;
        edition(&EditionInput {
            words: &job.settings.report.html,
            headings,
            lead_mark: &job.settings.post.marks.lead,
            zone: job.calendar.zone,
            outline,
            brief,
            topics: &sorted.topics,
            titles: &self.titles,
            places: &sections(&sorted.topics, outline).or_fail(Code::Usage)?,
            charts: &self.charts,
            cloud: cloud.map(|bytes| Picture { kind: job.settings.cloud.format.media_type(), bytes }),
        })
        .or_fail(Code::Internal)
    }
}

/// File name of a chart.
fn name(job: &Job, sorted: &Sorted, chart: &Chart) -> String {
    format!("chart_{}_{}.svg", chart.name, job.slug(sorted.period))
}

/// Hashes of files, by name: what the audit tells of them.
pub(crate) fn hashes(files: &[OutputFile]) -> BTreeMap<String, String> {
    let named = files
        .iter()
        .filter_map(|file| Some((file.path.file_name()?.to_str()?.to_owned(), hash(&file.bytes))));
    named.collect()
}
