//! The gate of the budget, the bureau's reply, and when targets are adjusted.

use serde::Deserialize;

use crate::budget::ProjectKind;

/// 预算闸口、批复、目标调整.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetRules {
    /// The kinds of project whose money needs no target.
    pub exempt_kinds: Vec<ProjectKindName>,
    /// 批复
    pub reply: ReplyRules,
    /// 目标调整
    pub adjustment: AdjustmentRules,
}

/// A kind of project by its name in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ProjectKindName(pub ProjectKind);

impl TryFrom<String> for ProjectKindName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let names: Vec<&str> = ProjectKind::ALL.iter().map(|kind| kind.name()).collect();
        ProjectKind::from_name(&name)
            .map(Self)
            .ok_or_else(|| format!("没有项目类别「{name}」，可用的是：{}", names.join("、")))
    }
}

/// 批复
///
/// Source: 预算法 第五十二条: 各级预算经本级人大批准后，本级财政部门应当在二十日内向本级各部门批复预算;
/// 各部门应当在接到批复后十五日内向所属
/// 各单位批复; 第十四条: 经批复的部门预算应当在批复后二十日内公开.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyRules {
    /// Days after the congress approved the budget.
    pub days: u32,
    /// Days in which a department replies to its units.
    pub unit_days: u32,
    /// Days after the bureau's reply until it is published.
    pub publication_days: u32,
}

/// 目标调整
///
/// House rule: regulations say that a target is not adjusted as a rule (一般不予调整) and name no
/// days, so the window is the place's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentRules {
    /// The first day of the window, as `MM-DD` of the target's year.
    pub first: String,
    /// The last day of the window, as `MM-DD` of the target's year.
    pub last: String,
}

impl AdjustmentRules {
    /// Whether `day` (an ISO date) lies in the window of the target's year.
    pub fn is_open(&self, year: i64, day: &str) -> bool {
        let (first, last) = (
            format!("{year}-{}", self.first),
            format!("{year}-{}", self.last),
        );
        (first.as_str()..=last.as_str()).contains(&day)
    }
}

impl BudgetRules {
    /// The first mistake, as a Chinese clause.
    pub(super) fn flaw(&self) -> Option<String> {
        let AdjustmentRules { first, last } = &self.adjustment;
        for day in [first, last] {
            if !is_day(day) {
                return Some(format!("「{day}」不是月-日，应如 \"03-01\""));
            }
        }
        (first > last).then(|| format!("目标调整的首日 {first} 晚于末日 {last}"))
    }

    /// Whether money of this kind of project needs no target.
    pub fn is_exempt(&self, kind: Option<ProjectKind>) -> bool {
        kind.is_some_and(|kind| self.exempt_kinds.contains(&ProjectKindName(kind)))
    }
}

fn is_day(text: &str) -> bool {
    let Some((month, day)) = text.split_once('-') else {
        return false;
    };
    let within = |part: &str, most: u8| {
        part.len() == 2
            && part
                .parse()
                .is_ok_and(|number: u8| (1..=most).contains(&number))
    };
    within(month, 12) && within(day, 31)
}
