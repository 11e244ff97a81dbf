//! 事前绩效评估 for the budget of 2020, made in 2019 by the bureau's own team.

use domain::number::Centi;
use domain::rulepack::RulePack;
use domain::scoring::ex_ante_conclusion;

use super::bank::Plan;
use super::city::{City, Object};
use super::rows::Rows;
use super::store;

/// Writes the assessments, each with what it did to the budget.
pub(super) fn write(rows: &mut Rows, city: &City, pack: &RulePack) {
    let assessed = city.objects.iter().filter(|object| object.needs_ex_ante());
    for (number, object) in (1..).zip(assessed) {
        let plans = city.units[object.unit].plans.iter();
        let mut plans = plans.filter(|plan| plan.name == object.name);
        let plan = plans.next().expect("an assessed project has a plan");
        write_one(rows, object, plan, number, pack);
    }
}

fn write_one(rows: &mut Rows, object: &Object, plan: &Plan, number: i64, pack: &RulePack) {
    let id = format!("x-2020-{number}");
    let mut dice = object.dice("ex ante");
    let planned = plan.wan * 1_000_000;
    let (score, requested, suggested) = if object.has('z') {
        (Centi(dice.between(500, 560) * 10), planned, 0)
    } else if object.has('y') {
        (Centi(dice.between(700, 770) * 10), planned * 8 / 5, planned)
    } else {
        let more = planned * dice.between(4, 12) / 100 / 1_000_000 * 1_000_000;
        (Centi(dice.between(830, 920) * 10), planned + more, planned)
    };
    let conclusion = ex_ante_conclusion(pack, score, None).conclusion;
    rows.record(
        store::INSERT_EX_ANTE,
        &[
            &id,
            &object.id,
            &2019_i64,
            &2020_i64,
            &"bureau",
            &"applied_to_budget",
            &score.0,
            &conclusion,
            &requested,
            &suggested,
            &format!("2019-10-{:02}", dice.between(9, 25)),
        ],
    );
    let (way, reason) = match conclusion.as_str() {
        "予以支持" => ("优先安排", "事前绩效评估予以支持，按建议金额安排2020年预算"),
        "部分支持" => (
            "调减",
            "事前绩效评估部分支持，核减建设内容后按建议金额安排2020年预算",
        ),
        _ => (
            "取消",
            "事前绩效评估不予支持：与已有平台功能重复、预期效益不明确，不安排2020年预算",
        ),
    };
    rows.record(
        store::INSERT_RESULT_APPLICATION,
        &[
            &format!("p{id}"),
            &id,
            &None::<String>,
            &2019_i64,
            &2020_i64,
            &way,
            &"feedback_given",
            &reason,
            &"2019-12-06",
        ],
    );
}
