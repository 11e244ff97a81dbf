//! A confirmed submission survives `kill -9` at any moment.
//!
//! Eight people send and take back targets over the interface while the server is killed twenty
//! times. Who gets no answer asks again with the same key. In the end everything that was answered
//! is there exactly once, nothing else is, and no part of anything is missing.
#![expect(
    clippy::unwrap_used,
    reason = "a test ends where something unexpected happens"
)]

mod http;
mod ledger;
mod people;
mod server;

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use db::testing::TestDb;

use people::{Person, prepare};
use server::Server;

/// How often the server is killed.
const KILLS: u32 = 20;

/// How many people work at the same time.
const PEOPLE: usize = 8;

/// Answers between two kills, different each time so that the kills fall anywhere.
fn answers_before(kill: u32) -> u32 {
    3 + kill * 7 % 17
}

/// What the server told a person of one command.
#[derive(Debug, Clone)]
struct Confirmed {
    key: String,
    record: String,
    verb: &'static str,
    version: u64,
    /// The number of the receipt of a submission.
    receipt: Option<String>,
}

/// Sends and takes back the person's target until it is over.
fn work(person: &Person, server: &Server, answered: &Sender<Confirmed>) {
    let mut version = 1;
    for verb in ["submit", "withdraw"].into_iter().cycle() {
        if server.is_over() {
            return;
        }
        let key = format!("{}-{version}", person.account);
        let body = format!("{{\"verb\":\"{verb}\",\"version\":{version}}}");
        let path = format!(
            "/api/v1/records/performance_target/{}/commands",
            person.target
        );
        let request = http::request(&path, &person.token, &key, &body);
        let mut life = 0;
        let answer = loop {
            // A server that died is not asked again before the next one lives.
            let Some((address, number)) = server.wait_for(life) else {
                return;
            };
            match http::send(address, &request) {
                Ok(answer) => break answer,
                Err(_) => life = number + 1,
            }
        };
        assert_eq!(answer.status, 200, "{verb} {version}: {}", answer.body);
        let told: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        let confirmed = Confirmed {
            key,
            record: person.target.clone(),
            verb,
            version: told["version"].as_u64().unwrap(),
            receipt: told["submission"].as_str().map(str::to_owned),
        };
        assert_eq!(confirmed.version, version + 1);
        version = confirmed.version;
        if answered.send(confirmed).is_err() {
            return;
        }
    }
}

/// Takes this many answers.
fn take(answers: &Receiver<Confirmed>, many: u32, into: &mut Vec<Confirmed>) {
    for _ in 0..many {
        match answers.recv_timeout(Duration::from_mins(1)) {
            Ok(answer) => into.push(answer),
            Err(RecvTimeoutError::Timeout) => panic!("nobody is answered any more"),
            Err(RecvTimeoutError::Disconnected) => panic!("everybody gave up"),
        }
    }
}

fn check(test: &TestDb) {
    let people = prepare(test, PEOPLE);
    let server = Server::new(&test.url);
    server.start();
    let mut confirmed = Vec::new();
    let (answered, answers) = channel();
    std::thread::scope(|scope| {
        // Whatever goes wrong, the workers must not wait for a server that never comes.
        let _closing = server.closing();
        for person in &people {
            let (server, answered) = (&server, answered.clone());
            scope.spawn(move || work(person, server, &answered));
        }
        drop(answered);
        for kill in 0..KILLS {
            take(&answers, answers_before(kill), &mut confirmed);
            server.kill();
            server.start();
        }
        take(&answers, answers_before(KILLS), &mut confirmed);
        server.end();
        confirmed.extend(answers.iter());
    });
    server.kill();
    assert!(confirmed.len() > 100, "{}", confirmed.len());
    let mut of_record: BTreeMap<&str, Vec<&Confirmed>> = BTreeMap::new();
    for one in &confirmed {
        of_record.entry(&one.record).or_default().push(one);
    }
    for person in &people {
        let told = of_record.remove(&*person.target).unwrap_or_default();
        ledger::check(test, person, &told);
    }
    ledger::check_receipts(test, &confirmed);
    server::verify_chain(&test.url);
}

#[test]
fn what_was_confirmed_survives_every_kill_on_sqlite() {
    check(&TestDb::sqlite(&[]));
}

#[test]
fn what_was_confirmed_survives_every_kill_on_postgres() {
    check(&TestDb::postgres(&[]));
}
