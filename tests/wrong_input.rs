//! Wrong input: each fault has its exit code, names what is wrong and says what to do.

use crate::support::{Site, fixture};

const RUN: [&str; 3] = ["run", "--date", "2026-03-03"];

#[test]
fn wrong_dates_and_flags_are_usage_errors() {
    let site = Site::quick("");
    site.run_day("2026-13-40", &[]).exits(2).says("invalid value '2026-13-40' for '--date");
    site.run(&["run", "--from", "2026-03-04", "--to", "2026-03-02"])
        .exits(2)
        .says("2026-03-04 > 2026-03-02")
        .says("hint: --from");
    site.backfill("2026-03-04", "2026-03-02", &[])
        .exits(2)
        .says("2026-03-04 > 2026-03-02")
        .says("hint: --from");
    site.run(&["run", "--from", "2026-03-04"]).exits(2).says("--to");
    site.run_day("2026-03-03", &["--from", "2026-03-02", "--to", "2026-03-03"])
        .exits(2)
        .says("cannot be used with");
    site.run_day("2026-03-03", &["--writer", "oracle"]).exits(2).says("extractive");
    site.run(&["publish"]).exits(2).says("unrecognized subcommand");
    assert_eq!(site.tree().files().into_iter().collect::<Vec<_>>(), ["tuibao.toml"], "nothing was written");
}

#[test]
fn wrong_configuration_names_its_place_and_the_nearest_key() {
    let cases = [
        (
            "[window]\ntimezon = \"UTC\"",
            vec!["in tuibao.toml", "`timezon`", "hint: did you mean `timezone`?"],
        ),
        ("[windou]\ntimezone = \"UTC\"", vec!["in tuibao.toml", "hint: did you mean `window`?"]),
        ("[writer]\nmode = \"modle\"", vec!["in tuibao.toml", "hint: did you mean `model`?"]),
        (
            "[model.ask]\nparallel = \"four\"",
            vec!["in tuibao.toml", "parallel", "hint: did you mean `model.parallel`?"],
        ),
        ("[model]\nparallel = \"four\"", vec!["in tuibao.toml", "four", "hint: every key"]),
        ("[window", vec!["`tuibao.toml` is not valid TOML"]),
        (
            "[window]\ntimezone = \"Asia/Shanghia\"",
            vec!["`window.timezone = \"Asia/Shanghia\"` is no time zone", "hint: use an IANA name"],
        ),
        (
            "[window]\ncutoff = \"10 am\"",
            vec!["`window.cutoff = \"10 am\"` is no time of day", "hint: write it as `HH:MM`"],
        ),
        ("[output]\nposts = \"_posts/%Q\"", vec!["`_posts/%Q` is no folder pattern", "hint: `%Y`"]),
        ("[writer]\nprompts = \"my-prompts\"", vec!["cannot read the prompt `my-prompts`"]),
        ("[ads]\nrules = \"ads.toml\"", vec!["cannot read the advert rules `ads.toml`"]),
    ];
    for (config, words) in cases {
        let site = Site::new();
        site.write("tuibao.toml", config);
        site.write("corpus/day.jsonl", "");
        words.into_iter().fold(site.run(&RUN).exits(2).says("error: "), |ended, words| ended.says(words));
        assert!(!site.path("site").exists(), "nothing was written: {config}");
    }
}

#[test]
fn a_named_configuration_a_profile_or_a_variable_is_blamed_by_its_name() {
    let site = Site::quick("");
    site.write("other.toml", "[cloud]\nseeds = 1");
    site.run_day("2026-03-03", &["--config", "other.toml"])
        .exits(2)
        .says("in other.toml")
        .says("did you mean `seed`?");
    site.run_day("2026-03-03", &["--config", "none.toml"])
        .exits(2)
        .says("cannot read the configuration `none.toml`");
    let unknown = site.run_day("2026-03-03", &["--profile", "twitter_tea"]).exits(2);
    unknown.says("no report profile `twitter_tea`").says("hint: built in: twitter_ai");
    site.write("config/reports/mine.toml", "[filter]\nlangages = []");
    let mine = site.run_day("2026-03-03", &["--profile", "mine"]).exits(2);
    mine.says("in config/reports/mine.toml").says("did you mean `languages`?");
    let site = Site::quick("").with("TUIBAO_WINDOW__TIMEZON", "UTC");
    let variable = site.run_day("2026-03-03", &[]).exits(2);
    variable.says("the environment variable TUIBAO_WINDOW__TIMEZON").says("did you mean `timezone`?");
    let site = Site::quick("").with("TUIBAO_REPORT__NAME", "../up");
    site.run_day("2026-03-03", &[]).exits(2).says("`report.name = \"../up\"` cannot be part of a file name");
}

#[test]
fn an_advert_rule_that_is_no_pattern_is_named() {
    let site = Site::quick("[ads]\nrules = \"ads.toml\"\n");
    site.write("ads.toml", "[[rule]]\nname = \"half_open\"\nweight = 1.0\npattern = '(sale'\n");
    site.run_day("2026-03-03", &[]).exits(2).says("half_open");
}

#[test]
fn an_unusable_corpus_is_an_input_error() {
    let site = Site::quick("");
    site.run(&RUN)
        .exits(4)
        .says("cannot read the corpus `corpus`")
        .says("hint: name the files or folders with --corpus");
    let nowhere = site.run(&[&RUN[..], &["--corpus", "tweets/*.json"]].concat()).exits(4);
    nowhere.says("tweets/*.json").says("hint: ");
    let empty = site.run(&[&RUN[..], &["--corpus", &fixture("empty")]].concat()).exits(4);
    empty.says("no tweets in ").says("(2 files, 0 records rejected)").says("hint: `tuibao inspect PATH`");
    site.write("corpus/day.jsonl.gz", [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0xAA; 64]].concat());
    site.run(&RUN)
        .exits(4)
        .says("no tweets in corpus (1 files, 1 records rejected)")
        .says("hint: `tuibao inspect PATH`");
    site.write("corpus/page.json", "<html>502 Bad Gateway</html>");
    site.run(&RUN).exits(4).says("no tweets in corpus (2 files, 2 records rejected)");
    assert!(!site.path("site/_posts").exists(), "nothing was published");
}

#[test]
fn a_day_without_tweets_tells_which_days_there_are() {
    let site = Site::quick("");
    let ended = site.run_day("2026-03-09", &[]).exits(4);
    ended.says("no tweets on 2026-03-09").says("hint: the corpus covers 2026-03-01 to 2026-03-04 (UTC)");
}

#[test]
fn a_day_of_nothing_but_adverts_is_no_report() {
    let site = Site::quick("");
    let ended = site.run(&["run", "--corpus", &fixture("only_ads"), "--date", "2026-03-06"]).exits(4);
    ended.says("nothing to report on 2026-03-06").says("hint: left out: ad ");
    assert!(!site.path("site/_posts").exists(), "nothing was published");
}

#[test]
fn an_output_that_cannot_be_written_is_named() {
    let site = Site::quick("");
    site.write("taken", "a file, no folder");
    site.run_day("2026-03-03", &["--out", "taken/site"])
        .exits(6)
        .says("`taken/site")
        .says("hint: ")
        .says("--out");
    site.run_day("2026-03-03", &["--out", "taken"]).exits(6).says("`taken").says("hint: ");
    site.run_day("2026-03-03", &["--out", "/proc/tuibao"]).exits(6).says("`/proc/tuibao").says("hint: ");
    site.configure("[output]\nimages = \"blocked\"\n");
    site.write("site/blocked", "a file where pictures should go");
    site.run_day("2026-03-03", &[]).exits(6).says("`site/blocked").says("hint: ");
    let files = site.tree();
    assert!(
        files.files().iter().all(|path| !path.ends_with(".md") && !path.ends_with(".tmp")),
        "{:?}",
        files.files()
    );
}
