//! Bytes behind the beginning of a CSV file, a feed or a file of a personal archive, told by the first byte; the same
//! bytes as its side file.

#![no_main]

use libfuzzer_sys::fuzz_target;

const BEGINNINGS: [&str; 8] = [
    "id,created_at,username,text,urls,likes\n",
    "Tweet ID;Text;URL;Date\n",
    "id\tconversation_id\tcreated_at\tusername\ttweet\thashtags\n",
    "<rss><channel><item>",
    "<?xml version=\"1.0\"?><rss xmlns:dc=\"x\"><channel><item><title>",
    "window.YTD.tweets.part0 = [",
    "window.YTD.note_tweet.part0 = [ {",
    "",
];

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let beginning = BEGINNINGS[usize::from(*first) % BEGINNINGS.len()];
    let bytes = [beginning.as_bytes(), rest].concat();
    let name = if beginning.starts_with("window.") { "data/tweets.js" } else { "f" };
    let mut inputs = vec![fuzz::file(name, &bytes, None)];
    if name.ends_with(".js") {
        let sides = ["window.YTD.account.part0 = [", "window.YTD.note_tweet.part0 = ["];
        let side = [sides[usize::from(*first) / 8 % 2].as_bytes(), rest].concat();
        inputs.push(fuzz::file("data/account.js", &side, None));
    }
    let one = fuzz::check(&inputs, &fuzz::SMALL);
    if data.len() % 16 == 0 {
        fuzz::is_the_same_with_threads(&inputs, &fuzz::SMALL, &one);
    }
});
