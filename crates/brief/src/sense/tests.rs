//! What a claim must not turn round.

use super::*;

#[test]
fn what_contradicts_is_found_and_what_does_not_is_left() {
    for (claim, tweet) in [
        ("股价上涨 5%", "Stock fell 5% after hours"),
        ("利润下降", "profit rose again"),
        ("从 4.4 升到 6.1", "fell from 6.1 to 4.4 per 100 workers"),
        ("权重不会开源", "weights are open"),
    ] {
        assert_ne!(contradictions(claim, &[tweet]), [], "{claim} | {tweet}");
    }
    for (claim, tweet) in [
        ("股价下跌 5%", "Stock fell 5% after hours"),
        ("价格从 20 美元涨到 30 美元", "$20 -> $30 per month"),
        ("尚未披露", "价格没披露"),
        ("超过 120 万", "over 1.2 million"),
        ("效果不下降", "效果不掉，提速 22%"),
        ("融资 2.95 亿元", "raises 295M yuan"),
    ] {
        assert_eq!(contradictions(claim, &[tweet]), [], "{claim} | {tweet}");
    }
}

#[test]
fn words_are_somebody_s() {
    let said = said("@a_b 称营收 31 亿，@c_d 认为只有 29 亿。", &[], |_| true);
    let told: Vec<(&str, usize)> = said.iter().map(|said| (said.who.as_str(), said.facts.len())).collect();
    assert_eq!(told, [("a_b", 1), ("c_d", 1)]);
    assert!(names_as_source("according to @a_b it is 31", "a_b") && !names_as_source("@a_b is wrong", "a_b"));
    assert_eq!(
        strangers("高盛认为涨得太快。", &["现货金首次站上 5400 美元，今天涨了四个点，我觉得短期太快了。"]),
        ["高盛"]
    );
    assert_eq!(
        strangers("该公司认为涨得太快。", &["现货金首次站上 5400 美元，今天涨了四个点，我觉得短期太快了。"]),
        Vec::<String>::new()
    );
}
