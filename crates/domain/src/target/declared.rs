//! What the declaration of a form says against what was typed: what cannot be kept, and what must
//! be mended before it is sent.

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity};
use crate::number::Fen;
use crate::rulepack::target_form::{
    Block, BlockKind, FormField, GOAL, Operand, Relation, Source, SumRule, TargetForm,
};

use super::read::{Problem, has_control};
use super::value::{flaw, money, wan_digits};
use super::{Line, Target};

/// What the register and the budget say of a target's object in its year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Names, codes and the like.
    pub texts: BTreeMap<Source, String>,
    /// Amounts; none where there is no line of the budget yet.
    pub amounts: BTreeMap<Source, Fen>,
}

impl Known {
    /// What stands in a field that nobody types.
    pub fn printed(&self, source: Source) -> String {
        match self.amounts.get(&source) {
            Some(fen) => fen.wan_text(),
            None => self.texts.get(&source).cloned().unwrap_or_default(),
        }
    }
}

/// Why what was typed into the form's own fields and tables cannot be kept.
pub(super) fn problems(form: &TargetForm, target: &Target) -> Vec<Problem> {
    let mut found = Vec::new();
    for block in &form.blocks {
        match block.kind {
            BlockKind::Fields => {
                let typed = block.fields.iter().filter(|field| field.is_typed());
                for field in typed.filter(|field| field.key != GOAL) {
                    let text = target.value(&field.key);
                    found.extend(text_problem(field, "", field.key.clone(), text));
                }
            }
            BlockKind::Table => of_table(block, target.lines(&block.key), &mut found),
            BlockKind::Indicators => {}
        }
    }
    found
}

fn of_table(block: &Block, lines: &[Line], found: &mut Vec<Problem>) {
    if lines.len() > block.most_rows {
        found.push(Problem {
            path: block.key.clone(),
            sentence: format!(
                "{}有 {} 行，最多 {} 行，请合并或删除",
                block.title,
                lines.len(),
                block.most_rows
            ),
        });
    }
    for (place, line) in (1..).zip(lines) {
        let row = row_word(block, place);
        for column in &block.fields {
            let path = format!("{}/{}/{}", block.key, line.key, column.key);
            found.extend(text_problem(column, &row, path, line.text(&column.key)));
        }
    }
}

fn row_word(block: &Block, place: usize) -> String {
    format!("{}第 {place} 行的", block.title)
}

fn text_problem(field: &FormField, row: &str, path: String, text: &str) -> Option<Problem> {
    let (letters, most) = (text.chars().count(), field.most_letters());
    let label = &field.label;
    let sentence = if letters > most {
        format!("{row}「{label}」有 {letters} 个字，最多 {most} 个，请精简")
    } else if has_control(text) {
        format!("{row}「{label}」里有看不见的控制字符，请删除后重新录入")
    } else {
        return None;
    };
    Some(Problem { path, sentence })
}

/// What must be mended in the form's own fields and tables, and between its amounts.
///
/// Source: 财预〔2015〕88号, 完整性; checks V07, V08 and V09.
pub fn declared_findings(form: &TargetForm, known: &Known, target: &Target) -> Vec<Finding> {
    let mut found = Vec::new();
    for block in &form.blocks {
        match block.kind {
            BlockKind::Fields => {
                let typed = block.fields.iter().filter(|field| field.is_typed());
                // The goal has checks of its own.
                for field in typed.filter(|field| field.key != GOAL) {
                    let text = target.value(&field.key);
                    found.extend(of_text(field, "", field.key.clone(), text));
                }
            }
            BlockKind::Table => {
                for (place, line) in (1..).zip(target.lines(&block.key)) {
                    let row = row_word(block, place);
                    for column in &block.fields {
                        let path = format!("{}/{}/{}", block.key, line.key, column.key);
                        found.extend(of_text(column, &row, path, line.text(&column.key)));
                    }
                }
                let is_asked = block.fields.iter().any(|column| column.required);
                if is_asked && target.lines(&block.key).is_empty() {
                    let message = format!("{}还没有填写，请至少填一行", block.title);
                    found.push(error("C40", block.key.clone(), message));
                }
            }
            BlockKind::Indicators => {}
        }
    }
    for rule in &form.rules {
        of_rule(form, known, target, rule, &mut found);
    }
    found
}

fn error(rule: &'static str, path: String, message: String) -> Finding {
    Finding {
        rule,
        severity: Severity::E,
        r#where: path,
        message,
        printed: None,
        computed: None,
    }
}

fn of_text(field: &FormField, row: &str, path: String, text: &str) -> Option<Finding> {
    let label = field.label.trim_start_matches("其中：");
    if text.trim().is_empty() {
        let message = format!("{row}「{label}」还没有填写");
        return field.required.then(|| error("C40", path, message));
    }
    let cause = flaw(field, text)?;
    let mut finding = error("C40", path, format!("{row}「{label}」：{cause}"));
    finding.printed = Some(text.to_owned());
    Some(finding)
}

/// A sum of amounts.
struct Sum {
    fen: Fen,
    /// Whether anything at all was filled in.
    is_filled: bool,
    words: Vec<String>,
}

fn of_rule(
    form: &TargetForm,
    known: &Known,
    target: &Target,
    rule: &SumRule,
    found: &mut Vec<Finding>,
) {
    let Some(table) = rule.rows.as_deref() else {
        let sum = |names: &[String]| sum(form, known, target, names);
        if let Some((left, right)) = sum(&rule.left).zip(sum(&rule.right)) {
            let path = rule.left.first().cloned().unwrap_or_default();
            let path = path.split('.').next().unwrap_or_default().to_owned();
            found.extend(compared(rule, "", path, &left, &right));
        }
        return;
    };
    let Some(block) = form.table(table) else {
        return;
    };
    for (place, line) in (1..).zip(target.lines(table)) {
        let sum = |names: &[String]| row_sum(block, line, names);
        if let Some((left, right)) = sum(&rule.left).zip(sum(&rule.right)) {
            let column = rule.left.first().map_or("", |name| &**name);
            let path = format!("{table}/{}/{column}", line.key);
            found.extend(compared(rule, &row_word(block, place), path, &left, &right));
        }
    }
}

/// The sum of amounts; none where one cannot be read or is not known.
fn sum(form: &TargetForm, known: &Known, target: &Target, names: &[String]) -> Option<Sum> {
    let mut sum = Sum::nothing();
    for name in names {
        match Operand::of(name)? {
            Operand::Field(key) => sum.add(form.field(key)?, target.value(key))?,
            Operand::Column(table, key) => {
                let column = form.table(table)?.column(key)?;
                for line in target.lines(table) {
                    sum.add(column, line.text(key))?;
                }
                sum.words = vec![format!(
                    "{}的{}合计",
                    form.table(table)?.title,
                    column.label
                )];
            }
            Operand::Known(source) => {
                sum.fen = Fen(sum.fen.0.checked_add(known.amounts.get(&source)?.0)?);
                sum.is_filled = true;
                sum.words.push(source.word().to_owned());
            }
        }
    }
    Some(sum)
}

fn row_sum(block: &Block, line: &Line, names: &[String]) -> Option<Sum> {
    let mut sum = Sum::nothing();
    for name in names {
        sum.add(block.column(name)?, line.text(name))?;
    }
    Some(sum)
}

impl Sum {
    fn nothing() -> Self {
        Self {
            fen: Fen::ZERO,
            is_filled: false,
            words: Vec::new(),
        }
    }

    /// Adds what stands in a field; nothing typed is nothing. None where it cannot be read.
    fn add(&mut self, field: &FormField, text: &str) -> Option<()> {
        let label = field.label.trim_start_matches("其中：");
        self.words
            .push(label.trim_end_matches("（万元）").to_owned());
        if !text.trim().is_empty() {
            self.fen = Fen(self.fen.0.checked_add(money(text).ok()?.0)?);
            self.is_filled = true;
        }
        Some(())
    }
}

/// V07, V08 or V09, as the pack may say.
fn rule_name(rule: &SumRule) -> &'static str {
    match &*rule.rule {
        "V08" => "V08",
        "V09" => "V09",
        _ => "V07",
    }
}

fn compared(rule: &SumRule, row: &str, path: String, left: &Sum, right: &Sum) -> Option<Finding> {
    let is_kept = match rule.is {
        Relation::Equal => left.fen == right.fen,
        Relation::AtMost => left.fen <= right.fen,
    };
    // Parts that nobody has filled in yet say nothing against their total.
    if is_kept || !left.is_filled || !right.is_filled {
        return None;
    }
    let (words, others) = (left.words.join("＋"), right.words.join("＋"));
    let (fen, other) = (wan_digits(left.fen), wan_digits(right.fen));
    let gap = wan_digits(Fen(left.fen.0.abs_diff(right.fen.0).try_into().ok()?));
    let message = match rule.is {
        Relation::Equal => {
            format!("{row}{words} {fen} 万元，应等于{others} {other} 万元，相差 {gap} 万元；请核对")
        }
        Relation::AtMost => format!(
            "{row}{words} {fen} 万元，不应超过{others} {other} 万元，多了 {gap} 万元；请核对"
        ),
    };
    let mut finding = error(rule_name(rule), path, message);
    finding.printed = Some(fen);
    finding.computed = Some(other);
    Some(finding)
}
