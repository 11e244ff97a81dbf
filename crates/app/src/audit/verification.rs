//! Walking a stored chain, page by page.

use db::{Error, Tx};
use domain::audit::{Broken, Verified, Walk};

use super::store;

/// Events read at once; the chain has no bound.
const PAGE: i64 = 500;

/// A whole chain, or its first break.
pub(crate) type Outcome = Result<Verified, Broken>;

/// Every region that has a chain; this database's own when there is no event yet.
///
/// # Errors
/// The database fails.
pub(crate) fn regions(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    let found = store::regions(tx)?;
    if found.is_empty() {
        return Ok(vec![super::region(tx)?]);
    }
    Ok(found)
}

/// Verifies the region's chain and its head, on one snapshot.
///
/// # Errors
/// The database fails. A broken chain is an outcome, not an error.
pub(crate) fn verify(tx: &mut Tx<'_>, region: &str) -> Result<Outcome, Error> {
    let mut walk = Walk::new();
    // Before any number that a chain can have, so that a row with a number below 1 is met too.
    let mut after = i64::MIN;
    let mut most = PAGE;
    loop {
        let events = match store::events_after(tx, region, after, most) {
            Ok(events) => events,
            // A value that is no text or number: the walk goes on one by one up to it.
            Err(Error::InconsistentRow { .. }) if most > 1 => {
                most = 1;
                continue;
            }
            Err(Error::InconsistentRow { .. }) => return Ok(Err(walk.unreadable())),
            Err(error) => return Err(error),
        };
        let Some(last) = events.last() else {
            break;
        };
        after = last.content.sequence;
        for event in &events {
            if let Err(broken) = walk.step(event) {
                return Ok(Err(broken));
            }
        }
    }
    Ok(walk.finish(store::head(tx, region)?.as_ref()))
}
