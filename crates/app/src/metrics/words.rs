//! What metrics, records and their counting are called on a page.

use domain::metrics::{Computed, Figure, Shape, Tally};
use domain::number::{Centi, Decimal, Fen};

/// The three systems of the assessment by the letter that their metrics begin with.
const SYSTEMS: [(&str, &str); 3] = [("P", "过程管控"), ("B", "基础支撑"), ("A", "考核监督")];

/// The subjects by the beginning of their metrics' numbers, as the statement's headings name them.
const SUBJECTS: [(&str, &str); 10] = [
    ("P1", "事前绩效评估"),
    ("P2", "绩效运行监控"),
    ("P3", "事后绩效评价"),
    ("P4", "绩效目标管理"),
    ("P5", "绩效结果应用"),
    ("B1", "制度建设"),
    ("B2", "业务培训"),
    ("B3", "宣传"),
    ("A1", "政府考核"),
    ("A2", "人大监督"),
];

fn named(table: &[(&str, &'static str)], id: &str) -> &'static str {
    let fits = table.iter().find(|(start, _)| id.starts_with(start));
    fits.map_or("", |(_, name)| name)
}

/// The system that a metric belongs to: 过程管控.
pub(super) fn system(id: &str) -> &'static str {
    named(&SYSTEMS, id)
}

/// The subject that a metric belongs to: 事后绩效评价.
pub(super) fn subject(id: &str) -> &'static str {
    named(&SUBJECTS, id)
}

/// The formula of a work year: its Y and Y−1 as years.
pub(crate) fn formula(figure: &Figure, year: i64) -> String {
    let before = format!("{}", year - 1);
    let formula = figure.formula.replace("Y−1", &before);
    formula.replace('Y', &year.to_string())
}

/// 31 个, 100%, 是, 不适用
pub(crate) fn value_text(figure: &Figure, computed: &Computed) -> String {
    match (&computed.value, figure.unit) {
        (None, _) => "不适用".to_owned(),
        (Some(value), "%") => format!("{}%", value.text()),
        (Some(value), "是/否") => value.text(),
        (Some(value), unit) => format!("{} {unit}", value.text()),
    }
}

/// 其中 项目 24、政策 1; empty where there are no parts worth telling.
pub(super) fn parts_text(computed: &Computed) -> String {
    let parts: Vec<String> = computed
        .parts
        .iter()
        .filter(|(part, _)| !part.is_empty())
        .map(|(part, count)| format!("{part} {count}"))
        .collect();
    parts.join("、")
}

/// What a record is.
pub(super) fn record_kind(code: &str) -> &'static str {
    match code {
        "unit" => "单位",
        "object" => "绩效对象",
        "ex_ante_assessment" => "事前绩效评估",
        "performance_target" => "绩效目标",
        "monitoring" => "绩效监控",
        "self_evaluation" => "绩效自评",
        "key_evaluation" => "财政重点绩效评价",
        "re_evaluation" => "抽查复评",
        "rectification" => "整改通知",
        "commission" => "委托任务",
        "joint_review_session" => "绩效目标会审",
        "npc_package" => "提交人大的材料",
        "section_feedback" => "股室反馈",
        "publication" => "公开事项",
        "institution_doc" => "制度文件",
        "training" => "培训",
        "publicity" => "宣传报道",
        "work_assessment" => "考核",
        "npc_report" => "人大报告",
        "npc_opinion" => "人大意见",
        _ => "记录",
    }
}

/// What the amount of a record is called, where it has one that enters the figure.
pub(super) fn amount_name(shape: Shape) -> Option<&'static str> {
    match shape {
        Shape::AmountShare => Some("执行数（万元）"),
        Shape::MeanPoints => Some("相差（分）"),
        Shape::MeanPercent => Some("权重（%）"),
        Shape::Sum => Some("数量"),
        Shape::Count | Shape::Share | Shape::Distinct | Shape::YesNo => None,
    }
}

/// An amount in the unit of [`amount_name`].
pub(super) fn amount(shape: Shape, amount: i64) -> String {
    match shape {
        Shape::AmountShare => Fen(amount).wan_text(),
        Shape::MeanPoints | Shape::MeanPercent => Centi(amount).to_string(),
        _ => Decimal::from(amount).to_string(),
    }
}

/// How the value comes about, with its numbers.
pub(super) fn counting(figure: &Figure, computed: &Computed, tallies: &[Tally]) -> String {
    let records: i64 = tallies.iter().map(|tally| tally.records).sum();
    let hits: i64 = tallies.iter().map(|tally| tally.hits).sum();
    let hit_amount: i64 = tallies.iter().filter_map(|tally| tally.hit_amount).sum();
    let all: i64 = tallies.iter().filter_map(|tally| tally.amount).sum();
    let value = value_text(figure, computed);
    let shape = figure.shape;
    if computed.value.is_none() {
        return if records == 0 {
            "没有可统计的记录，所以不适用，不按 0 或 100% 计。".to_owned()
        } else {
            "记录里没有可计算的数，所以不适用，不按 0 或 100% 计。".to_owned()
        };
    }
    match shape {
        Shape::Count => format!("计入的记录有 {hits} 条。"),
        Shape::Share => format!("计入 {hits} 条 ÷ 全部 {records} 条 × 100% ＝ {value}"),
        Shape::Distinct => format!("计入的记录分属 {value}：{}。", parts_text(computed)),
        Shape::YesNo if hits > 0 => format!("有 {hits} 条记录计入，所以为“是”。"),
        Shape::YesNo => "没有计入的记录，所以为“否”。".to_owned(),
        Shape::MeanPoints | Shape::MeanPercent => format!(
            "{hits} 条记录合计 {} ÷ {hits} ＝ {value}",
            Centi(hit_amount)
        ),
        Shape::AmountShare => format!(
            "计入的 {} 万元 ÷ 全部 {} 万元 × 100% ＝ {value}",
            Fen(hit_amount).wan_text(),
            Fen(all).wan_text()
        ),
        Shape::Sum => format!("{hits} 条记录合计 {value}。"),
    }
}
