use std::sync::{Arc, Barrier};

use db::on_both;
use domain::workflow::Lock;

use super::super::store::{deadline, receipt};
use super::super::{hand_over, receipt as sealing};
use super::*;

on_both!(
    MIGRATIONS,
    a_command_that_arrives_again_is_carried_out_once,
    |test| {
        site(test);
        let head = actor(Role::UnitHead, 1);
        let first = act(test, head.clone(), plain(Verb::Submit, 1)).unwrap();
        let before = everything(test);
        let again = act(test, head.clone(), plain(Verb::Submit, 1)).unwrap();
        assert_eq!(again, first, "the same answer with the same receipt");
        let mut other = plain(Verb::Submit, 1);
        other.comment = "另有说明".to_owned();
        assert_eq!(act(test, head.clone(), other), Err(Refusal::KeyReused));
        let withdrawal = command(Order::Plain(Verb::Withdraw), 2, "submit-1");
        assert_eq!(act(test, head.clone(), withdrawal), Err(Refusal::KeyReused));
        let elsewhere = act_on(test, TARGET, "t-20", head, plain(Verb::Submit, 1));
        assert_eq!(elsewhere, Err(Refusal::KeyReused));
        assert_eq!(everything(test), before);
    }
);

on_both!(MIGRATIONS, a_refusal_changes_nothing, |test| {
    site(test);
    let before = everything(test);
    let stale = Err(Refusal::Stale {
        seen: 7,
        current: 1,
    });
    let head = actor(Role::UnitHead, 1);
    assert_eq!(act(test, head.clone(), plain(Verb::Submit, 7)), stale);
    for role in Role::ALL {
        for verb in Verb::ALL {
            if (role, verb) == (Role::UnitHead, Verb::Submit)
                || (verb == Verb::HandIn && matches!(role, Role::UnitClerk | Role::UnitHead))
                || (role == Role::DepartmentReviewer && matches!(verb, Verb::HandIn | Verb::Submit))
            {
                continue;
            }
            let answer = act(test, actor(role, 1), plain(verb, 1));
            assert!(answer.is_err(), "{role:?} {verb:?}");
        }
    }
    let forged = act_on(test, TARGET, "t-none", head.clone(), plain(Verb::Submit, 1));
    assert_eq!(forged, Err(Refusal::NotFound));
    let other_kind = act_on(
        test,
        RecordKind::Monitoring,
        DRAFT,
        head,
        plain(Verb::Submit, 1),
    );
    assert_eq!(other_kind, Err(Refusal::NotFound));
    let stranger = Actor {
        unit: Some("u-2".into()),
        ..actor(Role::UnitHead, 2)
    };
    assert_eq!(
        act(test, stranger, plain(Verb::Submit, 1)),
        Err(Refusal::NotFound)
    );
    assert_eq!(everything(test), before);
});

on_both!(
    MIGRATIONS,
    of_commands_at_the_same_time_exactly_one_wins,
    |test| {
        site(test);
        let at_once = Arc::new(Barrier::new(8));
        let threads: Vec<_> = (0..8)
            .map(|number| {
                let (db, at_once) = (test.db.clone(), Arc::clone(&at_once));
                std::thread::spawn(move || {
                    let head = actor(Role::UnitHead, 1 + number % 2);
                    let command = command(Order::Plain(Verb::Submit), 1, &format!("k{number}"));
                    at_once.wait();
                    db.write_blocking(move |tx| run(tx, TARGET, DRAFT, &command, &head, NOW))
                })
            })
            .collect();
        let answers: Vec<_> = threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect();
        let won = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(won, 1);
        for answer in answers {
            match answer {
                Ok(answer) => assert_eq!(answer.moved.version, 2),
                Err(Error::Refused(Refusal::Stale { current, .. })) => assert_eq!(current, 2),
                Err(error) => panic!("{error:?}"),
            }
        }
    }
);

on_both!(
    MIGRATIONS,
    receipts_are_numbered_without_gap_and_sealed,
    |test| {
        site(test);
        let head = || actor(Role::UnitHead, 1);
        let number = |answer: Result<Answer, Refusal>| answer.unwrap().submission.unwrap();
        let first = number(act(test, head(), plain(Verb::Submit, 1)));
        act(test, head(), plain(Verb::Withdraw, 2)).unwrap();
        // A submission that fails takes no number.
        assert!(act(test, head(), plain(Verb::Submit, 2)).is_err());
        let second = number(act(test, head(), plain(Verb::Submit, 3)));
        assert_eq!(first, "SB-510683-2020-000001");
        assert_eq!(second, "SB-510683-2020-000002");
        test.db
            .read_blocking(move |tx| {
                let kept = receipt::find(tx, &second)?.unwrap();
                assert_eq!(kept.person_name, "单位负责人1号");
                assert_eq!(kept.submitted_at, NOW);
                assert!(kept.content.contains("验收合格率"));
                assert!(sealing::check(tx, &kept)?.is_good());
                let mut forged = kept.clone();
                forged.content = forged.content.replace("验收合格率", "合格率");
                let checked = sealing::check(tx, &forged)?;
                assert!(checked.is_sealed && !checked.has_its_content);
                for change in [
                    |receipt: &mut receipt::Receipt| receipt.submitted_at = "2020-02-28".into(),
                    |receipt: &mut receipt::Receipt| receipt.person_name = "别人".into(),
                    |receipt: &mut receipt::Receipt| receipt.record_version = 9,
                    |receipt: &mut receipt::Receipt| {
                        receipt.number = "SB-510683-2020-000009".into();
                    },
                    |receipt: &mut receipt::Receipt| receipt.seal = "ed25519:00".into(),
                    |receipt: &mut receipt::Receipt| receipt.seal.push('0'),
                ] {
                    let mut forged = kept.clone();
                    change(&mut forged);
                    assert!(!sealing::check(tx, &forged)?.is_sealed, "{forged:?}");
                }
                Ok::<_, db::Error>(())
            })
            .unwrap();
    }
);

on_both!(
    MIGRATIONS,
    receipts_of_a_lost_key_are_still_checked,
    |test| {
        site(test);
        let head = || actor(Role::UnitHead, 1);
        let number = |answer: Result<Answer, Refusal>| answer.unwrap().submission.unwrap();
        let first = number(act(test, head(), plain(Verb::Submit, 1)));
        let old = test.db.write_blocking(|tx| sealing::forget_sealed(tx, NOW));
        act(test, head(), plain(Verb::Withdraw, 2)).unwrap();
        let second = number(act(test, head(), plain(Verb::Submit, 3)));
        test.db
            .read_blocking(move |tx| {
                let mut keys = Vec::new();
                for number in [&first, &second] {
                    let kept = receipt::find(tx, number)?.unwrap();
                    assert!(sealing::check(tx, &kept)?.is_good(), "{number}");
                    keys.push(sealing::public_key_text(tx, &kept)?);
                }
                assert_ne!(keys[0], keys[1]);
                assert_eq!(old.as_ref().unwrap().as_ref(), Some(&keys[0]));
                Ok::<_, db::Error>(())
            })
            .unwrap();
    }
);

on_both!(
    MIGRATIONS,
    a_closed_round_stops_the_unit_and_not_the_reviewer,
    |test| {
        site(test);
        let set = |due_on: &'static str, version: Option<i64>| {
            test.db
                .write_blocking(move |tx| {
                    let round = (REGION, TARGET.name(), 2020);
                    let who = ("ac-performance_admin-1", NOW);
                    deadline::set(tx, round, (due_on, 3), who, version)
                })
                .unwrap();
        };
        set("2020-02-27", None);
        let locked = Err(Refusal::Locked(Lock::RoundClosed));
        let head = || actor(Role::UnitHead, 1);
        assert_eq!(
            act(test, head(), plain(Verb::Submit, 1)),
            locked,
            "three days late and more"
        );
        set("2020-02-28", Some(1));
        act(test, head(), plain(Verb::Submit, 1)).unwrap();
        set("2020-02-01", Some(2));
        let reviewer = || actor(Role::DepartmentReviewer, 1);
        act(test, reviewer(), returned(ReturnTo::Filler, 2)).unwrap();
        act(test, head(), plain(Verb::Submit, 3)).unwrap();
        act(test, head(), plain(Verb::Withdraw, 4)).unwrap();
        assert_eq!(act(test, head(), plain(Verb::Submit, 5)), locked);
        test.db
            .write_blocking(|tx| {
                let again = deadline::Reopening {
                    id: "again",
                    kind: TARGET.name(),
                    year: 2020,
                    unit: Some("u-1"),
                    open_until: "2020-03-02",
                    reason: "系统停机",
                };
                let who = ("ac-performance_admin-1", NOW);
                deadline::reopen(tx, REGION, &again, who)
            })
            .unwrap();
        act(test, head(), plain(Verb::Submit, 5)).unwrap();
        test.db
            .write_blocking(|tx| {
                let who = ("ac-performance_admin-1", NOW);
                let closure = (true, "归档");
                deadline::set_closure(tx, (REGION, 2020), closure, who)
            })
            .unwrap();
        assert_eq!(
            act(test, reviewer(), plain(Verb::Approve, 6)),
            Err(Refusal::Locked(Lock::YearClosed))
        );
    }
);

on_both!(
    MIGRATIONS,
    the_open_work_of_who_leaves_goes_to_the_successor,
    |test| {
        site(test);
        act(test, actor(Role::UnitHead, 1), plain(Verb::Submit, 1)).unwrap();
        act(
            test,
            actor(Role::DepartmentReviewer, 1),
            plain(Verb::Approve, 2),
        )
        .unwrap();
        let leaver = actor(Role::SectionReviewer, 2).id;
        let order = Order::Delegate(leaver.clone());
        act(
            test,
            actor(Role::SectionReviewer, 1),
            command(order, 3, "on"),
        )
        .unwrap();
        assert_eq!(held(test, DRAFT), ["ac-section_reviewer-2 approve"]);
        let hand = move |to: Role| {
            let leaver = leaver.clone();
            test.db
                .write_blocking(move |tx| {
                    execute(
                        tx,
                        "INSERT INTO assignment VALUES ('ac-section_reviewer-2', \
                         'managed_object', 'o-1', '510683', '2020-01-01')",
                        &[],
                    )?;
                    let to = actor(to, 1).id;
                    hand_over(tx, &leaver, &to, NOW, "sysadmin").map_err(|error| match error {
                        Error::Database(error) => error,
                        Error::Refused(refusal) => panic!("{refusal}"),
                    })
                })
                .unwrap()
        };
        let done = hand(Role::BudgetOfficer);
        assert_eq!((done.records, done.assignments), (1, 1));
        assert_eq!(held(test, DRAFT), ["ac-budget_officer-1 approve"]);
        let answer = act(test, actor(Role::BudgetOfficer, 1), plain(Verb::Approve, 4));
        assert_eq!(answer.unwrap().moved.state.name(), "joint_review");
    }
);

on_both!(
    MIGRATIONS,
    things_to_do_are_made_anew_without_a_change,
    |test| {
        site(test);
        let before = everything(test);
        test.db
            .write_blocking(|tx| refresh_items(tx, "2021-01-01T00:00:00+08:00"))
            .unwrap();
        assert_eq!(everything(test), before);
        assert_eq!(held(test, "r-1"), ["unit_clerk fill"]);
        assert_eq!(held(test, "t-20"), Vec::<String>::new());
    }
);
