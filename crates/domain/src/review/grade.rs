//! The grade of a form, why it is that, and what one item less or more would change.

use super::{Answers, Mark};
use crate::number::{Centi, Decimal};
use crate::rulepack::RulePack;
use crate::scoring::target_review_grade;

/// What a form comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graded {
    /// 综合评定等级: 优 良 中 差
    pub grade: String,
    /// Points out of 100; of key projects alone.
    pub score: Option<Centi>,
    /// Why, as a Chinese sentence: counts and rule.
    pub reason: String,
    /// What one step on one item would change, as Chinese sentences.
    pub swings: Vec<String>,
}

/// Why a form comes to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfinished {
    /// Rows are open, by their numbers from 1.
    #[error("还有 {} 项没有评定：第 {}项", .0.len(), numbers(.0))]
    Open(Vec<usize>),
    /// It has another number of rows than the pack.
    #[error("审核表的项数与规则不符，请刷新页面后重新填写")]
    Rows,
}

fn numbers(rows: &[usize]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| format!("{row} ")).collect();
    rows.join("、")
}

/// The grade of a filled form.
///
/// # Errors
/// [`Unfinished`]: a row is open.
pub fn graded(pack: &RulePack, answers: &Answers) -> Result<Graded, Unfinished> {
    match answers {
        Answers::Marks(marks) => Ok(by_marks(pack, &whole(pack, marks)?)),
        Answers::Points(points) => Ok(by_points(pack, &whole(pack, points)?)),
    }
}

/// The answers of all rows.
fn whole<T: Copy>(pack: &RulePack, answers: &[Option<T>]) -> Result<Vec<T>, Unfinished> {
    if answers.len() != pack.target_review.items.len() {
        return Err(Unfinished::Rows);
    }
    let open = (1..).zip(answers).filter(|(_, answer)| answer.is_none());
    let open: Vec<usize> = open.map(|(number, _)| number).collect();
    if open.is_empty() {
        Ok(answers.iter().flatten().copied().collect())
    } else {
        Err(Unfinished::Open(open))
    }
}

/// How many of each mark, the best first.
fn counts(marks: &[Mark]) -> [u8; 4] {
    Mark::ALL.map(|wanted| {
        let found = marks.iter().filter(|mark| **mark == wanted).count();
        u8::try_from(found).unwrap_or(u8::MAX)
    })
}

fn by_marks(pack: &RulePack, marks: &[Mark]) -> Graded {
    let counts = counts(marks);
    let grade = target_review_grade(pack, counts);
    Graded {
        grade: grade.to_owned(),
        score: None,
        reason: reason(pack, counts, grade),
        swings: swings(pack, marks, grade),
    }
}

/// 8 项中优 6 项、良 2 项：优不少于 6 项，没有中和差，评定为优。
fn reason(pack: &RulePack, counts: [u8; 4], grade: &str) -> String {
    let all: u32 = counts.into_iter().map(u32::from).sum();
    let told: Vec<String> = Mark::ALL
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(mark, count)| format!("{} {count} 项", mark.word()))
        .collect();
    let majority = pack.target_review.majority;
    let rule = match grade {
        "优" => format!("优不少于 {majority} 项，没有中和差"),
        "良" => format!("优和良合计不少于 {majority} 项，没有差"),
        "中" => format!("优、良、中合计不少于 {majority} 项"),
        _ => format!("优、良、中合计不足 {majority} 项"),
    };
    format!("{all} 项中{}：{rule}，评定为{grade}。", told.join("、"))
}

/// For each mark that occurs, what one item a step lower or higher would make of the grade.
fn swings(pack: &RulePack, marks: &[Mark], grade: &str) -> Vec<String> {
    let mut told = Vec::new();
    for worse in [true, false] {
        for mark in Mark::ALL {
            let next = if worse { mark.below() } else { mark.above() };
            let (Some(next), Some(at)) = (next, marks.iter().position(|it| *it == mark)) else {
                continue;
            };
            let changed: Vec<Mark> = (0..)
                .zip(marks)
                .map(|(place, it)| if place == at { next } else { *it })
                .collect();
            let other = target_review_grade(pack, counts(&changed));
            if other != grade {
                let (from, to) = (mark.word(), next.word());
                told.push(format!("若有 1 项由{from}改为{to}，就是{other}。"));
            }
        }
    }
    if told.is_empty() {
        told.push(format!("任何 1 项上下变动一档，都还是{grade}。"));
    }
    told
}

fn by_points(pack: &RulePack, points: &[Centi]) -> Graded {
    let score = Centi(points.iter().map(|point| point.0).sum());
    let bands = &pack.target_review.grade;
    let found = bands.find(score.decimal());
    let (place, grade) = found.map_or((0, ""), |(place, grade)| (place, &**grade));
    let band = bands.bands.get(place);
    let low = band.and_then(|band| band.from.as_ref()).map(|end| end.0);
    let high = band.and_then(|band| band.to.as_ref()).map(|end| end.0);
    let name = |place: Option<usize>| {
        let band = place.and_then(|place| bands.bands.get(place));
        band.map(|band| band.value.to_string())
    };
    let mut swings = Vec::new();
    if let (Some(low), Some(below)) = (low, name(place.checked_sub(1))) {
        let least = score.decimal() - low;
        swings.push(if least == Decimal::ZERO {
            format!("正好在分界 {low} 分上，再少就是{below}。")
        } else {
            let more = least.normalize();
            format!("比分界 {low} 分多 {more} 分，低于分界就是{below}。")
        });
    }
    if let (Some(high), Some(above)) = (high, name(place.checked_add(1))) {
        let missing = high - score.decimal();
        swings.push(format!("再得 {} 分就是{above}。", missing.normalize()));
    }
    Graded {
        grade: grade.to_owned(),
        score: Some(score),
        reason: format!("各项得分合计 {score} 分，按重点项目分档评定为{grade}。"),
        swings,
    }
}
