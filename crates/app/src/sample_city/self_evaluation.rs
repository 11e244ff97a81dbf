//! 绩效自评 of 2019, made in 2020: scored like every other, with the receipt.

use std::collections::BTreeMap;

use domain::number::{Centi, Fen};
use domain::rulepack::{Light, RulePack};
use domain::scoring::{
    Attainment, BudgetExecution, IndicatorInput, Refusal, ScoreInput, Scored, consistency_light,
    score,
};

use super::actual::{health, in_the_end};
use super::city::{City, Object};
use super::dice::Dice;
use super::rows::Rows;
use super::target::{Asked, Indicator};
use super::{Error, store};

/// Points of 预算执行率 and of all indicators.
const EXECUTION: Centi = Centi(1_000);
const RESULTS: Centi = Centi(9_000);

/// What a self-evaluation came to.
pub(super) struct Outcome {
    /// `s-001-03-2019`
    pub(super) id: String,
    /// Its total.
    pub(super) total: Centi,
    /// Its grade.
    pub(super) grade: String,
}

/// Writes the self-evaluations of all objects with money in 2019; what each came to.
pub(super) fn write(
    rows: &mut Rows,
    city: &City,
    pack: &RulePack,
) -> Result<BTreeMap<String, Outcome>, Error> {
    let mut outcomes = BTreeMap::new();
    for object in &city.objects {
        if object.money.contains_key(&2019) {
            outcomes.insert(object.id.clone(), write_one(rows, object, pack)?);
        }
    }
    Ok(outcomes)
}

fn write_one(rows: &mut Rows, object: &Object, pack: &RulePack) -> Result<Outcome, Error> {
    let id = format!("s-{}-2019", &object.id[2..]);
    let (money, target) = (&object.money[&2019], &object.targets[&2019]);
    let mut dice = object.dice("self-evaluation");
    let health = health(object, 2019);
    let lines: Vec<IndicatorInput> = target
        .indicators
        .iter()
        .map(|indicator| input(indicator, in_the_end(indicator, money, health, &mut dice)))
        .collect();
    let scored = scored(object, pack, &lines)?;
    let light = consistency_light(
        pack,
        (scored.indicators.unwrap_or_default(), RESULTS),
        (points_of_execution(&scored), EXECUTION),
        Fen(money.adjusted),
        Fen(money.executed()),
    );
    // The first line of the receipt is 预算执行率, the indicators follow in their order.
    let nodes = scored.root.children.iter().skip(1);
    let points: Vec<Centi> = nodes.map(|node| node.points.unwrap_or_default()).collect();
    let outcome = Outcome {
        id: id.clone(),
        total: scored.total.unwrap_or_default(),
        grade: scored.grade.as_deref().unwrap_or_default().to_owned(),
    };
    let state = if object.project_kind.is_none() {
        "published"
    } else {
        "accepted"
    };
    let receipt = serde_json::to_string(&scored.receipt(&id))?;
    rows.record(
        store::INSERT_SELF_EVALUATION,
        &[
            &id,
            &object.id,
            &target.id,
            &2020_i64,
            &2019_i64,
            &state,
            &money.adjusted,
            &money.executed(),
            &outcome.total.0,
            &outcome.grade,
            &light.map(word),
            &pack_name(pack),
            &receipt,
            &format!("2020-0{}-{:02}", dice.between(2, 3), dice.between(3, 28)),
        ],
    );
    for (place, (line, points)) in lines.iter().zip(points).enumerate() {
        let indicator = &target.indicators[place];
        rows.part(
            store::INSERT_SELF_EVALUATION_LINE,
            &[
                &format!("{id}-{}", place + 1),
                &id,
                &indicator.id,
                &&*line.actual_text,
                &points.0,
                &reason(indicator, line, points, &mut dice),
            ],
        );
    }
    Ok(outcome)
}

/// `mianzhu-2020@2020.1`, as receipts name it.
pub(super) fn pack_name(pack: &RulePack) -> String {
    format!("{}@{}", pack.id, pack.version)
}

fn word(light: Light) -> &'static str {
    if light == Light::Red { "red" } else { "yellow" }
}

fn points_of_execution(scored: &Scored) -> Centi {
    let execution = scored.execution.as_ref();
    execution.and_then(|line| line.points).unwrap_or_default()
}

fn scored(object: &Object, pack: &RulePack, lines: &[IndicatorInput]) -> Result<Scored, Refusal> {
    let money = &object.money[&2019];
    let input = ScoreInput {
        kind: object.kind,
        name: object.name.as_str().into(),
        budget: vec![BudgetExecution {
            adjusted_fen: Fen(money.adjusted),
            executed_fen: Fen(money.executed()),
        }],
        execution_weight: EXECUTION,
        indicators: lines.to_vec(),
        deductions: Vec::new(),
    };
    score(pack, &input)
}

fn input(indicator: &Indicator, (text, attainment): (String, Attainment)) -> IndicatorInput {
    let sign = match &indicator.asked {
        Asked::Number(operator, _) => operator.sign(),
        Asked::By(_) | Asked::Word(_) => "",
    };
    IndicatorInput {
        name: indicator.name.into(),
        target_text: format!("{sign}{}{}", indicator.value_text(), indicator.unit).into(),
        actual_text: text.into(),
        weight: Centi(indicator.weight_centi),
        attainment,
        is_satisfaction: indicator.heading == 'M',
        target_too_low: false,
        manual_deduction: None,
    }
}

/// 未完成原因分析: why points were lost, or why far more was done than planned.
fn reason(
    indicator: &Indicator,
    line: &IndicatorInput,
    points: Centi,
    dice: &mut Dice,
) -> &'static str {
    if points == line.weight {
        return match &line.attainment {
            Attainment::Quantity { target, actual, .. }
                if *actual * domain::number::Decimal::TEN
                    > *target * domain::number::Decimal::from(13) =>
            {
                "超额完成：实际需求高于年初预计，今后据实确定指标值"
            }
            _ => "",
        };
    }
    let choices: [&str; 3] = match indicator.heading {
        'Q' => [
            "部分任务跨年实施，剩余部分下年继续推进",
            "实际需求少于年初预计，按实际情况完成，今后据实测算",
            "前期准备时间较长，部分任务结转下年完成",
        ],
        'Z' => [
            "抽查发现个别不达标，已督促整改到位",
            "基础资料不完善，已建立台账逐项补齐",
            "个别环节把关不严，已完善复核制度",
        ],
        'S' => [
            "前期准备和协调时间较长，完成时间推迟",
            "资料补正时间较长，个别事项未按期办结",
            "年底任务集中，个别事项办理延后",
        ],
        'C' => [
            "人工和材料价格上涨，成本略有超出",
            "工作量较年初预计增加，成本有所上升",
            "定额测算不够准确，今后加强成本控制",
        ],
        'M' => [
            "问卷反映办理时限偏长，已优化流程",
            "问卷反映政策宣传解释不够，已加强宣传",
            "问卷反映个别服务环节体验不佳，已制定改进措施",
        ],
        _ => [
            "效益显现需要一个过程，将持续跟踪",
            "受外部环境影响，效益未达预期，已研究改进措施",
            "项目尚未全面发挥作用，将加强后续管理",
        ],
    };
    dice.pick(&choices)
}
