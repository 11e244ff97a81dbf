//! Rows that change their places, and what the page says of a form while it is typed.

use db::on_both;

use super::*;

/// The three rows as they are saved, in the order of their numbers.
const SAVED: [Line<'_>; 3] = [
    ("1", "改造户数", "300", "50"),
    ("2", "受益人口", "900", "30"),
    ("3", "群众满意度", "90", "10"),
];

fn names(page: &str) -> Vec<&str> {
    let names = page.split("-name\" value=\"").skip(1);
    names.filter_map(|rest| rest.split('"').next()).collect()
}

on_both!(
    MIGRATIONS,
    a_row_goes_to_another_place_and_back_again,
    |test| {
        let (clerk, id) = filled(test);
        let (first, second, third) = ("改造户数", "受益人口", "群众满意度");
        for (order, expected, said) in [
            ("move:0:2", [second, third, first], "第 1 行移到第 3 行"),
            ("move:2:0", [third, first, second], "第 3 行移到第 1 行"),
            ("up:2", [first, third, second], "第 3 行移到第 2 行"),
            ("down:0", [second, first, third], "第 1 行移到第 2 行"),
        ] {
            let page = save(&clerk, &id, &typed(2, order, GOAL, &SAVED));
            assert_eq!(page.status, StatusCode::OK, "{order}");
            assert_eq!(names(&page.text), expected, "{order}");
            assert!(page.text.contains(said), "{order}: {said}");
        }
        assert_eq!(stored(test, &id).version, 2, "nothing is saved by it");
        let page = save(&clerk, &id, &typed(2, "move:0:2", GOAL, &SAVED)).text;
        assert!(page.contains("value=\"move:2:0\""), "it can be undone");
        for order in ["move:0:3", "move:7:0", "move:1:1", "up:0", "down:2"] {
            let page = save(&clerk, &id, &typed(2, order, GOAL, &SAVED)).text;
            assert_eq!(names(&page), [first, second, third], "{order}");
            assert!(!page.contains("行移到第"), "{order}");
        }
        for order in ["move", "move:1", "move:a:b", "move-line:tasks:1"] {
            let answer = save(&clerk, &id, &typed(2, order, GOAL, &SAVED));
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{order}");
        }
    }
);

on_both!(
    MIGRATIONS,
    the_new_order_is_kept_and_the_event_tells_of_it,
    |test| {
        let (clerk, id) = filled(test);
        let moved = save(&clerk, &id, &typed(2, "move:2:0", GOAL, &SAVED));
        assert_eq!(moved.status, StatusCode::OK);
        let again = clerk.get(&format!("/targets/{id}/edit")).text;
        assert_eq!(names(&again)[0], "群众满意度", "it is kept unsaved");
        // What the page sends then: the rows in their new order.
        let mut fields = Vec::new();
        for (place, line) in [2, 0, 1].into_iter().enumerate() {
            let row = &stored(test, &id).target.rows[line];
            for (cell, _, text) in row.cells() {
                fields.push((format!("r{place}.{cell}"), text.to_owned()));
            }
            fields.push((format!("r{place}.key"), row.key.clone()));
        }
        let fields = format!("version=2&do=save&goal={GOAL}&{}", encoded(&fields));
        let answer = save(&clerk, &id, &fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let keys: Vec<String> = rows(test, &id).into_iter().map(|row| row.0).collect();
        assert_eq!(keys, ["3", "1", "2"], "each row keeps its number");
        let (action, told) = events(test, &id).pop().unwrap();
        assert_eq!(action, "target_saved");
        assert!(
            told.contains("群众满意度#3（位置）\":3") && told.contains("（位置）\":1"),
            "{told}"
        );
        assert!(!told.contains("改造户数"), "only what was moved: {told}");
    }
);

on_both!(
    MIGRATIONS,
    what_must_be_mended_is_renewed_while_it_is_typed,
    |test| {
        let (clerk, id) = begun(test);
        let draft = |lines: &[Line<'_>], goal: &str| -> serde_json::Value {
            let fields = typed(1, "save", goal, lines);
            let answer = clerk.post(&format!("/targets/{id}/draft"), &fields);
            serde_json::from_str(&answer.text).unwrap()
        };
        let blank = draft(&[], "");
        assert_eq!(
            (&blank["found"]["foot"], &blank["found"]["summary"]),
            (&"".into(), &"".into()),
            "nobody is told of gaps before the first word"
        );
        let light = [("", "改造<户数>", "", "50"), ("", "受益人口", "900", "30")];
        let found = &draft(&light, GOAL)["found"];
        let foot = found["foot"].as_str().unwrap();
        assert!(foot.starts_with("送审前还有 "), "{foot}");
        let summary = found["summary"].as_str().unwrap();
        assert!(
            summary.contains("第 1 行没有填写指标值") && summary.contains("少了 10.00 分"),
            "{summary}"
        );
        let sentences = found["sentences"].as_array().unwrap();
        assert!(sentences.len() >= 2, "{found}");
        let found = &draft(&LINES, GOAL)["found"];
        let foot = found["foot"].as_str().unwrap();
        assert!(foot.starts_with("没有必须改正的问题"), "{foot}");
        assert_eq!(found["summary"], "");
        // The page that is opened anew says the same.
        let page = clerk.get(&format!("/targets/{id}/edit")).text;
        assert!(page.contains(&format!("data-foot>{foot}<")), "{page}");
        // Too long to be kept is told at once.
        let long = "长".repeat(201);
        let found = &draft(&[("", &long, "1", "90")], GOAL)["found"];
        assert_eq!(found["foot"], "有 1 处无法保存", "{found}");
        // A sign of life alone brings none.
        let sign = clerk.post(&format!("/targets/{id}/draft"), "version=1");
        assert!(sign.text.contains("\"found\":null"), "{}", sign.text);
    }
);

on_both!(
    MIGRATIONS,
    the_grid_has_the_columns_that_the_form_declares,
    |test| {
        let (clerk, budget) = begun(test);
        let department = begin(&clerk, sample::WHOLE, "empty");
        let head = |id: &str| {
            let page = clerk.get(&format!("/targets/{id}/edit")).text;
            let table = page.split("data-columns=\"").nth(1).unwrap().to_owned();
            table.split("</thead>").next().unwrap().to_owned()
        };
        let (budget, national) = (head(&budget), head(&department));
        assert!(budget.starts_with("level1 level2 name operator value unit weight direction core"));
        for word in ["绩效指标<wbr>性质", "绩效<wbr>度量单位", "指标<wbr>方向性"] {
            assert!(budget.contains(word) && !national.contains(word), "{word}");
        }
        assert!(national.contains("colspan=\"3\"") && national.contains("性质、值、度量单位"));
    }
);
