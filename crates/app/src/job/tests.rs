//! Long work from its asking to its end, and what must not come of it.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::on_both;
use db::testing::TestDb;
use domain::permission::Role;

use super::run::{LEASE_SECONDS, finish_as, next};
use super::store::{self, End, Job};
use super::{Limits, worker};
use crate::database::MIGRATIONS;
use crate::serve::testing::{Answer, TestSite};
use crate::serve::{later, now_text, sample};

/// Every list is long, and every import.
const SHORT: Limits = Limits {
    export_rows: 1,
    import_rows: 1,
};

fn site(test: &TestDb) -> TestSite {
    test.db.write_blocking(sample::write).unwrap();
    TestSite::logged_in(test).with_limits(SHORT)
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[LOCATION].to_str().unwrap().to_owned()
}

/// Asks for the list of objects; the path of the job's page.
fn ask(site: &TestSite, format: &str) -> String {
    let fields = format!("format={format}&query=sort%3D-budget");
    location(&site.post("/lists/objects/files?year=2020", &fields))
}

/// Works on everything that waits; how many jobs there were.
fn work(site: &TestSite) -> usize {
    site.run(async |app| {
        let mut jobs = 0;
        while next(app).await.unwrap() {
            jobs += 1;
        }
        jobs
    })
}

fn tend(site: &TestSite, now: &str) {
    site.run(async |app| worker::round(app, now).await.unwrap());
}

/// The jobs of an account, the newest first.
fn jobs(test: &TestDb, account: &str) -> Vec<Job> {
    let account = account.to_owned();
    test.db
        .read_blocking(move |tx| store::page(tx, &account, ("", ""), 100))
        .unwrap()
}

/// What a statement that counts finds.
fn count(test: &TestDb, counting: &'static str) -> i64 {
    let sql = db::Sql {
        name: "TEST",
        text: counting,
    };
    let read = test.db.read_blocking(move |tx| tx.one(sql, &[])?.int("n"));
    read.unwrap()
}

const PIECES: &str = "SELECT COUNT(*) AS n FROM job_piece";
const NOTICES: &str = "SELECT COUNT(*) AS n FROM notice";
const UNIT_COUNT: &str = "SELECT COUNT(*) AS n FROM organisation_unit";

/// What was done, in its order.
fn actions(test: &TestDb) -> Vec<String> {
    let sql = db::Sql {
        name: "TEST",
        text: "SELECT action FROM event WHERE record_kind = 'job' ORDER BY sequence",
    };
    let read = test.db.read_blocking(move |tx| {
        let rows = tx.query(sql, &[])?;
        rows.iter().map(|row| row.text("action")).collect()
    });
    read.unwrap()
}

const ADMIN: &str = "performance_admin@";

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    let all = store::STATEMENTS;
    test.db
        .read_blocking(|tx| all.iter().try_for_each(|sql| tx.prepare(*sql)))
        .unwrap();
});

on_both!(MIGRATIONS, a_long_list_is_made_and_fetched, |test| {
    let site = site(test);
    let list = site.get("/objects?year=2020").text;
    assert!(list.contains("action=\"/lists/objects/files?year=2020\""));
    assert!(!list.contains("href=\"/objects.xlsx"));
    // An address that somebody kept changes nothing: it offers the job.
    let offer = site.get("/objects.xlsx?year=2020&kind=project").text;
    assert!(offer.contains("name=\"query\" value=\"kind=project\""));
    assert_eq!(jobs(test, ADMIN).len(), 0);
    let page = ask(&site, "xlsx");
    let waiting = site.get(&page).text;
    assert!(waiting.contains(">排队<") && waiting.contains("http-equiv=\"refresh\""));
    assert!(waiting.contains("hx-trigger=\"every 1s\"") && waiting.contains("取消"));
    assert_eq!(
        site.get(&format!("{page}/file")).status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(work(&site), 1);
    let done = site.get(&page).text;
    assert!(done.contains(">完成<") && done.contains("2020年项目与部门.xlsx"));
    assert!(!done.contains("refresh") && !done.contains("hx-trigger"));
    let file = site.get(&format!("{page}/file"));
    let limits = office::workbook::Limits::default();
    let book = office::workbook::open(&file.bytes, &limits).unwrap();
    let made = &book.sheets[0].rows;
    // It says what the list says that is short enough.
    let whole = TestSite::logged_in(test).get("/objects.xlsx?year=2020&sort=-budget");
    let whole = office::workbook::open(&whole.bytes, &limits).unwrap();
    assert_eq!(made, &whole.sheets[0].rows);
    assert!(made.len() > 2, "{}", made.len());
    let job = &jobs(test, ADMIN)[0];
    assert_eq!(
        (job.done, job.total),
        (job.total, i64::try_from(made.len() - 1).unwrap())
    );
    assert_eq!(actions(test), ["job_asked", "job_done"]);
    let listed = site.get("/jobs").text;
    assert!(listed.contains(&format!("{page}?year=")) && listed.contains(&format!("{page}/file")));
});

on_both!(
    MIGRATIONS,
    a_list_as_text_and_the_statement_are_made,
    |test| {
        let site = site(test);
        let page = ask(&site, "csv");
        let paper = location(&site.post("/statement/files?year=2020", "format=docx"));
        assert_eq!(work(&site), 2);
        let text = site.get(&format!("{page}/file"));
        assert!(text.text.starts_with("\u{feff}名称,"), "{}", text.text);
        assert_eq!(text.headers["content-type"], "text/csv; charset=utf-8");
        let paper = site.get(&format!("{paper}/file"));
        assert!(paper.bytes.starts_with(b"PK"));
    }
);

on_both!(MIGRATIONS, nobody_sees_another_persons_work, |test| {
    let site = site(test);
    let page = ask(&site, "xlsx");
    let other = TestSite::logged_in_as(test, Role::BudgetOfficer, None).with_limits(SHORT);
    for path in [page.clone(), format!("{page}/file")] {
        assert_eq!(other.get(&path).status, StatusCode::NOT_FOUND, "{path}");
    }
    for verb in ["cancellation", "repetition"] {
        let answer = other.post(&format!("{page}/{verb}"), "");
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{verb}");
    }
    assert!(!other.get("/jobs").text.contains(&page));
    work(&site);
    assert_eq!(
        other.get(&format!("{page}/file")).status,
        StatusCode::NOT_FOUND
    );
    // Who may not take a list out cannot have it made either.
    let observer = TestSite::logged_in_as(test, Role::Observer, None);
    let refused = observer.post("/lists/objects/files", "format=xlsx&query=");
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let audit = site.post("/lists/audit/files", "format=csv&query=");
    assert_eq!(audit.status, StatusCode::FORBIDDEN);
});

on_both!(
    MIGRATIONS,
    each_person_has_one_at_a_time_and_five_at_most,
    |test| {
        let site = site(test);
        for _ in 0..5 {
            ask(&site, "csv");
        }
        let sixth = site.post("/lists/objects/files", "format=csv&query=");
        assert_eq!(sixth.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sixth.text.contains("5 项长任务没有结束"), "{}", sixth.text);
        let other = TestSite::logged_in_as(test, Role::BudgetOfficer, None).with_limits(SHORT);
        let late = ask(&other, "csv");
        // Moments are told in seconds: it was asked for in a later one.
        test.db
            .write_blocking(|tx| {
                let sql = db::Sql {
                    name: "TEST",
                    text: "UPDATE job SET asked_at = '9999' WHERE account_id = 'budget_officer@'",
                };
                tx.execute_one(sql, &[])
            })
            .unwrap();
        assert!(other.get(&late).text.contains("前面还有 5 项"));
        let claim = || {
            let now = now_text();
            let lease = later(&now, LEASE_SECONDS);
            let claimed = test
                .db
                .write_blocking(move |tx| store::claim(tx, &now, &lease))
                .unwrap();
            claimed.map(|(job, _)| job.account)
        };
        assert_eq!(claim().as_deref(), Some(ADMIN));
        // Who asked last is next, because the first person's four wait for the first person's one.
        assert_eq!(claim().as_deref(), Some("budget_officer@"));
        assert_eq!(claim(), None);
    }
);

/// Claims the next job, as a process that then dies.
fn begin(test: &TestDb) -> Job {
    let now = now_text();
    let lease = later(&now, LEASE_SECONDS);
    let claimed = test
        .db
        .write_blocking(move |tx| store::claim(tx, &now, &lease))
        .unwrap();
    claimed.unwrap().0
}

on_both!(MIGRATIONS, a_cancelled_job_leaves_nothing, |test| {
    let site = site(test);
    let waiting = ask(&site, "csv");
    location(&site.post(&format!("{waiting}/cancellation"), ""));
    assert_eq!(work(&site), 0);
    assert!(site.get(&waiting).text.contains("已取消"));
    let running = ask(&site, "csv");
    let mut job = begin(test);
    job.state = "running".to_owned();
    let id = job.id.clone();
    test.db
        .write_blocking(move |tx| store::add_piece(tx, &id, 0, b"x"))
        .unwrap();
    location(&site.post(&format!("{running}/cancellation"), ""));
    assert_eq!(count(test, PIECES), 0);
    // Whoever worked on it comes too late.
    let end = End {
        is_done: true,
        ..End::default()
    };
    let is_ended = test
        .db
        .write_blocking(move |tx| finish_as(tx, &job, &now_text(), &end));
    assert!(!is_ended.unwrap());
    assert!(site.get(&running).text.contains("已取消"));
    // Twice is no more than once.
    location(&site.post(&format!("{running}/cancellation"), ""));
    let expected = ["job_asked", "job_cancelled", "job_asked", "job_cancelled"];
    assert_eq!(actions(test), expected);
});

on_both!(
    MIGRATIONS,
    what_a_dead_process_left_is_told_and_begun_again,
    |test| {
        let site = site(test);
        let page = ask(&site, "csv");
        begin(test);
        let now = now_text();
        tend(&site, &later(&now, LEASE_SECONDS - 5));
        assert!(site.get(&page).text.contains(">进行中<"));
        tend(&site, &later(&now, LEASE_SECONDS + 5));
        let failed = site.get(&page).text;
        assert!(failed.contains(">失败<") && failed.contains("服务重启，请重新开始"));
        // It took so long that its person is told.
        let notices = site.get("/notices").text;
        assert!(notices.contains("长任务没有完成") && notices.contains("服务重启"));
        let again = location(&site.post(&format!("{page}/repetition"), ""));
        assert_ne!(again, page);
        let refused = site.post(&format!("{again}/repetition"), "");
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(work(&site), 1);
        assert_eq!(site.get(&format!("{again}/file")).status, StatusCode::OK);
        // What was quick is seen on its page; no notice comes of it.
        assert_eq!(count(test, NOTICES), 1);
    }
);

on_both!(MIGRATIONS, a_file_is_kept_for_a_day, |test| {
    let site = site(test);
    let page = ask(&site, "csv");
    work(&site);
    let now = now_text();
    tend(&site, &later(&now, 23 * 3600));
    assert_eq!(site.get(&format!("{page}/file")).status, StatusCode::OK);
    tend(&site, &later(&now, 25 * 3600));
    let gone = site.get(&format!("{page}/file")).status;
    assert_eq!(gone, StatusCode::NOT_FOUND);
    assert_eq!(count(test, PIECES), 0);
    let told = site.get(&page).text;
    assert!(told.contains("文件只保留一天") && told.contains("重新开始"));
    let expected = ["job_asked", "job_done", "job_files_deleted"];
    assert_eq!(actions(test), expected);
    tend(&site, &later(&now, 31 * 24 * 3600));
    assert_eq!(jobs(test, ADMIN).len(), 0);
});

on_both!(
    MIGRATIONS,
    who_may_no_longer_is_refused_when_the_turn_comes,
    |test| {
        let site = site(test);
        let page = ask(&site, "csv");
        let sql = db::Sql {
            name: "TEST",
            text: "UPDATE account SET state = 'disabled' WHERE id = 'performance_admin@'",
        };
        let write = |sql: db::Sql| {
            test.db
                .write_blocking(move |tx| tx.execute_one(sql, &[]))
                .unwrap();
        };
        write(sql);
        assert_eq!(work(&site), 1);
        write(db::Sql {
            name: "TEST",
            text: "UPDATE account SET state = 'active' WHERE id = 'performance_admin@'",
        });
        let failed = site.get(&page).text;
        assert!(failed.contains("账号已停用"), "{failed}");
        assert_eq!(actions(test), ["job_asked", "job_failed"]);
    }
);

const UNITS: &str = "单位编码,单位名称,级次\n901,甲局,一级\n902,乙局,一级\n903,丙局,一级\n";

on_both!(
    MIGRATIONS,
    a_long_list_of_units_is_compared_and_imported,
    |test| {
        site(test);
        let site = TestSite::logged_in_as(test, Role::SystemAdmin, None).with_limits(SHORT);
        let page = location(&site.upload(
            "/units/import?year=2020",
            "",
            &[("单位.csv", UNITS.as_bytes())],
        ));
        let units = count(test, UNIT_COUNT);
        assert_eq!(work(&site), 1);
        let account = "system_admin@";
        let job = jobs(test, account).remove(0);
        assert_eq!((&*job.state, job.message.as_str()), ("done", ""));
        assert!(
            site.get(&page)
                .text
                .contains(&job.link.replace('&', "&#38;"))
        );
        let preview = site.get(&job.link).text;
        assert!(preview.contains("确认导入 3 个单位"), "{preview}");
        let confirm = job.link.clone();
        let import = location(&site.post(&confirm, ""));
        assert_eq!(count(test, UNIT_COUNT), units);
        assert_eq!(work(&site), 1);
        assert_eq!(count(test, UNIT_COUNT), units + 3);
        assert!(site.get(&import).text.contains("/units?year=2020"));
        // It is done; the same again finds nothing to do and says so.
        location(&site.post(&format!("{import}/repetition"), ""));
        work(&site);
        assert_eq!(count(test, UNIT_COUNT), units + 3);
        let again = jobs(test, account);
        let failed = again.iter().find(|job| job.state == "failed").unwrap();
        assert!(failed.message.contains("已经办完或已过期"));
    }
);

#[test]
fn work_that_is_stopped_ends_at_its_next_report() {
    let progress = super::Progress::default();
    progress.step("写入文件", 10).unwrap();
    progress.at(3).unwrap();
    assert_eq!(progress.now(), ("写入文件", 3, 10));
    progress.stop();
    assert!(progress.at(4).is_err() && progress.step("保存", 10).is_err());
}
