//! File names that do no harm wherever they are saved.

use office::media::Media;

/// Characters of a name that are kept, its ending included.
const MOST_CHARACTERS: usize = 120;

/// Names that Windows takes for devices.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// The name without folders, without characters that a file system, a header or a reader's eye
/// could be misled by, and not too long. `None` when nothing is left.
pub(super) fn safe(sent: &str) -> Option<String> {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !is_hidden(*c)).map(plain).collect();
    let name = name.trim_matches([' ', '.', '\u{3000}']);
    if name.is_empty() {
        return None;
    }
    let (stem, ending) = split(name);
    let device = stem.to_ascii_lowercase();
    let is_device = DEVICES.iter().any(|it| {
        let rest = device.strip_prefix(it);
        rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()) && rest.len() <= 1)
    });
    let mark = if is_device { "_" } else { "" };
    let room = MOST_CHARACTERS.saturating_sub(ending.chars().count() + 1 + mark.len());
    let stem: String = stem.chars().take(room).collect();
    let stem = stem.trim_end_matches([' ', '.']);
    Some(if ending.is_empty() {
        format!("{mark}{stem}")
    } else {
        format!("{mark}{stem}.{ending}")
    })
}

/// Whether the name's ending is one of the kind's; otherwise a sentence for the user.
pub(super) fn fits(name: &str, media: Media) -> Result<(), String> {
    let (_, ending) = split(name);
    let found = ending.to_ascii_lowercase();
    if media.endings().contains(&found.as_str()) {
        return Ok(());
    }
    let usual = media.endings().first().unwrap_or(&"");
    Err(if ending.is_empty() {
        format!(
            "文件名没有后缀，内容是{}：请改成以 .{usual} 结尾的名字再传",
            media.label()
        )
    } else {
        format!(
            "文件名的后缀 .{ending} 与内容（{}）不符：请核对文件，或改成 .{usual} 再传",
            media.label()
        )
    })
}

/// The part before the last dot and the part after it.
fn split(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 10 => (stem, ending),
        _ => (name, ""),
    }
}

/// Characters that are not seen, or that turn the order of what is read: `exe.fdp` as `pdf.exe`.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
        || matches!(
            c,
            '\u{FEFF}' | '\u{FFF9}'..='\u{FFFD}' | '\u{00AD}' | '\u{2028}' | '\u{2029}'
        )
}

/// The character, or a stand-in where a file system forbids it.
fn plain(c: char) -> char {
    if "<>:\"|?*".contains(c) { '_' } else { c }
}

#[cfg(test)]
mod tests {
    use super::{fits, safe};
    use office::media::Media;

    #[test]
    fn a_name_is_safe_wherever_it_is_saved() {
        for (sent, expected) in [
            ("评估报告.pdf", Some("评估报告.pdf")),
            ("C:\\fake\\评估报告.pdf", Some("评估报告.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("..\\..\\boot.ini", Some("boot.ini")),
            ("a\r\nSet-Cookie: x.pdf", Some("aSet-Cookie_ x.pdf")),
            ("a\0b\u{7f}.pdf", Some("ab.pdf")),
            ("付款\u{202E}fdp.exe", Some("付款fdp.exe")),
            ("a<b>\"c|d?e*.pdf", Some("a_b__c_d_e_.pdf")),
            ("CON.pdf", Some("_CON.pdf")),
            ("com1.pdf", Some("_com1.pdf")),
            ("committee.pdf", Some("committee.pdf")),
            ("  .hidden.pdf. ", Some("hidden.pdf")),
            ("无后缀", Some("无后缀")),
            ("...", None),
            ("", None),
            ("/", None),
            ("\u{200B}\u{200B}", None),
        ] {
            assert_eq!(safe(sent).as_deref(), expected, "{sent:?}");
        }
        let long = safe(&format!("{}.pdf", "长".repeat(500))).unwrap();
        assert_eq!(long.chars().count(), 120);
        assert_eq!(fits(&long, Media::Pdf), Ok(()));
    }

    #[test]
    fn the_last_ending_counts() {
        for (name, media, expected) in [
            ("a.pdf", Media::Pdf, ""),
            ("a.PDF", Media::Pdf, ""),
            ("a.exe.pdf", Media::Pdf, ""),
            ("a.pdf.exe", Media::Pdf, "后缀 .exe"),
            ("a.docx", Media::Pdf, "后缀 .docx"),
            ("a.wps", Media::Doc, ""),
            ("a", Media::Png, "没有后缀"),
            ("a.jpeg", Media::Jpeg, ""),
        ] {
            match fits(name, media) {
                Ok(()) => assert_eq!(expected, "", "{name}"),
                Err(why) => assert!(!expected.is_empty() && why.contains(expected), "{name}"),
            }
        }
    }
}
