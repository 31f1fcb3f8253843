//! What a claim says about its facts: up or down, so or not so, said by whom. Heuristics over words, in Chinese and English:
//! they refuse what contradicts the cited tweets outright, and keep silent where these say both or nothing.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    checker::is_chinese,
    facts::{Fact, facts},
    pattern::pattern,
};

static UP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\+\d[\d.]*\s?%|(?:,|，|^)\s?\d[\d.]*x\s+(?:since|from)|上涨|大涨|涨幅|涨至|涨到|收涨|增长|增加|增至|上升|升至|升高|提高|提升|飙升|攀升|走高|反弹|上调|扩大|涨停|提到\s?\d|升破|站上|新高|(?:^|[^跌])破\s?\d|高于预期|加快|加速|超出预期|超预期|好于预期|提速|增大|变大|高\s?\d[\d.]*\s?%|走强|加息|扩大|涨(?:了|超|逾|近)?\s?\d|(?-u:\b)(?:bigger|larger)(?-u:\b)|(?-u:\b)up,|(?-u:\b)(?:up\s+(?:by\s+|from\s+|to\s+|about\s+|nearly\s+|over\s+)?[~$€£]?\d+|rose|rise[sn]?|rising|gain(?:s|ed|ing)?|jump(?:s|ed|ing)?|surg(?:e|es|ed|ing)|soar(?:s|ed|ing)?|spik(?:e|es|ed)|climb(?:s|ed|ing)?|rall(?:y|ies|ied)|increas(?:e|es|ed|ing)|gr[eo]w(?:s|n|ing)?|growth|higher|rais(?:e|es|ed|ing)\s+(?:\S+\s+){0,5}(?:targets?|guidance|guide|forecasts?|outlook|prices?|rates?|capex)|boost(?:s|ed)?|lift(?:s|ed|ing)?|beats?|topp?ed|tops|above\s+(?:expectations|estimates|consensus|forecasts?)|accelerat(?:e|es|ed)|faster|expand(?:s|ed)?|all-time\s+highs?|record\s+highs?|strengthen(?:s|ed)?|stronger|firmer|hik(?:e|es|ed)|widen(?:s|ed)?)(?-u:\b)",
    )
});
static DOWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|[\s(（：:])[-−]\d[\d.]*\s?%|下跌|大跌|降价|调降|降到|砍|裁|暴跌|跌幅|跌至|跌到|收跌|跌破|下降|降至|降低|减少|减至|下滑|滑落|缩减|缩小|走低|回落|下调|削减|跌停|崩|新低|抛售|低于预期|放缓|放慢|不及预期|逊于预期|收窄|减小|变小|低\s?\d[\d.]*\s?%|走弱|骤降|降息|跌(?:了|超|逾|近)?\s?\d|(?-u:\b)smaller(?-u:\b)|(?-u:\b)down[,.]|(?-u:\b)(?:less|fewer)(?-u:\b)|掉(?:了|到)?\s?\d|(?-u:\b)(?:down\s+(?:by\s+|from\s+|to\s+|about\s+|nearly\s+|over\s+)?[~$€£]?\d+|fell|fall(?:s|en|ing)?|dropp?(?:s|ed|ing)?|drop|declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|lower(?:s|ed|ing)?|cut(?:s|ting)?|slash(?:es|ed)?|plung(?:e|es|ed)|tumbl(?:e|es|ed)|slid|slip(?:s|ped)|sank|shrank|shr(?:ink|unk)s?|miss(?:es|ed)|below\s+(?:expectations|estimates|consensus|forecasts?)|reduc(?:e|es|ed|ing)|slow(?:s|ed|er|ing)|lost|loses|weaker|sold\s+off|sell-?off|crash(?:es|ed)?|weaken(?:s|ed)?|narrow(?:s|ed)?|tighten(?:s|ed)?)(?-u:\b)",
    )
});
static NOT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)没|并未|尚未|从未|未(?:能|曾|获|被|予|经|来得及|发|达|通|批|公|推|披|给|提|与|对|收|证|说|参|受|见|找|包|做|在|向|启|完|开|升|改|计|考|透)|不会|不是|并非|并不|不再|不能|不可|不支持|不打算|不计划|不包括|不包含|不需|无需|无法|否认|拒绝|不了|取消|非官方|不属实|不存在|不愿|不想|不认为|不建议|不提供|不开源|不(?-u:[ ]?)(?:涉|参|含|收|用|是)|(?-u:\b)(?:not|never|no\s+longer|cannot|without|den(?:y|ies|ied)|refus(?:e|es|ed)|reject(?:s|ed)?|cancel(?:s|ed|led)?|nor|neither|no|none)(?-u:\b)|n['’]t(?-u:\b)",
    )
});
static FORTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:从|由|(?-u:\b)from\s)?\s?[$€£¥]?(?P<a>\d[\d,.]*)[^，。；;\d]{0,14}?(?:->|→|至|到|为|(?-u:\b)to(?-u:\b))\s?(?:about\s|约\s?)?[$€£¥]?(?P<b>\d[\d,.]*)",
    )
});
static BACK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?-u:\b)to\s[$€£¥]?(?P<b>\d[\d,.]*)[^，。；;\d]{0,12}?(?-u:\b)from\s[$€£¥]?(?P<a>\d[\d,.]*)",
    )
});
static SHOWN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)->|→|➡|(?-u:\b)(?:vs|versus)(?-u:\b)"));
/// That something does not move, and words that move nothing.
static STEADY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?-u:\b)(?:falls?|fell)\s+(?:on|in|into|under|within)(?-u:\b)|(?-u:\b)turn(?:s|ed)?\s+down(?-u:\b)|(?:不|未|没)(?:会|再|有)?(?:下降|上升|上涨|下跌|增加|减少|降低|提高|掉|降|涨|跌)",
    )
});
/// Negations that negate nothing.
static IDIOM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)不(?:会)?早于|不(?:会)?晚于|没错|没问题|没事|没准|沉没|埋没|没收|不仅|不断|不少|不同|不过|不到|不足|不超过|不少于|不错|不得不|不止|无论|无人|(?-u:\b)(?:not\s+only|no\s+(?:more|less|fewer)\s+than|why\s+not|no\.?\s?\d|not\s+just)(?-u:\b)|(?-u:\b)(?:no|not)\s+(?:\S+\s+){0,3}(?:until|till|before|unless)(?-u:\b)|n['’]t\s+(?:\S+\s+){0,3}(?:until|till|before|unless)(?-u:\b)",
    )
});
/// `@someone 称`, with who and what follows.
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)@(?P<who>[A-Za-z0-9_]{1,20})\s*(?:等人?)?(?:在[^，。；]{0,12})?(?:也|则|还|均|都)?(?:称|表示|认为|指出|提到|谈到|预计|预测|预言|写道|透露|宣布|发文|警告|质疑|强调|解释|回应|建议|补充|坦言|直言|主张|判断|估计|说|觉得|反驳|批评|看好|看空|推荐|提醒|分享|披露|测得|报告|介绍|\s*(?:said|says|argues?|argued|warns?|warned|notes?|noted|thinks|expects?|expected|claims?|claimed|reports?|reported|announced?|announces|writes|wrote|estimates?|estimated|predicts?|predicted|denies|denied|points|pointed|calls|called|reckons|believes|adds|added)(?-u:\b))",
    )
});
/// `@someone` at the beginning of a clause, whatever they do.
static DOES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[，。；\n])\s*@(?P<who>[A-Za-z0-9_]{1,20})\s"));

/// How a tweet names somebody as its own source.
const SOURCED: &str = r"(?i)(?:据|according\s+to|per|via|from|by|引述|转述|来自|quoting|cc)\s?@?NAME(?-u:\b)|@NAME(?-u:\b)\s?(?:[:：]|says|said|just|称|说|表示|认为|宣布|announced|claims|argues|told|writes|wrote|reports|reported|points|estimates|expects)";

/// A stretch of a claim that is told as somebody's words.
pub(crate) struct Said {
    /// Handle without `@`.
    pub(crate) who: String,
    pub(crate) facts: Vec<Fact>,
    /// All that is told of them.
    pub(crate) words: String,
    /// Whether the claim says that they said so, and not only that they did something.
    pub(crate) is_told: bool,
}

/// Who is said to say what. `known` are the display names of accounts with their handles, which a claim may use instead.
pub(crate) fn said(claim: &str, known: &[(&str, &str)], is_fact: impl Fn(&Fact) -> bool) -> Vec<Said> {
    let mut text = claim.to_owned();
    for (name, handle) in known.iter().filter(|(name, _)| name.chars().count() > 1) {
        let first =
            name.split(' ').next().filter(|first| first.is_ascii() && first.len() > 2).unwrap_or(name);
        for form in [*name, first] {
            text = replaced(&text, form, &format!("@{handle} "));
        }
    }
    let mut all = stretches(&text, &SAID, true, &is_fact);
    if !SAID.is_match(claim) {
        all.extend(stretches(claim, &DOES, false, &is_fact));
    }
    all
}

/// A text with a name written otherwise wherever it stands as a word of its own, and not in a handle.
fn replaced(text: &str, name: &str, by: &str) -> String {
    let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@');
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (start, found) in text.match_indices(name) {
        let end = start + found.len();
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let behind = text.get(end..).and_then(|behind| behind.chars().next());
        let is_word = !(before.is_some_and(joins) || behind.is_some_and(joins)) || !name.is_ascii();
        out.push_str(text.get(done..start).unwrap_or_default());
        out.push_str(if is_word { by } else { found });
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// What is told in the claim as the words of the account at each of these places, or as its deeds.
fn stretches(text: &str, speaking: &Regex, is_told: bool, is_fact: impl Fn(&Fact) -> bool) -> Vec<Said> {
    let hits: Vec<_> = speaking.captures_iter(text).collect();
    let starts: Vec<usize> = hits.iter().filter_map(|hit| Some(hit.get(0)?.start())).collect();
    let telling = |fact: &Fact| {
        matches!(fact, Fact::Figure { .. } | Fact::Name { .. } | Fact::Quotation { .. } | Fact::Ticker { .. })
    };
    let stretch = |(place, hit): (usize, &regex::Captures<'_>)| {
        let begin = hit.get(0)?.end();
        let next = starts.get(place + 1).copied().unwrap_or(text.len());
        let words = text.get(begin..next)?;
        let words = words.split(['。', '；', ';', '\n']).next().unwrap_or(words);
        // The words of the next one named are not this one's.
        let words = words.split("，@").next().unwrap_or(words);
        Some(Said {
            who: hit.name("who")?.as_str().to_owned(),
            facts: facts(words).into_iter().filter(|fact| telling(fact) && is_fact(fact)).collect(),
            words: words.to_owned(),
            is_told,
        })
    };
    hits.iter().enumerate().filter_map(stretch).collect()
}

/// A Chinese subject of saying at the beginning of a clause.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[，。；！？\n])据?(?P<who>\p{Han}{2,6}?)(?:称|表示|认为|指出|披露|透露|宣布|批准|介绍称|说[：:“])",
    )
});
/// Subjects that name nobody in particular, and words that make a phrase of one.
static NOBODY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"没|未|的|时|回应|公司|团队|作者|官方|该|分析师|有人|用户|网友|研究|报告|多位|业内|市场|消息|发言人|博主|其|他|她|文章|推文|账号|人士|专家|创始人|开发者|投资者|论文|公告|声明|厂商|平台|机构|双方|两|对此|同时|此外|部分|一些|不少|并|也|还|则|均|都|被|可|自|方面|负责人|首席|高管|员工|作家|教授|媒体|主持人|嘉宾|受访者|编辑|委员会|总裁|董事长|产品|模型|项目|这|那|正式|近日|今日|昨日",
    )
});

/// Those whom a claim lets speak though no cited tweet, all of them Chinese, has their name.
pub(crate) fn strangers(claim: &str, tweets: &[&str]) -> Vec<String> {
    let all_chinese = tweets.iter().all(|tweet| is_chinese(tweet));
    let who = |hit: regex::Captures<'_>| Some(hit.name("who")?.as_str().to_owned());
    let subjects = SUBJECT.captures_iter(claim).filter_map(who);
    subjects
        .filter(|who| {
            all_chinese && !NOBODY.is_match(who) && !tweets.iter().any(|tweet| tweet.contains(who.as_str()))
        })
        .collect()
}

/// Whether a text names somebody as the source of its words.
pub(crate) fn names_as_source(text: &str, handle: &str) -> bool {
    let named = SOURCED.replace("NAME", &regex::escape(handle));
    Regex::new(&named).is_ok_and(|named| named.is_match(text))
}

/// From what to what a text says that something went.
fn moves(text: &str) -> Vec<(f64, f64)> {
    let number = |hit: &regex::Captures<'_>, name: &str| {
        hit.name(name)?.as_str().replace([',', '，'], "").trim_end_matches('.').parse::<f64>().ok()
    };
    let forth = FORTH.captures_iter(text).filter_map(|hit| Some((number(&hit, "a")?, number(&hit, "b")?)));
    let back = BACK.captures_iter(text).filter_map(|hit| Some((number(&hit, "a")?, number(&hit, "b")?)));
    forth.chain(back).collect()
}

/// A move that the tweets have the other way round.
fn reversed(claim: &str, tweets: &str) -> Option<Fact> {
    let held = moves(tweets);
    let is_same =
        |one: &(f64, f64), from: f64, to: f64| (one.0 - from).abs() < 1e-9 && (one.1 - to).abs() < 1e-9;
    let turned = moves(claim).into_iter().find(|(from, to)| {
        held.iter().any(|one| is_same(one, *to, *from)) && !held.iter().any(|one| is_same(one, *from, *to))
    });
    turned.map(|(from, to)| Fact::Direction { written: format!("{from} → {to}"), up: to > from })
}

/// What contradicts the tweets outright: a direction that none of them has while the other one is there, for the whole or
/// for one figure; a negation that none has, or one that all have and the claim lacks.
pub(crate) fn contradictions(claim: &str, tweets: &[&str]) -> Vec<Fact> {
    let mut found: Vec<Fact> = Vec::new();
    let whole = STEADY.replace_all(&tweets.join("\n"), " ").into_owned();
    let claim_moves = STEADY.replace_all(claim, " ").into_owned();
    // A comparison that is shown and not told has any direction.
    let is_shown = SHOWN.is_match(&whole);
    for (up, own, other) in [(true, &UP, &DOWN), (false, &DOWN, &UP)] {
        if let Some(word) = own.find(&claim_moves)
            && !is_shown
            && !own.is_match(&whole)
            && other.is_match(&whole)
        {
            found.push(Fact::Direction { written: word.as_str().to_owned(), up });
        }
    }
    found.extend(reversed(claim, &tweets.join("\n")));
    found.extend(negation(claim, tweets));
    found
}

/// Which way a text goes; `None` when it goes both ways or none.
pub(crate) fn direction(text: &str) -> Option<bool> {
    let text = &STEADY.replace_all(text, " ");
    match (UP.is_match(text), DOWN.is_match(text)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// The word that negates a text.
pub(crate) fn negated(text: &str) -> Option<String> {
    let plain = IDIOM.replace_all(text, " ");
    NOT.find(&plain).map(|word| word.as_str().to_owned())
}

/// What negates without a word for it: `dropped`, `unworkable`, 缺少.
static IMPLIED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)不|没|未|无|别|勿|缺|失败|失利|拒|禁|停|撤|驳回|搁置|取消|只|仅|难|免|否|零|落空|(?-u:\b)(?:drop(?:s|ped)?|fail(?:s|ed|ing|ure)?|lack(?:s|ed|ing)?|miss(?:es|ed|ing)?|un[a-z]{4,}|im?possible|in[a-z]+ble|avoid(?:s|ed)?|stop(?:s|ped)?|end(?:s|ed)?|ban(?:s|ned)?|block(?:s|ed)?|only|instead|free|zero|los(?:es|t|ing)|disagrees?|wrong|hardly|barely|few|isn|aren|absent|empty|out\s+of|kill(?:s|ed)?|remov(?:es|ed)|skip(?:s|ped)?|halt(?:s|ed)?|suspend(?:s|ed)?|paus(?:es|ed)|shut)(?-u:\b)",
    )
});

/// Whether a text says of anything that it is not so, in whatever way.
pub(crate) fn is_negative(text: &str) -> bool {
    negated(text).is_some() || IMPLIED.is_match(text)
}

/// A negation where no tweet says of anything that it is not so.
fn negation(claim: &str, tweets: &[&str]) -> Option<Fact> {
    let word = negated(claim)?;
    (!tweets.iter().any(|tweet| is_negative(tweet))).then_some(Fact::Negation { written: word })
}

#[cfg(test)]
mod tests;
