//! What indicators of one name and unit reached in earlier years.

use std::collections::BTreeMap;

use db::{Error, Tx, Value};
use domain::advice::reached_value;
use domain::distribution::{Band, band};
use domain::number::Decimal;
use domain::rulepack::RulePack;
use domain::target::Target;

use super::record::Record;
use crate::permission::{Reach, within};

/// Most values of one indicator that are looked at, the newest first. House rule: a quartile of
/// five hundred does not move by one more, and a form waits for no more.
pub(in crate::target) const MOST_VALUES: i64 = 500;

db::statements! {
    // Accepted or published: what is still at work says nothing yet.
    VALUES = "SELECT i.operator, i.value_text, i.level2, l.actual_text FROM indicator i \
        JOIN self_evaluation_line l ON l.indicator_id = i.id \
        JOIN self_evaluation s ON s.id = l.self_evaluation_id \
        WHERE i.region_code = $1 AND i.name = $2 AND i.unit = $3 \
        AND s.state IN ('accepted', 'published') AND s.subject_year BETWEEN $4 AND $5 \
        ORDER BY s.subject_year DESC, s.id, l.id LIMIT $6";
    // The same values with whose they are.
    RECORDS = concat!("SELECT i.operator, i.value_text, i.level2, l.actual_text, s.id, \
        s.subject_year, o.name AS object_name, u.name AS unit_name, \
        CASE WHEN s.state = 'published' OR ",
        within!("$7", "$8", "$9", "$10", "$11", "$12", "s.subject_year"),
        " THEN 1 ELSE 0 END AS is_seen FROM indicator i \
        JOIN self_evaluation_line l ON l.indicator_id = i.id \
        JOIN self_evaluation s ON s.id = l.self_evaluation_id \
        JOIN managed_object o ON o.id = s.object_id JOIN organisation_unit u ON u.id = o.unit_id \
        LEFT JOIN organisation_unit above ON above.id = u.parent_id \
        LEFT JOIN organisation_unit top ON top.id = above.parent_id \
        WHERE i.region_code = $1 AND i.name = $2 AND i.unit = $3 \
        AND s.state IN ('accepted', 'published') AND s.subject_year BETWEEN $4 AND $5 \
        ORDER BY s.subject_year DESC, s.id, l.id LIMIT $6");
}

/// An indicator: its name and its unit.
pub(in crate::target) type Key = (String, String);

/// A value that was reached, with whose it is.
#[derive(Debug, Clone)]
pub(in crate::target) struct Reached {
    pub(in crate::target) self_evaluation: String,
    pub(in crate::target) year: i64,
    pub(in crate::target) object: String,
    pub(in crate::target) unit: String,
    /// 指标值 and 完成值 as printed.
    pub(in crate::target) target: String,
    pub(in crate::target) actual: String,
    /// The number that it is; none where it is none in this unit.
    pub(in crate::target) value: Option<Decimal>,
    /// Whether the person may see whose it is.
    pub(in crate::target) is_seen: bool,
}

/// The first and the last year that count for a target of the year.
fn years(pack: &RulePack, year: i64) -> (i64, i64) {
    (year - i64::from(pack.advice.band_years), year - 1)
}

/// The quartiles of what the indicators of the target reached in earlier years, where there are
/// enough values.
pub(in crate::target) fn bands(
    tx: &mut Tx<'_>,
    pack: &RulePack,
    record: &Record,
    target: &Target,
) -> Result<BTreeMap<Key, Band>, Error> {
    let mut bands = BTreeMap::new();
    let (first, last) = years(pack, record.year);
    for row in &target.rows {
        let key = (row.name.trim().to_owned(), row.unit.trim().to_owned());
        if key.0.is_empty() || bands.contains_key(&key) {
            continue;
        }
        let rows = tx.query(
            VALUES,
            &[
                &record.region_code,
                &key.0,
                &key.1,
                &first,
                &last,
                &MOST_VALUES,
            ],
        )?;
        let mut values = Vec::with_capacity(rows.len());
        for row in &rows {
            values.extend(value(row, &key)?);
        }
        if let Some(band) = enough(pack, &values) {
            bands.insert(key, band);
        }
    }
    Ok(bands)
}

/// The quartiles, where there are enough values.
pub(in crate::target) fn enough(pack: &RulePack, values: &[Decimal]) -> Option<Band> {
    let least = usize::try_from(pack.advice.band_from).unwrap_or(usize::MAX);
    (values.len() >= least).then(|| band(values)).flatten()
}

fn value(row: &db::Row, (name, unit): &Key) -> Result<Option<Decimal>, Error> {
    let past = domain::advice::Past {
        name: name.clone(),
        operator: row.text("operator")?,
        value: row.text("value_text")?,
        unit: unit.clone(),
        actual: row.text("actual_text")?,
    };
    Ok(reached_value(&past, &row.text("level2")?)
        .filter(|(_, own)| own == unit)
        .map(|(value, _)| value))
}

/// The values behind a band with whose they are, the newest first.
pub(in crate::target) fn records(
    tx: &mut Tx<'_>,
    pack: &RulePack,
    record: &Record,
    key: &Key,
    reach: &Reach,
) -> Result<Vec<Reached>, Error> {
    let (first, last) = years(pack, record.year);
    let mut values = vec![
        Value::Text(record.region_code.clone()),
        Value::Text(key.0.clone()),
        Value::Text(key.1.clone()),
        Value::Int(first),
        Value::Int(last),
        Value::Int(MOST_VALUES),
    ];
    values.extend(reach.values());
    let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
    let rows = tx.query(RECORDS, &values)?;
    rows.iter()
        .map(|row| {
            Ok(Reached {
                self_evaluation: row.text("id")?,
                year: row.int("subject_year")?,
                object: row.text("object_name")?,
                unit: row.text("unit_name")?,
                target: format!("{} {}", row.text("operator")?, row.text("value_text")?),
                actual: row.text("actual_text")?,
                value: value(row, key)?,
                is_seen: row.int("is_seen")? == 1,
            })
        })
        .collect()
}
