//! Clerks who each save a target of ten indicators, over and over, beside a bare server that reads
//! the same form and commits as many rows in groups.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Result, ensure};
use db::{Db, Error, Sql};

use crate::client::{Client, Load, Times, drive, request};
use crate::form;
use crate::site::Site;

/// The unit whose clerk saves.
const UNIT: (&str, &str) = ("101", "101a");

/// The year, for which nobody else has targets.
const YEAR: &str = "2022";

const ROWS: usize = 10;

const TARGETS: Sql = Sql {
    name: "TARGETS",
    text: "SELECT t.id FROM performance_target t JOIN managed_object o ON o.id = t.object_id \
           WHERE o.name LIKE '保存测速%' ORDER BY o.code",
};

/// Saves with every value changed, and with one value changed, each with the bare server's times.
pub(crate) struct Saved {
    pub(crate) bare: Times,
    pub(crate) all: Times,
    pub(crate) one: Times,
}

/// Lets as many clerks as the load has connections save.
pub(crate) fn saving(site: &Site, data: &Path, bare: SocketAddr, load: Load) -> Result<Saved> {
    // Each line has targets of its own, so that versions begin anew.
    let targets = begin(site, data, load.connections * 2)?;
    let cookie = site.cookie(UNIT.1)?;
    let mut forms = Vec::new();
    for (place, id) in targets.iter().enumerate() {
        let path = format!("/targets/{id}/edit?year={YEAR}");
        let page = request("GET", &path, &[("cookie", &cookie)], "");
        let page = Client::connect(site.address)?.send(&page)?.text();
        let most = if place < load.connections { ROWS } else { 1 };
        forms.push(Form::read(&path, &cookie, &page, most)?);
    }
    let (all, one) = forms.split_at(load.connections);
    Ok(Saved {
        bare: drive(bare, load, 200, |connection, number| {
            all[connection].request("/form", number)
        })?,
        all: drive(site.address, load, 303, |connection, number| {
            all[connection].request(&all[connection].path, number)
        })?,
        one: drive(site.address, load, 303, |connection, number| {
            one[connection].request(&one[connection].path, number)
        })?,
    })
}

/// A form with two contents in turns.
struct Form {
    path: String,
    cookie: String,
    bodies: [String; 2],
}

impl Form {
    /// The form of a page, of whose indicators so many change with each save.
    fn read(path: &str, cookie: &str, page: &str, most: usize) -> Result<Self> {
        let mut fields = form::fields(page, "edit");
        let values = fields.iter().filter(|(name, _)| form::is_value(name));
        ensure!(values.count() == ROWS, "the form has other indicators");
        fields.retain(|(name, _)| name != "version");
        let with = |number: usize| {
            let mut fields = fields.clone();
            let values = fields.iter_mut().filter(|(name, _)| form::is_value(name));
            for (_, value) in values.take(most) {
                *value = format!("{value}{number}");
            }
            fields.push(("do".to_owned(), "save".to_owned()));
            form::body(&fields)
        };
        Ok(Self {
            path: path.to_owned(),
            cookie: cookie.to_owned(),
            bodies: [with(1), with(2)],
        })
    }

    /// The save of this number.
    fn request(&self, path: &str, number: usize) -> Vec<u8> {
        let body = format!("version={}&{}", number + 1, self.bodies[number % 2]);
        let headers = [
            ("cookie", &*self.cookie),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        request("POST", path, &headers, &body)
    }
}

/// Imports so many projects with a target each, which nobody has sent yet.
fn begin(site: &Site, data: &Path, count: usize) -> Result<Vec<String>> {
    let mut budget =
        "单位编码,项目编码,项目名称,项目类别,资金性质,资金级次,变动类型,金额（万元）\n".to_owned();
    let mut targets = "单位编码,项目编码,项目名称,年度目标,一级指标,二级指标,三级指标,指标性质,\
                       指标值,度量单位,权重\n"
        .to_owned();
    for project in 0..count {
        let code = format!("51068322T{:012}", 700_000 + project);
        let named = format!("{},{code},保存测速{project}", UNIT.0);
        writeln!(
            budget,
            "{named},特定目标类,一般公共预算资金,本级,年初,{}",
            100 + project
        )?;
        for row in 0..ROWS {
            writeln!(
                targets,
                "{named},完成第{project}项全年任务，保障运转。,产出指标,数量指标,\
                 第{project}项工作量{row},≥,{row}1,次,9"
            )?;
        }
    }
    for (what, list) in [("budget", &budget), ("target", &targets)] {
        let file = data.join(format!("{what}.csv"));
        std::fs::write(&file, list)?;
        site.import(what, YEAR, &file)?;
    }
    let db = Db::open(&format!("sqlite://{}", data.join("jixiao.db").display()))?;
    let rows = db.read_blocking(|tx| tx.query(TARGETS, &[]))?;
    let ids: Result<Vec<String>, Error> = rows.iter().map(|row| row.text("id")).collect();
    let ids = ids?;
    ensure!(
        ids.len() == count,
        "{} targets instead of {count}",
        ids.len()
    );
    Ok(ids)
}
