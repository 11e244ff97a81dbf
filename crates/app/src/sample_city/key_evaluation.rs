//! 财政重点绩效评价 of 2019's money, made in 2020, and what followed: re-evaluation, commissions,
//! rectification, use in the budget of 2021.

use std::collections::BTreeMap;

use domain::number::{Centi, Fen};
use domain::rulepack::RulePack;
use domain::scoring::{BudgetExecution, FrameworkItem, ObjectKind, framework};

use super::city::{City, Object};
use super::dice::Dice;
use super::framework::{FRAMEWORK, Item, OF_A_DEPARTMENT, reason};
use super::rows::Rows;
use super::self_evaluation::Outcome;
use super::{Error, store};

/// Evaluations without anything to mend, by their place among the projects.
const FLAWLESS: [usize; 3] = [7, 15, 22];

struct Evaluation<'a> {
    id: String,
    object: &'a Object,
    total: Centi,
    grade: String,
    problems: Vec<&'static str>,
}

/// Writes the 31 key evaluations with all that hangs on them.
pub(super) fn write(
    rows: &mut Rows,
    city: &City,
    pack: &RulePack,
    outcomes: &BTreeMap<String, Outcome>,
) -> Result<(), Error> {
    let mut evaluations = Vec::new();
    for kind in [
        ObjectKind::Department,
        ObjectKind::Project,
        ObjectKind::Policy,
    ] {
        let chosen = city
            .objects
            .iter()
            .filter(|object| object.kind == kind && object.has('K'));
        for (place, object) in (1..).zip(chosen) {
            let is_flawless = kind == ObjectKind::Project && FLAWLESS.contains(&place);
            let number = evaluations.len() + 1;
            evaluations.push(evaluate(rows, object, number, is_flawless, pack)?);
        }
    }
    agencies(rows, &evaluations);
    for evaluation in &evaluations {
        re_evaluate(rows, evaluation, &outcomes[&evaluation.object.id]);
        apply(rows, evaluation);
    }
    let wanting = |evaluation: &&Evaluation<'_>| !evaluation.problems.is_empty();
    for (number, evaluation) in (1..).zip(evaluations.iter().filter(wanting)) {
        rectify(rows, evaluation, number);
    }
    Ok(())
}

fn evaluate<'a>(
    rows: &mut Rows,
    object: &'a Object,
    number: usize,
    is_flawless: bool,
    pack: &RulePack,
) -> Result<Evaluation<'a>, Error> {
    let id = format!("k-2020-{number:02}");
    let money = &object.money[&2019];
    let paid = BudgetExecution {
        adjusted_fen: Fen(money.adjusted),
        executed_fen: Fen(money.executed()),
    };
    let template: &[Item] = match object.kind {
        ObjectKind::Department => &OF_A_DEPARTMENT,
        _ => &FRAMEWORK,
    };
    let mut dice = object.dice("key evaluation");
    // Some evaluations go well, most find something, a few find much.
    let strictness = dice.between(1, 10);
    let items: Vec<FrameworkItem> = template
        .iter()
        .map(|item| judged(item, paid, (is_flawless, strictness), object, &mut dice))
        .collect();
    let scored = framework(pack, object.name.as_str().into(), &items)?;
    let problems = if is_flawless {
        Vec::new()
    } else {
        problems(&items, template)
    };
    let evaluation = Evaluation {
        total: scored.total.unwrap_or_default(),
        grade: scored.grade.as_deref().unwrap_or_default().to_owned(),
        problems,
        id,
        object,
    };
    let receipt = serde_json::to_string(&scored.receipt(&evaluation.id))?;
    let state = dice.pick(&["filed", "result_delivered", "result_delivered"]);
    rows.record(
        store::INSERT_KEY_EVALUATION,
        &[
            &evaluation.id,
            &object.id,
            &2020_i64,
            &2019_i64,
            &state,
            &object.book,
            &money.executed(),
            &evaluation.total.0,
            &evaluation.grade,
            &receipt,
            &numbered(&evaluation.problems),
            &format!("2020-09-{:02}", dice.between(1, 18)),
        ],
    );
    Ok(evaluation)
}

/// What the evaluators gave for one item.
fn judged(
    (level1, name, weight, reasons): &Item,
    paid: BudgetExecution,
    (is_flawless, strictness): (bool, i64),
    object: &Object,
    dice: &mut Dice,
) -> FrameworkItem {
    let is_paid = *name == "预算执行率";
    let loses = dice.between(1, 14) <= strictness + 2;
    let percent = match (is_flawless, loses) {
        (true, _) if *name != "满意度" => 100,
        (true, _) => 96,
        (false, true) => dice.between(84 - 3 * strictness, 93),
        (false, false) => 100,
    };
    // Evaluators give whole and half points.
    let given = weight * percent / 100 / 50 * 50;
    let reason = if given < *weight && !is_paid {
        reason(object.theme, reasons, dice)
    } else {
        ""
    };
    FrameworkItem {
        level1: (*level1).into(),
        name: (*name).into(),
        weight: Centi(*weight),
        given: (!is_paid).then_some(Centi(given)),
        paid: is_paid.then_some(paid),
        reason: reason.into(),
    }
}

/// The three reasons that cost most.
fn problems(items: &[FrameworkItem], template: &[Item]) -> Vec<&'static str> {
    let mut found: Vec<(Centi, &'static str)> = items
        .iter()
        .zip(template)
        .filter_map(|(item, (.., reasons))| {
            let reason = reasons.iter().find(|reason| ***reason == *item.reason)?;
            Some((item.weight - item.given?, *reason))
        })
        .filter(|(lost, _)| *lost > Centi::ZERO)
        .collect();
    found.sort_by_key(|(lost, _)| -lost.0);
    found.truncate(3);
    if found.is_empty() {
        found.push((Centi::ZERO, "绩效管理基础工作有待加强，佐证资料归集不及时"));
    }
    found.into_iter().map(|(_, reason)| reason).collect()
}

/// `1.…；2.…。`
fn numbered(parts: &[&str]) -> String {
    if parts.is_empty() {
        return String::new();
    }
    let parts: Vec<String> = (1..)
        .zip(parts)
        .map(|(number, part)| format!("{number}.{part}"))
        .collect();
    format!("{}。", parts.join("；"))
}

fn re_evaluate(rows: &mut Rows, evaluation: &Evaluation<'_>, own: &Outcome) {
    let basis = match evaluation.object.kind {
        ObjectKind::Department => {
            "有针对性选取：部门职责重要、资金量较大，结合财政重点评价对部门整体自评开展复评"
        }
        ObjectKind::Policy => {
            "有针对性选取：政策实施期满，需评估是否延续，结合财政重点评价对自评开展复评"
        }
        ObjectKind::Project => {
            "有针对性选取：资金量大、社会关注度高，结合财政重点评价对项目自评开展复评"
        }
    };
    let difference = own.total - evaluation.total;
    let reason = if own.grade != evaluation.grade {
        format!(
            "自评 {} 分（{}），复评 {} 分（{}），等级有变化：{}",
            own.total,
            own.grade,
            evaluation.total,
            evaluation.grade,
            numbered(&evaluation.problems)
        )
    } else if difference == Centi::ZERO {
        "自评与复评一致".to_owned()
    } else {
        format!(
            "自评 {} 分，复评 {} 分，等级一致",
            own.total, evaluation.total
        )
    };
    rows.record(
        store::INSERT_RE_EVALUATION,
        &[
            &format!("r{}", evaluation.id),
            &own.id,
            &evaluation.id,
            &2020_i64,
            &"targeted",
            &basis,
            &evaluation.total.0,
            &evaluation.grade,
            &reason,
        ],
    );
}

/// The two firms of the year, and which evaluations each was given.
fn agencies(rows: &mut Rows, evaluations: &[Evaluation<'_>]) {
    let firms = [
        ("a-1", "样例会计师事务所（甲）", "会计师事务所"),
        ("a-2", "样例管理咨询公司（乙）", "咨询机构"),
    ];
    for (id, name, kind) in firms {
        rows.record(store::INSERT_AGENCY, &[&id, &name, &kind]);
    }
    let is_project = |evaluation: &&Evaluation<'_>| evaluation.object.kind == ObjectKind::Project;
    let commissioned = evaluations.iter().filter(is_project).step_by(3);
    for (place, evaluation) in commissioned.enumerate() {
        let (firm, ..) = firms[place % 2];
        rows.record(
            store::INSERT_COMMISSION,
            &[
                &format!("c-2020-{}", place + 1),
                &firm,
                &evaluation.id,
                &2020_i64,
                &format!("绵财绩委〔2020〕{:02}号", place + 1),
                &format!("{}2019年度绩效评价", evaluation.object.name),
                &if place < 5 { "paid" } else { "delivered" },
            ],
        );
    }
}

/// 整改通知: issued in September, due in 30 days; most closed in time, one late, one still open.
fn rectify(rows: &mut Rows, evaluation: &Evaluation<'_>, number: usize) {
    let mut dice = evaluation.object.dice("rectification");
    let day = dice.between(21, 28);
    let (state, closed_on) = match number {
        11 => ("closed", Some("2020-11-16".to_owned())),
        20 => ("unit_feedback", None),
        _ => (
            "closed",
            Some(format!("2020-10-{:02}", dice.between(10, 20))),
        ),
    };
    rows.record(
        store::INSERT_RECTIFICATION,
        &[
            &format!("z{}", evaluation.id),
            &evaluation.id,
            &2020_i64,
            &format!("绵财绩整〔2020〕{number}号"),
            &numbered(&evaluation.problems),
            &"请针对以上问题逐条制定整改措施，明确责任人和完成时限，于期限前书面报送整改报告",
            &state,
            &format!("2020-09-{day}"),
            &format!("2020-10-{day}"),
            &closed_on,
        ],
    );
}

/// What the evaluation did to the budget of 2021.
fn apply(rows: &mut Rows, evaluation: &Evaluation<'_>) {
    let is_department = evaluation.object.kind == ObjectKind::Department;
    let (way, reason) = match (evaluation.grade.as_str(), is_department) {
        ("优", false) => ("优先安排", "评价等级为优，2021年预算优先保障"),
        ("优", true) => ("优先安排", "评价等级为优，2021年部门项目支出需求优先保障"),
        ("良", false) => (
            "保持",
            "评价等级为良，2021年预算按原规模安排，按整改要求完善管理",
        ),
        ("良", true) => (
            "改进管理",
            "评价等级为良，2021年预算规模保持，要求改进预算管理",
        ),
        ("中", _) => (
            "调减",
            "评价等级为中，2021年预算按10%调减，整改到位后据实安排",
        ),
        _ => (
            "调减",
            "评价等级为差，2021年预算按30%调减，整改不到位的不再安排",
        ),
    };
    let mut dice = evaluation.object.dice("application");
    rows.record(
        store::INSERT_RESULT_APPLICATION,
        &[
            &format!("p{}", evaluation.id),
            &None::<String>,
            &evaluation.id,
            &2020_i64,
            &2021_i64,
            &way,
            &"feedback_given",
            &reason,
            &format!("2020-11-{:02}", dice.between(10, 27)),
        ],
    );
}
