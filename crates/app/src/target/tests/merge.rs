//! Two people who fill the same target.

use super::*;

on_both!(
    MIGRATIONS,
    a_second_editor_sees_both_versions_and_loses_nothing,
    |test| {
        let (clerk, id) = filled(test);
        let head = TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"));
        let theirs = [
            ("1", "改造户数", "320", "50"),
            ("2", "受益人口", "900", "30"),
            ("3", "群众满意度", "90", "10"),
        ];
        save(&clerk, &id, &typed(2, "save", GOAL, &theirs));
        let mine = [
            ("1", "改造户数", "300", "45"),
            ("2", "受益人口", "900", "30"),
            ("3", "群众满意度", "90", "10"),
            ("", "我加的一行", "7", "5"),
        ];
        let answer = save(&head, &id, &typed(2, "save", GOAL, &mine));
        assert_eq!(answer.status, StatusCode::CONFLICT);
        for part in ["单位经办", "320", "我加的一行", "已合并", "合并后"] {
            assert!(answer.text.contains(part), "{part}");
        }
        // What only one of the two changed is no question.
        assert!(!answer.text.contains("type=\"radio\""));
        assert_eq!(stored(test, &id).version, 3);
        // Opened anew, what was typed is still there beside the other version.
        let again = head.get(&format!("/targets/{id}/edit"));
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.text.contains("我加的一行"));
        let answer = save(&head, &id, &merge(3, 2, GOAL, &mine, &[]));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let page = head.get(&format!("/targets/{id}/edit")).text;
        for part in ["value=\"320\"", "value=\"45.00\"", "value=\"我加的一行\""] {
            assert!(page.contains(part), "{part}");
        }
        assert_eq!(stored(test, &id).version, 3);
    }
);

/// The form of the page on which two versions are merged.
fn merge(
    version: i64,
    started: i64,
    goal: &str,
    lines: &[Line<'_>],
    taken: &[(&str, &str)],
) -> String {
    let mut pairs = vec![("started".to_owned(), started.to_string())];
    for (key, side) in taken {
        pairs.push((format!("take.{key}"), (*side).to_owned()));
    }
    format!(
        "{}&{}",
        typed(version, "merge", goal, lines),
        encoded(&pairs)
    )
}

on_both!(
    MIGRATIONS,
    what_two_people_changed_differently_is_chosen_and_nothing_undone,
    |test| {
        let (clerk, id) = filled(test);
        let head = TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"));
        // The other one changes a value, removes a row and adds one, in two saves.
        let theirs = [
            ("1", "改造户数", "320", "50"),
            ("2", "受益人口", "900", "30"),
        ];
        save(&clerk, &id, &typed(2, "save", GOAL, &theirs));
        let theirs = [theirs[0], theirs[1], ("", "他加的一行", "4", "10")];
        save(&clerk, &id, &typed(3, "save", "他写的目标", &theirs));
        let mine = [
            ("1", "改造户数", "310", "50"),
            ("2", "受益人口", "950", "30"),
            ("3", "群众满意度", "92", "10"),
        ];
        let answer = save(&head, &id, &typed(2, "save", GOAL, &mine));
        assert_eq!(answer.status, StatusCode::CONFLICT);
        for part in [
            "take-indicators/1/value-mine",
            "take-indicators/3-mine",
            "删除这一行",
            "群众满意度 ≥ 92",
            "他加的一行",
            "他写的目标",
        ] {
            assert!(answer.text.contains(part), "{part}: {}", answer.text);
        }
        assert!(!answer.text.contains("checked"), "nothing is chosen before");
        // Without every choice the page comes again and nothing is merged.
        let half = [("indicators/1/value", "mine")];
        let answer = save(&head, &id, &merge(4, 2, GOAL, &mine, &half));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("还有 1 处没有选择") && answer.text.contains("checked"));
        // Somebody saves once more: the same start, and what was typed, are still known.
        let more = [theirs[0], theirs[1], ("4", "他加的一行", "5", "10")];
        save(&clerk, &id, &typed(4, "save", "他写的目标", &more));
        let all = [("indicators/1/value", "mine"), ("indicators/3", "mine")];
        let answer = save(&head, &id, &merge(4, 2, GOAL, &mine, &all));
        assert_eq!(answer.status, StatusCode::CONFLICT);
        let answer = save(&head, &id, &merge(5, 2, GOAL, &mine, &all));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let page = head.get(&format!("/targets/{id}/edit")).text;
        for part in ["310", "950", "92", "5", "群众满意度", "他加的一行"] {
            let part = format!("value=\"{part}\"");
            assert!(page.contains(&part), "{part}");
        }
        assert!(page.contains("他写的目标"));
        let odd = merge(5, 2, GOAL, &mine, &[("goal", "both")]);
        assert_eq!(save(&head, &id, &odd).status, StatusCode::BAD_REQUEST);
    }
);

on_both!(
    MIGRATIONS,
    a_form_whose_way_went_on_without_a_change_is_saved,
    |test| {
        let (clerk, id) = filled(test);
        for (role, verb) in [
            (Role::UnitClerk, Verb::HandIn),
            (Role::UnitClerk, Verb::Withdraw),
        ] {
            command(test, role, "u-1", Order::Plain(verb), None, &id);
        }
        let lines = [("1", "改造户数", "310", "50"), LINES[1], LINES[2]];
        let answer = save(&clerk, &id, &typed(2, "save", GOAL, &lines));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(rows(test, &id)[0].2, "310");
    }
);
