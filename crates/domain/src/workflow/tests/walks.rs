use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// The states that a record can reach from this one in one move, by anybody.
fn next(kind: RecordKind, state: &str) -> BTreeSet<&'static str> {
    let record = standing(kind, state);
    let moved = Role::ALL.into_iter().flat_map(|role| {
        let record = record.clone();
        Verb::ALL
            .into_iter()
            .flat_map(move |verb| answers(kind, &record, verb, &actor(role)))
    });
    moved
        .filter_map(|answer| Some(answer.ok()?.state.name()))
        .filter(|to| *to != state)
        .collect()
}

#[test]
fn every_state_is_reached_and_left_but_for_the_last_ones() {
    let ends: [(RecordKind, &[&str]); 9] = [
        (RecordKind::ExAnteAssessment, &["applied_to_budget"]),
        (
            RecordKind::PerformanceTarget,
            &["superseded", "cancelled", "rejected"],
        ),
        (RecordKind::Monitoring, &["concluded"]),
        (RecordKind::SelfEvaluation, &["published"]),
        (RecordKind::KeyEvaluation, &["result_delivered"]),
        (RecordKind::Rectification, &["closed"]),
        (RecordKind::ResultApplication, &["feedback_given"]),
        (RecordKind::Commission, &["closed", "terminated"]),
        (RecordKind::PublicationItem, &["published", "exempt"]),
    ];
    for (kind, ends) in ends {
        let states: Vec<&str> = kind.machine().states.iter().map(|row| row.name).collect();
        let mut reached = BTreeSet::from([states[0]]);
        for state in &states {
            let next = next(kind, state);
            assert_eq!(next.is_empty(), ends.contains(state), "{kind:?} {state}");
            reached.extend(next);
        }
        assert_eq!(reached, states.into_iter().collect(), "{kind:?}");
    }
}

#[test]
fn no_record_is_returned_without_a_comment() {
    for kind in RecordKind::ALL {
        for row in kind.machine().states {
            for role in Role::ALL {
                for order in orders(Verb::Return).into_iter().chain(orders(Verb::Cancel)) {
                    let command = Command {
                        comment: " \n".to_owned(),
                        ..command(order)
                    };
                    let answer =
                        transition(kind, &standing(kind, row.name), &command, &actor(role));
                    assert!(answer.is_err(), "{kind:?} {} {role:?}", row.name);
                }
            }
        }
    }
}

#[test]
fn nobody_judges_what_they_filled() {
    for kind in RecordKind::ALL {
        for row in kind.machine().states {
            for role in Role::ALL {
                let actor = actor(role);
                let mut record = standing(kind, row.name);
                record.fillers.push(actor.id.clone());
                let part = kind.machine().review;
                for verb in Verb::ALL {
                    let sends = part.is_some_and(|part| part.from.contains(&row.name));
                    let moves = matches!(verb, Verb::Withdraw | Verb::HandIn)
                        || (verb == Verb::Submit && sends)
                        || kind.machine().edges.iter().any(|edge| {
                            edge.verb == verb && edge.from.contains(&row.name) && !edge.judges()
                        });
                    let answers = answers(kind, &record, verb, &actor);
                    let is_done = answers.iter().any(Result::is_ok);
                    assert!(moves || !is_done, "{kind:?} {} {verb:?} {role:?}", row.name);
                }
            }
        }
    }
}

/// The record after a move, as the store would read it again.
fn after(record: &Standing, moved: &Moved) -> Standing {
    let mut next = record.clone();
    next.state = moved.state;
    next.version = moved.version;
    next.desk = moved.desk.clone();
    next.case.outcome.clone_from(&moved.outcome);
    next
}

fn any_step() -> impl Strategy<Value = (usize, usize, usize, usize, bool)> {
    (
        0..13_usize,
        0..20_usize,
        0..3_usize,
        0..8_usize,
        any::<bool>(),
    )
}

proptest! {
    #[test]
    fn a_walk_of_any_commands_keeps_every_promise(
        kind in 0..9_usize,
        steps in proptest::collection::vec(any_step(), 1..120),
    ) {
        let kind = RecordKind::ALL[kind];
        let machine = kind.machine();
        let mut record = standing(kind, machine.states[0].name);
        record.case.holds.extend([
            Condition::CongressRequired,
            Condition::CongressNotRequired,
            Condition::KeyMonitoring,
        ]);
        for (role, verb, order, outcome, is_silent) in steps {
            let actor = actor(Role::ALL[role]);
            let orders = orders(Verb::ALL[verb]);
            let outcomes = outcomes(kind);
            let command = Command {
                version: record.version,
                outcome: outcomes[outcome % outcomes.len()].clone(),
                comment: if is_silent { String::new() } else { "按要求修改。".to_owned() },
                ..command(orders[order % orders.len()].clone())
            };
            let Ok(moved) = transition(kind, &record, &command, &actor) else {
                continue;
            };
            prop_assert_eq!(moved.from, record.state);
            prop_assert_eq!(moved.version, record.version + 1);
            prop_assert!(!machine.verbs(record.state).is_empty(), "left a last state");
            prop_assert!(!actor.roles[0].is_administrator());
            let verb = command.order.verb();
            let is_held = record.desk.handed_in_by.is_some() && machine.is_sent_from(record.state);
            let sends = crate::permission::grants(crate::permission::Action::Submit)
                .iter()
                .any(|(role, _)| actor.roles.contains(role));
            let touches = matches!(verb, Verb::Fill | Verb::Score | Verb::HandIn);
            prop_assert!(!is_held || !touches || sends, "changed behind the head's back");
            prop_assert!(!(is_silent && verb.needs_comment()), "{:?} in silence", verb);
            let ended = machine.verbs(moved.state).is_empty();
            prop_assert!(!ended || moved.holders.is_empty(), "someone waits at the end");
            let waits = machine.is_review_step(moved.state);
            prop_assert!(!waits || !moved.holders.is_empty(), "nobody holds a review");
            prop_assert_eq!(fact(kind, moved.fact), Some(moved.fact), "a fact is known by name");
            let mut next = after(&record, &moved);
            for holder in &moved.holders {
                let duty = duty(kind, &next, holder);
                let is_sign = matches!(duty, Verb::Consult | Verb::AddSigner | Verb::Fill);
                let can = is_sign || verbs(kind, &next).contains(&duty);
                prop_assert!(can, "{:?} cannot {:?}", holder, duty);
            }
            next.answered = Some(Answered {
                by: actor.id.clone(),
                key: command.key.clone(),
                digest: command.digest(),
                moved: moved.clone(),
            });
            prop_assert_eq!(transition(kind, &next, &command, &actor), Ok(moved));
            next.answered = None;
            record = next;
        }
    }
}
