//! What every family of checks works with: the form with its indicators read, and the findings.

use crate::finding::{Finding, Severity};
use crate::form::{Field, Form, IndicatorRow, MoneyRow, MoneyUnit};
use crate::indicator::{
    Comparison, Measure, Operator, Target, TargetCells, compare, read_actual, read_target,
};
use crate::number::{Decimal, scaled};
use crate::rulepack::RulePack;

use super::rules;

/// 一级指标 by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Output,
    Benefit,
    Satisfaction,
    Cost,
    Other,
}

/// An indicator with what its cells mean.
pub(super) struct Row<'a> {
    pub(super) cells: &'a IndicatorRow,
    /// 三级指标 without stars, numbering and placeholders.
    pub(super) name: String,
    pub(super) block: Block,
    pub(super) target: Target,
    pub(super) actual: Measure,
    pub(super) comparison: Comparison,
    pub(super) weight: Option<Decimal>,
    pub(super) score: Option<Decimal>,
    /// 其中: a part of the row above, usually without points.
    pub(super) is_part: bool,
}

impl Row<'_> {
    /// Where the row is, by the cell that is there.
    pub(super) fn place_of<T>(&self, field: Option<&Field<T>>) -> String {
        field.map_or_else(|| self.cells.place.clone(), |field| field.place.clone())
    }

    /// The row in words: its name, or its heading where it has none.
    pub(super) fn title(&self) -> String {
        let raw = text(self.cells.level3.as_ref());
        let level2 = text(self.cells.level2.as_ref());
        let words = [self.name.as_str(), raw, level2];
        let found = words.into_iter().find(|word| !word.is_empty());
        found.unwrap_or("未命名指标").to_owned()
    }

    /// 二级指标 as printed.
    pub(super) fn level2(&self) -> &str {
        text(self.cells.level2.as_ref())
    }

    /// 年度指标值 with its sign and unit, as one reads it.
    pub(super) fn target_text(&self) -> String {
        let sign = text(self.cells.operator.as_ref());
        let target = text(self.cells.target.as_ref());
        let unit = text(self.cells.unit.as_ref());
        let sign = if sign == "定性" { "" } else { sign };
        let unit = if target.is_empty() || target.ends_with(unit) {
            ""
        } else {
            unit
        };
        format!("{sign}{target}{unit}")
    }

    /// 完成值 as printed.
    pub(super) fn actual_text(&self) -> &str {
        text(self.cells.actual.as_ref())
    }

    /// 完成值 as one reads it: a bare number with the unit that it is counted in.
    pub(super) fn reached_text(&self) -> String {
        let printed = self.actual_text();
        let bare = printed
            .chars()
            .all(|letter| letter.is_ascii_digit() || ".,".contains(letter));
        match &self.actual {
            Measure::Quantity { unit, .. } if bare => format!("{printed}{unit}"),
            _ => printed.to_owned(),
        }
    }

    pub(super) fn has_target(&self) -> bool {
        !text(self.cells.target.as_ref()).is_empty()
    }

    pub(super) fn has_actual(&self) -> bool {
        !self.actual_text().is_empty()
    }

    pub(super) fn has_reason(&self) -> bool {
        let reason = text(self.cells.reason.as_ref());
        !super::text::is_nothing(reason)
    }

    pub(super) fn operator(&self) -> Option<Operator> {
        self.target.operator.map(|(operator, _)| operator)
    }

    /// The number and unit of the target, where it is one number.
    pub(super) fn quantity(&self) -> Option<(Decimal, &str)> {
        match &self.target.measure {
            Measure::Quantity { value, unit } if is_sane(*value) => Some((*value, unit.as_str())),
            _ => None,
        }
    }

    /// The number that was reached.
    pub(super) fn reached(&self) -> Option<Decimal> {
        match &self.actual {
            Measure::Quantity { value, .. } if is_sane(*value) => Some(*value),
            _ => None,
        }
    }

    /// Whether the target is a share of a hundred.
    pub(super) fn is_percent(&self) -> bool {
        self.quantity()
            .is_some_and(|(_, unit)| super::text::is_percent_unit(unit))
            || super::text::is_percent_unit(text(self.cells.unit.as_ref()))
    }

    /// Whether all the points were given.
    pub(super) fn has_full_score(&self) -> bool {
        matches!((self.weight, self.score), (Some(weight), Some(score))
            if score >= weight && weight > Decimal::ZERO)
    }
}

/// The form and what was understood of it.
pub(super) struct Context<'a> {
    pub(super) pack: &'a RulePack,
    pub(super) form: &'a Form,
    pub(super) rows: Vec<Row<'a>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(pack: &'a RulePack, form: &'a Form) -> Self {
        let rows = form.indicators.iter().map(read_row).collect();
        Self { pack, form, rows }
    }

    /// Whether anybody filled in what was reached.
    pub(super) fn has_actuals(&self) -> bool {
        self.rows.iter().any(Row::has_actual)
    }

    pub(super) fn total(&self) -> Option<&'a MoneyRow> {
        self.form.money.total.as_ref()
    }

    /// 全年预算数, or the initial budget where no other is printed.
    pub(super) fn budget(&self) -> Option<&'a Field<Decimal>> {
        let total = self.total()?;
        present(total.adjusted.as_ref()).or_else(|| present(total.initial.as_ref()))
    }

    /// 执行率 in percent, exact, from the amounts.
    pub(super) fn computed_rate(&self) -> Option<Decimal> {
        let total = self.total()?;
        let executed = value(total.executed.as_ref())?;
        let budget = self.budget()?.value?;
        scaled(executed, Decimal::ONE_HUNDRED, budget)
    }

    /// 执行率 in percent: from the amounts, or as printed.
    pub(super) fn rate(&self) -> Option<Decimal> {
        let printed = || value(self.total()?.rate.as_ref());
        self.computed_rate().or_else(printed)
    }

    /// A limit of the pack by name.
    pub(super) fn threshold(&self, name: &str, otherwise: i64) -> Decimal {
        let found = self.pack.check.threshold.get(name);
        found.map_or_else(|| Decimal::from(otherwise), |limit| limit.0)
    }

    /// The word for the unit of the money columns.
    pub(super) fn unit_name(&self) -> &'static str {
        let unit = self.form.money.unit.as_ref().and_then(|unit| unit.value);
        match unit {
            Some(MoneyUnit::Yuan) => "元",
            Some(MoneyUnit::WanYuan) => "万元",
            Some(MoneyUnit::YiYuan) => "亿元",
            None => "",
        }
    }

    /// One unit of the money columns in 元; 万元 where nothing is printed.
    pub(super) fn unit_yuan(&self) -> Decimal {
        let unit = self.form.money.unit.as_ref().and_then(|unit| unit.value);
        match unit {
            Some(MoneyUnit::Yuan) => Decimal::ONE,
            Some(MoneyUnit::WanYuan) | None => Decimal::from(10_000),
            Some(MoneyUnit::YiYuan) => Decimal::from(100_000_000),
        }
    }
}

fn read_row(cells: &IndicatorRow) -> Row<'_> {
    let raw = text(cells.level3.as_ref());
    let own = |field: Option<&'_ Field>| {
        field
            .map(|field| field.printed.clone())
            .filter(|text| !text.is_empty())
    };
    let (operator, unit) = (own(cells.operator.as_ref()), own(cells.unit.as_ref()));
    let target = read_target(TargetCells {
        printed: text(cells.target.as_ref()),
        operator: operator.as_deref(),
        unit: unit.as_deref(),
        name: raw,
        level2: text(cells.level2.as_ref()),
    });
    let actual = read_actual(text(cells.actual.as_ref()), unit.as_deref(), &target);
    let comparison = compare(&target, &actual);
    let name = super::text::bare_name(raw);
    Row {
        is_part: name.starts_with("其中"),
        name,
        block: block(text(cells.level1.as_ref()), text(cells.level2.as_ref())),
        target,
        actual,
        comparison,
        weight: value(cells.weight.as_ref()),
        score: value(cells.score.as_ref()),
        cells,
    }
}

fn block(level1: &str, level2: &str) -> Block {
    let known = |words: &str| {
        let has = |part: &str| words.contains(part);
        match () {
            () if has("满意") => Some(Block::Satisfaction),
            () if has("成本") => Some(Block::Cost),
            () if has("产出") || has("完成指标") || has("数量") || has("质量") || has("时效") => {
                Some(Block::Output)
            }
            () if has("效益") || has("成效") || has("效果") || has("影响") => {
                Some(Block::Benefit)
            }
            () => None,
        }
    };
    let first = known(level1);
    if level1.trim().is_empty() {
        return known(level2).unwrap_or(Block::Other);
    }
    first.unwrap_or(Block::Other)
}

/// The text of a field, or nothing.
pub(super) fn text(field: Option<&Field>) -> &str {
    field.map_or("", |field| field.printed.trim())
}

/// House rule: nothing that a form counts or pays is beyond this; sums of such numbers and their
/// percentages never overflow, and what is beyond is a slip of the keyboard.
pub(super) fn is_sane(number: Decimal) -> bool {
    number.abs() < Decimal::from(1_000_000_000_000_000_000_i64)
}

/// The number of a field.
pub(super) fn value(field: Option<&Field<Decimal>>) -> Option<Decimal> {
    field
        .and_then(|field| field.value)
        .filter(|it| is_sane(*it))
}

/// A field that holds a number.
pub(super) fn present(field: Option<&Field<Decimal>>) -> Option<&Field<Decimal>> {
    field.filter(|field| field.value.is_some_and(is_sane))
}

/// An amount as printed, with the form's unit where the cell names none.
pub(super) fn amount(field: &Field<Decimal>, unit: &str) -> String {
    if field.printed.ends_with(['元', '万', '亿']) {
        field.printed.clone()
    } else {
        format!("{}{unit}", field.printed)
    }
}

/// A number as one writes it: no trailing zeros.
pub(super) fn plain(number: Decimal) -> String {
    let short = number.round_dp(6).normalize();
    short.to_string()
}

/// Findings as they are gathered.
pub(super) struct Found<'a> {
    pack: &'a RulePack,
    findings: Vec<Finding>,
}

/// A finding before it has its severity.
pub(super) struct Note {
    rule: &'static str,
    place: String,
    message: String,
    printed: Option<String>,
    computed: Option<String>,
    at_most: Severity,
}

impl Note {
    pub(super) fn new(rule: &'static str, place: &str, message: String) -> Self {
        Self {
            rule,
            place: place.to_owned(),
            message,
            printed: None,
            computed: None,
            at_most: Severity::E,
        }
    }

    pub(super) fn printed(mut self, text: impl Into<String>) -> Self {
        self.printed = Some(text.into());
        self
    }

    pub(super) fn computed(mut self, text: impl Into<String>) -> Self {
        self.computed = Some(text.into());
        self
    }

    /// Something asks for judgement: W, whatever the rule weighs.
    pub(super) fn judged(mut self) -> Self {
        self.at_most = Severity::W;
        self
    }

    /// Worth knowing and no more.
    pub(super) fn note(mut self) -> Self {
        self.at_most = Severity::I;
        self
    }
}

impl<'a> Found<'a> {
    pub(super) fn new(pack: &'a RulePack) -> Self {
        Self {
            pack,
            findings: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, note: Note) {
        let own = rules::find(note.rule).map_or(Severity::W, |rule| rule.severity);
        let set = self.pack.check.severity.get(note.rule).copied();
        // The order of severities is worst first.
        let severity = set.unwrap_or(own).max(note.at_most);
        self.findings.push(Finding {
            rule: note.rule,
            severity,
            r#where: note.place,
            message: note.message,
            printed: note.printed.filter(|text| !text.is_empty()),
            computed: note.computed,
        });
    }

    pub(super) fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| finding.severity);
        self.findings
    }
}
