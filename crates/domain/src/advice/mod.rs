//! The entry coach (填报建议): what would make a target better while it is typed.
//!
//! House rule: advice never blocks anything. What is wrong is a finding of `target::findings`; what
//! is allowed and yet worth another thought is advice, and where the check has already said it of a
//! field the coach is silent there.

mod cells;
mod form;
mod goal;
mod last;
mod like;
mod line;
mod names;
mod rules;
#[cfg(test)]
mod tests;
mod whole;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::distribution::Band;
use crate::finding::Finding;
use crate::number::Fen;
use crate::rulepack::{self, RulePack};
use crate::target::{MOST_CELL_LETTERS, MOST_GOAL_LETTERS, Target};

pub use form::of_form;
pub use last::reached_value;
pub use rules::{RULES, Rule, find as find_rule};

use line::Line;

/// What is known besides the target itself. Whatever is not known is never advised on.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// 项目名称
    pub object_name: String,
    /// 预算年度
    pub year: i32,
    /// What the money is for; `None`: told by the project's name.
    pub kind: Option<Kind>,
    /// 年度资金总额
    pub budget: Option<Fen>,
    /// Last year's indicators with what was reached.
    pub last: Vec<Past>,
    /// Goals of other units.
    pub others: Vec<String>,
    /// Quartiles of what indicators reached in earlier years, by name and unit.
    pub reached: BTreeMap<(String, String), Band>,
    /// Whether the indicators are prescribed for projects of this kind; `false`: told by the name.
    pub is_given: bool,
    /// Whether rows are missing, so that nothing can be said of the table as a whole.
    pub is_excerpt: bool,
}

/// What a project's money is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 工程基建、大型修缮
    Works,
    /// 购置
    Procurement,
    /// Anything else.
    Other,
}

/// An indicator of last year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// 三级指标
    pub name: String,
    /// 绩效指标性质
    pub operator: String,
    /// 指标值
    pub value: String,
    /// 度量单位
    pub unit: String,
    /// 实际完成值; empty when it is not known.
    pub actual: String,
}

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// `A01` …, see [`RULES`].
    pub rule: &'static str,
    /// The field that it is about: a path of the target's content (`goal`, `indicators`,
    /// `indicators/3/value`), or the place on a form that was read.
    pub r#where: String,
    /// A Chinese sentence about this very field.
    pub message: String,
    /// How it can be mended.
    pub mend: Mend,
    /// Document with its part, or house rule.
    pub source: &'static str,
}

/// A suggested mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mend {
    /// A Chinese sentence.
    pub sentence: String,
    /// What to put where; empty when only the person can know.
    pub puts: Vec<Put>,
}

/// A text for a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Put {
    /// The field, as [`Advice::where`].
    pub path: String,
    /// What is to stand there.
    pub text: String,
}

/// What is worth another thought, in the order of the form and then of the rules.
pub fn advise(pack: &RulePack, target: &Target, context: &Context) -> Vec<Advice> {
    let table = Table {
        pack,
        rules: &pack.advice,
        target,
        context,
        lines: target
            .rows
            .iter()
            .filter(|row| !row.is_blank())
            .map(Line::new)
            .collect(),
    };
    let mut found = Found {
        rules: &pack.advice,
        list: Vec::new(),
    };
    goal::advise(&table, &mut found);
    whole::advise(&table, &mut found);
    for line in &table.lines {
        names::advise(&table, line, &mut found);
        cells::advise(&table, line, &mut found);
        last::advise(&table, line, &mut found);
    }
    found.in_order(target)
}

/// The advice that none of the findings has already given at the same field.
pub fn not_told(mut advice: Vec<Advice>, findings: &[Finding]) -> Vec<Advice> {
    advice.retain(|advice| {
        let twins = find_rule(advice.rule).map_or(&[][..], |rule| rule.twins);
        !findings
            .iter()
            .any(|told| told.r#where == advice.r#where && twins.contains(&told.rule))
    });
    advice
}

/// The target with a piece of advice followed; unchanged where there is nothing to put in.
#[must_use]
pub fn adopted(target: &Target, advice: &Advice) -> Target {
    let mut target = target.clone();
    for put in &advice.mend.puts {
        if put.path == "goal" {
            target.goal.clone_from(&put.text);
            continue;
        }
        let Some((key, cell)) = put
            .path
            .strip_prefix("indicators/")
            .and_then(|rest| rest.rsplit_once('/'))
        else {
            continue;
        };
        if let Some(row) = target.rows.iter_mut().find(|row| row.key == key) {
            row.set(cell, &put.text);
        }
    }
    target
}

/// What the rules look at.
struct Table<'a> {
    pack: &'a RulePack,
    rules: &'a rulepack::Advice,
    target: &'a Target,
    context: &'a Context,
    /// The rows in which something stands.
    lines: Vec<Line<'a>>,
}

/// Advice as it is gathered.
struct Found<'a> {
    rules: &'a rulepack::Advice,
    list: Vec<Advice>,
}

impl Found<'_> {
    fn add(&mut self, rule: &str, path: String, message: String, mend: Mend) {
        let Some(rule) = find_rule(rule).filter(|rule| self.rules.is_on(rule.id)) else {
            return;
        };
        let fits = |put: &Put| {
            let most = if put.path == "goal" {
                MOST_GOAL_LETTERS
            } else {
                MOST_CELL_LETTERS
            };
            put.text.chars().count() <= most
        };
        let mut mend = mend;
        if !mend.puts.iter().all(fits) {
            mend.puts.clear();
        }
        self.list.push(Advice {
            rule: rule.id,
            r#where: path,
            message,
            mend,
            source: rule.source,
        });
    }

    fn in_order(self, target: &Target) -> Vec<Advice> {
        let mut list = self.list;
        let place = |path: &str| match path.strip_prefix("indicators/") {
            None if path == "goal" => 0,
            None => 1,
            Some(rest) => {
                let key = rest.split('/').next().unwrap_or_default();
                let row = target.rows.iter().position(|row| row.key == key);
                row.map_or(usize::MAX, |row| row.saturating_add(2))
            }
        };
        list.sort_by_key(|advice| (place(&advice.r#where), advice.rule));
        list
    }
}

impl Mend {
    /// What only the person can do.
    fn say(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            puts: Vec::new(),
        }
    }

    /// Texts to put into fields.
    fn put<const N: usize>(sentence: impl Into<String>, puts: [(String, String); N]) -> Self {
        let puts = puts.into_iter().map(|(path, text)| Put { path, text });
        Self {
            sentence: sentence.into(),
            puts: puts.collect(),
        }
    }
}
