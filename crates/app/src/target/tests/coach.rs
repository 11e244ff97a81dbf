//! Advice on what is being filled.

use super::*;
use crate::serve::sample::FULL;

/// The value of a field on the page.
fn value(page: &str, name: &str) -> String {
    let rest = page.split(&format!("name=\"{name}\"")).nth(1).unwrap();
    let rest = rest.split("value=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

const TYPED: [Line<'_>; 3] = [
    ("", "改造户数", "300户", "50"),
    ("", "受益人口", "900", "30"),
    ("", "群众满意度", "100", "10"),
];

on_both!(
    MIGRATIONS,
    advice_is_followed_by_a_button_without_script,
    |test| {
        let (clerk, id) = begun(test);
        let answer = save(&clerk, &id, &typed(1, "save", GOAL, &TYPED));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let page = clerk.get(&format!("/targets/{id}/edit")).text;
        assert!(page.contains("只供参考，不影响保存和送审"), "{page}");
        let order = "adopt:A03:r0.value";
        assert!(page.contains(&format!("value=\"{order}\"")), "{page}");
        let before = stored(test, &id);
        let told = events(test, &id).len();
        let lines: Vec<Line<'_>> = [("1", TYPED[0]), ("2", TYPED[1]), ("3", TYPED[2])]
            .map(|(key, (_, name, value, weight))| (key, name, value, weight))
            .to_vec();
        let answer = save(&clerk, &id, &typed(2, order, GOAL, &lines));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(value(&answer.text, "r0.value"), "300");
        assert_eq!(value(&answer.text, "r0.unit"), "户");
        assert!(!answer.text.contains(order), "the advice is gone");
        assert_eq!(stored(test, &id).target, before.target, "nothing is saved");
        assert_eq!(events(test, &id).len(), told);
        // It is kept as typed, like everything that is not saved.
        let page = clerk.get(&format!("/targets/{id}/edit")).text;
        assert!(page.contains("还没有保存的内容"));
        assert_eq!(value(&page, "r0.value"), "300");
    }
);

on_both!(
    MIGRATIONS,
    advice_that_is_not_given_changes_nothing,
    |test| {
        let (clerk, id) = filled(test);
        let lines: Vec<Line<'_>> = [("1", LINES[0]), ("2", LINES[1]), ("3", LINES[2])]
            .map(|(key, (_, name, value, weight))| (key, name, value, weight))
            .to_vec();
        for order in [
            "adopt:A03:r0.value",
            "adopt:A01:goal",
            "adopt:A03:r77.value",
        ] {
            let answer = save(&clerk, &id, &typed(2, order, GOAL, &lines));
            assert_eq!(answer.status, StatusCode::OK, "{order}");
            assert_eq!(value(&answer.text, "r0.value"), "300", "{order}");
        }
        for order in [
            "adopt",
            "adopt:A99:goal",
            "adopt:A03:r0.key",
            "adopt:A03:x.value",
        ] {
            let answer = save(&clerk, &id, &typed(2, order, GOAL, &lines));
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{order}");
        }
    }
);

on_both!(MIGRATIONS, advice_comes_while_it_is_typed, |test| {
    let (clerk, id) = begun(test);
    let answer = clerk.post(
        &format!("/targets/{id}/draft"),
        &typed(1, "save", "<b>改造管网</b>", &TYPED),
    );
    let answer: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    let advice = &answer["advice"];
    let rows = advice["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert!(rows[0].as_str().unwrap().contains("adopt:A03:r0.value"));
    assert_eq!(rows[1], "");
    assert!(rows[2].as_str().unwrap().contains("有一个人不满意就完不成"));
    let goal = advice["goal"].as_str().unwrap();
    assert!(
        goal.contains("没有一个数字") && !goal.contains("<b>改造"),
        "{goal}"
    );
    assert!(advice["count"].as_u64().unwrap() >= 4, "{advice}");
    // Only a sign that the form is open brings none.
    let sign = clerk.post(&format!("/targets/{id}/draft"), "version=1");
    assert!(sign.text.contains("\"advice\":null"), "{}", sign.text);
});

on_both!(MIGRATIONS, last_year_stands_beside_what_is_typed, |test| {
    let (clerk, _) = begun(test);
    let record = |year: i64| {
        let mut record = stored(test, "t-20");
        assert_eq!(record.object_id, FULL);
        record.year = year;
        test.db
            .read_blocking(move |tx| crate::target::store::past::context(tx, &record))
            .unwrap()
    };
    let last = record(2020).last;
    assert_eq!(last.len(), 1, "{last:?}");
    assert_eq!(last[0].actual, "487处");
    assert!(record(2021).last.is_empty());
    assert!(record(2020).budget.is_some());
    drop(clerk);
});

on_both!(MIGRATIONS, advice_holds_nothing_up, |test| {
    let (clerk, id) = filled(test);
    let page = clerk.get(&format!("/targets/{id}/edit")).text;
    assert!(page.contains("note advice"), "{page}");
    submit(test, &id);
    assert_ne!(stored(test, &id).state, "draft");
});
