mod hand_in;
mod matrix;
mod offers;
mod refusals;
mod review;
mod schema;
mod walks;

use super::*;
use crate::permission::tests as people;
use crate::permission::{Actor, PersonId, Role};
use crate::rulepack::{Review, builtin};

/// Every condition but those of a record's nature.
const DONE: [Condition; 9] = [
    Condition::FormValid,
    Condition::AttachmentsComplete,
    Condition::Scored,
    Condition::TargetApproved,
    Condition::ExAnteSettled,
    Condition::PlaceRecorded,
    Condition::NeverApproved,
    Condition::AdjustmentOpen,
    Condition::AdjustmentSettled,
];

/// Someone of this role, to whom the record is assigned where that counts.
fn actor(role: Role) -> Actor {
    let mut actor = people::actor(role);
    if matches!(role, Role::Expert | Role::ThirdParty) {
        actor.tasks.push("record-1".into());
    }
    actor
}

fn person(name: &str) -> PersonId {
    name.into()
}

fn review() -> &'static Review {
    &builtin("mianzhu-2020").unwrap().review
}

/// A record in a state, filled by someone else, for which everything is done; at a later review
/// step it has passed the earlier ones.
fn standing(kind: RecordKind, state: &str) -> Standing {
    let part = kind.machine().review;
    let path = part
        .map_or(&[][..], |part| part.steps)
        .iter()
        .take_while(|name| **name != state)
        .filter_map(|name| kind.state(name))
        .collect();
    let is_step = part.is_some_and(|part| part.steps.contains(&state));
    Standing {
        state: kind.state(state).unwrap(),
        version: 3,
        subject: people::record(),
        fillers: vec![person("filler")],
        lock: None,
        case: Case {
            amount_fen: 100_000_000,
            object: ObjectKind::Project,
            holds: DONE.to_vec(),
            missing: Vec::new(),
            errors: Vec::new(),
            outcome: None,
            grades: Vec::new(),
            agreed: Vec::new(),
        },
        route: review().route(kind),
        desk: Desk {
            path: if is_step { path } else { Vec::new() },
            ..Desk::default()
        },
        answered: None,
    }
}

fn command(order: Order) -> Command {
    Command {
        order,
        comment: "请补充数量指标。".to_owned(),
        outcome: None,
        version: 3,
        key: "key-1".to_owned(),
    }
}

fn plain(verb: Verb) -> Command {
    command(Order::Plain(verb))
}

/// The orders that a verb can come in.
fn orders(verb: Verb) -> Vec<Order> {
    match verb {
        Verb::Return => vec![
            Order::Return(ReturnTo::Filler),
            Order::Return(ReturnTo::Previous),
            Order::Return(ReturnTo::Step("department_review".to_owned())),
        ],
        Verb::Delegate => vec![Order::Delegate(person("colleague"))],
        Verb::Consult => vec![Order::Consult(vec![person("one"), person("two")])],
        Verb::AddSigner => vec![Order::AddSigner(person("expert"))],
        verb => vec![Order::Plain(verb)],
    }
}

/// Every outcome that the kind knows, and none.
fn outcomes(kind: RecordKind) -> Vec<Option<String>> {
    let machine = kind.machine();
    let edges = machine.edges.iter().flat_map(|edge| edge.outcomes);
    let mut all: Vec<Option<String>> = machine
        .review
        .map_or(&[][..], |part| part.outcomes)
        .iter()
        .chain(edges)
        .map(|outcome| Some((*outcome).to_owned()))
        .collect();
    all.push(None);
    all.sort();
    all.dedup();
    all
}

/// What comes of a verb in every variant of the record and of the command.
fn answers(
    kind: RecordKind,
    record: &Standing,
    verb: Verb,
    actor: &Actor,
) -> Vec<Result<Moved, Refusal>> {
    let natures: [&[Condition]; 3] = [
        &[Condition::CongressRequired],
        &[Condition::CongressNotRequired],
        &[Condition::KeyMonitoring],
    ];
    let mut answers = Vec::new();
    for nature in natures {
        for recorded in outcomes(kind) {
            let mut record = record.clone();
            record.case.holds.extend(nature);
            record.case.outcome = recorded;
            for chosen in outcomes(kind) {
                // Whoever concludes has filled the form that comes to what is chosen.
                let graded = chosen.iter().map(|grade| (actor.id.clone(), grade.clone()));
                record.case.grades = graded.collect();
                for order in orders(verb) {
                    let command = Command {
                        outcome: chosen.clone(),
                        ..command(order)
                    };
                    answers.push(transition(kind, &record, &command, actor));
                }
            }
        }
    }
    answers
}
