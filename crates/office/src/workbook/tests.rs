use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook as Writer};
use zip::write::SimpleFileOptions;

use super::*;

fn opened(bytes: &[u8]) -> Workbook {
    open(bytes, &Limits::default()).unwrap()
}

fn refused(bytes: &[u8]) -> ReadError {
    open(bytes, &Limits::default()).unwrap_err()
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, body) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(body).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of one sheet with the given cells in raw XML.
pub(super) fn raw_sheet(cells: &str) -> Vec<u8> {
    let sheet = format!(
        concat!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
            "<sheetData>{cells}</sheetData></worksheet>"
        ),
        cells = cells
    );
    let mut writer = Writer::new();
    writer.add_worksheet();
    let bytes = writer.save_to_buffer().unwrap();
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for part in 0..from.len() {
        let file = from.by_index_raw(part).unwrap();
        if file.name().unwrap() == "xl/worksheets/sheet1.xml" {
            to.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())
                .unwrap();
            to.write_all(sheet.as_bytes()).unwrap();
        } else {
            to.raw_copy_file(file).unwrap();
        }
    }
    to.finish().unwrap().into_inner()
}

fn ole(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(1024, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    bytes
}

#[test]
fn a_bad_file_is_refused_with_its_reason() {
    let mut cut = write_table(&Table::default()).unwrap();
    cut.truncate(cut.len() / 2);
    let mut blank = Writer::new();
    blank.add_worksheet();
    for (bytes, reason) in [
        (Vec::new(), "空的"),
        (ole("EncryptedPackage"), "打开密码"),
        (ole("WordDocument"), "Word"),
        (ole("Workbook"), "损坏"),
        (b"PK\x03\x04 this is no archive".to_vec(), "损坏"),
        (cut, "损坏"),
        (b"%PDF-1.7\n1 0 obj".to_vec(), "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "PNG"),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF".to_vec(), "JPEG"),
        (
            b"<!DOCTYPE html><html><table></table></html>".to_vec(),
            "HTML",
        ),
        (zipped(&[("word/document.xml", b"<w/>")]), "Word"),
        (zipped(&[("a.txt", b"x")]), "ZIP"),
        (vec![0x81, 0xFF, 0xFE, 0x00, 0x9D, 0xFF], "编码"),
        (b" \r\n \r\n".to_vec(), "没有任何内容"),
        (blank.save_to_buffer().unwrap(), "没有任何内容"),
        (vec![b'a'; (20 << 20) + 1], "20 MB"),
    ] {
        let error = refused(&bytes).to_string();
        assert!(error.contains(reason), "{reason}: {error}");
    }
}

#[test]
fn a_container_that_unpacks_to_too_much_is_refused_before_it_is_kept() {
    let zeros = vec![b' '; 30 << 20];
    let bomb = zipped(&[
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", &zeros),
    ]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(refused(&bomb), ReadError::Bomb);
}

#[test]
fn a_container_that_lies_about_its_sizes_is_refused() {
    let zeros = vec![b' '; 30 << 20];
    let mut bomb = zipped(&[
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", &zeros),
    ]);
    let true_size = (30_u32 << 20).to_le_bytes();
    let places: Vec<usize> = bomb
        .windows(4)
        .enumerate()
        .filter(|(_, it)| *it == true_size)
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bomb[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert!(matches!(
        refused(&bomb),
        ReadError::Bomb | ReadError::Corrupt
    ));
}

#[test]
fn a_cell_far_away_does_not_make_a_huge_grid() {
    let far = raw_sheet(r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#);
    assert!(matches!(refused(&far), ReadError::TooManyCells { .. }));
}

#[test]
fn cells_are_delivered_as_people_see_them() {
    let mut writer = Writer::new();
    let sheet = writer.add_worksheet();
    let date = ExcelDateTime::from_ymd(2021, 12, 31).unwrap();
    sheet.write_number(0, 0, 0.1 + 0.2).unwrap();
    sheet
        .write_number_with_format(0, 1, 0.95, &Format::new().set_num_format("0%"))
        .unwrap();
    let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    sheet.write_datetime_with_format(0, 2, &date, &day).unwrap();
    sheet.write_string(0, 3, "00123").unwrap();
    sheet
        .write_formula(0, 4, Formula::new("1+1").set_result("2"))
        .unwrap();
    sheet
        .write_formula(0, 5, Formula::new("A9/0").set_result("#DIV/0!"))
        .unwrap();
    sheet
        .merge_range(1, 0, 2, 3, "合并", &Format::new())
        .unwrap();
    let book = opened(&writer.save_to_buffer().unwrap());
    let texts: Vec<&str> = book.sheets[0].rows[0].iter().map(Cell::text).collect();
    assert_eq!(texts[..5], ["0.3", "95%", "2021年12月31日", "00123", "2"]);
    assert_eq!(
        book.sheets[0].merges,
        [Area {
            top: 1,
            left: 0,
            bottom: 1,
            right: 3
        }]
    );
}

#[test]
fn a_formula_without_a_value_is_not_zero() {
    let book = opened(&raw_sheet(concat!(
        r#"<row r="1"><c r="A1"><f>SUM(B1:B9)</f></c><c r="B1"><f>C1</f><v></v></c>"#,
        r#"<c r="C1"><f>100%</f></c><c r="D1" t="e"><v>#REF!</v></c></row>"#
    )));
    let cells = &book.sheets[0].rows[0];
    assert_eq!(cells[0], Cell::FormulaWithoutValue("=SUM(B1:B9)".into()));
    assert_eq!(cells[1], Cell::FormulaWithoutValue("=C1".into()));
    assert_eq!(cells[2], Cell::Text("=100%".into()));
    assert_eq!(cells[3], Cell::Error("#REF!".into()));
}

#[test]
fn what_was_written_for_exactly_is_read_as_written() {
    let book = opened(&raw_sheet(concat!(
        r#"<row r="1"><c r="A1"><f>100%</f><v>1</v></c>"#,
        r#"<c r="B1" t="e"><f>12辆</f><v>#NAME?</v></c><c r="C1"><f>12</f><v>12</v></c>"#,
        r#"<c r="D1"><f>1+1</f><v>2</v></c></row>"#
    )));
    let cells = &book.sheets[0].rows[0];
    assert_eq!(cells[0], Cell::Text("=100%".into()));
    assert_eq!(cells[1], Cell::Text("=12辆".into()));
    assert_eq!(cells[2], Cell::Number("12".into()));
    assert_eq!(cells[3], Cell::Number("2".into()));
}

#[test]
fn a_hidden_sheet_is_kept_and_marked() {
    let mut writer = Writer::new();
    writer
        .add_worksheet()
        .set_name("表")
        .unwrap()
        .write_string(0, 0, "一")
        .unwrap();
    let hidden = writer.add_worksheet().set_name("底稿").unwrap();
    hidden.write_string(0, 0, "二").unwrap();
    hidden.set_hidden(true);
    let book = opened(&writer.save_to_buffer().unwrap());
    let seen: Vec<(&str, bool)> = book
        .sheets
        .iter()
        .map(|sheet| (sheet.name.as_str(), sheet.hidden))
        .collect();
    assert_eq!(seen, [("表", false), ("底稿", true)]);
}

#[test]
fn a_text_table_is_read_in_the_encodings_of_chinese_offices() {
    let text = "项目名称,临时救助\r\n\r\n\"一\n级\",5\r\n末行,6\r\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        gbk.into(),
        utf16,
    ] {
        let book = opened(&bytes);
        let rows = &book.sheets[0].rows;
        assert_eq!(rows[0][1].text(), "临时救助");
        assert_eq!(rows[2][1].text(), "5");
        assert_eq!(rows[3][0].text(), "末行");
    }
}

#[test]
fn exported_text_never_becomes_a_formula() {
    let table = Table {
        sheet: "清单[1]".into(),
        columns: vec!["名称".into(), "金额".into()],
        rows: vec![
            vec![
                TableCell::Text("=HYPERLINK(\"x\")".into()),
                TableCell::Number("92.81".into()),
            ],
            vec![
                TableCell::Text("-5.2".into()),
                TableCell::Number("无".into()),
            ],
        ],
    };
    let book = opened(&write_table(&table).unwrap());
    let texts: Vec<Vec<&str>> = book.sheets[0]
        .rows
        .iter()
        .map(|row| row.iter().map(Cell::text).collect())
        .collect();
    assert_eq!(texts[1], ["=HYPERLINK(\"x\")", "92.81"]);
    assert_eq!(texts[2], ["-5.2", "无"]);
    assert!(matches!(book.sheets[0].rows[1][0], Cell::Text(_)));
    assert_eq!(book.sheets[0].name, "清单1");
}

#[test]
fn an_address_is_written_as_excel_writes_it() {
    for ((row, column), text) in [
        ((0, 0), "A1"),
        ((4, 25), "Z5"),
        ((0, 26), "AA1"),
        ((9, 702), "AAA10"),
    ] {
        assert_eq!(address(row, column), text);
    }
}
