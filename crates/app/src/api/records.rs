//! A record's way: where it is, who holds it, and what the person can do with it.

use axum::Json;
use axum::extract::State;
use domain::permission::Action;
use domain::workflow::{Holder, Offer, RecordKind, offers};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::{Id, Named};
use super::problem::{Problem, Refusals};
use crate::permission::{Refused, demand};
use crate::serve::{App, Person, now_text};
use crate::workflow;

/// The kind and the id of a path.
#[derive(Deserialize)]
pub(super) struct Key {
    kind: Id,
    id: Id,
}

impl Key {
    /// The record's kind and id.
    ///
    /// # Errors
    /// No kind is called so.
    pub(super) fn read(self) -> Result<(RecordKind, String), Problem> {
        let kind = RecordKind::find(&self.kind.0).ok_or_else(Problem::not_found)?;
        Ok((kind, self.id.0))
    }
}

/// Who holds a record: exactly one of the three.
#[derive(Serialize, ToSchema)]
pub(super) struct HolderTold {
    /// 是否填报人
    is_filler: bool,
    /// 人员的账号编号
    #[schema(required = true)]
    person_id: Option<String>,
    /// 岗位
    #[schema(required = true)]
    role: Option<&'static str>,
}

impl From<&Holder> for HolderTold {
    fn from(holder: &Holder) -> Self {
        Self {
            is_filler: matches!(holder, Holder::Filler),
            person_id: match holder {
                Holder::Person(person) => Some(person.0.clone()),
                _ => None,
            },
            role: match holder {
                Holder::Signer(signer) => Some(signer.role.name()),
                _ => None,
            },
        }
    }
}

/// Something that can be commanded now.
#[derive(Serialize, ToSchema)]
pub(super) struct Possible {
    /// 命令，如 submit
    verb: &'static str,
    /// 按钮上的字，如 送审
    label: &'static str,
    /// 令牌所属的人能否办理
    is_allowed: bool,
    /// 不能办理的原因
    #[schema(required = true)]
    reason: Option<String>,
    /// 可选的结论；不需要结论时为空
    outcomes: Vec<&'static str>,
    /// 是否必须填写意见
    needs_comment: bool,
}

impl From<Offer> for Possible {
    fn from(offer: Offer) -> Self {
        let (reason, asked) = match offer.answer {
            Ok(asked) => (None, asked),
            Err(refusal) => (
                Some(refusal.to_string()),
                domain::workflow::Asked::default(),
            ),
        };
        Self {
            verb: offer.verb.name(),
            label: offer.verb.label(),
            is_allowed: reason.is_none(),
            reason,
            outcomes: asked.outcomes,
            needs_comment: asked.needs_comment,
        }
    }
}

/// How a record stands.
#[derive(Serialize, ToSchema)]
pub(super) struct RecordTold {
    /// 记录种类
    kind: &'static str,
    /// 编号
    id: String,
    /// 名称
    title: String,
    /// 年度
    year: i64,
    /// 所属对象的编号
    #[schema(required = true)]
    object_id: Option<String>,
    /// 单位编号
    #[schema(required = true)]
    unit_id: Option<String>,
    /// 状态
    state: &'static str,
    /// 状态的名称
    state_label: &'static str,
    /// 版本号，命令要带上
    version: u64,
    /// 最近的结论
    #[schema(required = true)]
    outcome: Option<String>,
    /// 截止日期
    #[schema(required = true)]
    due_on: Option<String>,
    /// 现在由谁办理
    holders: Vec<HolderTold>,
    /// 现在可以办理的事
    possible: Vec<Possible>,
}

/// 一条记录的办理情况
#[utoipa::path(get, path = "/api/v1/records/{kind}/{id}", tag = "流程",
    params(
        ("kind" = String, Path, description = "记录种类，如 performance_target"),
        ("id" = String, Path, description = "编号"),
    ),
    responses((status = 200, description = "状态、办理人和可以办理的事", body = RecordTold),
        Refusals))]
pub(super) async fn find_record(
    State(app): State<App>,
    person: Person,
    Named(key): Named<Key>,
) -> Result<Json<RecordTold>, Problem> {
    let ((kind, id), actor, now) = (key.read()?, person.actor.clone(), now_text());
    let read = app
        .db
        .read(move |tx| {
            demand(tx, &actor, Action::View, kind.name(), &id)?;
            workflow::read(tx, kind, &id, &now).map_err(refused)
        })
        .await?;
    let standing = &read.standing;
    let holders = domain::workflow::holders(kind, standing);
    Ok(Json(RecordTold {
        kind: kind.name(),
        title: read.facts.title.clone(),
        year: read.facts.year,
        object_id: read.facts.object_id.clone(),
        unit_id: read.facts.unit_id.clone(),
        state: standing.state.name(),
        state_label: kind.machine().label(standing.state),
        version: standing.version,
        outcome: standing.case.outcome.clone(),
        due_on: read.due_on.clone(),
        holders: holders.iter().map(HolderTold::from).collect(),
        possible: offers(kind, standing, &person.actor)
            .into_iter()
            .map(Possible::from)
            .collect(),
        id: read.id,
    }))
}

/// A record that cannot be read is not there.
fn refused(error: workflow::Error) -> Refused {
    match error {
        workflow::Error::Database(error) => Refused::Database(error),
        workflow::Error::Refused(_) => Refused::NotFound,
    }
}
