//! Damaged tables: whatever happens to a filed table on its way, either it is understood as it was,
//! or somebody is told. Nothing goes wrong in silence.

mod bytes;
mod cells;
mod judge;
mod shape;
mod table;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use domain::check::check;
use domain::finding::Finding;
use domain::form::Form;
use domain::rulepack::default_pack;

use super::layouts::{self, Layout, Levels, MoneyBlock};
use super::read;
use super::read_tests::sample;
use judge::{Truth, Verdict, judge};
use table::Table;

/// A kind of damage: its name, what a person reads on the damaged table, and how it is done to the
/// first, the middle or the last place where it can be.
struct Kind {
    name: &'static str,
    truth: Truth,
    damage: fn(&Table, usize) -> Option<Vec<u8>>,
}

impl Kind {
    const fn new(
        name: &'static str,
        truth: Truth,
        damage: fn(&Table, usize) -> Option<Vec<u8>>,
    ) -> Self {
        Self {
            name,
            truth,
            damage,
        }
    }

    fn all() -> impl Iterator<Item = &'static Self> {
        cells::KINDS.iter().chain(shape::KINDS).chain(bytes::KINDS)
    }
}

/// The forms of a file with all that is noticed, as `jixiao check` says it; or why it is refused.
fn read_and_check(bytes: &[u8], name: &str) -> Result<Vec<(Form, Vec<Finding>)>, String> {
    let forms = read::read(bytes, name).map_err(|error| error.to_string())?;
    let checked = forms.into_iter().map(|(form, mut findings)| {
        findings.extend(check(default_pack(), &form));
        (form, findings)
    });
    Ok(checked.collect())
}

/// What became of all damaged tables: how often each verdict was given, and the silent ones.
#[derive(Default)]
struct Outcome {
    counts: BTreeMap<Verdict, usize>,
    by_kind: BTreeMap<&'static str, BTreeMap<Verdict, usize>>,
    silent: Vec<String>,
}

impl Outcome {
    fn of(tables: &[Table]) -> Self {
        let mut outcome = Self::default();
        for kind in Kind::all() {
            for table in tables {
                for nth in 0..3 {
                    outcome.add(kind, table, nth);
                }
            }
        }
        outcome
    }

    fn add(&mut self, kind: &'static Kind, table: &Table, nth: usize) {
        let Some(bytes) = (kind.damage)(table, nth) else {
            return;
        };
        let read = read_and_check(&bytes, &table.name);
        let (verdict, changes) = judge(kind.truth, table, &read);
        *self.counts.entry(verdict).or_default() += 1;
        let of_kind = self.by_kind.entry(kind.name).or_default();
        *of_kind.entry(verdict).or_default() += 1;
        if verdict == Verdict::Silent {
            let changes = changes.join("；");
            let line = format!("{} / {} / {nth}：{changes}", kind.name, table.name);
            self.silent.push(line);
        }
    }

    fn report(&self) -> String {
        let mut out = format!("{:?}\n", self.counts);
        for (kind, counts) in &self.by_kind {
            writeln!(out, "{kind} {counts:?}").unwrap();
        }
        for line in &self.silent {
            writeln!(out, "{line}").unwrap();
        }
        out
    }
}

/// Tables in the layouts that are met.
fn own_tables() -> Vec<Table> {
    let plain = Layout::NATIONAL;
    let layouts = [
        ("国家版", plain),
        (
            "三栏指标",
            Layout {
                target_in_three: true,
                words: 1,
                ..plain
            },
        ),
        (
            "分值在前",
            Layout {
                points_first: true,
                words: 2,
                ..plain
            },
        ),
        (
            "重复层级",
            Layout {
                levels: Levels::Repeated,
                ..plain
            },
        ),
        (
            "空白层级",
            Layout {
                levels: Levels::Blank,
                words: 1,
                ..plain
            },
        ),
        (
            "资金转置",
            Layout {
                money: MoneyBlock::Transposed,
                ..plain
            },
        ),
        (
            "资金逆序",
            Layout {
                money: MoneyBlock::ReversedColumns,
                words: 2,
                ..plain
            },
        ),
        (
            "两行表头",
            Layout {
                two_row_heading: true,
                labels_above: true,
                ..plain
            },
        ),
    ];
    let table = |(name, layout): (&str, Layout)| {
        let pieces = layouts::pieces(&sample(), &layout);
        let bytes = layouts::workbook(&[("自评表", false, pieces)]);
        Table::open(name, &bytes).unwrap()
    };
    layouts.into_iter().map(table).collect()
}

/// Tables of a folder.
fn tables_of(folder: &Path) -> Vec<Table> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "xlsx")
        })
        .collect();
    paths.sort();
    let open = |path: &std::path::PathBuf| {
        let name = path.file_stem()?.to_str()?.to_owned();
        Table::open(&name, &std::fs::read(path).unwrap())
    };
    paths.iter().filter_map(open).collect()
}

#[test]
fn there_are_more_than_forty_kinds_of_damage() {
    assert!(Kind::all().count() >= 40, "{}", Kind::all().count());
    let tables = own_tables();
    for kind in Kind::all() {
        let damages = |table: &Table| (0..3).any(|nth| (kind.damage)(table, nth).is_some());
        let is_done = tables.iter().any(damages);
        assert!(is_done, "{} damages none of our tables", kind.name);
    }
}

/// Over our own tables, and over the workbooks of the folder `JIXIAO_TABLES` for whoever has some.
#[test]
fn damage_is_never_taken_in_silence() {
    let mut tables = own_tables();
    if let Some(folder) = std::env::var_os("JIXIAO_TABLES") {
        tables.extend(tables_of(Path::new(&folder)));
    }
    let outcome = Outcome::of(&tables);
    println!("{} tables: {}", tables.len(), outcome.report());
    assert!(outcome.silent.is_empty(), "{}", outcome.report());
}
