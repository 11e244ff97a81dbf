//! Every rule has a form that breaks it and a near miss that does not.

mod builder;
mod indicators;
mod money;
mod rich;
mod rules;
mod texts;

use crate::check::check;
use crate::finding::{Finding, Severity};
use crate::form::Form;
use crate::rulepack::{builtin, default_pack};
pub(super) use builder::*;

/// What is done to the clean form, and whether the rule must speak.
pub(super) struct Case {
    pub(super) rule: &'static str,
    pub(super) what: &'static str,
    pub(super) change: fn(&mut Form),
    /// None: the rule must be silent.
    pub(super) severity: Option<Severity>,
}

pub(super) const fn raises(
    rule: &'static str,
    severity: Severity,
    what: &'static str,
    change: fn(&mut Form),
) -> Case {
    Case {
        rule,
        what,
        change,
        severity: Some(severity),
    }
}

pub(super) const fn silent(rule: &'static str, what: &'static str, change: fn(&mut Form)) -> Case {
    Case {
        rule,
        what,
        change,
        severity: None,
    }
}

pub(super) fn findings(form: &Form) -> Vec<Finding> {
    check(default_pack(), form)
}

/// Runs cases against the clean form, and tells every one that fails.
pub(super) fn run(cases: &[Case]) {
    let mut failures = Vec::new();
    for case in cases {
        let mut form = clean();
        (case.change)(&mut form);
        let found = findings(&form);
        let own: Vec<&Finding> = found
            .iter()
            .filter(|finding| finding.rule == case.rule)
            .collect();
        let worst = own.iter().map(|finding| finding.severity).min();
        if worst != case.severity {
            failures.push(format!(
                "{} — {}: {worst:?}, not {:?}; {found:#?}",
                case.rule, case.what, case.severity
            ));
        }
        for finding in own {
            let advises = finding.message.contains('请') || finding.message.contains("只能");
            if finding.r#where.is_empty() || !advises {
                failures.push(format!("no place or no advice: {finding:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_clean_form_has_no_finding() {
    assert_eq!(findings(&clean()), Vec::new());
}

#[test]
fn a_clean_form_has_no_finding_under_any_pack_with_its_weights() {
    for pack in ["national-2020", "sichuan", "mianzhu-2020"] {
        assert_eq!(
            check(builtin(pack).unwrap(), &clean()),
            Vec::new(),
            "{pack}"
        );
    }
}

#[test]
fn a_form_without_parts_has_no_finding() {
    for kind in KINDS {
        assert_eq!(findings(&empty(kind)), Vec::new(), "{kind:?}");
    }
}

/// Excerpts: whatever is cut away, nothing that is left becomes an error.
#[test]
fn a_form_that_was_cut_off_anywhere_has_no_error() {
    let whole = clean();
    for rows in 0..=whole.indicators.len() {
        for keep_total in [true, false] {
            let mut form = whole.clone();
            form.indicators.truncate(rows);
            form.total_weight = None;
            if !keep_total {
                form.total_score = None;
            }
            let mut tail = whole.clone();
            tail.indicators.drain(..rows);
            tail.money = crate::form::Money::default();
            for part in [form, tail] {
                let errors: Vec<Finding> = findings(&part)
                    .into_iter()
                    .filter(|finding| finding.severity == Severity::E)
                    .collect();
                assert_eq!(errors, Vec::new(), "{rows} rows");
            }
        }
    }
}
