//! `tuibao topics`: the ranked topics of a day, as they go to the writer.

use corpus::Topic;
use serde_json::json;

use crate::{
    cli::{Common, DateArgs},
    console,
    exit::{Code, Failure},
    job::Job,
    run::period,
    settings,
    sorting::{sort, window},
    sources,
};

/// Shows the topics of a day or range; `-v` also what was left out.
pub(crate) fn topics(args: &DateArgs, common: &Common) -> Result<Code, Failure> {
    let job = Job::new(settings::load(common)?, common.force, false)?;
    let period = period(args, &job)?;
    let corpus = sources::load(&job.settings, window(&job, period)?)?;
    let sorted = sort(&job, &corpus, period)?;
    for (rank, topic) in sorted.topics.iter().enumerate() {
        console::data(&if common.json { line(rank, topic) } else { paragraph(rank, topic) });
    }
    if common.verbose > 0 && !common.json {
        for unique in &sorted.left_out {
            console::data(&format!(
                "left out  @{}: {}",
                unique.tweet.author.handle,
                head(&unique.tweet.text)
            ));
        }
        for dropped in &sorted.dropped {
            console::data(&format!("{:10}@{} {}", dropped.why.name(), dropped.handle, dropped.id));
        }
    }
    Ok(Code::Done)
}

fn head(text: &str) -> String {
    console::plain(
        &text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect::<String>(),
    )
}

fn terms(topic: &Topic) -> Vec<&str> {
    topic.terms.iter().take(6).map(|(term, _)| term.as_str()).collect()
}

fn paragraph(rank: usize, topic: &Topic) -> String {
    let salience = &topic.salience;
    let mut lines = vec![format!(
        "{:>3}. {:.2}  {} tweets, {} authors  [{}]",
        rank + 1,
        salience.total,
        topic.tweets.len(),
        topic.authors().len(),
        terms(topic).join(", "),
    )];
    for unique in &topic.tweets {
        let mark = if unique.suspect { " (suspect)" } else { "" };
        lines.push(format!("       @{}{mark}: {}", unique.tweet.speaker(), head(&unique.tweet.text)));
    }
    lines.join("\n")
}

fn line(rank: usize, topic: &Topic) -> String {
    let tweets: Vec<_> = topic.tweets.iter().map(|unique| json!({"id": unique.tweet.id, "handle": unique.tweet.author.handle, "text": unique.tweet.text, "copies": unique.copies})).collect();
    json!({"rank": rank + 1, "terms": terms(topic), "salience": topic.salience, "tweets": tweets}).to_string()
}
