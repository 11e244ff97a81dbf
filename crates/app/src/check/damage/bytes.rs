//! Damage to the file itself, and files that were saved as something else.

use encoding_rs::GBK;

use super::Kind;
use super::judge::Truth::{Same, Wrong};
use super::table::{Table, book_of, csv_of};

/// Every kind of damage to the file.
pub(super) const KINDS: &[Kind] = &[
    Kind::new("文件截断一半", Wrong, |table, nth| {
        let bytes = whole(table);
        (nth == 0).then(|| bytes[..bytes.len() / 2].to_vec())
    }),
    Kind::new("文件缺最后一段", Wrong, |table, nth| {
        let bytes = whole(table);
        (nth == 0).then(|| bytes[..bytes.len() - 40].to_vec())
    }),
    // What is not read may be broken: the reader of the file's parts refuses the others.
    Kind::new("文件中间坏了", Same, |table, nth| {
        let mut bytes = whole(table);
        let middle = (nth + 1) * bytes.len() / 4;
        for byte in &mut bytes[middle..middle + 8] {
            *byte ^= 0x5a;
        }
        Some(bytes)
    }),
    Kind::new("空文件", Wrong, |_, nth| (nth == 0).then(Vec::new)),
    Kind::new("网页冒充表格", Wrong, |table, nth| {
        let cell = format!("<tr><td>{}</td></tr>", table.name);
        let page = format!("<html><body><table>{cell}</table></body></html>");
        (nth == 0).then(|| page.into_bytes())
    }),
    Kind::new("有密码的文件", Wrong, |_, nth| {
        let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        bytes.resize(4096, 0);
        let name = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes);
        bytes.extend(name);
        (nth == 0).then_some(bytes)
    }),
    Kind::new("另存为CSV", Same, |table, nth| {
        (nth == 0).then(|| csv_of(&table.sheet, ',').into_bytes())
    }),
    Kind::new("另存为GBK的CSV", Same, |table, nth| {
        let text = csv_of(&table.sheet, ',');
        let (bytes, _, is_lossy) = GBK.encode(&text);
        (nth == 0 && !is_lossy).then(|| bytes.into_owned())
    }),
    Kind::new("带BOM和制表符的文本", Same, |table, nth| {
        let text = format!("\u{feff}{}", csv_of(&table.sheet, '\t'));
        (nth == 0).then(|| text.into_bytes())
    }),
    Kind::new("编码坏了的CSV", Wrong, |table, nth| {
        let mut bytes = csv_of(&table.sheet, ',').into_bytes();
        let middle = bytes.len() / 2;
        for byte in &mut bytes[middle..middle + 3] {
            *byte = 0xff;
        }
        (nth == 0).then_some(bytes)
    }),
];

fn whole(table: &Table) -> Vec<u8> {
    book_of(std::slice::from_ref(&table.sheet))
}
