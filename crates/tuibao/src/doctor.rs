//! `tuibao doctor`: looks over everything that a run needs, without a run; without the network too, unless the model is to be
//! asked. Each file below looks at one kind of thing.

mod clock;
mod finding;
mod folders;
mod supply;

use finding::{Finding, Level, good, wrong};
use tokio::runtime::Runtime;

use crate::{
    books::Books,
    cli::{Common, DoctorArgs},
    console,
    exit::{Code, Failure, OrFail},
    job::{Job, all_models},
    pipeline::now,
    probe::probe,
    settings::{self, Mode, ModelSettings, Named, Settings, VectorSource},
};

/// Prints the findings; exit 2 when one is bad.
pub(crate) fn doctor(args: &DoctorArgs, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    let job = Job::new(settings, common.force, false)?;
    let now = now();
    let mut findings = vec![good(format!(
        "configuration: profile `{}`, {} subject words",
        job.settings.report.name,
        job.settings.subject.len()
    ))];
    findings.extend(clock::calendar(&job.calendar, now));
    findings.extend(supply::supply(&job, now));
    findings.push(font(&job));
    findings.extend(folders::folders(&job.settings));
    findings.push(ledger(&job));
    findings.extend(writers(&job)?);
    findings.push(embeddings(&job)?);
    findings.extend(job.settings.targets().iter().map(told));
    findings.extend(watchers(&job.settings));
    findings.iter().for_each(Finding::print);
    let answered = !args.model || models(&job)?;
    let good = findings.iter().all(|finding| finding.level != Level::Wrong);
    Ok(match (good, answered) {
        (true, true) => Code::Done,
        (false, _) => Code::Usage,
        (true, false) => Code::Model,
    })
}

/// Asks each configured model; says whether all answered.
fn models(job: &Job) -> Result<bool, Failure> {
    let runtime = Runtime::new().or_fail(Code::Internal)?;
    let mut all_answered = true;
    for model in all_models(&job.settings) {
        let named = format!("model `{}` at {}", model.ask.name, shown(&model.base_url));
        match runtime.block_on(probe(model))? {
            Ok(findings) => {
                console::data(&format!("ok    {named}"));
                for finding in findings {
                    console::data(&console::plain(&format!("      {finding}")));
                }
            }
            Err(error) => {
                all_answered = false;
                console::data(&console::plain(&format!("wrong {named}: {error}")));
            }
        }
    }
    Ok(all_answered)
}

/// An address without what may be secret in it.
fn shown(base_url: &str) -> String {
    llm::HttpSettings { base_url: base_url.to_owned(), ..llm::HttpSettings::default() }.label()
}

fn font(job: &Job) -> Finding {
    let missing = job.look.font.missing("智能体大模型开源推理芯片ABCabc0123");
    let name = job.look.font.name();
    if missing.is_empty() {
        good(format!("font: {name}"))
    } else {
        wrong(format!("font: {name} lacks {missing:?}"))
    }
}

/// Whether past runs can be told of. A damaged ledger is put aside by the next run, so it stops nothing.
fn ledger(job: &Job) -> Finding {
    let file = job.settings.ledger.file.display();
    match Books::look(&job.settings).and_then(|books| books.runs(1)) {
        Ok(runs) => good(runs.first().map_or_else(
            || format!("ledger: `{file}` has no run of this report yet"),
            |run| {
                format!(
                    "ledger: `{file}`, last run {}: {}",
                    run.started.format("%Y-%m-%d %H:%M UTC"),
                    run.state
                )
            },
        )),
        Err(failure) => wrong(console::plain(&format!("ledger: {}", failure.line()))),
    }
}

fn writers(job: &Job) -> Result<Vec<Finding>, Failure> {
    if job.settings.writer.mode == Mode::Extractive {
        return Ok(vec![good("writer: extractive; no model, no network".to_owned())]);
    }
    let finding = |(place, model): (usize, &ModelSettings)| {
        let role = if place == 0 { "writer" } else { "fallback" };
        let named = format!("{role}: model `{}` at {}", model.ask.name, shown(&model.base_url));
        Ok(good(match model.api_key()? {
            Some(_) => format!("{named}, with a key"),
            None => format!(
                "{named}, without a key (`{}` is not set); local servers need none",
                model.api_key_env
            ),
        }))
    };
    all_models(&job.settings).enumerate().map(finding).collect()
}

/// Whether a target has all that it needs; nothing is sent.
fn told(named: &Named) -> Finding {
    match &named.target {
        Ok(target) => good(format!(
            "notify: `{}` by {}; `tuibao notify test` sends a message",
            named.name,
            target.service()
        )),
        Err(error) => wrong(console::plain(&format!("notify: `{}`: {error}", named.name))),
    }
}

/// Who watches the runs, as far as somebody does; nothing is sent.
fn watchers(settings: &Settings) -> Vec<Finding> {
    let monitor = match settings.pinger() {
        Ok(None) => None,
        Ok(Some(_)) => Some(good("ping: a monitor is told of each run".to_owned())),
        Err(error) => Some(wrong(console::plain(&format!("ping: {error}")))),
    };
    let file = settings.metrics.file(&settings.report.name).map(|path| {
        let shown = path.display();
        if path.extension().is_some_and(|ending| ending == "prom") {
            good(format!("metrics: `{shown}`"))
        } else {
            wrong(format!("metrics: `{shown}`: node_exporter reads only files that end in `.prom`"))
        }
    });
    monitor.into_iter().chain(file).collect()
}

fn embeddings(job: &Job) -> Result<Finding, Failure> {
    let settings = &job.settings.embeddings;
    Ok(good(match settings.source {
        VectorSource::None => "embeddings: none".to_owned(),
        VectorSource::Local => format!("embeddings: the model in `{}`", settings.folder.display()),
        VectorSource::Endpoint => {
            let key = if settings.api_key()?.is_some() { "with a key" } else { "without a key" };
            format!("embeddings: model `{}` at {}, {key}", settings.model, shown(&settings.base_url))
        }
    }))
}
