//! 绩效目标审核表, as a place has it.

use std::sync::Arc;

use serde::Deserialize;

use super::{Bands, Exact};
use crate::number::{Centi, Decimal};

/// Most rows of the form. House rule: the national form has eight; a digit of the keyboard names
/// each.
const MOST_ITEMS: usize = 9;

/// 绩效目标审核.
///
/// Source: 财预〔2015〕88号 附件 项目支出绩效目标审核表: eight items, their points for key projects,
/// the bands. House rule: what a key project is the place says, by its money, because the document
/// does not.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetReview {
    /// So many of the items carry a grade.
    pub majority: u8,
    /// A project of this much money in the year (contained), in fen, is a key project, whose items
    /// get points; none where the place has no key projects.
    #[serde(default)]
    pub key_from_fen: Option<i64>,
    /// The grade of a key project by its points out of 100.
    pub grade: Bands<Arc<str>>,
    /// The rows of the form.
    pub items: Vec<ReviewItem>,
}

/// A row of the form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewItem {
    /// 审核内容: 完整性审核 …
    pub aspect: Arc<str>,
    /// The item: 规范完整性 …
    pub name: Arc<str>,
    /// 审核要点
    pub points: Arc<str>,
    /// What it is worth for a key project.
    pub full: Exact,
}

impl ReviewItem {
    /// What it is worth for a key project.
    pub fn full(&self) -> Centi {
        Centi::from_decimal(self.full.0).unwrap_or_default()
    }
}

impl TargetReview {
    /// The first mistake, as a key and a Chinese clause.
    pub(super) fn flaw(&self) -> Option<(&'static str, String)> {
        const ITEMS: &str = "target_review.items";
        let count = self.items.len();
        if !(1..=MOST_ITEMS).contains(&count) {
            return Some((
                ITEMS,
                format!("审核表有 {count} 项，应为 1 至 {MOST_ITEMS} 项"),
            ));
        }
        if usize::from(self.majority) > count || self.majority == 0 {
            let reason = format!("应在 1 至 {count} 之间，审核表共 {count} 项");
            return Some(("target_review.majority", reason));
        }
        if self.items.iter().any(|item| item.full.0 <= Decimal::ZERO) {
            return Some((ITEMS, "每项的分值都应大于 0".to_owned()));
        }
        let sum: Decimal = self.items.iter().map(|item| item.full.0).sum();
        if sum != Decimal::ONE_HUNDRED {
            return Some((ITEMS, format!("各项分值合计 {sum}，应为 100")));
        }
        let is_known = |value: &Arc<str>| ["优", "良", "中", "差"].contains(&&**value);
        let bands = &self.grade.bands;
        if let Some(strange) = bands.iter().find(|band| !is_known(&band.value)) {
            let reason = format!("等级「{}」不是优、良、中、差之一", strange.value);
            return Some(("target_review.grade", reason));
        }
        let flaw = self
            .grade
            .flaw()
            .or_else(|| super::resolve::whole(&self.grade));
        flaw.map(|reason| ("target_review.grade", reason))
    }
}
