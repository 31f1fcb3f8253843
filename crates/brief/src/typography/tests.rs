//! Each rule on the shortest text that shows it, and what no rule may touch.

use proptest::prelude::*;

use super::*;
use crate::verify::Writer;

fn check(cases: &[(&str, &str)]) {
    for (written, wanted) in cases {
        assert_eq!(typeset(written), *wanted, "{written}");
        assert_eq!(typeset(wanted), *wanted, "twice: {written}");
    }
}

fn unchanged(texts: &[&str]) {
    check(&texts.iter().map(|text| (*text, *text)).collect::<Vec<_>>());
}

#[test]
fn a_space_stands_between_chinese_and_latin() {
    check(&[
        ("Nova发布GPT-5.2模型", "Nova 发布 GPT-5.2 模型"),
        ("涨15%后回落3.1%", "涨 15% 后回落 3.1%"),
        ("跌-3.1%，气温30℃以上", "跌 -3.1%，气温 30℃ 以上"),
        ("@some_one说$INTC跌了", "@some_one 说 $INTC 跌了"),
        ("从$2.10降到€1.62", "从 $2.10 降到 €1.62"),
        ("使用C++语言，Disney+上线", "使用 C++ 语言，Disney+ 上线"),
        ("2026年3月4日", "2026 年 3 月 4 日"),
        ("参数α为Café所用", "参数 α 为 Café 所用"),
        ("约 15 % 与 30 ℃", "约 15% 与 30℃"),
        ("发布  Nova   模型", "发布 Nova 模型"),
    ]);
}

#[test]
fn no_space_stands_beside_full_width_marks() {
    check(&[
        ("发布， Nova ，模型（ MoE ）。", "发布，Nova，模型（MoE）。"),
        ("他称 “Nova 很快” 。", "他称“Nova 很快”。"),
        ("《 报告 》 引发", "《 报告 》引发"),
    ]);
}

#[test]
fn marks_beside_chinese_are_full_width() {
    check(&[
        ("发布新模型,价格降低;用户:满意", "发布新模型，价格降低；用户：满意"),
        ("OpenAI, 谷歌和Meta: 结盟", "OpenAI，谷歌和 Meta：结盟"),
        ("真的吗?是的!好.", "真的吗？是的！好。"),
        ("采用MoE.", "采用 MoE。"),
        ("智能体(Agent)发布 (详见报告)", "智能体（Agent）发布（详见报告）"),
        ("Claude 3 (最新版)", "Claude 3（最新版）"),
    ]);
}

#[test]
fn numbers_names_versions_and_addresses_stay() {
    unchanged(&[
        "裁减 1,100 个岗位，12:30 生效，比分 3:2",
        "采用 f(x) 与 Opus (beta) 两种",
        "文件.txt 与 Node.js 和 A.I.",
        "Yahoo! 发布，Inc. 宣布",
        "见 https://例子.example/a,b?c=1 和 www.example.org/a(b)c 两处",
        "GPT-5.2 与 K2.5、v1.0.3 和 1/3、3-5 天",
        "使用 --no-cache 参数",
        "写作 <b class=\"x\"> 即可",
        "屏幕 5\" 大",
        "这是 A—B 之间",
    ]);
    unchanged(&["No Chinese here, at all...", "", "a \"b\" c--d"]);
}

#[test]
fn quotations_stay_as_they_were_written() {
    unchanged(&[
        "他称：“涨15%后,再跌(3%)...”；另一人写道：“a,b 中c”。",
        "《AI时代,来了》一书与「GPT5发布,上线」",
        "没有结束的引文：“涨15%后,再跌",
        "外层“内有‘GPT5发布’一语,在内”之后",
    ]);
    check(&[("他说\"GPT5发布,上线\"之后", "他说“GPT5发布,上线”之后")]);
}

#[test]
fn dots_and_dashes_are_whole() {
    check(&[
        ("等等...后来", "等等……后来"),
        ("等等…", "等等……"),
        ("等等。。。。", "等等……"),
        ("模型--人们的希望", "模型——人们的希望"),
        ("人们 — 希望", "人们——希望"),
    ]);
}

#[test]
fn no_mark_stands_twice() {
    check(&[
        ("发布，，上线。。", "发布，上线。"),
        ("发布，。上线！！！", "发布。上线！"),
        ("发布。，上线；，价格", "发布。上线；价格"),
        ("他说：“今天发布。”。", "他说：“今天发布。”"),
        ("他问：“为什么？”。", "他问：“为什么？”"),
    ]);
    unchanged(&["真的吗？！", "“今天发布。”，他说"]);
}

fn with_amounts(text: &str) -> String {
    let draft = DraftClaim {
        group: String::new(),
        lead: String::new(),
        text: text.to_owned(),
        cites: Vec::new(),
        derived: Vec::new(),
        writer: Writer::Extractive,
    };
    let once = printed(&draft, Script::Han);
    assert_eq!(printed(&once, Script::Han).text, once.text, "twice: {text}");
    assert_eq!(printed(&draft, Script::Latin), draft);
    once.text
}

#[test]
fn large_amounts_are_told_in_chinese_too() {
    for (written, wanted) in [
        ("融资$640M,估值$3.9B。", "融资 $640M（6.4 亿美元），估值 $3.9B（39 亿美元）。"),
        ("融资 $1.2 billion 后", "融资 $1.2 billion（12 亿美元）后"),
        ("付款 3.4 million 笔", "付款 3.4 million（340 万）笔"),
        (
            "市值 $1.25T、€28K 和 £1,500m",
            "市值 $1.25T（1.25 万亿美元）、€28K（2.8 万欧元）和 £1,500m（15 亿英镑）",
        ),
        ("在 Series B $640M 之后", "在 Series B $640M（6.4 亿美元）之后"),
    ] {
        assert_eq!(with_amounts(written), wanted);
    }
}

#[test]
fn what_is_not_certain_is_not_told_in_chinese() {
    for text in [
        "模型 72B 与 405B 参数、128K 上下文",
        "约 $3B-$5B 之间，$2M/年",
        "融资 $640M（6.4 亿美元）",
        "融资 6.4 亿美元（$640M）",
        "他称：“raised $640M today”。",
        "A$640M 与 HK$5B，$3K 一台，$640M+ 与 $5B 美元",
        "每次 $1.23456789M",
    ] {
        assert_eq!(with_amounts(text), text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn twice_is_once(text in "([中文，。：“”‘’（）《》…—a1 ,.;:!?()\"$%@-]|\\.\\.\\.|https://|GPT-5\\.2){0,16}") {
        let once = typeset(&text);
        prop_assert_eq!(typeset(&once), once);
    }

    #[test]
    fn no_letter_or_digit_is_lost(text in any::<String>()) {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        prop_assert_eq!(letters(&typeset(&text)), letters(&text));
    }
}
