//! The queue: once each, again when it helps, given up where a person sees it.

use db::testing::TestDb;
use db::{Db, on_both};
use domain::permission::Role;
use tokio::runtime::Runtime;

use super::store::{self, Ended, Mail};
use super::{PAUSES_SECONDS, send_due};
use crate::database::MIGRATIONS;
use crate::notice::mail::testing::start;
use crate::notice::mail::{Environment, Named, Settings};
use crate::notice::testing::{REGION, person};
use crate::serve::later;

const NOW: &str = "2020-11-30T09:00:00+08:00";

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    let all = [
        store::STATEMENTS,
        crate::notice::store::STATEMENTS,
        crate::notice::mail::store::STATEMENTS,
        crate::notice::reminder::store::STATEMENTS,
    ];
    test.db
        .read_blocking(move |tx| {
            all.into_iter()
                .flatten()
                .try_for_each(|sql| tx.prepare(*sql))
        })
        .unwrap();
});

fn settings(port: u16) -> Settings {
    let named = Named {
        host: "127.0.0.1".to_owned(),
        port: port.to_string(),
        tls: "none".to_owned(),
        from: "jixiao@example.test".to_owned(),
        ..Named::default()
    };
    named.settings(&Environment::default()).unwrap().unwrap()
}

/// Queues a mail to each of these.
fn queue(test: &TestDb, recipients: &[&str]) {
    let recipients: Vec<String> = recipients.iter().map(|&to| to.to_owned()).collect();
    test.db
        .write_blocking(move |tx| {
            person(tx, "clerk", Role::PerformanceAdmin, None, "")?;
            for (number, recipient) in recipients.iter().enumerate() {
                let mail = Mail {
                    id: format!("m-{number:02}"),
                    recipient: recipient.clone(),
                    subject: "到期提醒".to_owned(),
                    body: "一项工作".to_owned(),
                    link: String::new(),
                    tries: 0,
                    queued_at: NOW.to_owned(),
                };
                assert!(store::queue(tx, (REGION, "clerk"), &mail)?);
                assert!(!store::queue(tx, (REGION, "clerk"), &mail)?);
            }
            Ok::<_, db::Error>(())
        })
        .unwrap();
}

fn counts(db: &Db) -> (i64, i64, i64) {
    let counts = db.read_blocking(store::counts).unwrap();
    (counts.waiting, counts.sent, counts.failed)
}

on_both!(
    MIGRATIONS,
    several_processes_on_one_database_send_each_mail_once,
    |test| {
        let recipients: Vec<String> = (0..30).map(|n| format!("c{n}@example.test")).collect();
        let recipients: Vec<&str> = recipients.iter().map(String::as_str).collect();
        queue(test, &recipients);
        let (mailbox, port) = start(false);
        let settings = settings(port);
        let processes = [Db::open(&test.url).unwrap(), Db::open(&test.url).unwrap()];
        Runtime::new().unwrap().block_on(async {
            let mut work = tokio::task::JoinSet::new();
            for db in processes {
                let settings = settings.clone();
                work.spawn(
                    async move { while send_due(&db, &settings, NOW).await.unwrap() > 0 {} },
                );
            }
            work.join_all().await;
        });
        let mut sent: Vec<String> = mailbox
            .received()
            .into_iter()
            .flat_map(|(recipients, _)| recipients)
            .collect();
        assert_eq!(sent.len(), 30);
        sent.sort();
        sent.dedup();
        assert_eq!(sent.len(), 30);
        assert_eq!(counts(&test.db), (0, 30, 0));
    }
);

on_both!(
    MIGRATIONS,
    a_mail_is_another_ones_only_when_the_lease_has_run_out,
    |test| {
        queue(test, &["clerk@example.test"]);
        let until = later(NOW, 900);
        let take = |now: &str, lease: &'static str| {
            let (now, until) = (now.to_owned(), later(now, 900));
            test.db
                .write_blocking(move |tx| store::take(tx, &now, lease, &until, 10))
                .unwrap()
                .len()
        };
        let settle = |lease: &'static str| {
            let ended = Ended::Sent { at: NOW.to_owned() };
            test.db
                .write_blocking(move |tx| store::settle(tx, "m-00", lease, &ended))
                .unwrap()
        };
        assert_eq!(take(NOW, "first"), 1);
        assert_eq!(take(&later(NOW, 899), "second"), 0);
        assert_eq!(take(&until, "second"), 1);
        // The first one comes back from a long pause: the mail is no longer its own.
        assert!(!settle("first"));
        assert_eq!(counts(&test.db), (1, 0, 0));
        assert!(settle("second"));
        assert_eq!(counts(&test.db), (0, 1, 0));
    }
);

on_both!(
    MIGRATIONS,
    a_refused_mail_is_given_up_at_once_and_holds_up_no_other,
    |test| {
        queue(test, &["nobody@example.test", "clerk@example.test"]);
        let (mailbox, port) = start(false);
        let sent = Runtime::new()
            .unwrap()
            .block_on(send_due(&test.db, &settings(port), NOW));
        assert_eq!(sent.unwrap(), 2);
        assert_eq!(mailbox.received().len(), 1);
        assert_eq!(counts(&test.db), (0, 1, 1));
        let troubled = test.db.read_blocking(|tx| store::troubled(tx, 10)).unwrap();
        let [failed] = troubled.as_slice() else {
            panic!("one failed, not {}", troubled.len());
        };
        assert!(failed.is_failed);
        assert_eq!(failed.recipient, "nobody@example.test");
        assert!(failed.last_error.contains("550"), "{}", failed.last_error);
    }
);

on_both!(
    MIGRATIONS,
    a_busy_server_is_asked_again_with_growing_pauses_until_a_person_must_look,
    |test| {
        queue(test, &["clerk@example.test"]);
        let (mailbox, port) = start(false);
        mailbox.set_busy(true);
        let settings = settings(port);
        let runtime = Runtime::new().unwrap();
        let run = |now: &str| {
            runtime
                .block_on(send_due(&test.db, &settings, now))
                .unwrap()
        };
        let mut now = NOW.to_owned();
        for pause in PAUSES_SECONDS {
            assert_eq!(run(&now), 1);
            assert_eq!(counts(&test.db), (1, 0, 0));
            assert_eq!(run(&later(&now, pause - 1)), 0, "too early");
            now = later(&now, pause);
        }
        assert_eq!(run(&now), 1);
        assert_eq!(counts(&test.db), (0, 0, 1));
        // Mended, and asked for again by the administrator.
        mailbox.set_busy(false);
        assert_eq!(run(&later(&now, 7 * 24 * 3600)), 0);
        let at = now.clone();
        let again = move |tx: &mut db::Tx<'_>| store::retry(tx, "m-00", &at);
        assert!(test.db.write_blocking(again).unwrap());
        assert_eq!(run(&now), 1);
        assert_eq!(counts(&test.db), (0, 1, 0));
        assert_eq!(mailbox.received().len(), 1);
    }
);

on_both!(
    MIGRATIONS,
    what_waited_too_long_is_given_up_unsent,
    |test| {
        queue(test, &["clerk@example.test"]);
        let (mailbox, port) = start(false);
        let late = later(NOW, 3 * 24 * 3600 + 1);
        let sent = Runtime::new()
            .unwrap()
            .block_on(send_due(&test.db, &settings(port), &late));
        assert_eq!(sent.unwrap(), 1);
        assert!(mailbox.received().is_empty());
        assert_eq!(counts(&test.db), (0, 0, 1));
    }
);
