//! 财政重点绩效评价 of 2019's money, made in 2020, and what followed: re-evaluation, commissions,
//! rectification, use in the budget of 2021.

use std::collections::BTreeMap;

use domain::number::{Centi, Fen};
use domain::rulepack::RulePack;
use domain::scoring::{BudgetExecution, FrameworkItem, ObjectKind, framework};

use super::city::{City, Object};
use super::dice::Dice;
use super::rows::Rows;
use super::self_evaluation::Outcome;
use super::{Error, store};

/// 一级指标, 三级指标, points, and reasons for losing some of them: in works and purchases, in
/// payments to people and firms, in services.
type Item = (&'static str, &'static str, i64, [&'static str; 3]);

/// Source: 财预〔2020〕10号 annex 2; the points are the default 15/20/30/35.
const FRAMEWORK: [Item; 17] = [
    (
        "决策",
        "立项依据充分性",
        300,
        [
            "可行性研究深度不够",
            "与上级政策衔接的实施细则不完善",
            "需求调研不够充分",
        ],
    ),
    (
        "决策",
        "立项程序规范性",
        200,
        [
            "立项批复滞后于招标",
            "集体决策资料未完整归档",
            "服务采购论证记录不完整",
        ],
    ),
    (
        "决策",
        "绩效目标合理性",
        300,
        [
            "绩效目标与建设内容匹配度不高",
            "绩效目标偏于笼统，未按对象类别细化",
            "部分目标值低于上年实际",
        ],
    ),
    (
        "决策",
        "绩效指标明确性",
        300,
        [
            "效益指标缺少可衡量的标准",
            "部分绩效指标未量化",
            "服务质量指标不够明确",
        ],
    ),
    (
        "决策",
        "预算编制科学性",
        200,
        [
            "概算编制与实际需求有偏差",
            "对象人数测算不够准确",
            "服务单价测算依据不足",
        ],
    ),
    (
        "决策",
        "资金分配合理性",
        200,
        [
            "年度投资安排与工期不匹配",
            "资金分配未充分考虑因素差异",
            "各片区资金分配依据不足",
        ],
    ),
    (
        "过程",
        "资金到位率",
        400,
        [
            "配套资金到位不及时",
            "上级资金下达较晚",
            "部分资金年底才下达",
        ],
    ),
    ("过程", "预算执行率", 400, ["", "", ""]),
    (
        "过程",
        "资金使用合规性",
        500,
        [
            "个别工程款支付资料不齐",
            "个别发放名册签字手续不全",
            "个别支出报销附件不齐",
        ],
    ),
    (
        "过程",
        "管理制度健全性",
        300,
        [
            "项目管理办法未及时修订",
            "资金管理细则不健全",
            "服务考核办法不够细化",
        ],
    ),
    (
        "过程",
        "制度执行有效性",
        400,
        [
            "监理日志和变更签证不规范",
            "资格动态复核不及时",
            "日常考核记录不完整",
        ],
    ),
    (
        "产出",
        "实际完成率",
        800,
        [
            "个别建设内容跨年实施",
            "个别符合条件的对象未及时纳入",
            "部分年度服务任务未完成",
        ],
    ),
    (
        "产出",
        "质量达标率",
        800,
        [
            "抽查发现个别部位质量缺陷",
            "抽查发现个别对象信息不准确",
            "现场检查发现个别点位不达标",
        ],
    ),
    (
        "产出",
        "完成及时性",
        700,
        [
            "实施进度滞后于计划工期",
            "个别批次发放（拨付）延迟",
            "个别问题处置超过规定时限",
        ],
    ),
    (
        "产出",
        "成本节约率",
        700,
        [
            "变更签证较多，成本控制不严",
            "经办成本未单独核算",
            "成本控制措施不够有力",
        ],
    ),
    (
        "效益",
        "实施效益",
        2_500,
        [
            "后续管护机制不健全，效益发挥不充分",
            "政策知晓度不高，受益面有待扩大",
            "服务覆盖不均衡，效益有待提升",
        ],
    ),
    (
        "效益",
        "满意度",
        1_000,
        [
            "问卷反映施工期间扰民",
            "问卷反映办理手续偏多",
            "问卷反映响应不够及时",
        ],
    ),
];

/// A department is judged by 履职 instead of by a project's outputs.
const OF_A_DEPARTMENT: [Item; 15] = [
    (
        "决策",
        "绩效目标合理性",
        400,
        [
            "整体绩效目标与部门职责衔接不够紧密",
            "部分目标值低于上年实际",
            "整体目标未覆盖主要职责",
        ],
    ),
    (
        "决策",
        "绩效指标明确性",
        400,
        [
            "整体绩效指标量化程度不高",
            "效益指标缺少可衡量的标准",
            "指标与重点工作对应不够",
        ],
    ),
    (
        "决策",
        "预算编制科学性",
        400,
        [
            "项目预算细化程度不够",
            "预算编制与年度重点工作匹配度不高",
            "年中追加较多",
        ],
    ),
    ("过程", "预算执行率", 500, ["", "", ""]),
    (
        "过程",
        "结转结余率",
        300,
        [
            "结转结余资金规模偏大",
            "往来款项清理不及时",
            "个别项目资金连续结转",
        ],
    ),
    (
        "过程",
        "公用经费控制率",
        300,
        [
            "公用经费个别科目超预算",
            "会议培训费预算控制不严",
            "办公耗材支出增长较快",
        ],
    ),
    (
        "过程",
        "政府采购执行率",
        300,
        [
            "政府采购预算执行率偏低",
            "采购需求编制较晚",
            "采购合同备案不及时",
        ],
    ),
    (
        "过程",
        "管理制度健全性",
        400,
        [
            "内部控制制度未及时更新",
            "项目管理办法不健全",
            "合同管理制度不完善",
        ],
    ),
    (
        "过程",
        "资产管理安全性",
        400,
        [
            "固定资产账实不完全相符",
            "资产处置手续办理滞后",
            "资产盘点不及时",
        ],
    ),
    (
        "产出",
        "重点工作完成率",
        1_000,
        [
            "个别重点工作未按计划完成",
            "部分任务推进较慢",
            "个别任务结转下年完成",
        ],
    ),
    (
        "产出",
        "完成及时率",
        800,
        [
            "部分工作集中在下半年完成",
            "个别任务延期完成",
            "个别事项办理超过承诺时限",
        ],
    ),
    (
        "产出",
        "质量达标率",
        800,
        [
            "个别工作成果质量有待提高",
            "抽查发现基础台账不完整",
            "个别案卷（档案）不规范",
        ],
    ),
    (
        "效益",
        "履职效益",
        2_200,
        [
            "部分工作效益不够明显",
            "履职效益缺少数据支撑",
            "基层反映工作覆盖不够均衡",
        ],
    ),
    (
        "效益",
        "可持续影响",
        800,
        ["长效机制有待完善", "人才队伍建设有待加强", "信息化支撑不足"],
    ),
    (
        "效益",
        "社会公众满意度",
        1_000,
        [
            "问卷反映办事效率有待提高",
            "政策宣传覆盖面不够",
            "问卷反映窗口服务有待改进",
        ],
    ),
];

/// Themes of works and purchases, and of payments; all others are services.
const WORKS: [&str; 16] = [
    "school_build",
    "hospital",
    "elderly_service",
    "municipal",
    "road_build",
    "water_works",
    "farmland",
    "park",
    "party",
    "town_build",
    "renovation",
    "equipment",
    "old_community",
    "drinking",
    "geohazard",
    "housing",
];
const PAYMENTS: [&str; 14] = [
    "disabled",
    "retirees",
    "state_capital",
    "pension_fund",
    "medical_fund",
    "land",
    "poverty",
    "industry",
    "talent",
    "aid",
    "veterans",
    "agri_subsidy",
    "reward",
    "family_planning",
];

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
    let state = *dice.pick(&["filed", "result_delivered", "result_delivered"]);
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
        match object.theme {
            "" => *dice.pick(reasons),
            theme if WORKS.contains(&theme) => reasons[0],
            theme if PAYMENTS.contains(&theme) => reasons[1],
            _ => reasons[2],
        }
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
            &format!("2020-10-{}", day),
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
