//! Under which department an object is shown: that of its year, or today's.
//!
//! As was (当年口径): the tree as it stood at the end of the year. As now (现行口径): an old unit is
//! shown as the unit that carries its work on, under the department that this one has today.

use db::{Error, Tx};
use web::list::Choice;

/// Two common table expressions for `WITH RECURSIVE`: `heir` gives each unit that ended with a
/// successor the last unit of its line.
///
/// The steps are counted, so that what was damaged by hand does not turn in a circle.
macro_rules! heirs {
    () => {
        "heir_step (unit_id, heir_id, step) AS (SELECT predecessor_id, successor_id, 1 \
         FROM unit_succession WHERE is_main UNION ALL SELECT h.unit_id, n.successor_id, h.step + 1 \
         FROM heir_step h JOIN unit_succession n ON n.predecessor_id = h.heir_id AND n.is_main \
         WHERE h.step < 100), \
         heir AS (SELECT h.unit_id, MAX(h.heir_id) AS heir_id FROM heir_step h \
         WHERE NOT EXISTS (SELECT 1 FROM unit_succession n WHERE n.predecessor_id = h.heir_id \
         AND n.is_main) GROUP BY h.unit_id)"
    };
}

/// Joins `o` (an object) to its unit as it stood on `$day`, and, where `$now` is true, to the unit
/// that it has become. Needs `heirs!()`.
macro_rules! seat_joins {
    ($day:literal, $now:literal) => {
        concat!(
            "JOIN organisation_unit u ON u.id = o.unit_id \
             LEFT JOIN unit_former uf ON uf.unit_id = u.id AND uf.valid_from <= ",
            $day,
            " AND uf.valid_to >= ",
            $day,
            " LEFT JOIN organisation_unit above ON above.id = CASE WHEN uf.unit_id IS NULL \
             THEN u.parent_id ELSE uf.parent_id END \
             LEFT JOIN unit_former af ON af.unit_id = above.id AND af.valid_from <= ",
            $day,
            " AND af.valid_to >= ",
            $day,
            " LEFT JOIN organisation_unit top ON top.id = CASE WHEN af.unit_id IS NULL \
             THEN above.parent_id ELSE af.parent_id END \
             LEFT JOIN heir oh ON ",
            $now,
            " AND oh.unit_id = u.id LEFT JOIN organisation_unit nu ON ",
            $now,
            " AND nu.id = COALESCE(oh.heir_id, u.id) \
             LEFT JOIN organisation_unit na ON na.id = nu.parent_id \
             LEFT JOIN organisation_unit nt ON nt.id = na.parent_id \
             LEFT JOIN heir nh ON nh.unit_id = COALESCE(nt.id, na.id, nu.id) \
             LEFT JOIN organisation_unit hu ON hu.id = nh.heir_id \
             LEFT JOIN organisation_unit ha ON ha.id = hu.parent_id \
             LEFT JOIN organisation_unit ht ON ht.id = ha.parent_id "
        )
    };
}

/// The id of the department that an object is shown under.
macro_rules! seat {
    () => {
        "COALESCE(ht.id, ha.id, hu.id, nt.id, na.id, nu.id, top.id, above.id, u.id)"
    };
}

/// The id of the department that an object had in its year, whatever it is shown under.
macro_rules! seat_then {
    () => {
        "COALESCE(top.id, above.id, u.id)"
    };
}

pub(crate) use {heirs, seat, seat_joins, seat_then};

db::statements! {
    THEN = "SELECT u.id, COALESCE(f.name, u.name) AS name FROM organisation_unit u \
            LEFT JOIN unit_former f ON f.unit_id = u.id AND f.valid_from <= $3 \
            AND f.valid_to >= $3 WHERE u.region_code = $1 \
            AND COALESCE(f.level, u.level) = 'first' AND u.valid_from <= $3 \
            AND (u.valid_to IS NULL OR u.valid_to >= $2) \
            ORDER BY COALESCE(f.code, u.code), u.id";
    // A department that ended without a successor stays, so that no figure of the year is lost.
    NOW = "SELECT u.id, u.name FROM organisation_unit u WHERE u.region_code = $1 \
           AND u.level = 'first' AND (u.valid_to IS NULL OR u.valid_to >= $4 \
           OR (u.valid_from <= $3 AND u.valid_to >= $2 AND NOT EXISTS (SELECT 1 \
           FROM unit_succession s WHERE s.predecessor_id = u.id AND s.is_main))) \
           ORDER BY u.code, u.id";
}

/// Which tree a report is shown under.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) enum Seating {
    /// 当年口径
    #[default]
    Then,
    /// 现行口径
    Now,
}

impl Seating {
    /// As addresses name it; anything else is as was.
    pub(crate) fn read(text: &str) -> Self {
        if text == "now" { Self::Now } else { Self::Then }
    }

    /// Its name in an address; empty for the usual one.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Then => "",
            Self::Now => "now",
        }
    }

    /// Whether it is today's.
    pub(crate) fn is_now(self) -> bool {
        self == Self::Now
    }
}

/// The day on which the tree of a year is looked at.
pub(crate) fn last_day(year: i64) -> String {
    format!("{year}-12-31")
}

/// The departments that the objects of the year are shown under.
pub(crate) fn departments(
    tx: &mut Tx<'_>,
    (region_code, year): (&str, i64),
    seating: Seating,
    today: &str,
) -> Result<Vec<Choice>, Error> {
    let (first, last) = (format!("{year}-01-01"), last_day(year));
    let rows = match seating {
        Seating::Then => tx.query(THEN, &[&region_code, &first, &last])?,
        Seating::Now => tx.query(NOW, &[&region_code, &first, &last, &today])?,
    };
    super::list::choices(&rows)
}
