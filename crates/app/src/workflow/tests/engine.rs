use db::on_both;

use super::super::{edit_allowed, edited, store};
use super::*;

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    test.db
        .read_blocking(|tx| store::statements().try_for_each(|sql| tx.prepare(sql)))
        .unwrap();
});

on_both!(
    MIGRATIONS,
    a_target_walks_from_draft_to_approval_by_each_roles_person,
    |test| {
        site(test);
        assert_eq!(held(test, DRAFT), ["unit_clerk fill"]);
        let graded = Command {
            outcome: Some("优".to_owned()),
            ..plain(Verb::Approve, 5)
        };
        let walk: [(Role, Command, &str, &[&str]); 8] = [
            (
                Role::UnitClerk,
                plain(Verb::HandIn, 1),
                "draft",
                &["unit_head submit", "department_reviewer submit"],
            ),
            (
                Role::UnitHead,
                plain(Verb::Submit, 2),
                "department_review",
                &["department_reviewer approve"],
            ),
            (
                Role::DepartmentReviewer,
                plain(Verb::Approve, 3),
                "section_review",
                &["section_reviewer approve"],
            ),
            (
                Role::SectionReviewer,
                plain(Verb::Approve, 4),
                "joint_review",
                &["performance_admin approve"],
            ),
            (
                Role::PerformanceAdmin,
                graded,
                "reviewed",
                &["budget_officer advance"],
            ),
            (
                Role::BudgetOfficer,
                plain(Verb::Advance, 6),
                "in_budget",
                &["budget_officer advance"],
            ),
            (
                Role::BudgetOfficer,
                plain(Verb::Advance, 7),
                "submitted_to_npc",
                &["budget_officer approve"],
            ),
            (
                Role::BudgetOfficer,
                plain(Verb::Approve, 8),
                "approved",
                &[],
            ),
        ];
        for (role, command, state, holders) in walk {
            let verb = command.order.verb();
            if command.outcome.is_some() {
                form_graded(test, DRAFT, &actor(role, 1).id.0, "优");
            }
            let answer = act(test, actor(role, 1), command);
            let answer = answer.unwrap_or_else(|refusal| panic!("{verb:?}: {refusal}"));
            assert_eq!(answer.moved.state.name(), state, "{verb:?}");
            assert_eq!(
                answer.submission.is_some(),
                verb == Verb::Submit,
                "{verb:?}"
            );
            assert_eq!(held(test, DRAFT), holders, "{verb:?}");
        }
        let (row, steps, events) = test
            .db
            .read_blocking(|tx| {
                let one = |tx: &mut Tx<'_>, text| tx.one(Sql { name: "TEST", text }, &[]);
                let row = one(
                    tx,
                    "SELECT state, grade, approved_on, version FROM performance_target \
                     WHERE id = 't-draft'",
                )?;
                let steps = one(
                    tx,
                    "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM record_step \
                     WHERE record_id = 't-draft'",
                )?;
                let events = one(
                    tx,
                    "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM event \
                     WHERE record_id = 't-draft' AND record_kind = 'performance_target'",
                )?;
                Ok::<_, db::Error>((row, steps.int("found")?, events.int("found")?))
            })
            .unwrap();
        assert_eq!(row.text("grade").unwrap(), "优");
        assert_eq!(row.text("approved_on").unwrap(), "2020-03-02");
        assert_eq!(row.int("version").unwrap(), 9);
        assert_eq!((steps, events), (8, 8));
    }
);

on_both!(
    MIGRATIONS,
    people_drawn_in_hold_the_record_and_a_return_goes_where_it_is_sent,
    |test| {
        site(test);
        act(test, actor(Role::UnitHead, 1), plain(Verb::Submit, 1)).unwrap();
        act(
            test,
            actor(Role::DepartmentReviewer, 1),
            plain(Verb::Approve, 2),
        )
        .unwrap();
        let colleague = actor(Role::SectionReviewer, 2).id;
        let budget = actor(Role::BudgetOfficer, 1).id;
        let reviewer = || actor(Role::SectionReviewer, 1);
        let ask = command(Order::Consult(vec![budget.clone()]), 3, "ask");
        act(test, reviewer(), ask).unwrap();
        let expected = [
            "section_reviewer approve".to_owned(),
            format!("{} consult", budget.0),
        ];
        assert_eq!(held(test, DRAFT), expected);
        let hand_on = command(Order::Delegate(colleague.clone()), 4, "on");
        act(test, reviewer(), hand_on).unwrap();
        let signer = command(Order::AddSigner(actor(Role::Expert, 1).id), 5, "add");
        act(test, actor(Role::SectionReviewer, 2), signer).unwrap();
        assert_eq!(held(test, DRAFT), ["ac-expert-1 add_signer"]);
        act(test, actor(Role::Expert, 1), plain(Verb::Approve, 6)).unwrap();
        act(test, actor(Role::BudgetOfficer, 1), plain(Verb::Approve, 7)).unwrap();
        let back = returned(ReturnTo::Step("department_review".to_owned()), 8);
        act(test, actor(Role::SectionReviewer, 2), back).unwrap();
        assert_eq!(held(test, DRAFT), ["department_reviewer approve"]);
        let back = returned(ReturnTo::Previous, 9);
        let answer = act(test, actor(Role::DepartmentReviewer, 1), back).unwrap();
        assert_eq!(answer.moved.state.name(), "returned");
        assert_eq!(held(test, DRAFT), ["unit_clerk fill"]);
    }
);

on_both!(MIGRATIONS, nobody_is_drawn_in_who_cannot_review, |test| {
    site(test);
    act(test, actor(Role::UnitHead, 1), plain(Verb::Submit, 1)).unwrap();
    act(
        test,
        actor(Role::DepartmentReviewer, 1),
        plain(Verb::Approve, 2),
    )
    .unwrap();
    let before = everything(test);
    for person in [
        "nobody".to_owned(),
        String::new(),
        actor(Role::UnitClerk, 1).id.0,
        actor(Role::SystemAdmin, 1).id.0,
        actor(Role::UnitHead, 1).id.0,
    ] {
        for order in [
            Order::Delegate(PersonId(person.clone())),
            Order::AddSigner(PersonId(person.clone())),
            Order::Consult(vec![PersonId(person.clone())]),
        ] {
            let answer = act(
                test,
                actor(Role::SectionReviewer, 1),
                command(order, 3, "k"),
            );
            assert_eq!(answer, Err(Refusal::UnfitPerson), "{person}");
        }
    }
    assert_eq!(everything(test), before);
});

on_both!(
    MIGRATIONS,
    whoever_edited_a_record_does_not_review_it,
    |test| {
        site(test);
        let head = actor(Role::UnitHead, 1);
        let reviewer = actor(Role::DepartmentReviewer, 1);
        let filler = reviewer.clone();
        test.db
            .write_blocking(move |tx| {
                edit_allowed(tx, TARGET, DRAFT, 1, &filler, NOW)?;
                edited(tx, TARGET, DRAFT, &filler, NOW)
            })
            .map_err(|error: Error| format!("{error:?}"))
            .unwrap();
        act(test, head, plain(Verb::Submit, 1)).unwrap();
        let answer = act(test, reviewer, plain(Verb::Approve, 2));
        assert_eq!(answer, Err(Refusal::FilledByYou));
    }
);

on_both!(
    MIGRATIONS,
    a_form_with_errors_is_neither_handed_in_nor_sent,
    |test| {
        site(test);
        test.db
            .write_blocking(|tx| {
                execute(
                    tx,
                    "UPDATE indicator SET weight_centi = 2600 WHERE id = 't-draft-1'",
                    &[],
                )
            })
            .unwrap();
        let unmet = |actor, verb| match act(test, actor, plain(verb, 1)) {
            Err(Refusal::Errors(errors)) => errors.to_string(),
            other => panic!("{other:?}"),
        };
        for (role, verb) in [
            (Role::UnitHead, Verb::Submit),
            (Role::UnitClerk, Verb::HandIn),
        ] {
            let told = unmet(actor(role, 1), verb);
            assert!(told.contains("1 处错误") && told.contains("V01"), "{told}");
        }
    }
);
