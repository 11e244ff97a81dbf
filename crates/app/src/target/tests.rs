//! Filling, comparing and commenting on targets, on both databases.

mod adjustment;
mod coach;
mod forms;
mod library;
mod merge;
mod rows;
mod unit_files;
mod workbook;

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::testing::TestDb;
use db::{Error, on_both};
use domain::permission::{Actor, Role};
use domain::workflow::{Command, Order, RecordKind, ReturnTo, Verb};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::store::{comment, draft, record, returned, snapshot, version};
use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::{Answer, TestSite};
use crate::workflow;

const NOW: &str = "2020-12-01T09:30:00+08:00";

/// A row as a clerk types it: key, name, value and weight.
type Line<'a> = (&'a str, &'a str, &'a str, &'a str);

const LINES: [Line<'_>; 3] = [
    ("", "改造户数", "300", "50"),
    ("", "受益人口", "900", "30"),
    ("", "群众满意度", "90", "10"),
];
const LEVELS: [(&str, &str, &str); 3] = [
    ("产出指标", "数量指标", "户"),
    ("效益指标", "社会效益指标", "人"),
    ("满意度指标", "服务对象满意度指标", "%"),
];
const GOAL: &str = "完成三百户改造，让九百人用上干净水。";

fn encoded(pairs: &[(String, String)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn typed(version: i64, order: &str, goal: &str, lines: &[Line<'_>]) -> String {
    let mut pairs = vec![
        ("version".to_owned(), version.to_string()),
        ("do".to_owned(), order.to_owned()),
        ("goal".to_owned(), goal.to_owned()),
    ];
    for (place, (key, name, value, weight)) in lines.iter().enumerate() {
        let (level1, level2, unit) = LEVELS[place % 3];
        for (cell, text) in [
            ("key", *key),
            ("level1", level1),
            ("level2", level2),
            ("name", *name),
            ("operator", "≥"),
            ("value", *value),
            ("unit", unit),
            ("weight", *weight),
        ] {
            pairs.push((format!("r{place}.{cell}"), text.to_owned()));
        }
    }
    encoded(&pairs)
}

/// The sample, and a target of the bare project that its unit's clerk has just begun: its id.
fn begun(test: &TestDb) -> (TestSite, String) {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            // Its form of a project asks for goal and indicators alone.
            workflow::choose_pack(tx, "sichuan")?;
            sample::elsewhere(tx)
        })
        .unwrap();
    let clerk = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1"));
    let id = begin(&clerk, sample::BARE, "empty");
    (clerk, id)
}

fn begin(site: &TestSite, object: &str, copy: &str) -> String {
    let fields = format!("object={object}&year=2021&origin=initial&copy={copy}");
    let answer = site.post("/targets", &fields);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let to = answer.headers[LOCATION].to_str().unwrap();
    to.split('/').nth(2).unwrap().to_owned()
}

/// A target that is filled and saved.
fn filled(test: &TestDb) -> (TestSite, String) {
    let (clerk, id) = begun(test);
    let answer = save(&clerk, &id, &typed(1, "save", GOAL, &LINES));
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    (clerk, id)
}

fn save(site: &TestSite, id: &str, fields: &str) -> Answer {
    site.post(&format!("/targets/{id}/edit"), fields)
}

fn stored(test: &TestDb, id: &str) -> record::Record {
    let id = id.to_owned();
    test.db
        .read_blocking(move |tx| record::find(tx, &id))
        .unwrap()
        .unwrap()
}

/// Key, name and value of each row.
fn rows(test: &TestDb, id: &str) -> Vec<(String, String, String)> {
    let rows = stored(test, id).target.rows;
    rows.into_iter()
        .map(|row| (row.key, row.name, row.value))
        .collect()
}

/// The events of the record: what was done, and what is said of it.
fn events(test: &TestDb, id: &str) -> Vec<(String, String)> {
    let sql = db::Sql {
        name: "EVENTS",
        text: "SELECT action, before_json, after_json FROM event WHERE record_id = $1 \
               ORDER BY sequence",
    };
    let id = id.to_owned();
    test.db
        .read_blocking(move |tx| {
            tx.query(sql, &[&id])?
                .iter()
                .map(|row| {
                    let sides = [row.opt_text("before_json")?, row.opt_text("after_json")?];
                    let sides: Vec<String> = sides.into_iter().flatten().collect();
                    Ok((row.text("action")?, sides.join(" → ")))
                })
                .collect::<Result<Vec<_>, Error>>()
        })
        .unwrap()
}

/// Someone of this role carries out a command on the target.
fn command(test: &TestDb, role: Role, place: &str, order: Order, outcome: Option<&str>, id: &str) {
    let seat = Some(place).filter(|place| !place.is_empty());
    TestSite::logged_in_as(test, role, seat);
    let is_section = role == Role::SectionReviewer;
    let actor = Actor {
        id: (&*format!("{}@{place}", role.name())).into(),
        roles: vec![role],
        unit: seat.filter(|_| !is_section).map(Into::into),
        section: seat.filter(|_| is_section).map(Into::into),
        region: "510683".to_owned(),
        tasks: Vec::new(),
    };
    let version = u64::try_from(stored(test, id).version).unwrap();
    let command = Command {
        comment: "请核对后再报。".to_owned(),
        outcome: outcome.map(str::to_owned),
        version,
        key: format!("k-{version}"),
        order,
    };
    let id = id.to_owned();
    let done = test.db.write_blocking(move |tx| {
        workflow::run(
            tx,
            RecordKind::PerformanceTarget,
            &id,
            &command,
            &actor,
            NOW,
        )
    });
    done.unwrap_or_else(|error| panic!("{role:?}: {error:?}"));
}

fn submit(test: &TestDb, id: &str) {
    command(
        test,
        Role::UnitHead,
        "u-1",
        Order::Plain(Verb::Submit),
        None,
        id,
    );
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    let all = [
        record::STATEMENTS,
        returned::STATEMENTS,
        draft::STATEMENTS,
        snapshot::STATEMENTS,
        comment::STATEMENTS,
        version::STATEMENTS,
    ];
    test.db
        .read_blocking(move |tx| all.concat().iter().try_for_each(|sql| tx.prepare(*sql)))
        .unwrap();
});

on_both!(MIGRATIONS, a_copy_keeps_the_numbers_of_its_rows, |test| {
    let (clerk, _) = begun(test);
    let id = begin(&clerk, sample::FULL, "last");
    let copy = rows(test, &id);
    assert_eq!(copy.len(), 25);
    assert_eq!(copy[24].0, "25");
    assert_eq!(
        stored(test, &id).target.goal,
        stored(test, "t-20").target.goal
    );
    // Whoever begins again comes back to the same one.
    assert_eq!(begin(&clerk, sample::FULL, "empty"), id);
    let approved = format!("object={}&year=2020&origin=initial&copy=last", sample::FULL);
    let answer = clerk.post("/targets", &approved);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("发起调整"));
});

on_both!(MIGRATIONS, nobody_fills_for_another_unit, |test| {
    let (_, id) = filled(test);
    let before = stored(test, &id).target;
    let other = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-2"));
    let (edit, draft) = (
        format!("/targets/{id}/edit"),
        format!("/targets/{id}/draft"),
    );
    let fields = typed(2, "save", "别的", &[]);
    for answer in [
        other.get(&edit),
        other.get(&format!("/targets/{id}")),
        other.get(&format!("/records/performance_target/{id}/diff")),
        other.post(&edit, &fields),
        other.post(&draft, &fields),
        other.post("/targets", "object=o-2&year=2021&origin=initial&copy=empty"),
        other.get("/targets?object=o-2"),
    ] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    let reviewer = TestSite::logged_in_as(test, Role::SectionReviewer, Some("s-1"));
    assert_eq!(
        reviewer.get(&format!("/targets/{id}")).status,
        StatusCode::OK
    );
    for answer in [reviewer.get(&edit), reviewer.post(&edit, &fields)] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(stored(test, &id).target, before);
});

on_both!(
    MIGRATIONS,
    a_save_keeps_rows_and_tells_the_difference,
    |test| {
        let (clerk, id) = filled(test);
        let keys: Vec<String> = rows(test, &id).into_iter().map(|row| row.0).collect();
        assert_eq!(keys, ["1", "2", "3"]);
        let lines = [
            ("3", "群众满意度", "92", "10"),
            ("1", "改造户数", "300", "50"),
            ("", "新增泵站", "2", "30"),
        ];
        let answer = save(&clerk, &id, &typed(2, "save", GOAL, &lines));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let kept: Vec<String> = rows(test, &id)
            .into_iter()
            .map(|row| row.0 + &row.2)
            .collect();
        // The number of the row that is gone is never given again.
        assert_eq!(kept, ["392", "1300", "42"]);
        let events = events(test, &id);
        let told = &events.last().unwrap().1;
        for part in [
            "群众满意度#3",
            "受益人口#2（删除）",
            "新增泵站#4（新增）",
            "\"version\":3",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        // What did not change is not saved again.
        let lines = [
            ("3", "群众满意度", "92", "10.00"),
            ("1", " 改造户数 ", "300", "50"),
            ("4", "新增泵站", "2", "３０"),
        ];
        save(&clerk, &id, &typed(3, "save", GOAL, &lines));
        assert_eq!(stored(test, &id).version, 3);
    }
);

on_both!(
    MIGRATIONS,
    rows_come_and_go_by_buttons_and_nothing_is_saved,
    |test| {
        let (clerk, id) = filled(test);
        let before = stored(test, &id);
        let lines = [
            ("1", "改造户数", "301", "50"),
            ("2", "受益人口", "900", "30"),
        ];
        for (order, expected) in [
            ("add", vec!["改造户数", "受益人口", ""]),
            ("remove:0", vec!["受益人口"]),
            ("up:1", vec!["受益人口", "改造户数"]),
            ("down:0", vec!["受益人口", "改造户数"]),
            ("up:0", vec!["改造户数", "受益人口"]),
            ("remove:9", vec!["改造户数", "受益人口"]),
        ] {
            let answer = save(&clerk, &id, &typed(2, order, GOAL, &lines));
            assert_eq!(answer.status, StatusCode::OK, "{order}");
            let names: Vec<&str> = answer
                .text
                .split("-name\" value=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .collect();
            assert_eq!(names, expected, "{order}");
        }
        assert_eq!(stored(test, &id).target, before.target);
        // It is there again when the page is opened anew.
        assert!(
            clerk
                .get(&format!("/targets/{id}/edit"))
                .text
                .contains("还没有保存的内容")
        );
        let answer = save(&clerk, &id, &typed(2, "drop", "", &[]));
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(
            !clerk
                .get(&format!("/targets/{id}/edit"))
                .text
                .contains("还没有保存的内容")
        );
    }
);

on_both!(
    MIGRATIONS,
    what_cannot_be_saved_stays_in_the_fields,
    |test| {
        let (clerk, id) = filled(test);
        let before = stored(test, &id).target;
        let lines = [
            ("1", "改造户数", "300", "五十"),
            ("2", "受益人口", "900", "30"),
        ];
        let answer = save(&clerk, &id, &typed(2, "save", "新写的目标", &lines));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for part in [
            "第 1 行的权重",
            "value=\"五十\"",
            "新写的目标",
            "aria-invalid=\"true\"",
        ] {
            assert!(answer.text.contains(part), "{part}");
        }
        let long = "字".repeat(4_001);
        let answer = save(&clerk, &id, &typed(2, "save", &long, &LINES));
        assert!(answer.text.contains("最多 4000 个"));
        let many = vec![("", "一行", "1", "1"); 81];
        let answer = save(&clerk, &id, &typed(2, "save", GOAL, &many));
        assert!(answer.text.contains("最多 80 行"));
        assert_eq!(stored(test, &id).target, before);
    }
);

on_both!(MIGRATIONS, fields_that_no_page_has_are_refused, |test| {
    let (clerk, id) = filled(test);
    let before = stored(test, &id).target;
    let fine = typed(2, "save", "别的", &LINES);
    for odd in [
        "state=approved",
        "r0.state=x",
        "r999999.name=x",
        "x0.name=x",
        "do=approve",
    ] {
        let fields = match odd.split_once('=') {
            Some(("do", _)) => fine.replace("do=save", odd),
            _ => format!("{fine}&{odd}"),
        };
        let answer = save(&clerk, &id, &fields);
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{odd}");
    }
    let bare = clerk.send("POST", &format!("/targets/{id}/edit"), &fine);
    assert_eq!(bare.status, StatusCode::FORBIDDEN);
    assert_eq!(stored(test, &id).target, before);
});

on_both!(MIGRATIONS, a_forged_row_touches_no_other_target, |test| {
    let (clerk, id) = filled(test);
    let other = stored(test, "t-20").target;
    let lines = [
        ("17", "冒充的", "1", "40"),
        ("1", "改造户数", "300", "25"),
        ("1", "重复的", "2", "25"),
        ("'; DROP TABLE indicator", "注入的", "1", "0"),
    ];
    let answer = save(&clerk, &id, &typed(2, "save", GOAL, &lines));
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let keys: Vec<String> = rows(test, &id).into_iter().map(|row| row.0).collect();
    assert_eq!(keys, ["4", "1", "5", "6"]);
    assert_eq!(stored(test, "t-20").target, other);
});

on_both!(MIGRATIONS, scripts_in_texts_are_shown_as_texts, |test| {
    let (clerk, id) = begun(test);
    let script = "<script>alert(1)</script>\"'&";
    let lines = [("", script, script, "90")];
    save(&clerk, &id, &typed(1, "save", script, &lines));
    assert_eq!(stored(test, &id).target.goal, script);
    for path in [format!("/targets/{id}"), format!("/targets/{id}/edit")] {
        let page = clerk.get(&path).text;
        assert!(!page.contains("<script>alert"), "{path}");
        assert!(page.contains("&#60;script&#62;alert") || page.contains("&lt;script&gt;alert"));
    }
});

on_both!(
    MIGRATIONS,
    what_is_typed_is_kept_and_others_are_seen,
    |test| {
        let (clerk, id) = filled(test);
        let head = TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"));
        let path = format!("/targets/{id}/draft");
        let answer = clerk.post(&path, &typed(2, "save", "写到一半", &LINES));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(answer.text.contains("\"kept\":\""), "{}", answer.text);
        let other = head.post(&path, "version=2").text;
        assert!(
            other.contains("单位经办") && other.contains("\"kept\":null"),
            "{other}"
        );
        let other = head.post(&path, "version=1").text;
        assert!(other.contains("\"newer\":\"单位经办\""), "{other}");
        assert!(
            clerk
                .get(&format!("/targets/{id}/edit"))
                .text
                .contains("写到一半")
        );
        // A draft is one's own.
        assert!(
            !head
                .get(&format!("/targets/{id}/edit"))
                .text
                .contains("写到一半")
        );
        assert_eq!(stored(test, &id).target.goal, GOAL);
    }
);

on_both!(
    MIGRATIONS,
    what_was_sent_is_read_only_and_kept_word_for_word,
    |test| {
        let (clerk, id) = filled(test);
        submit(test, &id);
        let answer = save(&clerk, &id, &typed(3, "save", "偷偷改", &LINES));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("撤回") || answer.text.contains("退回"));
        let refused = clerk.post(
            &format!("/targets/{id}/draft"),
            &typed(3, "save", "改", &LINES),
        );
        assert!(refused.text.contains("\"closed\":true"));
        assert_eq!(stored(test, &id).target.goal, GOAL);
        let page = clerk.get(&format!("/targets/{id}")).text;
        assert!(page.contains("历次送审和批复") && page.contains("sha256:"));
    }
);

on_both!(MIGRATIONS, a_form_with_errors_is_not_sent, |test| {
    let (clerk, id) = filled(test);
    let lines = [("1", "改造户数", "300", "50"), ("2", "", "900", "40")];
    save(&clerk, &id, &typed(2, "save", GOAL, &lines));
    let page = clerk.get(&format!("/targets/{id}/edit")).text;
    assert!(page.contains("第 2 行没有填写三级指标名称"));
    let holds = |id: &str| {
        let id = id.to_owned();
        test.db
            .read_blocking(move |tx| {
                let kind = RecordKind::PerformanceTarget;
                workflow::read(tx, kind, &id, NOW).map(|read| read.standing.case.holds)
            })
            .unwrap()
            .contains(&domain::workflow::Condition::FormValid)
    };
    assert!(!holds(&id));
    save(&clerk, &id, &typed(3, "save", GOAL, &LINES));
    assert!(holds(&id));
});

on_both!(
    MIGRATIONS,
    a_returned_target_shows_what_was_asked_and_what_was_mended,
    |test| {
        let (clerk, id) = filled(test);
        submit(test, &id);
        let reviewer = TestSite::logged_in_as(test, Role::SectionReviewer, Some("s-1"));
        let comments = format!("/targets/{id}/comments");
        let asked = |site: &TestSite, field: &str, text: &str| {
            let pairs = [("field", field), ("text", text)];
            let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
            site.post(&comments, &encoded(&pairs)).status
        };
        let field = "indicators/1/value";
        assert_eq!(asked(&clerk, field, "自己提"), StatusCode::FORBIDDEN);
        assert_eq!(
            asked(&reviewer, "indicators/9/value", "没有这行"),
            StatusCode::BAD_REQUEST
        );
        assert_eq!(
            asked(&reviewer, field, "  "),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        if stored(test, &id).state == "department_review" {
            command(
                test,
                Role::DepartmentReviewer,
                "u-1",
                Order::Plain(Verb::Approve),
                None,
                &id,
            );
        }
        assert_eq!(
            asked(&reviewer, field, "<b>户数偏低</b>"),
            StatusCode::SEE_OTHER
        );
        let filler = Order::Return(ReturnTo::Filler);
        command(test, Role::SectionReviewer, "s-1", filler, None, &id);
        assert_eq!(
            asked(&reviewer, field, "退回后再提"),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let page = clerk.get(&format!("/targets/{id}/edit")).text;
        assert!(
            page.contains("户数偏低") && !page.contains("<b>户数"),
            "{page}"
        );
        assert!(page.contains("退回意见") && page.contains("请核对后再报。"));
        let comment = page.split("name=\"answer.").nth(1).unwrap();
        let comment = comment.split('"').next().unwrap().to_owned();
        let lines = [
            ("1", "改造户数", "350", "50"),
            ("2", "受益人口", "900", "30"),
            ("3", "群众满意度", "90", "10"),
        ];
        let version = stored(test, &id).version;
        let answered = (format!("answer.{comment}"), "已改为 350".to_owned());
        let fields = format!(
            "{}&{}",
            typed(version, "save", GOAL, &lines),
            encoded(&[answered])
        );
        assert_eq!(save(&clerk, &id, &fields).status, StatusCode::SEE_OTHER);
        let page = clerk.get(&format!("/targets/{id}/edit")).text;
        assert!(page.contains("退回意见"), "saving is no answer yet");
        let read = reviewer.get(&format!("/targets/{id}")).text;
        assert!(read.contains("已改为 350") && read.contains("意见（已处理）"));
        let diff = reviewer
            .get(&format!("/records/performance_target/{id}/diff"))
            .text;
        for part in [
            "1 处改动",
            "</span>300</del>",
            "</span>350</ins>",
            "2 行没有改动",
        ] {
            assert!(diff.contains(part), "{part}: {diff}");
        }
        let address = format!("/records/performance_target/{id}/diff?from=1&to=2");
        assert!(reviewer.get(&address).text.contains("没有改动"));
        let nowhere = format!("/records/performance_target/{id}/diff?from=77");
        assert_eq!(reviewer.get(&nowhere).status, StatusCode::NOT_FOUND);
        let actions: Vec<String> = events(test, &id).into_iter().map(|event| event.0).collect();
        for action in ["comment_written", "comment_answered", "target_saved"] {
            assert!(actions.iter().any(|done| done == action), "{actions:?}");
        }
    }
);
