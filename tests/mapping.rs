//! Shapes of the user's own: `[[corpus.mapping]]`, and its proposal by `inspect --suggest-mapping`.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Ended, Site, fixture};

const MAPPING: &str = "[[corpus.mapping]]\nid = 'nr'\ntext = 't'\nhandle = 'by'\n";
const RECORD: &str = r#"{"nr": "2030751660241846272", "t": "Nova-4.1 is out", "by": "mei"}"#;

/// A site with this mapping, and one record in `corpus/forum/a.json`.
fn site(mapping: &str) -> Site {
    let site = Site::quick(mapping);
    site.write("corpus/forum/a.json", RECORD);
    site
}

/// Tweets and rejects.
#[track_caller]
fn counts(seen: &Value) -> (u64, u64) {
    let rejected = seen["totals"]["rejected"].as_object().unwrap().values().map(|n| n.as_u64().unwrap());
    (seen["totals"]["tweets"].as_u64().unwrap(), rejected.sum())
}

#[test]
fn the_readmes_mapping_reads_the_fixture() {
    let written = fs::read_to_string(fixture("other/tuibao.toml")).unwrap();
    let (_, mapping) = written.split_once("\n\n").unwrap();
    for readme in ["README.md", "README.zh.md"] {
        let text = fs::read_to_string(fixture(&format!("../{readme}"))).unwrap();
        assert!(text.contains(mapping), "{readme} shows another mapping than fixtures/other/tuibao.toml");
        assert!(
            text.contains("tuibao inspect fixtures/other --config fixtures/other/tuibao.toml"),
            "{readme}"
        );
    }
    let (folder, config) = (fixture("other"), fixture("other/tuibao.toml"));
    let seen = Site::new().run(&["inspect", &folder, "--config", &config, "--json"]).exits(0).json();
    assert_eq!(counts(&seen), (5, 0), "{seen}");
    assert_eq!(seen["files"][0]["format"], json!("mapped"));
    assert_eq!(
        (&seen["totals"]["first_day"], &seen["totals"]["last_day"]),
        (&json!("2026-03-09"), &json!("2026-03-09"))
    );
}

#[test]
fn a_mapped_day_becomes_a_report() {
    let site = Site::quick("[[corpus.mapping]]\nfiles = ['*.json']\nid = 'nr'\ntext = 't'\nhandle = 'by'\n");
    let texts = [
        "OpenAI answers Nova-4.1 with a new GPT model",
        "Nova-4.1, the AI model, is 25% cheaper from today",
        "The AI model Nova-4.1 costs $1.80 now, says OpenAI",
    ];
    let record = |(place, text): (u64, &&str)| json!({"nr": 2_030_751_660_241_846_272 + place, "t": text, "by": "mei"});
    site.write("corpus/day.json", (0..).zip(&texts).map(record).collect::<Value>().to_string());
    site.run(&["run", "--date", "2026-03-09"]).exits(0);
    assert!(site.post("2026-03-09").contains("https://x.com/mei/status/20307516602418462"));
}

#[test]
fn a_mapping_is_for_the_files_it_names() {
    let absolute = |site: &Site| site.path("corpus/forum/a.json").display().to_string();
    for glob in ["a.json", "*.json", "forum/*.json", "./corpus/forum/a.json", "corpus/**", "ABSOLUTE"] {
        let site = site("");
        let glob = glob.replace("ABSOLUTE", &absolute(&site));
        site.configure(&format!("{MAPPING}files = ['{glob}']\n"));
        for path in
            ["corpus", "./corpus", "corpus/forum/../forum/a.json", "corpus/*/*.json", &absolute(&site)]
        {
            let seen = site.run(&["inspect", path, "--json"]).exits(0).json();
            assert_eq!(counts(&seen), (1, 0), "{glob} {path} {seen}");
        }
    }
    let other = site(&format!("{MAPPING}files = ['b.json', '/corpus/forum/a.json']\n"));
    assert_eq!(counts(&other.run(&["inspect", "corpus", "--json"]).json()), (0, 1));
    let mut tabs = site(&format!("{MAPPING}files = ['*.tsv']\n"));
    tabs.write("corpus/b.tsv", "nr\tt\tby\n2030751660241846273\tNova-4.1 is late\tmei\n");
    assert_eq!(
        counts(&tabs.run(&["inspect", "corpus", "--json"]).json()),
        (1, 1),
        "a mapping makes a .tsv data"
    );
    tabs = tabs.with("X", "y");
    tabs.configure("");
    assert_eq!(counts(&tabs.run(&["inspect", "corpus", "--json"]).json()), (0, 1));
}

#[test]
fn a_mapping_that_does_not_fit_is_told_record_by_record() {
    let wrong = site("[[corpus.mapping]]\nfiles = ['*']\nid = '/data/nr'\ntext = 't'\n");
    wrong.run(&["inspect", "-v", "corpus"]).exits(0).prints("line 1: bad_id: `data/nr` holds nothing");
    let nowhere =
        site("[[corpus.mapping]]\nfiles = ['*']\nrecords = '/result/list'\nid = 'nr'\ntext = 't'\n");
    let told = "line 1: unknown_shape: `result/list` holds nothing: nr, t, by";
    nowhere.run(&["inspect", "-v", "corpus"]).exits(0).prints(told);
}

#[test]
fn a_wrong_mapping_is_a_usage_error() {
    let cases = [
        (
            format!("{MAPPING}files = ['a.json']\nlikez = 'n'\n"),
            vec!["in tuibao.toml", "`likez`", "hint: did you mean `likes`?"],
        ),
        (
            format!("{MAPPING}files = ['a.json']\nlikes = 5\n"),
            vec!["in tuibao.toml", "a place such as \"/user/name\""],
        ),
        (MAPPING.to_owned(), vec!["a mapping without `files` is for none", "hint: name its files"]),
        (format!("{MAPPING}files = ['a[']\n"), vec!["in the mapping for `a[`", "a["]),
        (
            "[[corpus.mapping]]\nfiles = ['a.json']\ntext = 't'\n".to_owned(),
            vec!["in the mapping for `a.json`", "a mapping needs `id` or `page`", "--suggest-mapping FILE"],
        ),
        (
            format!("{MAPPING}files = ['a.json']\nrecords = 'list'\n"),
            vec!["`records = \"list\"` is no JSON pointer"],
        ),
        (
            format!("{MAPPING}files = ['a.json']\ndate_format = '%Q'\n"),
            vec!["`date_format = \"%Q\"` is no format"],
        ),
        (
            format!("{MAPPING}files = ['a.json']\nutc_offset = 'CST'\n"),
            vec!["`utc_offset = \"CST\"` is no offset"],
        ),
    ];
    for (config, words) in cases {
        let ended = site(&config).run(&["inspect", "corpus"]).exits(2).says("error: ");
        words.into_iter().fold(ended, Ended::says);
    }
}

#[test]
fn a_proposal_can_be_used_as_it_is() {
    let site = Site::quick("");
    site.write("corpus/forum.csv", fs::read(fixture("other/forum.csv")).unwrap());
    let before = site.run(&["inspect", "corpus", "--json"]).exits(0).json();
    assert_eq!(counts(&before).0, 0, "nobody knows this shape");
    let proposed = site.run(&["inspect", "--suggest-mapping", "./corpus/forum.csv"]).exits(0);
    let proposed = proposed
        .says("5 of the 5 records at the beginning of `./corpus/forum.csv` become tweets with it")
        .says("the dates of `发布时间` name no zone; by the ids it is +08:00")
        .prints("files = [\"corpus/forum.csv\"]\n")
        .prints("id = \"编号\"  # 2030798732915642429\n")
        .prints("# views = \"\"\n");
    site.configure(&proposed.stdout);
    let seen = site.run(&["inspect", "corpus", "--json"]).exits(0).json();
    assert_eq!((counts(&seen), &seen["files"][0]["format"]), ((5, 0), &json!("mapped")));
    let value = site.run(&["inspect", "--suggest-mapping", "corpus/forum.csv", "--json", "-q"]).exits(0);
    assert_eq!(value.stderr, "");
    let value = value.json();
    assert_eq!((&value["tweets"], &value["records"], &value["known"]), (&json!(5), &json!(5), &Value::Null));
    assert_eq!(value["mapping"]["created_at"], json!("发布时间"));
    assert_eq!(value["found"][0], json!({"field": "id", "sample": "2030798732915642429", "coverage": 1.0}));
}

#[test]
fn a_file_of_a_known_shape_needs_no_mapping() {
    let site = Site::new();
    let file = fixture("ai/2026-03-03.jsonl");
    let ended = site.run(&["inspect", "--suggest-mapping", &file]).exits(0);
    assert_eq!(ended.stdout, "");
    ended.says("needs no mapping").says("65 of `api_v1`").says("with --force one is proposed");
    let forced = site.run(&["inspect", "--suggest-mapping", &file, "--force"]).exits(0);
    forced.prints("handle = \"/user/screen_name\"").says("65 of the 65 records");
}

#[test]
fn what_is_no_corpus_gets_no_mapping() {
    let site = Site::quick("");
    site.write("cities.csv", "city,people,mayor\nParis,2100000,Anne\nRome,2800000,Roberto\n");
    site.write("letter.txt", "Dear all,\nplease find attached");
    site.write("half.jsonl", "{\"id\": \"2030751660241846272\", \"text\": \"Nova-4.1 is out\"}\n");
    let suggest = |file: &str| site.run(&["inspect", "--suggest-mapping", file]);
    let cities = suggest("cities.csv").exits(4).says("error: no mapping for `cities.csv`");
    cities.says("nothing in it looks like tweets").says("`city`, `people`, `mayor`").says("hint: ");
    suggest("letter.txt").exits(4).says("neither JSON nor CSV with a header");
    suggest("nowhere.csv").exits(4).says("cannot read the corpus `nowhere.csv`");
    suggest(".").exits(2).says("`.` is a folder").says("hint: name one of its files");
    let half = suggest("half.jsonl").exits(4).says("no field holds the author's handle");
    half.says("no record becomes a tweet with this mapping: `handle` holds nothing").prints("id = \"id\"");
    site.run(&["inspect", "--suggest-mapping", "cities.csv", "letter.txt"])
        .exits(2)
        .says("cannot be used with");
}
