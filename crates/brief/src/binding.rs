//! What a clause ties together: a figure with what it measures, a negation with what it negates, a part with its whole.
//!
//! As in `align`, words are matched, and only what no cited tweet says in any clause is an objection.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    aliases::Aliases,
    align::Clause,
    facts::{Fact, handles, held_figures},
    pattern::pattern,
    pool::fold,
    sense::is_negative,
};

/// A figure that measures something else in every clause of the tweets that holds it, while what the claim lets it measure
/// has another figure there.
pub(crate) fn mismeasured(claim: &[Clause], tweets: &[Vec<Clause>]) -> Option<Fact> {
    let all: Vec<&Clause> = tweets.iter().flatten().collect();
    claim.iter().find_map(|clause| {
        let [figure] = clause.figures() else { return None };
        let measures = clause.measures();
        let has_another = |held: &&&Clause| {
            held.figures().iter().any(|other| other.unit() == figure.unit()) && !held.has_figure(figure)
        };
        let holders = || all.iter().filter(|held| held.has_figure(figure));
        let elsewhere = |measures: crate::lexicon::Measures| {
            all.iter().filter(|held| held.measures().share(measures)).any(|held| has_another(&held))
        };
        let is_other = holders().next().is_some()
            && holders().all(|held| !held.measures().is_empty() && !held.measures().share(measures))
            && elsewhere(measures);
        let marks = measures.marks();
        let is_unmarked = holders().next().is_some()
            && !marks.is_empty()
            && holders().all(|held| !held.measures().share(marks))
            && elsewhere(marks);
        (is_other || is_unmarked).then(|| figure.clone())
    })
}

/// A name that is first, due on a day or raised in a claim, and every time something else of the kind in the tweets.
pub(crate) fn misattributed(claim: &[Clause], tweets: &[Vec<Clause>]) -> Option<Fact> {
    let all = || tweets.iter().flatten();
    claim.iter().find_map(|clause| {
        let [(class, wanted)] = clause.attributes() else { return None };
        let of_class = |held: &Clause| -> Vec<usize> {
            held.attributes().iter().filter(|(other, _)| other == class).map(|(_, which)| *which).collect()
        };
        let is_other = |name: &String| {
            let mut holders =
                all().filter(|held| held.names().contains(name) && !of_class(held).is_empty()).peekable();
            holders.peek().is_some() && holders.all(|held| !of_class(held).contains(wanted))
        };
        let mut known =
            clause.names().iter().filter(|name| all().any(|held| held.names().contains(*name))).peekable();
        let name = known.peek().map(|name| (*name).clone())?;
        let known: Vec<&String> = known.collect();
        // Or what the tweets say it of has other names.
        let mut holders = all().filter(|held| of_class(held).contains(wanted)).peekable();
        let is_of_others = holders.peek().is_some()
            && holders.all(|held| {
                !held.subject().is_empty() && !known.iter().any(|name| held.subject().contains(*name))
            });
        (known.iter().all(|name| is_other(name)) || is_of_others).then_some(Fact::Name { written: name })
    })
}

/// A figure, or a measure without one, that another kind of person tells of in every clause that has it, while the one of the claim speaks elsewhere.
pub(crate) fn of_another_role(claim: &[Clause], tweets: &[Vec<Clause>]) -> Option<Fact> {
    let all = || tweets.iter().flatten();
    let shares = |held: &Clause, roles: &[usize]| roles.iter().any(|role| held.roles().contains(role));
    claim.iter().filter(|clause| !clause.roles().is_empty()).find_map(|clause| {
        if !all().any(|held| shares(held, clause.roles())) {
            return None;
        }
        let is_other = |figure: &&Fact| {
            let mut holders = all().filter(|held| held.has_figure(figure)).peekable();
            holders.peek().is_some()
                && holders.all(|held| !held.roles().is_empty() && !shares(held, clause.roles()))
        };
        let by_figure = clause.figures().iter().find(is_other).cloned();
        let measures = clause.measures();
        let mut holders = all().filter(|held| held.measures().share(measures)).peekable();
        let is_of_other = clause.figures().is_empty()
            && holders.peek().is_some()
            && holders.all(|held| !held.roles().is_empty() && !shares(held, clause.roles()));
        by_figure.or_else(|| is_of_other.then(|| Fact::Speaker { written: clause.text().to_owned() }))
    })
}

/// `@someone` beside a figure that every tweet gives to another account by its handle.
pub(crate) fn of_another(claim: &str, tweets: &[Vec<Clause>]) -> Option<Fact> {
    static PIECE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[，。；;\n]|[,.](?:\s|$)"));
    static SAYS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)称|说|表示|认为|指出|写道|转述|援引|介绍|提到|透露|据|(?-u:\b)(?:says|said|reports?|according|writes|notes|points)(?-u:\b)",
        )
    });
    PIECE.split(claim).filter(|piece| !SAYS.is_match(piece)).find_map(|piece| {
        let own = handles(piece);
        let [handle] = own.as_slice() else { return None };
        let is_other = |figure: &Fact| {
            let mut holders = tweets.iter().flatten().filter(|held| held.has_figure(figure)).peekable();
            holders.peek().is_some()
                && holders.all(|held| {
                    let named = handles(held.text());
                    !named.is_empty() && !named.contains(handle)
                })
        };
        held_figures(piece).into_iter().find(is_other)
    })
}

/// `其中 14 个` of 2: a part that is more than what it is part of.
static PART: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"其中|(?i)(?-u:\b)(?:of\s+which|of\s+them)(?-u:\b)"));
/// `低于预期的 63 亿`: less than what stands behind, or more.
static THAN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?P<less>(?:低于|不及|逊于|少于)[^，。；\d]{0,8}(?:预期|预测|预估)[^，。；\d]{0,3}|(?-u:\b)(?:below|short\s+of)\s+(?:the\s+)?(?:expected|estimates?\s+of|forecasts?\s+of|consensus\s+of)\s?)|(?P<more>(?:高于|超过|超出|好于|优于)[^，。；\d]{0,8}(?:预期|预测|预估)[^，。；\d]{0,3}|(?-u:\b)(?:above|ahead\s+of|beating)\s+(?:the\s+)?(?:expected|estimates?\s+of|forecasts?\s+of|consensus\s+of)\s?)",
    )
});

/// A figure of a claim that its own words contradict.
pub(crate) fn inconsistent(claim: &str) -> Option<Fact> {
    let sides = |at: std::ops::Range<usize>| {
        let before = claim.get(..at.start)?.rsplit(['。', '；', ';', '\n']).next()?;
        let behind = claim.get(at.end..)?.split(['，', '。', '；', ';', '\n']).next()?;
        let behind = held_figures(behind).into_iter().next()?;
        let before = held_figures(before).into_iter().filter(|held| held.unit() == behind.unit());
        let before: Vec<f64> = before.filter_map(|held| held.value()).collect();
        (!before.is_empty()).then_some((before, behind.value()?, behind))
    };
    if let Some((wholes, part, figure)) = PART.find(claim).and_then(|hit| sides(hit.range()))
        && wholes.iter().all(|whole| part > *whole)
    {
        return Some(figure);
    }
    let hit = THAN.captures(claim)?;
    let (told, other, figure) = sides(hit.get(0)?.range())?;
    let told = told.last()?;
    let is_wrong = if hit.name("less").is_some() { *told > other } else { *told < other };
    is_wrong.then_some(figure)
}

/// What negates the Chinese words behind it.
static NEGATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:没有|并没|还没|没|并未|尚未|仍未|未|不再|不会|不是|不用|不需要|不需|无需|不打算|不计划|不|无)(?:能|被|有|予以)?(?P<what>\p{Han}{2,4})",
    )
});
/// Words that begin with a negation and negate nothing.
static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "不仅|不断|不少|不同|不过|不到|不足|不超|不错|不得不|不止|不管|不论|不如|不及|不良|不久|不可或缺|无论|无人|无线|无限|未来|未必|没错|没准|没收|不妨|不禁|不由|不愧|不光|不只",
    )
});

/// Words that a claim states though every tweet that has them negates them, or the other way round. Both in Chinese.
pub(crate) fn negated_words(claim: &str, tweets: &[&str]) -> Option<Fact> {
    let plain = |text: &str| WHOLE.replace_all(text, "、").into_owned();
    let claim = plain(claim);
    let tweets = plain(&tweets.join("\n"));
    let lost =
        negations(&tweets).into_iter().find(|what| is_stated(&claim, what) && !is_stated(&tweets, what));
    let added = || {
        negations(&claim).into_iter().find(|what| {
            tweets.contains(what.as_str())
                && is_stated(&tweets, what)
                && !negates(&tweets, what)
                && !is_stated(&claim, what)
        })
    };
    lost.map(|_| Fact::Negation { written: String::new() })
        .or_else(|| added().map(|written| Fact::Negation { written }))
}

/// What a text negates: the words behind each negation, two characters at least, the longest first.
fn negations(text: &str) -> Vec<String> {
    let found = NEGATED.captures_iter(text).filter_map(|hit| hit.name("what").map(|what| what.as_str()));
    found
        .filter_map(|what| {
            let end = what.char_indices().nth(2).map_or(what.len(), |(end, _)| end);
            what.get(..end).map(str::to_owned)
        })
        .collect()
}

/// Characters between a negation and what it negates.
const REACH: usize = 10;

fn occurrences(text: &str, what: &str) -> Vec<bool> {
    let is_negated = |start: usize| {
        let before: Vec<char> = text.get(..start).unwrap_or_default().chars().rev().take(REACH).collect();
        before
            .iter()
            .take_while(|c| !matches!(c, '，' | '。' | '；' | '、' | '\n'))
            .any(|c| matches!(c, '不' | '没' | '未' | '无' | '非' | '否'))
    };
    text.match_indices(what).map(|(start, _)| is_negated(start)).collect()
}

fn is_stated(text: &str, what: &str) -> bool {
    occurrences(text, what).contains(&false)
}

fn negates(text: &str, what: &str) -> bool {
    occurrences(text, what).contains(&true)
}

/// `Oracle, not Microsoft`: a name that is said not to be it.
static NOT_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:(?i:(?-u:\b)(?:not|instead\s+of|rather\s+than))\s+|(?:而非|而不是|不是|并非|不用|不支持|不需要)\s?)(?P<who>[A-Z][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)*(?:\ (?:Pro|Max|Mini|Ultra|Plus|Air|Flash))?)",
    )
});

/// A name that every tweet rules out where it stands and the claim does not, or the other way round.
pub(crate) fn ruled_out(claim: &str, tweets: &[&str], aliases: &Aliases) -> Option<Fact> {
    let tweets = tweets.join("\n");
    let is_told = |name: &str| {
        let name = fold(name);
        // In any phrase of the claim that says no more than the name.
        let stands = |name: &str| {
            let mut phrases =
                claim.split(['，', '。', '；', ',', ';']).filter(|phrase| fold(phrase).contains(name));
            phrases.any(|phrase| !is_negative(phrase) && !phrase.contains('非') && !phrase.contains('除'))
        };
        stands(&name) || aliases.of(&name).any(stands)
    };
    let out = |text: &str| -> Vec<String> {
        NOT_NAME
            .captures_iter(text)
            .filter_map(|hit| hit.name("who").map(|who| who.as_str().to_owned()))
            .collect()
    };
    let (told, held) = (out(claim), out(&tweets));
    let count = |text: &str, name: &str| text.matches(name).count();
    let lost = held.iter().find(|name| {
        let ruled = held.iter().filter(|other| other == name).count();
        !told.contains(name) && count(&tweets, name) == ruled && is_told(name)
    });
    let is_denied = |name: &str| {
        tweets.match_indices(name).any(|(start, _)| {
            let phrase =
                tweets.get(..start).unwrap_or_default().rsplit(['.', '。', '\n']).next().unwrap_or_default();
            is_negative(phrase)
        })
    };
    let added =
        || told.iter().find(|name| !held.contains(name) && count(&tweets, name) > 0 && !is_denied(name));
    lost.map(|_| Fact::Negation { written: String::new() })
        .or_else(|| added().map(|name| Fact::Negation { written: name.clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clauses(text: &str) -> Vec<Clause> {
        Clause::all(text, &Aliases::default(), &std::collections::BTreeSet::new())
    }

    #[test]
    fn a_figure_measures_what_it_measures_in_the_tweet() {
        let tweet = "TSMC Q4: revenue $33.7B, up 25.5% YoY. Gross margin 62.3%. It was 59% before.";
        for (claim, is_wrong) in [
            ("毛利率 25.5%", true),
            ("同比增长 62.3%", true),
            ("毛利率 62.3%", false),
            ("营收 337 亿美元，同比增长 25.5%", false),
            ("此前为 62.3%", true),
            ("此前为 59%", false),
        ] {
            let found = mismeasured(&clauses(claim), &[clauses(tweet)]);
            assert_eq!(found.is_some(), is_wrong, "{claim}: {found:?}");
        }
    }

    #[test]
    fn a_name_is_what_it_is_in_the_tweet() {
        for (claim, tweet, is_wrong) in [
            ("$AAPL 在周五", "$MSFT Wed after close. $AAPL Thursday. $CVX Friday.", true),
            ("$AAPL 在周四", "$MSFT Wed after close. $AAPL Thursday. $CVX Friday.", false),
            ("GPT-5 第二", "GPT-5 第一，K3 第二", true),
        ] {
            assert_eq!(misattributed(&clauses(claim), &[clauses(tweet)]).is_some(), is_wrong, "{claim}");
        }
        let tweet = "@tanaka_db alone sent 41 patches";
        for (claim, is_wrong) in [
            ("@other 提交了 41 个补丁", true),
            ("@tanaka_db 提交了 41 个补丁", false),
            ("@other 称有 41 个补丁", false),
        ] {
            assert_eq!(of_another(claim, &[clauses(tweet)]).is_some(), is_wrong, "{claim}");
        }
    }

    #[test]
    fn a_part_is_less_than_the_whole_and_less_is_less() {
        for (claim, is_wrong) in [
            ("发现 2 个漏洞，其中 14 个严重", true),
            ("发现 14 个漏洞，其中 2 个严重", false),
            ("订单 132 亿欧元，低于预期的 63 亿欧元", true),
            ("订单 132 亿欧元，高于预期的 63 亿欧元", false),
        ] {
            assert_eq!(inconsistent(claim).is_some(), is_wrong, "{claim}");
        }
    }

    #[test]
    fn what_is_not_so_is_not_told_as_so() {
        for (claim, tweet, is_wrong) in [
            ("团队今年打算融资", "去年营收不错，今年不打算融资", true),
            ("团队今年不打算融资", "去年营收不错，今年不打算融资", false),
            ("价格已经披露", "价格没披露", true),
            ("重点不是留存，而是拉新", "重点不是拉新，是留存", true),
            ("重点是留存，不是拉新", "重点不是拉新，是留存", false),
            ("成本不断下降", "成本下降", false),
        ] {
            assert_eq!(negated_words(claim, &[tweet]).is_some(), is_wrong, "{claim}");
        }
        for (claim, is_wrong) in [
            ("由 Microsoft 托管", true),
            ("由 Oracle 托管", false),
            ("Microsoft, not Oracle, hosts it", true),
        ] {
            assert_eq!(
                ruled_out(claim, &["Oracle, not Microsoft, will host it"], &Aliases::default()).is_some(),
                is_wrong,
                "{claim}"
            );
        }
    }
}
