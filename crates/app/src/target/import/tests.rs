//! Loads of many targets, on both databases.

use std::fmt::Write as _;

use db::on_both;
use db::testing::TestDb;
use office::workbook::{self, Limits, write_forms};

use super::*;
use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::target::export::of_unit;
use crate::target::sheet::{self, Head};
use crate::target::store::{many, record};
use crate::workflow::{choose_pack, place_pack};

const REGION: &str = "510683";
const NOW: &str = "2020-12-01T09:30:00+08:00";
const UNIT: &str = "绵竹市住房和城乡建设局";

fn site(test: &TestDb) {
    let written = test.db.write_blocking(|tx| {
        sample::write(tx)?;
        choose_pack(tx, "sichuan")?;
        sample::elsewhere(tx)
    });
    written.unwrap();
}

/// Loads a file; its lines and how many targets it changes.
fn load(test: &TestDb, bytes: &[u8], asked: (i64, Option<&'static str>)) -> (Vec<Line>, usize) {
    let bytes = bytes.to_vec();
    let plan = test.db.write_blocking(move |tx| {
        let book = workbook::open(&bytes, &Limits::default()).unwrap();
        let filed = read(&book, &place_pack(tx)?.target_forms).unwrap();
        let asked = Asked {
            region: REGION,
            year: asked.0,
            unit: asked.1,
        };
        let library = Library::read(tx, REGION)?;
        let plan = look(tx, asked, &library, &filed)?;
        write(tx, asked, ("系统", NOW), &plan)?;
        Ok::<_, Stopped>(plan)
    });
    let plan = plan.unwrap();
    (plan.lines.clone(), plan.targets())
}

/// The rejected lines: cell and sentence.
fn rejected(lines: &[Line]) -> Vec<(&str, &str)> {
    let lines = lines
        .iter()
        .filter(|line| line.outcome == Outcome::Rejected);
    lines.map(|line| (&*line.place, &*line.message)).collect()
}

fn count(lines: &[Line], outcome: Outcome) -> usize {
    lines.iter().filter(|line| line.outcome == outcome).count()
}

/// The kept target of an object in 2021.
fn kept(test: &TestDb, object: &'static str) -> Option<many::KnownTarget> {
    let read = test
        .db
        .read_blocking(move |tx| many::of_unit(tx, "u-1", 2021));
    read.unwrap().remove(object)
}

/// A long table with these rows: project and indicator.
fn table(rows: &[[&str; 4]]) -> String {
    let mut text = "单位名称,项目名称,年度目标,一级指标,二级指标,三级指标,指标性质,指标值,\
                    度量单位,权重\n"
        .to_owned();
    for [unit, project, name, value] in rows {
        let goal = if project.is_empty() {
            ""
        } else {
            "改造三百户，群众满意。"
        };
        writeln!(
            text,
            "{unit},{project},{goal},产出指标,数量指标,{name},≥,{value},户,45"
        )
        .unwrap();
    }
    text
}

const BARE_NAME: &str = "=危险的名称";

on_both!(
    MIGRATIONS,
    a_long_table_begins_targets_and_says_nothing_new_again,
    |test| {
        site(test);
        let long = table(&[
            [UNIT, BARE_NAME, "改造户数", "300"],
            ["", "", "改造管网", "12"],
            ["", sample::LONG_NAME, "建成设施", "500"],
            ["", "", "惠及群众", "30000"],
        ]);
        let (lines, targets) = load(test, long.as_bytes(), (2021, None));
        assert_eq!(rejected(&lines), []);
        assert_eq!((targets, count(&lines, Outcome::New)), (2, 6), "{lines:?}");
        assert_eq!(lines[1].place, "F2");
        let bare = kept(test, sample::BARE).unwrap();
        assert_eq!((&*bare.state, bare.version), ("draft", 1));
        let rows: Vec<_> = bare
            .target
            .rows
            .iter()
            .map(|row| (&*row.key, &*row.name))
            .collect();
        assert_eq!(rows, [("1", "改造户数"), ("2", "改造管网")]);

        let (lines, targets) = load(test, long.as_bytes(), (2021, None));
        assert_eq!(
            (targets, count(&lines, Outcome::Unchanged)),
            (0, 4),
            "{lines:?}"
        );

        let other = long.replace(",12,", ",15,").replace("惠及群众", "受益群众");
        let (lines, targets) = load(test, other.as_bytes(), (2021, None));
        assert_eq!(
            (targets, count(&lines, Outcome::Changed)),
            (2, 2),
            "{lines:?}"
        );
        let bare = kept(test, sample::BARE).unwrap();
        assert_eq!((bare.version, &*bare.target.rows[1].value), (2, "15"));
        let full = kept(test, sample::FULL).unwrap();
        assert_eq!(full.target.rows[1].key, "3", "numbers are not given twice");
    }
);

on_both!(
    MIGRATIONS,
    what_cannot_be_right_is_refused_with_its_cell_and_nothing_is_kept,
    |test| {
        site(test);
        for (rows, year, place, said) in [
            (
                vec![[UNIT, "没有的项目", "户数", "3"]],
                2021,
                "B2",
                "项目库里没有",
            ),
            (
                vec![["绵竹市卫生健康局", BARE_NAME, "户数", "3"]],
                2021,
                "B2",
                "请核对单位",
            ),
            (
                vec![
                    [UNIT, BARE_NAME, "户数", "3"],
                    ["", sample::LONG_NAME, "座数", "3"],
                    ["", BARE_NAME, "户数", "4"],
                ],
                2021,
                "B4",
                "只能出现一次",
            ),
            (
                vec![[UNIT, BARE_NAME, "户数", "3"], ["", "", "户数", "4"]],
                2021,
                "F3",
                "不止一次",
            ),
            (vec![[UNIT, BARE_NAME, "户数", "XX"]], 2021, "F2", "占位"),
            (
                vec![[UNIT, sample::LONG_NAME, "户数", "3"]],
                2020,
                "F2",
                "已经送审或批复",
            ),
        ] {
            let text = table(&rows);
            let (lines, _) = load(test, text.as_bytes(), (year, None));
            let told = rejected(&lines);
            assert!(
                told.iter()
                    .any(|(at, message)| *at == place && message.contains(said)),
                "{place} {said}: {told:?}"
            );
            assert!(kept(test, sample::BARE).is_none(), "all or nothing");
        }
        let text = table(&[[UNIT, BARE_NAME, "户数", "3"]]);
        let (lines, _) = load(test, text.as_bytes(), (2021, Some("002")));
        assert!(rejected(&lines)[0].1.contains("正在导入的是单位 002"));
    }
);

on_both!(
    MIGRATIONS,
    a_project_of_a_unit_that_ended_is_refused,
    |test| {
        site(test);
        let ended = test.db.write_blocking(|tx| {
            tx.execute_one(
                db::Sql {
                    name: "END",
                    text: "UPDATE organisation_unit SET valid_to = '2020-06-30' WHERE id = 'u-1'",
                },
                &[],
            )
        });
        ended.unwrap();
        let text = table(&[[UNIT, BARE_NAME, "户数", "3"]]);
        let (lines, _) = load(test, text.as_bytes(), (2021, None));
        assert!(
            rejected(&lines)[0].1.contains("2020-06-30 撤销"),
            "{lines:?}"
        );
    }
);

on_both!(MIGRATIONS, what_is_exported_is_imported_as_it_was, |test| {
    site(test);
    let long = table(&[
        [UNIT, BARE_NAME, "改造户数", "300"],
        ["", "", "=1+1", "12"],
        ["", sample::LONG_NAME, "建成设施", "500"],
    ]);
    load(test, long.as_bytes(), (2021, None));
    let exported = || {
        let read = test.db.read_blocking(|tx| of_unit(tx, REGION, "001", 2021));
        read.unwrap().unwrap()
    };
    let first = exported();
    assert_eq!((&*first.unit, first.count), (UNIT, 2));
    let (lines, targets) = load(test, &first.bytes, (2021, Some("001")));
    assert_eq!(rejected(&lines), []);
    assert_eq!(
        (targets, count(&lines, Outcome::Unchanged)),
        (0, 3),
        "{lines:?}"
    );
    assert!(lines[0].place.starts_with("01 "), "{}", lines[0].place);

    // Another year, and a workbook of a target that is no longer there.
    let (lines, _) = load(test, &first.bytes, (2022, None));
    assert!(
        rejected(&lines)
            .iter()
            .all(|(_, said)| said.contains("这张表是 2021 年的"))
    );

    // Offline one value is changed and a row is added.
    let bare = kept(test, sample::BARE).unwrap();
    let id = bare.id.clone();
    let read = test.db.read_blocking(move |tx| record::find(tx, &id));
    let record = read.unwrap().unwrap();
    let mut target = bare.target.clone();
    target.rows[0].value = "320".to_owned();
    let head = Head {
        record: &record,
        full: domain::number::Centi(9_000),
    };
    let bytes = write_forms(&[sheet::form(&head, &target, &[])]).unwrap();
    let (lines, targets) = load(test, &bytes, (2021, None));
    assert_eq!(
        (targets, count(&lines, Outcome::Changed)),
        (1, 1),
        "{lines:?}"
    );
    assert_eq!(
        kept(test, sample::BARE).unwrap().target.rows[0].value,
        "320"
    );
});
