//! 预算闸口: what a budget line waits for before its money is given out.
//!
//! Source: 中发〔2018〕34号 "按要求设置绩效目标，未按要求设定绩效目标的项目支出，不得列入项目库，也不得申请部门预算资金";
//! domain reference §2.3 and rules V13, V14, V16.

use super::words::{ChangeKind, ProjectKind, Release};
use crate::finding::{Finding, Severity};
use crate::number::Fen;
use crate::rulepack::RulePack;
use crate::workflow::{RecordKind, State};

/// A line of the budget as its gate sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GatedLine {
    /// 年初, 追加, 调减 or 调剂
    pub change: ChangeKind,
    /// The amount; what takes money away is negative.
    pub amount: Fen,
    /// Whether the money was given out already.
    pub release: Release,
    /// 项目类别, where it is known.
    pub kind: Option<ProjectKind>,
    /// Whether the project's ex-ante assessment is passed, or none is required.
    pub is_ex_ante_settled: bool,
}

/// How the target that stands for a line's project and year stands: the one that is approved, else
/// the newest edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetStanding {
    /// Its state.
    pub state: State,
    /// 审核等级, once it is reviewed.
    pub grade: Option<String>,
}

/// How far a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It gives no money, or its kind needs no target: nothing has to be waited for.
    Free,
    /// The target was refused: there is no money until somebody decides.
    Blocked,
    /// Something is still missing.
    Waiting,
    /// The target is reviewed well enough to enter the budget, and not approved yet.
    Entering,
    /// The money can be given out.
    Open,
    /// The money was given out.
    Released,
    /// It was decided that there is no money.
    Withheld,
}

impl Stage {
    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Blocked => "blocked",
            Self::Waiting => "waiting",
            Self::Entering => "entering",
            Self::Open => "open",
            Self::Released => "released",
            Self::Withheld => "withheld",
        }
    }

    /// Its word on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Free => "不需要目标",
            Self::Blocked => "不能安排",
            Self::Waiting => "等绩效目标",
            Self::Entering => "可纳入预算",
            Self::Open => "可下达",
            Self::Released => "已下达",
            Self::Withheld => "不予安排",
        }
    }
}

/// What holds a line up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// How far it is.
    pub stage: Stage,
    /// What is missing, worst first; a reason of severity W is told and holds nothing up.
    pub reasons: Vec<Finding>,
}

impl Gate {
    /// Whether the money may be given out now.
    pub fn may_release(&self) -> bool {
        matches!(self.stage, Stage::Free | Stage::Open)
    }

    /// Whether somebody may decide that there is no money.
    ///
    /// House rule: only a line that waits or was refused; what is released is taken back by a
    /// reduction, so that the books show both.
    pub fn may_withhold(&self) -> bool {
        matches!(
            self.stage,
            Stage::Blocked | Stage::Waiting | Stage::Entering
        )
    }

    /// Why not, in one Chinese text.
    pub fn sentence(&self) -> String {
        let told = self.reasons.iter();
        let told: Vec<String> = told
            .map(|reason| format!("{}（{}）", reason.message, reason.rule))
            .collect();
        told.join("；")
    }
}

/// What holds the line up under the rule pack.
///
/// V14 is for money that is added in the year and C70 for the initial budget, so that a place can
/// weigh them apart; both are errors where the pack says nothing.
pub fn gate(pack: &RulePack, line: &GatedLine, target: Option<&TargetStanding>) -> Gate {
    let done = |stage| Gate {
        stage,
        reasons: Vec::new(),
    };
    match line.release {
        Release::Released => return done(Stage::Released),
        Release::Withheld => return done(Stage::Withheld),
        Release::Planned => {}
    }
    if line.amount <= Fen::ZERO || pack.budget.is_exempt(line.kind) {
        return done(Stage::Free);
    }
    let rule = match line.change {
        ChangeKind::Initial => "C70",
        _ => "V14",
    };
    let mut reasons = Vec::new();
    let mut add = |rule: &'static str, place: &str, message: String| {
        let set = pack.check.severity.get(rule).copied();
        reasons.push(Finding {
            rule,
            severity: set.unwrap_or(Severity::E),
            r#where: place.to_owned(),
            message,
            printed: None,
            computed: None,
        });
    };
    if !line.is_ex_ante_settled {
        let message = "应当事前评估的项目还没有通过评估，请先办结事前绩效评估";
        add("V13", "ex_ante", message.to_owned());
    }
    let (stage, missing) = standing(line, target);
    if let Some(message) = missing {
        add(rule, "target", message);
    }
    reasons.sort_by_key(|reason| reason.severity);
    let is_held = reasons.iter().any(|reason| reason.severity == Severity::E);
    let stage = match stage {
        _ if !is_held => Stage::Open,
        // The assessment alone is missing.
        Stage::Open | Stage::Entering if !line.is_ex_ante_settled => Stage::Waiting,
        stage => stage,
    };
    Gate { stage, reasons }
}

/// How far the target lets the line be, and what is missing of it.
fn standing(line: &GatedLine, target: Option<&TargetStanding>) -> (Stage, Option<String>) {
    let what = match line.change {
        ChangeKind::Initial => "年初预算",
        ChangeKind::Supplement => "追加",
        ChangeKind::Transfer | ChangeKind::Reduction => "调剂",
    };
    let waiting = |message: String| (Stage::Waiting, Some(message));
    let none = format!("{what}还没有绩效目标，请单位先申报，审定并批复后才能下达");
    let Some(target) = target else {
        return waiting(none);
    };
    let state = RecordKind::PerformanceTarget.machine().label(target.state);
    let entering = |message: String| match line.change {
        ChangeKind::Initial => (Stage::Entering, Some(message)),
        _ => (Stage::Waiting, Some(message)),
    };
    match (target.state.name(), target.grade.as_deref()) {
        ("approved" | "adjusting", _) => (Stage::Open, None),
        ("rejected", _) | ("reviewed", Some("差")) => (
            Stage::Blocked,
            Some(format!(
                "绩效目标审核为「差」，{what}不能安排；请决定不予安排，或由单位重新申报绩效目标"
            )),
        ),
        ("reviewed", Some("优" | "良")) => {
            entering("绩效目标已审定，还没有纳入预算并批复，批复后才能下达".to_owned())
        }
        ("reviewed", Some("中")) => {
            waiting("绩效目标审核为「中」，请退回单位修改后重新审核".to_owned())
        }
        ("in_budget" | "submitted_to_npc", _) => {
            entering(format!("绩效目标「{state}」，批复后才能下达"))
        }
        ("superseded" | "cancelled", _) => waiting(none),
        ("draft" | "returned", _) => waiting(format!(
            "绩效目标还在填报（「{state}」），请单位填好送审，批复后才能下达"
        )),
        _ => waiting(format!("绩效目标正在「{state}」，审定并批复后才能下达")),
    }
}

/// Why an approved target may not be adjusted, worst first.
///
/// Source: rule V16: the adjustment has a linked change of the budget or an approved reason, and
/// lies in the window of the rule pack.
pub fn adjustment(
    pack: &RulePack,
    (year, day): (i64, &str),
    reason: &str,
    document: &str,
    linked: Option<ChangeKind>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |place: &str, message: String| {
        let set = pack.check.severity.get("V16").copied();
        found.push(Finding {
            rule: "V16",
            severity: set.unwrap_or(Severity::E),
            r#where: place.to_owned(),
            message,
            printed: None,
            computed: None,
        });
    };
    let window = &pack.budget.adjustment;
    if !window.is_open(year, day) {
        add(
            "day",
            format!(
                "{year} 年的绩效目标只能在 {} 至 {} 之间调整，今天是 {day}；请在期限内办理",
                window.first, window.last
            ),
        );
    }
    if reason.trim().is_empty() {
        add(
            "reason",
            "还没有填写调整原因，请说明为什么要调整".to_owned(),
        );
    }
    match linked {
        Some(ChangeKind::Initial) => add(
            "line",
            "年初预算不是预算调整，请选择追加、调减或调剂，或填写批准调整的文号".to_owned(),
        ),
        None if document.trim().is_empty() => add(
            "document",
            "请选择对应的预算变动，或填写批准调整的文号：绩效目标随预算调整，一般不单独调整"
                .to_owned(),
        ),
        _ => {}
    }
    found
}
