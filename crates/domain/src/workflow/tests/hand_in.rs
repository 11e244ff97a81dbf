use super::*;

const TARGET: RecordKind = RecordKind::PerformanceTarget;

fn held() -> Standing {
    let mut record = standing(TARGET, "draft");
    record.desk.handed_in_by = Some(person("unit_clerk-1"));
    record
}

fn head_alone() -> Vec<Holder> {
    let granted = crate::permission::grants(crate::permission::Action::Submit).iter();
    granted
        .map(|(role, scope)| {
            Holder::Signer(Signer {
                role: *role,
                scope: *scope,
            })
        })
        .collect()
}

#[test]
fn what_is_handed_in_stays_where_it_is_and_lies_with_the_head() {
    let record = standing(TARGET, "draft");
    assert_eq!(holders(TARGET, &record), [Holder::Filler]);
    let clerk = actor(Role::UnitClerk);
    let moved = transition(TARGET, &record, &plain(Verb::HandIn), &clerk).unwrap();
    assert_eq!(moved.state.name(), "draft");
    assert_eq!(moved.version, 4);
    assert_eq!(moved.fact, "handed_in");
    assert_eq!(moved.desk.handed_in_by, Some(clerk.id));
    assert_eq!(moved.holders, head_alone());
    assert_eq!(holders(TARGET, &held()), head_alone());
}

#[test]
fn what_is_handed_in_is_changed_by_the_head_alone() {
    let refused = Err(Refusal::HandedIn);
    assert_eq!(edit(TARGET, &held(), 3, &actor(Role::UnitClerk)), refused);
    assert_eq!(edit(TARGET, &held(), 3, &actor(Role::UnitHead)), Ok(()));
    let mut scored = standing(RecordKind::SelfEvaluation, "scored");
    scored.desk.handed_in_by = Some(person("unit_clerk-1"));
    let resume = |role| {
        let answer = transition(
            RecordKind::SelfEvaluation,
            &scored,
            &plain(Verb::Fill),
            &actor(role),
        );
        answer.map(|moved| moved.state.name())
    };
    assert_eq!(resume(Role::UnitClerk), Err(Refusal::HandedIn));
    assert_eq!(resume(Role::UnitHead), Ok("filling"));
}

#[test]
fn the_clerk_takes_it_back_and_the_head_sends_it_back_with_a_comment() {
    let clerk = actor(Role::UnitClerk);
    let back = transition(TARGET, &held(), &plain(Verb::Withdraw), &clerk).unwrap();
    assert_eq!(back.fact, "hand_in_withdrawn");
    assert_eq!(back.desk.handed_in_by, None);
    assert_eq!(back.holders, [Holder::Filler]);
    let head = actor(Role::UnitHead);
    let give_back = command(Order::Return(ReturnTo::Filler));
    let moved = transition(TARGET, &held(), &give_back, &head).unwrap();
    assert_eq!(
        (moved.state.name(), moved.fact),
        ("draft", "hand_in_returned")
    );
    let silent = Command {
        comment: String::new(),
        ..give_back.clone()
    };
    assert_eq!(
        transition(TARGET, &held(), &silent, &head),
        Err(Refusal::CommentMissing(Verb::Return))
    );
    let clerks = transition(TARGET, &held(), &give_back, &clerk);
    assert!(matches!(clerks, Err(Refusal::NotYours(_))), "{clerks:?}");
    let elsewhere = command(Order::Return(ReturnTo::Step("section_review".to_owned())));
    assert!(transition(TARGET, &held(), &elsewhere, &head).is_err());
}

#[test]
fn nothing_is_handed_in_twice_or_with_errors_but_before_it_is_stamped() {
    let clerk = actor(Role::UnitClerk);
    let twice = transition(TARGET, &held(), &plain(Verb::HandIn), &clerk);
    assert!(matches!(twice, Err(Refusal::NotNow { .. })), "{twice:?}");
    for (kind, state, missing, is_done) in [
        (TARGET, "draft", Condition::FormValid, false),
        (
            RecordKind::ExAnteAssessment,
            "draft",
            Condition::FormValid,
            false,
        ),
        (
            RecordKind::ExAnteAssessment,
            "draft",
            Condition::AttachmentsComplete,
            true,
        ),
        (
            RecordKind::SelfEvaluation,
            "scored",
            Condition::Scored,
            false,
        ),
    ] {
        let mut record = standing(kind, state);
        record.case.holds.retain(|condition| *condition != missing);
        let answer = transition(kind, &record, &plain(Verb::HandIn), &clerk);
        let expected = if is_done {
            None
        } else {
            Some(Refusal::Unmet(missing))
        };
        assert_eq!(answer.err(), expected, "{kind:?} without {missing:?}");
    }
}

#[test]
fn whoever_handed_in_does_not_review_it_later() {
    let mut record = standing(TARGET, "section_review");
    let reviewer = actor(Role::SectionReviewer);
    record.desk.handed_in_by = Some(reviewer.id.clone());
    assert_eq!(
        transition(TARGET, &record, &plain(Verb::Approve), &reviewer),
        Err(Refusal::FilledByYou)
    );
    let sent = transition(
        TARGET,
        &held(),
        &plain(Verb::Submit),
        &actor(Role::UnitHead),
    )
    .unwrap();
    assert_eq!(sent.desk.handed_in_by, Some(person("unit_clerk-1")));
}
