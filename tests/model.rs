//! The model's way: over real HTTP, with every fault that a model has.

use std::{
    fs,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};

use crate::support::{
    Ended, Site,
    audit::{claims, detail, list},
    endpoint::{Answer, CANARY, Endpoint, closed_port, config},
    post, post_path,
};

const DAY: &str = "2026-03-03";

fn site(config: &str) -> Site {
    Site::quick(config).with("OPENAI_API_KEY", CANARY)
}

#[test]
fn a_model_writes_the_report() {
    let endpoint = Endpoint::honest();
    let site = site(&endpoint.config());
    let made = site.run_day(DAY, &["-vvv"]).exits(0).prints(&post_path(DAY)).says("model: ");
    let audit = site.audit(DAY);
    assert_eq!((&audit["grade"], &audit["brief"]["gaps"]), (&json!("model"), &json!([])));
    let no_room = |one: &Value| one["problems"] == json!([{"problem": "surplus"}]);
    assert!(list(&audit["brief"]["refused"]).iter().all(no_room), "{}", audit["brief"]["refused"]);
    let claims = claims(&audit);
    assert!(claims.len() > 20 && claims.iter().all(|(_, claim)| claim["writer"] == "model"), "{claims:#?}");

    let requests = endpoint.requests();
    let told = list(&audit["brief"]["sections"])
        .iter()
        .filter(|section| !list(&section["claims"]).is_empty())
        .count();
    assert_eq!(requests.len(), told + 2, "one call a section with topics, then overview and key points");
    assert_eq!(list(&audit["brief"]["calls"]).len(), told + 2);
    for request in &requests {
        assert_eq!(request.headers["authorization"], format!("Bearer {CANARY}"));
        assert!(!String::from_utf8_lossy(&request.body).contains("CANARY"), "the key is in one header only");
    }
    assert!(!made.to_string().contains("CANARY"), "not in the log at -vvv");
    let tree = site.tree();
    let leaks = |path: &&str| tree.bytes(path).windows(6).any(|six| six == b"CANARY");
    assert_eq!(tree.files().into_iter().filter(leaks).collect::<Vec<_>>(), Vec::<&str>::new());

    let post = site.post(DAY);
    assert_eq!(post::below(&post, "### 核心信息").len(), 10);
    site.run(&["check", &post_path(DAY)]).exits(0);
    site.run_day(DAY, &[]).exits(0).says("nothing to do");
    assert_eq!(endpoint.requests().len(), requests.len(), "what is up to date is not asked for again");
}

#[test]
fn the_key_may_come_from_a_file_and_a_local_server_needs_none() {
    let endpoint = Endpoint::honest();
    let site = Site::quick(&endpoint.config());
    site.run_day(DAY, &[]).exits(0);
    assert!(endpoint.requests().iter().all(|request| !request.headers.contains_key("authorization")));
    site.configure(&format!("{}api_key_file = \"key.txt\"\n", endpoint.config()));
    site.run_day(DAY, &["--force"]).exits(2).says("cannot read the API key file `key.txt`");
    site.write("key.txt", format!("{CANARY}\n"));
    let before = endpoint.requests().len();
    site.run_day(DAY, &["--force"]).exits(0);
    assert!(
        endpoint.requests()[before..]
            .iter()
            .all(|request| request.headers["authorization"] == format!("Bearer {CANARY}"))
    );
}

#[test]
fn the_proxy_of_the_environment_is_used() {
    let proxy = Endpoint::honest();
    let address = proxy
        .config()
        .lines()
        .find_map(|line| Some(line.strip_prefix("base_url = \"")?.strip_suffix("/v1\"")?.to_owned()));
    let site = site(&config("http://model.invalid/v1")).with("http_proxy", &address.unwrap());
    site.run_day(DAY, &[]).exits(0);
    assert!(proxy.requests().iter().all(|request| request.headers["host"] == "model.invalid"));
}

#[test]
fn with_the_server_down_the_report_is_extractive_and_partial() {
    let site = site(&config(&closed_port()));
    let made = site
        .run_day(DAY, &[])
        .exits(3)
        .prints(&post_path(DAY))
        .says("warning: no usable answer for `overview`");
    let audit = site.audit(DAY);
    assert_eq!(audit["grade"], "fallback");
    assert!(claims(&audit).iter().all(|(_, claim)| claim["writer"] == "extractive"), "{made}");
    let gaps = list(&audit["brief"]["gaps"]);
    assert!(
        gaps.len() >= 3 && gaps.iter().all(|gap| gap["reason"].as_str().unwrap().contains("unreachable")),
        "{gaps:?}"
    );
    assert!(site.post(DAY).contains("语言模型本次不可用"), "the post says so");
    site.run(&["check", &post_path(DAY)]).exits(0);

    // The next run asks again, and betters it.
    let endpoint = Endpoint::honest();
    site.configure(&endpoint.config());
    site.run_day(DAY, &[]).exits(0).prints(&post_path(DAY));
    assert_eq!(site.audit(DAY)["grade"], "model");
}

#[test]
fn with_the_server_down_and_no_fallback_nothing_is_written() {
    let config = config(&closed_port()).replace("[model]", "on_failure = \"fail\"\n[model]");
    let site = site(&config);
    let ended = site.run_day(DAY, &[]).exits(5).says("the model gave no usable answer").says("unreachable");
    ended.says("hint: `tuibao doctor` looks at the model");
    assert_nothing_published(&site);
}

#[test]
fn a_refused_key_ends_the_run() {
    let endpoint = Endpoint::start(|_| {
        Answer::Status(
            401,
            json!({"error": {"message": format!("Incorrect API key provided: {CANARY}"), "code": "invalid_api_key"}}),
        )
    });
    let site = site(&endpoint.config());
    let ended =
        site.run_day(DAY, &["-vvv"]).exits(5).says("401").says("hint: check the key (`model.api_key_env`)");
    assert!(!ended.to_string().contains("CANARY"), "{ended}");
    endpoint.requests();
    assert_nothing_published(&site);
    site.backfill("2026-03-02", "2026-03-03", &[]).exits(5).says("401");
    assert_nothing_published(&site);
}

#[track_caller]
fn assert_nothing_published(site: &Site) {
    assert_eq!(site.tree().files().into_iter().collect::<Vec<_>>(), ["tuibao.toml"]);
}

/// An endpoint that answers one section, whichever is asked first, with text of no use, so many times.
fn breaking_one_section(times: usize) -> Endpoint {
    let (broken, group) = (AtomicUsize::new(0), OnceLock::new());
    Endpoint::start(move |question| {
        let is_first =
            question.section.is_some() && group.get_or_init(|| question.group.clone()) == &question.group;
        if is_first && broken.fetch_add(1, Ordering::SeqCst) < times {
            return Answer::Text("{\"claims\": [{\"group\": \"x\", \"lead\"".to_owned());
        }
        Answer::Claims(question.honest_claims())
    })
}

#[test]
fn a_broken_answer_is_asked_for_again() {
    let endpoint = breaking_one_section(1);
    let site = site(&endpoint.config());
    site.run_day(DAY, &[]).exits(0);
    let audit = site.audit(DAY);
    assert_eq!((&audit["grade"], &audit["brief"]["gaps"]), (&json!("model"), &json!([])));
    let rounds = list(&audit["brief"]["calls"]).iter().map(|call| &call["round"]);
    assert_eq!(rounds.filter(|round| *round == "again").count(), 1);
}

#[test]
fn an_answer_that_stays_broken_is_one_gap() {
    let endpoint = breaking_one_section(9);
    let site = site(&endpoint.config());
    let made = site.run_day(DAY, &[]).exits(3).says("warning: no usable answer for `");
    endpoint.requests();
    let audit = site.audit(DAY);
    assert_eq!(audit["grade"], "model_with_gaps");
    let gaps = list(&audit["brief"]["gaps"]);
    assert_eq!(gaps.len(), 1, "{gaps:?}{made}");
    let lost = gaps[0]["part"].as_str().unwrap();
    made.says(&format!("no usable answer for `{lost}`"));
    let detail = detail(&audit);
    for (part, claim) in &detail {
        assert_eq!(claim["writer"], if *part == lost { "extractive" } else { "model" }, "{part}");
    }
    assert!(detail.iter().any(|(part, _)| *part == lost), "the section is not empty");
    site.run(&["check", &post_path(DAY)]).exits(0);
}

/// What a model may invent, each in a claim of its own.
const INVENTIONS: [(&str, &str); 5] = [
    ("营收达到 98765 亿美元", "98765"),
    ("@nobody_knows_me 也表示赞同", "nobody_knows_me"),
    ("由 Zorblattix 公司提供支持", "Zorblattix"),
    ("他说“这是本世纪最伟大的发明”", "本世纪最伟大的发明"),
    ("详见 https://evil.example/login", "evil.example"),
];

#[test]
fn what_a_model_invents_is_refused_replaced_and_nowhere_in_the_post() {
    let spoilt = AtomicUsize::new(0);
    let endpoint = Endpoint::start(move |question| {
        let mut claims = question.honest_claims();
        if question.section.is_some() {
            for claim in &mut claims {
                let (words, _) = INVENTIONS[spoilt.fetch_add(1, Ordering::SeqCst) % INVENTIONS.len()];
                claim["text"] = json!(format!("{}{words}。", claim["text"].as_str().unwrap()));
            }
        }
        Answer::Claims(claims)
    });
    let site = site(&endpoint.config());
    // Every claim about tweets is spoilt, so what stands in the post is the extractive writer's.
    let made = site.run_day(DAY, &[]).exits(0);
    endpoint.requests();
    let (audit, post) = (site.audit(DAY), site.post(DAY));
    let brief_part = ["overview", "key_points"].map(Value::from);
    let refused = list(&audit["brief"]["refused"]).iter().filter(|one| one["draft"]["writer"] == "model");
    let in_sections: Vec<&Value> = refused.filter(|one| !brief_part.contains(&one["section"])).collect();
    for (words, mark) in INVENTIONS {
        let of_it: Vec<_> =
            in_sections.iter().filter(|one| one["draft"]["text"].as_str().unwrap().contains(words)).collect();
        assert!(!of_it.is_empty(), "no claim carried `{words}`: {in_sections:#?}");
        assert!(
            of_it.iter().all(|one| one["replaced"] == true && one["problems"][0].is_object()),
            "{of_it:#?}"
        );
        assert!(
            !post.contains(mark) && !post.contains(&mark.replace('_', "\\_")),
            "`{mark}` in the post{made}"
        );
    }
    assert!(detail(&audit).len() >= list(&audit["topics"]).len(), "no topic was lost");
    site.run(&["check", &post_path(DAY)]).exits(0);
}

#[test]
fn a_citation_that_was_not_given_is_refused() {
    let endpoint = Endpoint::start(|question| {
        let mut claims = question.honest_claims();
        if question.section == Some(0) {
            claims[0]["cites"] = json!([claims[0]["cites"][0], "t9999"]);
        }
        if question.section == Some(1) {
            let mut extra = claims[0].clone();
            extra["cites"] = json!([]);
            claims.push(extra);
        }
        Answer::Claims(claims)
    });
    let site = site(&endpoint.config());
    site.run_day(DAY, &[]).exits(0);
    endpoint.requests();
    let audit = site.audit(DAY);
    let problems = |wanted: &Value| -> Vec<Value> {
        let refused = list(&audit["brief"]["refused"]).iter();
        refused
            .filter(|one| list(&one["problems"]).contains(wanted))
            .map(|one| one["replaced"].clone())
            .collect()
    };
    assert_eq!(problems(&json!({"problem": "unknown_citation", "alias": "t9999"})), [json!(true)]);
    assert_eq!(problems(&json!({"problem": "no_citation"})).len(), 1);
    site.run(&["check", &post_path(DAY)]).exits(0);
}

#[test]
fn a_worse_report_never_replaces_a_better_one() {
    let endpoint = Endpoint::honest();
    let site = site(&endpoint.config());
    site.run_day(DAY, &[]).exits(0);
    let post = fs::read(site.path(&post_path(DAY))).unwrap();
    let better = site.tree();

    site.configure(&config(&closed_port()));
    let kept = |ended: Ended| {
        assert_eq!(ended.says("a better report is there and was kept; --force replaces it").stdout, "");
    };
    kept(site.run_day(DAY, &[]).exits(3));
    assert_eq!(fs::read(site.path(&post_path(DAY))).unwrap(), post);
    kept(site.run_day(DAY, &["--writer", "extractive"]).exits(0));
    site.backfill(DAY, DAY, &["--writer", "extractive"])
        .exits(0)
        .says("1 reports: 0 published, 0 up to date, 1 kept (better)");
    let changed = better.changed(&site.tree()).into_iter().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(changed, ["tuibao.toml"], "only the configuration, by this test");

    site.run_day(DAY, &["--writer", "extractive", "--force"]).exits(0).prints(&post_path(DAY));
    assert_ne!(fs::read(site.path(&post_path(DAY))).unwrap(), post);
    assert_eq!(site.audit(DAY)["grade"], "extractive");
}
