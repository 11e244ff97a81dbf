//! What a program sends: read strictly, so that a misspelt field is told and not ignored.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
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

impl Default for Limit {
    fn default() -> Self {
        Self(100)
    }
}

/// Most characters of a text in a query.
const MOST_TEXT_CHARACTERS: usize = 200;

/// A short text: what is looked for, or an id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Text(pub(crate) String);

impl TryFrom<String> for Text {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.chars().count() > MOST_TEXT_CHARACTERS {
            return Err(format!("longer than {MOST_TEXT_CHARACTERS} characters"));
        }
        if text.contains('\0') {
            return Err("a text with NUL".to_owned());
        }
        Ok(Self(text))
    }
}
