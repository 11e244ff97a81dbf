use std::path::{Path, PathBuf};

use domain::finding::Severity;
use domain::rulepack::default_pack;
use rust_xlsxwriter::{Workbook, Worksheet};

use super::report::{Report, in_words, of_bytes, of_path};

fn report(bytes: &[u8]) -> Report {
    of_bytes(bytes, "表", default_pack())
}

fn rules(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.rule).collect()
}

/// A folder of its own that is gone when the test ends.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, body) in parts {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).unwrap();
        zip.write_all(body).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_bad_file_is_a_sentence_whatever_its_name_says() {
    let bomb = vec![b' '; 8 << 20];
    let book = zipped(&[("[Content_Types].xml", b"<a/>"), ("xl/workbook.xml", &bomb)]);
    let word = zipped(&[
        ("[Content_Types].xml", b"<a/>"),
        ("word/document.xml", b"<a/>"),
    ]);
    let cases: [(&str, Vec<u8>, &str); 15] = [
        ("空.xlsx", Vec::new(), "0 字节"),
        ("坏.xlsx", b"PK\x03\x04broken".to_vec(), "损坏"),
        ("网页.xls", b"<html><table></table></html>".to_vec(), "网页"),
        (
            "说明.xlsx",
            "这是一段文字".as_bytes().to_vec(),
            "找不到绩效表",
        ),
        ("报告.xlsx", word, "Word"),
        ("炸弹.xlsx", book, "压缩炸弹"),
        ("报告.pdf", b"%PDF-1.7".to_vec(), "PDF"),
        ("乱码.csv", vec![0xff, 0x80, 0x81, 0x00, 0x05], "编码"),
        (
            "断.json",
            b"{\"kind\": \"project_target\",\n \"title\":".to_vec(),
            "第 2 行",
        ),
        ("无种.json", b"{\"title\": \"x\"}".to_vec(), "/kind"),
        ("错种.json", b"[{\"kind\": \"budget\"}]".to_vec(), "/0/kind"),
        ("数.json", b"[1]".to_vec(), "/0"),
        ("空.json", b"[]".to_vec(), "没有任何绩效表"),
        (
            "逗号.csv",
            "项目,金额\n甲,1\n".as_bytes().to_vec(),
            "找不到绩效表",
        ),
        ("空白.csv", b" \r\n , ,\r\n".to_vec(), "没有"),
    ];
    let folder = folder();
    for (name, bytes, expected) in cases {
        let path = written(folder.path(), name, &bytes);
        let report = of_path(&path, default_pack(), false);
        assert_eq!(report.kind, None, "{name}: {report:?}");
        assert_eq!(report.exit_code(), 2, "{name}");
        assert_eq!(rules(&report), ["C90"], "{name}");
        let finding = &report.findings[0];
        assert!(
            finding.message.contains(expected),
            "{name}: {}",
            finding.message
        );
        assert_eq!(finding.r#where, path.display().to_string());
        assert!(in_words(&report).contains("无法读取"));
        // Nothing was written, and the file is as it was.
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 15);
}

#[test]
fn a_missing_file_a_folder_and_a_huge_file_are_sentences() {
    let folder = folder();
    let huge = folder.path().join("大.xlsx");
    // A hole: 100 MB that take no room and must not be read.
    std::fs::File::create(&huge)
        .unwrap()
        .set_len(100 << 20)
        .unwrap();
    for (path, expected) in [
        (folder.path().join("没有.xlsx"), "找不到这个文件"),
        (folder.path().to_owned(), "文件夹"),
        (huge, "文件有 100 MB，超过 20 MB"),
    ] {
        let report = of_path(&path, default_pack(), false);
        assert_eq!((report.kind, report.exit_code()), (None, 2));
        let message = &report.findings[0].message;
        assert!(message.contains(expected), "{message}");
    }
}

/// A small form without a mistake.
const FORM: [&[&str]; 13] = [
    &["项目支出绩效自评表（2021年度）"],
    &["项目名称", "村道改造"],
    &["主管部门", "交通局", "", "实施单位", "养护所"],
    &[
        "项目资金（万元）",
        "",
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "分值",
        "执行率",
        "得分",
    ],
    &["", "年度资金总额", "100", "100", "98", "10", "98%", "9.8"],
    &["", "其中：财政拨款", "100", "100", "98", "—", "", "—"],
    &[
        "年度总体目标",
        "预期目标",
        "改造村道5公里",
        "",
        "",
        "实际完成情况",
        "改造村道5.5公里",
    ],
    &[
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ],
    &[
        "产出指标",
        "数量指标",
        "改造道路长度",
        "≥5公里",
        "5.5公里",
        "30",
        "30",
    ],
    &[
        "产出指标",
        "质量指标",
        "验收合格率",
        "＝100%",
        "100%",
        "20",
        "20",
    ],
    &[
        "效益指标",
        "社会效益指标",
        "受益人口数",
        "≥1000人",
        "1100人",
        "30",
        "30",
    ],
    &[
        "满意度指标",
        "服务对象满意度指标",
        "群众满意度",
        "≥90%",
        "95%",
        "10",
        "10",
    ],
    &["总分", "", "", "", "", "100", "99.8"],
];

/// A small form; each cell can be replaced.
fn sheet(changes: &[(&str, &str)]) -> Worksheet {
    let mut sheet = Worksheet::new();
    for (row, cells) in (0_u32..).zip(FORM) {
        for (column, text) in (0_u16..).zip(cells) {
            let place =
                domain::form_reader::address(usize::try_from(row).unwrap(), usize::from(column));
            let text = changes
                .iter()
                .find(|(changed, _)| *changed == place)
                .map_or(*text, |(_, text)| *text);
            if let Some(formula) = text.strip_prefix("=f ") {
                sheet.write_formula(row, column, formula).unwrap();
            } else {
                sheet.write(row, column, text).unwrap();
            }
        }
    }
    sheet
}

fn book(sheets: Vec<Worksheet>) -> Vec<u8> {
    let mut book = Workbook::new();
    for sheet in sheets {
        book.push_worksheet(sheet);
    }
    book.save_to_buffer().unwrap()
}

fn changed(changes: &[(&str, &str)]) -> Report {
    report(&without_values(&book(vec![sheet(changes)])))
}

/// The workbook as a program leaves it that writes formulas and computes none.
fn without_values(bytes: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for part in 0..from.len() {
        let mut file = from.by_index(part).unwrap();
        let mut text = Vec::new();
        file.read_to_end(&mut text).unwrap();
        let name = file.name().unwrap().into_owned();
        if name.contains("sheet1") {
            let xml = String::from_utf8(text).unwrap();
            text = xml.replace("</f><v>0</v>", "</f>").into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        to.write_all(&text).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn a_clean_workbook_has_no_finding_and_a_receipt() {
    let report = changed(&[]);
    assert_eq!(report.findings, Vec::new());
    assert_eq!(report.kind, Some("project_self_eval"));
    assert_eq!(report.exit_code(), 0);
    let receipt = serde_json::to_value(report.score.unwrap()).unwrap();
    assert_eq!(receipt["total"].to_string(), "99.80");
}

/// Cells that are replaced, and the rules that must be named.
type Case = (
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

#[test]
fn what_people_write_into_cells_is_read_or_named() {
    let cases: [Case; 11] = [
        (&[("C5", "１００")], &["C96"]),
        (&[("C5", "100万元"), ("C6", "100万元")], &[]),
        (&[("D5", "1000000元"), ("D6", "100")], &["C94"]),
        (&[("D5", "1,00")], &["C93"]),
        (&[("E5", "=f SUM(E6:E6)")], &["C91"]),
        (&[("E5", "九十八")], &["C93"]),
        (
            &[
                ("C9", "完工时间"),
                ("D9", "2019年6月前"),
                ("E9", "2019年5月"),
            ],
            &["C47"],
        ),
        (&[("G5", "97%")], &["C10"]),
        (&[("G9", "31")], &["C21", "V36"]),
        (&[("E9", "4公里")], &["C30"]),
        (&[("F9", "35")], &["V01", "V32"]),
    ];
    for (changes, expected) in cases {
        let report = changed(changes);
        let mut found = rules(&report);
        found.retain(|rule| *rule != "C11");
        assert_eq!(found, expected, "{changes:?}: {:#?}", report.findings);
        for finding in &report.findings {
            assert!(
                finding
                    .r#where
                    .starts_with(|letter: char| letter.is_ascii_uppercase())
            );
        }
    }
}

#[test]
fn two_forms_of_a_file_are_both_checked() {
    let mut second = sheet(&[("E9", "4公里")]);
    second.set_name("第二张").unwrap();
    let report = report(&book(vec![sheet(&[]), second]));
    assert_eq!(rules(&report), ["C30"]);
    assert_eq!(report.findings[0].r#where, "第二张!G9");
}

#[test]
fn a_form_on_a_hidden_sheet_is_named() {
    let mut second = sheet(&[("E9", "4公里")]);
    second.set_name("旧表").unwrap().set_hidden(true);
    let report = report(&book(vec![sheet(&[]), second]));
    assert_eq!(rules(&report), ["C92"]);
}

#[test]
fn a_text_table_in_gbk_and_in_utf8_is_the_same_form() {
    let text = "项目支出绩效自评表（2021年度）\n项目名称,村道改造\n\
        项目资金（万元）,,年初预算数,全年预算数,全年执行数,分值,执行率,得分\n\
        ,年度资金总额,100,100,98,10,97%,9.8\n\
        一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分\n\
        产出指标,数量指标,改造道路长度,≥5公里,4公里,50,50\n";
    let (gbk, _, _) = encoding_rs::GB18030.encode(text);
    for bytes in [text.as_bytes(), &gbk] {
        assert_eq!(rules(&report(bytes)), ["C10", "C30"]);
    }
}

#[test]
fn a_transcription_says_the_same_as_the_workbook() {
    let json = r#"{
        "kind": "project_self_eval", "title": "项目支出绩效自评表（2021年度）",
        "fiscal_year": 2021, "region": null, "project_name": "村道改造", "unknown": [1],
        "budget": {"unit": "万元", "initial": 100, "annual_total": 100, "executed_total": 98,
            "sources": [{"name": "财政拨款", "budget": 99.0, "executed": 98}]},
        "execution_rate": 97, "execution_weight": 10, "execution_score": 9.8,
        "indicators": [{"level1": "产出指标", "level2": "数量指标", "level3": "改造道路长度",
            "operator": "≥", "target_value": 5, "unit": "公里", "actual_value": 4,
            "weight": 50, "score": 50, "deviation_reason": null}],
        "checks": {"arithmetic_ok": true}
    }"#;
    let report = report(json.as_bytes());
    let told: Vec<(&str, &str)> = report
        .findings
        .iter()
        .map(|finding| (finding.rule, finding.r#where.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("V07", "/budget/annual_total"),
            ("C10", "/execution_rate"),
            ("C30", "/indicators/0/score"),
        ]
    );
    assert_eq!(report.exit_code(), 1);
    assert_eq!(report.count(Severity::E), 2);
    let pointers = serde_json::from_str::<serde_json::Value>(json).unwrap();
    for (_, place) in told {
        assert!(pointers.pointer(place).is_some(), "{place}");
    }
}

/// Amounts keep the digits in which they are written; a float would not.
#[test]
fn numbers_of_a_transcription_are_exact() {
    let json = r#"{"kind": "project_self_eval", "budget": {"unit": "万元",
        "annual_total": 0.3, "executed_total": 9007199254740993.01,
        "sources": [{"name": "a", "budget": 0.1}, {"name": "b", "budget": 0.2}]}}"#;
    let report = report(json.as_bytes());
    assert_eq!(rules(&report), ["C03"]);
    let printed = report.findings[0].printed.as_deref();
    assert_eq!(printed, Some("9007199254740993.01"));
}

#[test]
fn a_report_in_json_has_the_fields_that_scripts_read() {
    let value = serde_json::to_value(changed(&[("E9", "4公里")])).unwrap();
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["file", "findings", "kind", "rules", "score"]);
    let finding = value["findings"][0].as_object().unwrap();
    let keys: Vec<&String> = finding.keys().collect();
    assert_eq!(
        keys,
        [
            "computed", "message", "printed", "rule", "severity", "where"
        ]
    );
    assert_eq!(finding["severity"], "W");
    assert_eq!(finding["where"], "G9");
}

#[test]
fn numbers_at_the_edge_of_what_can_be_held_do_no_harm() {
    let most = "79228162514264337593543950335";
    let least = format!("0.{}1", "0".repeat(300));
    let json = r#"{"kind": "project_self_eval", "budget": {"annual_total": N,
        "executed_total": N, "unspent": N, "adjustment": N, "initial": N,
        "parts": {"a": N, "b": N}, "sources": [{"name": "a", "budget": N}, {"name": "b",
        "budget": N}]}, "execution_rate": N, "execution_weight": N, "execution_score": N,
        "actual_summary": "N人", "indicators": [{"level1": "产出指标", "level2": "成本指标",
        "level3": "总成本", "operator": "≤", "target_value": N, "unit": "万元", "actual_value": N,
        "weight": N, "score": N}, {"level1": "产出指标", "target_value": N, "weight": N,
        "score": N}], "total_weight_stated": N, "total_score": N}"#;
    for number in [most, "0.1234567890123456789012345678", "1e-28"] {
        let report = report(json.replace('N', number).as_bytes());
        assert_eq!(report.kind, Some("project_self_eval"));
    }
    for cell in ["C5", "E5", "F9", "G9"] {
        assert_eq!(changed(&[(cell, &least)]).kind, Some("project_self_eval"));
    }
}

#[test]
fn points_that_cannot_be_read_make_no_sum_wrong() {
    let report = changed(&[("F9", "=f SUM(A1)"), ("G9", "=f SUM(A1)")]);
    assert_eq!(rules(&report), ["C91", "C91"]);
}

#[test]
fn advice_comes_only_where_it_is_asked_for() {
    let text = r#"{"kind": "project_target", "project_name": "图书馆开放", "fiscal_year": 2022,
        "objectives": "提高服务水平", "indicators": [
        {"level1": "产出指标", "level2": "数量指标", "level3": "开放天数",
         "operator": "≥", "target_value": 300, "unit": "天", "weight": 90}]}"#;
    let folder = folder();
    let path = written(folder.path(), "目标.json", text.as_bytes());
    let plain = of_path(&path, default_pack(), false);
    assert!(!serde_json::to_string(&plain).unwrap().contains("advice"));
    assert!(!in_words(&plain).contains("建议 A"));
    let advised = of_path(&path, default_pack(), true);
    let json = serde_json::to_value(&advised).unwrap();
    assert_eq!(json["advice"][0]["rule"], "A20");
    assert_eq!(json["advice"][0]["where"], "/objectives");
    assert_eq!(
        json["advice"][0]["mend"]["puts"][0]["text"],
        "提高服务水平。其中：开放天数不少于 300 天。"
    );
    assert!(in_words(&advised).contains("  建议 A20 /objectives 年度目标没有一个数字"));
    assert!(in_words(&advised).starts_with(&in_words(&plain)));
    assert_eq!(advised.exit_code(), plain.exit_code());
    let nothing = of_path(&folder.path().join("没有.json"), default_pack(), true);
    assert_eq!(nothing.advice, Some(Vec::new()));
}
