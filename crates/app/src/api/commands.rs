//! 办理: a command on a record, carried out once however often it arrives.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::permission::PersonId;
use domain::workflow::{Command, Order, Refusal, ReturnTo, Verb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::{Named, Sent, Text, Version, Words};
use super::problem::{CommandRefusals, Problem, Refusals};
use super::records::{HolderTold, Key};
use crate::serve::{App, Person, now_text};
use crate::workflow::{self, Answer};

/// The header that says which command it is.
const KEY: &str = "idempotency-key";

/// Most characters of a key.
const MOST_KEY_CHARACTERS: usize = 100;

/// Most people that one command names.
const MOST_PEOPLE: usize = 20;

/// A command.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CommandSent {
    /// 命令，如 submit；可以办理的见记录的 possible
    #[schema(schema_with = verb_schema)]
    verb: Text,
    /// 看到的版本号
    #[schema(value_type = i64, minimum = 1, maximum = 1_000_000_000)]
    version: Version,
    /// 意见
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[^\\x00]{0,2000}$")]
    comment: Words,
    /// 结论，从 outcomes 中选
    #[schema(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$", nullable)]
    outcome: Option<Text>,
    /// 退回到哪里：previous 上一环节、filler 填报人，或走过的状态
    #[schema(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$", nullable)]
    to: Option<Text>,
    /// 转办、会签、加签的人员，账号编号
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 20)]
    people: Vec<Text>,
}

/// The name of a verb.
fn verb_schema() -> utoipa::openapi::Schema {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(Verb::ALL.map(Verb::name)))
        .description(Some("命令，如 submit；可以办理的见记录的 possible"))
        .into()
}

impl CommandSent {
    fn order(self) -> Result<Order, Problem> {
        let verb = Verb::find(&self.verb.0)
            .ok_or_else(|| Problem::unreadable(format!("verb: unknown {}", self.verb.0)))?;
        if self.people.len() > MOST_PEOPLE {
            return Err(Problem::unreadable(format!(
                "people: more than {MOST_PEOPLE}"
            )));
        }
        let mut people = self.people.into_iter().map(|person| PersonId(person.0));
        let mut one = |verb: Verb| {
            let nobody = || unfit(&Refusal::NobodyNamed(verb));
            people.next().ok_or_else(nobody)
        };
        Ok(match verb {
            Verb::Return => Order::Return(match self.to {
                None => ReturnTo::Filler,
                Some(Text(to)) => match &*to {
                    "previous" => ReturnTo::Previous,
                    "filler" => ReturnTo::Filler,
                    _ => ReturnTo::Step(to),
                },
            }),
            Verb::Delegate => Order::Delegate(one(verb)?),
            Verb::AddSigner => Order::AddSigner(one(verb)?),
            Verb::Consult => Order::Consult(people.collect()),
            verb => Order::Plain(verb),
        })
    }
}

/// What came of a command.
#[derive(Serialize, ToSchema)]
pub(super) struct Carried {
    /// 办理前的状态
    from: &'static str,
    /// 现在的状态
    state: &'static str,
    /// 现在的版本号
    version: u64,
    /// 最近的结论
    #[schema(required = true)]
    outcome: Option<String>,
    /// 发生了什么，与审计事件的事项一致
    fact: &'static str,
    /// 送审回执的编号；不是送审时为 null
    #[schema(required = true)]
    submission: Option<String>,
    /// 接下来由谁办理
    holders: Vec<HolderTold>,
}

impl From<Answer> for Carried {
    fn from(Answer { moved, submission }: Answer) -> Self {
        Self {
            from: moved.from.name(),
            state: moved.state.name(),
            version: moved.version,
            fact: moved.fact,
            holders: moved.holders.iter().map(HolderTold::from).collect(),
            outcome: moved.outcome,
            submission,
        }
    }
}

/// 办理一条记录
///
/// 同一个人用同一个 Idempotency-Key 再次发来同一个命令，不会再办一次，得到的是上次的结果：
/// 没有收到答复时，用同一个键再发一次是安全的。
#[utoipa::path(post, path = "/api/v1/records/{kind}/{id}/commands", tag = "流程",
    params(
        ("kind" = String, Path, description = "记录种类，如 performance_target"),
        ("id" = String, Path, description = "编号"),
        ("Idempotency-Key" = String, Header, description = "幂等键，由程序生成，每个命令一个",
            min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9._-]+$"),
    ),
    request_body = CommandSent,
    responses((status = 200, description = "办理的结果", body = Carried), Refusals,
        CommandRefusals))]
pub(super) async fn command_record(
    State(app): State<App>,
    person: Person,
    Named(key): Named<Key>,
    headers: HeaderMap,
    Sent(sent): Sent<CommandSent>,
) -> Result<Json<Carried>, Problem> {
    let (kind, id) = key.read()?;
    let command = Command {
        key: command_key(&headers)?,
        comment: sent.comment.0.clone(),
        outcome: sent.outcome.clone().map(|outcome| outcome.0),
        version: sent.version.0,
        order: sent.order()?,
    };
    let now = now_text();
    let answer = app
        .db
        .write(move |tx| workflow::run(tx, kind, &id, &command, &person.actor, &now))
        .await?;
    Ok(Json(answer.into()))
}

fn command_key(headers: &HeaderMap) -> Result<String, Problem> {
    let key = headers.get(KEY).and_then(|key| key.to_str().ok());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    key.filter(|key| !key.is_empty() && key.len() <= MOST_KEY_CHARACTERS)
        .filter(|key| key.chars().all(is_plain))
        .map(str::to_owned)
        .ok_or_else(|| {
            Problem::unreadable(format!(
                "header Idempotency-Key: 1 to {MOST_KEY_CHARACTERS} letters, digits, . _ or -"
            ))
        })
}

/// A refusal by the engine: 409 where somebody was quicker, so that a program knows to read again.
pub(super) fn unfit(refusal: &Refusal) -> Problem {
    let (status, title) = match refusal {
        Refusal::Stale { .. } => (StatusCode::CONFLICT, "记录已有新的变动"),
        Refusal::KeyReused => (StatusCode::CONFLICT, "幂等键已用于另一个请求"),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, "不能这样做"),
    };
    Problem::new(status, title, refusal.to_string())
}

impl From<workflow::Error> for Problem {
    fn from(error: workflow::Error) -> Self {
        match error {
            workflow::Error::Refused(refusal)
                if !matches!(refusal, Refusal::NotFound | Refusal::NotYours(_)) =>
            {
                unfit(&refusal)
            }
            other => web::Error::from(other).into(),
        }
    }
}
