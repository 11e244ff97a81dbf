//! Accounts made, changed, imported; and the changes that two persons make together.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::on_both;
use db::testing::TestDb;

use super::{PASSWORD, Role, by_hand, event, log_in, person};
use crate::database::MIGRATIONS;
use crate::serve::testing::{Answer, TestSite};
use crate::serve::{now_text, sample};

/// The three administrators, each logged in.
struct Three {
    sys: TestSite,
    sec: TestSite,
    aud: TestSite,
}

fn three(test: &TestDb) -> Three {
    test.db.write_blocking(sample::write).unwrap();
    person(test, "sys", &[Role::SystemAdmin]);
    person(test, "sec", &[Role::SecurityAdmin]);
    person(test, "aud", &[Role::AuditAdmin]);
    Three {
        sys: log_in(test, "sys"),
        sec: log_in(test, "sec"),
        aud: log_in(test, "aud"),
    }
}

/// Where an answer leads.
fn to(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[LOCATION].to_str().unwrap().to_owned()
}

/// Asks for a change of an account: the address of the request.
fn ask(site: &TestSite, account: &str, fields: &str) -> String {
    let path = format!("/accounts/{account}/requests");
    to(&site.post(&path, &format!("{fields}&reason=because")))
}

fn decide(site: &TestSite, request: &str, fields: &str) -> Answer {
    site.post(&format!("{request}/decision"), fields)
}

fn one_time_password(page: &str) -> String {
    let (_, rest) = page.split_once("<code class=\"secret\">").unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

on_both!(
    MIGRATIONS,
    a_new_account_gets_its_roles_from_a_second_person,
    |test| {
        let three = three(test);
        let fields = "login=wang&name=Wang&unit=001&section=&email=&valid_to=&subject=&\
                      role_unit_clerk=1&reason=new";
        let page = three.sys.post("/accounts/new", fields);
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let password = one_time_password(&page.text);
        let list = three.sec.get("/privileged-changes");
        let (_, rest) = list.text.split_once("/privileged-changes/pc-").unwrap();
        let id = rest.split_once('"').unwrap().0;
        let request = format!("/privileged-changes/pc-{id}");
        assert!(
            three
                .sec
                .get(&request)
                .text
                .contains("Wang（wang）：单位经办")
        );
        // Who asked does not decide, nor does who has no business with it.
        for (site, words) in [
            (&three.sys, "不能由您自己复核"),
            (&three.aud, "您不能复核这件事"),
        ] {
            let answer = decide(site, &request, "verdict=approve");
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text.contains(words), "{words}");
        }
        let clerk = TestSite::new(test);
        let answer = clerk.post("/login", &format!("name=wang&password={password}"));
        let clerk = clerk.with_cookie_of(&answer);
        let answer = clerk.post("/password", "new=Nianhua-2-zhen&again=Nianhua-2-zhen");
        let clerk = clerk.with_cookie_of(&answer);
        assert_eq!(clerk.get("/objects").status, StatusCode::FORBIDDEN);
        assert_eq!(
            to(&decide(&three.sec, &request, "verdict=approve")),
            request
        );
        assert!(event(test, 0).contains("sec change_approved"));
        assert_eq!(clerk.get("/objects").status, StatusCode::OK);
        let again = decide(&three.sec, &request, "verdict=approve");
        assert!(again.text.contains("已同意并生效，不能再办理"));
    }
);

on_both!(
    MIGRATIONS,
    a_new_account_with_mistakes_is_not_made,
    |test| {
        let three = three(test);
        let fields = "login=SYS&name=&unit=999&section=x&email=a&valid_to=2020-02-30&subject=&\
                  role_unit_head=1&reason=";
        let page = three.sys.post("/accounts/new", fields);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in [
            "用户名要 2 至 32 个小写字母",
            "请填写姓名",
            "没有编码为 999 的单位",
            "没有名为 x 的股室",
            "邮箱写法不对",
            "有效期应是日期",
            "请写明授予岗位的理由",
        ] {
            assert!(page.text.contains(words), "{words}");
        }
        for (roles, words) in [
            ("role_system_admin=1&role_observer=1", "不能兼任"),
            ("role_unit_head=1", "单位负责人要有所在单位"),
            ("role_section_reviewer=1", "要有所在股室"),
        ] {
            let fields = format!(
                "login=li&name=Li&unit=&section=&email=&valid_to=&subject=&{roles}&reason=r"
            );
            let page = three.sys.post("/accounts/new", &fields);
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{roles}");
            assert!(page.text.contains(words), "{roles}");
        }
        let unknown = three
            .sys
            .post("/accounts/new", "login=li&name=Li&is_admin=1");
        assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
        assert!(!three.sys.get("/accounts").text.contains("<code>li</code>"));
        assert_eq!(three.sec.get("/accounts/new").status, StatusCode::FORBIDDEN);
    }
);

on_both!(
    MIGRATIONS,
    each_privileged_change_is_made_by_the_approval_and_not_before,
    |test| {
        let three = three(test);
        person(test, "wang", &[Role::Observer]);
        let clerk = log_in(test, "wang");
        let request = ask(&three.sys, "wang", "change=disable_account");
        let twin = three
            .sys
            .post("/accounts/wang/requests", "change=disable_account&reason=r");
        assert!(twin.text.contains("已有一件“停用账号”待复核"));
        assert_eq!(clerk.get("/check").status, StatusCode::OK);
        decide(&three.sec, &request, "verdict=approve");
        assert_eq!(clerk.get("/check").status, StatusCode::SEE_OTHER);
        let request = ask(&three.sys, "wang", "change=enable_account");
        let silent = decide(&three.sec, &request, "verdict=refuse");
        assert!(silent.text.contains("拒绝要写明原因"));
        decide(&three.sec, &request, "verdict=refuse&remark=no");
        assert!(three.sys.get(&request).text.contains("已拒绝"));
        let request = ask(&three.sys, "wang", "change=enable_account");
        decide(&three.sys, &request, "verdict=withdraw");
        assert!(three.sec.get(&request).text.contains("已撤回"));
        let request = ask(&three.sys, "wang", "change=enable_account");
        decide(&three.sec, &request, "verdict=approve");
        by_hand(
            test,
            "UPDATE account SET locked_until = '2999-01-01T00:00:00+08:00' WHERE id = 'wang'",
        );
        let request = ask(&three.sec, "wang", "change=unlock");
        decide(&three.sys, &request, "verdict=approve");
        log_in(test, "wang");
        let request = ask(&three.sys, "wang", "change=reset_password");
        let page = decide(&three.sec, &request, "verdict=approve");
        let password = one_time_password(&page.text);
        let site = TestSite::new(test);
        let old = site.post("/login", &format!("name=wang&password={PASSWORD}"));
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
        let new = site.post("/login", &format!("name=wang&password={password}"));
        assert_eq!(to(&new), "/password");
        let request = ask(&three.sec, "wang", "change=revoke_roles&role_observer=1");
        decide(&three.sys, &request, "verdict=approve");
        assert!(three.sys.get("/accounts/wang").text.contains("还没有岗位"));
    }
);

on_both!(
    MIGRATIONS,
    a_request_expires_and_the_last_administrator_stays,
    |test| {
        let three = three(test);
        person(test, "wang", &[Role::Observer]);
        let request = ask(&three.sys, "wang", "change=disable_account");
        by_hand(
            test,
            "UPDATE privileged_change SET expires_at = '2020-01-01T00:00:00+08:00'",
        );
        assert_eq!(
            to(&decide(&three.sec, &request, "verdict=approve")),
            request
        );
        assert!(three.sys.get(&request).text.contains("已过期"));
        assert_eq!(log_in(test, "wang").get("/check").status, StatusCode::OK);
        for (account, fields) in [
            ("sec", "change=disable_account"),
            ("sec", "change=revoke_roles&role_security_admin=1"),
        ] {
            let path = format!("/accounts/{account}/requests");
            let answer = three.sys.post(&path, &format!("{fields}&reason=r"));
            assert!(answer.text.contains("没有可用的安全保密管理员"), "{fields}");
        }
        // With a second one, the audit administrator may be the second person.
        person(test, "sec2", &[Role::SecurityAdmin]);
        let request = ask(&three.sys, "sec", "change=disable_account");
        let own = decide(&three.sec, &request, "verdict=approve");
        assert!(own.text.contains("涉及您自己的账号"));
        decide(&three.aud, &request, "verdict=approve");
        assert_eq!(three.sec.get("/accounts").status, StatusCode::SEE_OTHER);
    }
);

on_both!(
    MIGRATIONS,
    who_may_not_ask_reads_why_and_nothing_is_written,
    |test| {
        let three = three(test);
        person(test, "wang", &[Role::Observer]);
        for (site, fields, words) in [
            (
                &three.aud,
                "change=unlock&reason=r",
                "这件事由安全保密管理员或系统管理员申请",
            ),
            (&three.sys, "change=disable_account&reason=", "请写明理由"),
            (
                &three.sys,
                "change=grant_roles&reason=r",
                "请至少选择一个岗位",
            ),
            (
                &three.sys,
                "change=grant_roles&role_observer=1&reason=r",
                "已经是人大、审计",
            ),
            (
                &three.sys,
                "change=grant_roles&role_audit_admin=1&reason=r",
                "不能兼任",
            ),
            (
                &three.sys,
                "change=revoke_roles&role_expert=1&reason=r",
                "不是专家",
            ),
            (&three.sec, "change=unlock&reason=r", "现在没有锁定"),
            (
                &three.sec,
                "change=reset_second_factor&reason=r",
                "没有绑定验证器",
            ),
            (
                &three.sys,
                "change=hand_over&successor=none&reason=r",
                "请填写接手人的用户名",
            ),
            (
                &three.sys,
                "change=hand_over&successor=wang&reason=r",
                "接手人不能是本人",
            ),
            (
                &three.sys,
                "change=hand_over&successor=aud&reason=r",
                "没有同样的岗位",
            ),
            (
                &three.sys,
                "change=rebind&unit=zzz&reason=r",
                "没有编码为 zzz 的单位",
            ),
        ] {
            let answer = site.post("/accounts/wang/requests", fields);
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
            assert!(answer.text.contains(words), "{fields}: {}", answer.text);
        }
        for (path, fields, status) in [
            ("/accounts/none/requests", "change=unlock&reason=r", 404),
            (
                "/accounts/wang/requests",
                "change=set_retention&reason=r",
                404,
            ),
            ("/accounts/wang/requests", "change=nothing&reason=r", 400),
            ("/accounts/wang/requests", "change=unlock&reason=r&x=1", 400),
            ("/privileged-changes/none/decision", "verdict=approve", 404),
        ] {
            assert_eq!(
                three.sys.post(path, fields).status,
                status,
                "{path} {fields}"
            );
        }
        assert!(
            three
                .sys
                .get("/privileged-changes")
                .text
                .contains("没有待复核的事项")
        );
    }
);

on_both!(
    MIGRATIONS,
    an_account_moves_and_its_work_goes_to_a_successor,
    |test| {
        let three = three(test);
        person(test, "wang", &[Role::Expert]);
        person(test, "zhao", &[Role::Expert]);
        by_hand(
            test,
            "INSERT INTO assignment VALUES ('wang', 'managed_object', 'o-1', '510683', \
             '2020-01-01T00:00:00+08:00')",
        );
        let request = ask(&three.sys, "wang", "change=hand_over&successor=zhao");
        decide(&three.sec, &request, "verdict=approve");
        assert!(log_in(test, "zhao").get("/rights").text.contains("1 项"));
        let request = ask(&three.sys, "wang", "change=rebind&unit=001&subject=idp-7");
        decide(&three.sec, &request, "verdict=approve");
        let page = three.sys.get("/accounts/wang").text;
        assert!(page.contains("001 绵竹市住房和城乡建设局") && page.contains("idp-7"));
        let taken = three.sys.post(
            "/accounts/zhao/requests",
            "change=rebind&subject=idp-7&reason=r",
        );
        assert!(taken.text.contains("已经属于另一个账号"));
    }
);

on_both!(
    MIGRATIONS,
    events_are_kept_as_long_as_two_persons_say_and_the_law_allows,
    |test| {
        let three = three(test);
        let short = three.aud.post("/audit/retention", "days=100&reason=r");
        assert!(short.text.contains("100 天少于规则包规定的 184 天"));
        let words = three.aud.post("/audit/retention", "days=ten&reason=r");
        assert_eq!(words.status, StatusCode::UNPROCESSABLE_ENTITY);
        let request = to(&three.aud.post("/audit/retention", "days=400&reason=r"));
        assert!(three.aud.get("/audit/retention").text.contains("3653 天"));
        decide(&three.sec, &request, "verdict=approve");
        assert!(three.aud.get("/audit/retention").text.contains("400 天"));
        assert_eq!(
            three.sys.get("/audit/retention").status,
            StatusCode::FORBIDDEN
        );
    }
);

on_both!(
    MIGRATIONS,
    an_account_is_edited_once_at_a_time_and_scripts_stay_text,
    |test| {
        let three = three(test);
        person(test, "wang", &[Role::Observer]);
        let page = three.sys.get("/accounts/wang/edit");
        let (_, rest) = page.text.split_once("name=\"version\" value=\"").unwrap();
        let version = rest.split_once('"').unwrap().0;
        let fields = format!("name=%3Cscript%3E&email=&valid_to=&version={version}");
        assert_eq!(
            to(&three.sys.post("/accounts/wang/edit", &fields)),
            "/accounts/wang"
        );
        let html = three.sys.get("/accounts/wang").text;
        assert!(html.contains("&#60;script&#62;") && !html.contains("<script>"));
        let stale = three.sys.post("/accounts/wang/edit", &fields);
        assert!(stale.text.contains("别人刚刚改过这个账号"));
        assert_eq!(
            three.sec.post("/accounts/wang/edit", &fields).status,
            StatusCode::FORBIDDEN
        );
    }
);

const HEAD: &str = "用户名,姓名,单位编码,股室,邮箱,有效期至,统一认证标识,岗位\n";

fn import(site: &TestSite, rows: &str) -> Answer {
    let file = format!("{HEAD}{rows}");
    site.upload("/accounts/import", "", &[("账号.csv", file.as_bytes())])
}

on_both!(
    MIGRATIONS,
    a_file_of_accounts_is_imported_whole_or_not_at_all,
    |test| {
        let three = three(test);
        let page = import(
            &three.sys,
            "wang,王一,001,,,,,单位经办、县长\nWANG,,999,,,2020-02-30,,\nwang,赵二,,,,,,系统管理员、单位经办\n",
        );
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        for (cell, words) in [
            ("H2", "没有“县长”这个岗位"),
            ("A3", "用户名要 2 至 32 个小写字母"),
            ("B3", "请填写姓名"),
            ("C3", "没有编码为 999 的单位"),
            ("F3", "有效期应是日期"),
            ("A4", "在文件里出现了两次"),
            ("H4", "不能兼任"),
        ] {
            let line = format!("<strong class=\"num\">{cell}</strong> ");
            let found = page.text.split(&line).skip(1).any(|rest| {
                let sentence = rest.split("</li>").next().unwrap();
                sentence.contains(words)
            });
            assert!(found, "{cell} {words}: {}", page.text);
        }
        assert!(!page.text.contains("/accounts/import/confirmation"));
        let page = import(
            &three.sys,
            "wang,王一,001,,,2999年12月31日,,单位经办\nzhao,赵二,,农业股,,,,业务股室审核人\nqian,钱三,,,,,,\n",
        );
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let (_, rest) = page.text.split_once("name=\"import\" value=\"").unwrap();
        let id = rest.split_once('"').unwrap().0;
        let fields = format!("import={id}&reason=new");
        let stranger = TestSite::logged_in_as(test, Role::SystemAdmin, None);
        let stolen = stranger.post("/accounts/import/confirmation", &fields);
        assert_eq!(stolen.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = three.sys.post("/accounts/import/confirmation", &fields);
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        assert_eq!(done.text.matches("<code class=\"secret\">").count(), 3);
        let again = three.sys.post("/accounts/import/confirmation", &fields);
        assert!(again.text.contains("已经完成或过期"));
        let list = three.sec.get("/privileged-changes");
        assert!(
            list.text.contains("王一（wang）：单位经办 等 2 项"),
            "{}",
            list.text
        );
    }
);

#[test]
fn a_file_that_is_no_list_of_accounts_says_so() {
    let test = TestDb::sqlite(MIGRATIONS);
    let three = three(&test);
    for (bytes, words) in [
        (&b"a,b\n1,2\n"[..], "没有找到表头"),
        (HEAD.as_bytes(), "表里没有账号"),
        ("姓名,单位编码\n王一,001\n".as_bytes(), "没有“用户名”这一列"),
        (&b"PK\x03\x04broken"[..], "文件"),
    ] {
        let answer = three
            .sys
            .upload("/accounts/import", "", &[("a.xlsx", bytes)]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
    let template = three.sys.get("/accounts/import/template");
    assert!(template.bytes.starts_with(b"PK"));
}

#[test]
fn everybody_reads_what_one_may_and_why_not_the_rest() {
    let test = TestDb::sqlite(MIGRATIONS);
    test.db.write_blocking(sample::write).unwrap();
    let clerk = TestSite::logged_in_as(&test, Role::UnitClerk, Some("u-1"));
    let page = clerk.get("/rights").text;
    assert!(page.contains("绵竹市住房和城乡建设局") && page.contains("本单位"));
    assert!(page.contains("不能审核；该事项由主管部门审核人"));
    let nobody = TestDb::sqlite(MIGRATIONS);
    person(&nobody, "qian", &[]);
    assert!(
        log_in(&nobody, "qian")
            .get("/rights")
            .text
            .contains("还没有岗位")
    );
}

/// How many decisions the sidebar says wait for this person.
fn waiting(site: &TestSite) -> usize {
    let page = site.get("/check").text;
    let (_, entry) = page.split_once("href=\"/privileged-changes?").unwrap();
    let (entry, _) = entry.split_once("</a>").unwrap();
    let Some((_, rest)) = entry.split_once("aria-label=\"") else {
        return 0;
    };
    rest.split_once(' ').unwrap().0.parse().unwrap()
}

on_both!(
    MIGRATIONS,
    who_may_decide_is_told_and_so_is_who_asked,
    |test| {
        let Three { sys, sec, aud } = three(test);
        person(test, "zhang", &[Role::UnitClerk]);
        let request = ask(&sys, "zhang", "change=reset_password");
        let count = [&sys, &sec, &aud].map(waiting);
        assert_eq!(count, [0, 1, 0], "the second person alone decides it");
        let told = sec.get("/notices").text;
        assert!(told.contains("有一件“重置密码”待您复核"), "{told}");
        assert!(
            told.contains("申请人：sys（系统管理员）。理由：because"),
            "{told}"
        );
        for site in [&sys, &aud] {
            assert!(!site.get("/notices").text.contains("待您复核"));
        }
        decide(&sec, &request, "verdict=refuse&remark=call-him-first");
        assert_eq!(waiting(&sec), 0);
        let told = sys.get("/notices").text;
        assert!(told.contains("您申请的“重置密码”已拒绝"), "{told}");
        assert!(told.contains("复核意见：call-him-first"), "{told}");
        // What the asker takes back himself is no news; what ran out is.
        let request = ask(&sys, "zhang", "change=reset_password");
        decide(&sys, &request, "verdict=withdraw");
        assert!(!sys.get("/notices").text.contains("已撤回"));
        ask(&sys, "zhang", "change=disable_account");
        by_hand(
            test,
            "UPDATE privileged_change SET expires_at = '2020-01-01T00:00:00+08:00' \
             WHERE state = 'waiting'",
        );
        assert_eq!(waiting(&sec), 0);
        // Looking changes nothing; the server ends it by itself.
        sys.get("/privileged-changes");
        assert!(!sys.get("/notices").text.contains("已过期"));
        test.db
            .write_blocking(|tx| crate::identity::end_expired(tx, &now_text()))
            .unwrap();
        let told = sys.get("/notices").text;
        assert!(told.contains("您申请的“停用账号”已过期"), "{told}");
    }
);
