//! What means no good, or is broken in ways that matter: each case has its named reason and costs its own record only.

use std::{
    fmt::Write as _,
    io::Read,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use super::*;

const DEEP: usize = 200_000;

/// Tweet 1, these lines, tweet 2: the tweets are there, and the lines are refused with these reasons, in this order.
#[track_caller]
fn costs(lines: &[u8], reasons: &[RejectReason]) -> Vec<Rejected> {
    let file = [tweet(1).as_bytes(), b"\n", lines, b"\n", tweet(2).as_bytes()].concat();
    let ingested = ingest_bytes(&file);
    assert_eq!(ids(&ingested), [1, 2], "{:?}", ingested.rejected);
    let found: Vec<_> = ingested.rejected.iter().map(|fault| fault.reason).collect();
    assert_eq!(found, reasons, "{:?}", ingested.rejected);
    ingested.rejected
}

fn ids(ingested: &Ingested) -> Vec<u64> {
    ingested.tweets.iter().map(|tweet| tweet.id.0).collect()
}

fn reasons(ingested: &Ingested) -> Vec<RejectReason> {
    ingested.rejected.iter().map(|fault| fault.reason).collect()
}

/// A tweet with one more field, as JSON text.
fn with(id: u64, field: &str) -> String {
    tweet(id).replacen('{', &format!("{{{field},"), 1)
}

fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

mod nesting {
    use super::*;

    #[test]
    fn brackets_without_end_cost_their_line() {
        for deep in ["[".repeat(DEEP), "{\"a\":".repeat(DEEP), "[{\"a\":".repeat(DEEP), nested(DEEP)] {
            let told = costs(deep.as_bytes(), &[RejectReason::BadJson]);
            assert!(told[0].detail.starts_with("nested deeper than 128 levels"), "{}", told[0].detail);
        }
    }

    #[test]
    fn brackets_without_end_may_be_all_there_is() {
        for (deep, reason) in [
            ("[".repeat(DEEP), RejectReason::Damaged),
            ("{\"a\":".repeat(DEEP), RejectReason::Damaged),
            (nested(DEEP), RejectReason::BadJson),
        ] {
            assert_eq!(reasons(&ingest_bytes(deep.as_bytes())), [reason]);
        }
    }

    #[test]
    fn a_field_that_nobody_reads_is_no_hiding_place() {
        costs(with(3, &format!("\"x\":{}", nested(DEEP))).as_bytes(), &[RejectReason::BadJson]);
        let kept = ingest_bytes(with(3, &format!("\"x\":{}", nested(127))).as_bytes());
        assert_eq!(ids(&kept), [3]);
    }

    #[test]
    fn an_element_of_a_page_costs_itself_and_of_an_object_the_page() {
        let deep = with(3, &format!("\"x\":{}", nested(DEEP)));
        let list = format!("[{},\n{deep},\n{}]", tweet(1), tweet(2));
        let ingested = ingest_bytes(list.as_bytes());
        assert_eq!((ids(&ingested), reasons(&ingested)), (vec![1, 2], vec![RejectReason::BadJson]));
        costs(format!("{{\"statuses\":[{deep}]}}").as_bytes(), &[RejectReason::BadJson]);
    }

    #[test]
    fn a_cell_that_looks_like_a_list_is_text() {
        let row = |id: u32, cell: &str| format!("{id},ann,2026-01-01 00:00:00,{cell}\n");
        let file =
            ["id,username,date,text\n", &row(1, &nested(DEEP)), &row(2, &"[".repeat(DEEP)), &row(3, "x")];
        let ingested = ingest_bytes(file.concat().as_bytes());
        assert_eq!((ids(&ingested), reasons(&ingested)), (vec![1, 2, 3], vec![]));
    }

    #[test]
    fn elements_of_a_feed_are_only_counted() {
        let file = format!("<rss><channel><item>{}</item><item><title>", "<a>".repeat(DEEP));
        assert!(!ingest_bytes(file.as_bytes()).rejected.is_empty());
    }

    #[test]
    fn pages_within_pages_are_opened_as_deep_as_json_may_go() {
        let page = "{\"a\":[".repeat(63) + &tweet(3) + &"]}".repeat(63);
        assert_eq!(ids(&ingest_bytes(page.as_bytes())), [3]);
    }
}

/// Bytes that nobody stores: `before`, so many `x`, `after`. Counts what was taken.
struct Long {
    before: io::Cursor<Vec<u8>>,
    middle: u64,
    after: io::Cursor<Vec<u8>>,
    taken: &'static AtomicU64,
}

impl Read for Long {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut read = self.before.read(buffer)?;
        if read == 0 && self.middle > 0 {
            read = buffer.len().min(usize::try_from(self.middle).unwrap());
            buffer[..read].fill(b'x');
            self.middle -= read as u64;
        } else if read == 0 {
            read = self.after.read(buffer)?;
        }
        self.taken.fetch_add(read as u64, Relaxed);
        Ok(read)
    }
}

mod size {
    use super::*;

    /// What is left of a file with so many `x` in the middle, all of which is read.
    fn long(before: &str, middle: u64, after: &str) -> Ingested {
        let (ingested, taken) = read_long(before, middle, after);
        assert!(taken > middle, "{taken}");
        ingested
    }

    fn read_long(before: &str, middle: u64, after: &str) -> (Ingested, u64) {
        let (before, after) = (before.to_owned(), after.to_owned());
        let taken: &'static AtomicU64 = Box::leak(Box::default());
        let open = move || {
            let [before, after] = [&before, &after].map(|text| io::Cursor::new(text.clone().into_bytes()));
            Ok(Origin::Stream(Box::new(Long { before, middle, after, taken })))
        };
        let input = Input { name: "long.jsonl".into(), open: Box::new(open), mapping: None, owner: None };
        let ingested = all(&[input], &Settings::default());
        let kept = ingested.tweets.iter().map(|tweet| tweet.text.len()).sum::<usize>()
            + ingested.rejected.iter().map(|fault| fault.detail.len()).sum::<usize>();
        assert!(kept < 4096, "{kept}");
        (ingested, taken.load(Relaxed))
    }

    #[test]
    fn a_string_of_100_mb_costs_its_record() {
        let (start, end) =
            tweet(2).split_once("\"x\"").map(|(a, b)| (format!("{a}\""), format!("\"{b}"))).unwrap();
        let one = tweet(1);
        let three = tweet(3);
        for (before, after, open, close) in
            [("", "\n", "\n", ""), ("[", ",\n", ",\n", "]"), ("{\"a\":1}\n", "\n", "\n", "")]
        {
            let ingested = long(
                &format!("{before}{one}{open}{start}"),
                100 << 20,
                &format!("{end}{after}{three}{close}"),
            );
            assert_eq!(ids(&ingested), [1, 3], "{before}");
            assert!(reasons(&ingested).contains(&RejectReason::TooLarge), "{before}");
        }
        let first = long(&start, 100 << 20, &format!("{end}\n{three}"));
        assert_eq!((ids(&first), reasons(&first)), (vec![3], vec![RejectReason::TooLarge]));
    }

    #[test]
    fn a_cell_of_100_mb_costs_its_row() {
        let row = |id: u32| format!("{id},ann,2026-01-01 00:00:00,x\n");
        let head = format!("id,username,date,text\n{}", row(1));
        for (open, close) in [("2,", "\n"), ("2,ann,x,\"", "\"\n")] {
            let ingested = long(&format!("{head}{open}"), 100 << 20, &format!("{close}{}", row(3)));
            assert_eq!((ids(&ingested), reasons(&ingested)), (vec![1, 3], vec![RejectReason::TooLarge]));
        }
    }

    #[test]
    fn a_text_of_100_mb_ends_a_feed() {
        let item = "<item><title>x</title><guid>https://x.com/a/status/2015203109400965595</guid>\
                    <pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate></item>";
        let (ingested, taken) =
            read_long(&format!("<rss><channel>{item}<item><title>"), 100 << 20, "</title></item>");
        assert!(taken < 2 << 20, "{taken}");
        assert_eq!((ingested.tweets.len(), reasons(&ingested)), (1, vec![RejectReason::TooLarge]));
    }

    #[test]
    fn lists_and_texts_have_an_end() {
        let mut tags = String::new();
        (0..90_000).for_each(|number| write!(tags, "#t{number} ").unwrap());
        let long_text = "字".repeat(300_000);
        for (text, characters, hashtags) in [(&tags, 64 << 10, 256), (&long_text, 64 << 10, 0)] {
            let ingested = ingest_bytes(tweet(1).replace("\"x\"", &format!("\"{text}\"")).as_bytes());
            let v1 = json!({"id_str": "2", "created_at": "Tue Nov 30 23:57:10 +0000 2021", "full_text": text, "user": {"screen_name": "a"}});
            let found = lines(&[v1]);
            assert!(ingested.tweets[0].text.chars().count() <= characters, "{:?}", ingested.rejected);
            assert_eq!((found.tweets[0].hashtags.len(), found.rejected.len()), (hashtags, 0));
        }
        let listed: Vec<Value> = (0..40_000).map(|number| json!({"text": format!("t{number}")})).collect();
        let v1 = json!({"id_str": "2", "created_at": "Tue Nov 30 23:57:10 +0000 2021", "full_text": "x", "user": {"screen_name": "a"}, "entities": {"hashtags": listed}});
        assert_eq!(lines(&[v1]).tweets[0].hashtags.len(), 256);
    }

    #[test]
    fn a_line_of_a_million_hashtags_or_characters_is_too_large() {
        let tags = "#abcdef ".repeat(1_000_000);
        costs(tweet(3).replace("\"x\"", &format!("\"{tags}\"")).as_bytes(), &[RejectReason::TooLarge]);
        let text = "字".repeat(1_000_000);
        costs(tweet(3).replace("\"x\"", &format!("\"{text}\"")).as_bytes(), &[RejectReason::TooLarge]);
        // In a page a tweet may be as long as the page.
        let page = format!("{{\"tweets\":[{}]}}", tweet(3).replace("\"x\"", &format!("\"{text}\"")));
        let ingested = ingest_bytes(page.as_bytes());
        assert_eq!(ingested.tweets[0].text.chars().count(), 64 << 10);
    }

    #[test]
    fn a_page_borrows_so_much_of_its_other_tweets() {
        let data: Vec<Value> = (1..1000)
            .map(|id| json!({"id": id.to_string(), "author_id": "7", "created_at": "2026-01-01T00:00:00Z", "text": "RT @a: x", "referenced_tweets": [{"type": "retweeted", "id": "9999"}]}))
            .collect();
        let page = |words: usize| json!({"data": data, "includes": {"tweets": [{"id": "9999", "author_id": "8", "text": "x".repeat(words)}]}});
        let full = |ingested: &Ingested, words| {
            ingested.tweets.iter().filter(|tweet| tweet.text.len() == words).count()
        };
        assert_eq!(full(&lines(&[page(20_000)]), 20_000), 999);
        let most = lines(&[page(400_000)]);
        assert_eq!((most.tweets.len(), full(&most, 64 << 10)), (999, (32 << 20) / 400_000));
    }

    #[test]
    fn many_links_and_many_references_are_not_compared_all_with_all() {
        let links: Vec<Value> = (0..8000).map(|n| json!({"url": format!("https://t.co/{n}"), "expanded_url": format!("https://x.com/a/status/{n}")})).collect();
        let others: Vec<Value> =
            (0..8000).map(|n| json!({"type": "quoted", "id": (n + 9000).to_string()})).collect();
        let record = json!({"id": "9000000", "author_id": "7", "created_at": "2026-01-01T00:00:00Z", "text": "x", "entities": {"urls": links}, "referenced_tweets": others});
        assert_eq!(lines(&[record]).tweets[0].urls.len(), 256);
    }

    #[test]
    fn a_header_of_many_columns_is_one() {
        let columns = "extra/column,".repeat(200);
        let file =
            format!("{columns}id,text,username,date\n{}20,x,ann,2026-01-01 00:00:00\n", ",".repeat(200));
        let ingested = ingest_bytes(file.as_bytes());
        assert_eq!((ids(&ingested), reasons(&ingested)), (vec![20], vec![]));
    }

    #[test]
    fn lines_to_skip_end_with_the_file() {
        let mapping = Mapping {
            skip_lines: u64::MAX,
            id: Places(vec!["/id".into()]),
            text: Places(vec!["/text".into()]),
            ..Mapping::default()
        };
        let input = Input { mapping: Some(Arc::new(mapping.compile().unwrap())), ..file("f", b"a\nb") };
        assert_eq!(all(&[input], &Settings::default()).records(), 0);
    }

    #[test]
    fn an_object_of_a_million_keys_is_one_record() {
        let mut fields = String::from("{\"k\":0");
        (0..60_000).for_each(|number| write!(fields, ",\"k{number}\":{number}").unwrap());
        costs(format!("{fields}}}").as_bytes(), &[RejectReason::UnknownShape]);
    }
}

mod characters {
    use super::*;

    #[track_caller]
    fn text_of(written: &[u8]) -> String {
        let line = tweet(3).replace("\"x\"", "\"|\"");
        let (start, end) = line.split_once('|').unwrap();
        let ingested = ingest_bytes(&[start.as_bytes(), written, end.as_bytes()].concat());
        assert_eq!(reasons(&ingested), [], "{:?}", ingested.rejected);
        ingested.tweets[0].text.clone()
    }

    #[test]
    fn halves_and_bytes_that_are_no_utf8_become_the_replacement_character() {
        assert_eq!(text_of(b"a\\ud83db"), "a\u{fffd}b");
        assert_eq!(text_of(b"a\\ude00b"), "a\u{fffd}b");
        assert_eq!(text_of(b"\\ude00\\ud83d"), "\u{fffd}\u{fffd}");
        assert_eq!(text_of(b"\\ud83d\\ude00"), "😀");
        for invalid in [&b"\xff"[..], b"\xc3", b"\xe5\xad", b"\xf8"] {
            assert_eq!(text_of(&[b"a", invalid, b"b"].concat()), "a\u{fffd}b", "{invalid:x?}");
        }
        // Overlong, CESU-8, beyond Unicode: each byte by itself.
        for (invalid, count) in [
            (&b"\xc0\xaf"[..], 2),
            (b"\xed\xa0\xbd", 3),
            (b"\xed\xa0\xbd\xed\xb8\x80", 6),
            (b"\xf4\x90\x80\x80", 4),
        ] {
            assert_eq!(text_of(invalid), "\u{fffd}".repeat(count), "{invalid:x?}");
        }
    }

    #[test]
    fn what_does_not_show_goes_however_it_is_written() {
        assert_eq!(text_of(b"a\\u0000b\\u202e\\u200bc"), "abc");
        assert_eq!(text_of("a\u{2028}b\u{2029}c\u{85}d".as_bytes()), "a\nb\nc\nd");
        assert_eq!(text_of("\u{e0041}\u{e007f}a".as_bytes()), "a");
    }

    #[test]
    fn raw_controls_are_no_json() {
        for control in ["\0", "\u{1}", "\u{1f}", "\t"] {
            let line = tweet(3).replace("\"x\"", &format!("\"a{control}b\""));
            costs(line.as_bytes(), &[RejectReason::BadJson]);
        }
        costs(b"\0\0\0\0", &[RejectReason::BadJson]);
        assert_eq!(reasons(&ingest_bytes(&vec![0; 100_000])), [RejectReason::BadJson]);
    }

    #[test]
    fn marks_at_the_start_and_line_ends_do_not_matter() {
        for (before, after) in
            [("\u{feff}", "\n"), ("", "\r\n"), ("\u{feff}\u{feff} \r\n\n", "\r\n\r\n"), ("", "\n \t\n")]
        {
            let file = format!("{before}{}{after}{}{after}", tweet(1), tweet(2));
            let ingested = ingest_bytes(file.as_bytes());
            assert_eq!((ids(&ingested), reasons(&ingested)), (vec![1, 2], vec![]), "{before:?} {after:?}");
        }
        for empty in ["", " ", "\n\n", "\u{feff}", "\u{feff}\r\n"] {
            assert_eq!(ingest_bytes(empty.as_bytes()).records(), 0, "{empty:?}");
        }
    }

    #[test]
    fn utf16_is_named() {
        let little: Vec<u8> =
            format!("\u{feff}{}", tweet(1)).encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> =
            format!("\u{feff}{}", tweet(1)).encode_utf16().flat_map(u16::to_be_bytes).collect();
        for file in [little, big] {
            let ingested = ingest_bytes(&file);
            assert_eq!(reasons(&ingested), [RejectReason::BadJson]);
            assert!(ingested.rejected[0].detail.contains("UTF-16"), "{}", ingested.rejected[0].detail);
        }
    }

    #[test]
    fn a_file_may_be_called_anything() {
        let name = "a\n\u{202e}\u{1b}[2J/../\u{0}.jsonl";
        let ingested = all(&[file(name, format!("{}\noops", tweet(1)).as_bytes())], &Settings::default());
        assert_eq!((ids(&ingested), reasons(&ingested)), (vec![1], vec![RejectReason::BadJson]));
        assert_eq!(&*ingested.tweets[0].source.file, name, "who shows it cleans it");
    }
}

mod syntax {
    use super::*;

    #[test]
    fn a_key_that_stands_twice_in_a_record_costs_it_and_further_in_the_first_counts() {
        costs(with(3, "\"id\":\"4\"").as_bytes(), &[RejectReason::DuplicateKey]);
        let v1 = r#"{"id_str":"3","full_text":"x","created_at":"Tue Nov 30 23:57:10 +0000 2021","user":{"screen_name":"a","screen_name":"b"}}"#;
        for line in [v1.to_owned(), format!("{v1}{{}}"), v1.replace("\"x\"", "\"x\\ud83d\"")] {
            assert_eq!(ingest_bytes(line.as_bytes()).tweets[0].author.handle, "a");
        }
        let twice = v1.replace("\"id_str\":\"3\",", "\"id_str\":\"3\",\"id_str\":\"4\",");
        for line in [twice.clone(), twice.replace("\"x\"", "\"x\\ud83d\"")] {
            assert_eq!(reasons(&ingest_bytes(line.as_bytes())), [RejectReason::DuplicateKey]);
        }
    }

    #[test]
    fn ids_are_exact_or_refused() {
        let id = |written: &str| ingest_bytes(tweet(3).replace("\"3\"", written).as_bytes());
        for (written, expected) in [
            ("9007199254740993", 9_007_199_254_740_993),
            ("1876543210987654321", 1_876_543_210_987_654_321),
            ("\"1876543210987654321\"", 1_876_543_210_987_654_321),
            ("9223372036854775807", i64::MAX.cast_unsigned()),
        ] {
            assert_eq!(ids(&id(written)), [expected]);
        }
        let refused = [
            "0",
            "\"0\"",
            "-1",
            "1.0",
            "1876543210987654321.0",
            "1.87e18",
            "9223372036854775808",
            "18446744073709551615",
            "18446744073709551616",
            "1e400",
            "\"\"",
            "\"1e3\"",
            "\"+5\"",
            "\" 5\"",
            "\"\u{ff15}\"",
            "null",
            "true",
            "[5]",
            "{}",
        ];
        for written in refused {
            let found = id(written);
            assert_eq!(found.tweets.len(), 0, "{written}");
            let expected = if written == "1e400" { RejectReason::BadJson } else { RejectReason::BadId };
            assert_eq!(reasons(&found), [expected], "{written}");
        }
    }

    #[test]
    fn what_only_javascript_or_python_read_is_no_json() {
        for value in [
            "1e400",
            "NaN",
            "Infinity",
            "-Infinity",
            "'x'",
            "x",
            "0x10",
            "+1",
            "01",
            "1.",
            ".5",
            "None",
            "True",
            "undefined",
            "\"a\" \"b\"",
            "/* x */ 1",
            "1 // x",
            "\"\\x41\"",
            "\"\\'\"",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
        ] {
            costs(with(3, &format!("\"extra\":{value}")).as_bytes(), &[RejectReason::BadJson]);
        }
        let ingested = ingest_bytes(format!("{}\n{},\n", tweet(1), tweet(3)).as_bytes());
        assert_eq!((ids(&ingested), reasons(&ingested)), (vec![1, 3], vec![RejectReason::BadJson]));
    }

    #[test]
    fn several_values_may_stand_on_a_line() {
        let ingested = ingest_bytes(format!("{}{} {}\n{{}}{{}}", tweet(1), tweet(2), tweet(3)).as_bytes());
        assert_eq!(ids(&ingested), [1, 2, 3]);
        assert_eq!(reasons(&ingested), [RejectReason::UnknownShape; 2]);
    }

    #[test]
    fn a_record_that_is_cut_anywhere_costs_itself() {
        let middle = with(3, "\"x\":{\"a\":[1,\"}\"],\"b\":\"\\\"\\u4f60\"}").replace("\"x\"}", "\"你\"}");
        for cut in (1..middle.len()).filter(|cut| middle.is_char_boundary(*cut)) {
            costs(&middle.as_bytes()[..cut], &[RejectReason::BadJson]);
        }
    }

    /// As `JSONTestSuite` has them (`y_`: a parser must accept, `n_`: must refuse, `i_`: may do either), written by hand.
    #[test]
    fn a_suite_of_small_cases() {
        for good in GOOD {
            let found = ingest_bytes(format!("{{\"a\":1}}\n{good}").as_bytes());
            assert!(!reasons(&found).contains(&RejectReason::BadJson), "y {good}: {:?}", found.rejected);
        }
        for bad in BAD {
            costs(bad.as_bytes(), &[RejectReason::BadJson]);
        }
        for either in EITHER {
            let file = [tweet(1).as_bytes(), b"\n", either, b"\n", tweet(2).as_bytes()].concat();
            assert_eq!(ids(&ingest_bytes(&file)), [1, 2], "i {either:x?}");
        }
    }

    const GOOD: [&str; 26] = [
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        "[\"\"]",
        "[1]",
        "[-0]",
        "[0]",
        "[0e1]",
        "[1e-2]",
        "[1E+2]",
        "[1.5e2]",
        "[123456789012345678901234567890]",
        "[null,true,false]",
        "\"x\"",
        "7",
        "null",
        " [ ] ",
        "[1,\t2]",
        r#"["\u0041\n\t\/\\\"\b\f\r"]"#,
        r#"["\uD801\udc37"]"#,
        r#"["\u0000"]"#,
        "[\"\u{7f}\"]",
        "[\"\u{10ffff}\"]",
        r#"{"a":1,"a":2}"#,
        r#"{"":0}"#,
    ];

    const BAD: [&str; 46] = [
        "[1 true]",
        "[a]",
        "[\"\": 1]",
        "[\"\"],",
        "[,1]",
        "[1,,2]",
        "[\"x\"]]",
        "[\"\",]",
        "[\"x\"",
        "[x",
        "[3[4]]",
        "[1:2]",
        "[,]",
        "[-]",
        "[   , \"\"]",
        "[\"a\",\"",
        "[1,",
        "[fals]",
        "[nul]",
        "[tru]",
        "[TRUE]",
        "[++1]",
        "[+1]",
        "[-01]",
        "[-2.]",
        "[.1]",
        "[0.e1]",
        "[0.3e]",
        "[1.0e+]",
        "[0x42]",
        "[1eE2]",
        "[2.e3]",
        "[9.e+]",
        "[1_000]",
        "[- 1]",
        "[012]",
        "{\"a\"}",
        "{\"a\":}",
        "{:1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{'a':1}",
        "{1:1}",
        "[\"\\u00\"]",
        "[\"\\u{41}\"]",
        "[\"\\\u{7f}\"]",
    ];

    const EITHER: [&[u8]; 12] = [
        b"[1e400]",
        b"[-1e400]",
        b"[1e-400]",
        b"[\"\\ud800\"]",
        b"[\"\\udc00\\ud800\"]",
        b"[\"\\ud800\\ud800\\n\"]",
        b"[\"\xff\"]",
        b"[\"\xed\xa0\x80\"]",
        b"[\"\xc0\x80\"]",
        b"\xef\xbb\xbf{}",
        b"[100000000000000000000]",
        b"[0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999999999999999999]",
    ];
}

mod one_in_ten_thousand {
    use super::*;

    const MANY: u64 = 10_000;
    const AT: u64 = 5_000;

    #[track_caller]
    fn loses_one(file: &str, reason: RejectReason) {
        let ingested = ingest_bytes(file.as_bytes());
        assert_eq!(reasons(&ingested), [reason], "{:?}", ingested.rejected.get(..3));
        assert_eq!(ids(&ingested), (1..=MANY).filter(|id| *id != AT).collect::<Vec<_>>());
    }

    fn start(record: &str, bytes: usize) -> &str {
        record.get(..bytes).unwrap()
    }

    fn records(bad: &str, between: &str) -> String {
        (1..=MANY)
            .map(|id| if id == AT { bad.to_owned() } else { tweet(id) })
            .collect::<Vec<_>>()
            .join(between)
    }

    #[test]
    fn in_lines() {
        let line = tweet(AT);
        for bad in [
            start(&line, 20),
            start(&line, 60),
            line.trim_start_matches('{'),
            "{",
            "[",
            "}",
            "\"",
            "{\"id\":}",
            "oops",
            "\0",
        ] {
            loses_one(&records(bad, "\n"), RejectReason::BadJson);
        }
    }

    #[test]
    fn in_an_array() {
        for (bad, between) in
            [("{\"id\":}", ","), ("{\"id\":\"5\",}", ",\n"), ("oops", "\n,\n  "), ("{\"a\":tru}", ",")]
        {
            loses_one(&format!("[{}]", records(bad, between)), RejectReason::BadJson);
        }
        let whole = tweet(AT);
        loses_one(&format!("[{}]", records(start(&whole, 60), ",")), RejectReason::BadJson);
    }

    #[test]
    fn in_an_array_wherever_it_is_cut() {
        let whole = tweet(50);
        let (before, after) =
            ((1..50).map(tweet).collect::<Vec<_>>(), (51..=99).map(tweet).collect::<Vec<_>>());
        for between in [",", ",\n", ",\n  "] {
            for cut in [1, 5, 9, 12, 25, 37, whole.len() - 9, whole.len() - 2, whole.len() - 1] {
                let cut = start(&whole, cut);
                let file = [before.join(between).as_str(), cut, &after.join(between)].join(between);
                let ingested = ingest_bytes(format!("[\n{file}\n]").as_bytes());
                assert_eq!(
                    reasons(&ingested),
                    [RejectReason::BadJson],
                    "{cut}: {:?}",
                    ingested.rejected.get(..3)
                );
                assert_eq!(ids(&ingested), (1..=99).filter(|id| *id != 50).collect::<Vec<_>>(), "{cut}");
            }
        }
    }

    #[test]
    fn in_rows() {
        let head = "id,username,date,text\n";
        let row = |id: u64| format!("{id},ann,2026-01-01 00:00:00,\"x, \"\"y\"\"\nz\"");
        for bad in ["5000,ann", "5000,ann,x,\"x", "5000,\"ann,x,x\nmore\nlines"] {
            let rows = (1..=MANY).map(|id| if id == AT { bad.to_owned() } else { row(id) });
            loses_one(&(head.to_owned() + &rows.collect::<Vec<_>>().join("\n")), RejectReason::BadJson);
        }
    }
}

mod containers {
    use super::*;

    fn csv() -> String {
        let rows = (1..=40).map(|id| format!("{id},ann,2026-01-01 00:00:00,{}\n", "abc".repeat(id)));
        "id,username,date,text\n".to_owned() + &rows.collect::<String>()
    }

    fn feed() -> String {
        let item = |id: u64| {
            let id = 2_015_203_109_400_965_500 + id;
            format!(
                "<item><title>{}</title><guid>https://x.com/a/status/{id}</guid>\
                 <pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate></item>",
                "abc ".repeat(id as usize % 50)
            )
        };
        format!("<rss><channel>{}</channel></rss>", (1..=40).map(item).collect::<String>())
    }

    fn archive() -> String {
        let tweet = |id: u64| {
            json!({"tweet": {"id_str": id.to_string(), "full_text": "x", "created_at": "Tue Nov 30 23:57:10 +0000 2021"}})
                .to_string()
        };
        format!("window.YTD.tweets.part0 = [ {} ]", (1..=40).map(tweet).collect::<Vec<_>>().join(",\n"))
    }

    fn contents() -> Vec<(&'static str, String)> {
        let records: Vec<String> = (1..=40).map(tweet).collect();
        vec![
            ("lines", records.join("\n")),
            ("array", format!("[{}]", records.join(",\n"))),
            ("pretty", format!("{{\"tweets\": [\n{}\n]}}", records.join(",\n"))),
            ("csv", csv()),
            ("feed", feed()),
            ("tweets.js", archive()),
        ]
    }

    fn packed(text: &str) -> Vec<Vec<u8>> {
        let mut bz2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bz2.write_all(text.as_bytes()).unwrap();
        let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 1);
        xz.write_all(text.as_bytes()).unwrap();
        let mut zst = zstd::Encoder::new(Vec::new(), 1).unwrap();
        zst.include_checksum(true).unwrap();
        zst.write_all(text.as_bytes()).unwrap();
        vec![gz(text.as_bytes()), zst.finish().unwrap(), bz2.finish().unwrap(), xz.finish().unwrap()]
    }

    /// Whatever is in it: a cut file gives some of its tweets, as they are, and says that it is damaged.
    #[test]
    fn a_packed_file_that_is_cut_says_so() {
        for (name, text) in contents() {
            let whole = all(&[file(name, text.as_bytes())], &Settings::default());
            assert_eq!((whole.tweets.len(), whole.rejected.len()), (40, 0), "{name}: {:?}", whole.rejected);
            for bytes in packed(&text) {
                let offsets = (8..bytes.len()).filter(|at| at % 13 == 0 || at + 20 > bytes.len());
                for cut in offsets {
                    let ingested = all(&[file(name, &bytes[..cut])], &Settings::default());
                    let told = ingested.rejected.last().map(|fault| fault.reason);
                    assert_eq!(told, Some(RejectReason::Damaged), "{name} at {cut}: {:?}", ingested.rejected);
                    assert!(
                        ingested.tweets.iter().all(|tweet| whole.tweets.contains(tweet)),
                        "{name} at {cut}: no tweet is half a tweet"
                    );
                    assert!(ingested.rejected.len() <= 2, "{name} at {cut}: {:?}", ingested.rejected);
                }
            }
        }
    }

    #[test]
    fn bombs_of_blanks_end_early() {
        end_early(&zst_of(b' '));
        end_early(&gz_of(0));
    }

    #[test]
    fn bombs_of_strings_end_early() {
        end_early(&gz_of(b'"'));
    }

    #[test]
    fn bombs_of_brackets_end_early() {
        end_early(&zst_of(b'['));
    }

    /// 66 MB of the same byte, in a few KB.
    fn zst_of(byte: u8) -> Vec<u8> {
        zstd::encode_all(vec![byte; 66 << 20].as_slice(), 1).unwrap()
    }

    fn gz_of(byte: u8) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(&vec![byte; 66 << 20]).unwrap();
        packer.finish().unwrap()
    }

    #[track_caller]
    fn end_early(bomb: &[u8]) {
        let ingested = all(&[file("bomb", bomb)], &Settings::default());
        assert_eq!(ingested.tweets.len(), 0);
        let told = reasons(&ingested);
        assert!(told.contains(&RejectReason::TooLarge) && told.len() <= 2, "{:?}", ingested.rejected);
    }

    #[test]
    fn a_bomb_behind_tweets_costs_only_what_follows() {
        let blank = " ".repeat(66 << 20);
        for (name, text) in contents() {
            let bomb =
                zstd::encode_all([text.as_bytes(), blank.as_bytes(), b"x"].concat().as_slice(), 1).unwrap();
            let ingested = all(&[file(name, &bomb)], &Settings::default());
            assert!(reasons(&ingested).contains(&RejectReason::TooLarge), "{name}: {:?}", ingested.rejected);
        }
    }

    #[test]
    fn names_in_a_zip_that_leave_its_folder_are_refused() {
        let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for name in ["../../etc/x", "/etc/x", "a/../../x", "C:\\x", "good.jsonl"] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(tweet(1).as_bytes()).unwrap();
        }
        let ingested = all(&[file("a.zip", &zip.finish().unwrap().into_inner())], &Settings::default());
        assert_eq!((ids(&ingested), reasons(&ingested)), (vec![1], vec![RejectReason::Damaged; 4]));
        assert!(ingested.rejected.iter().all(|fault| fault.detail.contains("leaves the archive's folder")));
    }
}
