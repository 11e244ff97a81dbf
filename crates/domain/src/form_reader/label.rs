//! Labels of forms: the same field is called by many names.
//!
//! Source: domain reference §3 and the label variants met in published tables.

use crate::form::MoneyUnit;

/// Signs that nobody sees: of width zero, and marks of the order of bytes and of the direction.
fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    )
}

/// Full-width signs as half-width ones, without those that nobody sees.
pub fn half_width(text: &str) -> String {
    text.chars()
        .filter(|letter| !is_unseen(*letter))
        .map(|letter| match letter {
            '\u{3000}' | '\u{a0}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => {
                char::from_u32(u32::from(letter).saturating_sub(0xfee0)).unwrap_or(letter)
            }
            '【' | '〔' => '[',
            '】' | '〕' => ']',
            _ => letter,
        })
        .collect()
}

/// A label without spaces, brackets and what is in them, footnote marks, numbering and colons.
pub(super) fn key(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for letter in half_width(text).chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 || letter.is_whitespace() => {}
            '*' | '★' | '☆' | '※' | '#' | '^' | '"' | '“' | '”' | '①'..='⑳' => {}
            _ => out.extend(letter.to_uppercase()),
        }
    }
    let bare = out.trim_matches([':', ';', ',', '。', '、', '.', '-', '—']);
    without_number(bare).to_owned()
}

/// `一、项目名称` and `1.项目名称` without their number.
fn without_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|letter: char| {
        letter.is_ascii_digit() || "一二三四五六七八九十".contains(letter)
    });
    let numbered = rest.len() < text.len();
    if let Some(rest) = rest.strip_prefix(['、', '.']).filter(|_| numbered) {
        return rest;
    }
    text
}

/// A label without `其中：`.
pub(super) fn without_among(text: &str) -> &str {
    let rest = text.strip_prefix("其中").unwrap_or(text);
    rest.trim_start_matches([':', '：', ' ', ',', '，'])
}

/// Fields outside the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadLabel {
    Project,
    Department,
    /// 部门（单位）名称 of a department's own form.
    DepartmentName,
    Unit,
    Year,
    Region,
    Grade,
    TotalScore,
    Objectives,
    Actual,
    /// A block's name that has its fields beside it (年度总体目标 before 预期目标).
    Block,
    /// Text that belongs to the form and has no field of its own.
    Note,
    /// Known, and not read.
    Other,
}

/// Which field a label names.
pub(super) fn head_label(key: &str) -> Option<HeadLabel> {
    use HeadLabel as L;
    Some(match key {
        "项目名称" | "政策名称" | "专项名称" | "专项资金名称" | "资金名称" | "转移支付名称"
        | "政策项目名称" | "项目政策名称" => L::Project,
        "主管部门"
        | "主管部门及代码"
        | "主管单位"
        | "预算主管部门"
        | "项目主管部门"
        | "地方主管部门"
        | "市级主管部门"
        | "省级主管部门"
        | "业务主管部门"
        | "归口主管部门"
        | "主管预算部门" => L::Department,
        "部门名称" | "单位名称" | "预算部门名称" | "部门单位名称" | "预算部门" => {
            L::DepartmentName
        }
        "实施单位" | "项目单位" | "项目实施单位" | "预算单位" | "填报单位" | "资金使用单位"
        | "承担单位" | "使用单位" | "项目承担单位" | "预算单位名称" | "申报单位" => {
            L::Unit
        }
        "年度" | "预算年度" | "财政年度" | "评价年度" | "申报年度" | "所属年度" | "自评年度" => {
            L::Year
        }
        "地区" | "行政区划" | "区划" | "所在地区" | "所属地区" => L::Region,
        "自评等级" | "评价等级" | "等级" | "绩效等级" | "自评等次" | "评价等次"
        | "绩效自评等级" | "自评结果等级" | "评定等级" => L::Grade,
        "自评总分" | "自评得分" | "总得分" | "自评总得分" | "综合得分" | "评价得分"
        | "绩效自评得分" => L::TotalScore,
        "预期目标" | "年初设定目标" | "项目年度目标" | "年度目标" | "年初绩效目标"
        | "年度绩效目标" | "预期绩效目标" | "全年绩效目标" | "设定目标" | "年初目标"
        | "当年绩效目标" => L::Objectives,
        "实际完成情况"
        | "年度总体目标完成情况综述"
        | "年度目标完成情况"
        | "全年目标实际完成情况"
        | "目标完成情况"
        | "全年实际完成情况"
        | "目标实际完成情况"
        | "年度总体目标完成情况"
        | "总体目标完成情况"
        | "绩效目标完成情况"
        | "总体完成情况" => L::Actual,
        "年度总体目标" | "总体目标" | "绩效目标" | "年度绩效总目标" | "项目绩效目标" => {
            L::Block
        }
        "评价结论"
        | "自评结论"
        | "存在问题"
        | "改进措施"
        | "存在的问题"
        | "下一步改进措施"
        | "项目实施内容及过程概述"
        | "备注"
        | "其他需要说明的问题"
        | "需要说明的问题"
        | "问题及建议"
        | "存在问题及改进措施"
        | "自评情况说明" => L::Note,
        "项目负责人" | "联系人" | "联系电话" | "财务负责人" | "负责人" | "填报人" | "填报日期"
        | "填表人" | "项目属性" | "项目期" | "起止时间" | "实施期目标" | "长期目标"
        | "中长期目标" | "项目基本情况" | "绩效指标" | "年度绩效指标" | "预算执行情况"
        | "项目编码" | "项目概况" | "主管部门编码" | "单位编码" | "审核人" | "单位负责人"
        | "项目类型" | "项目类别" | "资金情况" | "项目资金" | "年度资金" | "资金来源"
        | "评价时间" | "评分等级" => L::Other,
        _ => return None,
    })
}

/// Columns of the money block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MoneyRole {
    Initial,
    Adjusted,
    /// 预算数 without a word on which: the adjusted budget where no other column is.
    Budget,
    Received,
    Executed,
    Weight,
    Rate,
    Score,
}

impl MoneyRole {
    /// Whether the column holds amounts.
    pub(super) fn is_amount(self) -> bool {
        !matches!(self, Self::Weight | Self::Rate | Self::Score)
    }
}

/// Which column of the money block a label names.
pub(super) fn money_role(key: &str) -> Option<MoneyRole> {
    use MoneyRole as R;
    if key.chars().count() > 14 {
        return None;
    }
    let has = |part: &str| key.contains(part);
    let role = match key {
        "分值" | "权重" | "执行率权重" | "执行率分值" | "预算执行率权重" | "标准分" => {
            R::Weight
        }
        "得分" | "执行率得分" | "预算执行率得分" | "自评得分" | "自评分" => {
            R::Score
        }
        "预算执行" | "预算完成率" | "资金执行率" => R::Rate,
        "实际使用情况" | "实际支出" | "实际支出数" | "支出数" | "支出金额" | "实际支出金额"
        | "累计支出" | "实际使用资金" | "决算数" => R::Executed,
        "预算数" | "年度预算数" | "预算金额" | "项目预算金额" | "预算申报数" | "预算安排数"
        | "计划安排资金" | "预算资金" | "当年预算数" | "本年预算数" => {
            R::Budget
        }
        _ if key.starts_with("年初预算") || key.starts_with("年初批复") => R::Initial,
        _ if has("执行率") => R::Rate,
        _ if has("执行数") || has("执行资金") || has("执行金额") => R::Executed,
        _ if key.ends_with("到位资金") || has("资金到位数") || has("到位数") => {
            R::Received
        }
        _ if key.starts_with("扣除后") => R::Adjusted,
        _ if has("全年预算") || has("调整后预算") || has("调整预算") => R::Adjusted,
        _ => return None,
    };
    Some(role)
}

/// Whether a label names the row of all money.
pub(super) fn is_money_total(key: &str) -> bool {
    matches!(
        key,
        "年度资金总额"
            | "资金总额"
            | "总额"
            | "合计"
            | "总计"
            | "项目资金总额"
            | "年度总金额"
            | "金额合计"
            | "年度资金合计"
            | "资金合计"
            | "年度资金"
            | "年度资金总额合计"
            | "小计"
            | "全年资金总额"
            | "项目总投资"
            | "资金总量"
            | "预算总额"
            | "年度预算总额"
    )
}

/// Whether a label can name a source of money or a line of a split.
pub(super) fn is_money_source(text: &str) -> bool {
    let bare = key(text);
    if bare.is_empty() || bare.chars().count() > 30 {
        return false;
    }
    if head_label(&bare).is_some() || column_role(&bare).is_some() {
        return false;
    }
    text.starts_with("其中")
        || [
            "资金",
            "拨款",
            "补助",
            "收入",
            "结转",
            "结余",
            "财政",
            "贷款",
            "自筹",
            "投入",
            "债券",
            "其他",
            "其它",
            "支出",
            "预算安排",
            "经费",
            "本级",
            "上级",
        ]
        .iter()
        .any(|part| bare.contains(part))
}

/// 按收入性质分 and 按支出性质分: the name of the group, and the line's label when both share a
/// cell.
pub(super) fn split_group(text: &str) -> Option<(&'static str, String)> {
    let half = half_width(text);
    let bare: String = half
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    for group in ["按收入性质分", "按支出性质分"] {
        if let Some(rest) = bare.strip_prefix(group) {
            let rest = rest.strip_prefix('类').unwrap_or(rest);
            return Some((group, rest.trim_start_matches(':').to_owned()));
        }
    }
    None
}

/// Columns of the indicator table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Level1,
    Level2,
    Level3,
    Operator,
    Target,
    /// 调整指标值: replaces the target where it is filled.
    AdjustedTarget,
    Unit,
    Actual,
    Weight,
    Score,
    Reason,
    /// Known, and not read.
    Other,
}

/// Columns by the names that forms give them.
const COLUMN_NAMES: [(Role, &[&str]); 11] = [
    (
        Role::Level1,
        &["一级指标", "一级绩效指标", "一级", "指标一级"],
    ),
    (
        Role::Level2,
        &["二级指标", "二级绩效指标", "二级", "指标二级"],
    ),
    (
        Role::Level3,
        &[
            "三级指标",
            "三级绩效指标",
            "三级",
            "指标三级",
            "指标名称",
            "指标内容",
            "具体指标",
            "绩效指标名称",
            "指标",
            "三级指标名称",
        ],
    ),
    (
        Role::Operator,
        &[
            "指标性质",
            "绩效指标性质",
            "计算符号",
            "运算符号",
            "符号",
            "比较符",
            "运算符",
            "指标符号",
        ],
    ),
    (Role::AdjustedTarget, &["调整指标值", "调整后指标值"]),
    (
        Role::Target,
        &[
            "指标值",
            "年度指标值",
            "绩效指标值",
            "目标值",
            "年初目标值",
            "年初指标值",
            "指标目标值",
            "当年预期实现值",
            "绩效标准",
            "年度目标指标值",
            "全年指标值",
            "计划值",
            "预期值",
            "预期指标值",
            "年度目标值",
            "设定值",
            "计划指标值",
            "预期目标值",
            "全年目标值",
            "指标值内容",
            "预期实现值",
            "年初设定指标值",
        ],
    ),
    (
        Role::Unit,
        &["度量单位", "绩效度量单位", "计量单位", "单位", "指标单位"],
    ),
    (
        Role::Weight,
        &[
            "分值",
            "权重",
            "指标权重",
            "指标分值",
            "标准分",
            "满分",
            "权重分",
            "分值权重",
            "赋分",
            "指标分值权重",
            "标准分值",
            "分数",
        ],
    ),
    (
        Role::Score,
        &[
            "得分",
            "指标得分",
            "自评分",
            "自评得分",
            "实际得分",
            "评价得分",
            "评分",
            "单位自评得分",
        ],
    ),
    (Role::Reason, &["说明", "偏差分析", "情况说明"]),
    (
        Role::Other,
        &[
            "指标方向性",
            "指标方向",
            "是否核心指标",
            "得分系数",
            "序号",
            "复核分",
            "复核得分",
            "评分标准",
            "指标解释",
            "评分规则",
            "数据来源",
            "佐证资料",
            "完成率",
            "备注",
            "指标值设定依据",
            "历史值",
            "计分标准",
            "完成程度",
            "偏差率",
        ],
    ),
];

/// Which column of the indicator table a label names.
pub(super) fn column_role(key: &str) -> Option<Role> {
    if key.chars().count() > 20 {
        return None;
    }
    let has = |part: &str| key.contains(part);
    let named = COLUMN_NAMES
        .iter()
        .find(|(_, names)| names.contains(&key))
        .map(|(role, _)| *role);
    if named.is_some() {
        return named;
    }
    if has("原因") || has("改进措施") {
        return Some(Role::Reason);
    }
    let reached = [
        "完成情况",
        "实际完成情况",
        "年度完成情况",
        "指标完成情况",
        "实际完成",
    ];
    let actual = reached.contains(&key) || has("完成值") || has("实际值") || has("完成指标值");
    actual.then_some(Role::Actual)
}

/// Whether a column with this heading is known to hold nothing that is read: notes, numbers of
/// rows, who answers, how it is scored.
pub(super) fn is_aside(key: &str) -> bool {
    const PARTS: [&str; 33] = [
        "备注",
        "说明",
        "序号",
        "编号",
        "编码",
        "代码",
        "解释",
        "依据",
        "来源",
        "佐证",
        "资料",
        "核心",
        "公开",
        "方式",
        "方法",
        "标准",
        "系数",
        "评分",
        "计分",
        "扣分",
        "责任",
        "负责",
        "联系",
        "历史",
        "上年",
        "前年",
        "复核",
        "审核",
        "意见",
        "方向",
        "执行率",
        "完成率",
        "类型",
    ];
    const WHOLE: [&str; 12] = [
        "绩效指标",
        "年度绩效指标",
        "长期绩效指标",
        "实施期绩效指标",
        "年度",
        "部门",
        "科室",
        "股室",
        "进度",
        "时间",
        "季度",
        "月份",
    ];
    WHOLE.contains(&key) || PARTS.iter().any(|part| key.contains(part))
}

/// Whether a text is a label of any kind, and so not a value.
pub(super) fn is_label(text: &str) -> bool {
    let key = key(text);
    !key.is_empty()
        && (head_label(&key).is_some()
            || money_role(&key).is_some()
            || column_role(&key).is_some()
            || is_money_total(&key))
}

/// Whether a label begins the total row of the indicator table.
pub(super) fn is_total_row(key: &str) -> bool {
    matches!(
        key,
        "总分"
            | "合计"
            | "总计"
            | "自评总分"
            | "总得分"
            | "得分合计"
            | "分值合计"
            | "总分值"
            | "合计得分"
            | "自评得分合计"
            | "总分合计"
            | "合计总分"
            | "自评总得分"
    )
}

/// The unit that a text names first: `（万元）`, `单位：元`, `4753.66万元`.
pub(super) fn money_unit(text: &str) -> Option<MoneyUnit> {
    let bare: String = half_width(text)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let first = [
        (bare.find("亿元"), MoneyUnit::YiYuan),
        (bare.find("万元"), MoneyUnit::WanYuan),
        (bare.find("元"), MoneyUnit::Yuan),
    ];
    first
        .into_iter()
        .filter_map(|(at, unit)| Some((at?, unit)))
        .min_by_key(|it| it.0)
        .map(|it| it.1)
}
