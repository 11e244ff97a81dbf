//! The only clock of the server. Times are China Standard Time, written as ISO 8601 texts.

use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, Duration, OffsetDateTime, UtcOffset};

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

/// The moment `seconds` after `moment`, or before it; the same text when it is none of ours.
pub(crate) fn later(moment: &str, seconds: i64) -> String {
    OffsetDateTime::parse(moment, &Rfc3339).map_or_else(
        |_| moment.to_owned(),
        |moment| text(moment.saturating_add(Duration::seconds(seconds))),
    )
}

/// How many days `until` is after `from`, below zero when it is before; none when one of them is no
/// date.
pub(crate) fn days_between(from: &str, until: &str) -> Option<i64> {
    let date = |text: &str| Date::parse(text, &Iso8601::DATE).ok();
    Some((date(until)? - date(from)?).whole_days())
}

/// Seconds from one moment to a later one; none where one of them is not a time.
pub(crate) fn seconds_between(earlier: &str, later: &str) -> Option<i64> {
    let moment = |text: &str| OffsetDateTime::parse(text, &Rfc3339).ok();
    Some((moment(later)? - moment(earlier)?).whole_seconds())
}

/// Seconds since 1970, as one-time codes count them.
pub(crate) fn unix_seconds() -> u64 {
    u64::try_from(OffsetDateTime::now_utc().unix_timestamp()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{days_between, later};

    #[test]
    fn moments_and_days_are_counted_over_months_and_leap_years() {
        let moment = "2020-02-28T23:59:00+08:00";
        assert_eq!(later(moment, 60), "2020-02-29T00:00:00+08:00");
        assert_eq!(later(moment, -60), "2020-02-28T23:58:00+08:00");
        assert_eq!(later("soon", 60), "soon");
        for (from, until, expected) in [
            ("2020-02-28", "2020-03-01", Some(2)),
            ("2020-03-01", "2020-02-28", Some(-2)),
            ("2020-12-31", "2021-01-01", Some(1)),
            ("2020-12-31", "2020-12-31", Some(0)),
            ("2020-12-31", "tomorrow", None),
            ("2020-02-30", "2020-03-01", None),
        ] {
            assert_eq!(days_between(from, until), expected, "{from} {until}");
        }
    }
}
