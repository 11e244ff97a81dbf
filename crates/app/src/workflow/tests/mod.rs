//! The engine on both databases.

mod engine;
mod pages;
mod safety;
mod telling;

use db::testing::TestDb;
use db::{Sql, ToValue, Tx};
use domain::permission::{Actor, PersonId, Role, SectionId, UnitId};
use domain::workflow::{Command, Order, RecordKind, Refusal, ReturnTo, Verb};

use super::{Answer, Error, choose_pack, refresh_items, run};
use crate::database::MIGRATIONS;
use crate::identity::store::{NewAccount, insert};
use crate::serve::sample;

const TARGET: RecordKind = RecordKind::PerformanceTarget;
const NOW: &str = "2020-03-02T09:30:00+08:00";
const REGION: &str = "510683";

/// The target that a unit is filling.
pub(super) const DRAFT: &str = "t-draft";

fn execute(tx: &mut Tx<'_>, text: &'static str, values: &[&dyn ToValue]) -> Result<(), db::Error> {
    let sql = Sql { name: "TEST", text };
    tx.execute_one(sql, values)
}

/// The sample's records, a target that a unit is filling, and someone of each role.
pub(super) fn site(test: &TestDb) {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)?;
            draft(tx)?;
            for role in Role::ALL {
                person(tx, role, 1)?;
            }
            person(tx, Role::SectionReviewer, 2)?;
            person(tx, Role::UnitHead, 2)?;
            choose_pack(tx, "mianzhu-2020")?;
            refresh_items(tx, NOW)?;
            Ok::<_, db::Error>(())
        })
        .unwrap();
}

fn draft(tx: &mut Tx<'_>) -> Result<(), db::Error> {
    execute(
        tx,
        "INSERT INTO performance_target VALUES ($1, $2, 'o-2', 2020, 1, 'initial', 'draft', NULL, \
         '完成 300 户改造，群众满意。', NULL, NULL, NULL, 1, 't', \
         'project_budget', '')",
        &[&DRAFT, &REGION],
    )?;
    indicators(tx)?;
    execute(
        tx,
        "INSERT INTO ex_ante_assessment VALUES ('x-2', $1, 'o-2', 2019, 2020, 'bureau', \
         'applied_to_budget', 8650, '予以支持', 9000000, 8997400, '2019-09-20', 1, 't')",
        &[&REGION],
    )
}

fn indicators(tx: &mut Tx<'_>) -> Result<(), db::Error> {
    for (place, level1, level2, name, sign, value, unit, weight) in [
        (
            1_i64,
            "产出指标",
            "数量指标",
            "改造户数",
            "≥",
            "300",
            "户",
            2500_i64,
        ),
        (
            2,
            "产出指标",
            "质量指标",
            "验收合格率",
            "≥",
            "98",
            "%",
            1500,
        ),
        (3, "产出指标", "时效指标", "完成时间", "≤", "12", "月", 1000),
        (
            4,
            "效益指标",
            "社会效益指标",
            "受益人口",
            "≥",
            "900",
            "人",
            3000,
        ),
        (
            5,
            "满意度指标",
            "服务对象满意度指标",
            "群众满意度",
            "≥",
            "90",
            "%",
            1000,
        ),
    ] {
        execute(
            tx,
            "INSERT INTO indicator VALUES \
             ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, FALSE, $4)",
            &[
                &format!("{DRAFT}-{place}"),
                &REGION,
                &DRAFT,
                &place,
                &level1,
                &level2,
                &name,
                &sign,
                &value,
                &unit,
                &weight,
            ],
        )?;
    }
    Ok(())
}

fn person(tx: &mut Tx<'_>, role: Role, number: usize) -> Result<(), db::Error> {
    let actor = actor(role, number);
    let login = format!("{}{number}", role.name());
    insert(
        tx,
        &NewAccount {
            id: &actor.id.0,
            region_code: REGION,
            login: &login,
            name: &format!("{}{number}号", role.label()),
            unit: actor.unit.as_ref().map(|unit| &*unit.0),
            section: actor.section.as_ref().map(|section| &*section.0),
            roles: &[role],
            provenance: "test",
        },
    )
}

/// The first or second person of this role, at the unit and the section of the sample.
pub(super) fn actor(role: Role, number: usize) -> Actor {
    let is_of_unit = matches!(
        role,
        Role::UnitClerk | Role::UnitHead | Role::DepartmentReviewer
    );
    Actor {
        id: PersonId(format!("ac-{}-{number}", role.name())),
        roles: vec![role],
        unit: is_of_unit.then(|| UnitId::from("u-1")),
        section: (role == Role::SectionReviewer).then(|| SectionId::from("s-1")),
        region: REGION.to_owned(),
        tasks: Vec::new(),
    }
}

pub(super) fn command(order: Order, version: u64, key: &str) -> Command {
    Command {
        order,
        comment: String::new(),
        outcome: None,
        version,
        key: key.to_owned(),
    }
}

pub(super) fn plain(verb: Verb, version: u64) -> Command {
    command(
        Order::Plain(verb),
        version,
        &format!("{}-{version}", verb.name()),
    )
}

/// Commands the draft.
pub(super) fn act(test: &TestDb, actor: Actor, command: Command) -> Result<Answer, Refusal> {
    act_on(test, TARGET, DRAFT, actor, command)
}

pub(super) fn act_on(
    test: &TestDb,
    kind: RecordKind,
    id: &'static str,
    actor: Actor,
    command: Command,
) -> Result<Answer, Refusal> {
    let result = test
        .db
        .write_blocking(move |tx| run(tx, kind, id, &command, &actor, NOW));
    match result {
        Ok(answer) => Ok(answer),
        Err(Error::Refused(refusal)) => Err(refusal),
        Err(Error::Database(error)) => panic!("{error}"),
    }
}

/// Has the person's form of the target at 会审, after one submission, come to the grade.
pub(super) fn form_graded(test: &TestDb, target: &'static str, person: &str, grade: &'static str) {
    let person = person.to_owned();
    test.db
        .write_blocking(move |tx| {
            execute(
                tx,
                "INSERT INTO target_review VALUES ('v-test', $1, $2, 1, 'joint_review', $3, NULL, \
                 FALSE, $4, NULL, '', '', '', FALSE, 'mianzhu-2020@2020.1', $5)",
                &[&REGION, &target, &person, &grade, &NOW],
            )
        })
        .unwrap();
}

/// Every row of every table that a command may touch, as text.
pub(super) fn everything(test: &TestDb) -> Vec<String> {
    const TABLES: [&str; 9] = [
        "SELECT * FROM performance_target ORDER BY id",
        "SELECT * FROM record_desk ORDER BY record_kind, record_id",
        "SELECT * FROM record_step ORDER BY record_kind, record_id, version",
        "SELECT * FROM work_item ORDER BY record_kind, record_id, position",
        "SELECT * FROM command_answer ORDER BY person_id, command_key",
        "SELECT * FROM submission_receipt ORDER BY number",
        "SELECT * FROM submission_series ORDER BY region_code, year",
        "SELECT * FROM field_comment ORDER BY id",
        "SELECT * FROM event ORDER BY region_code, sequence",
    ];
    test.db
        .read_blocking(|tx| {
            let mut rows = Vec::new();
            for text in TABLES {
                let sql = Sql { name: "TEST", text };
                rows.extend(tx.query(sql, &[])?.iter().map(|row| format!("{row:?}")));
            }
            Ok::<_, db::Error>(rows)
        })
        .unwrap()
}

/// Who holds the draft: role or person with the verb.
pub(super) fn held(test: &TestDb, id: &'static str) -> Vec<String> {
    test.db
        .read_blocking(move |tx| {
            let sql = Sql {
                name: "TEST",
                text: "SELECT role, person_id, verb FROM work_item WHERE record_id = $1 \
                       ORDER BY position",
            };
            tx.query(sql, &[&id])?
                .iter()
                .map(|row| {
                    let holder = row.opt_text("role")?.or(row.opt_text("person_id")?);
                    Ok::<_, db::Error>(format!("{} {}", holder.unwrap(), row.text("verb")?))
                })
                .collect()
        })
        .unwrap()
}

pub(super) fn returned(to: ReturnTo, version: u64) -> Command {
    Command {
        comment: "请补充数量指标。".to_owned(),
        ..command(Order::Return(to), version, &format!("return-{version}"))
    }
}
