//! Checks of the cycle's forms that no file is read for: 监控, 整改, 事前评估 and 公开, as they are
//! stored.
//!
//! A finding's place is the field that has to be mended.

#[cfg(test)]
mod tests;

use crate::finding::{Finding, Severity};
use crate::number::{Decimal, Fen};
use crate::rulepack::{Light, RulePack};
use crate::scoring::budget_light;

/// A monitoring as it is sent. Source: 财预〔2019〕136号, 绩效监控情况表.
#[derive(Debug, Clone)]
pub struct Monitoring {
    /// Whether the target that it follows is approved.
    pub is_target_approved: bool,
    /// 调整后预算
    pub adjusted: Fen,
    /// 累计执行 until the cut-off month.
    pub executed: Fen,
    /// What the round before it in the same year says was spent; none where there was none.
    pub executed_before: Option<Fen>,
    /// The cut-off month, 1 to 12.
    pub month: u8,
    /// 预算执行 and 指标完成.
    pub lights: [Light; 2],
    /// Every indicator of the target: name, 完成值, light.
    pub lines: Vec<(String, String, Light)>,
    /// 偏差原因
    pub reason: String,
}

/// A rectification as it is sent back with its report.
#[derive(Debug, Clone)]
pub struct Rectification {
    /// 存在问题
    pub problem: String,
    /// 整改要求
    pub demand: String,
    /// When it was issued, as an ISO date; none before.
    pub issued_on: Option<String>,
    /// 整改期限, as an ISO date.
    pub due_on: String,
}

/// An ex-ante assessment as it is sent.
#[derive(Debug, Clone)]
pub struct ExAnte {
    /// 申报金额
    pub requested: Fen,
    /// 建议金额, where there is one yet.
    pub suggested: Option<Fen>,
}

/// An item to be published.
#[derive(Debug, Clone)]
pub struct Publication {
    /// 公开内容
    pub item: String,
    /// The last day, as an ISO date.
    pub due_on: String,
    /// When it was published, as an ISO date.
    pub published_on: Option<String>,
}

/// Most indicators that a finding names.
const MOST_NAMED: usize = 3;

struct Found<'a> {
    pack: &'a RulePack,
    findings: Vec<Finding>,
}

impl<'a> Found<'a> {
    fn new(pack: &'a RulePack) -> Self {
        Self {
            pack,
            findings: Vec::new(),
        }
    }

    fn add(&mut self, rule: &'static str, own: Severity, place: &str, message: impl Into<String>) {
        let set = self.pack.check.severity.get(rule).copied();
        self.findings.push(Finding {
            rule,
            severity: set.unwrap_or(own),
            r#where: place.to_owned(),
            message: message.into(),
            printed: None,
            computed: None,
        });
    }

    fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| finding.severity);
        self.findings
    }
}

/// What is wrong or odd about a monitoring, worst first.
///
/// Source: domain rules V20, V21 and V22 (财预〔2019〕136号: deviations are explained). House rule
/// C60: every indicator has its value so far.
pub fn monitoring(pack: &RulePack, form: &Monitoring) -> Vec<Finding> {
    let mut found = Found::new(pack);
    if !form.is_target_approved {
        let message = "绩效目标还没有批复，不能报送监控；请在批复后再送审";
        found.add("V20", Severity::E, "target", message);
    }
    if form.executed > form.adjusted {
        let message = format!(
            "累计执行 {} 万元超过调整后预算 {} 万元；请核对国库支付数和预算调整",
            form.executed.wan(),
            form.adjusted.wan()
        );
        found.add("V21", Severity::E, "executed", message);
    }
    if form
        .executed_before
        .is_some_and(|before| form.executed < before)
    {
        let message = "累计执行比本年上一期监控还少；请核对，确有退款的在偏差原因里说明";
        found.add("V21", Severity::W, "executed", message);
    }
    let is_open = |(_, actual, _): &&(String, String, Light)| actual.trim().is_empty();
    let open = form.lines.iter().filter(is_open);
    let open: Vec<&str> = open.map(|(name, _, _)| name.as_str()).collect();
    if !open.is_empty() {
        let named: Vec<&str> = open.iter().take(MOST_NAMED).copied().collect();
        let message = format!(
            "还有 {} 项指标没有填写完成值：{}{}；请填写截至本期的实际完成情况",
            open.len(),
            named.join("、"),
            if open.len() > MOST_NAMED { "等" } else { "" }
        );
        found.add("C60", Severity::E, "indicators", message);
    }
    if form.reason.trim().is_empty()
        && let Some(what) = deviation(pack, form)
    {
        let message = format!("{what}，还没有填写偏差原因；请说明原因和改进措施");
        found.add("V22", Severity::E, "deviation_reason", message);
    }
    found.finish()
}

/// What of a monitoring has to be explained, if anything.
fn deviation(pack: &RulePack, form: &Monitoring) -> Option<String> {
    let is_behind = |light: &Light| matches!(light, Light::Red | Light::Yellow);
    let [budget, indicators] = &form.lights;
    if is_behind(budget) {
        return Some("预算执行是红灯或黄灯".to_owned());
    }
    let behind = form.lines.iter().find(|(_, _, light)| is_behind(light));
    if let Some((name, _, _)) = behind {
        return Some(format!("指标「{name}」是红灯或黄灯"));
    }
    if is_behind(indicators) {
        return Some("指标完成是红灯或黄灯".to_owned());
    }
    if form.adjusted <= Fen::ZERO {
        return None;
    }
    let (progress, _) = budget_light(pack, form.adjusted, form.executed, form.month);
    let apart = progress.checked_sub(Decimal::ONE_HUNDRED)?.abs();
    let flag = pack.monitoring.deviation_flag.0;
    (apart > flag).then(|| format!("预算执行偏离序时进度超过 {flag} %"))
}

/// What is wrong or odd about a rectification, worst first.
///
/// Source: domain rule V56 (财预〔2020〕10号: problems are mended within a set time).
pub fn rectification(pack: &RulePack, form: &Rectification) -> Vec<Finding> {
    let mut found = Found::new(pack);
    for (place, text, what) in [
        ("problem", &form.problem, "存在问题"),
        ("demand", &form.demand, "整改要求"),
        ("due_on", &form.due_on, "整改期限"),
    ] {
        if text.trim().is_empty() {
            let message = format!("还没有填写{what}；请补充后再办理");
            found.add("V56", Severity::E, place, message);
        }
    }
    let is_before = |issued: &String| !form.due_on.is_empty() && form.due_on < *issued;
    if form.issued_on.as_ref().is_some_and(is_before) {
        let message = "整改期限早于下达日期；请联系下达的股室更正";
        found.add("V56", Severity::E, "due_on", message);
    }
    found.finish()
}

/// What is wrong or odd about an ex-ante assessment, worst first.
///
/// House rule C61: an assessment is of money that is asked for, and suggests no more than that.
pub fn ex_ante(pack: &RulePack, form: &ExAnte) -> Vec<Finding> {
    let mut found = Found::new(pack);
    if form.requested <= Fen::ZERO {
        let message = "还没有填写申报金额；请填写申请的资金总额";
        found.add("C61", Severity::E, "requested", message);
    }
    if form
        .suggested
        .is_some_and(|suggested| suggested > form.requested)
    {
        let message = "建议金额超过申报金额；请核对两个金额";
        found.add("C61", Severity::E, "suggested", message);
    }
    found.finish()
}

/// What is wrong or odd about an item to be published, worst first.
///
/// Source: domain rule V59 (预算法 第十四条: published within twenty days).
pub fn publication(pack: &RulePack, form: &Publication) -> Vec<Finding> {
    let mut found = Found::new(pack);
    if form.item.trim().is_empty() {
        found.add(
            "V59",
            Severity::E,
            "item",
            "还没有填写公开内容；请补充后再办理",
        );
    }
    let is_late = |on: &String| !form.due_on.is_empty() && *on > form.due_on;
    if form.published_on.as_ref().is_some_and(is_late) {
        let message = format!("公开日期晚于期限 {}；请在备注或附件里说明原因", form.due_on);
        found.add("V59", Severity::W, "published_on", message);
    }
    found.finish()
}
