use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::*;

fn word(refusal: &Refusal) -> String {
    let debug = format!("{refusal:?}");
    let end = debug.find(|c: char| !c.is_alphanumeric());
    debug[..end.unwrap_or(debug.len())].to_owned()
}

/// A record in each state; where the head of a unit sends it, also one that was handed in.
fn standings(kind: RecordKind) -> Vec<(String, Standing)> {
    let mut all = Vec::new();
    for row in kind.machine().states {
        let record = standing(kind, row.name);
        all.push((row.name.to_owned(), record.clone()));
        if kind.machine().is_sent_from(record.state) {
            let mut held = record;
            held.desk.handed_in_by = Some(person("filler"));
            all.push((format!("{} (handed in)", row.name), held));
        }
    }
    all
}

/// One row for each state and verb that somebody may use; the rest is counted by its refusal.
fn matrix(kind: RecordKind) -> String {
    let mut out = String::new();
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    for (name, record) in standings(kind) {
        for verb in Verb::ALL {
            let mut roles: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for role in Role::ALL {
                let answers = answers(kind, &record, verb, &actor(role));
                let mut to: Vec<&str> = answers
                    .iter()
                    .filter_map(|answer| Some(answer.as_ref().ok()?.state.name()))
                    .collect();
                to.sort_unstable();
                to.dedup();
                if to.is_empty() {
                    let refusal = answers.first().unwrap().as_ref().unwrap_err();
                    *refused.entry(word(refusal)).or_default() += 1;
                } else {
                    roles.entry(to.join(" / ")).or_default().push(role.name());
                }
            }
            for (to, roles) in roles {
                let verb = verb.label();
                writeln!(out, "{name} {verb} → {to}: {}", roles.join(" ")).unwrap();
            }
        }
    }
    writeln!(out, "every other combination: {refused:?}").unwrap();
    out
}

/// Lists of things to do are made without checking a form.
#[test]
fn nobody_holds_a_record_by_what_the_checks_find() {
    for kind in RecordKind::ALL {
        for (name, record) in standings(kind) {
            let mut wrong = record.clone();
            let holds = &mut wrong.case.holds;
            holds.retain(|condition| *condition != Condition::FormValid);
            wrong.case.errors = vec!["错".to_owned()];
            let held = holders(kind, &record);
            assert_eq!(holders(kind, &wrong), held, "{name}");
            for holder in &held {
                let asked = [&record, &wrong].map(|record| duty(kind, record, holder));
                assert_eq!(asked[0], asked[1], "{name} {holder:?}");
            }
        }
    }
}

#[test]
fn the_whole_matrix_of_state_command_and_role_of_each_kind() {
    for kind in RecordKind::ALL {
        let matrix = matrix(kind);
        assert!(matrix.lines().count() <= 50, "{kind:?} fits on a screen");
        insta::assert_snapshot!(kind.name(), matrix);
    }
}
