//! A site over a test's database: a test is "this person asks for this address".

use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use db::testing::TestDb;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use super::{App, now_text, router, text_after};
use crate::login;

/// What an answer says.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) text: String,
}

/// The site, and a browser that may be logged in.
pub(crate) struct TestSite {
    app: App,
    runtime: Runtime,
    token: Option<String>,
}

impl TestSite {
    /// A site that nobody is logged in to.
    pub(crate) fn new(test: &TestDb) -> Self {
        Self {
            app: App::new(test.db.clone()),
            runtime: Runtime::new().unwrap(),
            token: None,
        }
    }

    /// A site that the administrator is logged in to.
    pub(crate) fn logged_in(test: &TestDb) -> Self {
        let token = web::token::secret().unwrap();
        let digest = web::token::digest(&token);
        test.db
            .write_blocking(move |tx| {
                let times = (&*now_text(), &*text_after(60));
                login::store::begin_session(tx, &digest, login::ADMINISTRATOR, times)
            })
            .unwrap();
        Self {
            token: Some(token),
            ..Self::new(test)
        }
    }

    /// Opens an address.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "")
    }

    /// Sends a form as one of the site's own pages does; `fields` is URL-encoded.
    pub(crate) fn post(&self, path: &str, fields: &str) -> Answer {
        let token = self.token.as_deref().unwrap_or_default();
        let form_token = web::token::digest(&format!("form:{token}"));
        self.send("POST", path, &format!("form_token={form_token}&{fields}"))
    }

    /// Sends anything.
    pub(crate) fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send_with(method, path, body, &[])
    }

    /// Sends anything with more headers.
    pub(crate) fn send_with(
        &self,
        method: &str,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header(COOKIE, format!("jixiao_session={token}"));
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        request.extensions_mut().insert(ConnectInfo(address));
        self.runtime.block_on(async {
            let answer = router(self.app.clone()).oneshot(request).await.unwrap();
            let (parts, body) = answer.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap();
            Answer {
                status: parts.status,
                headers: parts.headers,
                text: String::from_utf8(bytes.to_vec()).unwrap(),
            }
        })
    }
}
