//! A site over a test's database: a test is "this person asks for this address".

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use db::testing::TestDb;
use domain::permission::Role;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use super::{App, now_text, router, text_after};
use crate::attachment::Scanner;
use crate::identity::Provider;
use crate::identity::store::session::{self, Proof, Stage, Start};
use crate::identity::store::{self, NewAccount};
use crate::job::{Jobs, Limits};
use crate::{api, audit};

/// What an answer says.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body as text.
    pub(crate) text: String,
    /// The body.
    pub(crate) bytes: Vec<u8>,
}

/// The site, and a browser that may be logged in.
pub(crate) struct TestSite {
    app: App,
    router: Router,
    runtime: Runtime,
    token: Option<String>,
}

impl TestSite {
    /// A site that nobody is logged in to.
    pub(crate) fn new(test: &TestDb) -> Self {
        let app = App::new(test.db.clone());
        Self {
            router: router(app.clone()),
            app,
            runtime: Runtime::new().unwrap(),
            token: None,
        }
    }

    /// A site that someone of the bureau's performance section (绩效股) is logged in to.
    pub(crate) fn logged_in(test: &TestDb) -> Self {
        Self::logged_in_as(test, Role::PerformanceAdmin, None)
    }

    /// A site that someone of this role is logged in to, whose account is made if it is not there:
    /// at the unit `place`, or for a section's reviewer in the section `place`.
    pub(crate) fn logged_in_as(test: &TestDb, role: Role, place: Option<&str>) -> Self {
        let login = format!("{}@{}", role.name(), place.unwrap_or_default());
        let (place, is_section) = (place.map(str::to_owned), role == Role::SectionReviewer);
        let account = login.clone();
        test.db
            .write_blocking(move |tx| {
                let region = audit::region(tx)?;
                let place = place.as_deref();
                let new = NewAccount {
                    id: &login,
                    region_code: &region,
                    login: &login,
                    name: role.label(),
                    unit: place.filter(|_| !is_section),
                    section: place.filter(|_| is_section),
                    roles: &[role],
                    provenance: "test",
                };
                match store::find_account(tx, &login)? {
                    Some(_) => Ok(()),
                    None => store::insert(tx, &new),
                }
            })
            .unwrap();
        Self::logged_in_by(test, &account, &web::token::secret().unwrap())
    }

    /// A site that the account is logged in to.
    pub(crate) fn logged_in_by(test: &TestDb, account: &str, token: &str) -> Self {
        let (account, digest) = (account.to_owned(), web::token::digest(token));
        let program = api::token_of(token);
        test.db
            .write_blocking(move |tx| {
                let start = Start {
                    now: now_text(),
                    expires_at: text_after(60),
                    from_address: "127.0.0.1".to_owned(),
                    browser: String::new(),
                };
                session::begin(
                    tx,
                    &digest,
                    &account,
                    &start,
                    (Stage::Full, Proof::Password),
                )?;
                api::make_token(tx, &account, &program)
            })
            .unwrap();
        Self {
            token: Some(token.to_owned()),
            ..Self::new(test)
        }
    }

    /// A browser that sends this session's token, whether there is such a session or not.
    pub(crate) fn with_token(test: &TestDb, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..Self::new(test)
        }
    }

    /// The same browser at a site that scans what is uploaded.
    pub(crate) fn scanning_with(mut self, scanner: Scanner) -> Self {
        self.app.scanner = Arc::new(scanner);
        self.router = router(self.app.clone());
        self
    }

    /// The same browser at a site whose requests work on so many rows themselves.
    pub(crate) fn with_limits(mut self, limits: Limits) -> Self {
        self.app.jobs = Arc::new(Jobs::new(limits));
        self.router = router(self.app.clone());
        self
    }

    /// Does what the server does by itself.
    pub(crate) fn run<T>(&self, work: impl AsyncFnOnce(&App) -> T) -> T {
        self.runtime.block_on(work(&self.app))
    }

    /// A site with a common login, that nobody is logged in to.
    pub(crate) fn with_common_login(test: &TestDb, provider: Arc<Provider>) -> Self {
        let mut site = Self::new(test);
        site.app.common_login = Some(provider);
        site.router = router(site.app.clone());
        site
    }

    /// The same browser with the cookie that the answer sets.
    pub(crate) fn with_cookie_of(mut self, answer: &Answer) -> Self {
        let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
        let token = cookie.strip_prefix("jixiao_session=").unwrap();
        self.token = token.split_once(';').map(|(token, _)| token.to_owned());
        self
    }

    /// What a form of this browser must send back.
    pub(crate) fn form_token(&self) -> String {
        let token = self.token.as_deref().unwrap_or_default();
        web::token::digest(&format!("form:{token}"))
    }

    /// Opens an address.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "")
    }

    /// Sends a form as one of the site's own pages does; `fields` is URL-encoded.
    pub(crate) fn post(&self, path: &str, fields: &str) -> Answer {
        let body = format!("form_token={}&{fields}", self.form_token());
        self.send("POST", path, body.trim_end_matches('&'))
    }

    /// Sends a form as a URL-encoded body.
    pub(crate) fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send_with(method, path, body, &[])
    }

    /// Sends a form with more headers.
    pub(crate) fn send_with(
        &self,
        method: &str,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        self.send_as(method, path, &all, body.as_bytes().to_vec())
    }

    /// Sends files as one of the site's own pages does, each with its name.
    pub(crate) fn upload(&self, path: &str, rules: &str, files: &[(&str, &[u8])]) -> Answer {
        let token = self.token.as_deref().unwrap_or_default();
        let form_token = web::token::digest(&format!("form:{token}"));
        self.upload_with(
            path,
            &[("form_token", &form_token), ("rules", rules)],
            files,
        )
    }

    /// Sends any fields and files.
    pub(crate) fn upload_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend_from_slice(format!("{head}{value}\r\n").as_bytes());
        }
        for (name, bytes) in files {
            let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=";
            body.extend_from_slice(format!("{head}\"{name}\"\r\n\r\n").as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--x--\r\n");
        let length = body.len().to_string();
        let kind = [
            ("content-type", "multipart/form-data; boundary=x"),
            ("content-length", &*length),
        ];
        self.send_as("POST", path, &kind, body)
    }

    /// Sends any bytes with these headers and no others.
    pub(crate) fn send_raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        self.send_as(method, path, headers, body)
    }

    /// Sends any body with any headers.
    pub(crate) fn send_as(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header(COOKIE, format!("jixiao_session={token}"));
            let is_given = headers.iter().any(|(name, _)| *name == "authorization");
            if path.starts_with(web::guard::PROGRAMS) && !is_given {
                let bearer = format!("Bearer {}", api::token_of(token));
                request = request.header(AUTHORIZATION, bearer);
            }
        }
        let mut request = request.body(Body::from(body)).unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        request.extensions_mut().insert(ConnectInfo(address));
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = answer.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
            Answer {
                status: parts.status,
                headers: parts.headers,
                text: String::from_utf8_lossy(&bytes).into_owned(),
                bytes,
            }
        })
    }
}
