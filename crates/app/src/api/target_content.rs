//! 申报表的内容: reading it with its words, and saving all of it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::target::{Filled, Line, Part, Row, Target};
use domain::workflow::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::commands::unfit;
use super::input::{Id, Long, Named, Sent, Text, Version};
use super::problem::{CommandRefusals, Problem, Refusals};
use crate::serve::{App, Person, now_text};
use crate::target::program::{self, Put};

/// A field of the form besides goal and indicators.
#[derive(Serialize, ToSchema)]
pub(super) struct FormFieldTold {
    /// 栏目的 key
    key: String,
    /// 栏目名称
    label: String,
    /// 填写的内容，照原样
    text: String,
}

/// A row of a table of the form.
#[derive(Serialize, ToSchema)]
pub(super) struct FormRowTold {
    /// 行号，改动后不变
    key: String,
    /// 各列
    cells: Vec<FormFieldTold>,
}

/// A table of the form.
#[derive(Serialize, ToSchema)]
pub(super) struct FormTableTold {
    /// 表格的 key
    key: String,
    /// 表格名称
    label: String,
    /// 各行
    rows: Vec<FormRowTold>,
}

/// What a form says besides goal and indicators.
#[derive(Serialize, ToSchema)]
pub(super) struct FormTold {
    /// 申报表，规则包里的 id
    id: String,
    /// 申报表名称
    title: String,
    /// 各栏目
    fields: Vec<FormFieldTold>,
    /// 各表格
    tables: Vec<FormTableTold>,
}

impl FormTold {
    /// The form of a target with what it says.
    pub(super) fn new((id, title): (&str, &str), parts: &[Part]) -> Self {
        let field = |filled: &Filled| FormFieldTold {
            key: filled.key.clone(),
            label: filled.label.clone(),
            text: filled.text.clone(),
        };
        let (mut fields, mut tables) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                Part::Field(filled) => fields.push(field(filled)),
                Part::Table { key, label, lines } => tables.push(FormTableTold {
                    key: key.clone(),
                    label: label.clone(),
                    rows: lines
                        .iter()
                        .map(|line| FormRowTold {
                            key: line.key.clone(),
                            cells: line.cells.iter().map(field).collect(),
                        })
                        .collect(),
                }),
            }
        }
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            fields,
            tables,
        }
    }
}

/// A text of the form as a program sends it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TextSent {
    /// 栏目或列的 key
    #[schema(value_type = String, pattern = "^[^\\x00]{0,200}$")]
    key: Text,
    /// 内容；金额填万元
    #[schema(value_type = String, pattern = "^[^\\x00]{0,4000}$")]
    text: Long,
}

/// A row of a table as a program sends it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RowSent {
    /// 行号；新的行不写
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    key: Text,
    /// 各列
    cells: Vec<TextSent>,
}

/// A table as a program sends it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TableSent {
    /// 表格的 key
    #[schema(value_type = String, pattern = "^[^\\x00]{0,200}$")]
    key: Text,
    /// 各行，按次序
    rows: Vec<RowSent>,
}

/// An indicator as a program sends it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorSent {
    /// 行号；新的行不写
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    key: Text,
    /// 一级指标
    #[schema(value_type = String, pattern = "^[^\\x00]{0,200}$")]
    level1: Text,
    /// 二级指标
    #[schema(value_type = String, pattern = "^[^\\x00]{0,200}$")]
    level2: Text,
    /// 三级指标
    #[schema(value_type = String, pattern = "^[^\\x00]{0,200}$")]
    name: Text,
    /// 指标性质：＞ ≥ ＝ ＜ ≤ 定性
    #[schema(value_type = String, pattern = "^[^\\x00]{0,200}$")]
    operator: Text,
    /// 指标值
    #[schema(value_type = String, pattern = "^[^\\x00]{0,200}$")]
    value: Text,
    /// 度量单位
    #[schema(value_type = String, pattern = "^[^\\x00]{0,200}$")]
    unit: Text,
    /// 权重，分，最多两位小数
    #[schema(value_type = String, pattern = "^[^\\x00]{0,200}$")]
    weight: Text,
    /// 是否核心指标
    #[serde(default)]
    #[schema(required = false)]
    is_core: bool,
}

/// All that a target says, as a program sends it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContentSent {
    /// 看到的版本号
    #[schema(value_type = i64, minimum = 1, maximum = 1_000_000_000)]
    version: Version,
    /// 申报表的 id，与 form.id 相同
    #[schema(value_type = String, pattern = "^[^\\x00]{0,200}$")]
    form: Text,
    /// 年度目标
    #[schema(value_type = String, pattern = "^[^\\x00]{0,4000}$")]
    goal: Long,
    /// 绩效指标，按次序
    indicators: Vec<IndicatorSent>,
    /// 其他栏目；没有写的栏目清空
    #[serde(default)]
    #[schema(required = false)]
    fields: Vec<TextSent>,
    /// 表格；没有写的表格清空
    #[serde(default)]
    #[schema(required = false)]
    tables: Vec<TableSent>,
}

impl ContentSent {
    fn target(self) -> Target {
        let filled = |sent: TextSent| Filled {
            key: sent.key.0,
            label: String::new(),
            text: sent.text.0,
        };
        let row = |sent: IndicatorSent| Row {
            key: sent.key.0,
            level1: sent.level1.0,
            level2: sent.level2.0,
            name: sent.name.0,
            operator: sent.operator.0,
            value: sent.value.0,
            unit: sent.unit.0,
            weight: sent.weight.0,
            is_core: sent.is_core,
            ..Row::default()
        };
        let line = |sent: RowSent| Line {
            key: sent.key.0,
            cells: sent.cells.into_iter().map(filled).collect(),
        };
        let table = |sent: TableSent| Part::Table {
            key: sent.key.0,
            label: String::new(),
            lines: sent.rows.into_iter().map(line).collect(),
        };
        let fields = self.fields.into_iter().map(filled).map(Part::Field);
        Target {
            goal: self.goal.0,
            rows: self.indicators.into_iter().map(row).collect(),
            parts: fields.chain(self.tables.into_iter().map(table)).collect(),
        }
    }
}

/// What came of saving.
#[derive(Serialize, ToSchema)]
pub(super) struct ContentSaved {
    /// 现在的版本号；内容没有变化时不变
    version: i64,
}

/// 保存一个绩效目标的全部内容
///
/// 与填报页的保存相同：只能在能填报的状态，由填报人保存；有必须改正的问题也能保存，但不能送审。
/// 版本号不是最新的，或者现在不是能填报的状态，答复 409；请重新读取。
#[utoipa::path(put, path = "/api/v1/targets/{id}/content", tag = "绩效目标",
    params(("id" = String, Path, description = "编号")),
    request_body = ContentSent,
    responses((status = 200, description = "已保存", body = ContentSaved), Refusals,
        CommandRefusals))]
pub(super) async fn put_target_content(
    State(app): State<App>,
    person: Person,
    Named(Id(id)): Named<Id>,
    Sent(sent): Sent<ContentSent>,
) -> Result<Json<ContentSaved>, Problem> {
    let (version, form) = (sent.version.0, sent.form.0.clone());
    let (target, now) = (sent.target(), now_text());
    let put = app
        .db
        .write(move |tx| {
            let sent = (version, &*form, &target);
            program::put(tx, &person, &id, sent, (&now, &now))
        })
        .await
        .map_err(web::Error::from)?;
    let refuse = |title: &'static str, detail: String| {
        Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            title,
            detail,
        ))
    };
    match put {
        Put::Saved(version) => Ok(Json(ContentSaved { version })),
        // The record as it stands does not allow it: whoever reads it again sees why.
        Put::Refused(refusal @ Refusal::Stale { .. }) => Err(unfit(&refusal)),
        Put::Refused(refusal) => Err(Problem::new(
            StatusCode::CONFLICT,
            "现在不能修改",
            refusal.to_string(),
        )),
        Put::OtherForm(own) => refuse(
            "申报表不对",
            format!("这份目标用的申报表是 {own}，请按它的栏目填写。"),
        ),
        Put::Flawed(flaws) => {
            let told = flaws
                .iter()
                .map(|flaw| format!("{}：{}", flaw.path, flaw.sentence));
            refuse("内容不能保存", told.collect::<Vec<_>>().join("；"))
        }
    }
}
