//! Addresses, queries, methods and headers that nobody of good will sends.

use axum::http::StatusCode;
use db::on_both;
use db::testing::TestDb;

use super::{check_calm, check_refused, closed, content, is_page, people, prepare, routes, split};
use crate::database::MIGRATIONS;
use crate::serve::testing::TestSite;

/// What stands where an id should.
fn segments() -> Vec<String> {
    let mut segments: Vec<String> = [
        "..",
        "%2e%2e",
        "..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e%5c%2e%2e%5cjixiao.db",
        "%00",
        "o-1%00",
        "o-1%0d%0aSet-Cookie:%20x=1",
        "%ff%fe",
        "o-1'%20OR%20'1'='1",
        "%22%3E%3Cscript%3Ejx9%3C%2Fscript%3E",
        "-1",
        "99999999999999999999",
        "%F0%A0%80%80",
        "%25s%25n%25x",
        "%7B%7B7*7%7D%7D",
        "O-1",
        "o-1%20",
    ]
    .map(str::to_owned)
    .to_vec();
    segments.push("a".repeat(5000));
    segments
}

/// The path with the segment in place of every id.
fn forged(path: &str, segment: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if part.starts_with('{') { segment } else { part })
        .collect();
    parts.join("/")
}

on_both!(
    MIGRATIONS,
    a_forged_id_is_refused_everywhere_and_changes_nothing,
    |test| {
        prepare(test);
        let people = people(test);
        let before = content(test, &[]);
        for route in routes::all()
            .iter()
            .filter(|route| route.path.contains('{'))
        {
            let (_, query) = split(route.sample);
            for segment in segments() {
                let path = format!("{}?{query}", forged(route.path, &segment));
                for site in &people {
                    check_refused(&site.get(&path), &path);
                    check_refused(&site.post(&path, ""), &path);
                }
            }
        }
        assert_eq!(content(test, &[]), before);
    }
);

/// What stands where a query should.
fn queries() -> Vec<String> {
    let mut queries: Vec<String> = [
        "year=%00",
        "year=99999999999999999999",
        "year=-1",
        "year=2020&year=2019",
        "year=2020&after=~",
        "year=2020&after=%7E%7E%7E",
        "year=2020&after=%27%20OR%201=1%20--~o-1",
        "year=2020&sort=-%27",
        "year=2020&sort=-budget&after=x~y",
        "year=2020&text=%25%27%22%3E%3Cscript%3Ejx9%3C%2Fscript%3E",
        "text=%5C!%25_",
        "open=%22%3E%3Cscript%3Ejx9%3C%2Fscript%3E",
        "actor=%22%3E%3Cscript%3Ejx9%3C%2Fscript%3E&from=%22%3E%3Cscript%3Ejx9",
        "before=%22%3E%3Cscript%3Ejx9%3C%2Fscript%3E",
        "next=%2F%2Felsewhere.example%22%3E%3Cscript%3Ejx9%3C%2Fscript%3E",
        "part=%22%3E%3Cscript%3Ejx9&all=%00",
        "x[]=1&x[]=2&__proto__[y]=1",
        "%",
        "=&=&&;",
        "kind=%FF%FE",
        "limit=-1",
    ]
    .map(str::to_owned)
    .to_vec();
    queries.push(format!("text={}", "%E4%B8%AD".repeat(2000)));
    queries.push("a=1&".repeat(3000));
    queries
}

on_both!(
    MIGRATIONS,
    no_query_breaks_a_page_or_comes_back_as_a_script,
    |test| {
        prepare(test);
        let people = people(test);
        let before = content(test, &[]);
        for route in routes::all() {
            let (path, _) = split(route.sample);
            for query in queries() {
                let what = format!("{path}?{query}");
                for site in &people {
                    let answer = site.get(&what);
                    check_calm(&answer, &what);
                    if is_page(&answer) {
                        assert!(!answer.text.contains("<script>jx9"), "{what}");
                        assert!(!answer.text.contains("\"><script"), "{what}");
                    }
                }
            }
        }
        assert_eq!(content(test, &[]), before);
    }
);

#[test]
fn a_method_that_a_route_does_not_have_is_refused() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepare(&test);
    let site = TestSite::logged_in(&test);
    let before = content(&test, &[]);
    for route in routes::all() {
        for method in [
            "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "NONSENSE",
        ] {
            let what = format!("{method} {}", route.sample);
            check_refused(&site.send(method, route.sample, ""), &what);
        }
        let overridden = [
            ("x-http-method-override", "DELETE"),
            ("x-original-url", "/audit"),
        ];
        let answer = site.send_with("GET", route.sample, "", &overridden);
        check_calm(&answer, route.sample);
    }
    assert_eq!(content(&test, &[]), before);
}

#[test]
fn headers_are_neither_believed_nor_said_back() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepare(&test);
    let site = TestSite::logged_in_as(&test, domain::permission::Role::UnitHead, Some("u-2"));
    let nobody = TestSite::new(&test);
    let long = "x".repeat(60_000);
    for headers in [
        [
            ("host", "elsewhere.example"),
            ("x-forwarded-host", "elsewhere.example"),
        ],
        [
            ("x-forwarded-for", "10.0.0.1"),
            ("forwarded", "for=10.0.0.1;host=elsewhere.example"),
        ],
        [
            ("referer", "https://elsewhere.example/<script>jx9"),
            ("user-agent", "<script>jx9"),
        ],
        [("x-user", "sysadmin"), ("x-roles", "audit_admin")],
        [("cookie", &long), ("accept-language", &long)],
        [
            ("cookie", "jixiao_session=' OR 1=1; jixiao_session="),
            ("hx-request", "true"),
        ],
        [("if-none-match", "*"), ("range", "bytes=0-1,2-3,4-")],
        [
            ("accept", "application/xml"),
            ("accept-encoding", "bomb;q=9"),
        ],
    ] {
        for route in closed() {
            for site in [&site, &nobody] {
                let answer = site.send_with("GET", route.sample, "", &headers);
                check_calm(&answer, route.sample);
                assert!(
                    !answer.text.contains("elsewhere.example"),
                    "{}",
                    route.sample
                );
                assert!(!answer.text.contains("<script>jx9"), "{}", route.sample);
                if let Some(to) = answer.headers.get("location") {
                    assert!(to.to_str().unwrap().starts_with('/'), "{}", route.sample);
                }
            }
        }
        let answer = site.send_with("GET", "/audit", "", &headers);
        assert!(
            [StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED].contains(&answer.status),
            "{}",
            answer.status
        );
    }
}
