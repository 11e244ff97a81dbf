//! 复核: a receipt is recomputed by code that shares nothing with the code that made it.

use askama::Template;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::number::Decimal;
use domain::receipt::Receipt;
use domain::verify;
use serde::Deserialize;
use web::{Error, Shell};

use super::ReceiptPart;
use crate::serve::{Frame, Signed};

/// What the recomputation says.
#[derive(Template)]
#[template(path = "receipt/outcome.html")]
struct Outcome {
    /// Lines recomputed and the total, or the first difference.
    result: Result<(usize, Option<Decimal>), String>,
}

#[derive(Template)]
#[template(path = "receipt/verification.html")]
struct VerificationPage {
    shell: Shell,
    outcome: Option<Outcome>,
    part: Option<ReceiptPart>,
    text: String,
}

/// `GET /receipts/verification`
pub(super) async fn form(frame: Frame) -> Result<Response, Error> {
    web::page(&VerificationPage {
        shell: frame.shell.at("/check"),
        outcome: None,
        part: None,
        text: String::new(),
    })
}

#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    receipt: String,
}

/// `POST /receipts/verification`: a part of the page for the script, a page without it.
pub(super) async fn verify(
    headers: HeaderMap,
    frame: Frame,
    Signed(sent): Signed<Sent>,
) -> Result<Response, Error> {
    let outcome = recompute(&sent.receipt);
    if headers.contains_key("hx-request") {
        return web::page(&outcome);
    }
    let is_good = outcome.result.is_ok();
    let page = web::page(&VerificationPage {
        part: ReceiptPart::new("sent", &sent.receipt, &frame.shell.form_token).ok(),
        shell: frame.shell.at("/check"),
        outcome: Some(outcome),
        text: sent.receipt,
    })?;
    let status = if is_good {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, page).into_response())
}

fn recompute(text: &str) -> Outcome {
    let result = match serde_json::from_str(text) {
        Ok(receipt) => verify::verify(&receipt)
            .map(|good| (good.nodes, good.total))
            .map_err(|differs| differs.to_string()),
        Err(_) => Err("这不是一份回执：请粘贴“下载回执”得到的完整 JSON 文本".to_owned()),
    };
    Outcome { result }
}

/// `POST /receipts/file`: the receipt as the file that `jixiao verify-receipt` takes.
pub(super) async fn file(Signed(sent): Signed<Sent>) -> Result<Response, Error> {
    let wrong = |_| Error::Refused("这不是一份回执，无法下载：请回到得分页面重试".to_owned());
    let receipt: Receipt = serde_json::from_str(&sent.receipt).map_err(wrong)?;
    let mut answer = receipt.to_json()?.into_response();
    answer.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    let name: String = receipt
        .receipt
        .root
        .label
        .chars()
        .filter(|c| c.is_alphanumeric())
        .take(40)
        .collect();
    web::attach(&mut answer, &format!("得分回执-{name}.json"))?;
    Ok(answer)
}
