//! SQL of the objects.
//!
//! A department as a whole has no budget lines of its own: its money is that of the objects of its
//! unit and of the units below it.

pub(crate) mod life;
pub(crate) mod list;
pub(crate) mod seat;

/// Joins `o` (an object) to its unit `u`; the first-level unit above it is `department!()`.
macro_rules! unit_joins {
    () => {
        "JOIN organisation_unit u ON u.id = o.unit_id \
         LEFT JOIN organisation_unit above ON above.id = u.parent_id \
         LEFT JOIN organisation_unit top ON top.id = above.parent_id "
    };
}

/// The id of the first-level unit of `u`.
macro_rules! department {
    () => {
        "COALESCE(top.id, above.id, u.id)"
    };
}

pub(crate) use {department, unit_joins};
