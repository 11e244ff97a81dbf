//! What a person reaches, on both databases.

use db::{Tx, on_both};
use domain::permission::{Action, Actor, Role};

use super::{Reach, Refused, demand, store};
use crate::database::MIGRATIONS;
use crate::serve::sample;

fn actor(role: Role, unit: Option<&str>, section: Option<&str>) -> Actor {
    Actor {
        id: "a".into(),
        roles: vec![role],
        unit: unit.map(Into::into),
        section: section.map(Into::into),
        region: "510683".to_owned(),
        tasks: Vec::new(),
    }
}

/// What comes of looking at the full project and at one of its records: `yes`, `no` or `hidden`.
fn look(tx: &mut Tx<'_>, actor: &Actor, action: Action, kind: &str, id: &str) -> &'static str {
    match demand(tx, actor, action, kind, id) {
        Ok(_) => "yes",
        Err(Refused::Forbidden(_)) => "no",
        Err(Refused::NotFound) => "hidden",
        Err(Refused::Database(error)) => panic!("{error}"),
    }
}

on_both!(
    MIGRATIONS,
    a_record_is_hidden_from_whom_it_does_not_concern,
    |test| {
        test.db
            .write_blocking(|tx| {
                sample::write(tx)?;
                for (who, action, expected) in [
                    (
                        actor(Role::UnitClerk, Some("u-1"), None),
                        Action::View,
                        "yes",
                    ),
                    (
                        actor(Role::UnitClerk, Some("u-2"), None),
                        Action::View,
                        "hidden",
                    ),
                    (actor(Role::UnitClerk, None, None), Action::View, "hidden"),
                    (
                        actor(Role::UnitClerk, Some("u-1"), None),
                        Action::Review,
                        "no",
                    ),
                    (
                        actor(Role::SectionReviewer, None, Some("s-1")),
                        Action::Review,
                        "yes",
                    ),
                    (
                        actor(Role::SectionReviewer, None, Some("s-2")),
                        Action::Review,
                        "no",
                    ),
                    (
                        actor(Role::PerformanceAdmin, None, None),
                        Action::View,
                        "yes",
                    ),
                    (actor(Role::SystemAdmin, None, None), Action::View, "hidden"),
                    (actor(Role::Expert, None, None), Action::View, "hidden"),
                ] {
                    for (kind, id) in [
                        ("managed_object", sample::FULL),
                        ("performance_target", "t-20"),
                    ] {
                        let found = look(tx, &who, action, kind, id);
                        assert_eq!(found, expected, "{:?} {action:?} {kind}", who.roles);
                    }
                }
                Ok::<_, db::Error>(())
            })
            .unwrap();
    }
);

on_both!(
    MIGRATIONS,
    every_kind_of_record_is_found_and_a_forged_one_is_hidden,
    |test| {
        test.db
            .write_blocking(|tx| {
                sample::write(tx)?;
                let who = actor(Role::PerformanceAdmin, None, None);
                for (kind, id) in [
                    ("managed_object", "o-1"),
                    ("ex_ante_assessment", "x-1"),
                    ("performance_target", "t-20"),
                    ("monitoring", "m-1"),
                    ("self_evaluation", "se-1"),
                    ("key_evaluation", "k-1"),
                    ("rectification", "r-1"),
                    ("result_application", "a-1"),
                    ("organisation_unit", "u-1"),
                ] {
                    assert_eq!(look(tx, &who, Action::View, kind, id), "yes", "{kind}");
                    assert_eq!(
                        look(tx, &who, Action::View, kind, "' OR 1=1"),
                        "hidden",
                        "{kind}"
                    );
                }
                assert_eq!(look(tx, &who, Action::View, "account", "a"), "hidden");
                Ok::<_, db::Error>(())
            })
            .unwrap();
    }
);

#[test]
fn an_observer_reaches_what_was_released_and_an_administrator_nothing() {
    let reach = |role| Reach::of(&actor(role, None, None), Action::View);
    let released = Reach {
        is_released: true,
        ..Reach::default()
    };
    assert_eq!(reach(Role::Observer), released);
    for role in [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin] {
        assert_eq!(reach(role), Reach::default(), "{role:?}");
    }
    assert!(reach(Role::PerformanceAdmin).is_region);
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    test.db
        .read_blocking(|tx| {
            store::STATEMENTS
                .iter()
                .try_for_each(|sql| tx.prepare(*sql))
        })
        .unwrap();
});
