//! All targets of a unit in one workbook, each on a sheet of its own, to be filled and loaded
//! again.

use db::Tx;
use domain::number::{Centi, Decimal};
use office::workbook::{FormSheet, write_forms};

use super::Stop;
use super::sheet::{self, Head};
use super::store::{many, record};
use crate::workflow;

/// Most letters of a sheet's name. Source: Excel allows 31.
const MOST_SHEET_LETTERS: usize = 31;

/// The targets of a unit's own objects in a year as a workbook.
pub(crate) struct Exported {
    /// The unit's name.
    pub(crate) unit: String,
    /// How many targets there are.
    pub(crate) count: usize,
    pub(crate) bytes: Vec<u8>,
}

/// The workbook of a unit; none where the region has no object of such a unit, or none of them has
/// a target in the year.
///
/// # Errors
/// The database fails, or there is more than a workbook can hold.
pub(crate) fn of_unit(
    tx: &mut Tx<'_>,
    region: &str,
    unit: &str,
    year: i64,
) -> Result<Option<Exported>, Stop> {
    let objects = many::objects(tx, region)?;
    let own: Vec<_> = objects
        .into_iter()
        .filter(|object| object.unit_code == unit)
        .collect();
    let Some(first) = own.first() else {
        return Ok(None);
    };
    let (name, unit_id) = (first.unit_name.clone(), first.unit_id.clone());
    let targets = many::of_unit(tx, &unit_id, year)?;
    let pack = workflow::place_pack(tx)?;
    let full = Centi::from_decimal(Decimal::ONE_HUNDRED - pack.weights.exec.0);
    let mut sheets: Vec<FormSheet> = Vec::new();
    for object in &own {
        let Some(known) = targets.get(&object.id) else {
            continue;
        };
        let Some(record) = record::find(tx, &known.id)? else {
            continue;
        };
        let head = Head {
            record: &record,
            full: full.unwrap_or(Centi::HUNDRED),
        };
        sheets.push(FormSheet {
            name: sheet_name(sheets.len() + 1, &object.name),
            ..sheet::form(&head, &record.target, &[])
        });
    }
    if sheets.is_empty() {
        return Ok(None);
    }
    let bytes = write_forms(&sheets);
    // The text of this error is for the user.
    let bytes = bytes.map_err(|error| Stop::Told(web::Error::Refused(error.to_string())))?;
    Ok(Some(Exported {
        unit: name,
        count: sheets.len(),
        bytes,
    }))
}

/// `01 农村饮水`: numbers keep the names apart and in order.
fn sheet_name(number: usize, object: &str) -> String {
    let fits = |letter: &char| !letter.is_control() && !"[]:*?/\\'".contains(*letter);
    let name = object.chars().filter(fits);
    let numbered = format!("{number:02} ")
        .chars()
        .chain(name)
        .collect::<Vec<char>>();
    let name: String = numbered.into_iter().take(MOST_SHEET_LETTERS).collect();
    name.trim().to_owned()
}
