//! The records of an object's life, each in the same few words.

use db::{Error, Row};
use serde::Serialize;
use utoipa::ToSchema;

use crate::object::store::life::Life;

/// One record of an object's life.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct LifeRecord {
    /// 记录种类，如 performance_target；复评为 re_evaluation
    kind: &'static str,
    /// 编号
    id: String,
    /// 年度：目标为预算年度，监控为工作年度，其他为被评价的支出年度或预算年度
    year: i64,
    /// 状态；复评没有流程，一律为 concluded
    state: String,
    /// 得分，百分之一分
    #[schema(required = true)]
    score_centi: Option<i64>,
    /// 等级
    #[schema(required = true)]
    grade: Option<String>,
    /// 办结、提交或批复的日期
    #[schema(required = true)]
    on: Option<String>,
}

/// Where the words of a kind of record stand in its row.
struct Shape {
    kind: &'static str,
    year: &'static str,
    score: Option<&'static str>,
    grade: Option<&'static str>,
    on: Option<&'static str>,
}

const fn shape(kind: &'static str, year: &'static str, on: &'static str) -> Shape {
    Shape {
        kind,
        year,
        score: None,
        grade: None,
        on: Some(on),
    }
}

const EX_ANTE: Shape = Shape {
    score: Some("score_centi"),
    ..shape("ex_ante_assessment", "subject_year", "concluded_on")
};
const TARGET: Shape = Shape {
    grade: Some("grade"),
    ..shape("performance_target", "fiscal_year", "approved_on")
};
const MONITORING: Shape = shape("monitoring", "work_year", "feedback_on");
const SELF_EVALUATION: Shape = Shape {
    score: Some("score_centi"),
    grade: Some("grade"),
    ..shape("self_evaluation", "subject_year", "submitted_on")
};
const RE_EVALUATION: Shape = Shape {
    kind: "re_evaluation",
    year: "subject_year",
    score: Some("score_centi"),
    grade: Some("grade"),
    on: None,
};
const KEY_EVALUATION: Shape = Shape {
    score: Some("score_centi"),
    grade: Some("grade"),
    ..shape("key_evaluation", "subject_year", "finalised_on")
};
const RECTIFICATION: Shape = shape("rectification", "subject_year", "closed_on");
const APPLICATION: Shape = shape("result_application", "budget_year", "decided_on");

/// Every record of the life, stage by stage.
pub(super) fn life_records(life: &Life) -> Result<Vec<LifeRecord>, Error> {
    let stages: [(&[Row], &Shape); 8] = [
        (&life.ex_ante, &EX_ANTE),
        (&life.targets, &TARGET),
        (&life.monitorings, &MONITORING),
        (&life.self_evaluations, &SELF_EVALUATION),
        (&life.re_evaluations, &RE_EVALUATION),
        (&life.key_evaluations, &KEY_EVALUATION),
        (&life.rectifications, &RECTIFICATION),
        (&life.applications, &APPLICATION),
    ];
    let mut records = Vec::new();
    for (rows, shape) in stages {
        for row in rows {
            records.push(record(row, shape)?);
        }
    }
    Ok(records)
}

fn record(row: &Row, shape: &Shape) -> Result<LifeRecord, Error> {
    Ok(LifeRecord {
        kind: shape.kind,
        id: row.text("id")?,
        year: row.int(shape.year)?,
        state: row.text("state")?,
        score_centi: match shape.score {
            Some(column) => row.opt_int(column)?,
            None => None,
        },
        grade: match shape.grade {
            Some(column) => row.opt_text(column)?,
            None => None,
        },
        on: match shape.on {
            Some(column) => row.opt_text(column)?,
            None => None,
        },
    })
}
