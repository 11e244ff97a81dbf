//! Tokens for tests.

use db::{Error, Tx};

use super::store::{self, NewToken};
use crate::serve::{now_text, text_after};

/// The token that goes with a session of a test.
pub(crate) fn token_of(session: &str) -> String {
    format!("{}{session}", super::PREFIX)
}

/// Writes a token that is good for a minute, if it is not there yet.
pub(crate) fn make_token(tx: &mut Tx<'_>, account: &str, token: &str) -> Result<(), Error> {
    let digest = web::token::digest(token);
    if store::find_holder(tx, &digest, &now_text())?.is_some() {
        return Ok(());
    }
    let new = NewToken {
        id: format!("at-{}", digest.get(..16).unwrap_or_default()),
        account: account.to_owned(),
        name: "测试".to_owned(),
        digest,
        made_at: now_text(),
        expires_at: text_after(60),
    };
    store::insert(tx, &new)?;
    // It was used today, so that a test that uses it changes nothing.
    let today = new.made_at.get(..10).unwrap_or_default();
    store::set_used(tx, &new.digest, today)
}
