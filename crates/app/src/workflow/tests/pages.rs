//! The pages: a test is "this person opens this address and sends this form".

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::on_both;

use super::*;
use crate::serve::testing::TestSite;

const PAGE: &str = "/records/performance_target/t-draft";
const COMMANDS: &str = "/records/performance_target/t-draft/commands";

fn as_person(test: &TestDb, role: Role) -> TestSite {
    let account = actor(role, 1).id.0;
    TestSite::logged_in_by(test, &account, &format!("token-of-{account}"))
}

fn form(verb: &str, version: u64, more: &str) -> String {
    format!("verb={verb}&version={version}&key=form-key-{verb}-{version}&{more}")
}

fn send(site: &TestSite, verb: &str, version: u64, more: &str) -> StatusCode {
    site.post(COMMANDS, &form(verb, version, more)).status
}

on_both!(
    MIGRATIONS,
    the_page_says_where_it_lies_and_offers_what_this_person_may_do,
    |test| {
        site(test);
        let clerk = as_person(test, Role::UnitClerk).get(PAGE);
        assert_eq!(clerk.status, StatusCode::OK);
        for expected in [
            "绩效目标（2020 年）：=危险的名称",
            "<span class=\"tag state\">草稿</span>",
            "绵竹市住房和城乡建设局（填报）",
            "value=\"hand_in\"",
            "主管部门审核",
            "会审",
            "已批复",
            "您是单位经办，不能送审；该事项由单位负责人、主管部门审核人办理",
            "还没有办理过",
        ] {
            assert!(clerk.text.contains(expected), "{expected}");
        }
        assert!(!clerk.text.contains("value=\"submit\""));
        let head = as_person(test, Role::UnitHead).get(PAGE).text;
        assert!(head.contains("value=\"submit\"") && !head.contains("value=\"hand_in\""));
        let treasury = as_person(test, Role::TreasuryOfficer).get(PAGE).text;
        assert!(!treasury.contains("<input type=\"hidden\" name=\"verb\""));
    }
);

on_both!(
    MIGRATIONS,
    a_record_is_walked_by_forms_alone_and_its_receipt_prints,
    |test| {
        site(test);
        let clerk = as_person(test, Role::UnitClerk);
        let head = as_person(test, Role::UnitHead);
        let reviewer = as_person(test, Role::DepartmentReviewer);
        assert_eq!(send(&clerk, "hand_in", 1, ""), StatusCode::SEE_OTHER);
        assert!(clerk.get(PAGE).text.contains("已提交负责人"));
        let answer = head.post(COMMANDS, &form("submit", 2, "comment=%E5%90%8C%E6%84%8F"));
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let to = answer.headers[LOCATION].to_str().unwrap();
        let shown = head.get(to).text;
        assert!(shown.contains("已送审，回执号 SB-510683-2"), "{shown}");
        let place = shown.find("/submissions/").unwrap();
        let number: String = shown[place..]
            .chars()
            .take_while(|c| !matches!(c, '?' | '"'))
            .collect();
        let receipt = head.get(&number);
        assert_eq!(receipt.status, StatusCode::OK);
        assert!(receipt.text.contains("核对无误"));
        let file = head.get(&format!("{number}/file"));
        assert_eq!(
            file.headers["content-type"],
            "application/json; charset=utf-8"
        );
        assert!(file.text.contains("\"public_key\""));
        let more = "to=filler&comment=%E8%AF%B7%E6%94%B9&field=goal&text=%3Cb%3E%E7%9B%AE%E6%A0%87\
                    %E4%B8%8D%E6%B8%85&field=indicators%2F2&text=";
        assert_eq!(send(&reviewer, "return", 3, more), StatusCode::SEE_OTHER);
        let page = clerk.get(PAGE).text;
        assert!(page.contains("&#60;b&#62;目标不清") && page.contains("1 条待答复"));
        assert!(page.contains("已退回") && page.contains("请改"));
        let action = page
            .split("action=\"")
            .find(|part| part.contains("/answer?"));
        let path: String = action.unwrap().chars().take_while(|c| *c != '"').collect();
        let answered = clerk.post(&path, "answer=%E5%B7%B2%E6%94%B9");
        assert_eq!(answered.status, StatusCode::SEE_OTHER);
        assert!(clerk.get(PAGE).text.contains("都已答复"));
        let again = clerk.post(&path, "answer=%E5%86%8D%E7%AD%94");
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }
);

on_both!(
    MIGRATIONS,
    what_no_page_of_ours_sends_is_refused_and_changes_nothing,
    |test| {
        site(test);
        let head = as_person(test, Role::UnitHead);
        let elsewhere = TestSite::logged_in_as(test, Role::UnitHead, Some("u-2"));
        let before = everything(test);
        let long = format!("comment={}", "a".repeat(2001));
        for (who, path, fields, expected) in [
            (
                &head,
                "/records/performance_target/none/commands",
                form("submit", 1, ""),
                404,
            ),
            (
                &head,
                "/records/account/t-draft/commands",
                form("submit", 1, ""),
                404,
            ),
            (
                &head,
                "/records/monitoring/t-draft/commands",
                form("submit", 1, ""),
                404,
            ),
            (
                &head,
                "/records/performance_target/t%00draft/commands",
                form("submit", 1, ""),
                404,
            ),
            (&elsewhere, COMMANDS, form("submit", 1, ""), 404),
            (&head, COMMANDS, form("submit", 9, ""), 409),
            (&head, COMMANDS, form("approve", 1, ""), 422),
            (&head, COMMANDS, form("cancel", 1, "comment=+"), 422),
            (&head, COMMANDS, form("submit", 1, "outcome=%E4%BC%98"), 422),
            (&head, COMMANDS, form("submit", 1, &long), 422),
            (&head, COMMANDS, form("explode", 1, ""), 400),
            (&head, COMMANDS, form("submit", 1, "state=approved"), 400),
            (&head, COMMANDS, form("submit", 1, "comment=%00"), 400),
            (&head, COMMANDS, "verb=submit&version=1".to_owned(), 400),
            (
                &head,
                COMMANDS,
                "verb=submit&version=x&key=form-key-1".to_owned(),
                400,
            ),
        ] {
            let answer = who.post(path, &fields);
            assert_eq!(answer.status.as_u16(), expected, "{path} {fields:.80}");
        }
        let unsigned = head.send("POST", COMMANDS, &form("submit", 1, ""));
        assert_eq!(unsigned.status, StatusCode::FORBIDDEN);
        let clerk = as_person(test, Role::UnitClerk);
        assert_eq!(send(&clerk, "submit", 1, ""), StatusCode::FORBIDDEN);
        let observer = as_person(test, Role::Observer);
        assert_eq!(observer.get(PAGE).status, StatusCode::NOT_FOUND);
        assert_eq!(everything(test), before);
    }
);

#[test]
fn a_refused_form_keeps_what_was_typed() {
    let test = TestDb::sqlite(MIGRATIONS);
    site(&test);
    let head = as_person(&test, Role::UnitHead);
    let answer = head.post(COMMANDS, &form("submit", 7, "comment=typed-before"));
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("已有新的变动") && answer.text.contains("typed-before"));
}

on_both!(
    MIGRATIONS,
    a_batch_does_each_record_by_itself_and_says_what_came_of_it,
    |test| {
        site(test);
        let head = as_person(test, Role::UnitHead);
        let list = as_person(test, Role::UnitClerk).get("/records").text;
        assert!(list.contains("value=\"1:performance_target:t-draft\""));
        let batch = "verb=submit&key=batch-key-1&comment=&record=1%3Aperformance_target%3At-draft\
                     &record=1%3Aperformance_target%3At-20&record=1%3Aperformance_target%3Anone";
        let answer = head.post("/records/batch", batch);
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            answer.text.contains("1 条已办，2 条没有办"),
            "{}",
            answer.text
        );
        assert!(answer.text.contains("回执号 SB-510683-2"));
        let after = everything(test);
        let again = head.post("/records/batch", batch);
        assert!(again.text.contains("1 条已办，2 条没有办"));
        assert_eq!(
            everything(test),
            after,
            "the same batch is carried out once"
        );
        let none = head.post("/records/batch", "verb=submit&key=batch-key-2");
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
);

on_both!(
    MIGRATIONS,
    deadlines_are_set_and_opened_again_with_a_reason,
    |test| {
        site(test);
        let bureau = as_person(test, Role::PerformanceAdmin);
        let set = "kind=performance_target&of_year=2020&due_on=2020-02-20&grace_days=5";
        let posted = |path: &str, fields: &str| bureau.post(path, fields).status.as_u16();
        assert_eq!(posted("/deadlines", set), 303);
        assert_eq!(posted("/deadlines", set), 422, "another was set meanwhile");
        let page = bureau.get("/deadlines").text;
        assert!(
            page.contains("2020-02-25") && page.contains("已关闭"),
            "with the days of grace"
        );
        assert!(page.contains("1 份"), "one target is still being filled");
        let head = as_person(test, Role::UnitHead);
        assert_eq!(
            send(&head, "submit", 1, ""),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert!(head.get(PAGE).text.contains("本轮填报已经关闭"));
        assert!(head.get(PAGE).text.contains("已逾期"));
        let again = "key=again-key-1&kind=performance_target&of_year=2020&unit=u-1";
        for (fields, expected) in [
            ("open_until=2099-12-31&reason=", 422),
            ("open_until=2000-01-01&reason=r", 422),
            ("open_until=tomorrow&reason=r", 422),
            ("open_until=2099-12-31&reason=r&unit_id=x", 400),
            ("open_until=2099-12-31&reason=r", 303),
            ("open_until=2099-12-31&reason=r", 303),
        ] {
            let fields = format!("{again}&{fields}");
            assert_eq!(
                posted("/deadlines/reopenings", &fields),
                expected,
                "{fields}"
            );
        }
        assert_eq!(send(&head, "submit", 1, ""), StatusCode::SEE_OTHER);
        let closure = "of_year=2020&is_closed=yes&reason=r";
        assert_eq!(posted("/deadlines/closures", closure), 303);
        let reviewer = as_person(test, Role::DepartmentReviewer);
        assert_eq!(
            send(&reviewer, "approve", 2, ""),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(head.get("/deadlines").status, StatusCode::FORBIDDEN);
    }
);
