//! What a program sends: read strictly, so that a misspelt field is told and not ignored.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use domain::number::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The query string as `T`, which knows every name that may stand in it.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(refused) => Err(Problem::unreadable(refused.body_text())),
        }
    }
}

/// Most characters of an id in a path.
const MOST_ID_CHARACTERS: usize = 100;

/// The ids of a path. One that no record can have is a record that is not there.
pub(crate) struct Named<T>(pub(crate) T);

/// A part of a path.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Id(pub(crate) String);

impl TryFrom<String> for Id {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_long = text.chars().count() > MOST_ID_CHARACTERS;
        if text.is_empty() || is_long || text.contains(char::is_control) {
            return Err("no id");
        }
        Ok(Self(text))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(_) => Err(Problem::not_found()),
        }
    }
}

/// A JSON body as `T`.
pub(crate) struct Sent<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "正文的类型不对",
                "正文要用 JSON，并带 Content-Type: application/json。",
            ));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|refused| match refused.status() {
                StatusCode::PAYLOAD_TOO_LARGE => web::Error::TooLarge { most_mb: 1 }.into(),
                _ => Problem::unreadable("the body cannot be read"),
            })?;
        let read = serde_json::from_slice(&bytes);
        read.map(Self)
            .map_err(|cause| Problem::unreadable(cause.to_string()))
    }
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident: $least:literal ..= $most:literal)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        #[serde(try_from = "i64")]
        pub(crate) struct $name(pub(crate) i64);

        impl TryFrom<i64> for $name {
            type Error = String;

            fn try_from(number: i64) -> Result<Self, String> {
                if ($least..=$most).contains(&number) {
                    return Ok(Self(number));
                }
                Err(format!("{number} is not between {} and {}", $least, $most))
            }
        }
    )+};
}

numbers! {
    /// A year.
    Year: 1990..=2100
    /// How many items a page may have.
    Limit: 1..=200
}

/// A record's version in a body, where `2.0` is the whole number 2 as JSON Schema has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "serde_json::Number")]
pub(crate) struct Version(pub(crate) u64);

/// The largest version that a record can have.
pub(crate) const MOST_VERSION: u64 = 1_000_000_000;

impl TryFrom<serde_json::Number> for Version {
    type Error = String;

    fn try_from(number: serde_json::Number) -> Result<Self, String> {
        let text = number.to_string();
        let exact = text.parse::<Decimal>();
        let exact = exact.or_else(|_| Decimal::from_scientific(&text)).ok();
        exact
            .filter(|exact| exact.fract().is_zero())
            .and_then(|exact| u64::try_from(exact).ok())
            .filter(|version| (1..=MOST_VERSION).contains(version))
            .map(Self)
            .ok_or_else(|| format!("{text} is no whole number between 1 and {MOST_VERSION}"))
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(100)
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $most:literal)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
        #[serde(try_from = "String")]
        pub(crate) struct $name(pub(crate) String);

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                if text.chars().count() > $most {
                    return Err(format!("longer than {} characters", $most));
                }
                if text.contains('\0') {
                    return Err("a text with NUL".to_owned());
                }
                Ok(Self(text))
            }
        }
    )+};
}

texts! {
    /// A short text: what is looked for, or an id.
    Text: 200
    /// A comment, as long as a page's field lets it be.
    Words: 2000
    /// A text of a form.
    Long: 4000
}
