//! 绩效运行监控 of 2020: everybody's at the end of July, the bureau's own at the end of September.

use domain::number::Fen;
use domain::rulepack::{Light, RulePack};
use domain::scoring::{budget_light, indicator_light, worst};

use super::actual::{Health, health, so_far};
use super::city::{City, Object};
use super::rows::Rows;
use super::store;

/// Writes all monitorings of 2020.
pub(super) fn write(rows: &mut Rows, city: &City, pack: &RulePack) {
    for object in &city.objects {
        write_one(rows, object, pack, false);
    }
    for object in city.objects.iter().filter(|object| object.has('M')) {
        write_one(rows, object, pack, true);
    }
}

fn write_one(rows: &mut Rows, object: &Object, pack: &RulePack, is_key: bool) {
    let Some((money, target)) = object.money.get(&2020).zip(object.targets.get(&2020)) else {
        return;
    };
    let (id, month) = if is_key {
        (format!("mk-{}-2020", &object.id[2..]), 9_u8)
    } else {
        (format!("m-{}-2020", &object.id[2..]), 7)
    };
    let mut dice = object.dice("monitoring");
    let health = health(object, 2020);
    let executed = money.paid_until(usize::from(month));
    let (_, budget) = budget_light(pack, Fen(money.adjusted), Fen(executed), month);
    let lines: Vec<_> = target
        .indicators
        .iter()
        .map(|indicator| {
            let (text, progress) = so_far(indicator, (money, month), health, &mut dice);
            (indicator, text, indicator_light(pack, progress, month))
        })
        .collect();
    let results = worst(lines.iter().map(|(.., light)| *light)).unwrap_or(Light::Green);
    let (conclusion, reason) = judgement(budget, results, health, object);
    rows.record(
        store::INSERT_MONITORING,
        &[
            &id,
            &object.id,
            &target.id,
            &2020_i64,
            &i64::from(month),
            &is_key,
            &"concluded",
            &money.adjusted,
            &executed,
            &word(budget),
            &word(results),
            &conclusion,
            &reason,
            &is_key.then_some("2020-10-28"),
        ],
    );
    for (place, (indicator, text, light)) in (1..).zip(&lines) {
        rows.part(
            store::INSERT_MONITORING_LINE,
            &[
                &format!("{id}-{place}"),
                &id,
                &indicator.id,
                text,
                &word(*light),
            ],
        );
    }
}

fn word(light: Light) -> &'static str {
    match light {
        Light::Red => "red",
        Light::Yellow => "yellow",
        Light::Green => "green",
        Light::Blue => "blue",
    }
}

/// 监控结论 and, where a light is red or yellow, why.
fn judgement(
    budget: Light,
    results: Light,
    health: Health,
    object: &Object,
) -> (&'static str, Option<&'static str>) {
    let mut dice = object.dice("judgement");
    let behind = |light| matches!(light, Light::Red | Light::Yellow);
    let reason = match (behind(budget), behind(results)) {
        (false, false) => return ("项目无问题", None),
        (true, true) => dice.pick(&[
            "其他：受新冠肺炎疫情影响，上半年实施和支付进度滞后，正倒排工期追赶",
            "制度保障：前期招标和合同签订时间较长，实施和支付同步滞后",
        ]),
        (true, false) => dice.pick(&[
            "其他：按合同约定下半年集中结算，资金支付进度低于序时进度",
            "经费保障：资金下达较晚，已完成部分正办理支付手续",
            "制度保障：验收和结算审核资料未齐，暂未办理支付",
        ]),
        (false, true) => dice.pick(&[
            "其他：部分工作集中在下半年开展，指标完成值低于序时进度",
            "人员保障：经办人员调整，个别任务推进较慢，已明确专人负责",
            "其他：受新冠肺炎疫情影响，部分活动延期开展",
        ]),
    };
    let conclusion = match (health, budget, results) {
        (Health::Bad, ..) => "需调整目标",
        (_, Light::Red, _) | (_, _, Light::Red) => "需整改建议",
        _ => "项目无问题",
    };
    (conclusion, Some(reason))
}
