use proptest::prelude::*;

use super::*;
use crate::content::{apply, diff};
use crate::finding::Severity;
use crate::rulepack::default_pack;
use crate::rulepack::target_form::{PLAIN, TargetForm};

fn plain() -> &'static TargetForm {
    default_pack().target_forms.find(PLAIN).unwrap()
}

fn row(key: &str, levels: [&str; 2], name: &str, value: [&str; 3], weight: &str) -> Row {
    let [operator, value, unit] = value.map(str::to_owned);
    let [first, second] = levels.map(str::to_owned);
    Row {
        key: key.to_owned(),
        level1: first,
        level2: second,
        name: name.to_owned(),
        operator,
        value,
        unit,
        weight: weight.to_owned(),
        is_core: false,
        origin: String::new(),
    }
}

fn good() -> Target {
    let rows = [
        (
            "1",
            ["产出指标", "数量指标"],
            "改造道路长度",
            ["≥", "5", "公里"],
            "50",
        ),
        (
            "2",
            ["效益指标", "社会效益指标"],
            "受益人口数",
            ["≥", "1000", "人"],
            "30",
        ),
        (
            "4",
            ["满意度指标", "服务对象满意度指标"],
            "群众满意度",
            ["≥", "90", "%"],
            "10",
        ),
    ];
    Target {
        goal: "改造村道5公里，方便1000名群众出行。".to_owned(),
        rows: rows
            .into_iter()
            .map(|(key, levels, name, value, weight)| row(key, levels, name, value, weight))
            .collect(),
        ..Target::default()
    }
}

fn errors(target: &Target) -> Vec<(&'static str, String)> {
    findings(default_pack(), "村道改造", 2021, target)
        .into_iter()
        .filter(|finding| finding.severity == Severity::E)
        .map(|finding| (finding.rule, finding.r#where))
        .collect()
}

#[test]
fn a_complete_target_has_no_error() {
    assert_eq!(problems(plain(), &good()), []);
    assert_eq!(errors(&good()), []);
}

#[test]
fn what_is_missing_is_an_error_at_its_field() {
    let check = |change: fn(&mut Target), expected: &[(&str, &str)]| {
        let mut target = good();
        change(&mut target);
        let found = errors(&target);
        let found: Vec<(&str, &str)> = found.iter().map(|(rule, path)| (*rule, &**path)).collect();
        assert_eq!(found, expected);
    };
    check(|target| target.goal = "  ".to_owned(), &[("V15", "goal")]);
    check(|target| target.rows.clear(), &[("V03", "indicators")]);
    check(
        |target| target.rows[1].name.clear(),
        &[("C40", "indicators/2/name")],
    );
    check(
        |target| target.rows[2].value.clear(),
        &[("V04", "indicators/4/value")],
    );
    check(
        |target| target.rows[0].weight = "49.99".to_owned(),
        &[("V01", "indicators")],
    );
}

#[test]
fn findings_stand_at_their_fields() {
    let mut target = good();
    target.rows[2].operator = "≤".to_owned();
    let found = findings(default_pack(), "村道改造", 2021, &target);
    let sign = found.iter().find(|finding| finding.rule == "V05").unwrap();
    assert!(
        sign.r#where.starts_with("indicators/4/"),
        "{}",
        sign.r#where
    );
}

#[test]
fn what_cannot_be_kept_is_told_at_its_field() {
    let check = |change: fn(&mut Target), path: &str| {
        let mut target = good();
        change(&mut target);
        let found = problems(plain(), &target);
        let paths: Vec<&str> = found.iter().map(|problem| &*problem.path).collect();
        assert_eq!(paths, [path]);
        assert!(found[0].sentence.contains('请'), "{}", found[0].sentence);
    };
    check(|target| target.goal = "字".repeat(4_001), "goal");
    check(|target| target.goal.push('\u{0}'), "goal");
    for weight in [
        "x",
        "-1",
        "100.01",
        "1.001",
        "1e3",
        "99999999999999999999999",
    ] {
        let mut target = good();
        target.rows[0].weight = weight.to_owned();
        assert_eq!(
            problems(plain(), &target)[0].path,
            "indicators/1/weight",
            "{weight}"
        );
    }
    check(
        |target| target.rows[0].operator = "~".to_owned(),
        "indicators/1/operator",
    );
    check(
        |target| target.rows[0].name = "字".repeat(201),
        "indicators/1/name",
    );
    check(
        |target| target.rows = vec![target.rows[0].clone(); MOST_ROWS + 1],
        "indicators",
    );
}

#[test]
fn what_is_kept_is_tidy() {
    let mut typed = good();
    typed.goal = "  修路\r\n架桥 ".to_owned();
    typed.rows[0].weight = "５０".to_owned();
    typed.rows[0].name = " 长度 ".to_owned();
    typed.rows.push(Row {
        operator: "≥".to_owned(),
        ..Row::default()
    });
    typed
        .rows
        .push(row("", ["产出指标", ""], "新的", ["＝", "1", "个"], ""));
    let tidy = tidied(&typed);
    assert_eq!(tidy.goal, "修路\n架桥");
    assert_eq!(tidy.rows.len(), 4);
    assert_eq!(
        (&*tidy.rows[0].name, &*tidy.rows[0].weight),
        ("长度", "50.00")
    );
    assert_eq!((&*tidy.rows[3].key, &*tidy.rows[3].weight), ("n4", "0.00"));
    assert_eq!(tidied(&tidy), tidy);
}

#[test]
fn a_new_row_gets_a_number_that_no_row_had() {
    let mut target = good();
    target
        .rows
        .push(row("n4", ["", ""], "新的", ["≥", "", ""], ""));
    target.rows.push(Row::default());
    assert_eq!(target.number_rows(7), 9);
    let keys: Vec<&str> = target.rows.iter().map(|row| &*row.key).collect();
    assert_eq!(keys, ["1", "2", "4", "8", "9"]);
}

prop_compose! {
    fn any_target()(goal in "[甲乙丙<>&a-c ]{0,8}", rows in prop::collection::btree_map(
        1..30_u8, ("[甲乙<b>]{0,3}", "[0-9]{0,2}", any::<bool>()), 0..6,
    )) -> Target {
        Target {
            goal,
            rows: rows
                .into_iter()
                .map(|(key, (name, value, is_core))| Row {
                    is_core,
                    ..row(&key.to_string(), ["产出指标", "数量指标"], &name, ["≥", &value, "个"], "1")
                })
                .collect(),
            ..Target::default()
        }
    }
}

proptest! {
    #[test]
    fn a_target_comes_back_from_its_content(target in any_target()) {
        let content = target.content();
        prop_assert_eq!(Target::of(&content), target.clone());
        let text = content.to_text().unwrap();
        prop_assert_eq!(crate::content::Content::parse(&text).unwrap(), content);
    }

    #[test]
    fn changes_between_targets_make_the_other_target(
        one in any_target(), other in any_target(),
    ) {
        let (one, other) = (one.content(), other.content());
        prop_assert_eq!(apply(&one, &diff(&one, &other)), other);
    }

    #[test]
    fn no_text_breaks_the_check(target in any_target()) {
        findings(default_pack(), &target.goal, 2021, &target);
        problems(plain(), &target);
    }
}

mod filed {
    use std::collections::BTreeSet;

    use crate::form::{Field, Form, FormKind, IndicatorRow, Money};
    use crate::target::{Filed, FiledRow, Row, RowFate, Target, difference};

    fn field(text: &str) -> Field {
        Field {
            printed: text.to_owned(),
            value: Some(text.to_owned()),
            place: String::new(),
        }
    }

    /// A row of a table that has neither 指标性质 nor 度量单位.
    fn printed(level1: &str, level2: &str, name: &str, target: &str) -> IndicatorRow {
        IndicatorRow {
            place: "A7".to_owned(),
            level1: Some(field(level1)),
            level2: Some(field(level2)),
            level3: Some(field(name)),
            target: Some(field(target)),
            ..IndicatorRow::default()
        }
    }

    fn form(indicators: Vec<IndicatorRow>) -> Form {
        Form {
            kind: FormKind::ProjectTarget,
            title: None,
            fiscal_year: None,
            region: None,
            department: None,
            unit: None,
            project_name: None,
            money: Money::default(),
            objectives: None,
            actual_summary: None,
            indicators,
            total_weight: None,
            total_score: None,
            grade: None,
            texts: Vec::new(),
        }
    }

    /// Levels, name and value as printed; levels, operator, value and unit as understood; how much
    /// is to be looked at.
    type Printed = (
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        [&'static str; 5],
        usize,
    );
    const PRINTED: [Printed; 6] = [
        (
            "产出指标（50分）",
            "数量",
            "救助人次",
            "≥1200人次",
            ["产出指标", "数量指标", "≥", "1200", "人次"],
            0,
        ),
        (
            "产出",
            "质量指标",
            "合格率",
            "95%以上",
            ["产出指标", "质量指标", "≥", "95", "%"],
            0,
        ),
        (
            "产出指标",
            "成本指标",
            "成本",
            "不超过30万元",
            ["产出指标", "成本指标", "≤", "30", "万元"],
            0,
        ),
        (
            "效益",
            "社会效益指标",
            "群众出行",
            "显著改善",
            ["效益指标", "社会效益指标", "定性", "显著改善", ""],
            0,
        ),
        (
            "自定的",
            "其他",
            "次数",
            "1次/月",
            ["自定的", "其他", "≥", "1", "次/月"],
            1,
        ),
        (
            "产出指标",
            "数量指标",
            "次数",
            "……",
            ["产出指标", "数量指标", "", "", ""],
            2,
        ),
    ];

    #[test]
    fn a_printed_row_becomes_one_of_ours() {
        for (level1, level2, name, target, expected, doubts) in PRINTED {
            let filed = Filed::of(&form(vec![printed(
                level1,
                level2,
                &format!("指标1：{name}"),
                target,
            )]));
            let FiledRow {
                row,
                doubts: told,
                hints,
                ..
            } = &filed.rows[0];
            let found = [
                &row.level1,
                &row.level2,
                &row.operator,
                &row.value,
                &row.unit,
            ];
            assert_eq!(found.map(String::as_str), expected, "{target}");
            assert_eq!(
                told.len() + hints.len(),
                doubts,
                "{target}: {told:?} {hints:?}"
            );
        }
    }

    fn row(key: &str, name: &str, value: &str) -> Row {
        Row {
            key: key.to_owned(),
            name: name.to_owned(),
            value: value.to_owned(),
            operator: "≥".to_owned(),
            weight: "30.00".to_owned(),
            ..Row::default()
        }
    }

    fn kept() -> Target {
        Target {
            goal: "目标".to_owned(),
            rows: vec![
                row("1", "甲", "10"),
                row("2", "乙", "20"),
                row("3", "丙", "30"),
            ],
            ..Target::default()
        }
    }

    fn filed(rows: Vec<Row>) -> Filed {
        let rows = rows.into_iter().map(|row| FiledRow {
            row,
            ..FiledRow::default()
        });
        Filed {
            goal: Some("目标".to_owned()),
            rows: rows.collect(),
            parts: Vec::new(),
        }
    }

    #[test]
    fn rows_are_told_apart_by_number_then_by_name() {
        // A renamed row keeps its number; one without number is known by its name.
        let found = difference(
            &kept(),
            &filed(vec![
                row("", "丙 ", "30"),
                row("1", "甲改", "10"),
                row("9", "丁", "1"),
            ]),
        );
        let fates: Vec<_> = found
            .lines
            .iter()
            .map(|it| (&*it.row.key, &it.fate))
            .collect();
        assert_eq!(fates[0], ("3", &RowFate::Unchanged));
        assert!(matches!(fates[1], ("1", RowFate::Changed(changes)) if changes.len() == 1));
        assert_eq!(fates[2], ("", &RowFate::New));
        assert_eq!(fates[3], ("2", &RowFate::Missing));
        assert_eq!(found.goal, None);
    }

    #[test]
    fn only_what_is_chosen_is_taken() {
        let mut changed = row("2", "乙", "21");
        changed.weight = "30".to_owned();
        let found = difference(
            &kept(),
            &filed(vec![changed, row("", "丁", "1"), row("3", "丙", "30")]),
        );
        let names = |chosen: &[usize]| -> Vec<(String, String)> {
            let chosen: BTreeSet<usize> = chosen.iter().copied().collect();
            let rows = found.taken(&kept(), (true, &BTreeSet::new()), &chosen).rows;
            rows.into_iter().map(|row| (row.name, row.value)).collect()
        };
        let pairs = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        assert_eq!(
            names(&[]),
            pairs(&[("甲", "10"), ("乙", "20"), ("丙", "30")])
        );
        assert_eq!(
            names(&[0]),
            pairs(&[("甲", "10"), ("乙", "21"), ("丙", "30")])
        );
        assert_eq!(
            names(&[1, 3]),
            pairs(&[("乙", "20"), ("丁", "1"), ("丙", "30")])
        );
    }

    #[test]
    fn what_looks_wrong_is_doubted() {
        let far = difference(&kept(), &filed(vec![row("1", "甲", "100000")]));
        assert!(far.lines[0].doubts[0].contains("上千倍"));
        let near = difference(&kept(), &filed(vec![row("1", "甲", "9999")]));
        assert!(near.lines[0].doubts.is_empty());
        let shifted = filed(vec![
            row("", "300", "户"),
            row("", "甲", "1"),
            row("", "甲", "2"),
        ]);
        let shifted = shifted.looked_through();
        assert!(shifted.rows[0].doubts[0].contains("错开"));
        assert!(shifted.rows[1].doubts.is_empty());
        assert!(shifted.rows[2].doubts[0].contains("重复"));
    }
}
