//! Records of another unit, asked for by their true ids.

use db::testing::TestDb;
use db::{Error, Sql, on_both};
use domain::permission::{Action, Role};

use super::{Access, check_calm, closed, content, prepare};
use crate::database::MIGRATIONS;
use crate::serve::sample::LONG_NAME;
use crate::serve::testing::TestSite;

/// Who walks: role, and the unit or section that has nothing to do with the records.
const WALKERS: [(Role, &str); 4] = [
    (Role::UnitClerk, "u-2"),
    (Role::UnitHead, "u-2"),
    (Role::DepartmentReviewer, "u-2"),
    (Role::SectionReviewer, "s-2"),
];

/// What records at work say: nobody reads it from elsewhere.
const AT_WORK: [&str; 5] = [
    "管网接入户数少于预期",
    "自评完成数与现场不符",
    "3 处设施建成后未投入使用",
    "限期投入使用",
    "未整改到位",
];

/// The rows of accounts and of mail settings that are other people's than the walkers'.
fn of_others(test: &TestDb) -> Vec<String> {
    const TABLES: [&str; 2] = [
        "SELECT * FROM account WHERE id NOT LIKE '%@u-2' AND id NOT LIKE '%@s-2' ORDER BY id",
        "SELECT * FROM mail_choice WHERE account_id NOT LIKE '%@u-2' \
         AND account_id NOT LIKE '%@s-2' ORDER BY account_id",
    ];
    test.db
        .read_blocking(|tx| {
            let mut rows = Vec::new();
            for text in TABLES {
                let sql = Sql { name: "TEST", text };
                rows.extend(tx.query(sql, &[])?.iter().map(|row| format!("{row:?}")));
            }
            Ok::<_, Error>(rows)
        })
        .unwrap()
}

/// Everybody looks units up and narrows the lists of objects to one; the name says no more there.
fn names_units(path: &str) -> bool {
    path.starts_with("/unit") || ["/objects", "/budget"].contains(&path)
}

on_both!(
    MIGRATIONS,
    nobody_of_another_unit_reads_or_changes_anything_of_a_unit,
    |test| {
        prepare(test);
        // Somebody whose account and whose mail others might reach for.
        let owner = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1"));
        owner.post("/notices/contact", "email=a%40example.test&wants_mail=on");
        let people = WALKERS.map(|(role, place)| {
            let site = TestSite::logged_in_as(test, role, Some(place));
            (site, role == Role::SectionReviewer)
        });
        // The own address and whether mail comes there are everybody's own to set.
        let own = ["session", "account", "mail_choice"];
        let (before, others) = (content(test, &own), of_others(test));
        assert!(!others.is_empty());
        for route in closed() {
            // Leaving is everybody's own.
            if route.path == "/logout" {
                continue;
            }
            for (site, is_of_section) in &people {
                // A section's reviewer sees the region's figures with what is behind them, and
                // what was released of any object.
                let is_of_all = route.access == Access::May(Action::ReadStatistics);
                let mut names: Vec<&str> = Vec::new();
                if !(*is_of_section && is_of_all) {
                    names.extend(AT_WORK);
                }
                if !is_of_section {
                    names.push(LONG_NAME);
                    names.extend((!names_units(route.path)).then_some("绵竹市住房和城乡建设局"));
                }
                for answer in [site.get(route.sample), site.post(route.sample, "")] {
                    check_calm(&answer, route.path);
                    for name in &names {
                        assert!(!answer.text.contains(name), "{}: {name}", route.path);
                    }
                }
            }
        }
        assert_eq!(content(test, &own), before);
        assert_eq!(of_others(test), others);
    }
);
