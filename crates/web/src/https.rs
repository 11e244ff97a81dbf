//! What changes when browsers reach the site over TLS, which a proxy in front of it ends.

use axum::extract::Request;
use axum::http::header::{COOKIE, SET_COOKIE, STRICT_TRANSPORT_SECURITY};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// A browser takes a cookie of such a name only over TLS, from this very host, for all of it.
const HOST: &str = "__Host-";

/// Browsers keep to TLS for a year, here and below.
const TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Stands around a site that is reached over TLS. Handlers know nothing of it: every cookie that
/// leaves is `Secure` and bound to the host, and only such a cookie comes in.
pub async fn over_tls(mut request: Request, next: Next) -> Response {
    let cookies = bound_cookies(request.headers());
    request.headers_mut().remove(COOKIE);
    if let Ok(value) = HeaderValue::from_str(&cookies)
        && !cookies.is_empty()
    {
        request.headers_mut().insert(COOKIE, value);
    }
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    let set: Vec<HeaderValue> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    headers.remove(SET_COOKIE);
    for cookie in set.iter().filter_map(bound) {
        headers.append(SET_COOKIE, cookie);
    }
    headers.insert(STRICT_TRANSPORT_SECURITY, TRANSPORT);
    answer
}

/// The cookies that are bound to this host, under the names that handlers know. A cookie of
/// another name may have been set without TLS, or by another host of the domain.
fn bound_cookies(headers: &HeaderMap) -> String {
    let cookies = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().strip_prefix(HOST));
    cookies.collect::<Vec<_>>().join("; ")
}

/// The cookie so that a browser binds it to this host; none when it cannot be.
fn bound(cookie: &HeaderValue) -> Option<HeaderValue> {
    let cookie = cookie.to_str().ok()?;
    HeaderValue::from_str(&format!("{HOST}{cookie}; Secure")).ok()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::Request;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;
    use crate::guard::{session_cookie, session_token};

    async fn answer(cookie: &'static str) -> (HeaderMap, String) {
        let handler = async |headers: HeaderMap| {
            let seen = session_token(&headers).unwrap_or_default();
            ([(SET_COOKIE, session_cookie("new", 60).unwrap())], seen)
        };
        let router: Router = Router::new()
            .route("/", get(handler))
            .layer(from_fn(over_tls));
        let request = Request::builder().uri("/").header(COOKIE, cookie);
        let request = request.body(Body::empty()).unwrap();
        let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let seen = String::from_utf8(bytes.to_vec()).unwrap();
        (parts.headers, seen)
    }

    #[tokio::test]
    async fn over_tls_a_cookie_is_secure_and_bound_to_the_host() {
        let (headers, _) = answer("").await;
        let cookie = headers[SET_COOKIE].to_str().unwrap();
        assert_eq!(
            cookie,
            "__Host-jixiao_session=new; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
        );
        let transport = headers[STRICT_TRANSPORT_SECURITY].to_str().unwrap();
        assert_eq!(transport, "max-age=31536000; includeSubDomains");
    }

    #[tokio::test]
    async fn over_tls_only_a_cookie_that_is_bound_to_the_host_counts() {
        for (cookie, expected) in [
            ("__Host-jixiao_session=good", "good"),
            ("a=1; __Host-jixiao_session=good; b=2", "good"),
            ("jixiao_session=planted", ""),
            ("jixiao_session=planted; __Host-jixiao_session=good", "good"),
            ("__Secure-jixiao_session=planted", ""),
            ("", ""),
        ] {
            assert_eq!(answer(cookie).await.1, expected, "{cookie}");
        }
    }
}
