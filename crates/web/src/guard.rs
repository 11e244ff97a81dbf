//! What stands around every route: security headers, same-origin writes, compression, panics.

use std::any::Any;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse as _, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate as _, SizeAbove};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::limit::RequestBodyLimitLayer;

use crate::error::Error;

/// The largest request that is read, in bytes: a filled form with its attachments.
pub const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Everything comes from here, nothing stands inline, nobody may frame a page. `data:` pictures
/// are what the charts draw with.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' data:; font-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// No page uses a device of the browser's machine.
const DEVICES: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), \
                       payment=(), serial=(), usb=()";

/// The addresses that programs use.
pub const PROGRAMS: &str = "/api/";

const COOKIE_NAME: &str = "jixiao_session";

/// Puts the guards around `router`.
pub fn around<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    let refuse = |_: ProtectionError| Error::StalePage.into_response();
    router
        .layer(CsrfLayer::new().with_rejection_response(refuse))
        .layer(RequestBodyLimitLayer::new(MOST_BYTES))
        .layer(from_fn(in_words))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(map_response(with_headers))
        .layer(CompressionLayer::new().compress_when(SizeAbove::default().and(is_text)))
}

/// Whether a body is text. What people attach and download is compressed in itself; pressing it
/// again costs time and saves nothing.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default();
    let is_script = kind.starts_with("application/json") || kind.contains("javascript");
    is_script || kind.starts_with("text/") || kind.starts_with("image/svg+xml")
}

/// The limits and the reading of addresses and forms answer with bare words; a person gets a page.
/// What programs ask for is told to them in their own way.
async fn in_words(request: Request, next: Next) -> Response {
    // No text of ours has a NUL, and PostgreSQL takes none.
    let path = request.uri().path();
    if path.contains("%00") {
        return Error::NotFound.into_response();
    }
    if request
        .uri()
        .query()
        .is_some_and(|query| query.contains("%00"))
    {
        return Error::Unreadable.into_response();
    }
    let is_program = path.starts_with(PROGRAMS);
    let answer = next.run(request).await;
    if is_program {
        return answer;
    }
    let is_bare = answer.headers().get(CONTENT_TYPE).is_none_or(|kind| {
        let kind = kind.to_str().unwrap_or_default();
        !kind.starts_with("text/html")
    });
    match answer.status() {
        StatusCode::PAYLOAD_TOO_LARGE if is_bare => {
            let most_mb = MOST_BYTES / (1024 * 1024);
            Error::TooLarge { most_mb }.into_response()
        }
        StatusCode::BAD_REQUEST
        | StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY
            if is_bare =>
        {
            Error::Unreadable.into_response()
        }
        _ => answer,
    }
}

async fn with_headers(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (HeaderName::from_static("permissions-policy"), DEVICES),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages hold business data: a browser shows them but keeps no copy.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    answer
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature is tower-http's"
)]
fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let text = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("panic");
    Error::internal(&text).into_response()
}

/// The session's token in a request's cookies.
pub fn session_token(headers: &HeaderMap) -> Option<String> {
    cookie(headers, COOKIE_NAME)
}

/// The cookie of that name in a request.
pub fn cookie(headers: &HeaderMap, wanted: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value.to_owned())
}

/// The cookie that hands a browser its session's token for `seconds`; 0 takes it away.
///
/// [`crate::https`] makes it `Secure` where the site is reached over TLS; a bureau's own network
/// often has no certificate.
///
/// # Errors
/// The token cannot stand in a header.
pub fn session_cookie(token: &str, seconds: u64) -> Result<HeaderValue, Error> {
    let cookie =
        format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    Ok(HeaderValue::from_str(&cookie)?)
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::extract::Query;
    use axum::http::Request;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    async fn answer(method: &str, path: &str) -> (StatusCode, HeaderMap, String) {
        let router: Router = Router::new()
            .route(
                "/number",
                get(async |Query(_): Query<Vec<(String, u8)>>| "read"),
            )
            .route(
                "/panic",
                get(async || -> &'static str { panic!("a secret cause") }),
            );
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Body::empty()).unwrap();
        let answer = around(router).oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        (parts.status, parts.headers, text)
    }

    #[tokio::test]
    async fn whatever_goes_wrong_a_person_reads_a_page_with_the_headers() {
        for (method, path, status, expected) in [
            ("GET", "/number?a=x", StatusCode::BAD_REQUEST, "没有读懂"),
            ("DELETE", "/number", StatusCode::BAD_REQUEST, "没有读懂"),
            (
                "GET",
                "/panic",
                StatusCode::INTERNAL_SERVER_ERROR,
                "系统出错了",
            ),
        ] {
            let (found, headers, text) = answer(method, path).await;
            assert_eq!(found, status, "{path}");
            assert!(text.contains(expected), "{path}: {text}");
            assert!(!text.contains("secret"), "{path}");
            assert!(headers.contains_key(CONTENT_SECURITY_POLICY), "{path}");
        }
        assert_eq!(answer("GET", "/number?a=1").await.2, "read");
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        assert_eq!(session_token(&headers), None);
        headers.insert(
            COOKIE,
            HeaderValue::from_static("a=1; jixiao_session=abc; b=2"),
        );
        assert_eq!(session_token(&headers).as_deref(), Some("abc"));
    }

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let cookie = session_cookie("abc", 60).unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(
            cookie.contains("; HttpOnly; SameSite=Lax; Max-Age=60"),
            "{cookie}"
        );
        assert!(session_cookie("a\nb", 60).is_err());
    }
}
