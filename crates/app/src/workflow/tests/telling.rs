//! Whom a move tells, and how a record's page keeps comments, receipts and attachments together.

use axum::http::StatusCode;
use db::on_both;

use super::*;
use crate::serve::testing::TestSite;

const PAGE: &str = "/records/performance_target/t-draft";

/// Account, title, link and lines of everything that was told, in order.
fn told(test: &TestDb) -> Vec<(String, String, String, usize)> {
    let sql = Sql {
        name: "TEST",
        text: "SELECT account_id, title, link, body FROM notice \
               ORDER BY made_at, account_id, title",
    };
    test.db
        .read_blocking(move |tx| {
            tx.query(sql, &[])?
                .iter()
                .map(|row| {
                    let lines = row.text("body")?.lines().count();
                    let title = row.text("title")?;
                    Ok::<_, db::Error>((row.text("account_id")?, title, row.text("link")?, lines))
                })
                .collect()
        })
        .unwrap()
}

fn who(test: &TestDb, title: &str) -> Vec<String> {
    let all = told(test).into_iter();
    all.filter(|it| it.1 == title).map(|it| it.0).collect()
}

fn as_person(test: &TestDb, role: Role) -> TestSite {
    let account = actor(role, 1).id.0;
    TestSite::logged_in_by(test, &account, &format!("token-of-{account}"))
}

on_both!(
    MIGRATIONS,
    a_return_and_an_approval_tell_who_sent_it_and_the_head_and_nobody_else,
    |test| {
        site(test);
        let clerk = actor(Role::UnitClerk, 1);
        act(test, clerk, plain(Verb::HandIn, 1)).unwrap();
        act(test, actor(Role::UnitHead, 1), plain(Verb::Submit, 2)).unwrap();
        assert_eq!(told(test), [], "what goes forward tells nobody");
        let reviewer = actor(Role::DepartmentReviewer, 1);
        let back = returned(ReturnTo::Filler, 3);
        act(test, reviewer.clone(), back.clone()).unwrap();
        let expected = ["ac-unit_clerk-1", "ac-unit_head-1", "ac-unit_head-2"];
        assert_eq!(who(test, "1 份表被退回"), expected);
        let links: Vec<String> = told(test).into_iter().map(|it| it.2).collect();
        assert!(
            links
                .iter()
                .all(|link| link == "/records/performance_target/t%2Ddraft")
        );
        // The same command again tells nobody twice.
        act(test, reviewer.clone(), back).unwrap();
        assert_eq!(told(test).len(), 3);
        // A refused command tells nobody.
        act(test, reviewer, plain(Verb::Approve, 4)).unwrap_err();
        assert_eq!(told(test).len(), 3);
    }
);

on_both!(MIGRATIONS, who_is_drawn_in_by_name_is_told, |test| {
    site(test);
    act(test, actor(Role::UnitHead, 1), plain(Verb::Submit, 1)).unwrap();
    act(
        test,
        actor(Role::DepartmentReviewer, 1),
        plain(Verb::Approve, 2),
    )
    .unwrap();
    let section = actor(Role::SectionReviewer, 1);
    let expert = actor(Role::Expert, 1).id;
    let order = Order::AddSigner(expert.clone());
    act(test, section.clone(), command(order, 3, "add-3")).unwrap();
    assert_eq!(who(test, "1 份表请您加签"), [expert.0]);
    let other = actor(Role::SectionReviewer, 2).id;
    let order = Order::Delegate(other.clone());
    let refused = act(test, section, command(order, 3, "stale-3"));
    assert!(refused.is_err(), "seen before the expert was asked");
    assert_eq!(who(test, "1 份表转给您办理"), Vec::<String>::new());
});

on_both!(MIGRATIONS, one_batch_tells_each_person_once, |test| {
    site(test);
    test.db.write_blocking(second_draft).unwrap();
    for (id, kind) in [(DRAFT, TARGET), ("t-second", TARGET)] {
        act_on(test, kind, id, actor(Role::UnitHead, 1), plain_for(id)).unwrap();
    }
    let reviewer = as_person(test, Role::DepartmentReviewer);
    let batch = "verb=return&to=filler&key=batch-key-9&comment=x\
                 &record=2%3Aperformance_target%3At-draft\
                 &record=2%3Aperformance_target%3At-second";
    let answer = reviewer.post("/records/batch", batch);
    assert!(answer.text.contains("2 条已办"), "{}", answer.text);
    let expected: Vec<_> = ["ac-unit_head-1", "ac-unit_head-2"]
        .map(|who| {
            (
                who.to_owned(),
                "2 份表被退回".to_owned(),
                "/records".to_owned(),
                2,
            )
        })
        .into();
    assert_eq!(told(test), expected);
    reviewer.post("/records/batch", batch);
    assert_eq!(told(test), expected, "the same form twice tells once");
});

fn plain_for(id: &str) -> Command {
    command(Order::Plain(Verb::Submit), 1, &format!("submit-{id}"))
}

/// A second target that the unit is filling, of another year.
fn second_draft(tx: &mut Tx<'_>) -> Result<(), db::Error> {
    execute(
        tx,
        "INSERT INTO performance_target VALUES ('t-second', $1, 'o-2', 2021, 1, 'initial', \
         'draft', NULL, '完成 300 户改造，群众满意。', NULL, NULL, NULL, 1, 't', \
         'project_budget', '')",
        &[&REGION],
    )?;
    let copy = Sql {
        name: "TEST",
        text: "INSERT INTO indicator SELECT 's-' || id, region_code, 't-second', position, \
               level1, level2, name, operator, value_text, unit, weight_centi, is_core, row_key \
               FROM indicator WHERE target_id = $1",
    };
    tx.execute(copy, &[&DRAFT]).map(drop)
}

on_both!(
    MIGRATIONS,
    a_round_that_is_opened_again_is_told_to_who_fills,
    |test| {
        site(test);
        let bureau = as_person(test, Role::PerformanceAdmin);
        let fields = "key=again-key-7&kind=performance_target&of_year=2020&unit=u-1\
                      &open_until=2099-12-31&reason=r";
        for _ in 0..2 {
            let answer = bureau.post("/deadlines/reopenings", fields);
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
        }
        let title = "2020 年绩效目标重新开放填报";
        let expected = ["ac-unit_clerk-1", "ac-unit_head-1", "ac-unit_head-2"];
        assert_eq!(who(test, title), expected);
    }
);

on_both!(
    MIGRATIONS,
    a_comment_stays_at_its_row_when_rows_move_or_go,
    |test| {
        site(test);
        act(test, actor(Role::UnitHead, 1), plain(Verb::Submit, 1)).unwrap();
        let reviewer = as_person(test, Role::DepartmentReviewer);
        let fields = "key=remark-key-1&field=indicators%2F2&text=look";
        let answer = reviewer.post(&format!("{PAGE}/comments"), fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let head = as_person(test, Role::UnitHead);
        let page = || head.get(PAGE).text;
        assert!(page().contains("<b>指标 2 验收合格率</b>"));
        let change = |text: &'static str| {
            let sql = Sql { name: "TEST", text };
            test.db
                .write_blocking(move |tx| tx.execute(sql, &[]))
                .unwrap();
        };
        change("UPDATE indicator SET position = 9 WHERE id = 't-draft-2'");
        assert!(page().contains("<b>指标 9 验收合格率</b>"));
        change("DELETE FROM indicator WHERE id = 't-draft-1'");
        assert!(page().contains("<b>指标 9 验收合格率</b>"));
        change("DELETE FROM indicator WHERE id = 't-draft-2'");
        let gone = page();
        assert!(gone.contains("<b>已删除的指标</b>") && gone.contains("look"));
        let by_place = "key=remark-key-2&field=indicator%2F3&text=look";
        let answer = reviewer.post(&format!("{PAGE}/comments"), by_place);
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
);

on_both!(
    MIGRATIONS,
    the_page_leads_to_the_form_its_receipts_and_its_attachments,
    |test| {
        site(test);
        let head = as_person(test, Role::UnitHead);
        let page = head.get(PAGE).text;
        for part in [
            "href=\"/targets/t%2Ddraft/edit?year=",
            "href=\"/targets/t%2Ddraft?year=",
            "id=\"attachments\"",
            "name=\"back\" value=\"/records/performance_target/t%2Ddraft\"",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("id=\"receipts\"") && !page.contains("/diff"));
        act(test, actor(Role::UnitHead, 1), plain(Verb::Submit, 1)).unwrap();
        let page = head.get(PAGE).text;
        assert!(page.contains("id=\"receipts\"") && page.contains("/submissions/SB-510683-2"));
        assert!(page.contains("href=\"/records/performance_target/t%2Ddraft/diff?year="));
        assert!(!page.contains("type=\"file\"") && !page.contains("/edit?year="));
        let target = head.get("/targets/t-draft").text;
        assert!(target.contains("href=\"/records/performance_target/t-draft?year="));
        let reviewer = as_person(test, Role::DepartmentReviewer);
        assert!(reviewer.get("/").text.contains("审核台"));
        assert!(!head.get("/").text.contains("审核台"));
    }
);

on_both!(
    MIGRATIONS,
    a_rectification_without_its_report_is_held_back_by_name,
    |test| {
        site(test);
        let change = |text: &'static str| {
            let sql = Sql { name: "TEST", text };
            test.db
                .write_blocking(move |tx| tx.execute(sql, &[]))
                .unwrap();
        };
        change("UPDATE rectification SET state = 'unit_feedback' WHERE id = 'r-1'");
        let head = actor(Role::UnitHead, 1);
        let send = |version| {
            let kind = RecordKind::Rectification;
            act_on(
                test,
                kind,
                "r-1",
                head.clone(),
                plain(Verb::Submit, version),
            )
        };
        let refusal = send(1).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "还没有上传：整改报告。请在附件里传齐后再送审。"
        );
        let page = as_person(test, Role::UnitHead).get("/records/rectification/r-1");
        assert!(page.text.contains("送审前还要上传：整改报告"));
        change("UPDATE rectification SET problem = ' ' WHERE id = 'r-1'");
        let refusal = send(1).unwrap_err();
        assert!(
            refusal.to_string().contains("还没有填写存在问题"),
            "{refusal}"
        );
    }
);

on_both!(
    MIGRATIONS,
    a_monitoring_that_deviates_is_sent_with_its_reason_alone,
    |test| {
        site(test);
        let change = |text: &'static str| {
            let sql = Sql { name: "TEST", text };
            test.db
                .write_blocking(move |tx| tx.execute(sql, &[]))
                .unwrap();
        };
        change(
            "UPDATE monitoring SET state = 'filling', adjusted_fen = 100, executed_fen = 101, \
             budget_light = 'red', deviation_reason = '' WHERE id = 'm-1'",
        );
        let head = actor(Role::UnitHead, 1);
        let send = |key: &str| {
            let order = command(Order::Plain(Verb::Submit), 1, key);
            act_on(test, RecordKind::Monitoring, "m-1", head.clone(), order)
        };
        let told = send("monitoring-1").unwrap_err().to_string();
        for part in ["V21", "V22", "C60", "超过调整后预算"] {
            assert!(told.contains(part), "{part}: {told}");
        }
        change(
            "INSERT INTO monitoring_line SELECT 'x-' || i.id, i.region_code, 'm-1', i.id, '1', \
             'green' FROM indicator i WHERE i.target_id = 't-20' AND NOT EXISTS \
             (SELECT 1 FROM monitoring_line l WHERE l.indicator_id = i.id)",
        );
        change("UPDATE monitoring SET executed_fen = 30, deviation_reason = 'r' WHERE id = 'm-1'");
        send("monitoring-2").unwrap();
    }
);

on_both!(
    MIGRATIONS,
    a_new_last_day_reaches_what_is_filled_in_that_year_alone,
    |test| {
        site(test);
        test.db.write_blocking(second_draft).unwrap();
        test.db
            .write_blocking(|tx| refresh_items(tx, NOW).map(drop))
            .unwrap();
        let bureau = as_person(test, Role::PerformanceAdmin);
        let fields = "kind=performance_target&of_year=2020&due_on=2020-05-20&grace_days=0";
        let answer = bureau.post("/deadlines", fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let due = |test: &TestDb| -> Vec<(String, Option<String>)> {
            let sql = Sql {
                name: "TEST",
                text: "SELECT record_id, due_on FROM work_item \
                       WHERE record_kind = 'performance_target' ORDER BY record_id, position",
            };
            test.db
                .read_blocking(move |tx| {
                    tx.query(sql, &[])?
                        .iter()
                        .map(|row| {
                            Ok::<_, db::Error>((row.text("record_id")?, row.opt_text("due_on")?))
                        })
                        .collect()
                })
                .unwrap()
        };
        let at_once = due(test);
        assert!(at_once.contains(&("t-draft".to_owned(), Some("2020-05-20".to_owned()))));
        assert!(at_once.contains(&("t-second".to_owned(), None)));
        // What is made anew one by one says the same.
        test.db
            .write_blocking(|tx| refresh_items(tx, NOW).map(drop))
            .unwrap();
        assert_eq!(due(test), at_once);
    }
);
