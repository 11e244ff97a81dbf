//! The bundled scripts, styles and icons: embedded in a release build, read from disk in a debug
//! build.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::extract::{Path, RawQuery};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use rust_embed::RustEmbed;

use crate::error::Error;
use crate::token::hex;

#[derive(RustEmbed)]
#[folder = "../../assets/dist/static"]
#[allow_missing = true]
struct Files;

/// What a page needs to look and work as it should.
const NEEDED: [&str; 6] = [
    "app.css",
    "app.js",
    "charts.js",
    "dark.css",
    "favicon.svg",
    "icons.svg",
];

/// How many characters of the digest stand in an address.
const DIGEST_CHARACTERS: usize = 16;

/// The assets are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("网页所需的样式和脚本还没有生成：请先运行 cargo xtask assets，再启动网站")]
pub struct Missing;

/// Whether every file that a page needs is there.
///
/// # Errors
/// One is missing; the text says what to run.
pub fn check() -> Result<(), Missing> {
    NEEDED
        .iter()
        .all(|name| Files::get(name).is_some())
        .then_some(())
        .ok_or(Missing)
}

/// The address of the file `name`, which changes with its content so that it may be kept for ever.
pub fn url(name: &str) -> String {
    match digests().get(name) {
        Some(digest) => format!("/static/{name}?v={digest}"),
        None => format!("/static/{name}"),
    }
}

fn digests() -> &'static BTreeMap<String, String> {
    static DIGESTS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    DIGESTS.get_or_init(|| {
        Files::iter()
            .filter_map(|name| {
                let digest = hex(&Files::get(&name)?.metadata.sha256_hash());
                Some((
                    name.into_owned(),
                    digest.chars().take(DIGEST_CHARACTERS).collect(),
                ))
            })
            .collect()
    })
}

/// `GET /static/{name}`: open to everybody.
///
/// # Errors
/// No such file.
#[expect(clippy::unused_async, reason = "a handler is asynchronous")]
pub async fn serve(
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let file = Files::get(&name).ok_or(Error::NotFound)?;
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()));
    let known = headers
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let mut answer = if known.is_some_and(|known| known.contains(&tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.data.into_owned().into_response()
    };
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
    // Only an address with the digest of this very content may be kept for ever.
    let is_exact = query.is_some_and(|query| url(&name).ends_with(&format!("?{query}")));
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static(if is_exact {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        }),
    );
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    Ok(answer)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
