//! The records of an object's life, newest year first, each as one part of the page.

use db::{Error, Row};
use domain::number::{Centi, Fen};
use domain::workflow::RecordKind;

use super::store::life::Life;
use super::words;
use crate::receipt::ReceiptPart;
use crate::workflow;

/// One record of the life.
pub(super) struct Record {
    /// Its anchor.
    pub(super) anchor: String,
    /// The page of its way.
    pub(super) flow: String,
    /// What it is.
    pub(super) title: String,
    /// Its state in a word.
    pub(super) state: String,
    /// What came of it: score, light, date.
    pub(super) result: String,
    /// Whether it belongs to the year that the page shows.
    pub(super) is_open: bool,
    /// Names and values.
    pub(super) facts: Vec<(&'static str, Fact)>,
    /// Topics of `domain::help` that explain them.
    pub(super) topics: &'static [&'static str],
    /// What it holds.
    pub(super) body: Body,
    /// The work of which year it is, for the order of the page.
    work_year: i64,
}

impl Record {
    /// The record as one of this kind, with the page of its way.
    fn of(mut self, kind: RecordKind) -> Self {
        self.flow = workflow::address(kind, &self.anchor);
        self
    }
}

/// A value of a record.
pub(super) enum Fact {
    /// A text; a dash where it is empty.
    Text(String),
    /// An amount.
    Money(Option<Fen>),
    /// A day.
    Date(Option<String>),
    /// A light.
    Light(String),
}

/// What a record holds beside its facts.
pub(super) enum Body {
    /// Nothing more.
    None,
    /// Indicators: level, name, value, weight, and what was reached with its light.
    Indicators(Vec<Indicator>),
    /// A receipt, and what was said about single indicators.
    Receipt(Box<ReceiptPart>, Vec<(String, String)>),
}

/// One indicator of a target or a monitoring.
pub(super) struct Indicator {
    pub(super) level: String,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) weight: Option<Centi>,
    pub(super) is_core: bool,
    /// What was reached so far, and its light; monitoring only.
    pub(super) reached: Option<(String, String)>,
}

/// Every record. Those of the work of `year` are open; where there are none, those of the last year
/// that has some.
pub(super) fn records(life: &Life, year: i64, form_token: &str) -> Result<Vec<Record>, web::Error> {
    let mut records = Vec::new();
    for row in &life.ex_ante {
        records.push(ex_ante(row)?.of(RecordKind::ExAnteAssessment));
    }
    for row in &life.targets {
        records.push(target(row, life)?.of(RecordKind::PerformanceTarget));
    }
    for row in &life.monitorings {
        records.push(monitoring(row, life)?.of(RecordKind::Monitoring));
    }
    for row in &life.self_evaluations {
        records.push(self_evaluation(row, life, form_token)?.of(RecordKind::SelfEvaluation));
    }
    for row in &life.key_evaluations {
        records.push(key_evaluation(row, life, form_token)?.of(RecordKind::KeyEvaluation));
    }
    for row in &life.rectifications {
        records.push(rectification(row)?.of(RecordKind::Rectification));
    }
    for row in &life.applications {
        records.push(application(row)?.of(RecordKind::ResultApplication));
    }
    let has_work = records.iter().any(|record| record.work_year == year);
    let newest = records.iter().map(|record| record.work_year).max();
    for record in &mut records {
        record.is_open = if has_work {
            record.work_year == year
        } else {
            Some(record.work_year) == newest
        };
    }
    // Newest work first; within a year in the order of the cycle, which the sort keeps.
    records.sort_by_key(|record| std::cmp::Reverse(record.work_year));
    Ok(records)
}

fn record(row: &Row, title: String, state: &str, work_year: i64) -> Result<Record, Error> {
    Ok(Record {
        anchor: row.text("id")?,
        flow: String::new(),
        title,
        state: state.to_owned(),
        result: String::new(),
        is_open: false,
        facts: Vec::new(),
        topics: &[],
        body: Body::None,
        work_year,
    })
}

fn text(row: &Row, column: &str) -> Result<Fact, Error> {
    Ok(Fact::Text(row.opt_text(column)?.unwrap_or_default()))
}

fn money(row: &Row, column: &str) -> Result<Fact, Error> {
    Ok(Fact::Money(row.opt_int(column)?.map(Fen)))
}

fn date(row: &Row, column: &str) -> Result<Fact, Error> {
    Ok(Fact::Date(row.opt_text(column)?))
}

/// `87.50 分 · 良`, as far as it is there.
fn score(row: &Row) -> Result<String, Error> {
    let points = row.opt_int("score_centi")?;
    let points = points.map(|points| format!("{} 分", Centi(points)));
    let parts = [points, row.opt_text("grade")?];
    Ok(parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

fn ex_ante(row: &Row) -> Result<Record, Error> {
    let year = row.int("subject_year")?;
    let state = words::ex_ante_state(&row.text("state")?);
    // It is made in the year before the money.
    let mut record = record(
        row,
        format!("事前绩效评估（{year} 年预算）"),
        state,
        year - 1,
    )?;
    record.result = row.opt_text("conclusion")?.unwrap_or_default();
    let organiser = match row.text("organiser")?.as_str() {
        "bureau" => "财政部门组织",
        _ => "部门组织",
    };
    let score = row
        .opt_int("score_centi")?
        .map(|score| Centi(score).to_string());
    record.facts = vec![
        ("组织方式", Fact::Text(organiser.to_owned())),
        ("得分", Fact::Text(score.unwrap_or_default())),
        ("申报金额（万元）", money(row, "requested_fen")?),
        ("建议金额（万元）", money(row, "suggested_fen")?),
        ("完成日期", date(row, "concluded_on")?),
    ];
    Ok(record)
}

fn target(row: &Row, life: &Life) -> Result<Record, Error> {
    let (id, year, edition) = (
        row.text("id")?,
        row.int("fiscal_year")?,
        row.int("edition")?,
    );
    let state = words::target_state(&row.text("state")?);
    let name = if edition > 1 {
        format!("绩效目标（{year} 年，第 {edition} 版）")
    } else {
        format!("绩效目标（{year} 年）")
    };
    let mut record = record(row, name, state, year)?;
    let grade = row.opt_text("grade")?;
    record.result = grade
        .map(|grade| format!("审核 {grade}"))
        .unwrap_or_default();
    record.facts = vec![
        ("年度目标", text(row, "goal")?),
        (
            "来源",
            Fact::Text(words::target_origin(&row.text("origin")?).to_owned()),
        ),
        ("会审", date(row, "held_on")?),
        ("提交人大", date(row, "submitted_on")?),
        ("批复", date(row, "approved_on")?),
    ];
    record.topics = &["performance_target", "target_state", "indicator", "weight"];
    let mut indicators = Vec::new();
    for line in &life.indicators {
        if line.text("target_id")? == id {
            indicators.push(Indicator {
                level: format!("{} / {}", line.text("level1")?, line.text("level2")?),
                weight: Some(Centi(line.int("weight_centi")?)),
                is_core: line.bool("is_core")?,
                reached: None,
                ..promised(line)?
            });
        }
    }
    record.body = Body::Indicators(indicators);
    Ok(record)
}

/// The indicator's name and what it promises.
fn promised(line: &Row) -> Result<Indicator, Error> {
    let (operator, value, unit) = (
        line.text("operator")?,
        line.text("value_text")?,
        line.text("unit")?,
    );
    // 定性 is a kind of indicator, not a sign in front of a number.
    let sign = if operator == "定性" { "" } else { &operator };
    Ok(Indicator {
        level: String::new(),
        name: line.text("name")?,
        value: format!("{sign}{value}{unit}"),
        weight: None,
        is_core: false,
        reached: None,
    })
}

fn monitoring(row: &Row, life: &Life) -> Result<Record, Error> {
    let (id, year, month) = (
        row.text("id")?,
        row.int("work_year")?,
        row.int("cut_off_month")?,
    );
    let kind = if row.bool("is_key")? {
        "重点绩效监控"
    } else {
        "绩效运行监控"
    };
    let state = words::monitoring_state(&row.text("state")?);
    let mut record = record(
        row,
        format!("{kind}（{year} 年 1–{month} 月）"),
        state,
        year,
    )?;
    let (adjusted, executed) = (row.int("adjusted_fen")?, row.int("executed_fen")?);
    record.result = super::rate(adjusted, executed)
        .map(|rate| format!("执行率 {rate}"))
        .unwrap_or_default();
    record.facts = vec![
        ("预算执行", Fact::Light(row.text("budget_light")?)),
        ("指标完成", Fact::Light(row.text("indicator_light")?)),
        ("调整后预算（万元）", money(row, "adjusted_fen")?),
        ("累计执行（万元）", money(row, "executed_fen")?),
        ("结论", text(row, "conclusion")?),
        ("偏差原因", text(row, "deviation_reason")?),
        ("反馈股室", date(row, "feedback_on")?),
    ];
    record.topics = &[
        "monitoring_light",
        "adjusted_budget",
        "executed_amount",
        "execution_rate",
        "deviation_reason",
        "actual_value",
    ];
    let mut indicators = Vec::new();
    for line in &life.monitoring_lines {
        if line.text("monitoring_id")? == id {
            indicators.push(Indicator {
                reached: Some((line.text("actual_text")?, line.text("light")?)),
                ..promised(line)?
            });
        }
    }
    record.body = Body::Indicators(indicators);
    Ok(record)
}

/// The receipt of a record, if it has one.
fn receipt(row: &Row, form_token: &str) -> Result<Option<Box<ReceiptPart>>, web::Error> {
    let json = row.text("receipt")?;
    if json.is_empty() {
        return Ok(None);
    }
    let part = ReceiptPart::new(&format!("receipt-{}", row.text("id")?), &json, form_token)?;
    Ok(Some(Box::new(part)))
}

fn self_evaluation(row: &Row, life: &Life, form_token: &str) -> Result<Record, web::Error> {
    let (id, year) = (row.text("id")?, row.int("subject_year")?);
    let state = words::self_evaluation_state(&row.text("state")?);
    let title = format!("绩效自评（{year} 年支出）");
    let mut record = record(row, title, state, row.int("work_year")?)?;
    record.result = score(row)?;
    record.facts = vec![
        ("全年预算（万元）", money(row, "adjusted_fen")?),
        ("全年执行（万元）", money(row, "executed_fen")?),
        ("提交日期", date(row, "submitted_on")?),
    ];
    record.topics = &[
        "adjusted_budget",
        "executed_amount",
        "self_score",
        "grade",
        "shortfall_reason",
        "receipt",
    ];
    if let Some(light) = row.opt_text("light")? {
        record.facts.insert(0, ("一致性", Fact::Light(light)));
    }
    for line in &life.re_evaluations {
        if line.text("self_evaluation_id")? == id {
            let drawn = match line.text("drawn_by")?.as_str() {
                "random" => "随机抽取",
                _ => "选取",
            };
            let text = format!(
                "{}（{drawn}：{}）{}",
                score(line)?,
                line.text("basis")?,
                line.text("reason")?
            );
            record.facts.push(("复评", Fact::Text(text)));
        }
    }
    let mut reasons = Vec::new();
    for line in &life.reasons {
        if line.text("self_evaluation_id")? == id {
            reasons.push((line.text("name")?, line.text("reason")?));
        }
    }
    if let Some(part) = receipt(row, form_token)? {
        record.body = Body::Receipt(part, reasons);
    }
    Ok(record)
}

fn key_evaluation(row: &Row, life: &Life, form_token: &str) -> Result<Record, web::Error> {
    let (id, year) = (row.text("id")?, row.int("subject_year")?);
    let state = words::key_evaluation_state(&row.text("state")?);
    let title = format!("财政重点评价（{year} 年支出）");
    let mut record = record(row, title, state, row.int("work_year")?)?;
    record.result = score(row)?;
    record.facts = vec![
        (
            "预算",
            Fact::Text(words::book(&row.text("book")?).to_owned()),
        ),
        ("评价金额（万元）", money(row, "evaluated_fen")?),
        ("发现的问题", text(row, "problem")?),
        ("定稿日期", date(row, "finalised_on")?),
    ];
    for line in &life.agencies {
        if line.text("key_evaluation_id")? == id {
            let text = format!(
                "{}（合同 {}）",
                line.text("name")?,
                line.text("contract_number")?
            );
            record.facts.push(("第三方机构", Fact::Text(text)));
        }
    }
    if let Some(part) = receipt(row, form_token)? {
        record.body = Body::Receipt(part, Vec::new());
    }
    Ok(record)
}

fn rectification(row: &Row) -> Result<Record, Error> {
    let year = row.int("subject_year")?;
    let state = words::rectification_state(&row.text("state")?);
    let title = format!("整改（{}）", row.text("number")?);
    // What an evaluation found is mended in the year after the money.
    let mut record = record(row, title, state, year + 1)?;
    record.facts = vec![
        ("问题", text(row, "problem")?),
        ("要求", text(row, "demand")?),
        ("下达", date(row, "issued_on")?),
        ("期限", date(row, "due_on")?),
        ("销号", date(row, "closed_on")?),
    ];
    Ok(record)
}

fn application(row: &Row) -> Result<Record, Error> {
    let year = row.int("budget_year")?;
    let state = words::application_state(&row.text("state")?);
    // It is decided in the year before the budget that it changes.
    let mut record = record(row, format!("结果应用（{year} 年预算）"), state, year - 1)?;
    record.result = row.text("way")?;
    record.facts = vec![
        ("来源", text(row, "source")?),
        ("应用方式", text(row, "way")?),
        ("理由", text(row, "reason")?),
        ("决定日期", date(row, "decided_on")?),
    ];
    Ok(record)
}
