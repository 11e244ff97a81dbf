//! 项目、部门整体、政策: the list and one object's life.

use axum::Json;
use axum::extract::State;
use domain::permission::Action;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, ToSchema};
use web::query::Cursor;

use super::input::{Asked, Id, Limit, Named, Text, Year};
use super::life::{LifeRecord, life_records};
use super::paging::{After, Page, one_more};
use super::problem::{Problem, Refusals};
use crate::object::store::life;
use crate::object::store::list::{self, Filter, Key, Line, Order};
use crate::object::store::seat::Seating;
use crate::permission::{Reach, Refused, demand};
use crate::serve::{App, Person};

/// One object with its figures of a year.
#[derive(Serialize, ToSchema)]
pub(super) struct ObjectLine {
    /// 编号
    id: String,
    /// 编码
    code: String,
    /// 类型：project 项目、department 部门整体、policy 政策
    kind: String,
    /// 名称
    name: String,
    /// 单位名称
    unit_name: String,
    /// 全年预算，分
    #[schema(required = true)]
    budget_fen: Option<i64>,
    /// 执行，分
    #[schema(required = true)]
    executed_fen: Option<i64>,
    /// 绩效目标的状态
    #[schema(required = true)]
    target_state: Option<String>,
    /// 本年度监控最差的灯：red、yellow、green、blue
    #[schema(required = true)]
    light: Option<&'static str>,
    /// 自评得分，百分之一分
    #[schema(required = true)]
    score_centi: Option<i64>,
    /// 自评等级
    #[schema(required = true)]
    grade: Option<String>,
    #[serde(skip)]
    sort_key: String,
}

impl From<Line> for ObjectLine {
    fn from(line: Line) -> Self {
        Self {
            light: line.light_rank.and_then(light),
            id: line.id,
            code: line.code,
            kind: line.kind,
            name: line.name,
            unit_name: line.unit_name,
            budget_fen: line.budget_fen,
            executed_fen: line.executed_fen,
            target_state: line.target_state,
            score_centi: line.score_centi,
            grade: line.grade,
            sort_key: line.sort_key,
        }
    }
}

fn light(rank: i64) -> Option<&'static str> {
    match rank {
        1 => Some("red"),
        2 => Some("yellow"),
        3 => Some("green"),
        4 => Some("blue"),
        _ => None,
    }
}

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($choice:ident = $code:literal),+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Deserialize)]
        pub(super) enum $name {
            $(#[serde(rename = $code)] $choice),+
        }

        impl $name {
            fn code(chosen: Option<Self>) -> String {
                match chosen {
                    None => String::new(),
                    $(Some(Self::$choice) => $code.to_owned()),+
                }
            }
        }

        // The derivation does not see codes that come through a macro.
        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let codes = ObjectBuilder::new().schema_type(Type::String);
                codes.enum_values(Some([$($code),+])).into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

choices! {
    /// The kinds of object.
    Kind { Project = "project", Department = "department", Policy = "policy" }
    /// The four budgets.
    Book {
        GeneralPublic = "general_public",
        GovFund = "gov_fund",
        StateCapital = "state_capital",
        SocialInsurance = "social_insurance"
    }
    /// The lights.
    Light { Red = "red", Yellow = "yellow", Green = "green", Blue = "blue", None = "none" }
    /// The grades.
    Grade { Excellent = "优", Good = "良", Fair = "中", Poor = "差" }
    /// What is not finished.
    Open {
        Target = "target",
        Monitoring = "monitoring",
        SelfEvaluation = "self_evaluation",
        Rectification = "rectification"
    }
    /// The orders; a minus puts the largest first.
    Sort {
        Unit = "unit",
        UnitDown = "-unit",
        Budget = "budget",
        BudgetDown = "-budget",
        Executed = "executed",
        ExecutedDown = "-executed",
        Rate = "rate",
        RateDown = "-rate",
        Light = "light",
        LightDown = "-light",
        Score = "score",
        ScoreDown = "-score"
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ObjectsAsked {
    /// 年度
    #[param(value_type = i64, minimum = 1990, maximum = 2100)]
    year: Year,
    /// 类型
    #[param(value_type = Kind, required = false, inline)]
    kind: Option<Kind>,
    /// 归口股室编号
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    section: Text,
    /// 部门编号
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    department: Text,
    /// 预算
    #[param(value_type = Book, required = false, inline)]
    book: Option<Book>,
    /// 自评等级
    #[param(value_type = Grade, required = false, inline)]
    grade: Option<Grade>,
    /// 监控灯
    #[param(value_type = Light, required = false, inline)]
    light: Option<Light>,
    /// 名称、编码或单位中的文字
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    text: Text,
    /// 尚未完成的环节
    #[param(value_type = Open, required = false, inline)]
    open: Option<Open>,
    /// 次序，前面加 - 为从大到小
    #[param(value_type = Sort, required = false, inline)]
    sort: Option<Sort>,
    /// 上一页的 next
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,150}~[^~\\x00]{1,49}$")]
    after: Option<After>,
    /// 一页的条数
    #[serde(default)]
    #[param(value_type = i64, required = false, minimum = 1, maximum = 200, default = 100)]
    limit: Limit,
}

impl ObjectsAsked {
    fn filter(&self, person: &Person) -> Filter {
        Filter {
            region_code: person.actor.region.clone(),
            reach: Reach::of(&person.actor, Action::View),
            year: self.year.0,
            kind: Kind::code(self.kind),
            section: self.section.0.clone(),
            department: self.department.0.clone(),
            book: Book::code(self.book),
            grade: Grade::code(self.grade),
            light: Light::code(self.light),
            text: self.text.0.clone(),
            open: Open::code(self.open),
            seating: Seating::Then,
        }
    }

    fn order(&self) -> Order {
        let code = Sort::code(self.sort);
        let name = code.trim_start_matches('-');
        Order {
            key: match name {
                "budget" => Key::Budget,
                "executed" => Key::Executed,
                "rate" => Key::Rate,
                "light" => Key::Light,
                "score" => Key::Score,
                _ => Key::Unit,
            },
            is_down: code.starts_with('-'),
        }
    }
}

/// 项目、部门整体和政策
///
/// 令牌所属的人看得到的、与这一年度有关的对象。
#[utoipa::path(get, path = "/api/v1/objects", tag = "项目与部门", params(ObjectsAsked),
    responses((status = 200, description = "一页对象", body = Page<ObjectLine>), Refusals))]
pub(super) async fn list_objects(
    State(app): State<App>,
    person: Person,
    Asked(asked): Asked<ObjectsAsked>,
) -> Result<Json<Page<ObjectLine>>, Problem> {
    let (filter, order, limit) = (asked.filter(&person), asked.order(), asked.limit);
    let after = asked.after.map(|after| after.0);
    let lines = app
        .db
        .read(move |tx| {
            list::page(tx, &filter, order, after.as_ref(), one_more(limit)).map(|(lines, _)| lines)
        })
        .await?;
    let items = lines.into_iter().map(ObjectLine::from).collect();
    Ok(Json(Page::new(items, limit, |line: &ObjectLine| Cursor {
        key: line.sort_key.clone(),
        id: line.id.clone(),
    })))
}

/// The money of one year.
#[derive(Serialize, ToSchema)]
pub(super) struct Money {
    /// 年度
    year: i64,
    /// 年初预算，分
    initial_fen: i64,
    /// 追加，分
    supplement_fen: i64,
    /// 调减，分，负数
    reduction_fen: i64,
    /// 调剂，分
    transfer_fen: i64,
    /// 全年预算，分
    adjusted_fen: i64,
    /// 执行，分
    executed_fen: i64,
}

/// An object and its whole life.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeObject {
    /// 编号
    id: String,
    /// 编码
    code: String,
    /// 类型：project 项目、department 部门整体、policy 政策
    kind: String,
    /// 名称
    name: String,
    /// 项目属性：new 新增、continuing 延续
    #[schema(required = true)]
    nature: Option<String>,
    /// 项目类别：personnel、operating、special_purpose
    #[schema(required = true)]
    project_kind: Option<String>,
    /// 单位名称
    unit_name: String,
    /// 部门编号
    department_id: String,
    /// 部门名称
    department_name: String,
    /// 各年度的资金
    money: Vec<Money>,
    /// 全部业务记录，按环节排列
    records: Vec<LifeRecord>,
}

/// 一个对象的全过程
///
/// 对象本身、各年度的资金和每个环节的记录。
#[utoipa::path(get, path = "/api/v1/objects/{id}", tag = "项目与部门",
    params(("id" = String, Path, description = "编号")),
    responses((status = 200, description = "对象的全过程", body = WholeObject), Refusals))]
pub(super) async fn find_object(
    State(app): State<App>,
    person: Person,
    Named(Id(id)): Named<Id>,
) -> Result<Json<WholeObject>, Problem> {
    let life = app
        .db
        .read(move |tx| {
            let subject = demand(tx, &person.actor, Action::View, "managed_object", &id)?;
            life::find(tx, &id, &subject.region)?.ok_or(Refused::NotFound)
        })
        .await?;
    let records = life_records(&life)?;
    let money = life.money.iter().map(|(year, money)| Money {
        year: *year,
        initial_fen: money.initial,
        supplement_fen: money.supplement,
        reduction_fen: money.reduction,
        transfer_fen: money.transfer,
        adjusted_fen: money.adjusted(),
        executed_fen: money.executed,
    });
    let money = money.collect();
    let object = life.object;
    Ok(Json(WholeObject {
        id: object.id,
        code: object.code,
        kind: object.kind,
        name: object.name,
        nature: object.nature,
        project_kind: object.project_kind,
        unit_name: object.unit_name,
        department_id: object.department_id,
        department_name: object.department_name,
        money,
        records,
    }))
}
