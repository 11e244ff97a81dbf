//! What a program reads when it is refused: `application/problem+json` (RFC 9457).
//!
//! A handler answers with a [`Problem`]. What is refused outside the handlers, such as a body that
//! is too large, comes as a page for people, and [`for_programs`] says the same to programs.

use std::collections::BTreeMap;

use axum::extract::Request;
use axum::http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, RETRY_AFTER, TRANSFER_ENCODING,
    WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::{ContentBuilder, RefOr, Response as Documented, ResponseBuilder};
use web::Error;

use crate::permission::Refused;

/// The media type of a problem.
const KIND: &str = "application/problem+json";

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The problem in a few words.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// A Chinese sentence that says what happened and what to do.
    detail: String,
    /// Where the request is wrong, for whoever writes the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    cause: Option<Box<str>>,
    /// The number under which an internal error stands in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    reference: Option<Box<str>>,
    #[serde(skip)]
    wait_seconds: Option<u64>,
}

impl Problem {
    /// A problem that nothing more is known of.
    pub(crate) fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title,
            status: status.as_u16(),
            detail: detail.into(),
            cause: None,
            reference: None,
            wait_seconds: None,
        }
    }

    /// The request is not what the document asks for; `cause` says where.
    pub(crate) fn unreadable(cause: impl Into<Box<str>>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::new(
                StatusCode::BAD_REQUEST,
                "没有读懂这个请求",
                "请求的参数或正文不符合接口文档，没有执行。请对照 jixiao openapi 输出的文档改正。",
            )
        }
    }

    /// There is no such record, or the person may not know that there is.
    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "没有找到",
            "没有这个地址或这条记录。请核对地址和编号。",
        )
    }

    /// Nobody is known by the token of the request.
    pub(crate) fn nobody() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "没有有效的接口令牌",
            "请求头要带 Authorization: Bearer 令牌。令牌在“接口令牌”页面上生成；\
             过期或收回的令牌要重新生成。",
        )
    }

    /// Its status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (status, (title, sentence)) = (error.status(), error.words());
        match error {
            Error::NotFound => Self::not_found(),
            Error::StalePage => Self::new(
                status,
                "不接受这个来源的请求",
                "接口只接受带令牌的程序请求，不接受其他网站的页面发来的请求。",
            ),
            Error::Unreadable => Self::unreadable("the request is malformed"),
            Error::TooLarge { .. } => too_large(),
            Error::TooMany { wait_seconds } => Self {
                wait_seconds: Some(wait_seconds),
                ..Self::new(status, title, sentence)
            },
            Error::Internal { reference } => Self {
                reference: Some(reference.into()),
                ..Self::new(
                    status,
                    title,
                    "数据没有被改动。请稍后再试；仍然出错时，请把编号告诉系统管理员。",
                )
            },
            _ => Self::new(status, title, sentence),
        }
    }
}

impl From<db::Error> for Problem {
    fn from(error: db::Error) -> Self {
        Error::from(error).into()
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Error::from(refused).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        // Texts and numbers can always be written.
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut answer = (status, [(CONTENT_TYPE, KIND)], body).into_response();
        let headers = answer.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.wait_seconds {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        answer
    }
}

fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "请求太大",
        format!("正文最多 {} KB，没有读取。", super::MOST_BYTES / 1024),
    )
}

/// Says to programs what people read as a page.
pub(crate) async fn for_programs(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with(web::guard::PROGRAMS);
    let answer = next.run(request).await;
    if !is_api || answer.status().as_u16() < 400 || is_problem(answer.headers()) {
        return answer;
    }
    let status = answer.status();
    let (parts, _) = answer.into_parts();
    let problem = match parts.extensions.get::<Error>() {
        Some(error) => Problem::from(error.clone()),
        None if status == StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        None if status == StatusCode::METHOD_NOT_ALLOWED => Problem::new(
            status,
            "不支持这个方法",
            "这个地址不接受这个 HTTP 方法，Allow 头列出了接受的方法。",
        ),
        None => Problem {
            status: status.as_u16(),
            ..Problem::unreadable("the request is malformed")
        },
    };
    let mut told = problem.into_response();
    for (name, value) in &parts.headers {
        let is_of_body = [
            CONTENT_TYPE,
            CONTENT_LENGTH,
            CONTENT_ENCODING,
            TRANSFER_ENCODING,
        ];
        if !is_of_body.contains(name) && !told.headers().contains_key(name) {
            told.headers_mut().insert(name.clone(), value.clone());
        }
    }
    told
}

fn is_problem(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind == KIND)
}

/// The refusals that every operation can answer with, for the document.
pub(crate) struct Refusals;

impl utoipa::IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        documented(&[
            (400, "参数或正文不符合本文档"),
            (401, "没有有效的接口令牌"),
            (403, "令牌所属的人没有这项权限；detail 说明原因和该找谁"),
            (404, "没有这条记录，或者令牌所属的人无权知道它是否存在"),
            (405, "这个地址不接受这个方法"),
            (429, "请求太频繁；Retry-After 头给出要等的秒数"),
            (500, "系统出错；reference 是日志里的编号"),
        ])
    }
}

/// The refusals that a command can answer with besides, for the document.
pub(crate) struct CommandRefusals;

impl utoipa::IntoResponses for CommandRefusals {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        documented(&[
            (409, "记录已被别人改动，或这个幂等键已用于另一个请求"),
            (413, "正文太大"),
            (415, "正文不是 application/json"),
            (422, "不能这样做；detail 说明原因和该怎么办"),
        ])
    }
}

fn documented(statuses: &[(u16, &str)]) -> BTreeMap<String, RefOr<Documented>> {
    let response = |(status, description): &(u16, &str)| {
        let content = ContentBuilder::new()
            .schema(Some(utoipa::openapi::Ref::from_schema_name("Problem")))
            .build();
        let response = ResponseBuilder::new()
            .description(*description)
            .content(KIND, content)
            .build();
        (status.to_string(), RefOr::T(response))
    };
    statuses.iter().map(response).collect()
}
