//! Lists as people file them, on both databases.

use axum::http::StatusCode;
use db::testing::TestDb;
use db::{Sql, Tx, on_both};
use domain::budget::Filed;
use domain::number::Fen;
use domain::permission::Role;
use office::workbook::{Area, Cell, Limits, Sheet, Workbook};

use super::import::{self, Asked, Plan};
use super::labels::Kind;
use super::layout;
use crate::database::MIGRATIONS;
use crate::serve::now_text;
use crate::serve::sample;
use crate::serve::testing::TestSite;

const REGION: &str = "510683";
const NOW: &str = "2020-06-01T08:00:00+08:00";
const A: &str = "51068320T000000000001";
const B: &str = "51000020R000000000002";

const SECTIONS: Sql = Sql {
    name: "SECTIONS",
    text: "SELECT DISTINCT fiscal_year FROM unit_section ORDER BY fiscal_year",
};

const COUNT_EVENTS: Sql = Sql {
    name: "COUNT_EVENTS",
    text: "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM event WHERE action LIKE '%_imported'",
};
const LINES: Sql = Sql {
    name: "LINES",
    text: "SELECT o.code, o.name, o.project_kind, b.book, b.fund_source, b.origin, \
           b.change_kind, b.amount_fen, b.document_number, b.function_code \
           FROM budget_line b JOIN managed_object o ON o.id = b.object_id \
           WHERE b.provenance = 'imported' ORDER BY o.code, b.change_kind, b.amount_fen",
};
const MONTHS: Sql = Sql {
    name: "MONTHS",
    text: "SELECT month, executed_fen FROM budget_execution WHERE provenance = 'imported' \
           ORDER BY object_id, month",
};

fn prepared(test: &TestDb) {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)
        })
        .unwrap();
}

fn asked(kind: Kind) -> Asked<'static> {
    Asked {
        kind,
        region: REGION,
        year: 2020,
        month: None,
    }
}

fn read(kind: Kind, text: &str) -> Result<Filed, String> {
    layout::read(text.as_bytes(), &Limits::default(), kind, 2020)
}

fn imported(tx: &mut Tx<'_>, kind: Kind, text: &str) -> Plan {
    let filed = read(kind, text).unwrap();
    let plan = import::look(tx, asked(kind), &filed).unwrap();
    import::write(tx, asked(kind), ("system", NOW), &plan).unwrap();
    plan
}

fn events(tx: &mut Tx<'_>) -> i64 {
    tx.one(COUNT_EVENTS, &[]).unwrap().int("found").unwrap()
}

fn lines(tx: &mut Tx<'_>) -> Vec<String> {
    let rows = tx.query(LINES, &[]).unwrap();
    let one = |row: &db::Row| {
        let texts = [
            "code",
            "name",
            "project_kind",
            "book",
            "fund_source",
            "origin",
            "change_kind",
            "document_number",
            "function_code",
        ];
        let texts = texts.map(|column| row.opt_text(column).unwrap().unwrap_or_default());
        format!("{} {}", texts.join("|"), row.int("amount_fen").unwrap())
    };
    rows.iter().map(one).collect()
}

fn messages(plan: &Plan) -> Vec<String> {
    let line =
        |line: &import::Line| format!("{} {} {}", line.place, line.outcome.name(), line.message);
    plan.lines.iter().map(line).collect()
}

fn list(amount: &str) -> String {
    format!(
        "绵竹市2020年项目预算表,,,,,,,\n单位：万元,,,,,,,\n\
         预算单位编码,单位名称,项目代码,项目名称,预算类型,功能分类科目,追加预算数,年初预算数\n\
         合计,,,,,,30,{amount}\n\
         001,绵竹市住房和城乡建设局,{A},管网改造,1,2120303-小城镇基础设施建设,30,100\n\
         ,,,,,,,\n\
         002,绵竹市卫生健康局,{B},村医补助,一般公共预算,210,,\"1,234.56\"\n"
    )
}

on_both!(
    MIGRATIONS,
    a_list_is_written_once_and_only_what_changes_is_written_again,
    |test| {
        prepared(test);
        test.db
            .write_blocking(|tx| {
                let text = list("1334.56");
                let first = imported(tx, Kind::Budget, &text);
                assert_eq!(first.counts(), [3, 0, 0, 0], "{:?}", messages(&first));
                assert!(
                    messages(&first)[0].contains("V14"),
                    "{:?}",
                    messages(&first)
                );
                let local = "general_public||local";
                let special = format!("special_purpose|{local}");
                assert_eq!(
                    lines(tx),
                    [
                        format!("{B}|村医补助|personnel|{local}|initial||210 1234560000"),
                        format!("{A}|管网改造|{special}|initial||2120303 100000000"),
                        format!("{A}|管网改造|{special}|supplement||2120303 30000000"),
                    ]
                );
                assert_eq!(events(tx), 1);
                let again = imported(tx, Kind::Budget, &text);
                assert_eq!(again.counts(), [0, 0, 3, 0]);
                assert_eq!(events(tx), 1);
                let changed = text
                    .replace("30,100", "35,100")
                    .replace("管网改造", "老旧管网改造");
                let changed = imported(tx, Kind::Budget, &changed);
                assert_eq!(changed.counts(), [0, 1, 2, 0], "{:?}", messages(&changed));
                let told = &messages(&changed)[0];
                assert!(told.contains("项目名称：管网改造 → 老旧管网改造"), "{told}");
                assert!(told.contains("金额：300000.00 → 350000.00 元"), "{told}");
                assert_eq!(lines(tx).len(), 3);
                assert_eq!(events(tx), 2);
                Ok::<_, db::Error>(())
            })
            .unwrap();
    }
);

on_both!(MIGRATIONS, one_wrong_row_keeps_everything_out, |test| {
    prepared(test);
    test.db
        .write_blocking(|tx| {
            let text = list("1")
                .replace("\"1,234.56\"", "约1234")
                .replace("\n002,", "\n2,");
            let plan = imported(tx, Kind::Budget, &text);
            assert_eq!(plan.counts()[3], 1);
            let told = messages(&plan).join("\n");
            assert!(
                told.contains("A7 rejected 单位编码“2”像是丢了前面的 0"),
                "{told}"
            );
            assert_eq!((lines(tx).len(), events(tx)), (0, 0));
            Ok::<_, db::Error>(())
        })
        .unwrap();
});

on_both!(MIGRATIONS, the_sums_of_the_file_stand_beside_ours, |test| {
    prepared(test);
    test.db
        .write_blocking(|tx| {
            let text = format!(
                "2020年预算,,,,\n单位编码,项目编码,项目名称,资金性质,年初预算数（元）\n\
                     001,{A},管网,一般公共预算资金,100\n001小计,,,,100\n\
                     002,{B},补助,政府性基金,30\n002,51068320T000000000003,设备,事业收入,5\n\
                     002小计,,,,40\n总计,,,,135\n"
            );
            let plan = imported(tx, Kind::Budget, &text);
            assert_eq!(plan.counts(), [3, 0, 0, 0], "{:?}", messages(&plan));
            let sums = |sums: &[import::Sum]| -> Vec<String> {
                let yuan = |fen: Fen| fen.yuan().normalize().to_string();
                sums.iter()
                    .map(|sum| {
                        let difference = sum.difference().map(yuan);
                        format!("{} {} {difference:?}", sum.code, yuan(sum.ours))
                    })
                    .collect()
            };
            assert_eq!(
                sums(&plan.reconciliation.units),
                ["001 100 Some(\"0\")", "002 35 Some(\"-5\")"]
            );
            assert_eq!(
                sums(&plan.reconciliation.books),
                [
                    "general_public 100 None",
                    "gov_fund 30 None",
                    "unit_funds 5 None"
                ]
            );
            let total = plan.reconciliation.totals.last().unwrap();
            assert_eq!((&*total.total.place, total.ours), ("E8", Fen(13_500)));
            assert_eq!(total.total.fen, total.ours);
            Ok::<_, db::Error>(())
        })
        .unwrap();
});

on_both!(
    MIGRATIONS,
    payments_are_told_by_month_or_as_a_sum_from_january_on,
    |test| {
        prepared(test);
        test.db
            .write_blocking(|tx| {
                imported(tx, Kind::Budget, &list("1"));
                let text = |month: &str, label: &str, fen: &str| {
                    format!("项目编码,月份,{label}（元）\n{A},{month},{fen}\n")
                };
                let months = |tx: &mut Tx<'_>| -> Vec<(i64, i64)> {
                    let rows = tx.query(MONTHS, &[]).unwrap();
                    let one = |row: &db::Row| {
                        (row.int("month").unwrap(), row.int("executed_fen").unwrap())
                    };
                    rows.iter().map(one).collect()
                };
                let january = text("1", "本月执行数", "10");
                assert_eq!(
                    imported(tx, Kind::Execution, &january).counts(),
                    [1, 0, 0, 0]
                );
                let june = text("2020年6月", "累计执行数", "100");
                assert_eq!(imported(tx, Kind::Execution, &june).counts(), [1, 0, 0, 0]);
                assert_eq!(months(tx), [(1, 1_000), (6, 9_000)]);
                // May's sum takes its part from June, whose sum stays.
                let may = text("202005", "累计支出", "40");
                assert_eq!(imported(tx, Kind::Execution, &may).counts(), [1, 0, 0, 0]);
                assert_eq!(months(tx), [(1, 1_000), (5, 3_000), (6, 6_000)]);
                assert_eq!(imported(tx, Kind::Execution, &june).counts(), [0, 0, 1, 0]);
                assert_eq!(events(tx), 4);
                let unknown = text("1", "本月执行数", "10")
                    .replace(A, B)
                    .replace("510000", "510001");
                let plan = imported(tx, Kind::Execution, &unknown);
                assert!(
                    messages(&plan)[0].contains("rejected"),
                    "{:?}",
                    messages(&plan)
                );
                Ok::<_, db::Error>(())
            })
            .unwrap();
    }
);

#[test]
fn a_head_of_two_rows_with_merged_cells_is_read() {
    let texts: [&[&str]; 6] = [
        &["2020年部门预算项目支出表", "", "", "", "", "", ""],
        &["", "", "", "", "", "", "单位：万元"],
        &[
            "单位名称",
            "项目编码",
            "项目名称",
            "合计",
            "财政拨款",
            "",
            "单位资金",
        ],
        &["", "", "", "", "一般公共预算", "政府性基金预算", ""],
        &["绵竹市卫生健康局", A, "补助", "6", "1", "2", "3"],
        &["", B, "设备", "1", "1", "", ""],
    ];
    let cell = |text: &&str| {
        if text.is_empty() {
            Cell::Empty
        } else {
            Cell::Text((*text).to_owned())
        }
    };
    let area = |top, left, bottom, right| Area {
        top,
        left,
        bottom,
        right,
    };
    let mut merges = vec![area(0, 0, 0, 6), area(2, 4, 2, 5), area(4, 0, 5, 0)];
    merges.extend([0, 1, 2, 3, 6].map(|column| area(2, column, 3, column)));
    let sheet = Sheet {
        name: "表6".to_owned(),
        rows: texts.map(|row| row.iter().map(cell).collect()).to_vec(),
        merges,
        ..Sheet::default()
    };
    let note = Sheet {
        name: "说明".to_owned(),
        rows: vec![vec![cell(&"填报说明")]],
        ..Sheet::default()
    };
    let test = TestDb::sqlite(MIGRATIONS);
    prepared(&test);
    let book = Workbook {
        sheets: vec![note, sheet],
    };
    let filed = layout::of_book(book, Kind::Budget, 2020).unwrap();
    assert!(filed.notes[0].contains("工作表“说明”"));
    let plan = test
        .db
        .write_blocking(move |tx| import::look(tx, asked(Kind::Budget), &filed))
        .unwrap();
    let told = messages(&plan);
    let places: Vec<String> = plan
        .lines
        .iter()
        .map(|line| format!("{} {}", line.place, line.outcome.name()))
        .collect();
    let expected = ["表6!E5 new", "表6!F5 new", "表6!G5 new", "表6!E6 new"];
    assert_eq!(places, expected, "{told:?}");
}

#[test]
fn what_is_merged_is_told_in_every_row_however_long_the_list_is() {
    let mut writer = rust_xlsxwriter::Workbook::new();
    let sheet = writer.add_worksheet();
    let plain = rust_xlsxwriter::Format::new();
    sheet
        .merge_range(0, 0, 0, 9, "预算表（单位：元）", &plain)
        .unwrap();
    for (column, label) in (0..).zip(["单位编码", "项目编码", "项目名称", "年初预算数"])
    {
        sheet.write_string(1, column, label).unwrap();
    }
    // The last areas begin in the first rows and end far behind them.
    for (top, bottom, unit) in [(2, 9, "001"), (10, 10, "002"), (11, 90, "003")] {
        if bottom > top {
            sheet.merge_range(top, 0, bottom, 0, unit, &plain).unwrap();
        } else {
            sheet.write_string(top, 0, unit).unwrap();
        }
    }
    sheet.merge_range(30, 1, 88, 1, A, &plain).unwrap();
    for row in (2..90).filter(|row| *row != 50) {
        sheet.write_string(row, 2, format!("项目{row}")).unwrap();
        sheet.write_number(row, 3, f64::from(row)).unwrap();
    }
    let bytes = writer.save_to_buffer().unwrap();
    let filed = layout::read(&bytes, &Limits::default(), Kind::Budget, 2020).unwrap();
    let rows: Vec<_> = filed.sheets[0].rows.iter().collect();
    for row in &rows {
        let unit = match row.row {
            ..10 => "001",
            10 => "002",
            _ => "003",
        };
        assert_eq!(row.text(domain::budget::Column::UnitCode), unit, "{row:?}");
    }
    let projects = rows
        .iter()
        .filter(|row| row.text(domain::budget::Column::ProjectCode) == A);
    // The blank row in the area is a row of the project too, without an amount.
    let places: Vec<usize> = projects.map(|row| row.row).collect();
    assert_eq!(places, (30..=88).collect::<Vec<_>>());
    assert!(
        rows.iter()
            .any(|row| row.row == 50 && row.amounts.is_empty())
    );
}

#[test]
fn a_file_that_leaves_open_what_is_meant_says_so() {
    for (kind, text, said) in [
        (Kind::Budget, "甲,乙\n1,2\n", "没有找到预算表"),
        (Kind::Budget, "项目编码,金额\nx,1\n", "没有写明金额单位"),
        (
            Kind::Execution,
            "项目编码,执行数（元）\nx,1\n",
            "看不出是累计数还是当月数",
        ),
        (
            Kind::Budget,
            "项目编码,一般公共预算（元）,其中：上级转移支付（元）\nx,2,1\n",
            "有重叠",
        ),
    ] {
        let refused = read(kind, text).unwrap_err();
        assert!(refused.contains(said), "{text}: {refused}");
    }
}

#[test]
fn a_list_in_gbk_is_read() {
    let text =
        format!("项目编码,项目名称,单位名称,2020年预算数（元）,2019年预算数\n{A},管网,甲局,5,4\n");
    let (bytes, ..) = encoding_rs::GBK.encode(&text);
    let filed = layout::read(&bytes, &Limits::default(), Kind::Budget, 2020).unwrap();
    assert_eq!(filed.sheets[0].amounts.len(), 1);
    let row = filed.sheets[0].rows.iter().next().unwrap();
    assert_eq!(&*row.amounts[0].text, "5");
    assert!(
        filed
            .notes
            .iter()
            .any(|note| note.contains("按年初预算读取"))
    );
}

#[test]
fn an_upload_is_previewed_and_confirmed_once() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepared(&test);
    let site = TestSite::logged_in_as(&test, Role::BudgetOfficer, None);
    let upload = |text: &str| {
        let files = [("预算.csv", text.as_bytes())];
        site.upload("/budget/import?year=2020", "", &files).text
    };
    let action = |html: &str| {
        let from = html.find("action=\"/budget/import/").unwrap() + 8;
        html[from..].split(['"', '?']).next().unwrap().to_owned()
    };
    let first = upload(&list("1334.56"));
    assert!(first.contains("新增 3，变更 0，未变 0，有误 0"), "{first}");
    assert!(first.contains("个合计都相符") && first.contains("V14"));
    let second = upload(&list("1334.56"));
    assert_eq!(site.post(&action(&first), "").status, StatusCode::SEE_OTHER);
    for (form, said) in [(&first, "已经办完或已过期"), (&second, "预算又有变动")] {
        let again = site.post(&action(form), "");
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains(said), "{}", again.text);
    }
    assert!(upload(&list("1334.56")).contains("与现有数据一致"));
    let differs = upload(&list("1"));
    assert!(differs.contains("个合计有 1 个不符") && differs.contains("H4 合计 年初预算数"));
    let wrong = upload(&list("1").replace(A, "P1"));
    assert!(wrong.contains("1 行有误，没有保存") && !wrong.contains("确认导入"));
    let site = TestSite::logged_in_as(&test, Role::TreasuryOfficer, None);
    let paid = format!("项目编码,累计执行数（万元）\n{A},60\n");
    let file = [("执行.csv", paid.as_bytes())];
    let asks = site.upload("/execution/import?year=2020", "", &file).text;
    assert!(asks.contains("没有写明月份"), "{asks}");
}

#[test]
fn the_first_figures_of_a_year_are_imported_on_the_page_and_open_it() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepared(&test);
    let site = TestSite::logged_in_as(&test, Role::BudgetOfficer, None);
    let page = |year: &str| site.get(&format!("/budget/import?year={year}")).text;
    let now = now_text();
    let next = &now[..4];
    assert!(page("2020").contains(&format!("value=\"{next}\">{next} 年（还没有数据")));
    let file = format!(
        "单位编码,单位名称,项目编码,项目名称,预算类型,年初预算数（万元）\n\
         001,绵竹市住房和城乡建设局,{A},管网改造,一般公共预算,60\n"
    );
    let upload = |year: &str| {
        let token = site.form_token();
        let fields = [("form_token", &*token), ("fiscal_year", year)];
        let files = [("预算.csv", file.as_bytes())];
        site.upload_with("/budget/import?year=2020", &fields, &files)
    };
    let nowhere = upload("1066");
    assert_eq!(nowhere.status, StatusCode::BAD_REQUEST);
    let preview = upload(next).text;
    assert!(
        preview.contains(&format!("与 {next} 年预算的差异")),
        "{preview}"
    );
    let from = preview.find("action=\"/budget/import/").unwrap() + 8;
    let action = preview[from..].split(['"', '?']).next().unwrap();
    assert_eq!(site.post(action, "").status, StatusCode::SEE_OTHER);
    assert!(page(next).contains(&format!("value=\"{next}\" selected>{next} 年<")));
    let carried = test.db.read_blocking(|tx| tx.query(SECTIONS, &[]));
    let carried: Vec<_> = carried
        .unwrap()
        .iter()
        .map(|row| row.int("fiscal_year").unwrap())
        .collect();
    assert_eq!(carried.last(), Some(&next.parse().unwrap()), "{carried:?}");
}

#[test]
fn each_office_imports_its_own() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepared(&test);
    for role in Role::ALL {
        let site = TestSite::logged_in_as(&test, role, None);
        for (path, owner) in [
            ("/budget/import", Role::BudgetOfficer),
            ("/execution/import", Role::TreasuryOfficer),
        ] {
            let expected = if role == owner {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(site.get(path).status, expected, "{role:?} {path}");
        }
    }
}
