//! 双因素: a code of an authenticator beside the password.

mod bind;
mod code;
mod prove;

#[cfg(test)]
pub(crate) use code::tests::code_at;

pub(super) use bind::{begin, confirm, picture, remove, renew_codes, show_binding};
pub(super) use prove::{prove, show};

use db::Tx;
use domain::identity::LoginRefusal;
use web::Error;

use super::store::{self, Account, second_factor as kept};
use crate::serve::unix_seconds;

/// How somebody shows a second factor.
#[derive(Debug, Clone)]
pub(super) enum Shown {
    /// The code of this time step.
    Step(i64),
    /// A recovery code of this digest.
    Recovery(String),
    /// Nothing that fits.
    Nothing,
}

impl Shown {
    /// What `code` is for the authenticator of `secret`.
    pub(super) fn read(secret: &str, code: &str) -> Result<Self, Error> {
        if code::is_recovery(code) {
            return Ok(Self::Recovery(code::recovery_digest(code)));
        }
        let step = code::step(secret, code, unix_seconds())?;
        Ok(step.map_or(Self::Nothing, Self::Step))
    }

    /// Uses it up: why it does not count, if it does not.
    pub(super) fn use_up(
        &self,
        tx: &mut Tx<'_>,
        account: &str,
        now: &str,
    ) -> Result<Option<LoginRefusal>, db::Error> {
        Ok(match self {
            Self::Step(step) => {
                (!kept::use_step(tx, account, *step)?).then_some(LoginRefusal::UsedCode)
            }
            Self::Recovery(digest) => {
                (!kept::use_code(tx, account, digest, now)?).then_some(LoginRefusal::WrongCode)
            }
            Self::Nothing => Some(LoginRefusal::WrongCode),
        })
    }
}

/// The account of whoever asks.
pub(super) fn own(tx: &mut Tx<'_>, id: &str) -> Result<Account, db::Error> {
    let account = store::find_by_id(tx, id)?;
    // A session refers to its account, so it is there.
    account.ok_or(db::Error::Touched {
        statement: "own account",
        touched: 0,
    })
}
