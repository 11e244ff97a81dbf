use std::fmt::Write as _;

use super::*;

#[test]
fn what_is_offered_can_be_done_and_what_is_not_is_refused_for_the_same_reason() {
    for kind in RecordKind::ALL {
        for row in kind.machine().states {
            let record = standing(kind, row.name);
            for role in Role::ALL {
                let actor = actor(role);
                for offer in offers(kind, &record, &actor) {
                    let mut command = command(orders(offer.verb).remove(0));
                    if let Ok(asked) = &offer.answer {
                        command.outcome = asked.outcomes.first().map(|text| (*text).to_owned());
                    }
                    let answer = transition(kind, &record, &command, &actor);
                    let context = format!("{kind:?} {} {:?} {role:?}", row.name, offer.verb);
                    assert_eq!(answer.err(), offer.answer.err(), "{context}");
                }
            }
        }
    }
}

#[test]
fn an_offer_says_what_it_asks_for() {
    let target = RecordKind::PerformanceTarget;
    let answer = |state: &str, verb: Verb, role: Role, grade: Option<&str>| {
        let mut record = standing(target, state);
        let by = |grade: &str| (actor(role).id, grade.to_owned());
        record.case.grades = grade.map(by).into_iter().collect();
        record.case.agreed = record
            .case
            .grades
            .iter()
            .map(|(by, _)| by.clone())
            .collect();
        let offers = offers(target, &record, &actor(role));
        let offer = offers.into_iter().find(|offer| offer.verb == verb);
        offer.unwrap().answer
    };
    let asked = |state: &str, verb, role| answer(state, verb, role, None).unwrap();
    let at_joint_review =
        |grade| answer("joint_review", Verb::Approve, Role::PerformanceAdmin, grade);
    assert_eq!(at_joint_review(None), Err(Refusal::NotGraded));
    let graded = at_joint_review(Some("良")).unwrap();
    assert_eq!(graded.outcomes, ["良"], "what the form comes to");
    assert!(!graded.needs_comment);
    let plain = asked("section_review", Verb::Approve, Role::SectionReviewer);
    assert_eq!(plain, Asked::default());
    assert!(asked("section_review", Verb::Return, Role::SectionReviewer).needs_comment);
    assert!(asked("draft", Verb::Cancel, Role::UnitHead).needs_comment);
}

#[test]
fn the_way_ahead_of_each_kind_leads_from_its_first_state_to_its_end() {
    let mut out = String::new();
    for kind in RecordKind::ALL {
        let mut record = standing(kind, kind.machine().states[0].name);
        record.case.holds.push(Condition::CongressRequired);
        let way = way_ahead(kind, &record);
        assert_eq!(way[0].state, record.state);
        let names: Vec<&str> = way.iter().map(|stage| stage.state.name()).collect();
        writeln!(out, "{}: {}", kind.name(), names.join(" → ")).unwrap();
        for stage in &way[..way.len() - 1] {
            assert!(!stage.signers.is_empty(), "{kind:?} {}", stage.state);
        }
    }
    insta::assert_snapshot!(out);
}
