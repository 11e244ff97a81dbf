//! 绩效目标审核表: the reviewer's form, the grade that it comes to and why, and what follows.
//!
//! Source: 财预〔2015〕88号 附件 项目支出绩效目标审核表. The rows, their points and the bands are the
//! rule pack's ([`crate::rulepack::TargetReview`]).

mod grade;
#[cfg(test)]
mod tests;

pub use grade::{Graded, Unfinished, graded};

use crate::number::{Centi, Decimal};
use crate::rulepack::{RulePack, TargetReview};
use crate::workflow::Verb;

/// What a reviewer says of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// 优
    Excellent,
    /// 良
    Good,
    /// 中
    Fair,
    /// 差
    Poor,
}

impl Mark {
    /// Every mark, the best first: their places are the digits that choose them.
    pub const ALL: [Self; 4] = [Self::Excellent, Self::Good, Self::Fair, Self::Poor];

    /// 优 良 中 差
    pub fn word(self) -> &'static str {
        match self {
            Self::Excellent => "优",
            Self::Good => "良",
            Self::Fair => "中",
            Self::Poor => "差",
        }
    }

    /// The mark of that word.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.word() == word)
    }

    /// The next worse one; none below 差.
    pub fn below(self) -> Option<Self> {
        match self {
            Self::Excellent => Some(Self::Good),
            Self::Good => Some(Self::Fair),
            Self::Fair => Some(Self::Poor),
            Self::Poor => None,
        }
    }

    /// The next better one; none above 优.
    pub fn above(self) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|mark| mark.below() == Some(self))
    }
}

/// The form as far as it is filled: one answer for each row of the pack, none where it is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answers {
    /// 优 良 中 差 of each item: ordinary projects.
    Marks(Vec<Option<Mark>>),
    /// Points of each item: key projects.
    Points(Vec<Option<Centi>>),
}

impl Answers {
    /// How many rows are answered.
    pub fn count(&self) -> usize {
        match self {
            Self::Marks(marks) => marks.iter().flatten().count(),
            Self::Points(points) => points.iter().flatten().count(),
        }
    }

    /// Whether nothing is answered.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }
}

/// Whether a project of this much money in the year, in fen, is a key project.
pub fn is_key(rules: &TargetReview, amount_fen: i64) -> bool {
    rules.key_from_fen.is_some_and(|least| amount_fen >= least)
}

/// Points as somebody typed them, at most `full`.
///
/// # Errors
/// A Chinese clause: it is no number, has more than two decimals, or is out of range.
pub fn read_points(text: &str, full: Centi) -> Result<Option<Centi>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number: Option<Decimal> = text.parse().ok();
    let Some(number) = number.filter(|number| number.normalize().scale() <= 2) else {
        return Err(format!("「{text}」不是分数，请填数字，最多两位小数"));
    };
    match Centi::from_decimal(number) {
        Some(points) if points >= Centi::ZERO && points <= full => Ok(Some(points)),
        _ => Err(format!("「{text}」超出范围，本项满分 {full} 分")),
    }
}

/// The move that follows at once from a grade, made by whoever gave it; none where the record goes
/// on by itself.
///
/// Source: 财预〔2015〕88号: 审核结果为中的，退回修改后按原流程重新报送；为差的，不得进入下一步预算编审.
pub fn follows(grade: &str) -> Option<Verb> {
    match grade {
        "中" => Some(Verb::Return),
        "差" => Some(Verb::Reject),
        _ => None,
    }
}

/// Whether what was agreed with the unit must be written down with the grade.
pub fn asks_corrections(grade: &str) -> bool {
    grade == "良"
}

/// What comes of a grade, as a Chinese sentence.
pub fn consequence(grade: &str) -> &'static str {
    match grade {
        "优" => "审定通过，直接转预算股纳入预算。",
        "良" => "与单位当场商定修改意见并写在下面，审定通过后转预算股纳入预算。",
        "中" => "审定后立即退回单位修改，改好后从主管部门起重新走一遍审核流程。",
        "差" => "审定后立即记为不予通过，项目不能进入下一步预算编审。",
        _ => "",
    }
}

/// What is to be done with a target that has this grade and was not moved on yet, as a Chinese
/// sentence.
pub fn next_step(grade: &str) -> &'static str {
    match grade {
        "优" => "审核等级为优：由预算股推进到「已纳入预算」，不再修改。",
        "良" => {
            "审核等级为良：单位按商定的意见改过，由预算股推进到「已纳入预算」，意见里写明改了什么。"
        }
        "中" => "审核等级为中：退回单位修改，改好后重新走完整的审核流程。",
        "差" => "审核等级为差：记为不予通过，项目不能进入下一步预算编审。",
        _ => "",
    }
}

/// The rule of the form in a sentence, for its foot.
pub fn rule(pack: &RulePack, is_key: bool) -> String {
    let rules = &pack.target_review;
    let (count, majority) = (rules.items.len(), rules.majority);
    if is_key {
        let bands = rules.grade.bands.iter().rev().map(|band| {
            let low = band.from.as_ref().map(|end| end.0.normalize().to_string());
            format!(
                "{} 分起为{}",
                low.unwrap_or_else(|| "0".to_owned()),
                band.value
            )
        });
        let bands: Vec<String> = bands.collect();
        format!("重点项目逐项打分，满分 100：{}。", bands.join("，"))
    } else {
        format!(
            "{count} 项中：优不少于 {majority} 项且没有中、差，为优；优、良合计不少于 {majority} 项且没有差，\
             为良；优、良、中合计不少于 {majority} 项，为中；其余为差。"
        )
    }
}
