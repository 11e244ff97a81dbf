//! 新增项目: a project that a unit enters by hand.

use super::words::{Nature, ProjectKind};
use crate::number::{Decimal, Fen};

/// What a form says, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal<'a> {
    /// 项目名称
    pub name: &'a str,
    /// 项目类别, by its name in the database.
    pub kind: &'a str,
    /// 项目属性, by its name in the database.
    pub nature: &'a str,
    /// 一级项目; may be empty.
    pub level_one: &'a str,
    /// 项目期: the first year.
    pub period_from: &'a str,
    /// 项目期: the last year.
    pub period_to: &'a str,
    /// 申报金额 in 万元.
    pub amount: &'a str,
}

/// What it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// 项目名称
    pub name: String,
    /// 项目类别
    pub kind: ProjectKind,
    /// 项目属性
    pub nature: Nature,
    /// 一级项目; empty for none.
    pub level_one: String,
    /// 项目期: first and last year.
    pub period: (i64, i64),
    /// 申报金额
    pub requested: Fen,
}

/// Most characters of a project's name.
const MOST_NAME: usize = 120;

/// The largest amount, 100 亿元: what is more was typed in 元.
const MOST_REQUESTED: Fen = Fen(1_000_000_000_000);

impl Proposal<'_> {
    /// What it means for the budget of `year`.
    ///
    /// # Errors
    /// The fields that cannot be taken, each with a Chinese sentence.
    pub fn read(&self, year: i64) -> Result<Proposed, Vec<(&'static str, String)>> {
        let mut wrong = Vec::new();
        let name = self.name.trim();
        if name.is_empty() {
            wrong.push(("name", "还没有填写项目名称".to_owned()));
        } else if name.chars().count() > MOST_NAME {
            wrong.push(("name", format!("项目名称最多 {MOST_NAME} 字，请缩短")));
        }
        let kind = ProjectKind::from_name(self.kind);
        if kind.is_none() {
            wrong.push(("kind", "请选择项目类别".to_owned()));
        }
        let nature = Nature::from_name(self.nature);
        if nature.is_none() {
            wrong.push(("nature", "请选择项目属性".to_owned()));
        }
        if self.level_one.trim().chars().count() > MOST_NAME {
            wrong.push(("level_one", format!("一级项目最多 {MOST_NAME} 字，请缩短")));
        }
        let period = self.period(year, &mut wrong);
        let requested = self.requested(&mut wrong);
        match (kind, nature, period, requested) {
            (Some(kind), Some(nature), Some(period), Some(requested)) if wrong.is_empty() => {
                Ok(Proposed {
                    name: name.to_owned(),
                    kind,
                    nature,
                    level_one: self.level_one.trim().to_owned(),
                    period,
                    requested,
                })
            }
            _ => Err(wrong),
        }
    }

    fn period(&self, year: i64, wrong: &mut Vec<(&'static str, String)>) -> Option<(i64, i64)> {
        let read = |text: &str| {
            let year = text.trim().parse::<i64>().ok();
            year.filter(|year| (1990..=2100).contains(year))
        };
        let (from, to) = (read(self.period_from), read(self.period_to));
        if from.is_none() {
            wrong.push(("period_from", "开始年度应是四位数字，如 2021".to_owned()));
        }
        if to.is_none() {
            wrong.push(("period_to", "结束年度应是四位数字，如 2023".to_owned()));
        }
        let (from, to) = (from?, to?);
        if from > to {
            wrong.push(("period_to", "结束年度早于开始年度，请核对".to_owned()));
        } else if !(from..=to).contains(&year) {
            let message = format!("项目期 {from} 至 {to} 不含预算年度 {year}，请核对");
            wrong.push(("period_to", message));
        }
        Some((from, to))
    }

    fn requested(&self, wrong: &mut Vec<(&'static str, String)>) -> Option<Fen> {
        let text = self.amount.trim().replace([',', '，'], "");
        let amount = text.parse::<Decimal>().ok().and_then(Fen::from_wan);
        match amount {
            Some(amount) if amount > Fen::ZERO && amount <= MOST_REQUESTED => Some(amount),
            Some(amount) if amount > MOST_REQUESTED => {
                let message = "申报金额超过 100 亿元，请核对单位是不是万元";
                wrong.push(("amount", message.to_owned()));
                None
            }
            _ => {
                let message = "申报金额应是大于 0 的数，单位万元，如 120.5";
                wrong.push(("amount", message.to_owned()));
                None
            }
        }
    }
}

/// 项目编码: region, two digits of the year, letter of the kind, twelve digits; none where the
/// region's code or the number does not fit.
///
/// Source: domain reference §5.4.
pub fn project_code(region: &str, year: i64, kind: ProjectKind, number: i64) -> Option<String> {
    let letter = match kind {
        ProjectKind::Personnel => 'R',
        ProjectKind::Operating => 'Y',
        ProjectKind::SpecialPurpose => 'T',
    };
    let code = format!("{region}{:02}{letter}{number:012}", year.rem_euclid(100));
    super::codes::project_kind(&code).is_ok().then_some(code)
}
