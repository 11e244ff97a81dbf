//! Who is reminded, when, and how often.

use db::testing::TestDb;
use db::{Tx, on_both};
use domain::permission::Role;

use super::remind;
use crate::database::MIGRATIONS;
use crate::notice::store;
use crate::notice::testing::{Work, person, work};
use crate::serve::sample;

/// Makes the people of the sample's unit, its section, and of places that have nothing to do with
/// it.
fn people(tx: &mut Tx<'_>) -> Result<(), db::Error> {
    sample::write(tx)?;
    sample::elsewhere(tx)?;
    for (login, role, place) in [
        ("clerk", Role::UnitClerk, Some("u-1")),
        ("other-clerk", Role::UnitClerk, Some("u-2")),
        ("head", Role::UnitHead, Some("u-1")),
        ("department", Role::DepartmentReviewer, Some("u-1")),
        ("section", Role::SectionReviewer, Some("s-1")),
        ("other-section", Role::SectionReviewer, Some("s-2")),
        ("bureau", Role::PerformanceAdmin, None),
        ("expert", Role::Expert, None),
    ] {
        person(tx, login, role, place, &format!("{login}@example.test"))?;
    }
    Ok(())
}

/// One piece of work of a record of its own, due on 30 November.
fn give(tx: &mut Tx<'_>, id: &str, role: Role, scope: &str) -> Result<(), db::Error> {
    let held = Work {
        kind: "performance_target",
        id,
        position: 1,
        person: None,
        role,
        scope,
        verb: "fill",
        due_on: Some("2020-11-30"),
    };
    work(tx, &held)
}

fn run(test: &TestDb, now: &'static str) -> u64 {
    test.db.write_blocking(|tx| remind(tx, now)).unwrap()
}

/// The titles of what the account was told, the newest first.
fn told(test: &TestDb, account: &'static str) -> Vec<String> {
    let notices = test
        .db
        .read_blocking(|tx| store::page(tx, account, false, ("", ""), 100))
        .unwrap();
    notices.into_iter().map(|notice| notice.title).collect()
}

on_both!(
    MIGRATIONS,
    only_who_holds_the_work_is_reminded_of_it,
    |test| {
        test.db
            .write_blocking(|tx| {
                people(tx)?;
                give(tx, "t-1", Role::UnitClerk, "own_unit")?;
                give(tx, "t-2", Role::DepartmentReviewer, "subordinate_units")?;
                give(tx, "t-3", Role::SectionReviewer, "own_section")?;
                give(tx, "t-4", Role::PerformanceAdmin, "region")?;
                let named = Work {
                    kind: "performance_target",
                    id: "t-5",
                    position: 1,
                    person: Some("head"),
                    role: Role::UnitHead,
                    scope: "",
                    verb: "approve",
                    due_on: Some("2020-11-30"),
                };
                work(tx, &named)
            })
            .unwrap();
        assert_eq!(run(test, "2020-11-27T09:00:00+08:00"), 5);
        for (account, expected) in [
            ("clerk", 1),
            ("other-clerk", 0),
            ("head", 1),
            ("department", 1),
            ("section", 1),
            ("other-section", 0),
            ("bureau", 1),
            ("expert", 0),
        ] {
            assert_eq!(told(test, account).len(), expected, "{account}");
        }
        let mails = test
            .db
            .read_blocking(crate::notice::outbox::store::counts)
            .unwrap();
        assert_eq!(mails.waiting, 5);
    }
);

on_both!(
    MIGRATIONS,
    each_stage_reminds_once_by_one_notice_for_all_work,
    |test| {
        test.db
            .write_blocking(|tx| {
                people(tx)?;
                give(tx, "t-1", Role::UnitClerk, "own_unit")?;
                give(tx, "t-2", Role::UnitClerk, "own_unit")
            })
            .unwrap();
        for (now, expected) in [
            // Eight days before, nobody is reminded; by night neither.
            ("2020-11-22T09:00:00+08:00", 0),
            ("2020-11-23T07:59:00+08:00", 0),
            ("2020-11-23T08:00:00+08:00", 1),
            ("2020-11-23T09:00:00+08:00", 0),
            ("2020-11-24T09:00:00+08:00", 0),
            ("2020-11-27T09:00:00+08:00", 1),
            ("2020-11-28T09:00:00+08:00", 0),
            ("2020-11-30T09:00:00+08:00", 1),
            ("2020-12-01T19:00:00+08:00", 0),
            ("2020-12-02T08:00:00+08:00", 1),
            ("2020-12-03T08:00:00+08:00", 0),
            ("2020-12-31T08:00:00+08:00", 0),
        ] {
            assert_eq!(run(test, now), expected, "{now}");
        }
        assert_eq!(
            told(test, "clerk"),
            [
                "2 项工作已经逾期",
                "2 项工作今天到期",
                "2 项工作快到期了，最早的还有 3 天",
                "2 项工作快到期了，最早的还有 7 天",
            ]
        );
    }
);

on_both!(
    MIGRATIONS,
    work_that_comes_late_is_reminded_of_and_the_rest_not_again,
    |test| {
        test.db
            .write_blocking(|tx| {
                people(tx)?;
                give(tx, "t-1", Role::UnitClerk, "own_unit")
            })
            .unwrap();
        assert_eq!(run(test, "2020-11-27T09:00:00+08:00"), 1);
        test.db
            .write_blocking(|tx| give(tx, "t-2", Role::UnitClerk, "own_unit"))
            .unwrap();
        // Within the hour nothing is looked up again.
        assert_eq!(run(test, "2020-11-27T09:59:00+08:00"), 0);
        assert_eq!(run(test, "2020-11-27T10:00:00+08:00"), 1);
        let notices = test
            .db
            .read_blocking(|tx| store::page(tx, "clerk", false, ("", ""), 9))
            .unwrap();
        assert!(notices[0].body.contains("绩效目标 t-2"));
        assert!(!notices[0].body.contains("绩效目标 t-1"));
        assert_eq!(notices[0].link, "/records/performance_target/t-2");
    }
);
