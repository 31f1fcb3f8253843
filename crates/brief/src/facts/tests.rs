//! Facts as texts write them.

use super::*;

fn figure(text: &str) -> (f64, Unit) {
    match figures(&half_width(text)).as_slice() {
        [Fact::Figure { value, unit, .. }] => (*value, *unit),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn one_value_in_many_notations() {
    let cases = [
        ("150 万", 1.5e6, Unit::Plain),
        ("1.5 million", 1.5e6, Unit::Plain),
        ("1,500,000", 1.5e6, Unit::Plain),
        ("31%", 31.0, Unit::Percent),
        ("31 percent", 31.0, Unit::Percent),
        ("百分之三十一", 31.0, Unit::Percent),
        ("三成一", 31.0, Unit::Percent),
        ("七成半", 75.0, Unit::Percent),
        ("一半", 50.0, Unit::Percent),
        ("two thirds", 200.0 / 3.0, Unit::Percent),
        ("三分之二", 200.0 / 3.0, Unit::Percent),
        ("two of every five", 40.0, Unit::Percent),
        ("25bps", 0.25, Unit::Percent),
        ("$50B", 5e10, Unit::Dollar),
        ("500 亿美元", 5e10, Unit::Dollar),
        ("US$1.2bn", 1.2e9, Unit::Dollar),
        ("20 刀", 20.0, Unit::Dollar),
        ("34 美分", 0.34, Unit::Dollar),
        ("1020 亿港元", 1.02e11, Unit::HongKongDollar),
        ("3倍", 3.0, Unit::Times),
        ("3x", 3.0, Unit::Times),
        ("tripled", 3.0, Unit::Times),
        ("翻倍", 2.0, Unit::Times),
        ("2,732 英里", 2732.0, Unit::Mile),
        ("2,732 miles", 2732.0, Unit::Mile),
        ("70B参数", 7e10, Unit::Plain),
        ("100块钱", 100.0, Unit::Yuan),
        ("3百亿美元", 3e10, Unit::Dollar),
        ("50 亿欧元", 5e9, Unit::Euro),
        ("4GB", 4.0, Unit::Gigabyte),
        ("120 毫秒", 0.12, Unit::Second),
        ("1.2 GW", 1200.0, Unit::Megawatt),
        ("140 千瓦", 0.14, Unit::Megawatt),
        ("三家", 3.0, Unit::Plain),
        ("两百万", 2e6, Unit::Plain),
        ("two dozen", 24.0, Unit::Plain),
        ("破亿", 1e8, Unit::Plain),
    ];
    for (text, value, unit) in cases {
        let (found, found_unit) = figure(text);
        assert!((found - value).abs() < 1e-6 * value && found_unit == unit, "{text}: {found} {found_unit:?}");
    }
    assert_eq!(figures("一家公司的三星手机"), []);
}

#[test]
fn a_range_is_two_figures() {
    let values = |text: &str| -> Vec<f64> {
        let value =
            |fact: Fact| if let Fact::Figure { value, .. } = fact { value } else { panic!("{fact:?}") };
        figures(text).into_iter().map(value).collect()
    };
    assert_eq!(values("10-15%"), [10.0, 15.0]);
    assert_eq!(values("$52-56B"), [5.2e10, 5.6e10]);
    assert_eq!(values("3 到 5 万"), [3e4, 5e4]);
}

#[test]
fn how_exact_a_figure_is_must_not_contradict() {
    let same = |held: &str, wanted: &str| same_figure(&figures(held)[0], &figures(wanted)[0]);
    for (held, wanted) in [
        ("over 1.2 million", "超过 120 万"),
        ("over 1.2 million", "120 万"),
        ("1,203,456", "约 120 万"),
        ("1,230,000", "超过 120 万"),
        ("1,190,000", "近 120 万"),
        ("¥630bn", "6300 亿日元"),
        ("15 points", "15%"),
        ("8x", "八分之一"),
    ] {
        assert!(same(held, wanted), "{held} | {wanted}");
    }
    for (held, wanted) in [
        ("over 1.2 million", "不到 120 万"),
        ("1,203,456", "120 万"),
        ("1,260,000", "约 120 万"),
        ("4GB", "4TB"),
        ("31%", "31"),
        ("$50B", "500 亿欧元"),
        ("12 hours", "12 天"),
        ("50 billion", "500 亿美元"),
        ("10%", "10x"),
    ] {
        assert!(!same(held, wanted), "{held} | {wanted}");
    }
}

#[test]
fn dates_agree_in_all_parts_that_are_given() {
    let date = |text: &str| facts(text).into_iter().find(|fact| matches!(fact, Fact::Date { .. })).unwrap();
    for (held, wanted) in [
        ("Jan 24, 2026", "1月24日"),
        ("24 January", "2026年1月24日"),
        ("2026-01-24", "1月"),
        ("Q4", "第四季度"),
        ("fourth quarter", "2025 年四季度"),
        ("H2", "下半年"),
        ("in March", "3 月"),
        ("by 2027", "2027 年"),
    ] {
        assert!(same_date(&date(held), &date(wanted)), "{held} | {wanted}");
    }
    for (held, wanted) in [
        ("Jan 24", "1月25日"),
        ("Q4", "第三季度"),
        ("2026", "2027 年"),
        ("H1", "下半年"),
        ("March", "3月4日"),
    ] {
        assert!(!same_date(&date(held), &date(wanted)), "{held} | {wanted}");
    }
}

#[test]
fn days_by_name_are_those_around_the_tweet() {
    let posted = "2026-01-24T03:00:00Z".parse().unwrap();
    let days = |text: &str| relative(text, posted).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(days("out yesterday").contains(&"2026-01-23".to_owned()));
    assert!(days("明天发布").contains(&"2026-01-25".to_owned()));
    assert!(days("下周三放出").contains(&"2026-02-04".to_owned()));
    assert!(days("Wed after close").contains(&"2026-01-28".to_owned()));
    assert!(is_of_another_day("votes tomorrow") && !is_of_another_day("today, and tomorrow"));
}

#[test]
fn a_version_goes_with_its_name() {
    let names = |text: &str| {
        let name = |fact: Fact| if let Fact::Name { written } = fact { Some(written) } else { None };
        facts(text).into_iter().filter_map(name).collect::<Vec<_>>()
    };
    assert_eq!(names("GPT-5.2 Pro 与 Llama 3.1 发布"), ["GPT-5.2 Pro", "Llama 3.1"]);
    assert_eq!(names("vLLM 升到 0.16.0"), ["0.16.0", "vLLM"]);
    assert_eq!(names("占 4 GB，BTC 1.5 万"), ["BTC"]);
    let held = held_names("GPT-5.2 Pro wins over Galaxy-Coder-14B-Long");
    assert!(held.contains(&"GPT-5.2Pro".to_owned()) && !held.contains(&"GPT-5.2".to_owned()), "{held:?}");
    assert!(held.contains(&"Galaxy-Coder".to_owned()));
}

#[test]
fn the_long_form_of_an_acronym_is_a_fact() {
    let expansions =
        |text: &str| facts(text).into_iter().filter(|fact| matches!(fact, Fact::Expansion { .. })).count();
    for text in [
        "CALM（约束自回归模型）",
        "CALM (Constrained Autoregressive Language Model)",
        "CALM，即约束自回归模型",
        "约束自回归模型（CALM）",
        "TIDE（张量交错动态执行）",
    ] {
        assert_eq!(expansions(text), 1, "{text}");
    }
    for text in ["AMD（上周发布）", "IBM（同比增长 3%）", "NVDA（英伟达）"] {
        assert_eq!(expansions(text), 0, "{text}");
    }
}

#[test]
fn each_kind_is_read_once() {
    let read =
        facts("1月24日，@openai 的 GPT-5.2 Pro 得分 31%，$intc 下跌，称“不是泡沫”，见 https://x.com/a");
    let written: Vec<&str> = read.iter().map(Fact::written).collect();
    assert_eq!(written, ["不是泡沫", "@openai", "$INTC", "1月24日", "31%", "GPT-5.2 Pro"]);
}

/// A bare number lets any measure of it pass, unless the text has the same number of another measure.
#[test]
fn a_measure_is_not_another_one() {
    let has = |held: &str, wanted: &str| figure_in(&held_figures(held), held, &figures(wanted)[0]).is_some();
    assert!(has("第 6 条要求留存日志", "6 周") && has("留存 6 个月", "6 个月"));
    assert!(!has("第 6 条要求留存不少于 6 个月", "6 周"));
}
