//! The table of rules.

use super::*;
use crate::check::{RULES, find_rule};

fn cases() -> impl Iterator<Item = &'static Case> {
    super::money::CASES
        .iter()
        .chain(super::indicators::CASES)
        .chain(super::texts::CASES)
}

/// What the reader of files says is tested where files are read.
fn is_of_the_reader(id: &str) -> bool {
    id.starts_with("C9")
}

#[test]
fn every_rule_has_a_form_that_breaks_it_and_a_near_miss() {
    for rule in RULES.iter().filter(|rule| !is_of_the_reader(rule.id)) {
        let own: Vec<&Case> = cases().filter(|case| case.rule == rule.id).collect();
        assert!(
            own.iter().any(|case| case.severity.is_some()),
            "{}",
            rule.id
        );
        assert!(
            own.iter().any(|case| case.severity.is_none()),
            "{}",
            rule.id
        );
    }
}

#[test]
fn every_rule_is_listed_once_in_order_within_its_family() {
    for (order, rule) in RULES.iter().enumerate() {
        assert_eq!(find_rule(rule.id), Some(rule));
        let same = |other: &&crate::check::Rule| other.id == rule.id;
        assert_eq!(RULES.iter().filter(same).count(), 1, "{}", rule.id);
        if let Some(next) = RULES.get(order + 1) {
            let family = rule.id.chars().next() == next.id.chars().next();
            assert!(
                !family || rule.id < next.id,
                "{} before {}",
                rule.id,
                next.id
            );
        }
    }
}

#[test]
fn no_finding_weighs_more_than_its_rule() {
    for case in cases() {
        let mut form = clean();
        (case.change)(&mut form);
        for finding in findings(&form) {
            let rule = find_rule(finding.rule).unwrap();
            assert!(finding.severity >= rule.severity, "{finding:?}");
        }
    }
}
