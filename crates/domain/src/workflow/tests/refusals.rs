use super::*;
use crate::permission::{Action, Subject, decide};

const TARGET: RecordKind = RecordKind::PerformanceTarget;

/// A section's reviewer approves a target at the section's step, but for what `change` changes.
fn refused(change: impl Fn(&mut Standing, &mut Command, &mut Actor)) -> Refusal {
    let mut record = standing(TARGET, "section_review");
    let mut command = plain(Verb::Approve);
    let mut actor = actor(Role::SectionReviewer);
    assert!(transition(TARGET, &record, &command, &actor).is_ok());
    change(&mut record, &mut command, &mut actor);
    transition(TARGET, &record, &command, &actor).unwrap_err()
}

#[test]
fn a_command_is_refused_for_the_reason_that_holds() {
    let state = |name: &str| TARGET.state(name).unwrap();
    let outdated = refused(|record, _, _| record.version = 4);
    let expected = Refusal::Stale {
        seen: 3,
        current: 4,
    };
    assert_eq!(outdated, expected);
    let locked = refused(|record, _, _| record.lock = Some(Lock::YearClosed));
    assert_eq!(locked, Refusal::Locked(Lock::YearClosed));
    let own = refused(|record, _, actor| record.fillers.push(actor.id.clone()));
    assert_eq!(own, Refusal::FilledByYou);
    let elsewhere = refused(|record, _, _| record.subject.section = Some("other".into()));
    assert_eq!(elsewhere, Refusal::NotFound);
    let clerk = refused(|_, _, actor| *actor = super::actor(Role::UnitClerk));
    assert!(matches!(clerk, Refusal::NotYours(_)), "{clerk}");
    let over = refused(|record, _, _| record.state = state("rejected"));
    assert!(matches!(over, Refusal::Finished { .. }), "{over}");
    let over = refused(|record, command, _| {
        record.state = state("approved");
        command.order = Order::Plain(Verb::Submit);
    });
    assert!(matches!(over, Refusal::Final { .. }), "{over}");
    let early = refused(|_, command, _| command.order = Order::Plain(Verb::Publish));
    assert!(matches!(early, Refusal::NotNow { .. }), "{early}");
    let both = refused(|_, _, actor| actor.roles.push(Role::SystemAdmin));
    assert!(matches!(both, Refusal::NotYours(_)), "{both}");
    let silent = refused(|_, command, _| {
        command.order = Order::Return(ReturnTo::Filler);
        command.comment = "  ".to_owned();
    });
    assert_eq!(silent, Refusal::CommentMissing(Verb::Return));
    let graded = refused(|_, command, _| command.outcome = Some("优".to_owned()));
    assert_eq!(graded, Refusal::OutcomeNotAsked, "the joint review grades");
    let nobody = refused(|_, command, _| command.order = Order::Consult(Vec::new()));
    assert_eq!(nobody, Refusal::NobodyNamed(Verb::Consult));
    let nameless = refused(|_, command, _| command.order = Order::Plain(Verb::Delegate));
    assert_eq!(nameless, Refusal::NobodyNamed(Verb::Delegate));
    let astray = refused(|record, _, _| record.route = Route::default());
    assert_eq!(astray, Refusal::NoRoute);
}

#[test]
fn a_target_enters_the_budget_by_its_grade_and_only_when_everything_is_settled() {
    let enter = |grade: &str, holds: &[Condition], comment: &str| {
        let mut record = standing(TARGET, "reviewed");
        record.case.outcome = Some(grade.to_owned());
        record.case.holds = holds.to_vec();
        let command = Command {
            comment: comment.to_owned(),
            ..plain(Verb::Advance)
        };
        transition(TARGET, &record, &command, &actor(Role::BudgetOfficer))
            .map(|moved| moved.state.name())
    };
    let settled = [Condition::ExAnteSettled];
    assert_eq!(enter("优", &settled, ""), Ok("in_budget"));
    let silent = Err(Refusal::CommentMissing(Verb::Advance));
    assert_eq!(enter("良", &settled, ""), silent);
    assert_eq!(enter("良", &settled, "已当场修改"), Ok("in_budget"));
    let unsettled = Err(Refusal::Unmet(Condition::ExAnteSettled));
    assert_eq!(enter("优", &[], ""), unsettled);
    for grade in ["中", "差"] {
        let unfit = enter(grade, &settled, "");
        assert!(
            matches!(unfit, Err(Refusal::OutcomeUnfit { .. })),
            "{grade}"
        );
    }
}

#[test]
fn a_command_sent_twice_gets_the_same_answer_and_its_key_serves_nothing_else() {
    let mut record = standing(TARGET, "section_review");
    let reviewer = actor(Role::SectionReviewer);
    let command = plain(Verb::Approve);
    let moved = transition(TARGET, &record, &command, &reviewer).unwrap();
    record.state = moved.state;
    record.version = moved.version;
    record.answered = Some(Answered {
        by: reviewer.id.clone(),
        key: command.key.clone(),
        digest: command.digest(),
        moved: moved.clone(),
    });
    assert_eq!(
        transition(TARGET, &record, &command, &reviewer),
        Ok(moved),
        "though the version is old and the state is another"
    );
    let other = plain(Verb::Withdraw);
    let reused = Err(Refusal::KeyReused);
    assert_eq!(transition(TARGET, &record, &other, &reviewer), reused);
    let stranger = actor(Role::UnitHead);
    assert_eq!(transition(TARGET, &record, &command, &stranger), reused);
}

#[test]
fn content_is_changed_by_its_filler_in_an_open_state_alone() {
    for kind in RecordKind::ALL {
        for row in kind.machine().states {
            let record = standing(kind, row.name);
            for role in Role::ALL {
                let actor = actor(role);
                let may = row
                    .edit
                    .is_some_and(|action| decide(&actor, action, &record.subject).is_allowed());
                let answer = edit(kind, &record, record.version, &actor);
                assert_eq!(answer.is_ok(), may, "{kind:?} {} {role:?}", row.name);
            }
            assert!(
                !(row.is_locked && row.edit.is_some()),
                "{kind:?} {}",
                row.name
            );
        }
    }
    let mut record = standing(TARGET, "draft");
    let clerk = actor(Role::UnitClerk);
    assert!(edit(TARGET, &record, 2, &clerk).is_err(), "stale");
    record.lock = Some(Lock::RoundClosed);
    assert!(edit(TARGET, &record, 3, &clerk).is_err(), "locked");
}

#[test]
fn the_bureau_fills_its_own_monitoring_and_another_of_it_concludes() {
    let kind = RecordKind::Monitoring;
    let admin = actor(Role::PerformanceAdmin);
    let mut record = standing(kind, "filling");
    assert!(
        edit(kind, &record, 3, &admin).is_err(),
        "a unit's monitoring"
    );
    record.case.holds.push(Condition::KeyMonitoring);
    assert_eq!(edit(kind, &record, 3, &admin), Ok(()));
    record.fillers.push(admin.id.clone());
    let conclude = Command {
        outcome: Some("需整改建议".to_owned()),
        ..plain(Verb::Conclude)
    };
    let refused = transition(kind, &record, &conclude, &admin);
    assert_eq!(refused, Err(Refusal::FilledByYou));
    let section = actor(Role::SectionReviewer);
    assert!(transition(kind, &record, &conclude, &section).is_ok());
}

#[test]
fn a_target_graded_middling_goes_back_and_its_grade_is_forgotten() {
    let mut record = standing(TARGET, "reviewed");
    record.case.outcome = Some("中".to_owned());
    let reviewer = actor(Role::SectionReviewer);
    let back = command(Order::Return(ReturnTo::Filler));
    let moved = transition(TARGET, &record, &back, &reviewer).unwrap();
    assert_eq!((moved.state.name(), moved.outcome), ("returned", None));
    let elsewhere = Order::Return(ReturnTo::Step("section_review".to_owned()));
    let refused = transition(TARGET, &record, &command(elsewhere), &reviewer);
    assert_eq!(refused, Err(Refusal::StepNotPassed("已退回".to_owned())));
}

#[test]
fn a_unit_cannot_cancel_a_target_that_was_approved_once() {
    let mut record = standing(TARGET, "returned");
    record.case.holds.clear();
    let refused = transition(
        TARGET,
        &record,
        &plain(Verb::Cancel),
        &actor(Role::UnitHead),
    );
    assert_eq!(refused, Err(Refusal::Unmet(Condition::NeverApproved)));
}

#[test]
fn each_refusal_says_what_to_do() {
    let verb = Verb::Submit;
    let possible = || "审核通过、退回".to_owned();
    let region = Subject::of_region("510683");
    let denied = decide(&actor(Role::UnitClerk), Action::PublishRules, &region);
    let mut all = vec![
        Refusal::NotFound,
        Refusal::NotYours(denied.reason().to_owned()),
        Refusal::FilledByYou,
        Refusal::Final {
            state: "已批复",
            verb,
            possible: "发起调整、替换、作废".to_owned(),
        },
        Refusal::Finished { state: "已作废" },
        Refusal::NotNow {
            state: "业务股室审核",
            verb,
            possible: possible(),
        },
        Refusal::ReadOnly { state: "会审" },
        Refusal::Stale {
            seen: 3,
            current: 4,
        },
        Refusal::KeyReused,
        Refusal::CommentMissing(Verb::Return),
        Refusal::OutcomeMissing("优、良、中、差".to_owned()),
        Refusal::OutcomeNotAsked,
        Refusal::OutcomeUnfit {
            verb: Verb::Advance,
            needed: "优".to_owned(),
            recorded: "差".to_owned(),
        },
        Refusal::AlreadySigned,
        Refusal::AlreadyReviewed,
        Refusal::WaitingForAdded,
        Refusal::StepNotPassed("主管部门审核".to_owned()),
        Refusal::NobodyNamed(Verb::Delegate),
        Refusal::UnfitPerson,
        Refusal::NoRoute,
        Refusal::AttachmentsMissing("盖章扫描件、整改报告".to_owned()),
        Refusal::Errors(Errors(vec!["没有填写年度目标（V15）".to_owned()])),
        Refusal::Errors(Errors(vec!["错".to_owned(); 6])),
    ];
    all.extend([Lock::RoundClosed, Lock::YearClosed, Lock::UnderReEvaluation].map(Refusal::Locked));
    let natures = [
        Condition::CongressRequired,
        Condition::CongressNotRequired,
        Condition::KeyMonitoring,
    ];
    all.extend(DONE.into_iter().chain(natures).map(Refusal::Unmet));
    let said: Vec<String> = all.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(said.join("\n"));
}
