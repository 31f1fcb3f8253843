//! How numbers, their scales and their units are written, as patterns.

use super::Unit;

/// What may stand behind a number and says what it measures. The longest first where one begins another.
pub(super) const UNITS: &[(Unit, &str)] = &[
    (Unit::Percent, r"%|个百分点|百分点|percentage\ points?|percent|per\ cent|pct(?-u:\b)|pp(?-u:\b)"),
    (Unit::Point, r"pts?(?-u:\b)|points?(?-u:\b)|个?点"),
    (Unit::Cent, r"美分|cents?(?-u:\b)|¢|c(?-u:\b)"),
    (Unit::BasisPoint, r"个?基点|basis\ points?|bps(?-u:\b)|bp(?-u:\b)"),
    (Unit::HongKongDollar, r"元?港[元币]|hkd(?-u:\b)"),
    (Unit::TaiwanDollar, r"元?新?台币|twd(?-u:\b)|ntd(?-u:\b)"),
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

pub(super) const SIGNS: &str =
    r"US\$|HK\$|NT\$|[$€£¥￥₩₹]|(?-u:\b)(?:USD|EUR|GBP|JPY|KRW|CNY|RMB|HKD|TWD|NTD|INR)";
pub(super) const SCALE: &str = r"万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|trillion|billion|million|thousand|mln(?-u:\b)|mn(?-u:\b)|bln(?-u:\b)|bn(?-u:\b)|tn(?-u:\b)|[kmbt](?-u:\b)";
pub(super) const DIGITS: &str = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?";
pub(super) const CHINESE: &str =
    r"[一二两三四五六七八九十][一二两三四五六七八九十百千零〇]*(?:点[一二三四五六七八九零〇]+)?";
pub(super) const ENGLISH: &str = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[-\ ](?:one|two|three|four|five|six|seven|eight|nine))?|two\ dozen|a\ dozen|three\ dozen|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|two|three|four|five|six|seven|eight|nine";
/// What is counted in Chinese; without one of these `三` may be part of a name.
pub(super) const COUNTED: &str = "道|题|例|岁|集|起|级|处|个|家|人|款|种|台|张|颗|枚|名|位|项|次|条|篇|部|场|座|只|支|套|笔|股|轮|所|国|城|州|地|处|步|页|行|层|批|组|类|代|季度|片|辆|架|款|成|倍|天|周|年|小时|分钟|秒|美元|元|英里|公里|吨|票";
