use std::fmt::Write as _;

use Verdict::{Approve, Refuse, Withdraw};

use crate::identity::{
    Change, ChangeState, Decider, Request, Verdict, ask, askers, decide_change, deciders,
    leaves_no_administrator, retention_flaw,
};
use crate::permission::{PersonId, Role};
use crate::rulepack::default_pack;

const BEFORE: &str = "2021-03-05T09:00:00+08:00";
const EXPIRES: &str = "2021-03-12T09:00:00+08:00";

fn request() -> Request {
    Request {
        change: Change::Unlock,
        state: ChangeState::Waiting,
        asked_by: "sec-1".into(),
        asked_as: Role::SecurityAdmin,
        concerns: vec!["clerk".into()],
        concerns_administrator: false,
        expires_at: EXPIRES.to_owned(),
    }
}

fn check(request: &Request, id: &str, role: Role, verdict: Verdict, now: &str) -> String {
    let id = PersonId::from(id);
    let decider = Decider {
        id: &id,
        roles: &[role],
    };
    match decide_change(request, decider, verdict, now) {
        Ok(state) => state.name().to_owned(),
        Err(refusal) => refusal.to_string(),
    }
}

#[test]
fn who_asks_and_who_is_the_second_person() {
    let mut out = String::new();
    for change in Change::ALL {
        for asker in Role::ALL {
            for concerns_administrator in [false, true] {
                let seconds = deciders(change, asker, concerns_administrator);
                if seconds.is_empty() {
                    continue;
                }
                let seconds: Vec<&str> = seconds.iter().map(|role| role.name()).collect();
                let whom = if concerns_administrator {
                    "admin"
                } else {
                    "other"
                };
                let names = (change.name(), asker.name(), seconds.join(" "));
                writeln!(out, "{} {} {whom}: {}", names.0, names.1, names.2).unwrap();
            }
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn every_change_needs_a_security_administrator_or_his_second() {
    for change in Change::ALL {
        for asker in askers(change) {
            assert!(asker.is_administrator());
            for second in deciders(change, *asker, false) {
                let pair = [*asker, *second];
                assert!(pair.contains(&Role::SecurityAdmin), "{change:?} {pair:?}");
            }
        }
        for outsider in Role::ALL
            .into_iter()
            .filter(|role| !role.is_administrator())
        {
            assert!(
                deciders(change, outsider, true).is_empty(),
                "{change:?} {outsider:?}"
            );
        }
    }
}

#[test]
fn a_change_is_asked_for_with_a_reason_and_by_the_right_role() {
    let sentence = |role, reason| {
        let asked = ask(Change::ResetPassword, &[role], reason);
        asked.map_or_else(|refusal| refusal.to_string(), |role| role.name().to_owned())
    };
    assert_eq!(sentence(Role::SystemAdmin, "遗失"), "system_admin");
    assert_eq!(
        sentence(Role::SystemAdmin, " "),
        "请写明理由：复核的人要靠它判断。"
    );
    assert_eq!(
        sentence(Role::PerformanceAdmin, "遗失"),
        "您不能申请重置密码；这件事由系统管理员申请。"
    );
}

#[test]
fn the_second_person_is_another_one_with_the_right_role() {
    let own_account = Request {
        concerns: vec!["sys-1".into()],
        ..request()
    };
    let done = Request {
        state: ChangeState::Applied,
        ..request()
    };
    let (sys, sec) = (Role::SystemAdmin, Role::SecurityAdmin);
    let seconds = "系统管理员或安全保密管理员";
    let own = format!("这件事是您申请的，不能由您自己复核；请交给{seconds}。");
    let other = format!("您不能复核这件事；它由{seconds}复核。");
    let about_you = format!("这件事涉及您自己的账号，不能由您复核；请交给另一位{seconds}。");
    let waiting = request();
    for (request, id, role, verdict, now, expected) in [
        (&waiting, "sys-1", sys, Approve, BEFORE, "applied"),
        (&waiting, "sec-2", sec, Approve, BEFORE, "applied"),
        (&waiting, "sys-1", sys, Refuse, BEFORE, "refused"),
        (&waiting, "sec-1", sec, Withdraw, BEFORE, "withdrawn"),
        (&waiting, "sys-1", sys, Approve, EXPIRES, "expired"),
        (&waiting, "sec-1", sec, Approve, BEFORE, &*own),
        (&waiting, "sec-1", sys, Refuse, BEFORE, &*own),
        (
            &waiting,
            "aud-1",
            Role::AuditAdmin,
            Approve,
            BEFORE,
            &*other,
        ),
        (
            &waiting,
            "x",
            Role::PerformanceAdmin,
            Approve,
            BEFORE,
            &*other,
        ),
        (&own_account, "sys-1", sys, Approve, BEFORE, &*about_you),
        (
            &waiting,
            "sys-1",
            sys,
            Withdraw,
            BEFORE,
            "只有申请人可以撤回；您可以同意或拒绝。",
        ),
        (
            &done,
            "sys-1",
            sys,
            Approve,
            BEFORE,
            "这件事已同意并生效，不能再办理。",
        ),
    ] {
        let found = check(request, id, role, verdict, now);
        assert_eq!(found, expected, "{id} {role:?} {verdict:?} {now}");
    }
}

#[test]
fn one_of_each_kind_of_administrator_always_stays() {
    let held = [
        Role::SystemAdmin,
        Role::SystemAdmin,
        Role::SecurityAdmin,
        Role::UnitClerk,
    ];
    assert_eq!(leaves_no_administrator(&held, &[Role::SystemAdmin]), Ok(()));
    assert_eq!(leaves_no_administrator(&held, &[Role::UnitClerk]), Ok(()));
    let refusal = leaves_no_administrator(&held, &[Role::SecurityAdmin]).unwrap_err();
    assert!(refusal.to_string().contains("没有可用的安全保密管理员"));
}

#[test]
fn names_come_back_as_they_went() {
    for change in Change::ALL {
        assert_eq!(Change::find(change.name()), Some(change));
    }
    for state in ChangeState::ALL {
        assert_eq!(ChangeState::find(state.name()), Some(state));
    }
}

#[test]
fn events_are_kept_no_shorter_than_the_law_says() {
    let rules = &default_pack().security.audit;
    assert_eq!(retention_flaw(rules, 184), None);
    let short = retention_flaw(rules, 183).unwrap().to_string();
    assert!(short.contains("183 天少于规则包规定的 184 天"), "{short}");
    assert!(retention_flaw(rules, 36_526).is_some());
}
