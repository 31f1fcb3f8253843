//! Figures: a value and what it measures, in whatever notation.

use std::sync::LazyLock;

use regex::{Captures, Regex, RegexSet};

use super::{
    Bound, Fact, Unit, numeral,
    units::{CHINESE, COUNTED, DIGITS, ENGLISH, SCALE, SIGNS, UNITS},
    whole,
};
use crate::pattern::{pattern, word_set};

static HEDGE_OVER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:超过|超|逾|多于|不止|突破|至少|不少于|高于|no\ less\ than|not\ less\ than|more\ than|over|above|exceed(?:s|ed|ing)?|at\ least|north\ of|surpass(?:es|ed)?|>)[\s+]*$",
    )
});
static HEDGE_UNDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:不到|不足|少于|至多|不超过|低于|接近|近|no\ more\ than|not\ more\ than|nearly|almost|under|below|less\ than|fewer\ than|up\ to|at\ most|as\ little\ as|<)[\s+]*$",
    )
});
static HEDGE_ABOUT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?:大约|约|大概|左右|about|around|roughly|approximately|some|~|～|≈)[\s+]*$")
});

/// A number with its sign, scale and unit.
static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    let units: Vec<&str> = UNITS.iter().map(|(_, words)| *words).collect();
    let tail = format!(r"\s?(?:(?:straight|consecutive|full)\s)?(?P<unit>{})?", units.join("|"));
    pattern(&format!(
        r"(?xi) (?P<sign>{SIGNS})?\s?
        (?: (?P<digits>{DIGITS})
          | (?P<chinese>{CHINESE})(?P<counted>{SCALE}|{COUNTED})
          | (?-u:\b)(?P<english>{ENGLISH})(?-u:\b) )
        \s?-?(?P<scale>{SCALE})?(?P<more>多|余)?{tail}"
    ))
});
static RANGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)(?P<sign>{SIGNS})?(?P<from>{DIGITS})(?P<scale>\s?(?:{SCALE}))?\s?(?:-|–|—|~|～|至|到|\ to\ )\s?(?:{SIGNS})?(?P<to>{DIGITS})(?P<tail>\s?(?:{SCALE})?\s?(?:%|[x×](?-u:\b)|倍|美元|元|天|年|个月|小时)?)"
    ))
});
/// `8 万 5`: eight and a half times ten thousand.
static SPOKEN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<a>\d)(?P<scale>[万亿千])(?P<b>\d)(?P<end>[^\d万千百亿十.,，%]|$)"));
static FRACTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?P<below>[一二三四五六七八九十百\d.]+)分之(?P<above>[一二两三四五六七八九十百点零\d.]+)")
});
/// `two of every five`, `3 in 10`.
static OUT_OF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?-u:\b)(?P<above>one|two|three|four|\d+)\ (?:of\ every|in\ every|out\ of\ every|out\ of|in)\ (?P<below>three|four|five|ten|\d+)(?-u:\b)",
    )
});
/// `for a fifth month`: so many in a row.
static ORDINAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?-u:\b)(?:a|an|the|for)\ (?P<place>third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\ (?:straight\ |consecutive\ )?(?P<what>days?|weeks?|months?|quarters?|years?)(?-u:\b)",
    )
});
static TENTHS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<tens>[一二两三四五六七八九\d])成(?P<more>[一二三四五六七八九半])?"));
/// Words that are figures by themselves.
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:破|过|超|达|逾|近)(?:(?P<yi>亿)|(?P<qianwan>千万)|(?P<baiwan>百万)|(?P<wan>万))|(?P<halfmillion>(?-u:\b)half\ a\ million(?-u:\b))|(?P<halfbillion>(?-u:\b)half\ a\ billion(?-u:\b))|(?P<halfpercent>(?-u:\b)half\ (?:of\ one|a)\ percent(?-u:\b))|(?P<fifth>(?-u:\b)(?:one|a)[ -]fifth(?-u:\b))|(?P<tenth>(?-u:\b)(?:one|a)[ -]tenth(?-u:\b))|(?P<half>一半|半数|(?-u:\b)half(?-u:\b))|(?P<double>翻了?一?[倍番]|(?-u:\b)(?:doubl(?:ed?|es|ing)|twofold|twice)(?-u:\b))|(?P<triple>(?-u:\b)(?:tripl(?:ed?|es|ing)|threefold)(?-u:\b))|(?P<quadruple>(?-u:\b)(?:quadrupl(?:ed?|es|ing)|fourfold)(?-u:\b))|(?P<third>(?-u:\b)(?:one|a)[ -]third(?-u:\b))|(?P<thirds>(?-u:\b)two[ -]thirds(?-u:\b))|(?P<quarter>(?-u:\b)(?:one|a)[ -]quarter of(?-u:\b))|(?P<quarters>(?-u:\b)three[ -]quarters(?-u:\b))",
    )
});

/// Takes all figures out of a text.
pub(super) fn take(rest: &mut String) -> Vec<Fact> {
    let mut found = Vec::new();
    let readers: [(&Regex, Reader); 5] =
        [(&FRACTION, fraction), (&OUT_OF, out_of), (&ORDINAL, ordinal), (&TENTHS, tenths), (&WORDS, word)];
    for (pattern, read) in readers {
        let text = rest.clone();
        super::take(rest, pattern, |hit| hedged(read(hit)?, &text, hit), &mut found);
    }
    *rest = spread(&SPOKEN.replace_all(rest, "$a.$b$scale$end"));
    let text = rest.clone();
    super::take(rest, &FIGURE, |hit| figure(&text, hit), &mut found);
    found
}

/// Reads what a pattern found as a figure.
type Reader = fn(&Captures<'_>) -> Option<Fact>;

/// The figure, as exact as what stands in front of it says.
fn hedged(fact: Fact, text: &str, hit: &Captures<'_>) -> Option<Fact> {
    let before = text.get(..hit.get(0)?.start())?;
    Some(match fact {
        Fact::Figure { written, value, unit, .. } => {
            Fact::Figure { written, value, unit, bound: bound(before) }
        }
        other => other,
    })
}

/// Figures that a tweet holds besides: a claim may have its 第四 as 4, and its `two out of three` as 2.
pub(super) fn places(text: &str) -> Vec<Fact> {
    static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern("第(?P<place>[一二三四五六七八九十]{1,3})"));
    let read = |hit: Captures<'_>| {
        Some(plain(whole(&hit), numeral::chinese(hit.name("place")?.as_str())?, Unit::Plain))
    };
    let of_list = |hit: Captures<'_>| {
        let number = |name: &str| {
            let text = hit.name(name)?.as_str();
            text.parse().ok().or_else(|| numeral::english(text))
        };
        Some([number("above")?, number("below")?].map(|value| plain(whole(&hit), value, Unit::Plain)))
    };
    let places = PLACE.captures_iter(text).filter_map(read);
    places.chain(OUT_OF.captures_iter(text).filter_map(of_list).flatten()).collect()
}

/// The first number of a range gets the scale and unit of the second: `3-5 million` becomes `3 million 5 million`.
fn spread(text: &str) -> String {
    RANGE
        .replace_all(text, |hit: &Captures<'_>| {
            let part = |name: &str| hit.name(name).map_or("", |part| part.as_str());
            let tail = part("tail");
            let own = part("scale");
            let first = if own.is_empty() {
                tail.to_owned()
            } else {
                format!("{own}{}", tail.trim_start_matches(own))
            };
            format!("{sign}{}{first} {sign}{}{tail}", part("from"), part("to"), sign = part("sign"))
        })
        .into_owned()
}

fn plain(written: String, value: f64, unit: Unit) -> Fact {
    Fact::Figure { written, value, unit, bound: Bound::Exact }
}

fn fraction(hit: &Captures<'_>) -> Option<Fact> {
    let number = |name: &str| {
        let text = hit.name(name)?.as_str();
        text.parse().ok().or_else(|| if text == "百" { Some(100.0) } else { numeral::chinese(text) })
    };
    let (below, above): (f64, f64) = (number("below")?, number("above")?);
    (below > 0.0).then(|| plain(whole(hit), above / below * 100.0, Unit::Percent))
}

fn out_of(hit: &Captures<'_>) -> Option<Fact> {
    let number = |name: &str| {
        let text = hit.name(name)?.as_str();
        text.parse().ok().or_else(|| numeral::english(text))
    };
    let (above, below): (f64, f64) = (number("above")?, number("below")?);
    // Not the year in `3 in 2026`.
    (above < below && below <= 100.0).then(|| plain(whole(hit), above / below * 100.0, Unit::Percent))
}

fn ordinal(hit: &Captures<'_>) -> Option<Fact> {
    const PLACES: [&str; 8] = ["third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    let place = hit.name("place")?.as_str().to_lowercase();
    let place = PLACES.iter().position(|known| *known == place)?;
    let what = hit.name("what")?.as_str().to_lowercase();
    let unit = match what.trim_end_matches('s') {
        "day" => Unit::Day,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => Unit::Plain,
    };
    Some(plain(whole(hit), place as f64 + 3.0, unit))
}

fn tenths(hit: &Captures<'_>) -> Option<Fact> {
    let read = |text: &str| text.parse().ok().or_else(|| numeral::chinese(text));
    let tens = read(hit.name("tens")?.as_str())?;
    let more = match hit.name("more").map(|more| more.as_str()) {
        None => 0.0,
        Some("半") => 5.0,
        Some(digit) => read(digit)?,
    };
    Some(plain(whole(hit), tens * 10.0 + more, Unit::Percent))
}

fn word(hit: &Captures<'_>) -> Option<Fact> {
    const MEANING: [(&str, f64, Unit); 17] = [
        ("halfmillion", 5e5, Unit::Plain),
        ("halfbillion", 5e8, Unit::Plain),
        ("halfpercent", 0.5, Unit::Percent),
        ("fifth", 20.0, Unit::Percent),
        ("tenth", 10.0, Unit::Percent),
        ("yi", 1e8, Unit::Plain),
        ("qianwan", 1e7, Unit::Plain),
        ("baiwan", 1e6, Unit::Plain),
        ("wan", 1e4, Unit::Plain),
        ("half", 50.0, Unit::Percent),
        ("double", 2.0, Unit::Times),
        ("triple", 3.0, Unit::Times),
        ("quadruple", 4.0, Unit::Times),
        ("third", 100.0 / 3.0, Unit::Percent),
        ("thirds", 200.0 / 3.0, Unit::Percent),
        ("quarter", 25.0, Unit::Percent),
        ("quarters", 75.0, Unit::Percent),
    ];
    let (_, value, unit) = MEANING.iter().find(|(name, ..)| hit.name(name).is_some())?;
    Some(plain(whole(hit), *value, *unit))
}

fn figure(text: &str, hit: &Captures<'_>) -> Option<Fact> {
    let part = |name: &str| hit.name(name).map(|part| part.as_str());
    let counted = part("counted").unwrap_or_default();
    let base = match (part("digits"), part("chinese"), part("english")) {
        (Some(digits), ..) => {
            digits.chars().filter(|c| !matches!(c, ',' | '，')).collect::<String>().parse().ok()?
        }
        // 一家, 一种 and the like are articles.
        (_, Some("一"), _) if factor(counted) <= 1.0 => return None,
        (_, Some(numeral), _) => numeral::chinese(numeral)?,
        (.., Some(numeral)) => numeral::english(numeral)?,
        _ => return None,
    };
    let value = base * factor(counted) * factor(part("scale").unwrap_or_default());
    let by_word = part("unit").and_then(by_word);
    // The sign of a range stands with its first figure; the second one may have a word of its own.
    let is_own = |unit: &Unit| unit.is_money() || matches!(unit, Unit::Percent | Unit::Cent);
    let unit = by_word.filter(is_own).or(by_sign(part("sign"))).or(by_word).or(by_counted(counted));
    let (value, unit) = match unit.unwrap_or(Unit::Plain) {
        Unit::BasisPoint => (value / 100.0, Unit::Percent),
        Unit::Cent => (value / 100.0, Unit::Dollar),
        Unit::Millisecond => (value / 1000.0, Unit::Second),
        Unit::Kilowatt => (value / 1000.0, Unit::Megawatt),
        Unit::Gigawatt => (value * 1000.0, Unit::Megawatt),
        Unit::KilowattHour => (value / 1000.0, Unit::MegawattHour),
        Unit::GigawattHour => (value * 1000.0, Unit::MegawattHour),
        unit => (value, unit),
    };
    let bound = if part("more").is_some() { Bound::Over } else { bound(text.get(..hit.get(0)?.start())?) };
    Some(Fact::Figure { written: whole(hit), value, unit, bound })
}

/// What stands right in front of a figure says how exact it is.
fn bound(before: &str) -> Bound {
    let near: String = before.chars().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect();
    if HEDGE_UNDER.is_match(&near) {
        Bound::Under
    } else if HEDGE_OVER.is_match(&near) {
        Bound::Over
    } else if HEDGE_ABOUT.is_match(&near) {
        Bound::About
    } else {
        Bound::Exact
    }
}

/// Each unit's words as a whole, in the order of the list.
static UNIT: LazyLock<RegexSet> = LazyLock::new(|| {
    let whole: Vec<String> = UNITS.iter().map(|(_, words)| format!("(?x)^(?:{words})$")).collect();
    word_set(whole.iter().map(String::as_str))
});

fn by_word(word: &str) -> Option<Unit> {
    let place = UNIT.matches(word).iter().next()?;
    UNITS.get(place).map(|(unit, _)| *unit)
}

fn by_sign(sign: Option<&str>) -> Option<Unit> {
    Some(match sign?.to_uppercase().as_str() {
        "HK$" | "HKD" => Unit::HongKongDollar,
        "NT$" | "TWD" | "NTD" => Unit::TaiwanDollar,
        "€" | "EUR" => Unit::Euro,
        "£" | "GBP" => Unit::Pound,
        "CNY" | "RMB" => Unit::Yuan,
        "JPY" => Unit::Yen,
        "¥" | "￥" => Unit::YuanOrYen,
        "₩" | "KRW" => Unit::Won,
        "₹" | "INR" => Unit::Rupee,
        _ => Unit::Dollar,
    })
}

fn by_counted(counted: &str) -> Option<Unit> {
    Some(match counted {
        "倍" => Unit::Times,
        "天" => Unit::Day,
        "周" => Unit::Week,
        "年" => Unit::Year,
        "小时" => Unit::Hour,
        "分钟" => Unit::Minute,
        "秒" => Unit::Second,
        "美元" => Unit::Dollar,
        "元" => Unit::Yuan,
        "英里" => Unit::Mile,
        "公里" => Unit::Kilometre,
        "吨" => Unit::Ton,
        _ => return None,
    })
}

fn factor(scale: &str) -> f64 {
    match scale.trim().to_lowercase().as_str() {
        "千" | "thousand" | "k" => 1e3,
        "万" => 1e4,
        "十万" => 1e5,
        "百万" | "million" | "mln" | "mn" | "m" => 1e6,
        "千万" => 1e7,
        "亿" => 1e8,
        "十亿" | "billion" | "bln" | "bn" | "b" => 1e9,
        "百亿" => 1e10,
        "千亿" => 1e11,
        "万亿" | "trillion" | "tn" | "t" => 1e12,
        _ => 1.0,
    }
}
