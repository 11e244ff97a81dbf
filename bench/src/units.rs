//! A province's units: a list to import, and what is asked of it.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Lower units of each department, and of each of those.
const BELOW: usize = 31;

/// Pages of units; `{unit}` is a department that was imported.
pub(crate) const PAGES: [(&str, &str); 6] = [
    ("departments", "/units?year=2020&day=2020-06-01"),
    (
        "units below one",
        "/units?year=2020&day=2020-06-01&under={unit}",
    ),
    ("one unit", "/units/{unit}?year=2020&day=2020-06-01"),
    (
        "units, common name",
        "/units?year=2020&day=2020-06-01&text=%E5%AD%A6%E6%A0%A1",
    ),
    (
        "units, one name",
        "/units?year=2020&day=2020-06-01&text=%E6%9C%80%E5%90%8E%E4%B8%80%E4%B8%AA",
    ),
    (
        "units, unknown name",
        "/units?year=2020&day=2020-06-01&text=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA",
    ),
];

/// The id of the last department of the page of departments.
pub(crate) fn department(page: &str) -> Result<&str> {
    let found = page
        .rsplit("under=")
        .next()
        .and_then(|rest| rest.split('"').next());
    found.context("a link to what is below a department")
}

/// Writes a list of about `count` units in three levels.
pub(crate) fn write(file: &Path, count: usize) -> Result<()> {
    let mut text = "单位编码,单位名称,上级单位编码\n".to_owned();
    let departments = count.div_ceil(1 + BELOW + BELOW * BELOW);
    for a in 0..departments {
        let top = format!("9{a:03}");
        writeln!(text, "{top},第{a}厅,")?;
        for b in 0..BELOW {
            let middle = format!("{top}{b:03}");
            writeln!(text, "{middle},第{a}厅第{b}局,{top}")?;
            for c in 0..BELOW {
                let kind = ["学校", "医院", "管理站", "服务中心"][c % 4];
                writeln!(text, "{middle}{c:03},第{a}厅第{b}局{c}号{kind},{middle}")?;
            }
        }
    }
    writeln!(text, "9999,最后一个厅,")?;
    std::fs::write(file, text)?;
    Ok(())
}
