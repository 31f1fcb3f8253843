//! Figures: a value and what it measures, in whatever notation.

use std::sync::LazyLock;

use regex::{Captures, Regex, RegexSet};

use super::{Bound, Fact, Unit, numeral, pattern, whole};

/// What may stand behind a number and says what it measures. The longest first where one begins another.
const UNITS: &[(Unit, &str)] = &[
    (Unit::Percent, r"%|个百分点|百分点|percentage\ points?|percent|per\ cent|pct(?-u:\b)|pp(?-u:\b)"),
    (Unit::Point, r"pts?(?-u:\b)|points?(?-u:\b)|个?点"),
    (Unit::Cent, r"美分|cents?(?-u:\b)|¢|c(?-u:\b)"),
    (Unit::BasisPoint, r"个?基点|basis\ points?|bps(?-u:\b)|bp(?-u:\b)"),
    (Unit::HongKongDollar, r"港元|港币|hkd(?-u:\b)"),
    (Unit::TaiwanDollar, r"新台币|台币|twd(?-u:\b)|ntd(?-u:\b)"),
    (Unit::Dollar, r"美元|美金|刀|dollars?(?-u:\b)|usd[tc]?(?-u:\b)"),
    (Unit::Euro, r"欧元|euros?(?-u:\b)|eur(?-u:\b)"),
    (Unit::Pound, r"英镑|pounds?\ sterling|gbp(?-u:\b)|pounds(?-u:\b)"),
    (Unit::Yen, r"日元|日圆|jpy(?-u:\b)|yen(?-u:\b)"),
    (Unit::Won, r"韩元|韩圆|krw(?-u:\b)|won(?-u:\b)"),
    (Unit::Rupee, r"卢比|rupees?(?-u:\b)|inr(?-u:\b)"),
    (Unit::Yuan, r"元人民币|人民币|元|块钱|rmb(?-u:\b)|cny(?-u:\b)|yuan(?-u:\b)"),
    (Unit::Times, r"倍|[x×](?-u:\b)|×|-?fold(?-u:\b)|times(?-u:\b)"),
    (Unit::GigawattHour, r"GWh(?-u:\b)|吉瓦时"),
    (Unit::MegawattHour, r"MWh(?-u:\b)|兆瓦时"),
    (Unit::KilowattHour, r"kWh(?-u:\b)|千瓦时"),
    (Unit::Gigawatt, r"GW(?-u:\b)|gigawatts?|吉瓦"),
    (Unit::Megawatt, r"MW(?-u:\b)|megawatts?|兆瓦"),
    (Unit::Kilowatt, r"kW(?-u:\b)|kilowatts?|千瓦"),
    (Unit::Petabyte, r"PB(?-u:\b)|petabytes?"),
    (Unit::Terabyte, r"TB(?-u:\b)|terabytes?"),
    (Unit::Gigabyte, r"GB(?-u:\b)|gigabytes?"),
    (Unit::Megabyte, r"MB(?-u:\b)|megabytes?"),
    (Unit::Kilobyte, r"KB(?-u:\b)|kilobytes?"),
    (Unit::Nanometre, r"nm(?-u:\b)|nanometers?|纳米"),
    (Unit::Millisecond, r"ms(?-u:\b)|milliseconds?|毫秒"),
    (Unit::Second, r"seconds?(?-u:\b)|secs?(?-u:\b)|秒"),
    (Unit::Minute, r"minutes?(?-u:\b)|mins?(?-u:\b)|分钟"),
    (Unit::Hour, r"个?小时|hours?(?-u:\b)|hrs?(?-u:\b)|h(?-u:\b)"),
    (Unit::Day, r"days?(?-u:\b)|天"),
    (Unit::Week, r"weeks?(?-u:\b)|周|个?星期"),
    (Unit::Month, r"个月|months?(?-u:\b)"),
    (Unit::Year, r"years?(?-u:\b)|yrs?(?-u:\b)|年"),
    (Unit::Mile, r"miles?(?-u:\b)|英里"),
    (Unit::Kilometre, r"km(?-u:\b)|kilometers?|kilometres?|公里|千米"),
    (Unit::Ton, r"tons?(?-u:\b)|tonnes?(?-u:\b)|吨"),
];

const SIGNS: &str = r"US\$|HK\$|NT\$|[$€£¥￥₩₹]|(?-u:\b)(?:USD|EUR|GBP|JPY|KRW|CNY|RMB|HKD|TWD|NTD|INR)";
const SCALE: &str = r"万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|trillion|billion|million|thousand|mln(?-u:\b)|mn(?-u:\b)|bln(?-u:\b)|bn(?-u:\b)|tn(?-u:\b)|[kmbt](?-u:\b)";
const DIGITS: &str = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?";
const CHINESE: &str =
    r"[一二两三四五六七八九十][一二两三四五六七八九十百千零〇]*(?:点[一二三四五六七八九零〇]+)?";
const ENGLISH: &str = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[-\ ](?:one|two|three|four|five|six|seven|eight|nine))?|two\ dozen|a\ dozen|three\ dozen|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|two|three|four|five|six|seven|eight|nine";
/// What is counted in Chinese; without one of these `三` may be part of a name.
const COUNTED: &str = "道|题|例|岁|集|起|级|处|个|家|人|款|种|台|张|颗|枚|名|位|项|次|条|篇|部|场|座|只|支|套|笔|股|轮|所|国|城|州|地|处|步|页|行|层|批|组|类|代|季度|片|辆|架|款|成|倍|天|周|年|小时|分钟|秒|美元|元|英里|公里|吨|票";

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
    super::take(rest, &FRACTION, fraction, &mut found);
    super::take(rest, &OUT_OF, out_of, &mut found);
    super::take(rest, &ORDINAL, ordinal, &mut found);
    super::take(rest, &TENTHS, tenths, &mut found);
    super::take(rest, &WORDS, word, &mut found);
    *rest = spread(&SPOKEN.replace_all(rest, "$a.$b$scale$end"));
    let text = rest.clone();
    super::take(rest, &FIGURE, |hit| figure(&text, hit), &mut found);
    found
}

/// The places of a ranking that a tweet tells in Chinese: a claim may have the 第四 of a tweet as a figure.
pub(super) fn places(text: &str) -> Vec<Fact> {
    static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern("第(?P<place>[一二三四五六七八九十]{1,3})"));
    let read = |hit: Captures<'_>| {
        Some(plain(whole(&hit), numeral::chinese(hit.name("place")?.as_str())?, Unit::Plain))
    };
    PLACE.captures_iter(text).filter_map(read).collect()
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
    let whole = UNITS.iter().map(|(_, words)| format!("(?xi)^(?:{words})$"));
    #[expect(clippy::expect_used, reason = "literal patterns, compiled in a test")]
    RegexSet::new(whole).expect("the patterns are valid")
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

/// Whether the held figure says what the wanted one says: the same value of a unit that does not contradict, or one that
/// the wanted one rounds and says so.
pub(crate) fn same_figure(held: &Fact, wanted: &Fact) -> bool {
    let (
        Fact::Figure { value: a, unit: of_a, bound: exact_a, .. },
        Fact::Figure { value: b, unit: of_b, bound: exact_b, written },
    ) = (held, wanted)
    else {
        return false;
    };
    // Down by eight times is down to an eighth.
    let inverse = match (of_a, of_b) {
        (Unit::Times, Unit::Percent) => close(100.0 / a, *b),
        (Unit::Percent, Unit::Times) => close(100.0 / b, *a),
        _ => false,
    };
    let contradicts = matches!((exact_a, exact_b), (Bound::Over, Bound::Under) | (Bound::Under, Bound::Over));
    inverse || fits(*of_a, *of_b) && !contradicts && (close(*a, *b) || rounds(*a, *b, *exact_b, written))
}

/// The first of a text's figures that says what the wanted one says. A sum whose currency the text leaves out has that of its
/// other sums; one in Chinese without any is in yuan.
pub(crate) fn figure_in<'f>(held: &'f [Fact], text: &str, wanted: &Fact) -> Option<&'f Fact> {
    let Fact::Figure { unit, .. } = wanted else { return None };
    let units = || held.iter().filter_map(Fact::unit);
    let is_plain_yuan = *unit == Unit::Yuan && is_chinese(text) && !units().any(Unit::is_money);
    let implied = unit.is_money() && (is_plain_yuan || units().any(|held| held == *unit));
    held.iter().find(|held| {
        same_figure(held, wanted)
            || implied && held.unit() == Some(Unit::Plain) && same_figure(held, &wanted.without_unit())
    })
}

/// Whether most of a text's letters are Chinese.
fn is_chinese(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (han, all) = letters
        .fold((0, 0), |(han, all), c| (han + u32::from(corpus::is_han(c.encode_utf8(&mut [0; 4]))), all + 1));
    han * 2 > all
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs())
}

/// A unit that is not said contradicts none, money and shares excepted.
fn fits(held: Unit, wanted: Unit) -> bool {
    held == wanted
        || matches!((held, wanted), (Unit::Plain, Unit::Times) | (Unit::Times, Unit::Plain))
        || matches!(
            (held, wanted),
            (Unit::YuanOrYen, Unit::Yuan | Unit::Yen) | (Unit::Yuan | Unit::Yen, Unit::YuanOrYen)
        )
        || matches!(
            (held, wanted),
            (Unit::Point, Unit::Percent | Unit::Plain) | (Unit::Percent | Unit::Plain, Unit::Point)
        )
        || (wanted == Unit::Plain && held.is_money())
        || (held == Unit::Plain && wanted.is_measure())
        || (wanted == Unit::Plain && held.is_measure())
}

/// `约 120 万` for 1,203,456; `超过 120 万` for 1,230,000; `近 120 万` for 1,190,000.
fn rounds(held: f64, wanted: f64, bound: Bound, written: &str) -> bool {
    let near = (held - wanted).abs() <= 0.05 * wanted.abs();
    let step = wanted / significant(written);
    match bound {
        Bound::Exact => false,
        Bound::About => near && (held - wanted).abs() <= step / 2.0 + 1e-9,
        Bound::Over => near && held >= wanted && held - wanted < step,
        Bound::Under => near && held <= wanted && wanted - held < step,
    }
}

/// The written digits as an integer without trailing zeros, so that value ÷ it is the unit of the last digit.
fn significant(written: &str) -> f64 {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let trimmed = digits.trim_start_matches('0').trim_end_matches('0');
    trimmed.parse().unwrap_or(1.0_f64).max(1.0)
}
