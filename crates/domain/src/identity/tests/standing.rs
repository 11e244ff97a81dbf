use crate::identity::{
    Age, Confirmation, Present, confirmation, must_prove_twice, password_age, session_has_ended,
};
use crate::permission::Role;
use crate::rulepack::{SecondFactorRules, SessionRules};

const PRESENT: Present<'static> = Present {
    is_disabled: false,
    expires_on: None,
    locked_until: None,
};

#[test]
fn an_account_gets_in_to_the_end_of_its_last_day() {
    let check = |expires_on, is_disabled| {
        let present = Present {
            is_disabled,
            expires_on,
            ..PRESENT
        };
        let refusal = present.refusal("2021-03-05");
        refusal.map(|refusal| refusal.to_string())
    };
    assert_eq!(check(None, false), None);
    assert_eq!(check(Some("2021-03-05"), false), None);
    let expired = check(Some("2021-03-04"), false).unwrap();
    assert!(expired.contains("2021-03-04 为止，已经过期"), "{expired}");
    assert!(check(None, true).unwrap().contains("已停用"));
}

#[test]
fn a_lock_ends_at_its_moment() {
    let present = Present {
        locked_until: Some("2021-03-05T09:30:00+08:00"),
        ..PRESENT
    };
    assert!(present.is_locked("2021-03-05T09:29:59+08:00"));
    assert!(!present.is_locked("2021-03-05T09:30:00+08:00"));
    assert!(!PRESENT.is_locked("2021-03-05T09:30:00+08:00"));
}

#[test]
fn a_password_is_warned_of_before_it_is_over() {
    let day = 86_400;
    for (seconds, expected) in [
        (0, Age::Good),
        (76 * day - 1, Age::Good),
        (76 * day, Age::Warn { days: 14 }),
        (90 * day - 1, Age::Warn { days: 1 }),
        (90 * day, Age::Over),
    ] {
        assert_eq!(password_age(90, 14, seconds), expected, "{seconds}");
    }
    assert_eq!(password_age(0, 0, i64::MAX), Age::Good);
}

#[test]
fn a_session_ends_by_idleness_and_by_age() {
    let rules = SessionRules {
        idle_minutes: 30,
        absolute_hours: 12,
    };
    for (age, idle, expected) in [
        (0, 0, false),
        (43_199, 1_799, false),
        (43_200, 0, true),
        (1_800, 1_800, true),
    ] {
        assert_eq!(
            session_has_ended(&rules, age, idle),
            expected,
            "{age} {idle}"
        );
    }
}

#[test]
fn who_must_prove_twice_is_the_places_choice() {
    let rules = |administrators, finance_approvers| SecondFactorRules {
        administrators,
        finance_approvers,
    };
    let names = |rules: SecondFactorRules| -> String {
        let held = Role::ALL
            .into_iter()
            .filter(|role| must_prove_twice(&rules, &[*role]));
        held.map(Role::name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(rules(false, false)), "");
    assert_eq!(
        names(rules(true, false)),
        "system_admin security_admin audit_admin"
    );
    assert_eq!(
        names(rules(false, true)),
        "section_reviewer performance_admin budget_officer"
    );
}

#[test]
fn what_outlives_the_session_is_confirmed_by_the_best_that_one_has() {
    for (must, has_second_factor, has_password, expected) in [
        (true, true, true, Confirmation::Code),
        (false, true, true, Confirmation::Code),
        (true, true, false, Confirmation::Code),
        // A session from before the role demanded it is not enough, nor is the password.
        (true, false, true, Confirmation::BindFirst),
        (true, false, false, Confirmation::BindFirst),
        (false, false, true, Confirmation::Password),
        (false, false, false, Confirmation::Nothing),
    ] {
        let wanted = confirmation(must, has_second_factor, has_password);
        assert_eq!(
            wanted, expected,
            "{must} {has_second_factor} {has_password}"
        );
    }
}
