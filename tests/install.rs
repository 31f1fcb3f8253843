//! From nothing to a report every day: `init`, `config`, completions and manual pages, and the files of `contrib/`.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use regex::Regex;
use serde_json::Value;

use crate::support::{BINARY, Ended, Site, fixture};

/// A picture that takes no time.
fn site() -> Site {
    Site::new().with("TUIBAO_CLOUD__WIDTH", "320").with("TUIBAO_CLOUD__HEIGHT", "180")
}

fn own_file(name: &str) -> String {
    fs::read_to_string(format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn a_new_folder_is_understood_and_makes_a_report() {
    let site = site();
    let made = site.run(&["init"]).exits(0).prints("made: ./tuibao.toml");
    made.prints("made: ./config/reports/ai_daily.toml").prints("OnCalendar=*-*-* 00:04:00 Asia/Shanghai");
    let looked = site.run(&["doctor"]).exits(2).prints("ok    configuration: profile `ai_daily`");
    let looked =
        looked.prints("wrong corpus: no files in corpus").prints("ok    output: `site` can be written");
    assert_eq!(looked.stdout.matches("wrong ").count(), 1, "{looked}");
    site.run(&["config", "check"]).exits(0).prints("ok    configuration");

    let corpus = fixture("ai");
    site.run(&["run", "--corpus", &corpus, "--date", "2026-03-04"]).exits(0);
    let post = "site/_posts/2026-03-04-ai_daily_20260304_20260304.md";
    site.run(&["check", post]).exits(0);
    let picture = site.path("site/assets/reports/wordcloud_ai_daily_20260304_20260304.jpg");
    assert!(picture.is_file(), "where Jekyll copies it from");
}

#[test]
fn init_leaves_what_is_there() {
    let site = site();
    site.write("new/tuibao.toml", "[window]\ncutoff = \"10:00\"\n");
    let told = site.run(&["init", "new", "--site", "hugo", "--name", "games"]).exits(0);
    let told =
        told.prints("there, left as it is: new/tuibao.toml").prints("made: new/config/reports/games.toml");
    told.prints("    4 10 * * *  cd ");
    assert_eq!(fs::read_to_string(site.path("new/tuibao.toml")).unwrap(), "[window]\ncutoff = \"10:00\"\n");
    let before = site.tree();
    site.run(&["init", "new", "--name", "games"]).exits(0).prints("left as it is: new/.gitignore");
    before.assert_untouched(&site.tree());
}

#[test]
fn init_refuses_what_cannot_be_and_writes_nothing() {
    let site = site();
    site.run(&["init", "--site", "drupal"])
        .exits(2)
        .says("no site preset `drupal`")
        .says("hint: built in: jekyll");
    site.run(&["init", "--name", "../up"]).exits(2).says("cannot be part of a file name");
    assert!(site.tree().files().is_empty(), "nothing was written");
    site.write("taken", "a file");
    site.run(&["init", "taken"]).exits(6).says("cannot make `taken/corpus`").says("hint: ");
}

/// What `config show` says of every key.
fn shown(site: &Site) -> BTreeMap<String, Value> {
    let keys = site.run(&["config", "show", "--json"]).exits(0).json();
    keys.as_object().unwrap().iter().map(|(key, one)| (key.clone(), one["value"].clone())).collect()
}

/// A commented-out setting: without its comment sign, and whether it is an example only.
fn setting(line: &str) -> Option<(String, bool)> {
    let pattern = Regex::new("^# (\"[^\"]+\"|[a-z_]+) = ").unwrap();
    pattern.is_match(line).then(|| (line[2..].to_owned(), line.contains("# for example")))
}

#[test]
fn every_line_of_the_new_files_that_is_commented_out_is_right() {
    let site = site();
    site.run(&["init", "--site", "jekyll"]).exits(0);
    let as_made = shown(&site);
    let mut examples = Vec::new();
    for file in ["tuibao.toml", "config/reports/ai_daily.toml"] {
        let text = fs::read_to_string(site.path(file)).unwrap();
        let settings = text.lines().filter_map(setting).collect::<Vec<_>>();
        assert!(settings.len() >= 6, "{file} explains itself");
        examples.extend(settings.iter().filter(|(_, example)| *example).map(|(line, _)| line.clone()));
        let lines = text.lines().map(|line| setting(line).map_or(line.to_owned(), |(line, _)| line));
        site.write(file, lines.collect::<Vec<_>>().join("\n"));
    }
    site.run(&["config", "check"]).exits(0);
    let table: toml::Table = fs::read_to_string(site.path("tuibao.toml")).unwrap().parse().unwrap();
    assert_eq!(table["model"]["endpoint"].as_str(), Some("deepseek"), "all are uncommented");
    // What an example changes is its own key, and what a preset that it names sets.
    let may = |key: &str| {
        let name = key.rsplit('.').next().unwrap().trim_matches('"');
        key.starts_with("model.")
            || examples.iter().any(|line| line.trim_start_matches('"').starts_with(name))
    };
    let changed = shown(&site).into_iter().filter(|(key, value)| as_made.get(key) != Some(value));
    let changed: Vec<_> = changed.map(|(key, _)| key).filter(|key| !may(key)).collect();
    assert!(changed.is_empty(), "these lines do not show the default: {changed:?}");
}

#[test]
fn config_show_names_the_layer_of_each_key() {
    let site = Site::new().with("TUIBAO_RANK__MAX_TOPICS", "7");
    site.write(
        "tuibao.toml",
        "profile = \"mine\"\n[output]\npreset = \"hugo\"\n[model]\nendpoint = \"deepseek\"\n",
    );
    site.write("config/reports/mine.toml", "base = \"twitter_ai\"\n[report]\nname = \"mine\"\n");
    let keys = site.run(&["config", "show", "--json", "--out", "public"]).exits(0).json();
    let cases = [
        ("window.timezone", "default", "the defaults"),
        ("output.posts", "site_preset", "site preset hugo"),
        ("output.preset", "file", "tuibao.toml"),
        ("output.site", "flag", "the command line"),
        ("model.base_url", "endpoint", "endpoint deepseek"),
        ("report.name", "profile", "config/reports/mine.toml"),
        ("report.brief", "profile", "profile twitter_ai"),
        ("rank.max_topics", "environment", "the environment variable TUIBAO_RANK__MAX_TOPICS"),
    ];
    for (key, layer, from) in cases {
        assert_eq!(
            (keys[key]["layer"].as_str(), keys[key]["from"].as_str()),
            (Some(layer), Some(from)),
            "{key}"
        );
    }
    let lines =
        site.run(&["config", "show", "window"]).exits(0).prints("window.cutoff = \"00:00\"  # the defaults");
    lines.stdout.parse::<toml::Table>().unwrap();
    site.run(&["config", "show"]).exits(0).stdout.parse::<toml::Table>().unwrap();
    site.run(&["config", "show", "windou"]).exits(2).says("no key begins with `windou`");
}

#[test]
fn config_show_keeps_secrets() {
    let site = Site::new().with("OPENAI_API_KEY", "CANARY-1").with("TUIBAO_MODEL__API_KEY", "CANARY-2");
    site.write(
        "tuibao.toml",
        "[model]\nbase_url = \"https://me:CANARY-3@example.org/v1?token=CANARY-4\"\nextra = { token = \"CANARY-5\" }\n\
         api_key_env = \"sk-CANARY-6\"\n[corpus]\npaths = [\"https://example.org/a?key=CANARY-7\"]\n\
         [[notify]]\nname = \"a\"\nservice = \"webhook\"\nbody = { password = \"CANARY-8\" }\n",
    );
    for more in [&["--json"][..], &[]] {
        let told =
            site.run(&[&["config", "show"], more].concat()).exits(0).prints("example.org/v1?token=(hidden)");
        assert!(!told.to_string().contains("CANARY"), "a secret is shown{told}");
    }
}

#[test]
fn config_check_tells_everything_that_is_wrong_with_its_line() {
    let site = Site::new().with("TUIBAO_WINDOW_TIMEZONE", "UTC");
    site.write("config/reports/mine.toml", "base = \"twitter_ai\"\n[filter]\nlangages = []\n");
    site.write(
        "tuibao.toml",
        "profile = \"mine\"\ntimezone = \"UTC\"\n[window]\ncutof = \"10:00\"\n[model.ask]\ntemperatur = 1\n\
         [writer]\nmode = \"modle\"\n[[notify]]\nname = \"a\"\nservice = \"slak\"\n[[notify]]\nname = \"b\"\n\
         service = \"slack\"\nurl = \"x\"\n[[model.fallback]]\nendpoit = \"deepseek\"\n",
    );
    let told = site.run(&["config", "check"]).exits(2);
    let cases = [
        ("config/reports/mine.toml:3: filter.langages: unknown field `langages`", "languages"),
        ("tuibao.toml:2: timezone: unknown field `timezone`", "window.timezone"),
        ("tuibao.toml:4: window.cutof: unknown field `cutof`", "cutoff"),
        ("tuibao.toml:6: model.ask.temperatur: unknown field `temperatur`", "temperature"),
        ("tuibao.toml:8: writer.mode: unknown variant `modle`", "model"),
        ("tuibao.toml:11: notify[0].service: unknown variant `slak`", "slack"),
        ("tuibao.toml:15: notify[1].url: unknown field `url`", "url_env"),
        ("[[model.fallback]] number 1: endpoit: unknown field `endpoit`", "endpoint"),
        ("variable TUIBAO_WINDOW_TIMEZONE: window_timezone: unknown field `window_timezone`", "timezone"),
    ];
    let told = cases.iter().fold(told, |told, (line, near)| {
        told.prints(&format!("wrong {line}")[6..]).prints(&format!("hint: did you mean `{near}`?"))
    });
    assert_eq!(told.stdout.matches("wrong ").count(), cases.len(), "{told}");
    told.prints("the variable is TUIBAO_WINDOW__TIMEZONE");
    let all = site.run(&["config", "check", "--json"]).exits(2).json();
    assert_eq!(all["problems"].as_array().unwrap().len(), cases.len());
}

#[test]
fn config_check_looks_at_what_values_mean_too() {
    let site = Site::new();
    site.write(
        "tuibao.toml",
        "[window]\ntimezone = \"Asia/Shanghia\"\n[output]\nposts = \"%Q\"\n[rank]\nmax_topics = 3\n",
    );
    let told =
        site.run(&["config", "check"]).exits(2).prints("Asia/Shanghia").prints("`%Q` is no folder pattern");
    told.prints("note  `rank.max_topics` of tuibao.toml has no effect");
    site.write("tuibao.toml", "[window");
    site.run(&["config", "check"]).exits(2).prints("wrong `tuibao.toml` is not valid TOML");
    site.write("tuibao.toml", "profile = \"a\"\n");
    site.write("config/reports/a.toml", "profile = \"twitter_ai\"\n");
    site.run(&["config", "check"])
        .exits(2)
        .prints("cannot stand in a profile")
        .prints("did you mean `base`?");
}

#[test]
fn doctor_looks_at_the_machine_and_at_stores() {
    let site = Site::new();
    let corpus = fixture("ai");
    site.run(&["import", &corpus, "--store", "tweets"]).exits(0);
    let told =
        site.run(&["doctor", "--corpus", "tweets"]).exits(0).prints("ok    clock: 20").prints("ok    disk: ");
    let told = told.prints("ok    store: `tweets` can be read: ").prints("the newest 2026-03-04");
    told.prints("note  newest tweet: 2026-03-04").prints("`tuibao run` needs --date");
    site.write("tweets/_store.json", "{\"schema\": 99, \"program\": \"x\"}");
    site.run(&["doctor", "--corpus", "tweets"]).exits(2).prints("wrong store: ");
}

/// All commands with the words that lead to them, as the help lists them.
fn commands(site: &Site, above: &[&str]) -> Vec<String> {
    let help = site.run(&[above, &["--help"]].concat()).exits(0).stdout;
    let Some((_, list)) = help.split_once("Commands:\n") else { return Vec::new() };
    let name = Regex::new(r"^  ([a-z]+)\b").unwrap();
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| Some(name.captures(line)?[1].to_owned()));
    names.filter(|name| name != "help").collect()
}

#[test]
fn completions_and_manual_pages_have_every_command() {
    let site = Site::new();
    let all = commands(&site, &[]);
    assert!(all.len() >= 19 && all.contains(&"init".to_owned()), "{all:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = site.run(&["completions", shell]).exits(0).stdout;
        for command in &all {
            assert!(script.contains(command.as_str()), "{shell} lacks {command}");
        }
    }
    site.run(&["completions", "tcsh"]).exits(2).says("bash");
    site.run(&["man"]).exits(0).prints(".TH tuibao 1");
    site.run(&["man", "--out", "man"]).exits(0);
    for command in &all {
        let pages = [command.clone()].into_iter();
        let below = commands(&site, &[command.as_str()]).into_iter().map(|name| format!("{command}-{name}"));
        for page in pages.chain(below) {
            let text = fs::read_to_string(site.path(&format!("man/tuibao-{page}.1"))).unwrap_or_default();
            assert!(text.contains(".TH tuibao"), "no page of {page}");
        }
    }
    renders(&site.path("man/tuibao-run.1"));
}

/// By groff, when it is there: without a complaint, and with the flags.
fn renders(page: &Path) {
    let Ok(output) = Command::new("groff").args(["-man", "-Tutf8", "-ww"]).arg(page).output() else {
        return eprintln!("skipped: groff is not installed");
    };
    let shown = Ended::new("groff".to_owned(), output).exits(0);
    assert!(shown.stderr.is_empty() && shown.stdout.contains("run"), "{shown}");
}

const CONTRIB: [&str; 5] = [
    "contrib/systemd/tuibao.service",
    "contrib/crontab",
    "contrib/Dockerfile",
    "contrib/github-pages.yml",
    "docs/operations.md",
];

/// Calls of the program in a text: the words behind `tuibao`, to the end of the command.
fn calls(text: &str) -> Vec<Vec<String>> {
    let call = Regex::new(r"(?m)(?:^|[\s/;])tuibao((?: +(?:--?[a-z][a-z-]*|[^\s|;&`#>)]+))+)").unwrap();
    let command = Regex::new("^[a-z]+$").unwrap();
    // What the shell works out is no word of ours.
    let text = Regex::new(r"\$\([^)]*\)").unwrap().replace_all(text, "DATE");
    let words =
        call.captures_iter(&text).map(|found| found[1].split_whitespace().map(str::to_owned).collect());
    words.filter(|words: &Vec<String>| command.is_match(&words[0])).collect()
}

#[test]
fn every_call_in_contrib_is_one() {
    let site = Site::new();
    let all = commands(&site, &[]);
    for file in CONTRIB {
        let text = own_file(file);
        // Prose has the program's name too; a call is one when a command follows.
        let found: Vec<_> = calls(&text).into_iter().filter(|words| all.contains(&words[0])).collect();
        assert!(!found.is_empty(), "{file} calls the program");
        for words in found {
            let flags = words.iter().filter(|word| word.starts_with('-'));
            let depth = if commands(&site, &[&words[0]]).is_empty() { 1 } else { 2 };
            let names: Vec<&str> = words.iter().take(depth).map(String::as_str).collect();
            let help = site.run(&[&names[..], &["--help"]].concat()).exits(0).stdout;
            for flag in flags {
                assert!(help.contains(flag.as_str()), "{file}: `{}` has no {flag}", names.join(" "));
            }
        }
    }
}

#[test]
fn the_workflow_is_yaml_with_pinned_actions_and_few_rights() {
    let text = own_file("contrib/github-pages.yml");
    let flow: Value = serde_saphyr::from_str(&text).unwrap();
    assert_eq!(flow["permissions"], serde_json::json!({}), "nothing unless a job says so");
    let jobs = flow["jobs"].as_object().unwrap();
    let uses = jobs
        .values()
        .flat_map(|job| job["steps"].as_array().unwrap())
        .filter_map(|step| step["uses"].as_str());
    let uses: Vec<_> = uses.collect();
    let pinned = Regex::new(r"^actions/[a-z-]+@v\d+$").unwrap();
    assert!(uses.len() >= 6 && uses.iter().all(|action| pinned.is_match(action)), "{uses:?}");
    assert!(
        jobs.values().all(|job| job["permissions"].is_object() && job["timeout-minutes"] != 0),
        "{jobs:?}"
    );
    assert!(!text.contains("write-all"));
}

#[test]
fn systemd_takes_the_units() {
    let site = Site::new();
    for name in ["tuibao.service", "tuibao.timer"] {
        site.write(
            name,
            own_file(&format!("contrib/systemd/{name}")).replace("/usr/local/bin/tuibao", BINARY),
        );
    }
    let units = [site.path("tuibao.service"), site.path("tuibao.timer")];
    let Ok(output) = Command::new("systemd-analyze").args(["verify", "--man=no"]).args(units).output() else {
        return eprintln!("skipped: systemd-analyze is not installed");
    };
    let told = Ended::new("systemd-analyze verify".to_owned(), output);
    assert!(!told.stderr.contains("tuibao."), "{told}");
}
