//! Every rule of the entry coach, listed once.

/// A rule: what it is called, where it comes from, and which findings of the check say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// `A01` …
    pub id: &'static str,
    /// Chinese name.
    pub name: &'static str,
    /// Document with its part, or house rule.
    pub source: &'static str,
    /// Rules of the check after which this one is silent at the same field.
    pub twins: &'static [&'static str],
}

const fn rule(
    id: &'static str,
    name: &'static str,
    source: &'static str,
    twins: &'static [&'static str],
) -> Rule {
    Rule {
        id,
        name,
        source,
        twins,
    }
}

const MEASURED: &str = "财预〔2015〕88号 绩效目标的要求：细化量化";
const CLEAR: &str = "财预〔2015〕88号 绩效目标的要求：指向明确";
const SOUND: &str = "财预〔2015〕88号 绩效目标的要求：合理可行";
const MATCHING: &str = "财预〔2015〕88号 绩效目标的要求：相应匹配";
const EASY: &str = "财预〔2021〕101号 绩效指标设置原则：量化易评";
const COST: &str = "财预〔2021〕101号 绩效指标类型：工程基建、大型修缮和购置项目应设成本指标";
const SURVEY: &str = "财预〔2021〕101号 绩效指标类型：设满意度指标的，应当开展满意度调查";
const KEY: &str = "财预〔2021〕101号 绩效指标设置原则：高度关联、重点突出";
const ONE: &str = "House rule：一行只考核一件事，否则得分说不清";
const READABLE: &str = "House rule：换一个人也读得懂、算得出";

/// The rules, by id.
pub const RULES: &[Rule] = &[
    rule("A01", "用词没有衡量标准", MEASURED, &[]),
    rule("A02", "没有度量单位", MEASURED, &["V04"]),
    rule("A03", "单位写在指标值里", READABLE, &[]),
    rule("A04", "把投入当作产出", CLEAR, &[]),
    rule("A05", "把过程当作产出", CLEAR, &[]),
    rule("A06", "与上年实际完成值相同", SOUND, &[]),
    rule("A07", "比上年实际完成值差很多", SOUND, &[]),
    rule("A08", "百分比都是 100%", SOUND, &[]),
    rule("A09", "权重全部相等", KEY, &[]),
    rule("A10", "一项权重过大", KEY, &[]),
    rule("A11", "满意度没有调查安排", SURVEY, &[]),
    rule("A12", "满意度定为 100%", SOUND, &[]),
    rule("A13", "工程、采购项目没有成本指标", COST, &[]),
    rule("A14", "没有时效指标", MEASURED, &[]),
    rule("A15", "没有质量指标", MEASURED, &[]),
    rule("A16", "产出只有数量指标", MEASURED, &[]),
    rule("A17", "与本表另一指标几乎相同", KEY, &["V10"]),
    rule("A18", "与其他单位的目标几乎相同", CLEAR, &[]),
    rule("A19", "年度目标照抄项目名称", CLEAR, &["V15"]),
    rule("A20", "年度目标没有数字", MEASURED, &["V15"]),
    rule("A21", "年度目标与指标的数字不一致", MATCHING, &["C50"]),
    rule("A22", "一个指标写了两件事", ONE, &["C49"]),
    rule("A23", "指标值只写完成或达标", EASY, &["C34"]),
    rule("A24", "能用数字的写成了文字", EASY, &["C34"]),
    rule("A25", "可以更好的数用了等号", SOUND, &["V05"]),
    rule("A26", "指标值没有约束力", SOUND, &["V11", "V06"]),
    rule("A27", "比率的单位不是百分比", READABLE, &["V04", "C48"]),
    rule("A28", "时效指标没有时间", MEASURED, &[]),
    rule("A29", "效益重复了产出", CLEAR, &["V10"]),
    rule("A30", "坏事用了大于号", SOUND, &["V05"]),
    rule("A31", "年度目标写了年度以外的事", CLEAR, &[]),
    rule("A32", "模板文字没有替换", READABLE, &["C42", "C49", "V04"]),
    rule("A33", "度量单位不规范或不统一", READABLE, &[]),
    rule("A34", "用了没有说明的缩写", READABLE, &[]),
];

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}
