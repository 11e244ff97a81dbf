use std::fmt::Write as _;

use super::*;

/// Someone of this role who works where [`record`] belongs, for everything but what is assigned.
pub(crate) fn actor(role: Role) -> Actor {
    let place = |unit: Option<&str>, section: Option<&str>| Actor {
        id: PersonId(format!("{}-1", role.name())),
        roles: vec![role],
        unit: unit.map(UnitId::from),
        section: section.map(SectionId::from),
        region: "510683".to_owned(),
        tasks: Vec::new(),
    };
    match role {
        Role::UnitClerk | Role::UnitHead => place(Some("school"), None),
        Role::DepartmentReviewer => place(Some("education"), None),
        Role::SectionReviewer => place(None, Some("culture-section")),
        _ => place(None, None),
    }
}

/// A record of a school below the department of education.
pub(crate) fn record() -> Subject {
    Subject {
        record: Some("record-1".into()),
        unit: Some("school".into()),
        superiors: vec!["education".into()],
        section: Some("culture-section".into()),
        region: "510683".to_owned(),
        is_released: false,
    }
}

/// One subject for each scope, which lies in that scope and, but for `All`, in no narrower one.
fn subjects() -> [(&'static str, Subject); 6] {
    let elsewhere = Subject {
        record: Some("record-2".into()),
        unit: Some("clinic".into()),
        superiors: vec!["health".into()],
        section: Some("other-section".into()),
        ..record()
    };
    let unit = |name: &str, superiors: &[&str], section: &str| Subject {
        unit: Some(name.into()),
        superiors: superiors.iter().copied().map(UnitId::from).collect(),
        section: Some(section.into()),
        ..elsewhere.clone()
    };
    [
        ("own", unit("own", &[], "other-section")),
        ("sub", unit("below", &["own"], "other-section")),
        ("sec", unit("clinic", &["health"], "culture-section")),
        (
            "task",
            Subject {
                record: Some("record-1".into()),
                region: "510000".to_owned(),
                ..elsewhere.clone()
            },
        ),
        ("region", elsewhere.clone()),
        (
            "all",
            Subject {
                region: "510000".to_owned(),
                ..elsewhere
            },
        ),
    ]
}

/// Someone of this role with one record assigned, who works in the unit `own`.
fn placed(role: Role) -> Actor {
    Actor {
        unit: Some("own".into()),
        section: Some("culture-section".into()),
        tasks: vec!["record-1".into()],
        ..actor(role)
    }
}

#[test]
fn the_whole_matrix_of_role_action_and_scope() {
    let mut out = String::from("+ allowed, - denied, . hidden: own sub sec task region all\n");
    for action in Action::ALL {
        write!(out, "{:<18}", format!("{action:?}")).unwrap();
        for role in Role::ALL {
            let marks: String = subjects()
                .iter()
                .map(
                    |(_, subject)| match decide(&placed(role), action, subject) {
                        Decision::Allowed(_) => '+',
                        Decision::Denied(_) => '-',
                        Decision::Hidden => '.',
                    },
                )
                .collect();
            write!(out, " {marks}").unwrap();
        }
        out.push('\n');
    }
    let roles: Vec<&str> = Role::ALL.map(Role::name).to_vec();
    writeln!(out, "columns: {}", roles.join(" ")).unwrap();
    insta::assert_snapshot!(out);
}

#[test]
fn every_reason_is_a_sentence_that_says_whom_to_ask() {
    let mut head = actor(Role::DepartmentReviewer);
    head.roles.push(Role::UnitHead);
    let mut both = actor(Role::SystemAdmin);
    both.roles.push(Role::AuditAdmin);
    let cases = [
        decide(&actor(Role::SectionReviewer), Action::Review, &record()),
        decide(&actor(Role::UnitClerk), Action::Review, &record()),
        decide(&head, Action::Fill, &record()),
        decide(&actor(Role::SystemAdmin), Action::View, &record()),
        decide(&both, Action::ManageUsers, &Subject::of_region("510683")),
        decide(
            &actor(Role::UnitHead),
            Action::PublishRules,
            &Subject::of_region("510683"),
        ),
    ];
    let lines: Vec<&str> = cases.iter().map(Decision::reason).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_three_administrators_exclude_each_other_and_every_business_role() {
    for administrator in Role::ALL.into_iter().filter(|role| role.is_administrator()) {
        for other in Role::ALL.into_iter().filter(|role| *role != administrator) {
            assert!(
                role_conflict(&[administrator, other]).is_some(),
                "{administrator:?} {other:?}"
            );
        }
        assert_eq!(role_conflict(&[administrator]), None);
    }
    assert_eq!(role_conflict(&[Role::UnitClerk, Role::UnitHead]), None);
}

#[test]
fn no_administrator_learns_that_a_record_exists() {
    let released = Subject {
        is_released: true,
        ..record()
    };
    for role in Role::ALL.into_iter().filter(|role| role.is_administrator()) {
        for action in Action::ALL
            .into_iter()
            .filter(|action| action.concerns_record())
        {
            let decision = decide(&placed(role), action, &released);
            assert_eq!(decision, Decision::Hidden, "{role:?} {action:?}");
        }
    }
}

#[test]
fn no_scope_but_a_task_and_all_reaches_into_another_region() {
    let elsewhere = Subject {
        region: "510000".to_owned(),
        unit: Some("own".into()),
        section: Some("culture-section".into()),
        ..record()
    };
    let actor = placed(Role::Expert);
    for scope in Scope::ALL {
        let reaches = matches!(scope, Scope::AssignedTasks | Scope::All);
        assert_eq!(covers(scope, &actor, &elsewhere), reaches, "{scope:?}");
    }
}

#[test]
fn an_observer_sees_a_record_only_once_it_is_released() {
    let observer = actor(Role::Observer);
    let released = Subject {
        is_released: true,
        ..record()
    };
    assert_eq!(
        decide(&observer, Action::ReadReleased, &record()),
        Decision::Hidden
    );
    assert!(decide(&observer, Action::ReadReleased, &released).is_allowed());
    assert!(!decide(&observer, Action::Export, &released).is_allowed());
}

#[test]
fn every_role_may_do_something_and_every_action_is_someones() {
    for role in Role::ALL {
        let granted = |action: &Action| grants(*action).iter().any(|(own, _)| *own == role);
        assert!(Action::ALL.iter().any(granted), "{role:?}");
    }
    for action in Action::ALL {
        assert!(!grants(action).is_empty(), "{action:?}");
    }
}
