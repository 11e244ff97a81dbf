//! Rows from the library, from last year and from other projects; what was reached before.

use db::Sql;
use domain::target::Origin;

use super::*;
use crate::indicator_library::store::read;
use crate::indicator_library::{load_common, new_id};
use crate::target::keep_missing_pieces;
use crate::target::store::{examples, origin, pieces, reached};

const REGION: &str = "510683";

fn run(test: &TestDb, statement: &'static str) {
    let sql = Sql {
        name: "FIXTURE",
        text: statement,
    };
    test.db
        .write_blocking(move |tx| tx.execute(sql, &[]))
        .unwrap();
}

/// A target that is filled, and a library.
fn stocked(test: &TestDb) -> (TestSite, String) {
    let begun = filled(test);
    test.db
        .write_blocking(|tx| load_common(tx, REGION, NOW))
        .unwrap();
    begun
}

fn used(test: &TestDb, code: &str) -> i64 {
    let id = new_id(REGION, code);
    let kept = test
        .db
        .read_blocking(move |tx| read::find(tx, &id))
        .unwrap();
    kept.unwrap().used
}

/// What the form sends as it stands on the page: every field of it but the buttons.
fn fields(page: &str) -> String {
    let form = page.split("data-edit").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let mut pairs = vec![("do".to_owned(), "save".to_owned())];
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
        rest.split('"').next().map(str::to_owned)
    };
    for tag in form.split("<input").skip(1) {
        let tag = tag.split('>').next().unwrap();
        let is_box = tag.contains("checkbox") && !tag.contains(" checked");
        if let Some(name) = attribute(tag, "name").filter(|name| name != "form_token" && !is_box) {
            pairs.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    for tag in form.split("<select").skip(1) {
        let list = tag.split("</select>").next().unwrap();
        let chosen = list.split("<option").find(|it| it.contains(" selected"));
        let chosen = chosen
            .and_then(|it| attribute(it, "value"))
            .unwrap_or_default();
        pairs.push((attribute(tag, "name").unwrap(), chosen));
    }
    let goal = form.split("<textarea").nth(1).unwrap();
    let goal = goal
        .split('>')
        .nth(1)
        .unwrap()
        .split("</textarea")
        .next()
        .unwrap();
    pairs.push(("goal".to_owned(), goal.to_owned()));
    encoded(&pairs)
}

fn take(site: &TestSite, id: &str, codes: &[&str], row: &str) -> Answer {
    let mut pairs = vec![("row".to_owned(), row.to_owned())];
    pairs.extend(
        codes
            .iter()
            .map(|code| ("entry".to_owned(), new_id(REGION, code))),
    );
    site.post(&format!("/targets/{id}/library/choice"), &encoded(&pairs))
}

on_both!(
    MIGRATIONS,
    every_statement_of_the_library_is_understood,
    |test| {
        let all = [
            examples::STATEMENTS,
            origin::STATEMENTS,
            pieces::STATEMENTS,
            reached::STATEMENTS,
        ];
        test.db
            .read_blocking(move |tx| all.concat().iter().try_for_each(|sql| tx.prepare(*sql)))
            .unwrap();
    }
);

on_both!(
    MIGRATIONS,
    rows_come_from_the_library_and_nothing_typed_is_lost,
    |test| {
        let (clerk, id) = stocked(test);
        let lines = [
            ("1", "改造户数", "305", "50"),
            ("2", "受益人口", "900", "30"),
            ("3", "群众满意度", "90", "10"),
            ("", "", "", ""),
        ];
        // A row that was just added is empty but for its headings.
        let sent = typed(2, "save", GOAL, &lines).replace("r3%2Eunit=%E6%88%B7", "r3%2Eunit=");
        // The button of the form, without script.
        let answer = clerk.post(&format!("/targets/{id}/library"), &sent);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let page = clerk.get(&format!("/targets/{id}/library?q=验收合格率&row=3"));
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(
            page.text.contains("<mark>验收合格率</mark>"),
            "{}",
            page.text
        );
        let answer = take(&clerk, &id, &["000-01", "000-16"], "3");
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let form = clerk.get(&format!("/targets/{id}/edit")).text;
        for part in [
            "value=\"305\"",
            "value=\"验收合格率\"",
            "value=\"有效投诉次数\"",
        ] {
            assert!(form.contains(part), "{part}: {form}");
        }
        // Nothing is counted before it is saved.
        assert_eq!(used(test, "000-01"), 0);
        let answer = save(&clerk, &id, &fields(&form));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let saved = stored(test, &id).target.rows;
        let names: Vec<&str> = saved.iter().map(|row| &*row.name).collect();
        assert_eq!(
            names,
            [
                "改造户数",
                "受益人口",
                "群众满意度",
                "验收合格率",
                "有效投诉次数"
            ]
        );
        let row = &saved[3];
        assert_eq!(
            (&*row.level2, &*row.operator, &*row.unit),
            ("质量指标", "＝", "%")
        );
        let from = Origin::Library {
            id: new_id(REGION, "000-01"),
            version: 1,
        };
        assert_eq!(Origin::parse(&row.origin), Some(from));
        assert_eq!((used(test, "000-01"), used(test, "000-02")), (1, 0));
        // What stands there already is not put in again, and the page says so.
        let page = clerk.get(&format!("/targets/{id}/library?q=验收合格率"));
        assert!(page.text.contains("表里已有"));
        take(&clerk, &id, &["000-01"], "");
        let form = clerk.get(&format!("/targets/{id}/edit")).text;
        assert_eq!(form.matches("value=\"验收合格率\"").count(), 1);
        // Who uses it is listed for who may see it.
        let path = format!("/indicator-library/{}", new_id(REGION, "000-01"));
        assert!(clerk.get(&path).text.contains(&format!("/targets/{id}")));
        let other = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-2"));
        let page = other.get(&path).text;
        assert!(
            page.contains("另有 1 份属于其他单位") && !page.contains(&id),
            "{page}"
        );
    }
);

on_both!(
    MIGRATIONS,
    an_origin_survives_a_merge_a_workbook_and_an_edition,
    |test| {
        let (clerk, id) = stocked(test);
        let head = TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"));
        take(&clerk, &id, &["000-01"], "");
        let mine = clerk.get(&format!("/targets/{id}/edit")).text;
        let theirs = [
            ("1", "改造户数", "320", "50"),
            ("2", "受益人口", "900", "30"),
            ("3", "群众满意度", "90", "10"),
        ];
        let answer = save(&head, &id, &typed(2, "save", GOAL, &theirs));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        // Two editors: the page of the conflict carries the origin on.
        let conflict = save(&clerk, &id, &fields(&mine));
        assert_eq!(conflict.status, StatusCode::CONFLICT, "{}", conflict.text);
        assert!(conflict.text.contains("r3.origin"), "{}", conflict.text);
        let merge = conflict.text.split("class=\"merge\"").nth(1).unwrap();
        let merge = merge.split("</form>").next().unwrap();
        let merge = format!("data-edit{merge}<textarea></textarea></form>");
        let answer = save(&clerk, &id, &fields_of_merge(&merge));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let form = clerk.get(&format!("/targets/{id}/edit")).text;
        assert!(
            form.contains("value=\"320\"") && form.contains("value=\"验收合格率\""),
            "{form}"
        );
        save(&clerk, &id, &fields(&form));
        assert_eq!(used(test, "000-01"), 1);
        // A workbook that changes the row keeps where it came from.
        let now = stored(test, &id);
        let mut target = now.target.clone();
        target.rows[3].value = "98".to_owned();
        let page = workbook::upload(&clerk, &id, &workbook::written(&now, &target));
        let choice = workbook::choice(&page.text, &["take.3"]);
        let answer = clerk.post(&format!("/targets/{id}/workbook/choice"), &choice);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let form = clerk.get(&format!("/targets/{id}/edit")).text;
        assert!(form.contains("value=\"98\""), "{form}");
        save(&clerk, &id, &fields(&form));
        assert_eq!(used(test, "000-01"), 1);
        // The next year's target begins with it.
        submit(test, &id);
        let body = format!("object={}&year=2022&origin=initial&copy=last", sample::BARE);
        let answer = clerk.post("/targets", &body);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(used(test, "000-01"), 2);
    }
);

/// The fields of the page on which two versions are merged.
fn fields_of_merge(page: &str) -> String {
    let goal = page.split("name=\"goal\" value=\"").nth(1).unwrap();
    let goal = goal.split('"').next().unwrap().to_owned();
    let all = fields(page);
    let all: Vec<&str> = all
        .split('&')
        .filter(|pair| !pair.starts_with("goal=") && !pair.starts_with("do="))
        .collect();
    format!(
        "{}&{}",
        all.join("&"),
        encoded(&[
            ("goal".to_owned(), goal),
            ("do".to_owned(), "merge".to_owned())
        ])
    )
}

on_both!(MIGRATIONS, a_made_up_origin_is_not_kept, |test| {
    let (clerk, id) = stocked(test);
    let entry = new_id(REGION, "000-01");
    for (origin, is_kept) in [
        (format!("library:{entry}:7"), false),
        ("library:x:1".to_owned(), false),
        ("target:t-unknown:1".to_owned(), false),
        ("nonsense".to_owned(), false),
        (format!("library:{entry}:1"), true),
        ("target:t-20:3".to_owned(), true),
    ] {
        let form = clerk.get(&format!("/targets/{id}/edit")).text;
        let at = "name=\"r0.origin\" value=\"";
        let (head, rest) = form.split_once(at).unwrap();
        let rest = rest.split_once('"').unwrap().1;
        let form = format!("{head}{at}{origin}\"{rest}").replace(GOAL, &format!("{GOAL}{origin}"));
        let answer = save(&clerk, &id, &fields(&form));
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{origin}: {}",
            answer.text
        );
        let kept = stored(test, &id).target.rows[0].origin.clone();
        assert_eq!(kept == origin, is_kept, "{origin}: {kept}");
        // Whoever opens the form next meets no conflict with what is stored.
        let page = clerk.get(&format!("/targets/{id}/edit"));
        assert_eq!(page.status, StatusCode::OK, "{origin}");
    }
});

/// Projects of another unit, each with a target of 2020 in this state.
fn neighbours(test: &TestDb) {
    for text in [
        "INSERT INTO managed_object (id, region_code, unit_id, kind, code, name, project_kind, \
         nature, needs_ex_ante, version, provenance) VALUES \
         ('n-1', '510683', 'u-2', 'project', 'N1', '卫生院污水处理改造', NULL, 'new', FALSE, 1, \
         't'), \
         ('n-2', '510683', 'u-2', 'project', 'N2', '卫生院污水管网', NULL, 'new', FALSE, 1, 't')",
        "INSERT INTO performance_target (id, region_code, object_id, fiscal_year, edition, \
         origin, state, grade, goal, joint_review_id, npc_package_id, approved_on, version, \
         provenance) VALUES ('nt-1', '510683', 'n-1', 2020, 1, 'initial', \
         'approved', '优', '改造三座乡镇卫生院的污水处理设施，出水水质全部达到国家排放标准，群众满意。', NULL, \
         NULL, '2020-02-10', 1, 't'), \
         ('nt-2', '510683', 'n-2', 2020, 1, 'initial', 'section_review', NULL, '铺设管网。', NULL, \
         NULL, NULL, 1, 't')",
        "INSERT INTO indicator VALUES ('ni-1', '510683', 'nt-1', 1, '产出指标', '数量指标', \
         '改造设施座数', '≥', '3', '座', 4000, FALSE, 1), ('ni-2', '510683', 'nt-1', 2, '产出指标', \
         '质量指标', '出水达标率', '＝', '100', '%', 5000, FALSE, 2)",
    ] {
        run(test, text);
    }
    test.db
        .write_blocking(|tx| keep_missing_pieces(tx, 1000))
        .unwrap();
}

on_both!(
    MIGRATIONS,
    only_approved_targets_of_others_can_be_copied,
    |test| {
        let (clerk, id) = filled(test);
        neighbours(test);
        let page = clerk.get(&format!("/targets/{id}/copies?q=卫生院污水"));
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(
            page.text.contains("<mark>卫生院污水</mark>处理改造"),
            "{}",
            page.text
        );
        assert!(
            !page.text.contains("卫生院污水</mark>管网"),
            "what is at work is nobody else's: {}",
            page.text
        );
        let refused = clerk.get(&format!("/targets/{id}/copies?from=nt-2"));
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        let shown = clerk.get(&format!("/targets/{id}/copies?from=nt-1"));
        assert!(shown.text.contains("出水达标率"), "{}", shown.text);
        let path = format!("/targets/{id}/copies");
        let refused = clerk.post(&path, "from=nt-2&goal=1&row=1&way=anew");
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        let answer = clerk.post(&path, "from=nt-1&goal=1&row=2&way=behind");
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let form = clerk.get(&format!("/targets/{id}/edit")).text;
        // A goal that was typed stays; the row comes behind the others.
        assert!(
            form.contains(GOAL) && form.contains("value=\"改造户数\""),
            "{form}"
        );
        save(&clerk, &id, &fields(&form));
        let row = stored(test, &id).target.rows.pop().unwrap();
        assert_eq!((&*row.name, &*row.weight), ("出水达标率", "50.00"));
        let from = Origin::Target {
            id: "nt-1".to_owned(),
            row: 2,
        };
        assert_eq!(Origin::parse(&row.origin), Some(from));
        // The section's reviewer fills nothing, and so copies nothing.
        let section = TestSite::logged_in_as(test, Role::SectionReviewer, Some("s-1"));
        assert_eq!(section.get(&path).status, StatusCode::FORBIDDEN);
    }
);

on_both!(
    MIGRATIONS,
    last_years_target_is_copied_with_its_weights,
    |test| {
        let (clerk, _) = begun(test);
        let id = begin(&clerk, sample::FULL, "empty");
        let page = clerk.get(&format!("/targets/{id}/copies"));
        assert!(page.text.contains("本项目 2020 年的目标"), "{}", page.text);
        let rows: Vec<String> = (1..=25).map(|row| format!("row={row}")).collect();
        let fields_sent = format!("from=t-20&goal=1&way=anew&{}", rows.join("&"));
        let answer = clerk.post(&format!("/targets/{id}/copies"), &fields_sent);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let form = clerk.get(&format!("/targets/{id}/edit")).text;
        let answer = save(&clerk, &id, &fields(&form));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let (copy, last) = (stored(test, &id).target, stored(test, "t-20").target);
        assert_eq!(copy.goal, last.goal);
        let told = |rows: &[domain::target::Row]| -> Vec<(String, String)> {
            rows.iter()
                .map(|row| (row.name.clone(), row.weight.clone()))
                .collect()
        };
        assert_eq!(told(&copy.rows), told(&last.rows));
        assert!(
            copy.rows
                .iter()
                .all(|row| row.origin.starts_with("target:t-20:"))
        );
    }
);

/// Accepted self-evaluations of other objects with these actual values of one indicator.
fn reached_by(test: &TestDb, actuals: &'static [&'static str], state: &'static str) {
    test.db
        .write_blocking(move |tx| {
            for (place, actual) in actuals.iter().enumerate() {
                let values = [format!("v-{place}"), (*actual).to_owned(), state.to_owned()];
                let put = |text| Sql {
                    name: "FIXTURE",
                    text,
                };
                tx.execute(
                    put(
                        "INSERT INTO managed_object (id, region_code, unit_id, kind, code, name, \
                         project_kind, nature, needs_ex_ante, version, provenance) VALUES \
                         ($1, '510683', 'u-2', 'project', $1, '项目', NULL, 'new', FALSE, 1, 't')",
                    ),
                    &[&values[0]],
                )?;
                tx.execute(
                    put(
                        "INSERT INTO performance_target (id, region_code, object_id, fiscal_year, \
                         edition, origin, state, grade, goal, joint_review_id, npc_package_id, \
                         approved_on, version, provenance) VALUES ($1, '510683', $1, 2019, 1, \
                         'initial', 'approved', '优', '目标', NULL, NULL, '2019-02-10', 1, 't')",
                    ),
                    &[&values[0]],
                )?;
                tx.execute(
                    put(
                        "INSERT INTO indicator VALUES ($1, '510683', $1, 1, '满意度指标', \
                         '服务对象满意度指标', '群众满意度', '≥', '90', '%', 1000, FALSE, 1)",
                    ),
                    &[&values[0]],
                )?;
                tx.execute(
                    put(
                        "INSERT INTO self_evaluation VALUES ($1, '510683', $1, $1, 2020, 2019, $2, \
                         0, 0, NULL, NULL, NULL, 'r', '', NULL, 1, 't')",
                    ),
                    &[&values[0], &values[2]],
                )?;
                tx.execute(
                    put(
                        "INSERT INTO self_evaluation_line VALUES ($1, '510683', $1, $1, $2, NULL, \
                         '')",
                    ),
                    &[&values[0], &values[1]],
                )?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
}

on_both!(
    MIGRATIONS,
    what_was_reached_is_told_from_enough_values_on,
    |test| {
        let (clerk, id) = filled(test);
        reached_by(test, &["91%", "95%", "92", "98%", "好"], "accepted");
        let edit = format!("/targets/{id}/edit");
        assert!(
            !clerk.get(&edit).text.contains("往年实际"),
            "four numbers are too few"
        );
        run(
            test,
            "UPDATE self_evaluation_line SET actual_text = '97.5%' WHERE id = 'v-4'",
        );
        let page = clerk.get(&edit).text;
        // 91 92 95 97.5 98: the second, third and fourth value.
        assert!(page.contains("中位 95%（P25 92—P75 97.5，n=5）"), "{page}");
        let path = format!("/targets/{id}/reached?name=群众满意度&unit=%25");
        let page = clerk.get(&path);
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.contains("由 5 条自评记录算出"), "{}", page.text);
        assert!(page.text.contains("另有 5 条属于其他单位"), "{}", page.text);
        assert!(!page.text.contains("98%"));
        run(
            test,
            "UPDATE self_evaluation SET state = 'published' WHERE id = 'v-3'",
        );
        let page = clerk.get(&path).text;
        assert!(page.contains("98%") && page.contains("另有 4 条"), "{page}");
        // What is still at work says nothing.
        run(
            test,
            "UPDATE self_evaluation SET state = 'section_review' WHERE id = 'v-0'",
        );
        assert!(!clerk.get(&edit).text.contains("往年实际"));
    }
);

on_both!(MIGRATIONS, a_goal_of_another_unit_is_recognised, |test| {
    let (clerk, id) = filled(test);
    neighbours(test);
    let copy = "改造五座乡镇卫生院的污水处理设施，出水水质全部达到国家排放标准，群众满意。";
    let draft = typed(2, "save", copy, &[]);
    let answer = clerk.post(&format!("/targets/{id}/draft"), &draft);
    assert!(answer.text.contains("与另一单位的有"), "{}", answer.text);
    // One's own earlier goal is not another unit's.
    run(
        test,
        "UPDATE managed_object SET unit_id = 'u-1' WHERE id = 'n-1'",
    );
    let answer = clerk.post(&format!("/targets/{id}/draft"), &draft);
    assert!(!answer.text.contains("与另一单位的有"), "{}", answer.text);
});
