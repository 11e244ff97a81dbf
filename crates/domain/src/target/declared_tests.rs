//! What a declaration asks for, at its fields.

use super::*;
use crate::finding::Severity;
use crate::number::Fen;
use crate::rulepack::default_pack;
use crate::rulepack::target_form::{Source, TargetForm};

fn form(id: &str) -> &'static TargetForm {
    default_pack().target_forms.find(id).unwrap()
}

/// A target with these fields, and with these rows in a table.
fn filled(form: &TargetForm, fields: &[(&str, &str)], rows: (&str, &[&[(&str, &str)]])) -> Target {
    let text = |(key, text): &(&str, &str)| Filled {
        key: (*key).to_owned(),
        label: String::new(),
        text: (*text).to_owned(),
    };
    let mut parts: Vec<Part> = fields.iter().map(|it| Part::Field(text(it))).collect();
    parts.push(Part::Table {
        key: rows.0.to_owned(),
        label: String::new(),
        lines: (1..)
            .zip(rows.1)
            .map(|(key, cells)| Line {
                key: format!("{key}"),
                cells: cells.iter().map(text).collect(),
            })
            .collect(),
    });
    Target {
        parts,
        ..Target::default()
    }
    .fitted(form)
}

/// Rule and place of every finding.
fn told(form: &TargetForm, known: &Known, target: &Target) -> Vec<(&'static str, String)> {
    let found = declared_findings(form, known, target);
    assert!(found.iter().all(|finding| finding.severity == Severity::E));
    let told = found.into_iter();
    told.map(|finding| (finding.rule, finding.r#where))
        .collect()
}

const TASK: &[(&str, &str)] = &[
    ("name", "保障运转"),
    ("content", "办公和会议"),
    ("amount", "120.5"),
    ("fiscal", "１００"),
    ("other", "20.50"),
];

const GOOD: &[(&str, &str)] = &[("total", "120.50"), ("basic", "100"), ("project", "20.5")];

#[test]
fn amounts_of_a_department_must_agree_to_the_fen() {
    let department = form("department");
    let check = |fields: &[(&str, &str)], task: &[(&str, &str)], known: &Known| {
        told(
            department,
            known,
            &filled(department, fields, ("tasks", &[task])),
        )
    };
    let none = Known::default();
    assert_eq!(check(GOOD, TASK, &none), []);
    let off = [("total", "120.51"), ("basic", "100"), ("project", "20.5")];
    let expected = [("V09", "total".to_owned()), ("V09", "tasks".to_owned())];
    assert_eq!(check(&off, TASK, &none), expected);
    let mut row = TASK.to_vec();
    row[4] = ("other", "20.500001");
    assert_eq!(
        check(GOOD, &row, &none),
        [("V09", "tasks/1/amount".to_owned())],
        "a hundredth of a yuan is a difference"
    );
    let known = Known {
        amounts: [
            (Source::Budget, Fen(120_500_000)),
            (Source::ProjectBudget, Fen(20_500_001)),
        ]
        .into(),
        ..Known::default()
    };
    assert_eq!(check(GOOD, TASK, &known), [("V09", "project".to_owned())]);
}

#[test]
fn a_year_is_no_more_than_the_whole_and_is_the_budget() {
    let project = form("project");
    let known = Known {
        amounts: [(Source::Budget, Fen(1_000_000))].into(),
        ..Known::default()
    };
    for (fields, expected) in [
        (&[("year_total", "1"), ("whole_total", "1")][..], &[][..]),
        (&[("year_total", "1"), ("whole_total", "0.99")], &["V07"]),
        (&[("year_total", "1.000001")], &["V08"]),
        (
            &[
                ("year_total", "1"),
                ("year_fiscal", "0.4"),
                ("year_other", "0.5"),
            ],
            &["V07"],
        ),
        (&[("year_total", "")], &["C40"]),
        (&[("year_total", "一万")], &["C40"]),
        (&[("year_total", "1"), ("period", "去年到今年")], &["C40"]),
        (
            &[("year_total", "1"), ("period", "2021年1月至2023年12月")],
            &[],
        ),
    ] {
        let target = filled(project, fields, ("period_indicators", &[]));
        let rules: Vec<&str> = told(project, &known, &target)
            .iter()
            .map(|it| it.0)
            .collect();
        assert_eq!(rules, expected, "{fields:?}");
    }
}

#[test]
fn what_is_asked_for_and_not_filled_is_told_at_its_place() {
    let county = form("project_county");
    let target = filled(
        county,
        &[("phone", "123")],
        ("schedule", &[&[("begins_on", "明天")]]),
    );
    let places: Vec<String> = told(county, &Known::default(), &target)
        .into_iter()
        .map(|(_, place)| place)
        .collect();
    for place in ["leader", "phone", "period", "summary", "schedule/1/content"] {
        assert!(places.contains(&place.to_owned()), "{place}: {places:?}");
    }
    assert!(places.contains(&"schedule/1/begins_on".to_owned()));
    assert!(
        !places.contains(&"feasibility".to_owned()),
        "it may stay empty"
    );
}

#[test]
fn amounts_are_read_exactly_or_not_at_all() {
    for (text, fen) in [
        ("1", Some(1_000_000)),
        ("１，２３４.５", Some(1_234_500_000)),
        ("0.000001", Some(1)),
        ("12万元", Some(12_000_000)),
        ("0.0000001", None),
        ("-1", None),
        ("1e5", None),
        ("约12", None),
        ("", None),
        ("99999999999999", None),
    ] {
        assert_eq!(money(text).ok(), fen.map(Fen), "{text}");
        if let Some(fen) = fen {
            assert_eq!(money(&wan_digits(Fen(fen))), Ok(Fen(fen)), "{text}");
        }
    }
}

#[test]
fn too_long_and_unseen_is_not_kept() {
    let department = form("department");
    let long = "长".repeat(41);
    let target = filled(
        department,
        &[("contact", &long)],
        ("tasks", &[&[("name", "a\u{7}")]]),
    );
    let paths: Vec<String> = problems(department, &target)
        .into_iter()
        .map(|problem| problem.path)
        .collect();
    assert_eq!(paths, ["contact", "tasks/1/name"]);
}

#[test]
fn the_content_says_the_forms_words_and_comes_back() {
    let department = form("department");
    let target = filled(department, GOOD, ("tasks", &[TASK]));
    let content = target.content();
    assert_eq!(
        content.labels("tasks/1/amount"),
        ["年度主要任务", "保障运转", "总额"]
    );
    assert_eq!(Target::of(&content), target);
    assert_eq!(target.value("basic"), "100");
    assert_eq!(target.settled(department).value("basic"), "100.00");
}
