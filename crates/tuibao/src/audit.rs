//! `tuibao audit POST`: what each line of a post rests on, from the audit beside it; the corpus is not needed.

mod table;

use std::{collections::BTreeMap, path::Path};

pub(crate) use self::table::kind;
use brief::{Evidence, Outline, place};
use corpus::{Tweet, TweetId};
use report::{Trace, Traced, schema};
use serde_json::{Value, json};

use crate::{
    check::{audit_of, read_post},
    cli::{AuditArgs, Common},
    columns, console,
    exit::{Code, Failure, OrFail},
    settings::{self, Settings},
};

/// What the lines of a post are told with.
struct Sources<'a> {
    tweets: BTreeMap<TweetId, &'a Tweet>,
    outline: &'a Outline,
}

/// Shows every claim of a post, or of one line, then what was refused and withheld; or the schema of all audits.
pub(crate) fn audit(args: &AuditArgs, common: &Common) -> Result<Code, Failure> {
    let Some(post) = args.post.as_ref().filter(|_| !args.schema) else {
        console::data(&serde_json::to_string_pretty(&schema()).or_fail(Code::Internal)?);
        return Ok(Code::Done);
    };
    let settings = settings::load(common)?;
    let bytes = read_post(post)?;
    let trace = belonging(post, &bytes, &settings)?;
    let mut lines = trace.lines(&String::from_utf8_lossy(&bytes));
    if let Some(wanted) = args.line {
        lines = on_line(&lines, wanted)?;
    }
    let sources = Sources { tweets: trace.tweets(), outline: &settings.outline };
    if common.json {
        for line in &lines {
            console::data(&object(line, &sources).to_string());
        }
    } else {
        show(&lines, &sources, args.line.is_none().then_some(&trace));
    }
    Ok(Code::Done)
}

/// The audit beside a post, if it tells of this very post.
fn belonging(post: &Path, bytes: &[u8], settings: &Settings) -> Result<Trace, Failure> {
    let (name, other_way) =
        (post.display(), "`tuibao verify POST --corpus PATH` checks a post without its audit");
    let path = audit_of(post, settings).ok_or_else(|| {
        Failure::say(Code::Input, format!("the post `{name}` has no audit file beside it")).hint(other_way)
    })?;
    let read = std::fs::read(&path).map_err(anyhow::Error::new);
    let trace = read.and_then(|audit| Ok(Trace::read(&audit)?)).map_err(|error| {
        Failure::new(Code::Input, error.context(format!("cannot read the audit `{}`", path.display())))
    })?;
    if trace.is_of(bytes) {
        return Ok(trace);
    }
    let message =
        format!("the audit `{}` is not that of `{name}`: the post has another hash", path.display());
    Err(Failure::say(Code::Input, message)
        .hint(format!("the post was changed after it was published; {other_way}")))
}

fn on_line<'t>(lines: &[Traced<'t>], wanted: usize) -> Result<Vec<Traced<'t>>, Failure> {
    let found: Vec<Traced<'t>> = lines.iter().filter(|one| one.line == Some(wanted)).copied().collect();
    if found.is_empty() {
        let known: Vec<String> =
            lines.iter().filter_map(|one| one.line).map(|line| line.to_string()).collect();
        return Err(Failure::say(Code::Input, format!("line {wanted} of the post is no claim"))
            .hint(format!("claims are on the lines {}", known.join(", "))));
    }
    Ok(found)
}

fn show(lines: &[Traced<'_>], sources: &Sources<'_>, whole: Option<&Trace>) {
    let width = columns::printed();
    let claims = lines.iter().flat_map(|line| table::claim(line, sources, width));
    let rest = whole.into_iter().flat_map(|trace| table::rest(trace, sources, width));
    claims.chain(rest).for_each(|line| console::data(&line));
}

/// What became of a fact: `found` in a tweet, `counted` by the program, or a `word` of the report's own.
fn verdict(evidence: &Evidence) -> &'static str {
    match (evidence.tweet, &evidence.fact) {
        (Some(_), _) => "found",
        (None, brief::Fact::Figure { .. }) => "counted",
        (None, _) => "word",
    }
}

fn object(line: &Traced<'_>, sources: &Sources<'_>) -> Value {
    let claim = line.claim;
    let cites = claim.cites.iter().map(|cite| {
        let time = sources.tweets.get(&cite.id).map(|tweet| tweet.created_at);
        json!({"id": cite.id, "handle": cite.handle, "url": cite.url, "created_at": time})
    });
    let facts = claim.evidence.iter().map(|evidence| {
        let tweet = evidence.tweet.and_then(|id| sources.tweets.get(&id));
        let place = tweet.and_then(|tweet| place(&evidence.fact, tweet, sources.outline));
        json!({"fact": evidence.fact, "verdict": verdict(evidence), "tweet": evidence.tweet, "place": place})
    });
    json!({
        "line": line.line, "section": line.section, "group": claim.group, "lead": claim.lead, "text": claim.text,
        "writer": claim.writer, "sole_source": claim.sole_source, "disputed": claim.disputed,
        "sources": cites.collect::<Vec<_>>(), "facts": facts.collect::<Vec<_>>(),
    })
}
