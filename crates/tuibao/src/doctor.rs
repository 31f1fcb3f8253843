//! `tuibao doctor`: looks over everything that a run needs, without a run; without the network too, unless the model is to be
//! asked.

use tokio::runtime::Runtime;

use crate::{
    cli::{Common, DoctorArgs},
    console,
    exit::{Code, Failure, OrFail},
    job::{Job, all_models},
    pipeline::now,
    places::{Places, places},
    probe::probe,
    settings::{self, Mode, ModelSettings, Named, Settings, VectorSource},
};

/// One line a finding.
struct Finding {
    good: bool,
    text: String,
}

/// Prints the findings; exit 2 when one is bad.
pub(crate) fn doctor(args: &DoctorArgs, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    let job = Job::new(settings, common.force, false)?;
    let mut findings = vec![
        good(format!(
            "configuration: profile `{}`, {} subject words",
            job.settings.report.name,
            job.settings.subject.len()
        )),
        calendar(&job),
        corpus(&job),
        font(&job),
        output(&job),
    ];
    findings.extend(writers(&job)?);
    findings.push(embeddings(&job)?);
    findings.extend(job.settings.targets().iter().map(told));
    findings.extend(watchers(&job.settings));
    for finding in &findings {
        console::data(&format!("{} {}", if finding.good { "ok   " } else { "wrong" }, finding.text));
    }
    let answered = !args.model || models(&job)?;
    let good = findings.iter().all(|finding| finding.good);
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

fn good(text: String) -> Finding {
    Finding { good: true, text }
}

fn wrong(text: String) -> Finding {
    Finding { good: false, text }
}

fn calendar(job: &Job) -> Finding {
    let now = now();
    let date = job.calendar.newest_complete(now);
    good(format!(
        "calendar: {} now; the newest complete day is {date}",
        now.with_timezone(&job.calendar.zone).format("%Y-%m-%d %H:%M %z")
    ))
}

fn corpus(job: &Job) -> Finding {
    let named = job.settings.corpus.paths.join(", ");
    match places(&job.settings) {
        Ok(Places { files, stores }) if files.is_empty() && stores.is_empty() => {
            wrong(format!("corpus: no files in {named}"))
        }
        Ok(Places { files, stores }) if stores.is_empty() => {
            good(format!("corpus: {} files in {named}", files.len()))
        }
        Ok(Places { files, stores }) => {
            good(format!("corpus: {} files and {} stores in {named}", files.len(), stores.len()))
        }
        Err(failure) => wrong(format!("corpus: {}", failure.error)),
    }
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

/// Tries to write where posts go, without leaving anything.
fn output(job: &Job) -> Finding {
    let site = &job.settings.output.site;
    let mut there = site.as_path();
    while !there.exists() {
        let Some(parent) = there.parent() else { break };
        there = parent;
    }
    let there = if there.as_os_str().is_empty() { std::path::Path::new(".") } else { there };
    match tempfile::tempfile_in(there) {
        Ok(_) => good(format!("output: `{}` can be written", site.display())),
        Err(error) => wrong(format!("output: `{}` cannot be written: {error}", site.display())),
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
