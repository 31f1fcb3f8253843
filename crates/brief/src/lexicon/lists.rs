//! The words themselves, Chinese and English side by side.

/// What a figure may measure. A figure that measures one of these in the tweets measures no other in a claim.
pub(super) const MEASURES: &[&str] = &[
    r"营收|收入|销售额|(?-u:\b)(?:revenues?|sales)(?-u:\b)",
    r"净利|利润|盈利|(?-u:\b)(?:profits?|net\s+income|earnings)(?-u:\b)",
    r"毛利率|利润率|(?-u:\b)margins?(?-u:\b)",
    r"同比|(?-u:\b)(?:yoy|y/y|year[- ](?:over|on)[- ]year)(?-u:\b)|from\s+a\s+year\s+(?:ago|earlier)",
    r"环比|(?-u:\b)(?:qoq|q/q|quarter[- ](?:over|on)[- ]quarter)(?-u:\b)",
    r"订单|(?-u:\b)(?:bookings?|orders?|backlog)(?-u:\b)",
    r"交付|(?-u:\b)deliver(?:s|ed|y|ies)?(?-u:\b)",
    r"资本开支|资本支出|(?-u:\b)(?:capex|capital\s+(?:expenditures?|spending))(?-u:\b)",
    r"目标价|(?-u:\b)(?:price\s+target|target|pt)(?-u:\b)",
    r"估值|(?-u:\b)valu(?:ation|ed)(?-u:\b)",
    r"融资|募资|(?-u:\b)(?:raises?|raised|funding|round)(?-u:\b)",
    r"市值|(?-u:\b)market\s+cap",
    r"成交|(?-u:\b)(?:volume|turnover)(?-u:\b)",
    r"日活|(?-u:\b)(?:dau|daily\s+active)",
    r"月活|(?-u:\b)(?:mau|monthly\s+active)",
    r"周活|(?-u:\b)(?:wau|weekly\s+active)",
    r"下载|(?-u:\b)downloads?(?-u:\b)",
    r"参数|(?-u:\b)param(?:s|eters?)?(?-u:\b)",
    r"上下文|(?-u:\b)context(?-u:\b)",
    r"延迟|时延|(?-u:\b)latency(?-u:\b)",
    r"冷启动|(?-u:\b)cold\s+starts?(?-u:\b)",
    r"吞吐|(?-u:\b)(?:throughput|tok(?:ens)?/s)(?-u:\b)",
    r"带宽|(?-u:\b)bandwidth(?-u:\b)",
    r"内存|显存|(?-u:\b)(?:memory|v?ram)(?-u:\b)",
    r"良率|(?-u:\b)yields?(?-u:\b)",
    r"准确率|正确率|(?-u:\b)accuracy(?-u:\b)",
    r"召回率|(?-u:\b)recall(?-u:\b)",
    r"敏感度|灵敏度|敏感性|(?-u:\b)sensitivity(?-u:\b)",
    r"特异度|特异性|(?-u:\b)specificity(?-u:\b)",
    r"错误率|幻觉率|(?-u:\b)(?:error|hallucination)\s+rates?(?-u:\b)",
    r"留存|(?-u:\b)retention(?-u:\b)",
    r"流失|(?-u:\b)churn(?-u:\b)",
    r"库存|(?-u:\b)inventor(?:y|ies)(?-u:\b)",
    r"出货|(?-u:\b)ship(?:s|ped|ments?)?(?-u:\b)",
    r"裁员|(?-u:\b)(?:lay(?:ing)?\s?offs?|laid\s+off)(?-u:\b)",
    r"回购|(?-u:\b)buybacks?(?-u:\b)",
    r"股息|分红|(?-u:\b)dividends?(?-u:\b)",
    r"每股收益|(?-u:\b)eps(?-u:\b)",
    r"现金|(?-u:\b)cash(?-u:\b)",
    r"债务|负债|(?-u:\b)debts?(?-u:\b)",
    r"利率|(?-u:\b)interest\s+rates?(?-u:\b)",
    r"概率|胜率|(?-u:\b)(?:odds|probabilit(?:y|ies)|win\s+rate)(?-u:\b)",
    r"输入|(?-u:\b)inputs?(?-u:\b)",
    r"输出|(?-u:\b)outputs?(?-u:\b)",
    r"电池|续航|(?-u:\b)battery(?-u:\b)",
    r"重量|(?-u:\b)weighs?(?-u:\b)",
    r"月费|每月|(?-u:\b)(?:monthly|per\s+month)(?-u:\b)|/mo(?:nth)?(?-u:\b)",
    r"年费|每年|(?-u:\b)(?:annually|per\s+year)(?-u:\b)|/y(?:ea)?r(?-u:\b)",
    r"收盘|收涨|收跌|收报|(?-u:\b)clos(?:ed|es|ing)(?-u:\b)",
    r"盘前|(?-u:\b)pre-?market(?-u:\b)",
    r"占比|占(?:了|到|全部|其)|(?-u:\b)(?:share|%\s+of)(?-u:\b)",
];

/// What only stands with the figure right behind or before it.
pub(super) const MARKS: &[&str] = &[
    r"此前|之前|原先|原来|上一代|(?-u:\b)(?:previously|before|used\s+to|was|were)(?-u:\b)",
    r"前\s?(?:\d|[一二三四五六七八九十])|(?-u:\b)first\s+(?:\d|two|three|four|five|six|ten)",
];

pub(super) const WEEKDAYS: &[&str] = &[
    r"(?:周|星期|礼拜)一|(?-u:\b)mon(?:day)?(?-u:\b)",
    r"(?:周|星期|礼拜)二|(?-u:\b)tue(?:s|sday)?(?-u:\b)",
    r"(?:周|星期|礼拜)三|(?-u:\b)wed(?:s|nesday)?(?-u:\b)",
    r"(?:周|星期|礼拜)四|(?-u:\b)thu(?:rs|rsday)?(?-u:\b)",
    r"(?:周|星期|礼拜)五|(?-u:\b)fri(?:day)?(?-u:\b)",
    r"(?:周|星期|礼拜)六|(?-u:\b)sat(?:urday)?(?-u:\b)",
    r"(?:周|星期|礼拜)[日天]|(?-u:\b)sun(?:day)?(?-u:\b)",
];

/// What excludes one another, class by class: of a class a claim may only tell what the tweets tell, if these tell any of it.
pub(super) const CLASSES: &[&[&str]] = &[
    &[
        r"春[天季]|(?-u:\b)spring(?-u:\b)",
        r"夏[天季]|(?-u:\b)summer(?-u:\b)",
        r"秋[天季]|(?-u:\b)(?:autumn|fall\s+20\d\d|this\s+fall|next\s+fall)(?-u:\b)",
        r"冬[天季]|(?-u:\b)winter(?-u:\b)",
    ],
    WEEKDAYS,
    &[
        r"每秒|/s(?:ec)?(?-u:\b)|(?-u:\b)(?:per|a|every)\s+second(?-u:\b)",
        r"每分钟|/min(?-u:\b)|(?-u:\b)(?:per|a|every)\s+minute(?-u:\b)",
        r"每(?:个)?小时|/hr?(?-u:\b)|/hour|(?-u:\b)(?:per|an|every)\s+hour(?-u:\b)|(?-u:\b)hourly(?-u:\b)",
        r"每[天日]|日均|/day|(?-u:\b)(?:per|a|every|each)\s+day(?-u:\b)|(?-u:\b)daily(?-u:\b)",
        r"每周|/w(?:ee)?k(?-u:\b)|(?-u:\b)(?:per|a|every|each)\s+week(?-u:\b)|(?-u:\b)weekly(?-u:\b)",
        r"每(?:个)?月|月均|月费|/mo(?:nth)?(?-u:\b)|(?-u:\b)(?:per|a|every|each)\s+month(?-u:\b)|(?-u:\b)monthly(?-u:\b)",
        r"每年|年均|年费|年化|/y(?:ea)?r(?-u:\b)|(?-u:\b)(?:per|a|every|each)\s+year(?-u:\b)|(?-u:\b)(?:annual(?:ly|ized)?|yearly)(?-u:\b)",
    ],
    &[
        r"盘前|(?-u:\b)pre-?market(?-u:\b)|before\s+the\s+(?:open|bell)",
        r"盘后|(?-u:\b)after[- ](?:the\s+)?(?:close|hours|bell|market)|post-?market",
    ],
    &[
        r"新高|历史高点|年高点|高位|(?-u:\b)(?:record|all-time|new|[a-z]+-(?:year|month|week))\s+highs?(?-u:\b)|(?-u:\b)ath(?-u:\b)",
        r"新低|历史低点|年低点|低位|(?-u:\b)(?:record|all-time|new|[a-z]+-(?:year|month|week))\s+lows?(?-u:\b)|(?-u:\b)lowest(?-u:\b)",
    ],
    &[
        r"优于|击败|胜过|领先于|(?-u:\b)(?:beats?|beat|outperforms?|outperformed|tops)(?-u:\b)",
        r"不及|不如|逊于|落后于|跑输|(?-u:\b)(?:trails|loses\s+to|lost\s+to|behind|underperforms?|underperformed|misses|missed)(?-u:\b)",
    ],
    &[
        r"(?:^|[^不未])受到?影响|(?-u:\b)affected(?-u:\b)",
        r"[不未]受到?影响|(?-u:\b)(?:unaffected|not\s+affected)(?-u:\b)",
    ],
    &[
        r"做多|(?-u:\b)(?:long(?:s|ed)?\s+\$|going\s+long|went\s+long)",
        r"做空|(?-u:\b)(?:short(?:s|ed|ing)?)(?-u:\b)",
    ],
    &[
        r"买入|增持|(?-u:\b)(?:bought|buys|buying)(?-u:\b)",
        r"卖出|减持|抛售|(?-u:\b)(?:sold|sells|selling)(?-u:\b)",
    ],
    &[r"否认|不属实|辟谣|(?-u:\b)den(?:y|ies|ied)(?-u:\b)", r"证实|确认|(?-u:\b)confirm(?:s|ed)?(?-u:\b)"],
    &[
        r"闭源|(?-u:\b)(?:closed|proprietary)(?-u:\b)",
        r"开源|开放权重|(?-u:\b)open[- ](?:sourc(?:e|ed|es|ing)|weights?)(?-u:\b)",
    ],
    &[
        r"CEO|首席执行官",
        r"CTO|首席技术官",
        r"CFO|首席财务官",
        r"COO|首席运营官",
        r"董事长|(?-u:\b)chair(?:man|woman|person)?(?-u:\b)",
        r"总裁|(?-u:\b)president(?-u:\b)",
        r"创始人|(?-u:\b)(?:co-?)?founders?(?-u:\b)",
        r"首席科学家|(?-u:\b)chief\s+scientist(?-u:\b)",
        r"发言人|(?-u:\b)spokes(?:man|woman|person|people)(?-u:\b)",
        r"主持人|(?-u:\b)(?:moderator|host)(?-u:\b)",
        r"嘉宾|(?-u:\b)(?:guest|panel(?:l)?ist)s?(?-u:\b)",
        r"分析师|(?-u:\b)analysts?(?-u:\b)",
        r"议员|(?-u:\b)(?:lawmakers?|senators?|mep|congress(?:man|woman))(?-u:\b)",
        r"教授|(?-u:\b)professors?(?-u:\b)",
        r"部长|大臣|(?-u:\b)(?:minister|secretary)(?-u:\b)",
    ],
    &[
        r"去年|上一年|(?-u:\b)(?:last|previous|prior)\s+year(?-u:\b)|(?-u:\b)(?:yoy|y/y)(?-u:\b)|a\s+year\s+(?:ago|earlier)",
        r"明年|(?-u:\b)next\s+(?:year|spring|summer|winter)(?-u:\b)",
        r"今年|(?-u:\b)this\s+(?:year|spring|summer|winter|fall)(?-u:\b)|(?-u:\b)ytd(?-u:\b)",
    ],
];

/// What a name has in a list: its place, its day. A name that has one in the tweets has no other in a claim.
pub(super) const ATTRIBUTES: &[&[&str]] = &[
    &[
        r"第一|榜首|首位|最常用|(?-u:\b)first\s+place(?-u:\b)|#1(?-u:\b)|(?-u:\b)(?:top|tops|leads)(?-u:\b)",
        r"第二|其次|次席|(?-u:\b)(?:second|runner-up)(?-u:\b)|#2(?-u:\b)",
        r"第三|(?-u:\b)third(?-u:\b)|#3(?-u:\b)",
    ],
    WEEKDAYS,
    &[
        r"上调|调高|调升|(?-u:\b)(?:raises?|raised|hikes?|hiked|lifts?|lifted|upgrades?|upgraded)(?-u:\b)",
        r"下调|调低|调降|(?-u:\b)(?:cuts?|lowers?|lowered|slashes|slashed|downgrades?|downgraded)(?-u:\b)",
    ],
];

/// Who says something and is not named.
pub(super) const ROLES: &[&str] = &[
    r"乘客|(?-u:\b)(?:riders?|passengers?)(?-u:\b)",
    r"运营方|(?-u:\b)operators?(?-u:\b)",
    r"警方|警察|(?-u:\b)police(?-u:\b)",
    r"分析师|(?-u:\b)analysts?(?-u:\b)",
    r"猎头|(?-u:\b)(?:headhunters?|recruiters?)(?-u:\b)",
    r"(?-u:\b)HR(?-u:\b)",
    r"原告|(?-u:\b)plaintiffs?(?-u:\b)",
    r"被告|(?-u:\b)defendants?(?-u:\b)",
    r"法官|(?-u:\b)judge(?-u:\b)",
    r"路透|(?-u:\b)reuters(?-u:\b)",
    r"彭博|(?-u:\b)bloomberg(?-u:\b)",
    r"主持人|(?-u:\b)(?:host|moderator)(?-u:\b)",
    r"嘉宾|(?-u:\b)guest(?-u:\b)",
    r"管理层|(?-u:\b)management(?-u:\b)",
    r"首席执行官|(?-u:\b)CEO(?-u:\b)",
    r"首席财务官|(?-u:\b)CFO(?-u:\b)",
    r"首席技术官|(?-u:\b)CTO(?-u:\b)",
    r"供应商|(?-u:\b)(?:vendor|supplier)s?(?-u:\b)",
    r"客户|(?-u:\b)customers?(?-u:\b)",
    r"监管|(?-u:\b)regulators?(?-u:\b)",
];

/// What is done or not done.
pub(super) const DEEDS: &[&str] = &[
    r"发布|开源|放出|推出|(?-u:\b)(?:releas(?:e|es|ed|ing)|launch(?:es|ed)?)(?-u:\b)",
    r"支持|(?-u:\b)support(?:s|ed)?(?-u:\b)",
    r"推荐|(?-u:\b)recommend(?:s|ed|ing)?(?-u:\b)",
    r"通过|(?-u:\b)pass(?:es|ed)?(?-u:\b)",
    r"裁员|(?-u:\b)(?:laid\s+off|lay(?:ing)?\s+off|layoffs?)(?-u:\b)",
    r"批准|获批|(?-u:\b)approv(?:e|es|ed|al)(?-u:\b)",
    r"披露|公布|(?-u:\b)disclos(?:e|es|ed)(?-u:\b)",
    r"结束|终结|(?-u:\b)(?:over|dead)(?-u:\b)",
    r"置评|回应|(?-u:\b)comment(?:s|ed)?(?-u:\b)",
    r"打算|计划|(?-u:\b)plan(?:s|ned|ning)?(?-u:\b)",
    r"主线|合入|合并|(?-u:\b)merg(?:e|ed|es)(?-u:\b)",
    r"收购|(?-u:\b)(?:acquir(?:e|es|ed|ing)|acquisition|buy(?:ing)?)(?-u:\b)",
    r"同意|认同|(?-u:\b)agree(?:s|d)?(?-u:\b)",
    r"推迟|延期|(?-u:\b)delay(?:s|ed)?(?-u:\b)",
    r"出售|(?-u:\b)(?:sell|sells|selling)(?-u:\b)",
    r"变化|下降|(?-u:\b)change(?:s|d)?(?-u:\b)",
    r"停牌|(?-u:\b)halt(?:s|ed)?(?-u:\b)",
    r"复现|(?-u:\b)reproduc(?:e|es|ed)(?-u:\b)",
    r"训练|(?-u:\b)train(?:s|ed|ing)?(?-u:\b)",
    r"转入|转移|(?-u:\b)(?:mov(?:e|es|ed|ing)|transferr?(?:s|ed)?)(?-u:\b)",
    r"微调|(?-u:\b)fine-?tun(?:e|ed|ing)(?-u:\b)",
];

/// Of the last class this one says little: a claim may tell of this year what the tweet tells beside another.
pub(super) const FREE: &str = "今年";
