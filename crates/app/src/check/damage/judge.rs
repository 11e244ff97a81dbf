//! What a person who files a damaged table would be told of it.

use std::collections::{BTreeMap, BTreeSet};

use domain::finding::{Finding, Severity};
use domain::form::{Field, Form, FormKind};
use domain::form_reader::half_width;
use domain::number::Decimal;
use domain::rulepack::default_pack;
use domain::target::{Filed, RowFate, Target, difference, findings};

use super::table::Table;

/// Whether a person reads the same on the damaged table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    /// The damage is in how it is written: nothing else may be understood.
    Same,
    /// Something else stands there, and may be taken as it stands: the comparison with what is kept
    /// shows it. Nothing beside it may change.
    Other,
    /// What stands there cannot be right, and somebody must be told.
    Wrong,
}

/// What became of a damaged table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// The file was refused with a reason.
    Refused,
    /// Everything was understood as it was before.
    Tolerated,
    /// A finding says what is wrong.
    Told,
    /// The comparison with the kept target shows it.
    Compared,
    /// One field was read as it is printed now, and nothing else changed.
    Followed,
    /// Something else was understood, and nobody was told.
    Silent,
}

/// The meaning of each field, by name. What cannot be read is kept as printed.
pub(super) fn meaning(form: &Form) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    text(&mut all, "项目名称", form.project_name.as_ref());
    text(&mut all, "主管部门", form.department.as_ref());
    text(&mut all, "实施单位", form.unit.as_ref());
    text(&mut all, "目标", form.objectives.as_ref());
    text(&mut all, "完成情况", form.actual_summary.as_ref());
    number(&mut all, "总分值", form.total_weight.as_ref());
    number(&mut all, "总分", form.total_score.as_ref());
    text(&mut all, "等级", form.grade.as_ref());
    let unit = form.money.unit.as_ref().and_then(|unit| unit.value);
    if let Some(unit) = unit {
        all.insert("货币单位".into(), format!("{unit:?}"));
    }
    let rows = form.money.total.iter().chain(&form.money.sources);
    for (place, row) in rows.enumerate() {
        let name = |step: &str| format!("资金{place}{step}");
        number(&mut all, &name("年初"), row.initial.as_ref());
        number(&mut all, &name("调整后"), row.adjusted.as_ref());
        number(&mut all, &name("到位"), row.received.as_ref());
        number(&mut all, &name("执行"), row.executed.as_ref());
        number(&mut all, &name("分值"), row.weight.as_ref());
        number(&mut all, &name("执行率"), row.rate.as_ref());
        number(&mut all, &name("得分"), row.score.as_ref());
    }
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for row in &form.indicators {
        // By name and not by place: rows may stand in another order.
        let own = row.level3.as_ref().map_or("", |name| &name.printed);
        let own: String = half_width(own).split_whitespace().collect();
        let times = named.entry(own.clone()).or_default();
        *times += 1;
        let name = |column: &str| format!("指标「{own}」{times}{column}");
        text(&mut all, &name("一级"), row.level1.as_ref());
        text(&mut all, &name("二级"), row.level2.as_ref());
        text(&mut all, &name("三级"), row.level3.as_ref());
        text(&mut all, &name("性质"), row.operator.as_ref());
        text(&mut all, &name("指标值"), row.target.as_ref());
        text(&mut all, &name("单位"), row.unit.as_ref());
        text(&mut all, &name("完成值"), row.actual.as_ref());
        number(&mut all, &name("分值"), row.weight.as_ref());
        number(&mut all, &name("得分"), row.score.as_ref());
        text(&mut all, &name("原因"), row.reason.as_ref());
    }
    all
}

fn text(all: &mut BTreeMap<String, String>, name: &str, field: Option<&Field>) {
    let printed = field.map_or("", |field| field.printed.as_str());
    let plain: String = half_width(printed).split_whitespace().collect();
    let plain = plain.replace(">=", "≥").replace("<=", "≤");
    if !plain.is_empty() {
        all.insert(name.to_owned(), plain);
    }
}

fn number(all: &mut BTreeMap<String, String>, name: &str, field: Option<&Field<Decimal>>) {
    let Some(field) = field.filter(|field| !field.printed.is_empty()) else {
        return;
    };
    let meaning = match field.value {
        Some(value) => value.normalize().to_string(),
        None => format!("?{}", field.printed),
    };
    all.insert(name.to_owned(), meaning);
}

/// What became of the table that was read so.
pub(super) fn judge(
    truth: Truth,
    table: &Table,
    read: &Result<Vec<(Form, Vec<Finding>)>, String>,
) -> (Verdict, Vec<String>) {
    let Ok(read) = read else {
        return (Verdict::Refused, Vec::new());
    };
    let Some((form, _)) = read.first() else {
        return (Verdict::Refused, Vec::new());
    };
    let findings: Vec<&Finding> = read.iter().flat_map(|(_, findings)| findings).collect();
    let changes = changes(&meaning(&table.form), &meaning(form));
    if changes.is_empty() && truth == Truth::Same {
        return (Verdict::Tolerated, changes);
    }
    if is_told(&table.findings, &findings) || is_held_back(&table.form, form) {
        return (Verdict::Told, changes);
    }
    if truth == Truth::Wrong || changes.is_empty() {
        return (Verdict::Silent, changes);
    }
    if truth == Truth::Other && is_seen(&table.form, form) {
        return (Verdict::Compared, changes);
    }
    if truth == Truth::Other && changes.len() == 1 {
        return (Verdict::Followed, changes);
    }
    (Verdict::Silent, changes)
}

/// Fields whose meaning is another now: name, before, after.
fn changes(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let shown = |found: Option<&String>| found.map_or("（无）", String::as_str).to_owned();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| {
            format!(
                "{name}：{}→{}",
                shown(before.get(name)),
                shown(after.get(name))
            )
        })
        .collect()
}

/// Whether there are more findings of some rule, or one of them says something else.
fn is_told(before: &[Finding], after: &[&Finding]) -> bool {
    let count = |rule: &str| before.iter().filter(|found| found.rule == rule).count();
    let more = after.iter().any(|found| {
        after
            .iter()
            .filter(|other| other.rule == found.rule)
            .count()
            > count(found.rule)
    });
    let known: BTreeSet<[&str; 4]> = before.iter().map(said).collect();
    more || after.iter().any(|found| !known.contains(&said(found)))
}

/// What a finding says, without its place, which may have moved.
fn said(found: &Finding) -> [&str; 4] {
    let printed = found.printed.as_deref().unwrap_or_default();
    let computed = found.computed.as_deref().unwrap_or_default();
    [found.rule, &found.message, printed, computed]
}

/// Whether a target that is taken from the table cannot be sent for more reasons than before.
fn is_held_back(before: &Form, after: &Form) -> bool {
    let blocking = |form: &Form| {
        let findings = findings(default_pack(), "项目", 2021, &kept_target(form));
        let errors = findings
            .iter()
            .filter(|found| found.severity == Severity::E);
        errors.count()
    };
    before.kind == FormKind::ProjectTarget && blocking(after) > blocking(before)
}

/// Whether the comparison with the kept target lists the damage.
fn is_seen(kept: &Form, filed: &Form) -> bool {
    let kept = kept_target(kept);
    let difference = difference(&kept, &Filed::of(filed));
    difference.goal.is_some()
        || difference.lines.iter().any(|line| {
            line.fate != RowFate::Unchanged || !line.doubts.is_empty() || !line.hints.is_empty()
        })
}

/// A form whose rows were filed and kept.
fn kept_target(form: &Form) -> Target {
    let filed = Filed::of(form);
    let mut target = Target {
        goal: filed.goal.unwrap_or_default(),
        rows: filed.rows.into_iter().map(|line| line.row).collect(),
        ..Target::default()
    };
    for (key, row) in (1_u32..).zip(&mut target.rows) {
        row.key = key.to_string();
    }
    target
}
