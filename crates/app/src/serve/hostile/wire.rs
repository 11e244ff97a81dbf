//! What arrives at the socket itself: broken heads, two lengths, and connections that send nothing.

use std::future::pending;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use db::testing::TestDb;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::database::MIGRATIONS;
use crate::serve::listen::{Limits, serve};
use crate::serve::{App, router};

/// A site that listens until the runtime is dropped.
fn start(limits: Limits) -> (Runtime, SocketAddr, TestDb) {
    let test = TestDb::sqlite(MIGRATIONS);
    let runtime = Runtime::new().unwrap();
    let bound = runtime.block_on(TcpListener::bind("127.0.0.1:0"));
    let listener = bound.unwrap();
    let address = listener.local_addr().unwrap();
    let router = router(App::new(test.db.clone()));
    runtime.spawn(serve(listener, router, limits, pending()));
    (runtime, address, test)
}

fn connect(address: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    // A refused head may close the connection before its last byte is sent.
    let _ = stream.write_all(bytes);
    stream
}

/// Everything that the site says until it closes the connection.
fn rest(mut stream: TcpStream) -> String {
    let (mut said, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => said.extend_from_slice(&piece[..count]),
            Err(cause) => {
                let is_slow = cause.kind() == std::io::ErrorKind::WouldBlock;
                assert!(!is_slow, "the connection stays open");
                break;
            }
        }
    }
    String::from_utf8_lossy(&said).into_owned()
}

fn head(first: &str, more: &str) -> Vec<u8> {
    format!("{first} HTTP/1.1\r\nhost: jixiao.example\r\nconnection: close\r\n{more}\r\n")
        .into_bytes()
}

#[test]
fn a_head_that_is_no_good_is_refused_and_the_site_goes_on() {
    let (_runtime, address, _test) = start(Limits::default());
    let many = (0..200).fold(String::new(), |all, number| {
        all + &format!("x-{number}: 1\r\n")
    });
    let long = format!("x: {}\r\n", "a".repeat(100_000));
    let path = format!("GET /{}", "a".repeat(70_000));
    let mut bytes = head("GET /login", "");
    bytes.splice(5..5, [0xff, 0xfe]);
    for (sent, expected) in [
        (head("GET /login", ""), "200"),
        (head("GET /login", &many), "431"),
        (head("GET /login", &long), "431"),
        (head(&path, ""), "4"),
        (head("GET /login", "x: a\rb\r\n"), "400"),
        (head("GET /login", "x: a\0b\r\n"), "400"),
        (head("GET /login", "x : y\r\n"), "400"),
        (head("GET /a b", ""), "400"),
        (head("GET /../../etc/passwd", ""), "404"),
        (head("GET /static/../../Cargo.toml", ""), "404"),
        (head("GET /static/..%2f..%2fCargo.toml", ""), "404"),
        (head("GET http://elsewhere.example/login", ""), "200"),
        (head("POST /login", "content-length: -1\r\n"), "400"),
        (
            head("POST /login", "content-length: 1\r\ncontent-length: 2\r\n"),
            "400",
        ),
        (
            head("POST /login", "transfer-encoding: chunked, identity\r\n"),
            "400",
        ),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), ""),
        (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(),
            "400",
        ),
        (bytes, "4"),
    ] {
        let what = String::from_utf8_lossy(&sent[..sent.len().min(90)]).into_owned();
        let said = rest(connect(address, &sent));
        let status = said.split(' ').nth(1).unwrap_or_default();
        assert!(status.starts_with(expected), "{what}: {said}");
        assert!(!said.contains("elsewhere.example"), "{what}: {said}");
        assert!(!said.contains("[workspace]"), "{what}: {said}");
    }
    assert!(rest(connect(address, &head("GET /healthz", ""))).ends_with("ok"));
}

#[test]
fn a_second_request_cannot_hide_in_a_body() {
    let (_runtime, address, _test) = start(Limits::default());
    let hidden = "GET /healthz HTTP/1.1\r\nhost: x\r\nx: ";
    let lengths = [
        format!(
            "content-length: {}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            hidden.len()
        ),
        "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n".to_owned(),
        "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n".to_owned(),
    ];
    for length in lengths {
        let first = "POST /login HTTP/1.1\r\nhost: x\r\n";
        let sent = format!("{first}{length}{hidden}y\r\nconnection: close\r\n\r\n");
        let said = rest(connect(address, sent.as_bytes()));
        assert!(said.starts_with("HTTP/1.1 4"), "{length}: {said}");
        assert!(!said.contains("HTTP/1.1 5"), "{length}: {said}");
    }
}

#[test]
fn who_sends_nothing_is_not_waited_for() {
    let soon = Duration::from_millis(300);
    let body = "content-type: application/x-www-form-urlencoded\r\ncontent-length: 99\r\n";
    let begun = [head("POST /login", body), b"name=".to_vec()].concat();
    for (limits, sent, expected) in [
        (
            Limits {
                head: soon,
                ..Limits::default()
            },
            b"GET /login HTTP/1.1\r\nx-slow".to_vec(),
            "",
        ),
        (
            Limits {
                piece: soon,
                ..Limits::default()
            },
            begun.clone(),
            "HTTP/1.1 4",
        ),
        (
            Limits {
                body: soon,
                ..Limits::default()
            },
            begun,
            "HTTP/1.1 4",
        ),
    ] {
        let (_runtime, address, _test) = start(limits);
        let said = rest(connect(address, &sent));
        assert!(said.starts_with(expected), "{limits:?}: {said}");
    }
}

#[test]
fn who_comes_when_all_places_are_taken_waits_for_one() {
    let (_runtime, address, _test) = start(Limits {
        connections: 1,
        ..Limits::default()
    });
    let mut first = connect(address, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(first.read(&mut [0; 8]).unwrap() > 0, "the first is served");
    let mut second = connect(address, &head("GET /healthz", ""));
    second
        .set_read_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    assert!(second.read(&mut [0; 8]).is_err(), "the second waits");
    drop(first);
    second
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    assert!(rest(second).ends_with("ok"));
}
