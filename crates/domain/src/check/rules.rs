//! Every rule that a check of one form knows, listed once.

use crate::finding::Severity;

/// A rule: what it is called, where it comes from, how much it weighs where a pack says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// `V01` … of the domain reference, `C…` for the house's own.
    pub id: &'static str,
    /// Chinese name.
    pub name: &'static str,
    /// Document or house rule.
    pub source: &'static str,
    /// Severity where the pack does not set another.
    pub severity: Severity,
}

const fn rule(
    id: &'static str,
    severity: Severity,
    name: &'static str,
    source: &'static str,
) -> Rule {
    Rule {
        id,
        name,
        source,
        severity,
    }
}

const TARGET: &str = "财预〔2015〕88号 绩效目标审核：完整性、相关性、适当性、可行性";
const SELF: &str = "财预〔2020〕10号 附件1 项目支出绩效自评表";
const PUBLISHED: &str = "House rule：公开的绩效表里反复出现的填报问题";
const READING: &str = "House rule：读不准的格子只提示，不猜";

/// The rules, by id.
pub const RULES: &[Rule] = &[
    rule("V01", Severity::E, "指标分值合计", SELF),
    rule("V02", Severity::W, "分值大于 0", SELF),
    rule("V03", Severity::W, "指标结构完整", TARGET),
    rule("V04", Severity::W, "定量指标有数值和单位", TARGET),
    rule("V05", Severity::W, "符号与指标方向一致", TARGET),
    rule("V06", Severity::W, "百分比指标值合理", TARGET),
    rule("V07", Severity::E, "资金来源合计等于总额", SELF),
    rule("V10", Severity::W, "指标名称不重复", TARGET),
    rule("V11", Severity::W, "指标值有约束力", TARGET),
    rule("V12", Severity::W, "成本指标不超过预算", TARGET),
    rule("V15", Severity::W, "年度目标有内容", TARGET),
    rule("V31", Severity::W, "得分等于公式结果", SELF),
    rule("V32", Severity::W, "扣分有原因", SELF),
    rule("V33", Severity::W, "超额完成有说明", SELF),
    rule("V34", Severity::W, "执行偏低和预算调整有说明", SELF),
    rule("V35", Severity::W, "定性得分在档内", SELF),
    rule("V36", Severity::E, "总分和等级", SELF),
    rule(
        "V38",
        Severity::W,
        "执行率低而评价高",
        "财预〔2020〕10号 自评结果应真实",
    ),
    rule(
        "V39",
        Severity::W,
        "得分与执行率一致",
        "预算管理一体化：自评一致性提示",
    ),
    rule(
        "V51",
        Severity::W,
        "自评与复评差距",
        "财预〔2020〕10号 自评结果抽查复核",
    ),
    rule("C01", Severity::E, "分项合计等于总额", PUBLISHED),
    rule("C02", Severity::E, "收入分类与支出分类合计一致", PUBLISHED),
    rule("C03", Severity::W, "支出不超过预算", SELF),
    rule("C04", Severity::W, "金额单位一致", PUBLISHED),
    rule("C05", Severity::E, "有支出就有预算，金额不为负", SELF),
    rule("C06", Severity::E, "数量乘单价等于金额", PUBLISHED),
    rule("C07", Severity::W, "金额的数量级", PUBLISHED),
    rule("C10", Severity::E, "执行率等于执行数除以预算数", SELF),
    rule("C11", Severity::E, "执行率得分", SELF),
    rule("C20", Severity::E, "一级指标标注的分值", SELF),
    rule("C21", Severity::E, "得分不超过分值", SELF),
    rule("C22", Severity::W, "分项不超过总项", PUBLISHED),
    rule("C23", Severity::W, "总分已填写", SELF),
    rule("C30", Severity::W, "未达标不得满分", SELF),
    rule("C31", Severity::W, "差距不同扣分不同", SELF),
    rule("C32", Severity::W, "得分有依据", SELF),
    rule("C33", Severity::W, "完成值是实际数", SELF),
    rule("C34", Severity::W, "定量指标填数字", SELF),
    rule("C35", Severity::W, "自评表已填写", SELF),
    rule("C40", Severity::W, "指标有名称", TARGET),
    rule("C41", Severity::W, "名称与指标值一致", PUBLISHED),
    rule("C42", Severity::W, "模板文字已替换", PUBLISHED),
    rule("C43", Severity::W, "数量指标用绝对数", TARGET),
    rule("C44", Severity::W, "满意度指标是满意程度", TARGET),
    rule("C45", Severity::W, "满意度单列", SELF),
    rule("C46", Severity::W, "成本指标是成本", TARGET),
    rule("C47", Severity::W, "年度一致", PUBLISHED),
    rule("C48", Severity::W, "单位与指标名称相符", PUBLISHED),
    rule("C49", Severity::W, "指标值和完成值能看懂", READING),
    rule("C50", Severity::W, "文字与指标表数字一致", PUBLISHED),
    rule("C51", Severity::W, "文字中的数量勾稽", PUBLISHED),
    rule("C52", Severity::W, "未完工项目的效果", PUBLISHED),
    rule("C53", Severity::W, "每个指标都填了指标值", TARGET),
    rule("C54", Severity::W, "每个指标都填了分值", SELF),
    rule("C90", Severity::E, "文件可以读取", READING),
    rule("C91", Severity::W, "公式有计算结果", READING),
    rule("C92", Severity::W, "没有隐藏的表", READING),
    rule("C93", Severity::W, "数字格只填数字", READING),
    rule("C94", Severity::W, "格内单位与全表一致", READING),
    rule("C95", Severity::W, "有指标表", READING),
    rule("C96", Severity::I, "用半角数字", READING),
    rule("C97", Severity::W, "公式没有出错", READING),
    rule("C98", Severity::W, "每一列的表头都认得", READING),
    rule("C99", Severity::W, "一张表只放一次", READING),
];

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}
