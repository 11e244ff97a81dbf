//! The home page as each person sees it.

use axum::http::StatusCode;
use db::testing::TestDb;
use db::{Sql, Tx, on_both};
use domain::permission::Role;

use super::store;
use crate::database::MIGRATIONS;
use crate::identity;
use crate::notice::testing::{REGION, Work, person, work};
use crate::serve::testing::TestSite;
use crate::serve::{later, now_text, sample, today};

const DESK: Sql = Sql {
    name: "DESK",
    text: "INSERT INTO record_desk (record_kind, record_id, region_code, desk, outcome, fillers, \
           rule_pack, arrived_at) VALUES ($1, $2, '510683', '{}', NULL, $3, 'mianzhu-2020', 't')",
};

const STEP: Sql = Sql {
    name: "STEP",
    text: "INSERT INTO record_step (record_kind, record_id, version, region_code, verb, fact, \
           from_state, state, person_id, done_at, comment, named) VALUES ($1, $2, $3, '510683', \
           $4, 'f', 'draft', $5, $6, $7, $8, '[]')",
};

fn people(tx: &mut Tx<'_>) -> Result<(), db::Error> {
    sample::write(tx)?;
    sample::elsewhere(tx)?;
    for (login, role, place) in [
        ("clerk", Role::UnitClerk, Some("u-1")),
        ("other-clerk", Role::UnitClerk, Some("u-2")),
        ("department", Role::DepartmentReviewer, Some("u-1")),
        ("section", Role::SectionReviewer, Some("s-1")),
        ("other-section", Role::SectionReviewer, Some("s-2")),
        ("bureau", Role::PerformanceAdmin, None),
        ("expert", Role::Expert, None),
        ("system", Role::SystemAdmin, None),
        ("observer", Role::Observer, None),
    ] {
        person(tx, login, role, place, "")?;
    }
    Ok(())
}

/// Work that a role holds; `t-20` is the sample's target of 25 lines.
fn held<'a>(id: &'a str, role: Role, scope: &'a str, verb: &'a str) -> Work<'a> {
    Work {
        kind: "performance_target",
        id,
        position: 1,
        person: None,
        role,
        scope,
        verb,
        due_on: None,
    }
}

fn site(test: &TestDb, account: &str) -> TestSite {
    TestSite::logged_in_by(test, account, &web::token::secret().unwrap())
}

fn works(test: &TestDb, account: &'static str) -> i64 {
    test.db
        .write_blocking(move |tx| {
            let account = identity::store::find_by_id(tx, account)?.unwrap();
            let actor = identity::store::actor(tx, &account)?;
            store::badges(tx, &actor)
        })
        .unwrap()
        .works
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    let prepared = test.db.read_blocking(|tx| {
        let all = [
            store::STATEMENTS,
            store::dates::STATEMENTS,
            store::overdue::STATEMENTS,
            store::steps::STATEMENTS,
        ];
        all.into_iter()
            .flatten()
            .try_for_each(|sql| tx.prepare(*sql))
    });
    prepared.unwrap();
});

on_both!(
    MIGRATIONS,
    each_person_has_the_work_that_the_persons_roles_and_place_hold,
    |test| {
        test.db
            .write_blocking(|tx| {
                people(tx)?;
                work(tx, &held("t-20", Role::UnitClerk, "own_unit", "fill"))?;
                let department = Role::DepartmentReviewer;
                work(tx, &held("t-1", department, "subordinate_units", "approve"))?;
                work(
                    tx,
                    &held("t-2", Role::SectionReviewer, "own_section", "approve"),
                )?;
                work(
                    tx,
                    &held("t-3", Role::PerformanceAdmin, "region", "approve"),
                )?;
                work(tx, &held("t-4", Role::Expert, "assigned_tasks", "approve"))?;
                let named = Work {
                    person: Some("bureau"),
                    ..held("t-5", Role::Expert, "", "consult")
                };
                work(tx, &named)
            })
            .unwrap();
        for (account, expected) in [
            ("clerk", 1),
            ("other-clerk", 0),
            ("department", 1),
            ("section", 1),
            ("other-section", 0),
            ("bureau", 2),
            ("expert", 0),
            ("system", 0),
            ("observer", 0),
        ] {
            assert_eq!(works(test, account), expected, "{account}");
            let text = site(test, account).get("/").text;
            assert!(text.contains(&format!("待办 {expected}")), "{account}");
        }
        test.db
            .write_blocking(|tx| {
                let assigned = Sql {
                    name: "ASSIGN",
                    text: "INSERT INTO assignment VALUES ('expert', 'performance_target', 't-4', \
                           '510683', 't')",
                };
                tx.execute_one(assigned, &[])
            })
            .unwrap();
        assert_eq!(works(test, "expert"), 1);
    }
);

on_both!(
    MIGRATIONS,
    nobody_is_asked_to_review_what_they_filled,
    |test| {
        test.db
            .write_blocking(|tx| {
                people(tx)?;
                for (id, fillers) in [
                    ("t-1", "[\"section\"]"),
                    ("t-2", "[\"section-2\",\"clerk\"]"),
                ] {
                    work(
                        tx,
                        &held(id, Role::SectionReviewer, "own_section", "approve"),
                    )?;
                    tx.execute_one(DESK, &[&"performance_target", &id, &fillers])?;
                }
                work(tx, &held("t-3", Role::UnitClerk, "own_unit", "fill"))?;
                tx.execute_one(DESK, &[&"performance_target", &"t-3", &"[\"clerk\"]"])
            })
            .unwrap();
        let text = site(test, "section").get("/").text;
        assert!(!text.contains("绩效目标 t-1"));
        assert!(text.contains("绩效目标 t-2"));
        // What one fills stays one's own.
        assert_eq!(works(test, "clerk"), 1);
    }
);

on_both!(
    MIGRATIONS,
    the_first_screen_has_at_most_three_things_with_their_minutes,
    |test| {
        test.db
            .write_blocking(|tx| {
                people(tx)?;
                let (late, soon) = (later(&now_text(), -172_800), later(&now_text(), 86_400));
                for (kind, id, verb, due_on) in [
                    ("performance_target", "t-20", "fill", Some(&soon[..10])),
                    ("monitoring", "m-1", "fill", Some(&late[..10])),
                    ("self_evaluation", "se-1", "fill", None),
                    ("rectification", "r-1", "submit", None),
                    ("performance_target", "t-19", "fill", None),
                ] {
                    let mut work_item = held(id, Role::UnitClerk, "own_unit", verb);
                    (work_item.kind, work_item.due_on) = (kind, due_on);
                    work(tx, &work_item)?;
                }
                Ok::<_, db::Error>(())
            })
            .unwrap();
        let text = site(test, "clerk").get("/").text;
        assert_eq!(text.matches("class=\"minutes\"").count(), 3);
        // Late first, then what is due soon; 25 lines are 5 + 25 minutes.
        let monitoring = text.find("填报绩效运行监控").unwrap();
        let targets = text.find("填报绩效目标 2 份").unwrap();
        assert!(monitoring < targets);
        assert!(text.contains("约 30 分钟"));
        assert!(text.contains("已超过 2 天"));
        assert!(text.contains("还有 1 天"));
        assert!(text.contains("/records/monitoring/m%2D1"));
        let late = site(test, "clerk").get("/?due=late").text;
        assert!(late.contains("共 1 条"), "{late}");
        let kind = site(test, "clerk").get("/?kind=performance_target").text;
        assert!(kind.contains("共 2 条"));
        let none = site(test, "clerk").get("/?text=%25").text;
        assert!(none.contains("没有符合条件的待办"));
    }
);

on_both!(
    MIGRATIONS,
    a_long_list_goes_on_where_the_page_ends,
    |test| {
        test.db
            .write_blocking(|tx| {
                people(tx)?;
                for number in 0..60 {
                    let id = format!("t-{number:03}");
                    work(tx, &held(&id, Role::UnitClerk, "own_unit", "fill"))?;
                }
                Ok::<_, db::Error>(())
            })
            .unwrap();
        let clerk = site(test, "clerk");
        let first = clerk.get("/").text;
        assert!(first.contains("本页 50 条，共 60 条"));
        let next = first.split("rel=\"next\"").next().unwrap();
        let next = next.rsplit("href=\"").next().unwrap();
        let next = next.split('"').next().unwrap().replace("&#38;", "&");
        let second = clerk.get(&next.replace("&amp;", "&")).text;
        assert!(second.contains("本页 10 条"), "{next}");
        assert!(second.contains("目标 t-059") && !second.contains("目标 t-049"));
    }
);

on_both!(
    MIGRATIONS,
    what_a_person_did_and_began_stays_findable,
    |test| {
        test.db
            .write_blocking(|tx| {
                people(tx)?;
                for (version, verb, state, who, at, comment) in [
                    (
                        1_i64,
                        "fill",
                        "draft",
                        "clerk",
                        "2020-11-01T09:00:00+08:00",
                        "",
                    ),
                    (
                        2,
                        "submit",
                        "section_review",
                        "clerk",
                        "2020-11-02T09:00:00+08:00",
                        "",
                    ),
                    (
                        3,
                        "return",
                        "returned",
                        "section",
                        "2020-11-03T09:00:00+08:00",
                        "<b>产出指标不量化</b>",
                    ),
                ] {
                    tx.execute_one(
                        STEP,
                        &[
                            &"performance_target",
                            &"t-20",
                            &version,
                            &verb,
                            &state,
                            &who,
                            &at,
                            &comment,
                        ],
                    )?;
                }
                Ok::<_, db::Error>(())
            })
            .unwrap();
        let clerk = site(test, "clerk");
        let done = clerk.get("/?tab=done").text;
        assert!(done.contains("填报绩效目标") && done.contains("送审绩效目标"));
        assert!(done.contains(&sample::LONG_NAME[..30]));
        let begun = clerk.get("/?tab=begun").text;
        assert!(begun.contains("填报绩效目标") && !begun.contains("送审绩效目标"));
        let section = site(test, "section").get("/?tab=done").text;
        assert!(section.contains("退回绩效目标") && !section.contains("<b>产出"));
        let begun = site(test, "section").get("/?tab=begun").text;
        assert!(begun.contains("还没有发起过"));
    }
);

on_both!(
    MIGRATIONS,
    the_calendar_shows_ones_own_dates_and_the_ends_of_rounds,
    |test| {
        test.db
            .write_blocking(|tx| {
                people(tx)?;
                let dated = Work {
                    due_on: Some("2020-11-30"),
                    ..held("t-20", Role::UnitClerk, "own_unit", "fill")
                };
                work(tx, &dated)?;
                let round = Sql {
                    name: "ROUND",
                    text: "INSERT INTO deadline VALUES ($1, 'self_evaluation', 2020, \
                           '2020-11-20', 3, 'bureau', 't', 1)",
                };
                tx.execute_one(round, &[&REGION])
            })
            .unwrap();
        let clerk = site(test, "clerk").get("/calendar?month=2020-11").text;
        assert!(clerk.contains("2020 年 11 月的期限"));
        assert!(clerk.contains("填报：绩效目标 t-20"));
        assert!(clerk.contains("2020 年绩效自评填报截止"));
        let other = site(test, "other-clerk")
            .get("/calendar?month=2020-11")
            .text;
        assert!(!other.contains("绩效目标 t-20") && other.contains("填报截止"));
        let empty = site(test, "clerk").get("/calendar?month=2020-02").text;
        assert!(empty.contains("id=\"d2020-02-29\"") && empty.contains("这个月没有期限"));
        for wrong in ["", "0000-00", "9999999-01", "%3Cscript%3E", "2020-13"] {
            let answer = site(test, "clerk").get(&format!("/calendar?month={wrong}"));
            assert_eq!(answer.status, StatusCode::OK, "{wrong}");
            assert!(!answer.text.contains("<script>alert"), "{wrong}");
        }
    }
);

#[test]
fn the_calendar_file_is_one_that_calendar_programs_read() {
    let test = TestDb::sqlite(MIGRATIONS);
    let due = later(&now_text(), 5 * 86_400);
    test.db
        .write_blocking(move |tx| {
            people(tx)?;
            let dated = Work {
                due_on: Some(&due[..10]),
                ..held("t;1,2\n", Role::UnitClerk, "own_unit", "fill")
            };
            work(tx, &dated)
        })
        .unwrap();
    let answer = site(&test, "clerk").get("/calendar.ics");
    assert_eq!(
        answer.headers["content-type"],
        "text/calendar; charset=utf-8"
    );
    let disposition = answer.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment"));
    let file = answer.text.replace("\r\n ", "");
    for expected in [
        "BEGIN:VCALENDAR\r\n",
        "BEGIN:VEVENT\r\n",
        "DTSTART;VALUE=DATE:",
        "SUMMARY:填报：绩效目标 t\\;1\\,2\\n\r\n",
        "END:VCALENDAR\r\n",
    ] {
        assert!(file.contains(expected), "{expected}: {file}");
    }
}

on_both!(
    MIGRATIONS,
    the_overdue_list_says_in_whose_hands_it_is_and_shows_no_other_units,
    |test| {
        test.db
            .write_blocking(|tx| {
                people(tx)?;
                let late = Work {
                    due_on: Some("2020-11-30"),
                    ..held("t-20", Role::UnitClerk, "own_unit", "fill")
                };
                work(tx, &late)?;
                let day = today();
                let on_time = Work {
                    due_on: Some(&day),
                    ..held("t-19", Role::UnitClerk, "own_unit", "fill")
                };
                work(tx, &on_time)
            })
            .unwrap();
        for (account, expected) in [
            ("clerk", true),
            ("department", true),
            ("section", true),
            ("bureau", true),
            ("other-clerk", false),
            ("other-section", false),
            ("expert", false),
            ("observer", false),
        ] {
            let text = site(test, account).get("/overdue").text;
            assert_eq!(text.contains("绩效目标 t-20"), expected, "{account}");
            assert!(!text.contains("绩效目标 t-19"), "{account}");
            let csv = site(test, account).get("/overdue.csv").text;
            assert_eq!(csv.contains("绩效目标 t-20"), expected, "{account}");
            let others = site(test, account).get("/overdue?kind=monitoring").text;
            assert!(!others.contains("绩效目标 t-20"), "{account}");
        }
        assert!(
            site(test, "bureau")
                .get("/overdue")
                .text
                .contains("单位经办")
        );
        let system = site(test, "system").get("/overdue");
        assert_eq!(system.status, StatusCode::FORBIDDEN);
    }
);
