//! The labels that people give to the columns of a budget list.

use domain::budget::{AmountColumn, ChangeKind, Column, FundSource, Origin, Time};
use domain::form::MoneyUnit;
use domain::form_reader::half_width;

/// What a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Budget lines.
    Budget,
    /// Payments.
    Execution,
}

/// Sums over the other columns.
const SUMS: [&str; 17] = [
    "合计",
    "总计",
    "小计",
    "全年预算",
    "全年预算数",
    "调整预算数",
    "调整后预算",
    "调整后预算数",
    "变动后预算",
    "变动后预算数",
    "预算合计",
    "金额合计",
    "预算总额",
    "资金总额",
    "年度资金总额",
    "支出合计",
    "资金合计",
];

/// Amounts whose label says nothing else.
const PLAIN: [&str; 17] = [
    "金额",
    "预算数",
    "预算金额",
    "预算",
    "本年预算",
    "本年预算数",
    "当年预算",
    "当年预算数",
    "指标金额",
    "指标额度",
    "下达金额",
    "下达数",
    "预算额度",
    "本次下达金额",
    "分配金额",
    "安排金额",
    "批复金额",
];

/// Amounts that were paid.
const PAID: [&str; 12] = [
    "执行数",
    "支出数",
    "支出",
    "支出金额",
    "支付数",
    "支付金额",
    "实际支出",
    "实际支出数",
    "预算执行数",
    "执行金额",
    "支付额",
    "实际支付金额",
];

/// A label without blanks, half-width, and without what stands in brackets.
pub(crate) fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for letter in half_width(text).chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 || letter.is_whitespace() => {}
            '*' | '★' | ':' | '"' => {}
            _ => out.push(letter),
        }
    }
    out
}

/// The column of texts that a label names, with how near the label is to the field.
pub(crate) fn text_column(parts: &[String]) -> Option<(Column, usize)> {
    let whole = parts.concat();
    let leaf = parts.last().map(String::as_str).unwrap_or_default();
    // 部门经济分类 over 科目编码 is no 功能科目.
    named(&whole).or_else(|| named(leaf).filter(|_| !whole.contains("经济")))
}

/// Labels that are a field's own, the nearest first.
const EXACT: [(Column, &[&str]); 12] = [
    (
        Column::UnitCode,
        &[
            "单位编码",
            "预算单位编码",
            "单位代码",
            "预算单位代码",
            "基层单位编码",
            "部门编码",
            "部门代码",
            "预算部门编码",
        ],
    ),
    (
        Column::UnitName,
        &[
            "单位名称",
            "预算单位名称",
            "预算单位",
            "单位",
            "部门名称",
            "预算部门",
            "部门",
        ],
    ),
    (
        Column::ProjectCode,
        &[
            "项目编码",
            "二级项目编码",
            "项目代码",
            "二级项目代码",
            "项目编号",
        ],
    ),
    (
        Column::ProjectName,
        &["项目名称", "二级项目名称", "二级项目", "项目"],
    ),
    (Column::LevelOne, &["一级项目", "一级项目名称"]),
    (
        Column::Kind,
        &["项目类别", "项目类型", "支出项目类别", "二级项目类别"],
    ),
    (Column::Nature, &["项目属性", "项目性质"]),
    (
        Column::Book,
        &["预算类型", "预算类别", "四本预算", "预算种类", "账本"],
    ),
    (
        Column::Source,
        &["资金性质", "资金来源", "资金类型", "资金类别", "指标来源"],
    ),
    (
        Column::Origin,
        &[
            "资金级次",
            "来源级次",
            "资金来源级次",
            "指标来源级次",
            "财力性质",
            "本级或上级",
        ],
    ),
    (
        Column::Change,
        &[
            "变动类型",
            "预算变动类型",
            "调整类型",
            "指标变动类型",
            "指标类型",
            "变动方式",
            "调整方式",
            "追加类型",
            "预算调整类型",
            "变动性质",
        ],
    ),
    (
        Column::Congress,
        &[
            "是否需人大批准",
            "是否人大批准",
            "需人大批准",
            "是否需要人大批准",
            "是否预算调整",
            "是否法定预算调整",
            "须报人大批准",
        ],
    ),
];

fn named(label: &str) -> Option<(Column, usize)> {
    for (column, labels) in EXACT {
        if let Some(rank) = labels.iter().position(|known| *known == label) {
            return Some((column, rank));
        }
    }
    let is_name = label.ends_with("名称");
    let rank = if is_name { 50 } else { 10 };
    if label.contains("经济") && (label.contains("分类") || label.contains("科目")) {
        let column = if label.contains("政府") {
            Column::GovernmentEconomic
        } else {
            Column::DepartmentEconomic
        };
        return Some((column, rank));
    }
    if label.contains("功能") || ["科目编码", "科目代码"].contains(&label) {
        return Some((Column::Function, rank));
    }
    if label.ends_with("文号") || ["文件号", "指标文件号", "凭证号", "支付令号"].contains(&label)
    {
        return Some((Column::Document, 10));
    }
    let is_day = ["支付日期", "支出日期", "清算日期", "日期", "记账日期"].contains(&label);
    if is_day || ["月份", "月", "期间", "执行月份", "会计期间"].contains(&label) {
        return Some((Column::Month, 10));
    }
    None
}

/// The unit of money that a text names: 万元, 元.
pub(crate) fn money_unit(text: &str) -> Option<MoneyUnit> {
    let text = half_width(text);
    if text.contains("亿元") {
        Some(MoneyUnit::YiYuan)
    } else if text.contains("万元") {
        Some(MoneyUnit::WanYuan)
    } else if text.contains('元') {
        Some(MoneyUnit::Yuan)
    } else {
        None
    }
}

/// What one label says of an amount.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Says {
    change: Option<ChangeKind>,
    source: Option<FundSource>,
    origin: Option<Origin>,
    time: Option<Time>,
    is_sum: bool,
    /// Paid, without saying when.
    pub(crate) is_paid: bool,
}

/// The column of amounts that its labels name, from the uppermost; none where they name none, or
/// another year's.
pub(crate) fn amount_column(
    kind: Kind,
    year: i64,
    parts: &[String],
) -> Option<(AmountColumn, Says)> {
    let mut column = AmountColumn::default();
    let mut all = Says::default();
    for (place, part) in parts.iter().enumerate() {
        let label = of_year(year, &bare(part))?;
        let says = says(kind, &label);
        let is_leaf = place + 1 == parts.len();
        let Some(says) = says else {
            if is_leaf {
                return None;
            }
            continue;
        };
        column.change = says.change.or(column.change);
        column.source = says.source.or(column.source);
        column.origin = says.origin.or(column.origin);
        column.time = says.time.or(column.time);
        column.is_sum = says.is_sum;
        all.is_paid |= says.is_paid;
    }
    // 执行 says nothing in a list of the budget, and 预算 nothing in one of payments.
    let is_ours = match kind {
        Kind::Budget => column.time.is_none() && !all.is_paid,
        Kind::Execution => column.time.is_some() || all.is_paid,
    };
    column.label = parts.join(" ");
    column.unit = parts.iter().rev().find_map(|part| in_label(part));
    is_ours.then_some((column, all))
}

/// The unit of money of a label: 金额（万元）, 金额万元; 支出 of 元 is none.
fn in_label(label: &str) -> Option<MoneyUnit> {
    let tight: String = half_width(label)
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != ')')
        .collect();
    tight.ends_with('元').then(|| money_unit(&tight)).flatten()
}

/// A label without its year; none where it is another year's.
fn of_year(year: i64, label: &str) -> Option<String> {
    let Some((before, rest)) = label.split_once('年') else {
        return Some(label.to_owned());
    };
    match before.parse::<i64>() {
        Ok(named) if named == year => Some(rest.trim_start_matches('度').to_owned()),
        Ok(_) => None,
        // 年初预算, 上年结转, 本年预算.
        Err(_) if before == "上" && !rest.starts_with('结') => None,
        Err(_) => Some(label.to_owned()),
    }
}

fn says(kind: Kind, label: &str) -> Option<Says> {
    let label = label.trim_start_matches("其中");
    let label = ["万元", "元"]
        .iter()
        .find_map(|unit| label.strip_suffix(unit))
        .unwrap_or(label);
    let mut says = Says::default();
    if SUMS.contains(&label) {
        says.is_sum = true;
        return Some(says);
    }
    if kind == Kind::Budget && (PLAIN.contains(&label) || label == "财政拨款") {
        return Some(says);
    }
    if let Some(time) = time(label) {
        says.time = Some(time);
        return Some(says);
    }
    if PAID.contains(&label) {
        says.is_paid = true;
        return Some(says);
    }
    let tails = ["", "金额", "数", "额", "资金", "支出", "预算数", "预算"];
    for tail in tails {
        let Some(word) = label.strip_suffix(tail) else {
            continue;
        };
        says.change = ChangeKind::read(word);
        says.source = FundSource::read(word);
        says.origin = Origin::read(word);
        if says != Says::default() {
            return Some(says);
        }
    }
    None
}

/// The time that a label of an amount says: 累计执行数, 本月执行数, 3月, 1-6月.
pub(crate) fn time(label: &str) -> Option<Time> {
    let named = months(label);
    let is_paid = |rest: &str| rest.is_empty() || PAID.contains(&rest) || rest == "执行";
    if let Some(rest) = label.strip_prefix("累计") {
        return is_paid(rest).then_some(Time::UpTo(None));
    }
    let month = ["本月", "当月"]
        .iter()
        .find_map(|word| label.strip_prefix(word));
    if let Some(rest) = month {
        let is_sum = rest.strip_prefix("累计").is_some_and(is_paid);
        return (is_paid(rest) && !is_sum).then_some(Time::Month(None));
    }
    if let Some((from, to, rest)) = named {
        let rest = rest.trim_start_matches("份").trim_start_matches("末");
        let sums = rest.strip_prefix("累计");
        return match (from, sums) {
            (Some(1), _) if is_paid(sums.unwrap_or(rest)) => Some(Time::UpTo(Some(to))),
            (None, Some(rest)) if is_paid(rest) => Some(Time::UpTo(Some(to))),
            (None, None) if is_paid(rest) => Some(Time::Month(Some(to))),
            _ => None,
        };
    }
    let tail = label.strip_suffix("累计数").or(label.strip_suffix("累计"));
    tail.is_some_and(is_paid).then_some(Time::UpTo(None))
}

/// The months at the beginning of a label: `6月…` or `1-6月…`, with what stands behind them.
fn months(label: &str) -> Option<(Option<u8>, u8, &str)> {
    let (before, rest) = label.split_once('月')?;
    let month = |text: &str| {
        let month = text.parse::<u8>().ok()?;
        (1..=12).contains(&month).then_some(month)
    };
    if let Some(month) = month(before) {
        return Some((None, month, rest));
    }
    let (from, to) = before.split_once(['-', '—', '~', '至', '–', '－'])?;
    Some((Some(month(from.trim_end_matches('月'))?), month(to)?, rest))
}

/// What a title says of all rows: one book, one kind of change, one time.
pub(crate) fn title(text: &str) -> (Option<FundSource>, Option<ChangeKind>, Option<Time>) {
    let text = bare(text);
    let one = |words: &[(&str, usize)]| {
        let mut found = words.iter().filter(|(word, _)| text.contains(word));
        let first = found.next().map(|(_, place)| *place);
        first.filter(|_| found.next().is_none())
    };
    let book = one(&[
        ("一般公共预算", 0),
        ("政府性基金", 1),
        ("国有资本经营", 2),
        ("社会保险基金", 3),
    ]);
    let change = one(&[("年初", 0), ("追加", 1), ("调减", 2), ("调剂", 3)]);
    let time = text
        .split_once('年')
        .and_then(|(_, rest)| months(rest.trim_start_matches('度')))
        .or_else(|| months(text.split("截至").nth(1)?))
        .map(|(from, to, rest)| {
            let is_sum = from == Some(1) || text.contains("截至") || rest.contains("累计");
            if is_sum {
                Time::UpTo(Some(to))
            } else {
                Time::Month(Some(to))
            }
        });
    (
        book.and_then(|place| FundSource::ALL.get(place).copied()),
        change.and_then(|place| ChangeKind::ALL.get(place).copied()),
        time,
    )
}
