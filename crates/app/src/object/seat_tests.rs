//! Old years under the departments of their time, and under today's.

use db::testing::TestDb;
use db::{Sql, on_both};

use super::store::list::{Filter, Key, Order, page};
use super::store::seat::{self, Seating, departments};
use crate::database::MIGRATIONS;
use crate::permission::Reach;
use crate::serve::sample;
use crate::serve::testing::TestSite;

const TODAY: &str = "2026-05-01";

/// The sample with a second department, and what happened to both since.
fn write(test: &TestDb, happened: &'static [&'static str]) {
    test.db
        .write_blocking(move |tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)?;
            for text in happened {
                let sql = Sql {
                    name: "HAPPENED",
                    text,
                };
                tx.execute_one(sql, &[])?;
            }
            Ok::<_, db::Error>(())
        })
        .unwrap();
}

/// 住建局 went into 卫健局 at the end of 2020, and that one was renamed later.
const MERGED: &[&str] = &[
    "UPDATE organisation_unit SET valid_to = '2020-12-31' WHERE id = 'u-1'",
    "INSERT INTO unit_succession VALUES ('u-1', 'u-2', '510683', '2021-01-01', TRUE)",
    "INSERT INTO unit_former VALUES \
     ('u-2', '2019-01-01', '2021-05-31', '510683', '002', '绵竹市卫生健康局', 'first', NULL)",
    "UPDATE organisation_unit SET name = '绵竹市建设和健康局' WHERE id = 'u-2'",
];

/// 住建局 was put under 卫健局 in 2022, and lived on.
const MOVED: &[&str] = &[
    "INSERT INTO unit_former VALUES ('u-1', '2019-01-01', '2021-12-31', '510683', '001', \
     '绵竹市住房和城乡建设局', 'first', NULL)",
    "UPDATE organisation_unit SET level = 'second', parent_id = 'u-2' WHERE id = 'u-1'",
];

/// 住建局 ended, and nobody carries its work on.
const CLOSED: &[&str] = &["UPDATE organisation_unit SET valid_to = '2020-12-31' WHERE id = 'u-1'"];

/// 住建局 went into a new unit, which went under 卫健局.
const FOLLOWED: &[&str] = &[
    "INSERT INTO organisation_unit VALUES ('u-3', '510683', '003', '绵竹市建设中心', 'second', \
     'u-2', '2021-01-01', '2022-12-31', 1, 't')",
    "INSERT INTO organisation_unit VALUES ('u-4', '510683', '004', '绵竹市建设站', 'second', \
     'u-2', '2023-01-01', NULL, 1, 't')",
    "UPDATE organisation_unit SET valid_to = '2020-12-31' WHERE id = 'u-1'",
    "INSERT INTO unit_succession VALUES ('u-1', 'u-3', '510683', '2021-01-01', TRUE)",
    "INSERT INTO unit_succession VALUES ('u-3', 'u-4', '510683', '2023-01-01', TRUE)",
];

/// Of 2020: the departments' names, and where the projects of 住建局 are found.
fn shown(test: &TestDb, seating: Seating, names: &[&str], home: &str) {
    let found = test
        .db
        .read_blocking(move |tx| departments(tx, ("510683", 2020), seating, TODAY))
        .unwrap();
    let found: Vec<&str> = found.iter().map(|choice| &*choice.name).collect();
    assert_eq!(found, names, "{seating:?}");
    for department in ["u-1", "u-2"] {
        let filter = Filter {
            department: department.to_owned(),
            seating,
            ..whole_year()
        };
        let expected = if department == home { 3 } else { 0 };
        assert_eq!(budgets(test, filter).len(), expected, "{department}");
    }
}

fn whole_year() -> Filter {
    Filter {
        region_code: "510683".to_owned(),
        reach: Reach {
            is_region: true,
            ..Reach::default()
        },
        year: 2020,
        ..Filter::default()
    }
}

/// Each object with its budget.
fn budgets(test: &TestDb, filter: Filter) -> Vec<(String, Option<i64>)> {
    let order = Order {
        key: Key::Unit,
        is_down: false,
    };
    let lines = test
        .db
        .read_blocking(move |tx| page(tx, &filter, order, None, 100));
    let mut budgets: Vec<_> = lines
        .unwrap()
        .0
        .into_iter()
        .map(|line| (line.id, line.budget_fen))
        .collect();
    budgets.sort_unstable();
    budgets
}

const HOUSING: &str = "绵竹市住房和城乡建设局";
const HEALTH: &str = "绵竹市卫生健康局";

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    test.db
        .read_blocking(|tx| {
            let mut all = seat::STATEMENTS.iter();
            all.try_for_each(|sql| tx.prepare(*sql))
        })
        .unwrap();
});

on_both!(MIGRATIONS, an_old_year_keeps_its_departments, |test| {
    write(test, MERGED);
    shown(test, Seating::Then, &[HOUSING, HEALTH], "u-1");
});

on_both!(
    MIGRATIONS,
    a_merged_department_is_shown_under_its_successor_as_now,
    |test| {
        write(test, MERGED);
        shown(test, Seating::Now, &["绵竹市建设和健康局"], "u-2");
    }
);

on_both!(
    MIGRATIONS,
    a_moved_department_is_shown_where_it_is_as_now,
    |test| {
        write(test, MOVED);
        shown(test, Seating::Then, &[HOUSING, HEALTH], "u-1");
        shown(test, Seating::Now, &[HEALTH], "u-2");
    }
);

on_both!(
    MIGRATIONS,
    a_department_without_successor_stays_as_now,
    |test| {
        write(test, CLOSED);
        shown(test, Seating::Now, &[HOUSING, HEALTH], "u-1");
    }
);

on_both!(
    MIGRATIONS,
    a_line_of_successors_is_followed_to_its_end,
    |test| {
        write(test, FOLLOWED);
        shown(test, Seating::Then, &[HOUSING, HEALTH], "u-1");
        shown(test, Seating::Now, &[HEALTH], "u-2");
    }
);

on_both!(
    MIGRATIONS,
    the_money_of_a_year_is_the_same_under_any_departments,
    |test| {
        write(test, MERGED);
        let now = Filter {
            seating: Seating::Now,
            ..whole_year()
        };
        let then = budgets(test, whole_year());
        assert_eq!(then.len(), 3);
        assert_eq!(budgets(test, now), then);
    }
);

on_both!(MIGRATIONS, pages_switch_between_then_and_now, |test| {
    write(test, MERGED);
    let site = TestSite::logged_in(test);
    for (path, there, absent) in [
        ("/overview?year=2020", HEALTH, "绵竹市建设和健康局"),
        (
            "/overview?year=2020&units=now",
            "绵竹市建设和健康局",
            HEALTH,
        ),
        ("/overview?year=2020&units=x", HEALTH, "绵竹市建设和健康局"),
        ("/objects?year=2020", HEALTH, "绵竹市建设和健康局"),
        ("/objects?year=2020&units=now", "绵竹市建设和健康局", HEALTH),
    ] {
        let text = site.get(path).text;
        assert!(text.contains(there), "{path}: {there}");
        assert!(!text.contains(absent), "{path}: {absent}");
    }
    // What the matrix leads to is shown under the same departments.
    let text = site.get("/overview?year=2020&units=now").text;
    assert!(text.contains("department=u-2&#38;units=now"));
    assert!(text.contains("/overview?year=2020#coverage"));
});
