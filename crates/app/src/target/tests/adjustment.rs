//! Approved targets are followed by new editions; what was approved is kept.

use super::*;
use crate::target::store::adjustment;

/// The sample with a second edition of the full project's target, opened by the head of its unit.
fn opened(test: &TestDb) -> (TestSite, String) {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)
        })
        .unwrap();
    widen(test);
    let head = TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"));
    let answer = open(&head, "预算调减三万元", "", "b-4");
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let to = answer.headers[LOCATION].to_str().unwrap();
    let id = to.split(['/', '?']).nth(2).unwrap().to_owned();
    (head, id)
}

/// The sample's records are of 2020 and the clock is not: the target is moved into its window.
fn widen(test: &TestDb) {
    let year: i64 = crate::serve::now_text()[..4].parse().unwrap();
    test.db
        .write_blocking(move |tx| {
            for text in [
                "UPDATE performance_target SET fiscal_year = $1 WHERE id = 't-20'",
                "UPDATE budget_line SET fiscal_year = $1 WHERE id = 'b-4'",
            ] {
                tx.execute_one(db::Sql { name: "TEST", text }, &[&year])?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
}

fn open(site: &TestSite, reason: &str, document: &str, line: &str) -> Answer {
    let pairs = [
        ("version", "1"),
        ("reason", reason),
        ("document", document),
        ("line", line),
    ];
    let pairs = pairs.map(|(name, text)| (name.to_owned(), text.to_owned()));
    site.post("/targets/t-20/adjustment", &encoded(&pairs))
}

/// Carries out a command as anybody of the region.
fn act(test: &TestDb, role: Role, verb: Verb, outcome: Option<&str>, id: &str) {
    let place = match role {
        Role::SectionReviewer => "s-1",
        Role::BudgetOfficer => "",
        _ => "u-1",
    };
    command(test, role, place, Order::Plain(verb), outcome, id);
}

/// Has the section's form of the target, sent once, come to the grade.
fn form_graded(test: &TestDb, target: &str, grade: &'static str) {
    let place = "s-1";
    TestSite::logged_in_as(test, Role::SectionReviewer, Some(place));
    let person = format!("{}@{place}", Role::SectionReviewer.name());
    let target = target.to_owned();
    test.db
        .write_blocking(move |tx| {
            let insert = "INSERT INTO target_review (id, region_code, target_id, round, step, \
                        reviewer_id, is_scored, grade, reason, opinion, corrections, is_decisive, \
                        rule_pack, written_at) VALUES ('v-test', '510683', $1, 1, \
                        'section_review', $2, FALSE, $3, '', '', '', FALSE, \
                        'mianzhu-2020@2020.1', $4)";
            let sql = db::Sql {
                name: "TEST",
                text: insert,
            };
            tx.execute_one(sql, &[&target, &person, &grade, &NOW])
        })
        .unwrap();
}

on_both!(
    MIGRATIONS,
    an_adjustment_needs_its_reason_and_its_ground,
    |test| {
        test.db.write_blocking(sample::write).unwrap();
        let clerk = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1"));
        let head = TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"));
        let late = open(&head, "预算调减", "", "b-4");
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.text.contains("只能在") && late.text.contains("V16"));
        widen(test);
        let before = test.content();
        for (reason, document, line, said) in [
            ("", "", "b-4", "调整原因"),
            ("想改", "", "", "批准调整的文号"),
            ("想改", " ", "", "批准调整的文号"),
        ] {
            let answer = open(&head, reason, document, line);
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text.contains(said), "{said}");
        }
        // Neither the initial budget nor another year's change is a change of the budget.
        for line in ["b-2", "b-1", "b-5"] {
            assert_eq!(open(&head, "想改", "", line).status, StatusCode::NOT_FOUND);
        }
        let commands = "/records/performance_target/t-20/commands";
        let past = head.post(
            commands,
            "version=1&key=adjust-it-once&verb=adjust&comment=x",
        );
        assert!(past.text.contains("调整目标"), "{}", past.text);
        let refused = open(&clerk, "预算调减", "", "b-4");
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(test.content(), before);
    }
);

on_both!(
    MIGRATIONS,
    the_earlier_edition_holds_until_the_new_one_is_approved,
    |test| {
        let (head, id) = opened(test);
        let (old, new) = (stored(test, "t-20"), stored(test, &id));
        assert_eq!(
            (&*old.state, &*new.state, new.edition),
            ("adjusting", "draft", 2)
        );
        assert_eq!(old.target, new.target);
        let again = open(&head, "再调", "文", "");
        assert_eq!(
            again.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            again.text
        );
        let edit = head.get("/targets/t-20/edit");
        assert_ne!(
            edit.status,
            StatusCode::OK,
            "what was approved is not edited"
        );
        let before = old.target.clone();
        let clerk = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1"));
        let saved = save(&clerk, &id, &typed(new.version, "save", GOAL, &LINES));
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        assert_eq!(stored(test, "t-20").target, before);
        submit(test, &id);
        act(test, Role::DepartmentReviewer, Verb::Approve, None, &id);
        form_graded(test, &id, "优");
        act(test, Role::SectionReviewer, Verb::Approve, Some("优"), &id);
        assert_eq!(stored(test, &id).state, "reviewed");
        assert_eq!(stored(test, "t-20").state, "adjusting");
        let settled = "UPDATE managed_object SET needs_ex_ante = FALSE";
        test.db
            .write_blocking(move |tx| {
                tx.execute(
                    db::Sql {
                        name: "TEST",
                        text: settled,
                    },
                    &[],
                )
            })
            .unwrap();
        act(test, Role::BudgetOfficer, Verb::Advance, None, &id);
        // A cut needs no congress.
        act(test, Role::BudgetOfficer, Verb::Approve, None, &id);
        assert_eq!(stored(test, &id).state, "approved");
        let old = stored(test, "t-20");
        assert_eq!((&*old.state, old.target), ("superseded", before));
        let page = head.get(&format!("/targets/{id}/editions"));
        for said in [
            "第 1 版 → 第 2 版",
            "预算调减三万元",
            "调减 -3 万元",
            "绵财预〔2020〕1号",
            "批复",
        ] {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
        let same = head.get(&format!("/targets/{id}/editions?from=2&to=2"));
        assert!(same.text.contains("没有改动"));
        let none = head.get(&format!("/targets/{id}/editions?from=1&to=7"));
        assert_eq!(none.status, StatusCode::NOT_FOUND);
    }
);

on_both!(
    MIGRATIONS,
    an_edition_that_is_dropped_leaves_the_earlier_one_as_it_was,
    |test| {
        let (head, id) = opened(test);
        act(test, Role::UnitHead, Verb::Cancel, None, &id);
        assert_eq!(stored(test, &id).state, "cancelled");
        assert_eq!(stored(test, "t-20").state, "approved");
        let page = head.get("/targets/t-20/editions");
        assert!(page.text.contains("放弃"), "{}", page.text);
        // And it can be adjusted again, as edition 3.
        let version = stored(test, "t-20").version.to_string();
        let fields = encoded(&[
            ("version".to_owned(), version),
            ("reason".to_owned(), "任务变更".to_owned()),
            ("document".to_owned(), "绵府〔2020〕9号".to_owned()),
            ("line".to_owned(), String::new()),
        ]);
        let answer = head.post("/targets/t-20/adjustment", &fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
);

on_both!(MIGRATIONS, what_an_adjustment_keeps_is_understood, |test| {
    test.db
        .read_blocking(|tx| {
            let mut all = adjustment::STATEMENTS.iter();
            all.try_for_each(|sql| tx.prepare(*sql))
        })
        .unwrap();
});
