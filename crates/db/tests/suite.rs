//! The same promises on SQLite and on PostgreSQL.
#![expect(
    clippy::unwrap_used,
    reason = "a test ends where something unexpected happens"
)]

use std::time::Duration;

use db::testing::TestDb;
use db::{Db, Error, Migration, Sql, Tx, migrate, on_both};

const MIGRATIONS: &[Migration] = &[Migration {
    name: "0001_note",
    text: "CREATE TABLE note (
        id TEXT NOT NULL PRIMARY KEY,
        body TEXT,
        amount_fen BIGINT NOT NULL CHECK (amount_fen BETWEEN -1000 AND 1000),
        is_final BOOLEAN NOT NULL,
        parent_id TEXT REFERENCES note (id)
    );
    CREATE TABLE piece (
        id TEXT NOT NULL PRIMARY KEY,
        content BYTEA NOT NULL
    )",
}];

const fn sql(name: &'static str, text: &'static str) -> Sql {
    Sql { name, text }
}

const INSERT: Sql = sql(
    "INSERT",
    "INSERT INTO note (id, body, amount_fen, is_final, parent_id) VALUES ($1, $2, $3, $4, $5)",
);
const ALL: Sql = sql(
    "ALL",
    "SELECT id, body, amount_fen, is_final, parent_id FROM note ORDER BY id",
);
const SUM: Sql = sql(
    "SUM",
    "SELECT CAST(SUM(amount_fen) AS BIGINT) AS total FROM note",
);
const UPDATE: Sql = sql("UPDATE", "UPDATE note SET body = $2 WHERE id = $1");
const INSERT_PIECE: Sql = sql(
    "INSERT_PIECE",
    "INSERT INTO piece (id, content) VALUES ($1, $2)",
);
const PIECE: Sql = sql("PIECE", "SELECT id, content FROM piece WHERE id = $1");
const WRONG: Sql = sql("WRONG", "SELECT nonsense FROM note");

fn insert(tx: &mut Tx<'_>, id: &str, amount: i64) -> Result<(), Error> {
    tx.execute_one(
        INSERT,
        &[&id, &None::<String>, &amount, &true, &None::<String>],
    )
}

fn ids(db: &Db) -> Vec<String> {
    let rows = db
        .read_blocking(|tx: &mut Tx<'_>| tx.query(ALL, &[]))
        .unwrap();
    rows.iter().map(|row| row.text("id").unwrap()).collect()
}

on_both!(MIGRATIONS, values_come_back_as_they_went_in, |test| {
    let rows = test
        .db
        .write_blocking(|tx: &mut Tx<'_>| {
            tx.execute_one(
                INSERT,
                &[&"a", &"绩效 '; --", &-7_i64, &false, &None::<String>],
            )?;
            tx.execute_one(INSERT, &[&"b", &None::<String>, &9_i64, &true, &"a"])?;
            tx.query(ALL, &[])
        })
        .unwrap();
    assert_eq!(rows[0].text("body").unwrap(), "绩效 '; --");
    assert_eq!(rows[0].int("amount_fen").unwrap(), -7);
    assert!(!rows[0].bool("is_final").unwrap());
    assert_eq!(rows[1].opt_text("body").unwrap(), None);
    assert_eq!(rows[1].opt_text("parent_id").unwrap().as_deref(), Some("a"));
    assert!(matches!(
        rows[1].text("body"),
        Err(Error::InconsistentRow { .. })
    ));
    let sum = test
        .db
        .read_blocking(|tx: &mut Tx<'_>| tx.one(SUM, &[]))
        .unwrap();
    assert_eq!(sum.int("total").unwrap(), 2);
});

on_both!(MIGRATIONS, bytes_come_back_bit_by_bit, |test| {
    // Every byte there is, with what would end or break a text.
    let all: Vec<u8> = (0..=u8::MAX).collect();
    let large = all.repeat(1024);
    for content in [Vec::new(), all, large] {
        let kept = content.clone();
        let row = test
            .db
            .write_blocking(move |tx: &mut Tx<'_>| {
                let id = kept.len().to_string();
                tx.execute_one(INSERT_PIECE, &[&id, &kept])?;
                tx.one(PIECE, &[&id])
            })
            .unwrap();
        assert_eq!(row.bytes("content").unwrap(), content);
        let wrong = row.text("content");
        assert!(matches!(wrong, Err(Error::InconsistentRow { .. })));
        assert!(row.bytes("id").is_err());
    }
});

on_both!(MIGRATIONS, what_fails_leaves_nothing_behind, |test| {
    let result: Result<(), Error> = test.db.write_blocking(|tx| {
        insert(tx, "a", 1)?;
        insert(tx, "a", 2)
    });
    assert!(matches!(result, Err(Error::Duplicate(_))), "{result:?}");
    assert!(ids(&test.db).is_empty());
    let panicked: Result<(), Error> = test.db.write_blocking(|tx| {
        insert(tx, "a", 1)?;
        panic!("a mistake in a handler");
    });
    assert!(matches!(panicked, Err(Error::Panicked)), "{panicked:?}");
    assert!(ids(&test.db).is_empty());
});

on_both!(MIGRATIONS, each_kind_of_mistake_has_its_own_error, |test| {
    let db = &test.db;
    let outside = db.write_blocking(|tx| insert(tx, "a", 1001));
    assert!(matches!(outside, Err(Error::NotAllowed(_))), "{outside:?}");
    let orphan = db.write_blocking(|tx: &mut Tx<'_>| {
        tx.execute_one(INSERT, &[&"a", &None::<String>, &1_i64, &true, &"nobody"])
    });
    assert!(matches!(orphan, Err(Error::Reference(_))), "{orphan:?}");
    let lost = db.write_blocking(|tx: &mut Tx<'_>| tx.execute_one(UPDATE, &[&"none", &"x"]));
    assert!(
        matches!(lost, Err(Error::Touched { touched: 0, .. })),
        "{lost:?}"
    );
    let wrong = db.read_blocking(|tx: &mut Tx<'_>| tx.prepare(WRONG));
    assert!(wrong.unwrap_err().to_string().contains("WRONG"));
});

on_both!(
    MIGRATIONS,
    rows_come_one_by_one_until_one_is_refused,
    |test| {
        let (seen, left) = test
            .db
            .write_blocking(|tx: &mut Tx<'_>| {
                for id in ["a", "b", "c"] {
                    insert(tx, id, 1)?;
                }
                let mut seen = Vec::new();
                let ended = tx.each(ALL, &[], &mut |row| {
                    seen.push(row.text("id")?);
                    if seen.len() == 2 {
                        row.int("body")?;
                    }
                    Ok(())
                });
                assert!(matches!(ended, Err(Error::InconsistentRow { .. })));
                // The connection goes on.
                let left = tx.one(SUM, &[])?.int("total")?;
                Ok::<_, Error>((seen, left))
            })
            .unwrap();
        assert_eq!((seen, left), (vec!["a".to_owned(), "b".to_owned()], 3));
    }
);

on_both!(MIGRATIONS, a_reader_cannot_write, |test| {
    let result = test.db.read_blocking(|tx| insert(tx, "a", 1));
    assert!(result.is_err());
    assert!(ids(&test.db).is_empty());
});

on_both!(
    MIGRATIONS,
    many_writers_share_a_commit_and_a_failing_one_rolls_back_alone,
    |test| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let results = runtime.block_on(async {
            let mut tasks = tokio::task::JoinSet::new();
            for number in 0_i64..64 {
                let db = test.db.clone();
                tasks.spawn(async move {
                    // Every eighth is outside the CHECK.
                    let amount = if number % 8 == 0 { 5000 } else { number };
                    db.write(move |tx| insert(tx, &format!("{number:02}"), amount))
                        .await
                });
            }
            tokio::time::timeout(Duration::from_mins(1), tasks.join_all())
                .await
                .unwrap()
        });
        assert_eq!(results.iter().filter(|result| result.is_err()).count(), 8);
        assert_eq!(ids(&test.db).len(), 56);
    }
);

on_both!(MIGRATIONS, migrations_go_forward_only, |test| {
    const CHANGED: &[Migration] = &[Migration {
        name: "0001_note",
        text: "CREATE TABLE other (id TEXT)",
    }];
    migrate(&test.db, MIGRATIONS).unwrap();
    let changed = migrate(&test.db, CHANGED).unwrap_err().to_string();
    assert!(changed.contains("0001_note"), "{changed}");
    let older = migrate(&test.db, &[]).unwrap_err().to_string();
    assert!(older.contains("newer program"), "{older}");
});

#[test]
fn an_address_of_another_kind_is_refused() {
    for url in ["mysql://x", "jixiao.db", "sqlite://"] {
        assert!(matches!(Db::open(url), Err(Error::Address(_))), "{url}");
    }
}

#[test]
fn what_was_confirmed_is_there_after_the_file_is_opened_again() {
    let test = TestDb::sqlite(MIGRATIONS);
    test.db.write_blocking(|tx| insert(tx, "a", 1)).unwrap();
    let again = Db::open(&test.url).unwrap();
    assert_eq!(ids(&again), ["a"]);
}

/// The ids of all notes, asked by somebody.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Notes {
    asked_by: &'static str,
    is_refused: bool,
    read: Counter,
}

/// How often an answer was read; it tells no question from another.
#[derive(Clone, Default)]
struct Counter(std::sync::Arc<std::sync::atomic::AtomicU32>);

impl Counter {
    fn get(&self) -> u32 {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

impl PartialEq for Counter {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Counter {}

impl std::hash::Hash for Counter {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl db::Question for Notes {
    type Answer = Vec<String>;
    type Error = Error;

    fn read(&self, tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
        self.read
            .0
            .fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        if self.is_refused {
            return Err(Error::Unavailable("refused".to_owned()));
        }
        let rows = tx.query(ALL, &[])?;
        rows.iter().map(|row| row.text("id")).collect()
    }
}

fn recall(db: &Db, question: &Notes) -> Result<Vec<String>, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let answer = runtime.block_on(db.recall(question.clone()))?;
    Ok(Vec::clone(&answer))
}

on_both!(
    MIGRATIONS,
    an_answer_is_kept_until_something_changes,
    |test| {
        let question = Notes {
            asked_by: "a",
            is_refused: false,
            read: Counter::default(),
        };
        // On a PostgreSQL server the other tests' transactions count as changes too.
        let read_times = |times: u32| {
            let read = question.read.get();
            assert!(read == times || (read > times && test.db.kind() == "postgres"));
        };
        assert!(recall(&test.db, &question).unwrap().is_empty());
        assert!(recall(&test.db, &question).unwrap().is_empty());
        read_times(1);
        // Who else asks has an answer of their own.
        let other = Notes {
            asked_by: "b",
            ..question.clone()
        };
        recall(&test.db, &other).unwrap();
        read_times(2);

        test.db.write_blocking(|tx| insert(tx, "1", 5)).unwrap();
        assert_eq!(recall(&test.db, &question).unwrap(), ["1"]);
        assert_eq!(recall(&test.db, &question).unwrap(), ["1"]);
        read_times(3);

        // Another program that writes to the same database.
        let elsewhere = Db::open(&test.url).unwrap();
        elsewhere.write_blocking(|tx| insert(tx, "2", 6)).unwrap();
        assert_eq!(recall(&test.db, &question).unwrap(), ["1", "2"]);
        read_times(4);
    }
);

on_both!(MIGRATIONS, a_refusal_is_not_kept, |test| {
    let question = Notes {
        asked_by: "a",
        is_refused: true,
        read: Counter::default(),
    };
    for asked in 1..=2 {
        assert!(recall(&test.db, &question).is_err());
        assert_eq!(question.read.get(), asked);
    }
});

on_both!(MIGRATIONS, the_planner_is_told_of_many_rows, |test| {
    test.db
        .write_blocking(|tx| {
            for id in 0..500 {
                insert(tx, &id.to_string(), 1)?;
            }
            tx.many_rows_written(&["note", "piece"])
        })
        .unwrap();
    assert_eq!(ids(&test.db).len(), 500);
    if test.db.kind() == "postgres" {
        let known = sql(
            "KNOWN",
            "SELECT CAST(reltuples AS BIGINT) AS known FROM pg_class \
             WHERE oid = CAST('note' AS REGCLASS)",
        );
        let row = test.db.read_blocking(move |tx| tx.one(known, &[])).unwrap();
        assert_eq!(row.int("known").unwrap(), 500);
    }
});
