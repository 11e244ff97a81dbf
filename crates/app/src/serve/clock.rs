//! The only clock of the server. Times are China Standard Time, written as ISO 8601 texts.

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime, UtcOffset};

fn now() -> OffsetDateTime {
    let china = UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC);
    let now = OffsetDateTime::now_utc().to_offset(china);
    // Whole seconds, so that texts of equal form compare as times do.
    now.replace_nanosecond(0).unwrap_or(now)
}

/// This moment: `2021-03-05T09:30:00+08:00`.
pub(crate) fn now_text() -> String {
    text(now())
}

/// The moment in `seconds`.
pub(crate) fn text_after(seconds: i64) -> String {
    text(now().saturating_add(Duration::seconds(seconds)))
}

/// Today: `2021-03-05`.
pub(crate) fn today() -> String {
    now().date().to_string()
}

fn text(moment: OffsetDateTime) -> String {
    moment.format(&Rfc3339).unwrap_or_default()
}
