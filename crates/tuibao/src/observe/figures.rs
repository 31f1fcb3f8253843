//! A run's figures in the text format of Prometheus. All are gauges: what the last run did, not a sum over runs.

use prometheus::{GaugeVec, Opts, Registry, TextEncoder};

use super::{Ended, tally::Written};
use crate::{exit::Code, publishing::Outcome};

pub(super) const LAST_SUCCESS: &str = "tuibao_last_success_timestamp_seconds";
pub(super) const NEWEST: &str = "tuibao_newest_report_timestamp_seconds";

/// What an earlier run's file says and this one may not know.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Before {
    pub(super) success: Option<f64>,
    pub(super) newest: Option<f64>,
}

/// Of which report, in which currency its model is paid.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) report: &'a str,
    pub(super) currency: &'a str,
}

/// Gauges of one report.
struct Sheet<'a> {
    registry: Registry,
    report: &'a str,
}

/// The file's text.
pub(super) fn text(named: Named<'_>, ended: &Ended, before: Before) -> Result<String, prometheus::Error> {
    let sheet = Sheet { registry: Registry::new(), report: named.report };
    sheet.run(ended, before)?;
    sheet.tweets(ended)?;
    if let Some(written) = &ended.figures.written {
        sheet.written(written, named.currency)?;
    }
    TextEncoder::new().encode_to_string(&sheet.registry.gather())
}

impl Sheet<'_> {
    fn vector(&self, name: &str, help: &str, labels: &[&str]) -> Result<GaugeVec, prometheus::Error> {
        let vector = GaugeVec::new(Opts::new(name, help).const_label("report", self.report), labels)?;
        self.registry.register(Box::new(vector.clone()))?;
        Ok(vector)
    }

    /// One figure; none when it is not known.
    fn one(&self, name: &str, help: &str, value: impl Into<Option<f64>>) -> Result<(), prometheus::Error> {
        if let Some(value) = value.into() {
            self.vector(name, help, &[])?.with_label_values::<&str>(&[]).set(value);
        }
        Ok(())
    }

    fn run(&self, ended: &Ended, before: Before) -> Result<(), prometheus::Error> {
        let at = ended.at.timestamp() as f64;
        let success = if ended.code == Code::Done { Some(at) } else { before.success };
        // A day that is not over has a window that ends in the future.
        let newest = ended.figures.newest.map(|end| end.timestamp() as f64).map(|end| end.min(at));
        let newest = newest.into_iter().chain(before.newest).reduce(f64::max);
        self.one("tuibao_last_run_timestamp_seconds", "When the last run ended.", at)?;
        self.one(LAST_SUCCESS, "When the last run ended that exited with 0.", success)?;
        self.one("tuibao_last_exit_code", "How the last run ended: 0 is well.", f64::from(ended.code as u8))?;
        self.one("tuibao_run_duration_seconds", "How long the last run took.", ended.seconds)?;
        self.one(NEWEST, "End of the window of the newest report that a run left on the site.", newest)
    }

    fn tweets(&self, ended: &Ended) -> Result<(), prometheus::Error> {
        let figures = &ended.figures;
        let help = "What became of records and tweets in the last run, by stage and reason.";
        let tweets = self.vector("tuibao_tweets", help, &["stage", "reason"])?;
        for ((stage, reason), count) in &figures.tweets {
            tweets.with_label_values(&[*stage, reason]).set(*count as f64);
        }
        let reports = self.vector("tuibao_reports", "Reports of the last run, by outcome.", &["outcome"])?;
        for outcome in [Outcome::Published, Outcome::UpToDate, Outcome::KeptBetter] {
            reports.with_label_values(&[outcome.name()]).set(figures.count(outcome) as f64);
        }
        let topics = figures.topics.map(|topics| topics as f64);
        self.one("tuibao_topics", "Topics of the last run.", topics)
    }

    fn written(&self, written: &Written, currency: &str) -> Result<(), prometheus::Error> {
        let Written { claims, refused, calls, prompt_tokens, cached_tokens, completion_tokens, cost } =
            *written;
        self.one("tuibao_claims", "Verified claims of the last run.", claims as f64)?;
        self.one("tuibao_claims_refused", "Drafts that were not let through.", refused as f64)?;
        self.one("tuibao_model_calls", "Questions to the model, kept answers included.", calls as f64)?;
        let help = "Tokens paid for; `cached` are those of `prompt` that the endpoint had.";
        let tokens = self.vector("tuibao_model_tokens", help, &["kind"])?;
        for (kind, count) in
            [("prompt", prompt_tokens), ("cached", cached_tokens), ("completion", completion_tokens)]
        {
            tokens.with_label_values(&[kind]).set(count as f64);
        }
        let money = self.vector("tuibao_model_cost", "Money, by the table of prices.", &["currency"])?;
        money.with_label_values(&[currency]).set(cost);
        Ok(())
    }
}

/// What the file of an earlier run says of this report.
pub(super) fn before(text: &str, report: &str) -> Before {
    let label = format!("report=\"{report}\"");
    let value = |name: &str| {
        let line = text.lines().find(|line| {
            line.strip_prefix(name).is_some_and(|rest| rest.starts_with('{') && rest.contains(&label))
        })?;
        line.rsplit(' ').next()?.parse().ok().filter(|value: &f64| value.is_finite())
    };
    Before { success: value(LAST_SUCCESS), newest: value(NEWEST) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{observe::tally::Figures, pipeline::now};

    #[test]
    fn labels_are_escaped_and_what_was_before_is_found_again() {
        let ended = Ended { code: Code::Input, at: now(), seconds: 0.5, figures: Figures::default() };
        let earlier = Before { success: Some(1_795_380_774.0), newest: None };
        let text = |report| text(Named { report, currency: "USD" }, &ended, earlier).unwrap();
        let hostile = text("a\"b\\c\nd");
        assert!(hostile.contains("tuibao_last_exit_code{report=\"a\\\"b\\\\c\\nd\"} 4\n"), "{hostile}");
        assert_eq!(before(&text("ai"), "ai"), earlier);
        assert_eq!(before(&text("ai"), "other"), Before::default());
        assert_eq!(
            before("tuibao_last_success_timestamp_seconds{report=\"ai\"} NaN\nno file of ours", "ai"),
            Before::default()
        );
    }
}
