//! Statements as named constants.

/// A statement with its name. Parameters are `$1`, `$2` …; values are never pasted into the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sql {
    /// The constant's name, for errors and logs.
    pub name: &'static str,
    /// The text, the same for both databases.
    pub text: &'static str,
}

/// Declares the statements of one store as constants, and `STATEMENTS` with all of them, so that
/// a test prepares each one on both databases.
#[macro_export]
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $text:expr;)+) => {
        $(
            $(#[$meta])*
            pub(crate) const $name: $crate::Sql =
                $crate::Sql { name: stringify!($name), text: $text };
        )+
        /// Every statement of this store.
        pub(crate) const STATEMENTS: &[$crate::Sql] = &[$($name),+];
    };
}
