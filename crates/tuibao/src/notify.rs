//! `tuibao notify`: a test message, and telling of a report that is on the site already.

use deliver::{Courier, Notice, Outcome, Point, Words};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{
    cli::{Common, DateArgs, NotifyCommand},
    console, delivery,
    exit::{Code, Failure, OrFail},
    job::Job,
    pipeline::now,
    publishing::take,
    run::period,
    settings::{self, Named, Settings},
};

/// Sends; partial when somebody was not reached.
pub(crate) fn notify(command: &NotifyCommand, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    if settings.notify.is_empty() {
        return Err(Failure::say(Code::Usage, "nobody is to be told")
            .hint("add a `[[notify]]` to tuibao.toml; docs/delivery.md has one for each service"));
    }
    let runtime = Runtime::new().or_fail(Code::Internal)?;
    match command {
        NotifyCommand::Test { name } => runtime.block_on(test(&settings, name.as_deref(), common)),
        NotifyCommand::Send(dates) => send(settings, dates, common, &runtime),
    }
}

async fn test(settings: &Settings, name: Option<&str>, common: &Common) -> Result<Code, Failure> {
    let mut targets = settings.targets();
    targets.retain(|target| name.is_none_or(|name| target.name == name));
    if targets.is_empty() {
        let known: Vec<&str> = settings.notify.iter().map(|target| target.name.as_str()).collect();
        return Err(Failure::say(Code::Usage, format!("no target `{}`", name.unwrap_or_default()))
            .hint(format!("the configuration has: {}", known.join(", "))));
    }
    let courier = delivery::courier(settings)?;
    let mut code = Code::Done;
    for target in &targets {
        let sent = try_one(&courier, target).await;
        if sent.is_err() {
            code = Code::Partial;
        }
        show(&target.name, &sent, common);
    }
    Ok(code)
}

async fn try_one(courier: &Courier, named: &Named) -> Result<usize, String> {
    let target = named.target.as_ref().map_err(ToString::to_string)?;
    courier.test(target, &sample()).await.map_err(|error| error.to_string())
}

fn show(name: &str, sent: &Result<usize, String>, common: &Common) {
    let line = match sent {
        _ if common.json => {
            json!({"target": name, "ok": sent.is_ok(), "error": sent.as_ref().err()}).to_string()
        }
        Ok(parts) => format!("ok    `{name}` was sent {parts} message"),
        Err(error) => console::plain(&format!("wrong `{name}`: {error}")),
    };
    console::data(&line);
}

/// In English, as all that the program says of itself.
fn sample() -> Notice {
    Notice {
        slug: "test".to_owned(),
        title: "tuibao: test message".to_owned(),
        overview: "If you can read this, finished reports will be told here.".to_owned(),
        key_points: vec![Point {
            lead: "A point".to_owned(),
            text: "has bold words in front where the service has any; this asks for nobody: @all.".to_owned(),
        }],
        mark: ": ".to_owned(),
        words: Words { key_points: "Key points".to_owned(), link: String::new() },
        ..Notice::default()
    }
}

fn send(settings: Settings, dates: &DateArgs, common: &Common, runtime: &Runtime) -> Result<Code, Failure> {
    let job = Job::new(settings, common.force, false)?;
    let period = period(dates, &job, now())?;
    let _lock = take(&job, false)?;
    let told = runtime.block_on(delivery::tell(&job, &[period], common.force));
    let deliveries: Vec<_> = told.iter().flat_map(|told| &told.deliveries).collect();
    if !job.settings.output.site.join(job.post_path(period)).is_file() {
        return Err(Failure::say(
            Code::Input,
            format!("there is no report of {} on the site", period.span()),
        )
        .hint("`tuibao run` makes it, and tells of it"));
    }
    if common.json {
        console::data(&json!({"period": period, "notified": deliveries}).to_string());
    } else if !common.quiet {
        let line =
            delivery::line(&told).unwrap_or_else(|| "nobody was told anew; --force tells again".to_owned());
        console::say(&line);
    }
    let failed = deliveries.iter().any(|delivery| delivery.outcome == Outcome::Failed);
    Ok(if failed { Code::Partial } else { Code::Done })
}
