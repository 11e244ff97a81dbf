//! What goes in and comes out, for whom, and what is refused.

use std::io::{Cursor, Read as _, Seek as _, SeekFrom, Write as _};
use std::net::TcpListener;
use std::thread;

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::testing::TestDb;
use db::{Sql, on_both};
use domain::attachment::Type;
use domain::permission::Role;
use futures_util::TryStreamExt as _;
use tokio::runtime::Runtime;

use super::blob::{Arriving, PIECE_BYTES, Reader, proven_pieces};
use super::{Scanner, has, store, worker};
use crate::database::MIGRATIONS;
use crate::notice::testing::person;
use crate::serve::testing::{Answer, TestSite};
use crate::serve::{later, now_text, sample};

const PATH: &str = "/records/performance_target/t-20/attachments";

/// The people of the sample, with its target of 2020 back in the hands of the unit.
fn ready(test: &TestDb) {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)?;
            for (login, role, place) in [
                ("clerk", Role::UnitClerk, Some("u-1")),
                ("other-clerk", Role::UnitClerk, Some("u-2")),
                ("section", Role::SectionReviewer, Some("s-1")),
                ("other-section", Role::SectionReviewer, Some("s-2")),
                ("bureau", Role::PerformanceAdmin, None),
                ("system", Role::SystemAdmin, None),
                ("observer", Role::Observer, None),
            ] {
                person(tx, login, role, place, "")?;
            }
            set_state(tx, "draft")
        })
        .unwrap();
}

fn set_state(tx: &mut db::Tx<'_>, state: &str) -> Result<(), db::Error> {
    let set = Sql {
        name: "SET",
        text: "UPDATE performance_target SET state = $1 WHERE id = 't-20'",
    };
    tx.execute_one(set, &[&state])
}

fn site(test: &TestDb, account: &str) -> TestSite {
    TestSite::logged_in_by(test, account, &web::token::secret().unwrap())
}

/// A PDF of `size` bytes, as far as its beginning tells.
fn pdf(size: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((0..size).map(|place| u8::try_from(place % 251).unwrap()));
    bytes.truncate(size);
    bytes
}

fn workbook(bytes: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("xl/workbook.xml", options).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap().into_inner()
}

fn send(site: &TestSite, path: &str, kind: &str, files: &[(&str, &[u8])]) -> Answer {
    let token = site.form_token();
    site.upload_with(path, &[("form_token", &token), ("type", kind)], files)
}

fn count(test: &TestDb, statement: &'static str) -> i64 {
    let sql = Sql {
        name: "COUNT",
        text: statement,
    };
    let row = test.db.read_blocking(move |tx| tx.one(sql, &[]));
    row.unwrap().int("found").unwrap()
}

fn pieces(test: &TestDb) -> i64 {
    count(test, "SELECT COUNT(*) AS found FROM blob_piece")
}

fn blobs(test: &TestDb) -> i64 {
    count(test, "SELECT COUNT(*) AS found FROM blob")
}

/// The address of the only attachment.
fn only(test: &TestDb) -> String {
    let found = test
        .db
        .read_blocking(|tx| store::of_record(tx, "performance_target", "t-20"))
        .unwrap();
    assert_eq!(found.len(), 1);
    format!("/attachments/{}", found[0].id)
}

fn has_scan(test: &TestDb) -> bool {
    test.db
        .read_blocking(|tx| has(tx, "performance_target", "t-20", Type::StampedScan))
        .unwrap()
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    let prepared = test.db.read_blocking(|tx| {
        store::STATEMENTS
            .iter()
            .try_for_each(|sql| tx.prepare(*sql))
    });
    prepared.unwrap();
});

on_both!(MIGRATIONS, a_file_comes_back_byte_for_byte, |test| {
    ready(test);
    let clerk = site(test, "clerk");
    assert!(clerk.get(PATH).text.contains("还没有附件"));
    let file = pdf(PIECE_BYTES * 2 + 7);
    let sent = send(
        &clerk,
        PATH,
        "stamped_scan",
        &[("..\\..\\盖章件.pdf", &file)],
    );
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert_eq!(
        sent.headers[LOCATION],
        "/records/performance_target/t%2D20/attachments?done=added"
    );
    assert_eq!(pieces(test), 3);
    assert!(has_scan(test));
    let page = clerk.get(PATH).text;
    assert!(page.contains("盖章件.pdf") && page.contains("盖章扫描件") && page.contains("clerk"));
    let answer = clerk.get(&only(test));
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.bytes, file);
    for (header, expected) in [
        ("content-type", "application/pdf"),
        (
            "content-disposition",
            "attachment; filename*=UTF-8''%E7%9B%96%E7%AB%A0%E4%BB%B6.pdf",
        ),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.headers[header], expected, "{header}");
    }
    // What is compressed in itself is not compressed again on its way; a page is.
    let encoding = |path: &str| {
        let answer = clerk.send_with("GET", path, "", &[("accept-encoding", "gzip")]);
        answer.headers.get("content-encoding").cloned()
    };
    assert_eq!(encoding(&only(test)), None);
    assert!(encoding(PATH).is_some());
});

on_both!(
    MIGRATIONS,
    the_same_bytes_are_kept_once_and_refused_twice_on_one_record,
    |test| {
        ready(test);
        let clerk = site(test, "clerk");
        let file = pdf(1000);
        let first = send(&clerk, PATH, "stamped_scan", &[("a.pdf", &file)]);
        assert_eq!(first.status, StatusCode::SEE_OTHER);
        let again = send(&clerk, PATH, "stamped_scan", &[("b.pdf", &file)]);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("已经传过"));
        let other = send(&clerk, PATH, "evidence", &[("c.pdf", &file)]);
        assert_eq!(other.status, StatusCode::SEE_OTHER);
        assert_eq!((blobs(test), pieces(test)), (1, 1));
    }
);

on_both!(MIGRATIONS, what_is_refused_leaves_nothing, |test| {
    ready(test);
    let clerk = site(test, "clerk");
    let bomb = workbook(&vec![0; 64 << 20]);
    let large = pdf((20 << 20) + 1);
    for (kind, name, bytes, expected) in [
        (
            "evidence",
            "a.pdf",
            &b"<!DOCTYPE html><script>x</script>"[..],
            "网页（HTML）",
        ),
        ("evidence", "a.png", b"<svg onload='x'/>", "矢量图（SVG）"),
        (
            "evidence",
            "a.pdf.exe",
            b"%PDF-1.7",
            "后缀 .exe 与内容（PDF）不符",
        ),
        ("evidence", "a.pdf", b"MZ\x90\0", "程序"),
        ("evidence", "a.pdf", b"", "空的（0 字节）"),
        ("evidence", "a.txt", b"words", "文本"),
        (
            "evidence",
            "a.docx",
            b"%PDF-1.7",
            "后缀 .docx 与内容（PDF）不符",
        ),
        ("evidence", "a.xlsx", &bomb, "压缩炸弹"),
        ("evidence", "...", b"%PDF-1.7", "没有可用的文件名"),
        (
            "stamped_scan",
            "a.xlsx",
            &workbook(b"<x/>"),
            "盖章扫描件要用PDF、OFD、图片",
        ),
        ("stamped_scan", "a.pdf", &large, "不能超过 20 MB"),
        ("contract", "a.pdf", b"%PDF-1.7", "没有这个附件类型"),
        ("program", "a.pdf", b"%PDF-1.7", "没有这个附件类型"),
    ] {
        let answer = send(&clerk, PATH, kind, &[(name, bytes)]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(
            answer.text.contains(expected),
            "{expected}: {}",
            answer.text
        );
        assert_eq!((blobs(test), pieces(test)), (0, 0), "{expected}");
    }
    let none = send(&clerk, PATH, "evidence", &[("", b"")]);
    assert!(none.text.contains("还没有选择文件"));
    assert_eq!(count(test, "SELECT COUNT(*) AS found FROM attachment"), 0);
});

on_both!(
    MIGRATIONS,
    of_several_files_the_good_ones_are_kept_and_the_others_named,
    |test| {
        ready(test);
        let clerk = site(test, "clerk");
        let (one, two) = (pdf(100), pdf(200));
        let files = [("一.pdf", &one[..]), ("二.pdf", b"words"), ("三.pdf", &two)];
        let answer = send(&clerk, PATH, "evidence", &files);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("“二.pdf”：文件内容是文本"));
        assert!(answer.text.contains("/attachments/"));
        assert_eq!(count(test, "SELECT COUNT(*) AS found FROM attachment"), 2);
    }
);

on_both!(
    MIGRATIONS,
    who_may_not_see_the_record_finds_no_file_and_who_may_not_fill_changes_none,
    |test| {
        ready(test);
        send(
            &site(test, "clerk"),
            PATH,
            "evidence",
            &[("a.pdf", &pdf(9))],
        );
        let file = only(test);
        let deletion = format!("{file}/deletion");
        for (account, seen, changed) in [
            ("clerk", 200, 200),
            ("section", 200, 403),
            ("bureau", 200, 403),
            ("other-clerk", 404, 404),
            ("other-section", 404, 404),
            ("observer", 404, 404),
            ("system", 404, 404),
        ] {
            let site = site(test, account);
            assert_eq!(site.get(PATH).status.as_u16(), seen, "{account}");
            assert_eq!(site.get(&file).status.as_u16(), seen, "{account}");
            assert_eq!(site.get(&deletion).status.as_u16(), changed, "{account}");
            if changed == 200 {
                continue;
            }
            let sent = send(&site, PATH, "evidence", &[("b.pdf", &pdf(8))]);
            assert_eq!(sent.status.as_u16(), changed, "{account}");
            let deleted = site.post(&deletion, "");
            assert_eq!(deleted.status.as_u16(), changed, "{account}");
        }
        assert_eq!((blobs(test), pieces(test)), (1, 1));
        for path in [
            "/records/performance_target/none/attachments",
            "/records/account/clerk/attachments",
            "/records/%27%20OR%201=1/t-20/attachments",
            "/attachments/none",
            "/attachments/none/deletion",
        ] {
            let answer = site(test, "clerk").get(path);
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
);

on_both!(
    MIGRATIONS,
    a_record_on_its_way_keeps_its_files_and_takes_no_others,
    |test| {
        ready(test);
        let clerk = site(test, "clerk");
        send(&clerk, PATH, "evidence", &[("a.pdf", &pdf(9))]);
        test.db
            .write_blocking(|tx| set_state(tx, "approved"))
            .unwrap();
        let page = clerk.get(PATH).text;
        assert!(page.contains("不能修改") && !page.contains("type=\"file\""));
        let sent = send(&clerk, PATH, "evidence", &[("b.pdf", &pdf(8))]);
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
        let deletion = format!("{}/deletion", only(test));
        assert_eq!(clerk.post(&deletion, "").status, StatusCode::FORBIDDEN);
        assert_eq!(blobs(test), 1);
    }
);

on_both!(
    MIGRATIONS,
    a_deleted_file_is_gone_at_once_and_its_bytes_are_swept_later,
    |test| {
        ready(test);
        let clerk = site(test, "clerk");
        send(&clerk, PATH, "evidence", &[("a.pdf", &pdf(9))]);
        let file = only(test);
        let deletion = format!("{file}/deletion");
        assert!(clerk.get(&deletion).text.contains("删除这个附件"));
        let forged = clerk.send("POST", &deletion, "form_token=x");
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        let deleted = clerk.post(&deletion, "");
        assert_eq!(deleted.status, StatusCode::SEE_OTHER);
        assert_eq!(clerk.get(&file).status, StatusCode::NOT_FOUND);
        let events = "SELECT COUNT(*) AS found FROM event WHERE record_id = 't-20' \
                      AND action IN ('attachment_added', 'attachment_deleted')";
        assert_eq!(count(test, events), 2);
        let runtime = Runtime::new().unwrap();
        let sweep = |now: &str| {
            let swept = worker::round(&test.db, &Scanner::None, now);
            runtime.block_on(swept).unwrap()
        };
        assert_eq!(sweep(&now_text()), 0, "an hour is left to attach it again");
        assert_eq!(sweep(&later(&now_text(), 3700)), 1);
        assert_eq!((blobs(test), pieces(test)), (0, 0));
    }
);

on_both!(
    MIGRATIONS,
    an_upload_that_breaks_off_leaves_nothing,
    |test| {
        ready(test);
        let clerk = site(test, "clerk");
        // The body ends in the middle of the file.
        let token = clerk.form_token();
        let mut body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n\
             --x\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nevidence\r\n\
             --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n"
        )
        .into_bytes();
        body.extend(pdf(PIECE_BYTES * 2));
        let kind = [("content-type", "multipart/form-data; boundary=x")];
        let answer = clerk.send_raw("POST", PATH, &kind, body);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("没有传完整"));
        assert_eq!((blobs(test), pieces(test)), (0, 0));
        // The one who uploads goes away, so that the handler is dropped.
        Runtime::new().unwrap().block_on(async {
            let mut arriving = Arriving::begin(&test.db, "510683").await.unwrap();
            arriving.push(&pdf(PIECE_BYTES * 2)).await.unwrap();
            drop(arriving);
            let gone = async {
                loop {
                    let sql = Sql {
                        name: "COUNT",
                        text: "SELECT COUNT(*) AS found FROM blob_piece",
                    };
                    let row = test.db.read(move |tx| tx.one(sql, &[])).await.unwrap();
                    if row.int("found").unwrap() == 0 {
                        return;
                    }
                }
            };
            let patience = std::time::Duration::from_secs(20);
            tokio::time::timeout(patience, gone).await.unwrap();
        });
    }
);

#[test]
fn a_form_without_its_token_or_before_its_token_is_not_read() {
    let test = TestDb::sqlite(MIGRATIONS);
    ready(&test);
    let clerk = site(&test, "clerk");
    let file = pdf(9);
    for fields in [
        &[("type", "evidence")][..],
        &[("form_token", "forged"), ("type", "evidence")],
    ] {
        let answer = clerk.upload_with(PATH, fields, &[("a.pdf", &file)]);
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{fields:?}");
    }
    let urlencoded = clerk.post(PATH, "type=evidence");
    assert_eq!(urlencoded.status, StatusCode::FORBIDDEN);
    assert_eq!(blobs(&test), 0);
}

/// A scanner that is a program: it finds something in what holds the word `EICAR`.
#[cfg(unix)]
fn program(folder: &std::path::Path) -> Scanner {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join("scan");
    let text = "#!/bin/sh\nif grep -q EICAR; then echo 'Eicar <b>'; exit 1; fi\n";
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    Scanner::of("", path.to_str().unwrap())
}

#[cfg(unix)]
#[test]
fn an_infected_file_is_shut_away_and_a_clean_one_is_not() {
    let test = TestDb::sqlite(MIGRATIONS);
    ready(&test);
    let folder = tempfile::tempdir().unwrap();
    let clerk = site(&test, "clerk").scanning_with(program(folder.path()));
    let mut infected = pdf(PIECE_BYTES);
    infected.extend_from_slice(b"EICAR");
    send(&clerk, PATH, "stamped_scan", &[("a.pdf", &infected)]);
    let page = clerk.get(PATH).text;
    assert!(
        page.contains("已隔离：Eicar") && !page.contains("<b>"),
        "{page}"
    );
    let answer = clerk.get(&only(&test));
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text.contains("已经隔离"));
    assert!(!has_scan(&test), "an infected scan proves nothing");
    // The same bytes under another name are the same virus.
    send(&clerk, PATH, "evidence", &[("b.pdf", &infected)]);
    assert_eq!(clerk.get(PATH).text.matches("已隔离").count(), 2);
    send(
        &clerk,
        PATH,
        "stamped_scan",
        &[("c.pdf", &pdf(PIECE_BYTES))],
    );
    assert!(has_scan(&test));
    assert!(clerk.get(PATH).text.contains("未发现病毒"));
}

#[test]
fn a_file_waits_for_a_scanner_that_is_away_and_is_scanned_when_it_is_back() {
    let test = TestDb::sqlite(MIGRATIONS);
    ready(&test);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let scanner = Scanner::of(&address.to_string(), "");
    let clerk = site(&test, "clerk").scanning_with(scanner.clone());
    let sent = send(
        &clerk,
        PATH,
        "stamped_scan",
        &[("a.pdf", &pdf(PIECE_BYTES + 1))],
    );
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let file = only(&test);
    assert!(clerk.get(PATH).text.contains("正在查毒"));
    assert_eq!(clerk.get(&file).status, StatusCode::FORBIDDEN);
    assert!(!has_scan(&test));
    let back = TcpListener::bind(address).unwrap();
    let daemon = thread::spawn(move || clamd(&back));
    let later = later(&now_text(), 61);
    let round = worker::round(&test.db, &scanner, &later);
    Runtime::new().unwrap().block_on(round).unwrap();
    assert_eq!(daemon.join().unwrap(), PIECE_BYTES + 1);
    assert_eq!(clerk.get(&file).status, StatusCode::OK);
    assert!(has_scan(&test));
}

/// Speaks the part of a ClamAV daemon for one file; how many bytes it was sent.
fn clamd(listener: &TcpListener) -> usize {
    let (mut stream, _) = listener.accept().unwrap();
    let mut command = [0; 10];
    stream.read_exact(&mut command).unwrap();
    assert_eq!(&command, b"zINSTREAM\0");
    let mut whole = 0;
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).unwrap();
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap();
        if length == 0 {
            stream.write_all(b"stream: OK\0").unwrap();
            return whole;
        }
        std::io::copy(&mut (&stream).take(length as u64), &mut std::io::sink()).unwrap();
        whole += length;
    }
}

#[test]
fn the_environment_names_the_scanner() {
    for (clamd, command, expected) in [
        ("", "", Scanner::None),
        (
            "clamd.test:3310",
            "",
            Scanner::Tcp("clamd.test:3310".to_owned()),
        ),
        (
            "/run/clamd.sock",
            "x",
            Scanner::Socket("/run/clamd.sock".to_owned()),
        ),
        (
            "",
            "scan -",
            Scanner::Program(vec!["scan".to_owned(), "-".to_owned()]),
        ),
    ] {
        assert_eq!(Scanner::of(clamd, command), expected);
    }
}

on_both!(
    MIGRATIONS,
    damaged_bytes_are_never_taken_for_whole,
    |test| {
        ready(test);
        let file = pdf(PIECE_BYTES + 100);
        send(&site(test, "clerk"), PATH, "evidence", &[("a.pdf", &file)]);
        let kept = test
            .db
            .read_blocking(|tx| store::of_record(tx, "performance_target", "t-20"))
            .unwrap()
            .remove(0);
        let runtime = Runtime::new().unwrap();
        let read = |digest: &str| {
            let (blob, digest) = (kept.blob.clone(), digest.to_owned());
            let stream = proven_pieces(test.db.clone(), store::piece, blob, (kept.pieces, digest));
            runtime.block_on(stream.try_collect::<Vec<_>>())
        };
        assert_eq!(read(&kept.digest).unwrap().concat(), file);
        assert!(read("another digest").is_err());
        let blob = kept.blob.clone();
        test.db
            .write_blocking(move |tx| {
                let lose = Sql {
                    name: "LOSE",
                    text: "DELETE FROM blob_piece WHERE blob_id = $1 AND position = 1",
                };
                tx.execute_one(lose, &[&blob])
            })
            .unwrap();
        assert!(read(&kept.digest).is_err());
    }
);

on_both!(MIGRATIONS, a_stored_file_is_read_at_any_place, |test| {
    ready(test);
    let file = pdf(PIECE_BYTES * 2 + 5);
    send(&site(test, "clerk"), PATH, "evidence", &[("a.pdf", &file)]);
    test.db
        .read_blocking(move |tx| {
            let kept = store::of_record(tx, "performance_target", "t-20")?.remove(0);
            let mut reader = Reader::new(tx, &kept.blob, file.len() as u64);
            for (from, length) in [
                (0, 10),
                (PIECE_BYTES - 3, 6),
                (PIECE_BYTES * 2, 5),
                (7, PIECE_BYTES * 2 - 2),
                (file.len(), 0),
            ] {
                reader.seek(SeekFrom::Start(from as u64)).unwrap();
                let mut found = Vec::new();
                reader
                    .by_ref()
                    .take(length as u64)
                    .read_to_end(&mut found)
                    .unwrap();
                assert_eq!(found, &file[from..from + length], "{from}");
            }
            assert!(reader.seek(SeekFrom::End(i64::MIN)).is_err());
            Ok::<_, db::Error>(())
        })
        .unwrap();
});
