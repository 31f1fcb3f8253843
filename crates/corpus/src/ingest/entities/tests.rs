//! Cases of our own, for when the suite is not there and for what it does not say.

use super::{Found, extract, find};

#[track_caller]
fn check(text: &str, pick: fn(Found) -> Vec<String>, expected: &[&str]) {
    assert_eq!(pick(extract(text)), expected, "{text}");
}

#[test]
fn hashtags() {
    let check = |text: &str, expected: &[&str]| check(text, |found| found.hashtags, expected);
    check("#Rust and #编程语言，#日本語ハッシュ", &["Rust", "编程语言", "日本語ハッシュ"]);
    check("＃全角 (#b_1) #2026 #_ #4k", &["全角", "b_1", "4k"]);
    check("✌️#emoji 🚀#火箭 #AI❤️ #️⃣", &["emoji", "火箭", "AI"]);
    check(
        "#ひらがな～ #カタカナ・テスト #メ〜テレ #２０２６年 #𠀡",
        &["ひらがな～", "カタカナ・テスト", "メ〜テレ", "２０２６年", "𠀡"],
    );
    check("#第①章 #x² #Ⅷ", &["第", "x"]);
    check("#סייבר #מ״כ #می_خواهم", &["סייבר", "מ״כ", "می_خواهم"]);
    check("a#b 中#文 &#x27; #a#b ##c #微博话题#", &["c"]);
    check("https://example.org/#part example.org/#part", &[]);
}

#[test]
fn cashtags() {
    let check = |text: &str, expected: &[&str]| check(text, |found| found.cashtags, expected);
    check("$nvda, ($TSLA) \u{3000}$brk.b $Stock_X.", &["NVDA", "TSLA", "BRK.B", "STOCK_X"]);
    check("看好$AAPL。买入：$MSFT涨了 🚀$AMD", &["AAPL", "MSFT", "AMD"]);
    check("$100 US$abc $TOOLONGX $a1 $$x $ .$x caf\u{e9}$x $股票", &[]);
    check("$TEST.too $TEST.t1 $TEST_ $RBS.CA", &["TEST", "TEST", "TEST", "RBS.CA"]);
}

#[test]
fn mentions() {
    let check = |text: &str, expected: &[&str]| check(text, |found| found.mentions, expected);
    check("@mei你好 ＠Tom_1: (@x) 感谢@ann。", &["mei", "Tom_1", "x", "ann"]);
    check("RT@bob rt:@eve part@x \u{2067}@zed\u{2069}", &["bob", "eve", "zed"]);
    check("me@example.org @@y !@y @a@b @aliceìn @http://example.org", &[]);
    check("@twentycharactersname @twentyonecharactername", &["twentycharactersname"]);
    check("@user/list-1 https://example.org/@user", &[]);
}

#[test]
fn urls() {
    let check = |text: &str, expected: &[&str]| check(text, |found| found.urls, expected);
    check("见https://example.org/a?b=1&c=2#d，好", &["https://example.org/a?b=1&c=2#d"]);
    check("(http://example.org). HTTP://EXAMPLE.ORG!", &["http://example.org", "HTTP://EXAMPLE.ORG"]);
    check(
        "https://example.org/a_(b) https://example.org/a_(b_(c))/d",
        &["https://example.org/a_(b)", "https://example.org/a_(b_(c))/d"],
    );
    check(
        "(https://example.org/a) https://example.org:8080/a, \"https://example.org/?a=b\"",
        &["https://example.org/a", "https://example.org:8080/a", "https://example.org/?a=b"],
    );
    check(
        "1.https://example.org/a go!https://a.example...http://b.example",
        &["https://example.org/a", "https://a.example", "http://b.example"],
    );
    check("https:// xhttps://example.org #https://example.org https://localhost/a", &[]);
    check(
        "https://t.co/abc?amp=1 https://t.co/abc's https://t.co/abc。",
        &["https://t.co/abc?amp=1", "https://t.co/abc", "https://t.co/abc"],
    );
}

#[test]
fn hosts() {
    let check = |text: &str, expected: &[&str]| check(text, |found| found.urls, expected);
    check(
        "http://例子.中国/a http://bücher.example.com http://foobar.みんな，",
        &["http://例子.中国/a", "http://bücher.example.com", "http://foobar.みんな"],
    );
    check(
        "https://example.org，更多见foo.com。 https://example.org。foo.com/a",
        &["https://example.org", "https://example.org"],
    );
    check(
        "https://example.com这里 https://xn--fiqs8s.xn--fiqs8s/a",
        &["https://example.com", "https://xn--fiqs8s.xn--fiqs8s/a"],
    );
    check("http://-a.com http://a-.com http://a_b.com http://a.comm http://a.com-b", &[]);
    check(
        "\u{2067}https://example.org/\u{2069}عربي https://مثال.قطر/a",
        &["https://example.org/", "https://مثال.قطر/a"],
    );
    check(&format!("http://{0}.com http://{1}.com", "a".repeat(64), "长".repeat(63)), &[]);
}

#[test]
fn bare_hosts_are_no_urls_but_hold_no_tags() {
    let text = "见example.org/#a 和 例子example.com，node.js v1.2 e.g. name.x@example.org";
    assert_eq!(extract(text), Found::default());
    let links: Vec<_> = find(text).iter().map(|link| link.name(text).to_owned()).collect();
    assert_eq!(links, ["example.org/#a", "example.com"]);
}

#[test]
fn ranges_are_bytes_with_the_mark() {
    let text = "看 ＃标签 http://例.中国/ $A";
    let ranges: Vec<_> = find(text).iter().map(|entity| text.get(entity.range.clone()).unwrap()).collect();
    assert_eq!(ranges, ["＃标签", "http://例.中国/", "$A"]);
}

#[test]
fn long_texts_of_signs_take_no_longer_than_others() {
    for sign in ["a.", ".", ":", "://", "http://", "#", "#a", "@a", "$", "http://a.co/(", "＃", "长.", "x-._"]
    {
        find(&sign.repeat(100_000));
        find(&format!("http://a.co/{}", sign.repeat(100_000)));
    }
}
