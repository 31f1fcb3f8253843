//! `tuibao verify POST`: whether the facts of a post, by whatever hand, stand in the tweets that its lines link to.

mod frame;

use std::{collections::BTreeSet, path::Path};

use brief::{Fact, Looked, recheck};
use corpus::{Tweet, TweetId};
use report::{PostLine, Trace, post_lines};
use serde_json::{Value, json};

use self::frame::Frame;
use crate::{
    audit::kind,
    check::{audit_of, read_post},
    cli::{Common, VerifyArgs},
    columns, console,
    exit::{Code, Failure},
    long::settings_of,
    settings::{self, Settings},
    sources::{ById, find},
};

/// Columns in front of what is wrong with a line.
const INDENT: usize = 4;

/// What is said of a line.
enum Verdict {
    /// It links to no tweet, and says nothing that needs one.
    Nothing,
    /// It links to no tweet, but has these facts.
    NoSource(Vec<Fact>),
    /// It was checked.
    Checked(Checked),
}

#[derive(Default)]
struct Checked {
    found: Vec<(Fact, TweetId)>,
    not_found: Vec<Fact>,
    /// Figures that the program counted itself, by the audit beside the post.
    counted: Vec<Fact>,
    /// Links to tweets that the corpus has not.
    absent: Vec<TweetId>,
}

/// Lists what was not found or has no source; partial when there is any.
pub(crate) fn verify(args: &VerifyArgs, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    let settings = settings_of(audit_of(&args.post, &settings).as_deref(), settings)?;
    let bytes = read_post(&args.post)?;
    let lines = post_lines(&String::from_utf8_lossy(&bytes));
    let wanted: BTreeSet<TweetId> = lines.iter().flat_map(|line| line.tweets.iter().copied()).collect();
    let judge = Judge {
        settings: &settings,
        tweets: if wanted.is_empty() { ById::new() } else { find(&settings, &wanted)? },
        trace: trace(&args.post, &settings),
        frame: Frame::new(&settings.report),
    };
    let judged: Vec<(&PostLine, Verdict)> = lines.iter().map(|line| (line, judge.line(line))).collect();
    let totals = Totals::of(&judged);
    if common.json {
        console::data(&object(&args.post, &judged, &totals).to_string());
    } else {
        judged.iter().flat_map(|(line, verdict)| shown(line, verdict)).for_each(|line| console::data(&line));
        console::say(&format!("{}: {totals}", args.post.display()));
    }
    Ok(if totals.holds() { Code::Done } else { Code::Partial })
}

/// The audit beside a post, if there is one: it knows which figures the program counted itself.
fn trace(post: &Path, settings: &Settings) -> Option<Trace> {
    let audit = std::fs::read(audit_of(post, settings)?).ok()?;
    Trace::read(&audit).ok()
}

struct Judge<'a> {
    settings: &'a Settings,
    tweets: ById,
    trace: Option<Trace>,
    frame: Frame,
}

impl Judge<'_> {
    /// What a line says, without the mark of a story that goes on, which is the program's.
    fn said<'l>(&self, line: &'l PostLine) -> &'l str {
        let mark = self.settings.post.continuing.trim();
        line.text.strip_prefix(mark).unwrap_or(&line.text)
    }

    fn line(&self, line: &PostLine) -> Verdict {
        if !line.tweets.is_empty() {
            return Verdict::Checked(self.check(line));
        }
        let looked = recheck(self.said(line), &[], &self.settings.outline);
        let facts: Vec<Fact> = looked.into_iter().map(|one| one.fact).collect();
        if facts.is_empty() || self.frame.has(&line.text) {
            Verdict::Nothing
        } else {
            Verdict::NoSource(facts)
        }
    }

    fn check(&self, line: &PostLine) -> Checked {
        let (there, absent): (Vec<TweetId>, Vec<TweetId>) =
            line.tweets.iter().partition(|id| self.tweets.contains_key(id));
        let tweets: Vec<Tweet> =
            there.iter().filter_map(|id| self.tweets.get(id)).flatten().cloned().collect();
        let mut checked = Checked { absent, ..Checked::default() };
        let text = self.said(line);
        let mut counted = self.counted(text);
        for Looked { fact, found } in recheck(text, &tweets, &self.settings.outline) {
            let own = counted.iter().position(|own| own.written() == fact.written());
            match (own, found) {
                // The audit knows this figure for a count: that a tweet has the same one by chance is no evidence.
                (Some(own), _) => {
                    counted.remove(own);
                    checked.counted.push(fact);
                }
                (None, Some(tweet)) => checked.found.push((fact, tweet)),
                (None, None) => checked.not_found.push(fact),
            }
        }
        checked
    }

    /// The figures and dates without a tweet of the claim whose words the line still has.
    fn counted(&self, text: &str) -> Vec<&Fact> {
        let claims = self.trace.iter().flat_map(Trace::claims).map(|(_, claim)| claim);
        let evidence = claims.filter(|claim| claim.is_in(text)).take(1).flat_map(|claim| &claim.evidence);
        let is_counted = |fact: &Fact| matches!(fact, Fact::Figure { .. } | Fact::Date { .. });
        let figures = evidence.filter(|one| one.tweet.is_none() && is_counted(&one.fact));
        figures.map(|one| &one.fact).collect()
    }
}

/// What all lines come to.
#[derive(Default)]
struct Totals {
    with_source: usize,
    without_source: usize,
    unsourced: usize,
    found: usize,
    counted: usize,
    not_found: usize,
    absent: usize,
}

impl Totals {
    fn of(judged: &[(&PostLine, Verdict)]) -> Self {
        let mut totals = Self::default();
        for (_, verdict) in judged {
            match verdict {
                Verdict::Nothing => totals.without_source += 1,
                Verdict::NoSource(_) => {
                    totals.without_source += 1;
                    totals.unsourced += 1;
                }
                Verdict::Checked(checked) => totals.add(checked),
            }
        }
        totals
    }

    fn add(&mut self, checked: &Checked) {
        self.with_source += 1;
        self.found += checked.found.len();
        self.counted += checked.counted.len();
        self.not_found += checked.not_found.len();
        self.absent += checked.absent.len();
    }

    fn holds(&self) -> bool {
        self.not_found == 0 && self.absent == 0 && self.unsourced == 0
    }
}

impl std::fmt::Display for Totals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { with_source, without_source, unsourced, found, counted, not_found, absent } = self;
        write!(
            f,
            "{with_source} lines with sources: {found} facts found, {counted} counted by the program, {not_found} not \
             found, {absent} links to tweets that are not in the corpus; {without_source} lines without a source, \
             {unsourced} of them with facts"
        )
    }
}

/// A line with what is wrong with it; nothing when nothing is.
fn shown(line: &PostLine, verdict: &Verdict) -> Vec<String> {
    let wrong = match verdict {
        Verdict::Nothing => Vec::new(),
        Verdict::NoSource(facts) => vec![("no source", named(facts))],
        Verdict::Checked(Checked { not_found, absent, .. }) => {
            let absent: Vec<String> = absent.iter().map(|id| format!("tweet {id}")).collect();
            vec![("not found", named(not_found)), ("not in the corpus", absent.join(", "))]
        }
    };
    let wrong: Vec<&(&str, String)> = wrong.iter().filter(|(_, what)| !what.is_empty()).collect();
    if wrong.is_empty() {
        return Vec::new();
    }
    let width = columns::printed();
    let head = columns::head(&format!("line {}: {}", line.line, line.text), width);
    std::iter::once(head).chain(wrong.into_iter().flat_map(|(why, what)| below(why, what, width))).collect()
}

fn named(facts: &[Fact]) -> String {
    let named = facts.iter().map(|fact| format!("{} ({})", fact.written(), kind(fact)));
    named.collect::<Vec<_>>().join(", ")
}

fn below(why: &str, what: &str, width: usize) -> Vec<String> {
    let text = console::plain(&format!("{why}: {what}"));
    let lines = columns::wrap(&text, width.saturating_sub(INDENT).max(INDENT));
    lines.iter().map(|line| format!("{:INDENT$}{line}", "")).collect()
}

fn object(post: &Path, judged: &[(&PostLine, Verdict)], totals: &Totals) -> Value {
    let Totals { with_source, without_source, unsourced, found, counted, not_found, absent } = totals;
    let lines: Vec<Value> = judged.iter().filter_map(|(line, verdict)| line_object(line, verdict)).collect();
    json!({
        "post": post, "ok": totals.holds(), "lines": lines,
        "totals": {
            "with_source": with_source, "without_source": without_source, "no_source": unsourced, "found": found,
            "counted": counted, "not_found": not_found, "not_in_corpus": absent,
        },
    })
}

fn line_object(line: &PostLine, verdict: &Verdict) -> Option<Value> {
    let PostLine { line, text, tweets } = line;
    match verdict {
        Verdict::Nothing => None,
        Verdict::NoSource(facts) => {
            Some(json!({"line": line, "text": text, "tweets": tweets, "no_source": facts}))
        }
        Verdict::Checked(Checked { found, not_found, counted, absent }) => {
            let found: Vec<Value> =
                found.iter().map(|(fact, tweet)| json!({"fact": fact, "tweet": tweet})).collect();
            Some(json!({
                "line": line, "text": text, "tweets": tweets, "found": found, "not_found": not_found,
                "counted": counted, "not_in_corpus": absent,
            }))
        }
    }
}
