//! What a check says about a form: which rule, how severe, where, and what to do.

use serde::{Deserialize, Serialize};

/// How much a finding weighs.
///
/// House rule: E stands for arithmetic and missing obligatory parts alone; what needs judgement
/// is W, so that a clerk can trust that an E is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Blocks submission.
    E,
    /// Asks for an explanation.
    W,
    /// Tells something worth knowing.
    I,
}

/// One thing that a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Identifier of the rule (`V01` … `V59` of the domain reference, `C…` for the house's own).
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// Where it is: a cell address in a workbook, a JSON pointer in a transcription.
    pub r#where: String,
    /// A Chinese sentence that a clerk can act on.
    pub message: String,
    /// What stands on the form, as printed.
    pub printed: Option<String>,
    /// What it should be, where that can be computed.
    pub computed: Option<String>,
}
