//! Real exports of every format, which lie outside of the repository. What is in them was counted by a script in Python
//! that walks each file by its format's description, without any of this code.

use std::path::{Path, PathBuf};

use super::*;
use crate::Kind;

fn raw() -> Option<PathBuf> {
    let raw = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/raw"));
    if !raw.is_dir() {
        println!("skipped: no sample folder at {}", raw.display());
    }
    raw.is_dir().then(|| raw.to_owned())
}

/// A file, or the files of a folder and of those in it.
fn inputs(raw: &Path, name: &str) -> Vec<Input> {
    let path = raw.join(name);
    if !path.is_dir() {
        let open = Box::new(move || std::fs::File::open(&path).map(Origin::File));
        return vec![Input { name: name.to_owned(), open, mapping: None, owner: None }];
    }
    let mut names: Vec<_> =
        path.read_dir().unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names.iter().flat_map(|file| inputs(raw, &format!("{name}/{file}"))).collect()
}

#[test]
fn real_samples() {
    let Some(raw) = raw() else { return };
    for (name, records, kinds, digest) in SAMPLES {
        let read = all(&inputs(&raw, name), &Settings::default());
        let tweets = &read.tweets;
        let found = [tweets.len() as u64, read.notices, read.rejected.len() as u64];
        assert_eq!(found, records, "{name}: {:?}", read.rejected.first());
        let count = |kind| tweets.iter().filter(|tweet| tweet.kind == kind).count();
        assert_eq!([Kind::Retweet, Kind::Quote, Kind::Reply].map(count), kinds, "{name}");
        let ids = tweets.iter().fold(0, |sum: u64, tweet| sum.wrapping_add(tweet.id.0));
        let likes = tweets.iter().filter_map(|tweet| tweet.metrics.likes).sum();
        let linking = tweets.iter().filter(|tweet| !tweet.urls.is_empty()).count() as u64;
        assert_eq!([ids, likes, linking], digest, "{name}");
        assert!(tweets.iter().all(|tweet| !tweet.text.contains("://t.co/")), "{name}");
    }
}

/// Of the 41 notes 36 belong to tweets of this cut of the archive, and 10 of these say no more than the tweet itself.
#[test]
fn notes_of_a_real_archive_are_joined() {
    let Some(raw) = raw() else { return };
    let read = |name: &str| all(&inputs(&raw, name), &Settings::default()).tweets;
    let (alone, joined) = (read("archive/alrocar_2024/tweets.js"), read("archive/alrocar_2024"));
    let longer: Vec<_> = alone.iter().zip(&joined).filter(|(cut, whole)| cut.text != whole.text).collect();
    assert_eq!(longer.len(), 26);
    assert!(longer.iter().all(|(cut, whole)| cut.id == whole.id && whole.text.len() > cut.text.len()));
    assert!(joined.iter().all(|tweet| tweet.author.handle == "alrocar"));
}

/// File or folder; tweets, notices, rejected records; of the tweets retweets, quotes, replies; the sum of their ids, of
/// their likes, and how many have links (to a host of a known domain: `localhost` and bare addresses are none).
type Sample = (&'static str, [u64; 3], [usize; 3], [u64; 3]);

const SAMPLES: [Sample; 40] = [
    ("agent_twitter_client/_issue_56.jsonl", [11, 0, 0], [0, 0, 10], [142_270_748_357_290_115, 3132, 4]),
    (
        "agent_twitter_client/card_poll.jsonl",
        [28, 0, 0],
        [0, 5, 3],
        [12_963_296_595_358_173_104, 1_664_757, 1],
    ),
    (
        "agent_twitter_client/real_app_export_transcribed.json",
        [2, 0, 0],
        [0, 1, 0],
        [3_789_398_537_313_264_423, 49, 1],
    ),
    ("api_v1_1/get_search_raw.json", [100, 0, 0], [74, 9, 3], [13_759_001_186_186_641_457, 88_119, 13]),
    ("api_v1_1/search.json", [3, 0, 0], [1, 0, 1], [1_242_220_785_621_475_328, 2, 0]),
    ("api_v1_1/stream.jsonl", [5, 0, 0], [0, 0, 0], [3_387_414_231_458_246_657, 0, 4]),
    ("api_v1_1/tweets.jsonl", [4, 0, 0], [2, 0, 0], [3_927_591_263_592_660_998, 9, 4]),
    ("api_v1_1/twitter.json", [100, 0, 0], [73, 0, 9], [13_693_999_927_316_377_626, 1861, 10]),
    ("api_v2/cashtags.jsonl", [1, 0, 0], [0, 0, 0], [1_611_077_073_803_841_538, 1, 1]),
    ("api_v2/edited.jsonl", [1, 0, 0], [0, 0, 0], [1_576_994_789_110_992_896, 27, 0]),
    ("api_v2/flat.jsonl", [10, 0, 0], [0, 2, 5], [14_658_212_410_442_756_132, 17, 0]),
    ("api_v2/many_urls.jsonl", [1, 0, 0], [0, 0, 1], [1_610_692_575_752_601_600, 13, 1]),
    ("api_v2/media_tweet.jsonl", [1, 0, 0], [0, 0, 0], [1_558_553_189_766_631_429, 93, 0]),
    ("api_v2/pages.jsonl", [1153, 0, 0], [22, 18, 940], [6_785_891_952_839_954_143, 153_407, 24]),
    ("api_v2/quoted_edit.jsonl", [1, 0, 0], [0, 1, 0], [1_576_995_594_388_000_768, 1, 0]),
    // The last line is cut.
    ("api_v2/streaming_output_with_error.jsonl", [7, 0, 1], [0, 1, 3], [9_643_552_338_796_802_076, 0, 2]),
    ("apify_actor_tibo/tweets.jsonl", [59, 1, 0], [0, 2, 0], [7_064_934_966_054_566_930, 96_456_375, 1]),
    ("archive/alrocar_2024", [400, 41, 0], [5, 48, 233], [2_494_925_617_356_088_171, 1155, 60]),
    ("archive/smithjd_2023", [400, 0, 0], [40, 8, 36], [14_336_954_391_138_746_571, 170, 67]),
    ("follow_builders", [1906, 4, 0], [0, 816, 0], [733_156_293_239_075_016, 1_460_607, 0]),
    // One item has no number.
    ("nitter_rss/thsottiaux_transcribed.xml", [2, 0, 1], [0, 0, 0], [4_175_367_084_156_535_502, 0, 0]),
    ("rapidapi_twitter154/sample.json", [20, 0, 0], [10, 0, 1], [13_709_589_720_417_620_302, 25_855, 8]),
    ("rettiwt/_issue_56.jsonl", [11, 0, 0], [0, 0, 10], [142_270_748_357_290_115, 3132, 4]),
    ("rettiwt/card_poll.jsonl", [28, 0, 0], [0, 5, 3], [12_963_296_595_358_173_104, 1_664_757, 1]),
    ("snscrape/tweet_2021_transcribed.jsonl", [1, 0, 0], [0, 0, 0], [1_376_739_399_593_910_273, 0, 0]),
    ("syndication/tombstone_transcribed.json", [0, 1, 0], [0, 0, 0], [0, 0, 0]),
    ("syndication/tweet_result_transcribed.json", [1, 0, 0], [0, 0, 0], [2_023_357_708_301_455_483, 14, 0]),
    ("twitterapi_io/watchdog_raw_sample.json", [2, 0, 0], [0, 0, 0], [4_042_700_184_532_340_977, 7771, 2]),
    ("twscrape/card_poll.jsonl", [31, 0, 0], [0, 5, 3], [18_304_857_154_355_968_877, 1_690_482, 1]),
    ("twscrape/raw_search.jsonl", [25, 0, 0], [0, 5, 2], [14_974_303_965_148_741_345, 35_958, 1]),
    ("twscrape/raw_tweet_thread.jsonl", [37, 0, 0], [0, 0, 36], [5_758_526_180_571_414_595, 1255, 4]),
    ("web_graphql/fxtwitter_mocks", [10, 1, 0], [0, 2, 0], [14_984_103_728_692_299_696, 716_711, 0]),
    ("web_graphql/raw_community_tweets.json", [20, 0, 0], [0, 4, 0], [4_812_519_682_140_450_915, 1036, 0]),
    ("web_graphql/raw_search.json", [20, 0, 0], [0, 5, 0], [4_605_714_710_290_974_823, 19_156, 0]),
    ("web_graphql/raw_tweet_thread.json", [37, 0, 0], [0, 0, 36], [5_758_526_180_571_414_595, 1255, 4]),
    ("x_digest", [1477, 1, 0], [495, 329, 253], [13_114_534_616_795_583_682, 1_024_498, 313]),
    ("x_kit_daily", [7035, 0, 0], [0, 0, 0], [5_736_336_751_481_829_351, 0, 0]),
    (
        "x_kit_user_tweets/all.jsonl.zst",
        [36_808, 0, 0],
        [5124, 7205, 0],
        [8_192_238_743_224_986_457, 882_347, 95],
    ),
    (
        "x_kit_user_tweets/window_2025-12-15_2026-02-10.jsonl",
        [2408, 0, 0],
        [304, 592, 0],
        [11_056_613_057_965_874_308, 89_005, 1],
    ),
    // The vendor's documentation, no tweets.
    ("twitterapi_io/api_doc_schemas.json", [0, 0, 1], [0, 0, 0], [0, 0, 0]),
];
