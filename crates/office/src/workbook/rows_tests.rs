use proptest::prelude::*;
use rust_xlsxwriter::{Format, Formula, Workbook as Writer};

use super::tests::raw_sheet;
use super::*;

/// Keeps all rows, as [`open`] does.
#[derive(Debug, Default, PartialEq, Eq)]
struct Kept(Workbook);

impl Rows for Kept {
    fn sheet(&mut self, head: SheetHead) {
        self.0.sheets.push(Sheet {
            name: head.name,
            hidden: head.hidden,
            rows: Vec::new(),
            merges: head.merges,
        });
    }

    fn row(&mut self, cells: &mut Vec<Cell>) {
        let sheet = self.0.sheets.last_mut().unwrap();
        assert_ne!(cells.last(), Some(&Cell::Empty));
        sheet.rows.push(std::mem::take(cells));
    }
}

/// Both ways of reading a file give the same cells or the same refusal.
fn check(bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadError> {
    let whole = open(bytes, limits);
    let by_row = visit(bytes, limits, Kept::default).map(|Kept(mut book)| {
        for sheet in &mut book.sheets {
            let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0);
            for row in &mut sheet.rows {
                row.resize(width, Cell::Empty);
            }
        }
        book
    });
    assert_eq!(by_row, whole);
    whole
}

#[derive(Debug, Clone)]
enum Filled {
    Text(String),
    Number(f64),
    Percent(f64),
    Computed(&'static str, &'static str),
}

fn filled() -> impl Strategy<Value = Filled> {
    prop_oneof![
        "[ 一甲a1%\n]{0,4}".prop_map(Filled::Text),
        (-1e9..1e9).prop_map(Filled::Number),
        (0.0..2.0).prop_map(Filled::Percent),
        prop_oneof![
            Just(Filled::Computed("SUM(B1:B9)", "")),
            Just(Filled::Computed("1+1", "2")),
            Just(Filled::Computed("100%", "1")),
        ],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_workbook_read_by_rows_has_the_cells_of_one_read_whole(
        cells in prop::collection::vec((0..2_usize, 0..40_u32, 0..12_u16, filled()), 0..60),
        merges in prop::collection::vec((0..8_u32, 0..6_u16, 1..9_u32, 0..9_u16), 0..3),
        (rows, columns, all) in (1..45_usize, 1..14_usize, 1..900_usize),
    ) {
        let mut writer = Writer::new();
        let percent = Format::new().set_num_format("0.0%");
        for sheet in 0..2 {
            let page = writer.add_worksheet();
            page.set_hidden(sheet == 1);
            // Areas that overlap are refused by the writer.
            for (top, left, height, width) in merges.iter().filter(|_| sheet == 0) {
                let (bottom, right) = (top * 5 + height, left + width);
                let _ = page.merge_range(top * 5, *left, bottom, right, "合", &Format::new());
            }
            for (_, row, column, filled) in cells.iter().filter(|(of, ..)| *of == sheet) {
                let (row, column) = (*row, *column);
                match filled {
                    Filled::Text(text) => page.write_string(row, column, text),
                    Filled::Number(it) => page.write_number(row, column, *it),
                    Filled::Percent(it) => {
                        page.write_number_with_format(row, column, *it, &percent)
                    }
                    Filled::Computed(formula, value) => {
                        let formula = Formula::new(*formula).set_result(*value);
                        page.write_formula(row, column, formula)
                    }
                }
                .unwrap();
            }
        }
        let bytes = writer.save_to_buffer().unwrap();
        let _ = check(&bytes, &Limits::default());
        let small = Limits { rows, columns, cells: all, ..Limits::default() };
        let _ = check(&bytes, &small);
    }

    #[test]
    fn a_text_table_read_by_rows_has_the_cells_of_one_read_whole(text in "[一a1,;\t \"\r\n]{0,60}") {
        let _ = check(text.as_bytes(), &Limits::default());
        let (gbk, ..) = encoding_rs::GBK.encode(&text);
        let _ = check(&gbk, &Limits { rows: 3, columns: 4, cells: 9, ..Limits::default() });
    }
}

#[test]
fn rows_out_of_order_are_read_in_order() {
    let book = raw_sheet(concat!(
        r#"<row r="3"><c r="B3"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>"#,
        r#"<row r="3"><c r="C3"><f>SUM(A1:A2)</f></c></row>"#
    ));
    let book = check(&book, &Limits::default()).unwrap();
    let texts: Vec<&str> = book.sheets[0].rows[2].iter().map(Cell::text).collect();
    assert_eq!(texts, ["", "3", "=SUM(A1:A2)"]);
}

#[test]
fn a_damaged_sheet_is_damaged_however_large_it_is() {
    // The second cell names a text that the file does not hold.
    let book = raw_sheet(concat!(
        r#"<row r="900000"><c r="A900000"><v>1</v></c></row>"#,
        r#"<row r="2"><c r="A2" t="s"><v>99</v></c></row>"#
    ));
    assert_eq!(check(&book, &Limits::default()), Err(ReadError::Corrupt));
}
