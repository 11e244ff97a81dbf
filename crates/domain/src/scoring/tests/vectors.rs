use serde::Deserialize;

use super::*;
use crate::rulepack::Light;

#[derive(Deserialize)]
struct Cases<T> {
    case: Vec<T>,
}

#[derive(Deserialize)]
struct ExecutionCase {
    name: String,
    lines: Vec<(String, String)>,
    weight: String,
    rate: Option<String>,
    points: Option<String>,
    warns: Option<String>,
    refused: Option<String>,
}

#[derive(Deserialize)]
struct QuantityCase {
    name: String,
    rule: [String; 4],
    points: String,
    linear: Option<String>,
}

#[test]
fn execution_vectors_t1_to_t4_and_t17() {
    let cases: Cases<ExecutionCase> =
        toml::from_str(include_str!("../vectors/execution.toml")).unwrap();
    for case in cases.case {
        let lines: Vec<_> = case.lines.iter().map(|(a, b)| money(a, b)).collect();
        let result = execution(default_pack(), &lines, centi(&case.weight));
        if let Some(words) = case.refused {
            assert!(
                result.unwrap_err().to_string().contains(&words),
                "{}",
                case.name
            );
            continue;
        }
        let score = result.unwrap();
        assert_eq!(
            score.points,
            case.points.as_deref().map(centi),
            "{}",
            case.name
        );
        assert_eq!(
            score.rate_percent,
            case.rate.as_deref().map(decimal),
            "{}",
            case.name
        );
        match case.warns {
            Some(words) => assert!(score.warnings.join("").contains(&words), "{}", case.name),
            None => assert!(
                score.warnings.is_empty(),
                "{}: {:?}",
                case.name,
                score.warnings
            ),
        }
    }
}

#[test]
fn quantity_vectors_t5_to_t7_t11_and_t16() {
    let cases: Cases<QuantityCase> =
        toml::from_str(include_str!("../vectors/quantity.toml")).unwrap();
    let linear = builtin("linear-cap").unwrap();
    for case in cases.case {
        let [sign, target, actual, weight] = &case.rule;
        let of = |pack| {
            let (target, actual) = (decimal(target), decimal(actual));
            quantity(pack, operator(sign), None, target, actual, centi(weight)).unwrap()
        };
        assert_eq!(of(default_pack()), centi(&case.points), "{}", case.name);
        if let Some(points) = &case.linear {
            assert_eq!(of(linear), centi(points), "{} (linear)", case.name);
        }
    }
}

#[derive(Deserialize)]
struct Grades {
    over: Vec<Row<2>>,
    band: Vec<Row<2>>,
    grade: Vec<Row<1>>,
    light: Vec<Row<1>>,
    review: Vec<Counts<4>>,
    sample: Vec<Counts<2>>,
}

/// A row whose input is `N` texts.
#[derive(Deserialize)]
struct Row<const N: usize>
where
    [String; N]: for<'a> Deserialize<'a>,
{
    name: String,
    rule: [String; N],
    points: Option<String>,
    low: Option<String>,
    high: Option<String>,
    grade: Option<String>,
    light: Option<Light>,
}

/// A row whose input is `N` counts.
#[derive(Deserialize)]
struct Counts<const N: usize>
where
    [u8; N]: for<'a> Deserialize<'a>,
{
    name: String,
    rule: [u8; N],
    grade: Option<String>,
}

fn grades() -> Grades {
    toml::from_str(include_str!("../vectors/grades.toml")).unwrap()
}

#[test]
fn over_completion_vectors_t8() {
    let mut tiered = default_pack().clone();
    tiered.over.penalty = crate::rulepack::OverPenalty::Tiered;
    for case in grades().over {
        let [actual, ticked] = &case.rule;
        let mut input = quantity_input("≥", "100", actual, "10");
        input.target_too_low = ticked == "yes";
        let line = total::indicator_line(&tiered, &input).unwrap();
        assert_eq!(
            line.points,
            case.points.as_deref().map(centi),
            "{}",
            case.name
        );
    }
}

#[test]
fn a_fixed_deduction_begins_at_its_boundary() {
    let pack = builtin("linear-cap").unwrap();
    for (actual, expected) in [("129.99", "10.00"), ("130", "8.00"), ("500", "8.00")] {
        let line = total::indicator_line(pack, &quantity_input("≥", "100", actual, "10")).unwrap();
        assert_eq!(line.points, Some(centi(expected)), "{actual}");
    }
}

#[test]
fn a_reviewers_deduction_is_kept_with_its_reason_and_never_goes_below_zero() {
    let mut input = quantity_input("≥", "100", "320", "10");
    for (taken, expected) in [("3", "7.00"), ("30", "0.00")] {
        input.manual_deduction = Some((centi(taken), "年初目标偏低".to_owned()));
        let line = total::indicator_line(default_pack(), &input).unwrap();
        assert_eq!(line.points, Some(centi(expected)));
        assert!(line.sentence.unwrap().contains("年初目标偏低"));
    }
}

/// T9: w = 12.5 and w = 8.33.
#[test]
fn qualitative_bands_t9() {
    for case in grades().band {
        let [label, weight] = &case.rule;
        let quality = [Quality::Achieved, Quality::Partial, Quality::Missed]
            .into_iter()
            .find(|quality| quality.label() == label)
            .unwrap();
        let (low, high) = quality_bounds(default_pack(), quality, centi(weight));
        let found = (Some(low.to_string()), Some(high.to_string()));
        assert_eq!(found, (case.low, case.high), "{}", case.name);
    }
    let refused = quality_input(Quality::Achieved, "9.99", "12.5");
    let refusal = total::indicator_line(default_pack(), &refused).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "「社会效益」选为达成，得分应在 10.00 至 12.50 之间，填的是 9.99"
    );
}

#[test]
fn the_full_project_t10() {
    let input = full_project();
    for (pack, indicators, total) in [
        ("national-2020", "84.40", "92.90"),
        ("linear-only", "84.31", "92.81"),
    ] {
        let mut rules = default_pack().clone();
        if pack == "linear-only" {
            rules.quantity.reverse_mode = crate::rulepack::ReverseMode::LinearToDouble;
        }
        let scored = score(&rules, &input).unwrap();
        assert_eq!(scored.indicators, Some(centi(indicators)), "{pack}");
        assert_eq!(scored.total, Some(centi(total)), "{pack}");
        assert_eq!(scored.grade.as_deref(), Some("优"));
        let light = consistency_light(
            &rules,
            (centi(indicators), centi("90")),
            (centi("8.50"), centi("10")),
            Fen(450_000_000),
            Fen(382_500_000),
        );
        assert_eq!(
            light,
            Some(Light::Red),
            "(84.31/90 − 0.85) ÷ (84.31/90) = 0.0926"
        );
    }
}

/// T11: 4 × 22.5 under `linear_to_double` and `ratio`.
#[test]
fn the_sichuan_form_t11() {
    let input = ScoreInput {
        kind: ObjectKind::Project,
        name: Arc::from("工资"),
        budget: vec![money("100", "100")],
        execution_weight: centi("10"),
        indicators: vec![
            quantity_input("＝", "100", "100", "22.5"),
            quantity_input("≤", "10", "12", "22.5"),
            quantity_input("＝", "100", "100", "22.5"),
            quantity_input("≤", "5", "6", "22.5"),
        ],
        deductions: Vec::new(),
    };
    let sichuan = builtin("sichuan").unwrap();
    assert_eq!(score(sichuan, &input).unwrap().total, Some(centi("92.50")));
    let mut linear = sichuan.clone();
    linear.quantity.reverse_mode = crate::rulepack::ReverseMode::LinearToDouble;
    let scored = score(&linear, &input).unwrap();
    assert_eq!(scored.total, Some(centi("91.00")));
    assert_eq!(scored.grade.as_deref(), Some("优"));
}

/// T13: m = 7, t = 60, A = 500.
#[test]
fn monitoring_lights_t13() {
    let pack = default_pack();
    for case in grades().light {
        let progress = Progress::Prorated {
            target: decimal("60"),
            actual: decimal(&case.rule[0]),
        };
        let light = indicator_light(pack, progress, 7);
        assert_eq!(Some(light), case.light, "{}", case.name);
    }
    for (executed, shown, light) in [(180, "61.71", Light::Yellow), (250, "85.71", Light::Green)] {
        let (progress, seen) = budget_light(pack, Fen(50_000), Fen(executed * 100), 7);
        assert_eq!((format!("{progress:.2}").as_str(), seen), (shown, light));
    }
    assert_eq!(budget_light(pack, Fen::ZERO, Fen::ZERO, 7).1, Light::Red);
    assert_eq!(
        worst([Light::Green, Light::Blue, Light::Yellow]),
        Some(Light::Yellow)
    );
    let strict = |actual| Progress::InRange {
        operator: Operator::Less,
        target: decimal("5"),
        actual: decimal(actual),
    };
    assert_eq!(
        indicator_light(pack, strict("5"), 7),
        Light::Red,
        "＜ is strict in monitoring"
    );
    assert_eq!(indicator_light(pack, strict("4.9"), 7), Light::Green);
}

/// T4: the consistency light when nothing was budgeted.
#[test]
fn consistency_without_budget_t4() {
    let light = |results| {
        let none = (Centi::ZERO, centi("10"));
        consistency_light(
            default_pack(),
            (centi(results), centi("90")),
            none,
            Fen(0),
            Fen(0),
        )
    };
    assert_eq!(light("80"), Some(Light::Red));
    assert_eq!(light("0"), None);
}

#[test]
fn grade_edges_t12() {
    for case in grades().grade {
        let found = default_pack().grade.value(decimal(&case.rule[0]));
        assert_eq!(
            found.map(|grade| &**grade),
            case.grade.as_deref(),
            "{}",
            case.name
        );
    }
}

#[test]
fn target_review_grades_t14() {
    for case in grades().review {
        let found = target_review_grade(default_pack(), case.rule);
        assert_eq!(Some(found), case.grade.as_deref(), "{}", case.name);
    }
}

#[test]
fn sample_sizes_t15() {
    for case in grades().sample {
        let [count, drawn] = case.rule.map(u32::from);
        assert_eq!(sample_size(default_pack(), count), drawn, "{}", case.name);
    }
}

/// The caps of the pack that has them: 70–80 % → ≤ 89, 60–70 % → ≤ 79, 50–60 % → ≤ 69,
/// < 50 % → ≤ 59.
#[test]
fn the_execution_rate_caps_the_total() {
    let pack = builtin("linear-cap").unwrap();
    for (executed, most) in [
        ("100", "100.00"),
        ("80", "98.00"),
        ("79.99", "89.00"),
        ("70", "89.00"),
        ("69.99", "79.00"),
        ("60", "79.00"),
        ("59.99", "69.00"),
        ("50", "69.00"),
        ("49.99", "59.00"),
    ] {
        let input = ScoreInput {
            kind: ObjectKind::Project,
            name: Arc::from("封顶"),
            budget: vec![money("100", executed)],
            execution_weight: centi("10"),
            indicators: vec![quantity_input("≥", "1", "1", "90")],
            deductions: Vec::new(),
        };
        let scored = score(pack, &input).unwrap();
        assert_eq!(scored.total, Some(centi(most)), "{executed} %");
    }
}

#[test]
fn a_framework_needs_output_and_benefit_and_divides_by_received_money() {
    let item = |level1: &str, weight: &str, given: &str| FrameworkItem {
        level1: Arc::from(level1),
        name: Arc::from(level1),
        weight: centi(weight),
        given: Some(centi(given)),
        paid: None,
        reason: Arc::from("资料不全"),
    };
    let mut items = vec![
        item("决策", "15", "14"),
        item("过程", "16", "15"),
        item("产出", "30", "27"),
        item("效益", "35", "33.5"),
    ];
    items.push(FrameworkItem {
        given: None,
        paid: Some(money("80", "60")),
        ..item("过程", "4", "0")
    });
    let scored = framework(default_pack(), Arc::from("重点评价"), &items).unwrap();
    assert_eq!(
        scored.total,
        Some(centi("92.50")),
        "14 + 15 + 27 + 33.5 + 60/80 × 4"
    );
    let thin = [item("决策", "50", "50"), item("产出", "50", "50")];
    let refusal = framework(default_pack(), Arc::from("重点评价"), &thin).unwrap_err();
    assert!(refusal.to_string().contains("不到总分的 60%"), "{refusal}");
}

#[test]
fn weights_that_do_not_sum_to_100_are_refused() {
    let mut input = full_project();
    input.indicators.pop();
    assert_eq!(
        score(default_pack(), &input).unwrap_err(),
        Refusal::WeightsDoNotSum { sum: centi("90") }
    );
}

#[test]
fn ex_ante_conclusions_follow_the_bands_and_a_veto() {
    for (points, conclusion) in [
        ("80", "予以支持"),
        ("79.99", "部分支持"),
        ("60", "部分支持"),
        ("59.99", "不予支持"),
    ] {
        let found = ex_ante_conclusion(default_pack(), centi(points), None);
        assert_eq!(found.conclusion, conclusion, "{points}");
    }
    let vetoed = ex_ante_conclusion(default_pack(), centi("95"), Some("违规举债"));
    assert_eq!(vetoed.conclusion, "不予支持");
}
