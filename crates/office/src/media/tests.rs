//! Files of every kind, and what people try nevertheless.

use std::io::{Cursor, Write as _};

use super::{Media, MediaError, detect};

fn found(bytes: &[u8]) -> Result<Media, MediaError> {
    detect(&mut Cursor::new(bytes), bytes.len() as u64)
}

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn ole(streams: &[&str]) -> Vec<u8> {
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for name in streams {
        let mut stream = container.create_stream(format!("/{name}")).unwrap();
        stream.write_all(b"content").unwrap();
    }
    container.into_inner().into_inner()
}

#[test]
fn a_kind_is_told_by_the_bytes() {
    for (bytes, expected) in [
        (b"%PDF-1.7\n".to_vec(), Media::Pdf),
        (b"\x89PNG\r\n\x1a\nrest".to_vec(), Media::Png),
        (b"\xFF\xD8\xFF\xE0rest".to_vec(), Media::Jpeg),
        (b"II*\0rest".to_vec(), Media::Tiff),
        (b"MM\0*rest".to_vec(), Media::Tiff),
        (zip(&[("word/document.xml", b"<w/>")]), Media::Docx),
        (zip(&[("xl/workbook.xml", b"<x/>")]), Media::Xlsx),
        (zip(&[("ppt/presentation.xml", b"<p/>")]), Media::Pptx),
        (zip(&[("OFD.xml", b"<o/>")]), Media::Ofd),
        (ole(&["WordDocument"]), Media::Doc),
        (ole(&["Workbook"]), Media::Xls),
        (ole(&["PowerPoint Document"]), Media::Ppt),
    ] {
        assert_eq!(found(&bytes), Ok(expected));
    }
}

#[test]
fn what_is_no_document_is_refused_with_its_name() {
    for (bytes, expected) in [
        (&b""[..], "空的"),
        (b"<!DOCTYPE html><html>", "网页"),
        (b"\xEF\xBB\xBF  <HTML><script>", "网页"),
        (b"<?xml version='1.0'?><svg onload='x'>", "SVG"),
        (b"<svg xmlns='x'/>", "SVG"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"MZ\x90\0", "程序"),
        (b"#!/bin/sh\n", "程序"),
        (b"\x7FELF\x02", "程序"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"plain words", "文本"),
        (b"\0\x01\x02", "认不出"),
        (b"PK\x03\x04 torn", "损坏"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 torn", "损坏"),
    ] {
        let error = found(bytes).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

#[test]
fn what_is_not_safe_is_refused() {
    let bomb = vec![0_u8; 64 << 20];
    for (bytes, expected) in [
        (zip(&[("a.txt", b"x")]), MediaError::Other("压缩包（ZIP）")),
        (
            zip(&[("word/document.xml", b"x"), ("word/vbaProject.bin", b"x")]),
            MediaError::Macro,
        ),
        (
            zip(&[("xl/workbook.xml", b"x"), ("xl/activeX/activeX1.bin", b"x")]),
            MediaError::Macro,
        ),
        (zip(&[("word/document.xml", &bomb)]), MediaError::Bomb),
        (ole(&["EncryptedPackage"]), MediaError::Encrypted),
        (ole(&["Workbook", "_VBA_PROJECT_CUR"]), MediaError::Macro),
        (ole(&["Something"]), MediaError::Unknown),
    ] {
        assert_eq!(found(&bytes), Err(expected));
    }
}

#[test]
fn a_media_type_comes_back_as_it_went() {
    for media in Media::ALL {
        assert_eq!(Media::find(media.content_type()), Some(media));
        assert!(!media.endings().is_empty() && !media.label().is_empty());
    }
    assert_eq!(Media::find("text/html"), None);
}
