//! What the common login believes of its provider's answer: a small provider at a port of this
//! machine signs what a test wants.

use std::sync::{Arc, Mutex};

use axum::routing::{get, post};
use axum::{Json, Router};
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
};
use openidconnect::{JsonWebKeyId, PrivateSigningKey as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::*;
use crate::serve::unix_seconds;

/// Who it is at the provider.
const SUBJECT: &str = "idp-wang";

/// The key of a byte, made for these tests.
fn key(byte: char) -> CoreEdDsaPrivateSigningKey {
    let pem = match byte {
        '1' => "MC4CAQAwBQYDK2VwBCIEIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB",
        _ => "MC4CAQAwBQYDK2VwBCIEIAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC",
    };
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{pem}\n-----END PRIVATE KEY-----\n");
    let id = JsonWebKeyId::new("k".to_owned());
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(id)).unwrap()
}

/// A provider, until it is dropped.
struct Idp {
    issuer: String,
    /// The id token that it answers next.
    next: Arc<Mutex<Value>>,
    _runtime: Runtime,
}

impl Idp {
    fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let about = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
        });
        let keys = json!({"keys": [key('1').as_verification_key()]});
        let next = Arc::new(Mutex::new(Value::Null));
        let token = Arc::clone(&next);
        let answer = async move |form: String| {
            assert!(form.contains("code_verifier="), "{form}");
            let token = token.lock().unwrap().clone();
            Json(json!({"access_token": "a", "token_type": "Bearer", "id_token": token}))
        };
        let routes = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(async || Json(about)),
            )
            .route("/keys", get(async || Json(keys)))
            .route("/token", post(answer));
        runtime.spawn(async { axum::serve(listener, routes).await });
        Self {
            issuer,
            next,
            _runtime: runtime,
        }
    }

    /// A login that comes back with these claims, changed by `change` and signed with the key of
    /// this byte, in a browser that has this session.
    fn log_in(&self, test: &TestDb, session: &str, byte: char, change: &Value) -> Answer {
        let settings = Settings {
            issuer: self.issuer.clone(),
            ..settings(Claim::Subject)
        };
        let site = TestSite::with_common_login(test, Arc::new(Provider::new(settings)));
        let begun = site.get("/login/common?next=/check");
        let address = begun.headers[LOCATION].to_str().unwrap().to_owned();
        let sent = |name: &str| {
            let (_, rest) = address.split_once(&format!("{name}=")).unwrap();
            rest.split('&').next().unwrap().to_owned()
        };
        let now = unix_seconds();
        let mut claims = json!({
            "iss": self.issuer, "aud": ["jixiao"], "sub": SUBJECT, "nonce": sent("nonce"),
            "iat": now, "exp": now + 60,
        });
        let changes = change.as_object().unwrap().clone();
        claims.as_object_mut().unwrap().extend(changes);
        let claims: CoreIdTokenClaims = serde_json::from_value(claims).unwrap();
        let algorithm = CoreJwsSigningAlgorithm::EdDsa;
        let token = CoreIdToken::new(claims, &key(byte), algorithm, None, None).unwrap();
        *self.next.lock().unwrap() = json!(token);
        let state = sent("state");
        let path = format!("/login/common/callback?code=c&state={state}");
        let cookie = format!("jixiao_session={session}; {COOKIE}={state}");
        site.send_with("GET", &path, "", &[("cookie", &*cookie)])
    }
}

/// Somebody whom the provider knows by [`SUBJECT`], logged in already with this token.
fn wang(test: &TestDb, token: &str) -> TestSite {
    TestSite::logged_in_as(test, domain::permission::Role::PerformanceAdmin, None);
    let sql = db::Sql {
        name: "NAME",
        text: "UPDATE account SET oidc_subject = 'idp-wang'",
    };
    test.db
        .write_blocking(move |tx| tx.execute(sql, &[]))
        .unwrap();
    TestSite::logged_in_by(test, "performance_admin@", token)
}

on_both!(
    MIGRATIONS,
    whom_the_provider_names_gets_in_and_leaves_the_old_session,
    |test| {
        let old = wang(test, "old");
        assert_eq!(old.get("/check").status, StatusCode::OK);
        let answer = Idp::start().log_in(test, "old", '1', &json!({}));
        assert_eq!(answer.headers[LOCATION], "/check", "{}", answer.text);
        assert_eq!(old.get("/check").status, StatusCode::SEE_OTHER);
        let new = TestSite::new(test).with_cookie_of(&answer);
        assert_eq!(new.get("/check").status, StatusCode::OK);
        assert!(new.get("/sessions").text.contains("统一认证"));
    }
);

#[test]
fn an_answer_that_is_not_for_this_login_is_not_believed() {
    let test = TestDb::sqlite(MIGRATIONS);
    let old = wang(&test, "old");
    let idp = Idp::start();
    let long_ago = unix_seconds() - 3600;
    for (byte, change) in [
        ('1', json!({"nonce": "another"})),
        ('1', json!({"aud": ["another"]})),
        ('1', json!({"iss": "http://127.0.0.1:9"})),
        ('1', json!({"iat": long_ago - 60, "exp": long_ago})),
        // The same name of the key, and another key.
        ('2', json!({})),
    ] {
        let answer = idp.log_in(&test, "old", byte, &change);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{change}");
        assert!(
            answer.text.contains("答复不可信"),
            "{change}: {}",
            answer.text
        );
        assert_eq!(old.get("/check").status, StatusCode::OK, "{change}");
    }
    let answer = idp.log_in(&test, "old", '1', &json!({"sub": "a-stranger"}));
    assert!(answer.text.contains("没有对应的账号"), "{}", answer.text);
}
