//! What a line waits for, when a target is adjusted, and projects that are typed in.

use super::*;
use crate::finding::Severity;
use crate::rulepack::{RulePack, default_pack};
use crate::workflow::RecordKind;

fn line(change: ChangeKind) -> GatedLine {
    GatedLine {
        change,
        amount: Fen(1_000_000),
        release: Release::Planned,
        kind: Some(ProjectKind::SpecialPurpose),
        is_ex_ante_settled: true,
    }
}

fn target(state: &str, grade: Option<&str>) -> TargetStanding {
    TargetStanding {
        state: RecordKind::PerformanceTarget.state(state).unwrap(),
        grade: grade.map(str::to_owned),
    }
}

#[test]
fn a_line_is_as_far_as_its_target() {
    use ChangeKind::{Initial, Supplement};
    for (change, state, grade, stage, said) in [
        (Supplement, "draft", None, Stage::Waiting, "还在填报"),
        (Supplement, "returned", None, Stage::Waiting, "还在填报"),
        (
            Supplement,
            "section_review",
            None,
            Stage::Waiting,
            "业务股室审核",
        ),
        (Supplement, "reviewed", Some("优"), Stage::Waiting, "已审定"),
        (Supplement, "reviewed", Some("中"), Stage::Waiting, "退回"),
        (
            Supplement,
            "reviewed",
            Some("差"),
            Stage::Blocked,
            "不能安排",
        ),
        (
            Supplement,
            "rejected",
            Some("差"),
            Stage::Blocked,
            "不能安排",
        ),
        (
            Supplement,
            "in_budget",
            Some("优"),
            Stage::Waiting,
            "批复后",
        ),
        (
            Supplement,
            "cancelled",
            None,
            Stage::Waiting,
            "还没有绩效目标",
        ),
        (
            Supplement,
            "superseded",
            None,
            Stage::Waiting,
            "还没有绩效目标",
        ),
        (Initial, "draft", None, Stage::Waiting, "还在填报"),
        (Initial, "reviewed", Some("优"), Stage::Entering, "纳入预算"),
        (Initial, "reviewed", Some("良"), Stage::Entering, "纳入预算"),
        (Initial, "reviewed", Some("差"), Stage::Blocked, "不能安排"),
        (
            Initial,
            "submitted_to_npc",
            Some("优"),
            Stage::Entering,
            "已报人大",
        ),
    ] {
        let found = gate(default_pack(), &line(change), Some(&target(state, grade)));
        assert_eq!(found.stage, stage, "{change:?} {state} {grade:?}");
        assert!(found.sentence().contains(said), "{}", found.sentence());
        let rule = if change == Initial { "C70" } else { "V14" };
        assert_eq!(found.reasons[0].rule, rule);
        assert!(!found.may_release() && found.may_withhold());
    }
}

#[test]
fn an_approved_target_opens_the_gate_and_none_keeps_it_shut() {
    for change in [ChangeKind::Initial, ChangeKind::Supplement] {
        for state in ["approved", "adjusting"] {
            let found = gate(
                default_pack(),
                &line(change),
                Some(&target(state, Some("优"))),
            );
            assert_eq!((found.stage, &*found.reasons), (Stage::Open, &[][..]));
            assert!(found.may_release() && !found.may_withhold());
        }
        let none = gate(default_pack(), &line(change), None);
        assert_eq!(none.stage, Stage::Waiting);
        assert!(none.sentence().contains("还没有绩效目标"));
    }
}

#[test]
fn what_gives_no_money_or_is_settled_waits_for_nothing() {
    for amount in [Fen::ZERO, Fen(-1)] {
        let line = GatedLine {
            amount,
            ..line(ChangeKind::Reduction)
        };
        let found = gate(default_pack(), &line, None);
        assert_eq!(found.stage, Stage::Free);
        assert!(found.may_release());
    }
    for (release, stage) in [
        (Release::Released, Stage::Released),
        (Release::Withheld, Stage::Withheld),
    ] {
        let line = GatedLine {
            release,
            ..line(ChangeKind::Supplement)
        };
        let found = gate(default_pack(), &line, None);
        assert_eq!(found.stage, stage);
        assert!(!found.may_release() && !found.may_withhold());
    }
    // One fen is money.
    let one = GatedLine {
        amount: Fen(1),
        ..line(ChangeKind::Transfer)
    };
    assert_eq!(gate(default_pack(), &one, None).stage, Stage::Waiting);
}

#[test]
fn an_assessment_that_is_missing_holds_an_approved_target_up() {
    let line = GatedLine {
        is_ex_ante_settled: false,
        ..line(ChangeKind::Initial)
    };
    let found = gate(default_pack(), &line, Some(&target("approved", Some("优"))));
    assert_eq!(
        (found.stage, found.reasons[0].rule),
        (Stage::Waiting, "V13")
    );
    // Where the target was refused, that is what has to be decided first.
    let refused = gate(default_pack(), &line, Some(&target("rejected", Some("差"))));
    assert_eq!((refused.stage, refused.reasons.len()), (Stage::Blocked, 2));
}

#[test]
fn a_place_may_weigh_the_rules_and_free_kinds() {
    let mut pack: RulePack = default_pack().clone();
    pack.check.severity.insert("V14".to_owned(), Severity::W);
    let told = gate(&pack, &line(ChangeKind::Supplement), None);
    assert_eq!((told.stage, told.reasons.len()), (Stage::Open, 1));
    assert_eq!(
        gate(&pack, &line(ChangeKind::Initial), None).stage,
        Stage::Waiting
    );
    let mut pack: RulePack = default_pack().clone();
    let kind = crate::rulepack::ProjectKindName(ProjectKind::SpecialPurpose);
    pack.budget.exempt_kinds.push(kind);
    assert_eq!(
        gate(&pack, &line(ChangeKind::Initial), None).stage,
        Stage::Free
    );
}

#[test]
fn an_adjustment_has_its_reason_its_ground_and_its_time() {
    let rules = |day, reason, document, linked| {
        let mut pack: RulePack = default_pack().clone();
        pack.budget.adjustment.first = "03-01".to_owned();
        pack.budget.adjustment.last = "11-30".to_owned();
        let found = adjustment(&pack, (2020, day), reason, document, linked);
        found
            .iter()
            .map(|it| it.r#where.clone())
            .collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    let cut = Some(ChangeKind::Reduction);
    assert_eq!(rules("2020-03-01", "预算调减", "", cut), none);
    assert_eq!(
        rules("2020-11-30", "任务变更", "绵府〔2020〕9号", None),
        none
    );
    assert_eq!(rules("2020-02-29", "预算调减", "", cut), ["day"]);
    assert_eq!(rules("2020-12-01", "预算调减", "", cut), ["day"]);
    assert_eq!(rules("2021-05-01", "预算调减", "", cut), ["day"]);
    assert_eq!(rules("2020-05-01", " ", "", cut), ["reason"]);
    assert_eq!(rules("2020-05-01", "想改", " ", None), ["document"]);
    let initial = Some(ChangeKind::Initial);
    assert_eq!(
        rules("2020-05-01", "想改", "绵府〔2020〕9号", initial),
        ["line"]
    );
}

fn proposal<'a>() -> Proposal<'a> {
    Proposal {
        name: " 村道维护 ",
        kind: "special_purpose",
        nature: "new",
        level_one: "",
        period_from: "2021",
        period_to: "2023",
        amount: "1,234.56",
    }
}

#[test]
fn a_project_that_is_typed_in_is_understood_or_refused_at_its_fields() {
    let read = proposal().read(2021).unwrap();
    assert_eq!((&*read.name, read.period), ("村道维护", (2021, 2023)));
    assert_eq!(read.requested, Fen(1_234_560_000));
    let wrong = |proposal: Proposal<'_>, year| {
        let wrong = proposal.read(year).unwrap_err();
        wrong.iter().map(|(field, _)| *field).collect::<Vec<_>>()
    };
    let empty = Proposal {
        name: "",
        kind: "",
        nature: "x",
        level_one: "",
        period_from: "",
        period_to: "",
        amount: "",
    };
    assert_eq!(
        wrong(empty, 2021),
        [
            "name",
            "kind",
            "nature",
            "period_from",
            "period_to",
            "amount"
        ]
    );
    assert_eq!(wrong(proposal(), 2020), ["period_to"]);
    assert_eq!(wrong(proposal(), 2024), ["period_to"]);
    for amount in ["0", "-1", "abc", "1000000.01"] {
        let one = Proposal {
            amount,
            ..proposal()
        };
        assert_eq!(wrong(one, 2021), ["amount"], "{amount}");
    }
    let backwards = Proposal {
        period_from: "2024",
        ..proposal()
    };
    assert_eq!(wrong(backwards, 2021), ["period_to"]);
    let long = "长".repeat(121);
    let long = Proposal {
        name: &long,
        ..proposal()
    };
    assert_eq!(wrong(long, 2021), ["name"]);
}

#[test]
fn a_project_code_has_its_shape() {
    let code = project_code("510683", 2021, ProjectKind::SpecialPurpose, 7);
    assert_eq!(code.as_deref(), Some("51068321T000000000007"));
    assert_eq!(project_code("5106", 2021, ProjectKind::Personnel, 7), None);
    let too_many = 1_000_000_000_000;
    assert_eq!(
        project_code("510683", 2021, ProjectKind::Operating, too_many),
        None
    );
}
