//! The rows of a batch, as a list's check boxes send them.

use std::collections::BTreeSet;

use web::Error;

use crate::serve::SignedPairs;

/// Most rows that a batch takes at once.
///
/// House rule: five pages of a list; what is more is chosen by conditions, not by hand.
const MOST_ROWS: usize = 500;

/// The ids of the rows that are chosen.
///
/// # Errors
/// None is chosen, or too many.
pub(crate) fn chosen_rows(sent: &SignedPairs) -> Result<BTreeSet<String>, Error> {
    let rows: BTreeSet<String> = sent.all("id").map(str::to_owned).collect();
    if rows.is_empty() {
        let sentence = "还没有勾选：请返回列表，勾选要处理的行后再试";
        return Err(Error::Refused(sentence.to_owned()));
    }
    if rows.len() > MOST_ROWS {
        return Err(Error::Refused(format!(
            "一次最多处理 {MOST_ROWS} 行：请分几次勾选"
        )));
    }
    Ok(rows)
}
