//! The words of the home page.

use domain::deadline::{self, Work};
use domain::permission::Role;
use domain::workflow::{RecordKind, Verb};

use crate::serve::days_between;

/// 绩效自评 …; the code itself where no word is known.
pub(super) fn kind(code: &str) -> &str {
    RecordKind::find(code).map_or(code, |kind| kind.label())
}

/// The word on the button that leads to the work.
pub(super) fn act(verb: &str) -> &str {
    match Verb::find(verb) {
        // At the button one has not decided yet.
        Some(Verb::Approve) => "审核",
        Some(found) => found.label(),
        None => verb,
    }
}

/// What was done.
pub(super) fn did(verb: &str) -> &str {
    Verb::find(verb).map_or(verb, |found| found.label())
}

/// The state's word.
pub(super) fn state(kind: &str, state: &str) -> String {
    let found = RecordKind::find(kind).and_then(|kind| {
        let known = kind.state(state)?;
        Some(kind.machine().label(known).to_owned())
    });
    found.unwrap_or_else(|| state.to_owned())
}

/// 单位经办 …, or the person.
pub(super) fn holder(role: &str, person: &str) -> String {
    if !person.is_empty() {
        return person.to_owned();
    }
    let role = Role::ALL.into_iter().find(|known| known.name() == role);
    role.map_or_else(String::new, |role| role.label().to_owned())
}

/// About how many minutes one record takes.
pub(super) fn minutes(verb: &str, lines: i64) -> u32 {
    let work = match Verb::find(verb) {
        Some(Verb::Fill | Verb::Score) => Work::Fill,
        Some(Verb::Approve | Verb::Consult | Verb::AddSigner | Verb::Conclude) => Work::Review,
        _ => Work::Decide,
    };
    deadline::minutes(work, u32::try_from(lines).unwrap_or(0))
}

/// `还有 3 天`; empty where no date is set.
pub(super) fn left(due_on: &str, today: &str) -> String {
    days_between(today, due_on).map_or_else(String::new, deadline::words)
}

/// Where a record is opened.
pub(super) fn href(kind: &str, id: &str) -> String {
    // An id that came from a file must not change the path.
    let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC);
    format!("/records/{kind}/{id}")
}
