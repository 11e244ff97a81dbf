//! A declared form with fields and a table of its own, on the page, on paper and as a workbook.

use db::on_both;

use super::*;

/// The department's target that its clerk has just begun.
fn department(test: &TestDb) -> (TestSite, String) {
    let (clerk, _) = begun(test);
    let id = begin(&clerk, sample::WHOLE, "empty");
    (clerk, id)
}

/// What the page sends, with these fields besides goal and indicators.
fn sent(version: i64, order: &str, fields: &[(&str, &str)]) -> String {
    let own: Vec<_> = fields
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    format!("{}&{}", typed(version, order, GOAL, &LINES), encoded(&own))
}

const FILLED: [(&str, &str); 12] = [
    ("v.contact", " 张敏 "),
    ("v.phone", "0838-6200000"),
    ("v.total", "１，２０.5"),
    ("v.basic", "100"),
    ("v.project", "20.5"),
    ("t.tasks.0.key", "n1"),
    ("t.tasks.0.name", "<b>保障运转</b>"),
    ("t.tasks.0.content", "办公、会议"),
    ("t.tasks.0.amount", "120.50"),
    ("t.tasks.0.fiscal", "100"),
    ("t.tasks.0.other", "20"),
    ("t.tasks.1.name", ""),
];

on_both!(
    MIGRATIONS,
    a_departments_form_is_filled_checked_and_printed,
    |test| {
        let (clerk, id) = department(test);
        let page = clerk.get(&format!("/targets/{id}/edit")).text;
        for word in [
            "部门（单位）名称",
            "年度主要任务",
            "年度总体目标",
            "金额合计",
        ] {
            // The sums stand there from the first row on.
            assert_eq!(page.contains(word), word != "金额合计", "{word}");
        }
        // A button adds a row, and nothing is saved by it.
        let more = save(&clerk, &id, &sent(1, "add-line:tasks", &FILLED[..5]));
        assert_eq!(more.status, StatusCode::OK, "{}", more.text);
        assert!(more.text.contains("name=\"t.tasks.0.amount\""));
        assert_eq!(stored(test, &id).version, 1);

        let answer = save(&clerk, &id, &sent(1, "save", &FILLED));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let record = stored(test, &id);
        let target = &record.target;
        assert_eq!(
            (target.value("contact"), target.value("total")),
            ("张敏", "120.50")
        );
        let tasks = target.lines("tasks");
        assert_eq!(
            (tasks.len(), tasks[0].is_kept()),
            (1, true),
            "blank rows are not kept"
        );
        assert_eq!(tasks[0].text("name"), "<b>保障运转</b>");
        let page = clerk.get(&format!("/targets/{id}/edit")).text;
        assert!(
            page.contains("应等于财政拨款＋其他资金 120.00 万元"),
            "{page}"
        );
        assert!(
            !page.contains("<b>保障运转</b>"),
            "texts are shown as texts"
        );

        // Saving the same again changes nothing; a field of another form is left out.
        let key = tasks[0].key.clone();
        let mut same = FILLED.to_vec();
        same[5] = ("t.tasks.0.key", &key);
        same.push(("v.beneficiaries", "无"));
        let answer = save(&clerk, &id, &sent(2, "save", &same));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let again = stored(test, &id);
        assert_eq!(again.target.parts, record.target.parts);

        let paper = clerk.get(&format!("/targets/{id}/print"));
        assert_eq!(paper.status, StatusCode::OK);
        for word in [
            "部门（单位）整体支出绩效目标申报表",
            "预算金额（万元）",
            "≥300户",
        ] {
            assert!(paper.text.contains(word), "{word}");
        }
        let shown = clerk.get(&format!("/targets/{id}")).text;
        assert!(shown.contains("0838-6200000") && shown.contains("年度主要任务"));
    }
);

on_both!(
    MIGRATIONS,
    a_form_with_gaps_is_not_sent_and_says_where,
    |test| {
        let (clerk, id) = department(test);
        let gaps = [("v.phone", "一二三"), ("t.tasks.0.amount", "一万")];
        let answer = save(&clerk, &id, &sent(1, "save", &gaps));
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "a draft may have gaps"
        );
        let page = clerk.get(&format!("/targets/{id}/edit")).text;
        for said in [
            "「年度预算总额（万元）」还没有填写",
            "不是电话号码",
            "年度主要任务第 1 行的「总额」：不是金额",
            "年度主要任务第 1 行的「任务名称」还没有填写",
        ] {
            assert!(page.contains(said), "{said}");
        }
        let long = "长".repeat(50);
        let answer = save(
            &clerk,
            &id,
            &sent(stored(test, &id).version, "save", &[("v.contact", &long)]),
        );
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("最多 40 个"));
    }
);

on_both!(
    MIGRATIONS,
    two_who_fill_different_fields_keep_both,
    |test| {
        let (clerk, id) = department(test);
        let head = TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"));
        let answer = save(&clerk, &id, &sent(1, "save", &FILLED));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        // The head began with version 1, which had nothing in it, and adds a telephone number.
        let answer = save(&head, &id, &sent(1, "save", &[("v.phone", "13800000000")]));
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
        assert!(answer.text.contains("联系电话"), "{}", answer.text);
        assert!(
            answer
                .text
                .contains("name=\"v.phone\" value=\"13800000000\"")
        );
        assert!(
            answer.text.contains("年度主要任务"),
            "what the clerk filled is merged"
        );
    }
);

on_both!(
    MIGRATIONS,
    a_table_filled_offline_is_taken_as_a_whole,
    |test| {
        let (clerk, id) = department(test);
        let answer = save(&clerk, &id, &sent(1, "save", &FILLED));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let away = clerk.get(&format!("/targets/{id}/workbook"));
        let same = clerk.upload(
            &format!("/targets/{id}/workbook"),
            "",
            &[("表.xlsx", &away.bytes)],
        );
        assert!(same.text.contains("与填报页一致"), "{}", same.text);
        let csv = "部门（单位）整体支出绩效目标申报表,,,,\n部门（单位）名称,住建局,联系人,李雷,\n\
               任务名称,主要内容,总额,财政拨款,其他资金\n抗震加固,加固学校,80,80,0\n合计,,80,80,0\n\
               年度目标,完成加固。,,,\n一级指标,二级指标,三级指标,指标值,分值\n\
               产出指标,数量指标,加固学校,≥3所,90\n";
        let page = clerk.upload(
            &format!("/targets/{id}/workbook"),
            "",
            &[("表.csv", csv.as_bytes())],
        );
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        for said in [
            "name=\"part.contact\"",
            "name=\"part.tasks\"",
            "抗震加固",
            "李雷",
        ] {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
    }
);
