//! Rounds: a deadline, its days of grace, and what was opened again.
//!
//! House rule: a closed round stops filling and sending, not reviewing, because the deadline is the
//! unit's; what a reviewer gave back stays open, because the reviewer asked for it.

use db::Tx;
use domain::permission::Action;
use domain::workflow::{RecordKind, State};
use time::format_description::well_known::Iso8601;
use time::{Date, Duration};

use super::store::deadline;
use super::store::record::Facts;

/// The kinds that are filled in rounds.
pub(super) const KINDS: [RecordKind; 5] = [
    RecordKind::ExAnteAssessment,
    RecordKind::PerformanceTarget,
    RecordKind::Monitoring,
    RecordKind::SelfEvaluation,
    RecordKind::Rectification,
];

/// A round as it is for one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Round {
    /// The last day.
    pub(super) due_on: String,
    /// The last day on which it can still be done.
    pub(super) open_until: String,
}

/// The round in which the record is filled, as it is for the record's unit; none where no deadline
/// is set.
///
/// # Errors
/// The database fails.
pub(super) fn of(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    facts: &Facts,
) -> Result<Option<Round>, db::Error> {
    let round = (&*facts.region_code, kind.name(), facts.year);
    let Some(set) = deadline::find(tx, round.0, round.1, round.2)? else {
        return Ok(None);
    };
    let again = deadline::open_until(tx, round, facts.unit_id.as_deref())?;
    let mut open_until = later(&set.due_on, set.grace_days);
    if let Some(again) = again.filter(|again| *again > open_until) {
        open_until = again;
    }
    Ok(Some(Round {
        due_on: set.due_on,
        open_until,
    }))
}

/// Whether a unit fills or sends the record in this state.
pub(super) fn is_being_filled(kind: RecordKind, state: State) -> bool {
    let machine = kind.machine();
    let fills = machine
        .edges
        .iter()
        .any(|edge| edge.action == Action::Fill && edge.from.contains(&state.name()));
    let edits = machine
        .row(state.name())
        .is_some_and(|row| row.edit == Some(Action::Fill));
    edits || fills || machine.is_sent_from(state)
}

/// Whether the round keeps the record from being filled at `clock`.
pub(super) fn is_shut(round: Option<&Round>, kind: RecordKind, state: State, clock: &str) -> bool {
    let today = day(clock);
    let is_over = |round: &Round| round.open_until.as_str() < today;
    is_being_filled(kind, state) && round.is_some_and(is_over)
}

/// The day of a moment.
pub(super) fn day(moment: &str) -> &str {
    moment.get(..10).unwrap_or(moment)
}

/// A day as the database keeps it, read from a form; none when it is no day.
pub(super) fn read_day(text: &str) -> Option<String> {
    Date::parse(text.trim(), &Iso8601::DATE)
        .ok()
        .filter(|date| (1990..=2100).contains(&date.year()))
        .map(|date| date.to_string())
}

/// The day so many days later; the same day when that is none.
pub(super) fn later(day: &str, days: i64) -> String {
    let date = Date::parse(day, &Iso8601::DATE).ok();
    date.and_then(|date| date.checked_add(Duration::days(days)))
        .map_or_else(|| day.to_owned(), |date| date.to_string())
}
