//! What must be attached before a record is sent, as a place has it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::attachment::{Type, types};
use crate::workflow::RecordKind;

/// The required attachments.
///
/// Source: 财预〔2020〕10号 for scheme, working papers and report of an evaluation. House rule: what
/// is not required here may be attached and need not be, because paper is asked for by the
/// reviewer, not by a program.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachments {
    /// The names of the types, by the kind's name; a kind that is not named requires nothing.
    #[serde(default)]
    pub required: BTreeMap<String, Vec<String>>,
}

impl Attachments {
    /// What must be attached to a record of the kind before it is sent.
    pub fn required(&self, kind: RecordKind) -> Vec<Type> {
        let named = self.required.get(kind.name()).into_iter().flatten();
        named.filter_map(|name| Type::find(name)).collect()
    }

    /// The first mistake, as a Chinese clause.
    pub(super) fn flaw(&self) -> Option<String> {
        for (kind_name, names) in &self.required {
            let Some(kind) = RecordKind::find(kind_name) else {
                return Some(format!("没有记录种类「{kind_name}」"));
            };
            let known = types(kind);
            let is_known = |name: &String| known.iter().any(|known| known.name() == name);
            if let Some(name) = names.iter().find(|name| !is_known(name)) {
                let known: Vec<&str> = known.iter().map(|known| known.name()).collect();
                return Some(format!(
                    "「{kind_name}」没有附件类型「{name}」，可用的是：{}",
                    known.join("、")
                ));
            }
        }
        None
    }
}
