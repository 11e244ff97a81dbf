//! From a workbook to filed targets, with the cell in which each begins.

use domain::form::{Field, Form};
use domain::form_reader;
use domain::rulepack::target_form::{TargetForm, TargetForms};
use domain::target::Filed;
use office::workbook::{Sheet, Workbook};

use super::long;
use crate::check::read::grid;
use crate::target::sheet::FORM;
use crate::target::sheet_back::{read_sheet, stamp};

/// The forms that the place has.
pub(crate) type Forms = &'static TargetForms;

/// A target as a file has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct FiledTarget {
    /// The cell in which it begins.
    pub(crate) place: String,
    /// The target that our own workbook was made for.
    pub(crate) id: Option<String>,
    /// The project's code; empty where the file has none.
    pub(crate) code: String,
    /// The name of the project, the department or the policy.
    pub(crate) name: String,
    /// The unit's name, where the file has it.
    pub(crate) unit: Option<String>,
    pub(crate) unit_code: Option<String>,
    /// 预算年度, where the file has it.
    pub(crate) year: Option<i64>,
    /// What it says.
    pub(crate) filed: Filed,
}

/// Every target of a workbook, in the order of its sheets.
///
/// # Errors
/// A Chinese sentence: there is none.
pub(crate) fn read(book: &Workbook, forms: Forms) -> Result<Vec<FiledTarget>, String> {
    let visible = || book.sheets.iter().filter(|sheet| !sheet.hidden);
    let is_one = visible().count() == 1;
    let mut found = Vec::new();
    for sheet in visible() {
        let own = match own(book, sheet, forms) {
            Some(own) => vec![own?],
            None => long::read(sheet).unwrap_or_else(|| any(sheet, forms)),
        };
        found.extend(own.into_iter().map(|mut target| {
            target.filed = target.filed.looked_through();
            if !is_one {
                name_places(&mut target, &sheet.name);
            }
            target
        }));
    }
    if found.is_empty() {
        return Err(
            "找不到绩效目标：每张工作表应是一份绩效目标表，或者一张有「项目名称」\
                    「三级指标」「指标值」等列的长表；请确认选对了文件"
                .to_owned(),
        );
    }
    Ok(found)
}

/// Puts the sheet's name before each place.
fn name_places(target: &mut FiledTarget, sheet: &str) {
    let rows = target.filed.rows.iter_mut().map(|row| &mut row.place);
    for place in rows.chain([&mut target.place]) {
        if !place.contains('!') {
            *place = format!("{sheet}!{place}");
        }
    }
}

/// A sheet that we made; none where we did not.
fn own(book: &Workbook, sheet: &Sheet, forms: Forms) -> Option<Result<FiledTarget, String>> {
    let said = |name| stamp(book, &sheet.name, name).map(str::to_owned);
    if said("form").as_deref() != Some(FORM) {
        return None;
    }
    let form = forms.find(&said("declared").unwrap_or_default());
    let filed = form.and_then(|form| read_sheet(sheet, form));
    Some(
        filed
            .ok_or_else(|| {
                format!(
                    "工作表「{}」是系统下载的填报表，但版式被改动过，读不出来；请重新下载后填写",
                    sheet.name
                )
            })
            .map(|filed| FiledTarget {
                place: "A1".to_owned(),
                id: said("id"),
                code: String::new(),
                name: said("object").unwrap_or_default(),
                unit: said("unit"),
                unit_code: None,
                year: said("year").and_then(|year| year.parse().ok()),
                filed,
            }),
    )
}

/// The targets of a sheet of whatever layout.
fn any(sheet: &Sheet, forms: Forms) -> Vec<FiledTarget> {
    let grids = [grid(sheet.clone())];
    let Ok(read) = form_reader::read(&grids) else {
        return Vec::new();
    };
    let read = read.into_iter().map(|(form, _)| form);
    let read: Vec<Form> = read.filter(|form| !form.indicators.is_empty()).collect();
    let is_one = read.len() == 1;
    read.iter()
        .map(|form| {
            let mut target = of_form(form);
            // The fields of several forms on one sheet cannot be told apart by their labels.
            if let Some(declared) = applying(sheet, forms).filter(|_| is_one) {
                target.filed.parts = form_reader::declared(declared, &grids);
            }
            target
        })
        .collect()
}

/// The form that a sheet's title speaks of.
fn applying(sheet: &Sheet, forms: Forms) -> Option<&'static TargetForm> {
    let mut cells = sheet.rows.iter().take(3).flatten();
    let is_whole = cells.any(|cell| cell.text().contains("整体支出"));
    let kind = if is_whole { "department" } else { "project" };
    forms.applying(kind, "initial")
}

fn of_form(form: &Form) -> FiledTarget {
    let printed = |field: &Option<Field>| {
        let field = field.as_ref().filter(|field| !field.printed.is_empty());
        field.map(|field| field.printed.trim().to_owned())
    };
    let name = form.project_name.as_ref();
    let place = name.map(|field| field.place.clone());
    let unit = printed(&form.unit);
    FiledTarget {
        place: place.unwrap_or_else(|| "A1".to_owned()),
        name: printed(&form.project_name)
            .or_else(|| unit.clone())
            .unwrap_or_default(),
        unit,
        year: form
            .fiscal_year
            .as_ref()
            .and_then(|it| it.value)
            .map(i64::from),
        filed: Filed::of(form),
        ..FiledTarget::default()
    }
}
