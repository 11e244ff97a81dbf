use super::*;

const TARGET: &str = include_str!("../../../../../migrations/0003_target.sql");
const CYCLE: &str = include_str!("../../../../../migrations/0004_cycle.sql");

/// The CHECK list of the column `state` of a table.
fn listed<'a>(sql: &'a str, table: &str) -> Vec<&'a str> {
    let (_, table) = sql.split_once(&format!("CREATE TABLE {table} (")).unwrap();
    let (_, list) = table.split_once("CHECK (state IN").unwrap();
    let (list, _) = list.split_once("))").unwrap();
    list.split('\'').skip(1).step_by(2).collect()
}

#[test]
fn every_machine_has_the_states_of_its_table_in_their_order() {
    for kind in RecordKind::ALL {
        let sql = if kind == RecordKind::PerformanceTarget {
            TARGET
        } else {
            CYCLE
        };
        let machine: Vec<&str> = kind.machine().states.iter().map(|row| row.name).collect();
        assert_eq!(machine, listed(sql, kind.name()), "{kind:?}");
    }
}

#[test]
fn every_name_in_a_machine_is_one_of_its_states() {
    for kind in RecordKind::ALL {
        let machine = kind.machine();
        let review = machine.review.iter().flat_map(|part| {
            let ends = [part.withdrawn_to, part.returned_to, part.passed_to];
            part.from.iter().chain(part.steps).copied().chain(ends)
        });
        let edges = machine
            .edges
            .iter()
            .flat_map(|edge| edge.from.iter().copied().chain([edge.to]));
        for name in review.chain(edges) {
            assert!(kind.state(name).is_some(), "{kind:?} {name}");
        }
    }
}
