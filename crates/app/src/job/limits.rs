//! From where on work is a job.

/// The rows that a request still works on itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Rows of a list that is saved as a file.
    pub(crate) export_rows: i64,
    /// Rows of a list that is imported.
    pub(crate) import_rows: i64,
}

/// The environment variables that set them.
const EXPORT: &str = "JIXIAO_EXPORT_ROWS";
const IMPORT: &str = "JIXIAO_IMPORT_ROWS";

impl Default for Limits {
    /// House rule: what an office machine waits for without wondering, two or three seconds.
    fn default() -> Self {
        Self {
            export_rows: 5_000,
            import_rows: 2_000,
        }
    }
}

impl Limits {
    /// As the environment sets them; a value that is no number counts as none.
    pub(crate) fn of_process() -> Self {
        Self::read(|name| std::env::var(name).ok())
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let usual = Self::default();
        let rows = |name: &str, usual: i64| {
            let rows = value(name).and_then(|text| text.trim().parse().ok());
            rows.filter(|rows| *rows >= 0).unwrap_or(usual)
        };
        Self {
            export_rows: rows(EXPORT, usual.export_rows),
            import_rows: rows(IMPORT, usual.import_rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn a_limit_that_is_no_number_of_rows_stays_the_usual_one() {
        for (text, rows) in [
            (None, 5_000),
            (Some("800"), 800),
            (Some("0"), 0),
            (Some("-1"), 5_000),
            (Some("many"), 5_000),
        ] {
            let read = Limits::read(|name| {
                text.filter(|_| name == "JIXIAO_EXPORT_ROWS")
                    .map(str::to_owned)
            });
            assert_eq!(read.export_rows, rows, "{text:?}");
            assert_eq!(read.import_rows, 2_000, "{text:?}");
        }
    }
}
