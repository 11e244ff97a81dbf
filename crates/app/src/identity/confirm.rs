//! Showing again who one is, before something is made that outlives the session.

use std::time::Instant;

use db::Tx;
use domain::identity::{Confirmation, LoginRefusal, confirmation, must_prove_twice};
use web::Error;

use super::entry::{self, Visit};
use super::second_factor::Shown;
use super::store::{self, Account, second_factor as kept};
use super::{login, second_factor};
use crate::serve::{App, Person};

/// What the account's person has to show.
///
/// # Errors
/// The database fails.
pub(crate) fn wanted(tx: &mut Tx<'_>, account: &str) -> Result<Confirmation, db::Error> {
    let account = second_factor::own(tx, account)?;
    of(tx, &account)
}

fn of(tx: &mut Tx<'_>, account: &Account) -> Result<Confirmation, db::Error> {
    let roles = store::roles(tx, &account.id)?;
    let must = must_prove_twice(&entry::rules(&account.region).second_factor, &roles);
    let (has_second_factor, has_password) = (account.has_second_factor, account.hash.is_some());
    Ok(confirmation(must, has_second_factor, has_password))
}

/// What was shown.
#[derive(Clone)]
enum Proven {
    Password(bool),
    Code(Shown),
}

/// Whether `shown` is the person's password or code, whichever is wanted: why not, if not. A wrong
/// one counts as a failed login does.
///
/// # Errors
/// Too many failures from this address; or something inside fails.
pub(crate) async fn confirm(
    app: &App,
    visit: &Visit,
    person: &Person,
    shown: String,
) -> Result<Option<LoginRefusal>, Error> {
    app.throttle.check(&visit.from, Instant::now())?;
    let id = person.account.clone();
    let read = app.db.read(move |tx| {
        let account = second_factor::own(tx, &id)?;
        let secret = kept::secret(tx, &id)?;
        Ok::<_, db::Error>((of(tx, &account)?, account, secret))
    });
    let (wanted, account, secret) = read.await?;
    let proven = match (wanted, secret) {
        (Confirmation::Nothing, _) => return Ok(None),
        (Confirmation::BindFirst, _) => return Ok(Some(LoginRefusal::NoSecondFactor)),
        (Confirmation::Code, Some(secret)) => Proven::Code(Shown::read(&secret, &shown)?),
        (Confirmation::Code, None) => Proven::Code(Shown::Nothing),
        (Confirmation::Password, _) => {
            Proven::Password(login::fits(app, shown, account.hash).await?)
        }
    };
    let (id, from) = (person.account.clone(), visit.from.clone());
    let visit = visit.clone();
    let done = app.db.write(move |tx| {
        let account = second_factor::own(tx, &id)?;
        if account.present().is_locked(&visit.now) {
            return Ok(account.locked_until.as_deref().map(entry::locked));
        }
        let refusal = match &proven {
            Proven::Password(is_right) => (!is_right).then_some(LoginRefusal::WrongPassword),
            Proven::Code(shown) => shown.use_up(tx, &id, &visit.now)?,
        };
        match refusal {
            None => Ok::<_, db::Error>(None),
            Some(refusal) => entry::failed(tx, &account, refusal, &visit).map(Some),
        }
    });
    let refusal = done.await?;
    if refusal.is_some() {
        app.throttle.failed(&from, Instant::now());
    }
    Ok(refusal)
}
