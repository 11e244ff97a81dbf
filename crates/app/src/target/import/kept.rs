//! Filed targets as a text that waits for its confirmation.

use serde::{Deserialize, Serialize};
use web::Error;

use super::FiledTarget;
use crate::target::workbook;

#[derive(Serialize, Deserialize)]
struct Kept {
    place: String,
    id: Option<String>,
    code: String,
    name: String,
    unit: Option<String>,
    unit_code: Option<String>,
    year: Option<i64>,
    filed: String,
}

/// The targets as a text.
///
/// # Errors
/// It cannot be written.
pub(in crate::target) fn to_text(filed: &[FiledTarget]) -> Result<String, Error> {
    let kept = filed.iter().map(|target| Kept {
        place: target.place.clone(),
        id: target.id.clone(),
        code: target.code.clone(),
        name: target.name.clone(),
        unit: target.unit.clone(),
        unit_code: target.unit_code.clone(),
        year: target.year,
        filed: workbook::to_text(&target.filed),
    });
    let kept: Vec<Kept> = kept.collect();
    Ok(serde_json::to_string(&kept)?)
}

/// The targets of a text.
///
/// # Errors
/// It is not one of ours.
pub(in crate::target) fn of_text(text: &str) -> Result<Vec<FiledTarget>, Error> {
    let kept: Vec<Kept> = serde_json::from_str(text)?;
    let target = |kept: Kept| {
        Ok(FiledTarget {
            filed: workbook::of_text(&kept.filed)?,
            place: kept.place,
            id: kept.id,
            code: kept.code,
            name: kept.name,
            unit: kept.unit,
            unit_code: kept.unit_code,
            year: kept.year,
        })
    };
    kept.into_iter().map(target).collect()
}
