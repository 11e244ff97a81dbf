//! The rule pack that a command names.

use domain::rulepack::{self, RulePack};

use super::Failure;

/// Finds a pack by its id, with or without its version (`national-2020@2020.1`).
///
/// # Errors
/// A Chinese sentence that lists the packs.
pub(crate) fn find(wanted: &str) -> Result<&'static RulePack, Failure> {
    let (id, version) = wanted
        .split_once('@')
        .map_or((wanted, None), |(id, version)| (id, Some(version)));
    let pack = rulepack::builtin(id)
        .filter(|pack| version.is_none_or(|version| *version == *pack.version));
    pack.ok_or_else(|| {
        let known: Vec<String> = rulepack::builtin_packs()
            .iter()
            .map(|pack| format!("{}（{}）", pack.id, pack.name))
            .collect();
        Failure(format!(
            "没有规则包「{wanted}」；可用的有：{}",
            known.join("、")
        ))
    })
}
