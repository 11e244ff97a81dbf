//! Fiscal years, the bureau's business sections, units, and the objects themselves.

use domain::scoring::ObjectKind;

use super::city::{City, Object};
use super::rows::Rows;
use super::store;

/// The bureau's business sections: id, name, and the words that a unit names its section with.
pub(super) const SECTIONS: [(&str, &str, &str); 7] = [
    ("g-1", "行政政法股", "政法"),
    ("g-2", "教科文股", "教科"),
    ("g-3", "社会保障股", "社保"),
    ("g-4", "农业股", "农业"),
    ("g-5", "经济建设股", "建设"),
    ("g-6", "企业股", "企业"),
    ("g-7", "乡镇财政股", "乡财"),
];

const YEARS: [i64; 3] = [2019, 2020, 2021];

/// `u-001`
pub(super) fn unit_id(unit: usize) -> String {
    format!("u-{:03}", unit + 1)
}

/// Writes years, sections, units and objects.
pub(super) fn write(rows: &mut Rows, city: &City) {
    rows.record(store::INSERT_REGION, &[&"绵竹市", &"绵竹市财政局"]);
    for year in YEARS {
        rows.part(store::INSERT_YEAR, &[&year]);
    }
    for (id, name, _) in SECTIONS {
        rows.record(store::INSERT_SECTION, &[&id, &name]);
    }
    for (number, unit) in city.units.iter().enumerate() {
        let id = unit_id(number);
        let section = SECTIONS.iter().find(|(.., word)| *word == unit.section);
        let (section, ..) = section.expect("every unit of the texts has a section");
        write_unit(rows, section, [&id, unit.code, unit.name, "first"], None);
        for (place, name) in (1..).zip(&unit.below) {
            let below = format!("{id}-{place:02}");
            let code = format!("{}{place:03}", unit.code);
            write_unit(rows, section, [&below, &code, name, "second"], Some(&id));
        }
    }
    for object in &city.objects {
        write_object(rows, object);
    }
}

fn write_unit(
    rows: &mut Rows,
    section: &str,
    [id, code, name, level]: [&str; 4],
    parent: Option<&str>,
) {
    let since = "2019-01-01";
    rows.record(
        store::INSERT_UNIT,
        &[&id, &code, &name, &level, &parent, &since],
    );
    for year in YEARS {
        rows.part(store::INSERT_UNIT_SECTION, &[&id, &year, &section]);
    }
}

fn write_object(rows: &mut Rows, object: &Object) {
    let kind = match object.kind {
        ObjectKind::Project => "project",
        ObjectKind::Department => "department",
        ObjectKind::Policy => "policy",
    };
    let nature = (object.kind != ObjectKind::Department).then(|| {
        if object.money.contains_key(&2019) {
            "continuing"
        } else {
            "new"
        }
    });
    rows.record(
        store::INSERT_OBJECT,
        &[
            &object.id,
            &unit_id(object.unit),
            &kind,
            &object.code,
            &object.name,
            &object.project_kind,
            &nature,
            &object.needs_ex_ante(),
        ],
    );
}
