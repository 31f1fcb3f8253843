//! Names in Latin script, with the versions that belong to them; and what acronyms are said to mean.

use std::sync::LazyLock;

use regex::Regex;

use super::Fact;
use crate::pattern::pattern;

static NAME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[\p{Latin}][\p{Latin}\p{Nd}]*(?:['’.\-+&/_][\p{Latin}\p{Nd}]+)*\+{0,2}"));
static RELEASE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d+(?:\.\d+){2,}"));
/// A model that begins with its number: `6000D`. Letters that are units are not among these.
static MODEL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\d{3,}(?:[DSXYZERLUQ]|D[A-Z]|P[R-Z]|[S-V][A-Z]|[RQXZ][A-Z])(?-u:\b)"));
/// A version behind a name: ` 3.1`, ` V14.2`.
static VERSION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^ ?[vV]?\d{1,3}(?:\.\d+)+"));
static SUFFIX: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[ -]([A-Z][a-z]+)(?-u:\b)"));
/// What stands behind a number that counts something and is no version.
static COUNTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s?(?:%|[万亿千百倍]|[kmbtKMBTxX](?-u:\b)|million|billion|trillion|thousand|percent|dollars?|yuan|euros?|pounds?|yen|points?|times|hours?|minutes?|days?|weeks?|months?|years?|miles?|km|tons?|[GTMKP]B(?-u:\b)|[GMk]Wh?(?-u:\b)|美元|欧元|英镑|日元|港元|元|个|美|点|小时|分钟|秒|天|周|年|公里|英里|吨|\d|,\d)",
    )
});

/// Units that stand behind a figure with a space; the figure has them.
const UNIT_WORDS: [&str; 18] = [
    "GB", "TB", "MB", "KB", "PB", "GW", "MW", "kW", "GWh", "MWh", "kWh", "GHz", "MHz", "nm", "ms", "km",
    "bps", "USD",
];

/// Words that make a version another one.
const SUFFIXES: [&str; 24] = [
    "Pro", "Max", "Mini", "Nano", "Micro", "Lite", "Flash", "Ultra", "Turbo", "Plus", "Air", "Preview",
    "Instruct", "Thinking", "Codex", "Opus", "Sonnet", "Haiku", "Coder", "Vision", "Base", "Chat", "Omni",
    "Fast",
];

/// Whether a word, folded or not, makes a version another one.
fn is_version_suffix(word: &str) -> bool {
    SUFFIXES.iter().any(|suffix| suffix.eq_ignore_ascii_case(word))
}

/// The names of a text, a version with what belongs to it as one: `GPT-5.2 Pro`, `Llama 3.1`.
pub(super) fn names(text: &str) -> Vec<String> {
    // Versions that are numbers alone, such as `0.16.1`, or begin with one.
    let releases = RELEASE
        .find_iter(text)
        .chain(MODEL.find_iter(text))
        .filter(|hit| stands_alone(text, hit.start(), hit.end()));
    let mut names: Vec<String> = releases.map(|hit| hit.as_str().to_owned()).collect();
    let mut end = 0;
    for hit in NAME.find_iter(text) {
        if hit.start() < end || is_glued(text, hit.start()) {
            continue;
        }
        end = end_of(text, hit.end(), hit.as_str());
        let name = text.get(hit.start()..end).unwrap_or(hit.as_str());
        if name.chars().count() > 1
            && !is_weekday(name)
            && !UNIT_WORDS.contains(&name.split('/').next().unwrap_or(name))
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// The days of the week are told by the lexicon, in both languages.
fn is_weekday(word: &str) -> bool {
    let day = word.strip_suffix("day").unwrap_or(word);
    ["Mon", "Tues", "Tue", "Wednes", "Wed", "Thurs", "Thu", "Fri", "Satur", "Sat", "Sun"].contains(&day)
}

/// Whether no letter, digit or hyphen touches a stretch of a text.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let touches = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let behind = text.get(end..).and_then(|behind| behind.chars().next());
    !before.is_some_and(touches) && !behind.is_some_and(touches)
}

/// The same without what only stands behind them: the 1.12 of `PUE 1.12` may be a figure.
pub(super) fn words(text: &str) -> Vec<String> {
    let own = NAME.find_iter(text).filter(|hit| !is_glued(text, hit.start()) && hit.len() > 1);
    own.chain(MODEL.find_iter(text)).map(|hit| hit.as_str().to_owned()).collect()
}

/// A Latin word right behind a digit is its unit (`4GB`, `720p`), which the figure covers.
fn is_glued(text: &str, start: usize) -> bool {
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    before.is_some_and(|c| c.is_ascii_digit() || c == '.')
}

fn end_of(text: &str, end: usize, name: &str) -> usize {
    let behind = |at: usize| text.get(at..).unwrap_or_default();
    let mut end = end;
    let has_capital = name.chars().any(char::is_uppercase);
    if has_capital
        && let Some(version) =
            VERSION.find(behind(end)).filter(|version| !COUNTS.is_match(behind(end + version.end())))
    {
        end += version.end();
    }
    let is_version =
        text.get(..end).is_some_and(|all| all.chars().next_back().is_some_and(|c| c.is_ascii_digit()))
            || name.chars().any(|c| c.is_ascii_digit());
    while is_version
        && let Some(word) = SUFFIX
            .captures(behind(end))
            .filter(|hit| hit.get(1).is_some_and(|word| is_version_suffix(word.as_str())))
        && let Some(all) = word.get(0)
    {
        end += all.end();
    }
    end
}

/// The text without its names, so that the 5.2 of `GPT-5.2` is no figure of its own.
pub(super) fn blank(text: &str, names: &[String]) -> String {
    let with_digits = names.iter().filter(|name| name.chars().any(|c| c.is_ascii_digit()));
    with_digits.fold(text.to_owned(), |text, name| text.replace(name.as_str(), " "))
}

/// The words of a text and runs of two and three of them, joined, so that a name may be split otherwise in a claim. A
/// version that goes on with a suffix is not there without it.
pub(crate) fn held_names(text: &str) -> Vec<String> {
    let inner = |c: char| c.is_alphanumeric() && !corpus::is_han_char(c);
    let words: Vec<&str> = text
        .split(|c: char| !(inner(c) || matches!(c, '.' | '-' | '\'' | '’' | '+' | '&' | '_')))
        .map(|word| word.trim_matches(|c: char| !inner(c) && c != '+'))
        .filter(|word| !word.is_empty())
        .collect();
    let goes_on = |end: usize| {
        words.get(end).is_some_and(|word| word.chars().any(|c| c.is_ascii_digit()))
            && words
                .get(end + 1)
                .is_some_and(|next| is_version_suffix(next) && next.starts_with(char::is_uppercase))
    };
    let mut held = Vec::new();
    for size in 1..=4 {
        for (start, run) in words.windows(size).enumerate() {
            if !goes_on(start + size - 1) {
                let run = run.concat();
                held.extend(run.strip_suffix("'s").or_else(|| run.strip_suffix("’s")).map(str::to_owned));
                held.push(run);
            }
        }
    }
    let pieces = |word: &&str| -> Vec<String> {
        word.split(['-', '\'', '’', '&', '_', '+'])
            .filter(|piece| !piece.is_empty())
            .map(str::to_owned)
            .collect()
    };
    held.extend(words.iter().flat_map(pieces));
    held.extend(words.iter().flat_map(|word| families(word)));
    held
}

/// `Galaxy-Coder` of `Galaxy-Coder-14B`: what stands before the version.
fn families(word: &str) -> Vec<String> {
    let ends = word.match_indices('-').filter_map(|(end, _)| word.get(..end));
    ends.filter(|family| !family.chars().any(|c| c.is_ascii_digit())).map(str::to_owned).collect()
}

static GLOSS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<of>[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9-]*)\s?(?:[（(](?:即|全称|意为)?\s?(?P<long>[^（）()]{3,60})[）)]|[,，]?\s?(?:即|全称(?:为|是)?|意为|是指|stands\ for|short\ for)\s?(?P<told>\p{Han}{3,16}|(?:[A-Z][a-z]+[ -]){1,6}[A-Z][a-z]+))|(?P<before>\p{Han}{4,14}|(?:[A-Z][a-z]+[ -]){1,6}[A-Z][a-z]+)\s?[（(](?:简称)?(?P<of2>[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9-]*)[）)]",
    )
});
/// What a long form in Chinese ends with.
static KIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:模型|网络|学习|智能|系统|协议|技术|架构|算法|处理器|单元|生成|接口|语言|机制|标准|框架|组织|委员会|基金|指数|存储器|内存|芯片|平台|管理局|协会|联盟|计划|服务|引擎|编码器|注意力|优化|推理|专家|代理|助手|数据库|中心|实验室|公司|银行|交易所|法案|货币|代币)$",
    )
});

/// The long forms that a text gives to acronyms.
pub(super) fn expansions(text: &str) -> Vec<Fact> {
    let read = |hit: regex::Captures<'_>| {
        let part = |name: &str| hit.name(name).map(|part| part.as_str().trim().to_owned());
        let of = part("of").or_else(|| part("of2"))?;
        let written = part("long").or_else(|| part("told")).or_else(|| part("before"))?;
        is_long_form(&written, &of).then_some(Fact::Expansion { written, of })
    };
    GLOSS.captures_iter(text).filter_map(read).collect()
}

/// Whether a text has words in a row that begin with the letters of an acronym: `High Bandwidth Flash` for HBF.
pub(crate) fn spells_out(text: &str, acronym: &str) -> bool {
    let letters: Vec<char> =
        acronym.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    let begins = |(word, letter): (&&str, &char)| {
        word.starts_with(|c: char| c.to_ascii_lowercase() == *letter) && word.len() > 1
    };
    letters.len() > 1 && words.windows(letters.len()).any(|row| row.iter().zip(&letters).all(begins))
}

/// Words of a kind of thing; about two characters a letter; or a capital a word. Other words in brackets are remarks.
fn is_long_form(text: &str, acronym: &str) -> bool {
    let letters = acronym.chars().filter(char::is_ascii_uppercase).count() * 2;
    let length = text.chars().count();
    let is_remark = text.chars().any(|c| "了已未将被于称后前等上下今昨明年月日".contains(c));
    let fits = !is_remark && letters > 4 && length + 2 >= letters && length <= letters + 3;
    let han = text.chars().all(corpus::is_han_char);
    let words: Vec<&str> = text.split([' ', '-']).collect();
    let capitals = words.len() > 1
        && words.iter().filter(|word| word.starts_with(char::is_uppercase)).count() * 2 > words.len()
        && text.chars().all(|c| c.is_ascii_alphabetic() || c == ' ' || c == '-');
    han && (KIND.is_match(text) || fits) || capitals
}
