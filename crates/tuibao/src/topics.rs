//! `tuibao topics`: the ranked topics of a day, as they go to the writer.

mod table;

use brief::{Routed, sections};
use corpus::{Topic, Unique};
use serde_json::{Value, json};

use self::table::{details, header, line};
use crate::{
    cli::{Common, DateArgs},
    columns::{head, terminal},
    console,
    exit::{Code, Failure, OrFail},
    job::Job,
    pipeline::now,
    run::period,
    settings,
    sorting::{Sorted, sort, window},
    sources,
};

/// Shows the topics of a day or range: a table, with `-v` each topic's salience and tweets and what was left out, with
/// `--json` everything.
pub(crate) fn topics(args: &DateArgs, common: &Common) -> Result<Code, Failure> {
    let job = Job::new(settings::load(common)?, common.force, false)?;
    let period = period(args, &job, now())?;
    let corpus = sources::load(&job.settings, window(&job, period)?)?;
    let sorted = sort(&job, &corpus, period)?;
    let routed = sections(&sorted.topics, &job.settings.outline).or_fail(Code::Usage)?;
    if common.json {
        for (rank, (topic, routed)) in sorted.topics.iter().zip(&routed).enumerate() {
            console::data(&object(rank + 1, topic, *routed, &sorted).to_string());
        }
        return Ok(Code::Done);
    }
    let width = terminal();
    console::data(&header(width));
    for (rank, (topic, routed)) in sorted.topics.iter().zip(&routed).enumerate() {
        console::data(&line(rank + 1, topic, *routed, width));
        for detail in details(topic, &sorted.worths, width).iter().filter(|_| common.verbose > 0) {
            console::data(detail);
        }
    }
    if common.verbose > 0 {
        others(&sorted);
    }
    Ok(Code::Done)
}

/// What is in no topic, and why.
fn others(sorted: &Sorted) {
    for unique in &sorted.left_out {
        let told = if sorted.told.contains(&unique.tweet.id) { "told" } else { "left out" };
        console::data(&format!(
            "{told:10}@{}: {}",
            unique.tweet.author.handle,
            head(&unique.tweet.text, 100)
        ));
    }
    for dropped in &sorted.dropped {
        console::data(&format!("{:10}@{} {}", dropped.why.name(), dropped.handle, dropped.id));
    }
}

fn object(rank: usize, topic: &Topic, routed: Routed<'_>, sorted: &Sorted) -> Value {
    let tweet = |unique: &Unique| {
        let Unique { tweet, ad, suspect, relevance, copies, authors, engagement } = unique;
        json!({
            "id": tweet.id, "handle": tweet.author.handle, "url": tweet.url(), "created_at": tweet.created_at,
            "text": tweet.text, "copies": copies, "authors": authors, "engagement": engagement,
            "relevance": relevance, "worth": sorted.worths.get(&tweet.id), "suspect": suspect, "ad": ad,
        })
    };
    let tweets: Vec<Value> = topic.tweets.iter().map(tweet).collect();
    let terms: Vec<&str> = topic.terms.iter().map(|(term, _)| term.as_str()).collect();
    json!({
        "rank": rank, "section": routed.section, "group": routed.group, "terms": terms, "salience": topic.salience,
        "earlier": topic.earlier, "authors": topic.authors(), "tweets": tweets,
    })
}
