//! What is paid for: nothing twice, nothing beyond the budget, and all of it told.

use std::{fs, process::Stdio, thread, time::Duration};

use serde_json::{Value, json};

use crate::support::{
    Site,
    audit::list,
    endpoint::{Answer, CANARY, Endpoint, closed_port, config},
    fixture, post_path,
};

const DAY: &str = "2026-03-03";

fn site(config: &str) -> Site {
    Site::quick(config).with("OPENAI_API_KEY", CANARY)
}

#[test]
fn an_answer_is_paid_for_once() {
    let endpoint = Endpoint::honest();
    let site = site(&endpoint.config());
    site.run_day(DAY, &[]).exits(0).says("(0 answers were kept)");
    let (calls, post) = (endpoint.requests().len(), site.post(DAY));

    fs::remove_dir_all(site.path("site")).unwrap();
    let shown = site.run_day(DAY, &["--dry-run", "--json"]).exits(0).json();
    // What overview and key points will be asked depends on the answers about the sections.
    assert_eq!(
        (&shown["estimate"]["calls"], &shown["estimate"]["kept"]),
        (&json!(calls), &json!(calls - 2)),
        "{shown}"
    );
    site.run_day(DAY, &["--force"])
        .exits(0)
        .says(&format!("{calls} calls ({calls} answers were kept), 0 retries, 0 + 0 tokens"));
    assert_eq!((endpoint.requests().len(), site.post(DAY)), (calls, post));
    assert!(list(&site.audit(DAY)["brief"]["calls"]).iter().all(|call| call["kept"] == true));

    let told = site.run(&["cache", "stats", "--json"]).exits(0).json();
    assert_eq!(told["answers"]["count"], calls);
    site.run(&["cache", "stats"]).exits(0).prints(&format!("answers of models: {calls} in `cache/model`"));
    site.run(&["cache", "clear"]).exits(0).prints(&format!("cleared {calls} answers"));
    site.run_day(DAY, &["--force"]).exits(0);
    assert_eq!(endpoint.requests().len(), 2 * calls);
}

#[test]
fn a_changed_tweet_remakes_only_what_tells_of_it() {
    let endpoint = Endpoint::honest();
    let site = site(&endpoint.config());
    let corpus = fs::read_to_string(fixture("ai/2026-03-03.jsonl")).unwrap();
    site.write("corpus/day.jsonl", &corpus);
    let run = || site.run(&["run", "--corpus", "corpus", "--date", DAY]).exits(0);
    run();
    let before = endpoint.requests();
    site.write(
        "corpus/day.jsonl",
        corpus.replacen("Longshore's zoning passed", "Longshore's new zoning passed", 1),
    );
    run();
    let after = endpoint.requests();
    let new: Vec<_> = after[before.len()..].iter().map(|request| &request.body).collect();
    assert!(new.iter().all(|body| before.iter().all(|old| old.body != **body)), "no question twice");
    assert!((1..before.len()).contains(&new.len()), "{} of {} questions were new", new.len(), before.len());
}

#[test]
fn moderation_costs_its_search_once_and_one_tweet() {
    let endpoint = Endpoint::start(|question| {
        let objects = question
            .lines
            .iter()
            .any(|line| line["text"].as_str().is_some_and(|text| text.contains("Longshore's zoning")));
        if objects && question.section.is_some() {
            return Answer::Status(
                400,
                json!({"error": {"message": "Content Exists Risk", "code": "invalid_request_error"}}),
            );
        }
        Answer::Claims(question.honest_claims())
    });
    let site = site(&endpoint.config());
    site.run_day(DAY, &[]).exits(0).says("the model's moderation objects to ");
    let audit = site.audit(DAY);
    assert_eq!((&audit["grade"], &audit["brief"]["gaps"]), (&json!("model"), &json!([])));
    let withheld = list(&audit["brief"]["withheld"]);
    assert!(!withheld.is_empty());
    let cited = audit["brief"].to_string();
    for one in withheld {
        let id = one["id"].as_str().unwrap();
        assert_eq!(cited.matches(id).count(), 1, "{id} is in the list of the withheld and nowhere else");
    }
    let calls = endpoint.requests().len();
    site.run_day(DAY, &["--force"]).exits(0);
    assert_eq!(endpoint.requests().len(), calls, "what was found out is kept");
}

#[test]
fn who_is_down_is_fallen_back_from() {
    let endpoint = Endpoint::honest();
    let second = endpoint.config();
    let second = second.lines().find(|line| line.starts_with("base_url")).unwrap();
    let site = site(&format!(
        "{}[[model.fallback]]\n{second}\n[model.fallback.ask]\nname = \"second\"\n",
        config(&closed_port())
    ));
    site.run_day(DAY, &[]).exits(0);
    let bodies: Vec<Value> = endpoint.requests().iter().map(|request| request.body_json().unwrap()).collect();
    assert!(!bodies.is_empty() && bodies.iter().all(|body| body["model"] == "second"));
    assert!(list(&site.audit(DAY)["brief"]["calls"]).iter().all(|call| call["model"] == "second"));
    let wrong = format!("{}[[model.fallback]]\nbase_ulr = \"x\"\n", config(&closed_port()));
    site.configure(&wrong);
    site.run_day(DAY, &[]).exits(2).says("[[model.fallback]] number 1").says("did you mean `base_url`?");
}

#[test]
fn the_budget_is_kept_to() {
    let endpoint = Endpoint::honest();
    let prices = "[model.prices.gpt-6-luna]\ninput = 10.0\noutput = 100.0\n";
    // Each answer costs .03; before it is there it may cost .4 and its question.
    let site = site(&format!("{}parallel = 1\n[model.budget]\nday_money = 0.5\n{prices}", endpoint.config()));
    let json = site.run_day(DAY, &["--json"]).exits(3).json();
    let cost = json["model"]["cost"].as_f64().unwrap();
    assert!(cost > 0.0 && cost <= 0.5, "{json}");
    assert!(json["gaps"].to_string().contains("`model.budget.day_money`"), "{json}");
    // The next run of the day pays only for what is left, and goes on where this one stopped.
    let first = endpoint.requests().len();
    site.run_day(DAY, &[]).exits(3);
    assert!(endpoint.requests().len() <= first + 1, "the day's budget is the day's");
    site.configure(&format!("{}[model.budget]\nrun_money = 1.0\n", endpoint.config()));
    site.run_day(DAY, &[]).exits(2).says("a budget in money needs a price for `gpt-6-luna`");
}

#[test]
fn the_month_s_budget_is_that_of_all_runs_in_the_ledger() {
    let endpoint = Endpoint::honest();
    let prices = "[model.prices.gpt-6-luna]\ninput = 10.0\noutput = 100.0\n";
    let month = |money: f64| format!("{}[model.budget]\nmonth_money = {money}\n{prices}", endpoint.config());
    let site = site(&month(50.0)).with("TUIBAO_NOW", "2026-03-31T10:00:00Z");
    let cost = site.run_day(DAY, &["--json"]).exits(0).json()["model"]["cost"].as_f64().unwrap();
    assert!(cost > 0.0);
    site.run(&["status"]).exits(0).prints(&format!("{cost:.4} USD"));
    site.configure(&month(cost / 2.0));
    let calls = endpoint.requests().len();
    site.run_day("2026-03-02", &[]).exits(3).says("the month's budget is spent");
    assert_eq!(endpoint.requests().len(), calls, "no call left");
    assert_eq!(site.audit("2026-03-02")["grade"], "fallback");
    // In Shanghai it is April by now.
    let april = site.with("TUIBAO_NOW", "2026-03-31T17:00:00Z");
    april.configure(&month(50.0));
    april.run_day("2026-03-02", &[]).exits(0);
    april.run(&["status"]).exits(0).prints("spent since 2026-04-01");
}

#[test]
fn a_recording_is_played_again_without_a_network() {
    let endpoint = Endpoint::honest();
    let (first, offline) = (site(&endpoint.config()), config(&closed_port()));
    first.configure(&format!("{}record = \"said\"\n", endpoint.config()));
    first.run_day(DAY, &[]).exits(0);
    let second = Site::quick(&format!("{offline}replay = {:?}\n", first.path("said")));
    second.run_day(DAY, &[]).exits(0);
    assert_eq!(second.post(DAY), first.post(DAY));
    second.run_day("2026-03-02", &[]).exits(3).says("no recording of this question");
}

#[test]
fn a_killed_back_fill_goes_on_where_it_was() {
    let endpoint = Endpoint::start(|question| {
        thread::sleep(Duration::from_millis(60));
        Answer::Claims(question.honest_claims())
    });
    let site = site(&format!("{}parallel = 2\n", endpoint.config()));
    let arguments = ["backfill", "--corpus", &fixture("ai"), "--from", "2026-03-02", "--to", "2026-03-04"];
    for wait in [350, 500, 650, 800] {
        let mut running =
            site.command(&arguments).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(wait));
        running.kill().unwrap();
        running.wait().unwrap();
    }
    site.run(&arguments).exits(0);
    let mut bodies: Vec<Vec<u8>> = endpoint.requests().into_iter().map(|request| request.body).collect();
    let calls = bodies.len();
    bodies.sort();
    bodies.dedup();
    // What was under way at a kill, two calls at a time, cannot have been kept.
    assert!(calls - bodies.len() <= 4 * 2, "{calls} calls for {} questions", bodies.len());
    for day in ["2026-03-02", "2026-03-03", "2026-03-04"] {
        site.run(&["check", &post_path(day)]).exits(0);
        assert_eq!(site.audit(day)["grade"], "model");
    }
}

#[test]
fn the_doctor_asks_once_and_tells_what_the_endpoint_can_do() {
    let endpoint = Endpoint::start(|_| Answer::Text("{\"ok\": true}".to_owned()));
    let healthy = site(&format!("{}[corpus]\npaths = [{:?}]\n", endpoint.config(), fixture("ai")));
    let ended = healthy.run(&["doctor", "--model", "-vvv"]).exits(0);
    let ended = ended
        .prints("ok    model `gpt-6-luna` at http://127.0.0.1")
        .prints("structured output: JSON Schema; kept");
    assert_eq!(endpoint.requests().len(), 1);
    assert!(!ended.to_string().contains("CANARY"), "{ended}");

    let refusing = Endpoint::start(|_| {
        Answer::Status(401, json!({"error": {"message": format!("Incorrect API key: {CANARY}")}}))
    });
    healthy.configure(&format!("{}[corpus]\npaths = [{:?}]\n", refusing.config(), fixture("ai")));
    let ended = healthy.run(&["doctor", "--model"]).exits(5).prints("wrong model").prints("check the key");
    assert!(!ended.to_string().contains("CANARY"), "{ended}");
}

#[test]
fn a_preset_comes_before_what_the_user_says() {
    let endpoint = Endpoint::start(|question| Answer::Claims(question.honest_claims()));
    let own = endpoint.config();
    let site = site(&own.replace("[model]\n", "[model]\nendpoint = \"deepseek\"\n"));
    site.run_day(DAY, &[]).exits(0);
    let sent: Value = endpoint.requests()[0].body_json().unwrap();
    assert_eq!(sent["response_format"]["type"], "json_object", "the preset's");
    assert_eq!(sent["model"], "deepseek-flash");
    site.configure(&own.replace("[model]\n", "[model]\nendpoint = \"deepsek\"\n"));
    site.run_day(DAY, &[]).exits(2).says("no endpoint `deepsek`").says("built in: openai, deepseek");
}
