//! The workbook of a target, there and back.

use db::on_both;
use domain::number::{Centi, Fen};
use domain::rulepack::default_pack;
use domain::rulepack::target_form::{FormField, PLAIN, Source, TargetForm};
use domain::target::{Filed, Filled, Known, Line, Part, Row, RowFate, Target, difference, tidied};
use office::workbook::{self, Limits, write_form};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::target::sheet::{self, Head};
use crate::target::sheet_back;

/// Cells that a spreadsheet likes to make something else of.
const AWKWARD: [&str; 18] = [
    "",
    "500",
    "0012",
    "95.0",
    "1e5",
    "-3",
    "22.50",
    "2021年底前",
    "1次/月",
    "=1+1",
    "@SUM(A1)",
    "≥500",
    "50%",
    "1,200",
    "TRUE",
    "2021-3-1",
    "好（较好）",
    "第一行\n第二行",
];

fn record() -> record::Record {
    record::Record {
        id: "t-1".to_owned(),
        region_code: "510683".to_owned(),
        object_id: "o-1".to_owned(),
        object_name: "农村饮水".to_owned(),
        object_kind: "project".to_owned(),
        unit_name: "水利局".to_owned(),
        year: 2021,
        edition: 1,
        state: "draft".to_owned(),
        grade: None,
        version: 3,
        target: Target::default(),
        last_row_key: 0,
        edited: None,
        returned: None,
        form: default_pack().target_forms.find(PLAIN).unwrap(),
        form_pack: String::new(),
        known: Known {
            amounts: [(Source::Budget, Fen(1_234_500_000))].into(),
            ..Known::default()
        },
    }
}

pub(super) fn written(record: &record::Record, target: &Target) -> Vec<u8> {
    let head = Head {
        record,
        full: Centi(9_000),
    };
    write_form(&sheet::form(&head, target, &[])).unwrap()
}

fn read(record: &record::Record, bytes: &[u8]) -> Result<Option<Filed>, String> {
    sheet_back::read(&workbook::open(bytes, &Limits::default()).unwrap(), record)
}

#[test]
fn what_is_taken_away_comes_back_as_it_was() {
    let rows = AWKWARD.iter().enumerate().map(|(place, text)| Row {
        key: (place + 1).to_string(),
        level1: ["产出指标", "效益指标", "", "自定"][place % 4].to_owned(),
        level2: "数量指标".to_owned(),
        name: format!("{text}指标{place}"),
        operator: ["≥", "＝", "≤", "定性", "＞", "＜"][place % 6].to_owned(),
        value: (*text).to_owned(),
        unit: AWKWARD[(place + 5) % AWKWARD.len()].to_owned(),
        weight: format!("{place}.25"),
        is_core: place % 2 == 0,
        ..Row::default()
    });
    let target = tidied(&Target {
        goal: "=完成三百户；\n第二行".to_owned(),
        rows: rows.collect(),
        ..Target::default()
    });
    let filed = read(&record(), &written(&record(), &target))
        .unwrap()
        .unwrap();
    let found = difference(&target, &filed);
    assert_eq!(found.goal, None);
    let other: Vec<_> = found
        .lines
        .iter()
        .filter(|line| line.fate != RowFate::Unchanged)
        .collect();
    assert!(other.is_empty(), "{other:#?}");
    assert!(
        found
            .lines
            .iter()
            .all(|line| line.doubts.is_empty() && line.hints.is_empty())
    );
    assert_eq!(found.lines.len(), target.rows.len());
}

/// A text as people type it and spreadsheets dislike it.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        prop::sample::select(AWKWARD.to_vec()).prop_map(str::to_owned),
        "[=+@\\-0-9０-９a-z_xX.,，。 \n<&'\"甲乙丙]{0,12}",
    ]
}

/// Whatever somebody types into every field and table of a form.
fn typed_into(form: &'static TargetForm) -> impl Strategy<Value = Target> {
    let fields = prop::collection::vec(nasty(), form.fields().count());
    let widest = form.tables().map(|block| block.fields.len()).max();
    let row = prop::collection::vec(nasty(), widest.unwrap_or(0));
    let tables = prop::collection::vec(prop::collection::vec(row, 0..5), form.tables().count());
    let rows = prop::collection::vec((nasty(), nasty(), nasty(), 0..900_u32), 0..6);
    (fields, tables, rows, nasty()).prop_map(move |(fields, tables, rows, goal)| {
        let filled = |field: &FormField, text: &String| Filled {
            key: field.key.clone(),
            label: field.label.clone(),
            text: text.clone(),
        };
        let own = form.fields().zip(&fields);
        let mut parts: Vec<Part> = own
            .map(|(it, text)| Part::Field(filled(it, text)))
            .collect();
        parts.extend(form.tables().zip(&tables).map(|(block, lines)| {
            let line = |(key, cells): (usize, &Vec<String>)| Line {
                key: (key + 100).to_string(),
                cells: block
                    .fields
                    .iter()
                    .zip(cells)
                    .map(|(it, text)| filled(it, text))
                    .collect(),
            };
            Part::Table {
                key: block.key.clone(),
                label: block.title.clone(),
                lines: lines.iter().enumerate().map(line).collect(),
            }
        }));
        let row =
            |(key, (name, value, unit, points)): (usize, (String, String, String, u32))| Row {
                key: (key + 1).to_string(),
                level1: "产出指标".to_owned(),
                level2: unit.clone(),
                name: format!("甲{name}"),
                operator: "≥".to_owned(),
                value,
                unit,
                weight: format!("{}.{:02}", points / 100, points % 100),
                is_core: key % 2 == 0,
                ..Row::default()
            };
        let rows = rows.into_iter().enumerate().map(row).collect();
        let target = Target { goal, rows, parts };
        tidied(&target).settled(form)
    })
}

/// Every text of a target, with the numbers of its rows.
fn everything(target: &Target) -> String {
    target.content().to_text().unwrap()
}

#[test]
fn whatever_is_typed_into_any_declared_form_comes_back_from_its_workbook() {
    for form in default_pack().target_forms.all() {
        let mut runner = TestRunner::new(Config {
            cases: 24,
            failure_persistence: None,
            ..Config::default()
        });
        let record = record::Record { form, ..record() };
        let run = runner.run(&typed_into(form), |target| {
            let filed = read(&record, &written(&record, &target)).unwrap().unwrap();
            let goal = filed.goal.clone().unwrap_or_default();
            let rows = filed.rows.into_iter().map(|filed| filed.row).collect();
            let parts = filed.parts;
            let back = Target { goal, rows, parts };
            let back = tidied(&back).settled(form);
            prop_assert_eq!(everything(&back), everything(&target));
            Ok(())
        });
        assert!(run.is_ok(), "{}: {run:?}", form.id);
    }
}

#[test]
fn a_form_of_another_target_is_refused_by_name() {
    let other = record::Record {
        id: "t-2".to_owned(),
        object_name: "道路".to_owned(),
        ..record()
    };
    let told = read(&record(), &written(&other, &Target::default())).unwrap_err();
    assert!(told.contains("道路") && told.contains("农村饮水"), "{told}");
}

pub(super) fn upload(site: &TestSite, id: &str, bytes: &[u8]) -> Answer {
    site.upload(
        &format!("/targets/{id}/workbook"),
        "",
        &[("表.xlsx", bytes)],
    )
}

/// The fields of the page of differences, with what is chosen.
pub(super) fn choice(page: &str, chosen: &[&str]) -> String {
    let field = |name: &str| {
        let from = page
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap()
            .1;
        let value = from.split_once('"').unwrap().0;
        value
            .replace("&quot;", "\"")
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&amp;", "&")
            .replace("&#38;", "&")
    };
    let mut pairs = vec![
        ("kept".to_owned(), field("kept")),
        ("filed".to_owned(), field("filed")),
    ];
    pairs.extend(
        chosen
            .iter()
            .map(|name| ((*name).to_owned(), "是".to_owned())),
    );
    encoded(&pairs)
}

on_both!(MIGRATIONS, a_filled_workbook_is_taken_row_by_row, |test| {
    let (clerk, id) = filled(test);
    let away = clerk.get(&format!("/targets/{id}/workbook"));
    assert_eq!(away.status, StatusCode::OK, "{}", away.text);
    let now = stored(test, &id);
    let back = read(&now, &away.bytes).unwrap().unwrap();
    assert!(difference(&now.target, &back).is_empty());

    // Offline: one value changed, one changed by far too much, one row emptied, one added.
    let mut target = now.target.clone();
    target.rows[0].value = "320".to_owned();
    target.rows[1].value = "9000000".to_owned();
    target.rows.remove(2);
    target.rows.push(Row {
        name: "水质达标率".to_owned(),
        level1: "产出指标".to_owned(),
        level2: "质量指标".to_owned(),
        operator: ">=".to_owned(),
        value: "100".to_owned(),
        unit: "%".to_owned(),
        weight: "10".to_owned(),
        ..Row::default()
    });
    let page = upload(&clerk, &id, &written(&now, &target));
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(
        page.text.contains("新增 1，变更 2，未变 0，文件里没有 1"),
        "{}",
        page.text
    );
    assert!(page.text.contains("相差上千倍"));
    // Nothing is changed by looking.
    assert_eq!(stored(test, &id).version, now.version);

    let fields = choice(&page.text, &["take.0", "take.2"]);
    let answer = clerk.post(&format!("/targets/{id}/workbook/choice"), &fields);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let form = clerk.get(&format!("/targets/{id}/edit"));
    assert!(form.text.contains("还没有保存"), "{}", form.text);
    for (value, is_there) in [("320", true), ("9000000", false), ("水质达标率", true)] {
        assert_eq!(
            form.text.contains(&format!("value=\"{value}\"")),
            is_there,
            "{value}"
        );
    }
    // The row that the file does not have stays, and so does the record until it is saved.
    assert!(form.text.contains("value=\"群众满意度\""));
    assert_eq!(stored(test, &id).target, now.target);

    // The same choice again meets another form.
    let answer = clerk.post(&format!("/targets/{id}/workbook/choice"), &fields);
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("请重新勾选"));
});

on_both!(
    MIGRATIONS,
    rows_that_are_not_taken_come_back_with_the_reason,
    |test| {
        let (clerk, id) = filled(test);
        let now = stored(test, &id);
        let mut target = now.target.clone();
        target.rows[1].value = "9000000".to_owned();
        let page = upload(&clerk, &id, &written(&now, &target));
        let answer = clerk.post(
            &format!("/targets/{id}/workbook/returned"),
            &choice(&page.text, &[]),
        );
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let book = workbook::open(&answer.bytes, &Limits::default()).unwrap();
        let told: Vec<&str> = book.sheets[0]
            .rows
            .iter()
            .flatten()
            .map(workbook::Cell::text)
            .collect();
        assert!(
            told.iter().any(|text| text.contains("相差上千倍")),
            "{told:?}"
        );
        let back = read(&now, &answer.bytes).unwrap().unwrap();
        assert_eq!(back.rows.len(), 1);
        assert_eq!(back.rows[0].row.name, "受益人口");
    }
);

on_both!(MIGRATIONS, a_table_of_any_layout_fills_the_form, |test| {
    let (clerk, id) = begun(test);
    let csv = "项目名称,路灯维护,,,\n年度目标,全年维护路灯五百盏。,,,\n\
               一级指标,二级指标,三级指标,指标值,分值\n\
               产出指标（50分）,数量,维护路灯,≥500盏,20\n\
               ,时效指标,完成时间,2021年12月底前,20\n\
               效益指标,社会效益,群众出行,显著改善,20\n\
               满意度指标,服务对象满意度,群众满意度,90%以上,30\n";
    let page = upload(&clerk, &id, csv.as_bytes());
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("新增 4"), "{}", page.text);
    let fields = choice(
        &page.text,
        &["goal", "take.0", "take.1", "take.2", "take.3"],
    );
    let answer = clerk.post(&format!("/targets/{id}/workbook/choice"), &fields);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let form = clerk.get(&format!("/targets/{id}/edit")).text;
    for value in [
        "500",
        "盏",
        "数量指标",
        "时效指标",
        "显著改善",
        "服务对象满意度指标",
        "90",
    ] {
        assert!(
            form.contains(&format!("value=\"{value}\"")),
            "{value}\n{form}"
        );
    }
    assert!(form.contains("全年维护路灯五百盏。"));
});

on_both!(MIGRATIONS, what_is_no_table_says_what_to_do, |test| {
    let (clerk, id) = filled(test);
    for (bytes, said) in [
        (&b"%PDF-1.7"[..], "不是电子表格"),
        ("姓名,电话\n张三,1\n".as_bytes(), "找不到绩效表"),
    ] {
        let answer = upload(&clerk, &id, bytes);
        assert!(answer.status.is_client_error());
        assert!(answer.text.contains(said), "{}", answer.text);
    }
    let page = upload(
        &clerk,
        &id,
        &written(&stored(test, &id), &Target::default()),
    );
    let forged = choice(&page.text, &[]).replace("filed=", "filed=x");
    let answer = clerk.post(&format!("/targets/{id}/workbook/choice"), &forged);
    assert!(answer.status.is_client_error());
});
