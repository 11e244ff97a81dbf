use super::*;
use crate::rulepack::default_pack;

fn good() -> Monitoring {
    let line = |name: &str, actual: &str| (name.to_owned(), actual.to_owned(), Light::Green);
    Monitoring {
        is_target_approved: true,
        adjusted: Fen(12_000_000),
        // Seven twelfths of it: exactly on time.
        executed: Fen(7_000_000),
        executed_before: None,
        month: 7,
        lights: [Light::Green; 2],
        lines: vec![line("改造户数", "180"), line("合格率", "100")],
        reason: String::new(),
    }
}

/// Rule and severity of each finding.
fn told(findings: &[Finding]) -> String {
    let told = findings
        .iter()
        .map(|it| format!("{}{:?}", it.rule, it.severity));
    told.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_monitoring_is_sent_whole_and_explained() {
    type Change = fn(&mut Monitoring);
    let cases: [(Change, &str); 13] = [
        (|_| {}, ""),
        (|form| form.is_target_approved = false, "V20E"),
        (|form| form.lines[1].1 = " ".to_owned(), "C60E"),
        (
            |form| {
                form.executed = Fen(12_000_001);
                form.reason = "提前支付".to_owned();
            },
            "V21E",
        ),
        (
            |form| {
                form.executed = form.adjusted;
                form.reason = "提前支付".to_owned();
            },
            "",
        ),
        (|form| form.executed_before = Some(Fen(7_000_000)), ""),
        (|form| form.executed_before = Some(Fen(7_000_001)), "V21W"),
        (|form| form.lights[0] = Light::Yellow, "V22E"),
        (|form| form.lights[1] = Light::Red, "V22E"),
        (|form| form.lines[0].2 = Light::Red, "V22E"),
        (
            |form| {
                form.lines[0].2 = Light::Red;
                form.reason = "雨季停工".to_owned();
            },
            "",
        ),
        // 85 % of what was due by July is not more than 15 % apart; a fen less is.
        (|form| form.executed = Fen(5_950_000), ""),
        (|form| form.executed = Fen(5_949_900), "V22E"),
    ];
    for (place, (change, expected)) in cases.into_iter().enumerate() {
        let mut form = good();
        change(&mut form);
        let findings = monitoring(default_pack(), &form);
        assert_eq!(told(&findings), expected, "case {place}");
    }
}

#[test]
fn an_object_without_money_deviates_from_nothing() {
    let form = Monitoring {
        adjusted: Fen::ZERO,
        executed: Fen::ZERO,
        ..good()
    };
    assert_eq!(told(&monitoring(default_pack(), &form)), "");
}

#[test]
fn a_rectification_has_a_problem_a_demand_and_a_day() {
    type Change = fn(&mut Rectification);
    let good = Rectification {
        problem: "台账不全".to_owned(),
        demand: "补齐".to_owned(),
        issued_on: Some("2020-09-01".to_owned()),
        due_on: "2020-09-01".to_owned(),
    };
    let cases: [(Change, &str); 5] = [
        (|_| {}, ""),
        (|form| form.problem.clear(), "V56E"),
        (|form| form.demand = "　".to_owned(), "V56E"),
        (|form| form.due_on.clear(), "V56E"),
        (|form| form.due_on = "2020-08-31".to_owned(), "V56E"),
    ];
    for (place, (change, expected)) in cases.into_iter().enumerate() {
        let mut form = good.clone();
        change(&mut form);
        let findings = rectification(default_pack(), &form);
        assert_eq!(told(&findings), expected, "case {place}");
    }
}

#[test]
fn an_assessment_suggests_no_more_than_was_asked_for() {
    for (requested, suggested, expected) in [
        (100, None, ""),
        (0, None, "C61E"),
        (100, Some(100), ""),
        (100, Some(101), "C61E"),
    ] {
        let form = ExAnte {
            requested: Fen(requested),
            suggested: suggested.map(Fen),
        };
        let findings = ex_ante(default_pack(), &form);
        assert_eq!(told(&findings), expected, "{requested} {suggested:?}");
    }
}

#[test]
fn a_late_publication_is_told_and_holds_nothing_back() {
    for (item, published_on, expected) in [
        ("部门自评结果", None, ""),
        ("", None, "V59E"),
        ("部门自评结果", Some("2020-09-20"), ""),
        ("部门自评结果", Some("2020-09-21"), "V59W"),
    ] {
        let form = Publication {
            item: item.to_owned(),
            due_on: "2020-09-20".to_owned(),
            published_on: published_on.map(str::to_owned),
        };
        let findings = publication(default_pack(), &form);
        assert_eq!(told(&findings), expected, "{item} {published_on:?}");
    }
}
