//! The opposite of what is so: negations and directions.

use crate::support::dice::Dice;

pub(super) const NEGATIONS: &[(&str, &str)] = &[
    ("没有", "有"),
    ("不会", "会"),
    ("尚未", "已经"),
    ("已经", "尚未"),
    ("未", "已"),
    ("发布了", "没有发布"),
    ("完成", "未完成"),
    ("批准", "未批准"),
    ("支持", "不支持"),
    ("可商用", "不可商用"),
    ("将", "不会"),
    ("开源", "不开源"),
    ("是", "不是"),
    (" is ", " is not "),
    (" was ", " was not "),
    (" will ", " will not "),
    (" has ", " has not "),
    (" can ", " cannot "),
    (" did not ", " did "),
    (" not ", " "),
];

pub(super) const DIRECTIONS: &[(&str, &str)] = &[
    ("上涨", "下跌"),
    ("下跌", "上涨"),
    ("上升", "下降"),
    ("下降", "上升"),
    ("增长", "下降"),
    ("涨 ", "跌 "),
    ("跌 ", "涨 "),
    ("提高", "降低"),
    ("降低", "提高"),
    ("减少", "增加"),
    ("增加", "减少"),
    ("上调", "下调"),
    ("低于", "高于"),
    ("高于", "低于"),
    ("降价", "涨价"),
    (" up ", " down "),
    (" down ", " up "),
    ("raised", "cut"),
    ("rose", "fell"),
    ("fell", "rose"),
    ("drops", "rises"),
    ("higher", "lower"),
    ("lower", "higher"),
    ("increased", "decreased"),
    ("beats", "misses"),
    (" above ", " below "),
    (" below ", " above "),
];

pub(super) fn turned(text: &str, pairs: &[(&str, &str)], dice: &mut Dice) -> Option<String> {
    let there: Vec<&(&str, &str)> = pairs.iter().filter(|(from, _)| text.contains(from)).collect();
    let (from, to) = dice.choose(&there)?;
    Some(text.replacen(from, to, 1))
}
