//! A filed form as it was read: every field keeps the text that is printed and where it stands.
//!
//! A form says nothing about rules. Parts that the file does not have are absent, not empty, so
//! that a check never complains about what an excerpt leaves out.

use crate::number::Decimal;

/// A field: what is printed, where, and what was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field<T = String> {
    /// The text as printed, trimmed. Empty when the cell is there but blank.
    pub printed: String,
    /// What it means. `None` when blank or when it could not be read.
    pub value: Option<T>,
    /// A cell address (`C5`, or `自评表!C5` in a workbook of several sheets) or a JSON pointer.
    pub place: String,
}

impl<T> Field<T> {
    /// Whether the cell is there but nothing stands in it.
    pub fn is_blank(&self) -> bool {
        self.printed.is_empty()
    }

    /// Whether something stands in the cell that could not be understood.
    pub fn is_unreadable(&self) -> bool {
        self.value.is_none() && !self.printed.is_empty()
    }
}

/// Which form it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormKind {
    /// 项目支出绩效目标申报表
    ProjectTarget,
    /// 项目支出绩效自评表
    ProjectSelfEvaluation,
    /// 部门整体支出绩效自评表
    DepartmentSelfEvaluation,
    /// 财政重点绩效评价
    KeyEvaluation,
    /// 年度绩效管理工作情况说明
    AnnualStatement,
}

impl FormKind {
    /// The word used in JSON (`check --json`, transcriptions).
    pub fn code(self) -> &'static str {
        match self {
            Self::ProjectTarget => "project_target",
            Self::ProjectSelfEvaluation => "project_self_eval",
            Self::DepartmentSelfEvaluation => "department_self_eval",
            Self::KeyEvaluation => "key_evaluation",
            Self::AnnualStatement => "annual_statement",
        }
    }
}

/// The unit in which a form's money columns are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum MoneyUnit {
    /// 元
    Yuan,
    /// 万元
    WanYuan,
    /// 亿元
    YiYuan,
}

/// A filed form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Which form it is.
    pub kind: FormKind,
    /// The printed title.
    pub title: Option<Field>,
    /// 预算年度
    pub fiscal_year: Option<Field<i32>>,
    /// 地区
    pub region: Option<Field>,
    /// 主管部门
    pub department: Option<Field>,
    /// 实施单位
    pub unit: Option<Field>,
    /// 项目名称
    pub project_name: Option<Field>,
    /// 项目资金
    pub money: Money,
    /// 年度总体目标 / 预期目标
    pub objectives: Option<Field>,
    /// 实际完成情况
    pub actual_summary: Option<Field>,
    /// Rows of the indicator table, in printed order.
    pub indicators: Vec<IndicatorRow>,
    /// Points printed in the total row (总分 / 合计, usually 100).
    pub total_weight: Option<Field<Decimal>>,
    /// Score printed in the total row.
    pub total_score: Option<Field<Decimal>>,
    /// 自评等级
    pub grade: Option<Field>,
    /// Other text that stands on the form (notes, conclusion, free figures) worth checking.
    pub texts: Vec<Field>,
}

/// The money block of a form. Amounts are in the printed unit, not converted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Money {
    /// The unit printed on the form (`项目资金（万元）`).
    pub unit: Option<Field<MoneyUnit>>,
    /// 年度资金总额
    pub total: Option<MoneyRow>,
    /// 其中: the rows that together make the total.
    pub sources: Vec<MoneyRow>,
    /// Other groups of lines that must each add up to a total of their own, such as
    /// 按收入性质分 and 按支出性质分, cost items, or numbers of projects by kind.
    pub splits: Vec<Split>,
}

/// One row of the money block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MoneyRow {
    /// The row's printed label.
    pub label: Field,
    /// 年初预算数
    pub initial: Option<Field<Decimal>>,
    /// 全年预算数 / 调整后预算数: the denominator of the execution rate.
    pub adjusted: Option<Field<Decimal>>,
    /// 实际到位资金
    pub received: Option<Field<Decimal>>,
    /// 全年执行数
    pub executed: Option<Field<Decimal>>,
    /// 分值 of the row.
    pub weight: Option<Field<Decimal>>,
    /// 执行率, in percent.
    pub rate: Option<Field<Decimal>>,
    /// 得分 of the row.
    pub score: Option<Field<Decimal>>,
}

/// A group of lines and the total that they should make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// What the group is called on the form.
    pub label: String,
    /// The total as printed.
    pub total: Option<Field<Decimal>>,
    /// The lines: label and amount.
    pub lines: Vec<(String, Field<Decimal>)>,
}

/// One row of the indicator table, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndicatorRow {
    /// Where the row begins.
    pub place: String,
    /// 一级指标 (with a printed cap such as `产出指标（50分）` kept in the text).
    pub level1: Option<Field>,
    /// 二级指标
    pub level2: Option<Field>,
    /// 三级指标
    pub level3: Option<Field>,
    /// 指标性质, where it has a column of its own.
    pub operator: Option<Field>,
    /// 年度指标值 as printed, with operator and unit when they share the cell.
    pub target: Option<Field>,
    /// 度量单位, where it has a column of its own.
    pub unit: Option<Field>,
    /// 实际完成值 as printed.
    pub actual: Option<Field>,
    /// 分值 / 权重
    pub weight: Option<Field<Decimal>>,
    /// 得分
    pub score: Option<Field<Decimal>>,
    /// 偏差原因分析及改进措施 / 未完成原因分析
    pub reason: Option<Field>,
}
