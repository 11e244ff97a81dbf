//! One error for all pages, and one mapping to HTTP.
//!
//! Policy: a user reads what happened and what to do. The cause of an internal error is logged
//! once, under a reference number that the page shows, and is never shown itself.

use std::fmt::Display;

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{Html, IntoResponse, Response};

use crate::token;

/// What ends a request early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// There is nothing at this address, or this person may not know that there is.
    NotFound,
    /// The request did not come from one of our pages, or from one too old.
    StalePage,
    /// The address or the form is not one that our pages make.
    Unreadable,
    /// The request breaks a rule; a Chinese sentence that says what to do.
    Refused(String),
    /// This person may not; a Chinese sentence that says why and whom to ask.
    Forbidden(String),
    /// The request has more bytes than are read.
    TooLarge {
        /// How many MB may be sent at once.
        most_mb: usize,
    },
    /// Too many attempts.
    TooMany {
        /// When to try again.
        wait_seconds: u64,
    },
    /// Our fault. The cause is in the log under this number.
    Internal {
        /// The number.
        reference: String,
    },
}

impl Error {
    /// Logs `cause` and gives it a reference number.
    pub fn internal(cause: &impl Display) -> Self {
        let reference = token::reference();
        tracing::error!(%reference, %cause, "internal error");
        Self::Internal { reference }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::StalePage | Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What happened in a few words, and the sentence that says what to do.
    pub fn words(&self) -> (&'static str, String) {
        match self {
            Self::NotFound => (
                "没有找到这个页面",
                "地址可能写错了，或者这条记录不存在。请返回上一页，或从首页重新进入。".to_owned(),
            ),
            Self::StalePage => (
                "页面已过期",
                "为了安全，这次提交没有执行。请返回上一页，刷新后重新提交。".to_owned(),
            ),
            Self::Unreadable => (
                "没有读懂这个请求",
                "地址或提交的内容不完整。请从页面上的链接或按钮重新进入。".to_owned(),
            ),
            Self::Refused(sentence) => ("不能这样做", sentence.clone()),
            Self::Forbidden(sentence) => ("没有这项权限", sentence.clone()),
            Self::TooLarge { most_mb } => (
                "文件太大",
                format!(
                    "一次最多上传 {most_mb} MB，这次没有读取。请返回上一页，分几次上传，或删除表中的\
                     图片后再传。"
                ),
            ),
            Self::TooMany { wait_seconds } => (
                "尝试次数过多",
                format!("为了安全，请等 {wait_seconds} 秒后再试。"),
            ),
            Self::Internal { .. } => (
                "系统出错了",
                "您的数据没有被改动。请稍后再试；仍然出错时，请把下面的编号告诉系统管理员。"
                    .to_owned(),
            ),
        }
    }

    fn page(&self) -> ErrorPage {
        let (title, sentence) = self.words();
        ErrorPage {
            status: self.status().as_u16(),
            title,
            sentence,
            reference: match self {
                Self::Internal { reference } => Some(reference.clone()),
                _ => None,
            },
        }
    }
}

/// Everything that a library or the database reports is internal.
impl<E: std::error::Error> From<E> for Error {
    fn from(cause: E) -> Self {
        Self::internal(&cause)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let page = self.page();
        // The page has no part that can fail to print; its sentence stands in for it.
        let html = page.render().unwrap_or_else(|_| page.title.to_owned());
        let mut answer = (self.status(), Html(html)).into_response();
        // For whoever says the same in another form than a page.
        answer.extensions_mut().insert(self.clone());
        if let Self::TooMany { wait_seconds } = self {
            answer
                .headers_mut()
                .insert(RETRY_AFTER, wait_seconds.into());
        }
        answer
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    status: u16,
    title: &'static str,
    sentence: String,
    reference: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_cause_stays_in_the_log() {
        let error = Error::internal(&"disk of secrets is full");
        let Error::Internal { reference } = &error else {
            panic!("an internal error");
        };
        let page = error.page().to_string();
        assert!(page.contains(reference.as_str()));
        assert!(!page.contains("secrets"));
    }

    #[test]
    fn every_error_says_what_to_do() {
        for (error, expected) in [
            (Error::NotFound, "没有找到"),
            (Error::StalePage, "刷新后重新提交"),
            (Error::Refused("请先填写指标".to_owned()), "请先填写指标"),
            (Error::TooMany { wait_seconds: 7 }, "请等 7 秒"),
        ] {
            assert!(error.page().to_string().contains(expected), "{expected}");
        }
    }
}
