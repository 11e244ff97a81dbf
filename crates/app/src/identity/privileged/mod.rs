//! 待复核事项: changes that two persons make together.

mod apply;
mod expiry;
mod page;
mod request;
mod telling;
mod words;

use db::IsConflict;
use domain::identity::PrivilegedRefusal;
use serde::{Deserialize, Serialize};

use super::store::privileged::Place;
use crate::workflow;

pub(super) use apply::fits_place;
pub(crate) use expiry::end_expired;
pub(super) use page::{decide, list, show, shown_once};
pub(crate) use request::{Wish, ask, retention_days};
pub(crate) use telling::waiting_for;
pub(super) use words::summary;

/// Why a change is not asked for or not made; the text is for who asks or decides.
#[derive(Debug)]
pub(crate) enum Refused {
    /// There is no such request or account.
    NotFound,
    /// A Chinese sentence that says what to do.
    Because(String),
    /// The database failed.
    Database(db::Error),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Self {
        Self::Database(error)
    }
}

impl From<PrivilegedRefusal> for Refused {
    fn from(refusal: PrivilegedRefusal) -> Self {
        Self::Because(refusal.to_string())
    }
}

impl From<workflow::Error> for Refused {
    fn from(error: workflow::Error) -> Self {
        match error {
            workflow::Error::Refused(refusal) => Self::Because(refusal.to_string()),
            workflow::Error::Database(error) => Self::Database(error),
        }
    }
}

impl IsConflict for Refused {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_conflict())
    }
}

impl From<Refused> for web::Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound => Self::NotFound,
            Refused::Because(sentence) => Self::Refused(sentence),
            Refused::Database(error) => error.into(),
        }
    }
}

/// Roles for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) account: String,
    /// By their names.
    pub(crate) roles: Vec<String>,
}

/// What exactly is asked for, beside the kind of change and the account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Payload {
    /// Roles to be given or taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) grants: Vec<Grant>,
    /// Who goes on with the work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) successor: Option<String>,
    /// Where the account is to belong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<Place>,
    /// How many days events are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) days: Option<u32>,
}
