//! The schema that a database really has, as lines that both databases write alike.

use postgres::{Client, NoTls};
use rusqlite::Connection;

/// Every column, key, reference and number of CHECKs of every table, sorted.
///
/// A column is `table.column TYPE NOT NULL`; a key `table PRIMARY (a, b)` or `table UNIQUE (a, b)`;
/// a reference `table.column → table.column ON DELETE …`; the rules `table CHECK × n`.
///
/// # Panics
/// When the database cannot be read.
pub(super) fn sqlite(path: &str) -> Vec<String> {
    let connection = Connection::open(path).expect("the test's database opens");
    let rows = |text: &str| -> Vec<String> {
        let mut statement = connection.prepare(text).expect("the catalogue is known");
        let rows = statement.query_map([], |row| row.get(0));
        rows.expect("the catalogue answers")
            .map(|row| row.expect("the catalogue holds text"))
            .collect()
    };
    let mut lines = rows(SQLITE_COLUMNS);
    lines.extend(rows(SQLITE_KEYS));
    lines.extend(rows(SQLITE_REFERENCES));
    lines.extend(rows(SQLITE_CHECKS));
    lines.sort();
    lines
}

/// As [`sqlite`], of the PostgreSQL schema that the address's search path names.
///
/// # Panics
/// When the database cannot be read.
pub(super) fn postgres(url: &str) -> Vec<String> {
    let mut client = Client::connect(url, NoTls).expect("the tests' PostgreSQL answers");
    let mut lines = Vec::new();
    for text in [
        POSTGRES_COLUMNS,
        POSTGRES_KEYS,
        POSTGRES_REFERENCES,
        POSTGRES_CHECKS,
    ] {
        let rows = client.query(text, &[]).expect("the catalogue is known");
        lines.extend(rows.iter().map(|row| row.get::<_, String>(0)));
    }
    lines.sort();
    lines
}

const SQLITE_COLUMNS: &str = "
    SELECT t.name || '.' || c.name || ' ' || c.type
        || CASE WHEN c.\"notnull\" = 1 THEN ' NOT NULL' ELSE '' END
    FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c
    WHERE t.type = 'table'";

const SQLITE_KEYS: &str = "
    SELECT t.name || CASE WHEN i.origin = 'pk' THEN ' PRIMARY (' ELSE ' UNIQUE (' END
        || (SELECT group_concat(x.name, ', ') FROM
            (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) AS x) || ')'
    FROM sqlite_master AS t JOIN pragma_index_list(t.name) AS i
    WHERE t.type = 'table' AND i.origin IN ('pk', 'u')";

const SQLITE_REFERENCES: &str = "
    SELECT t.name || '.' || f.\"from\" || ' → ' || f.\"table\" || '.' || f.\"to\"
        || ' ON DELETE ' || f.on_delete
    FROM sqlite_master AS t JOIN pragma_foreign_key_list(t.name) AS f
    WHERE t.type = 'table'";

const SQLITE_CHECKS: &str = "
    SELECT t.name || ' CHECK × '
        || ((length(t.sql) - length(replace(t.sql, 'CHECK (', ''))) / length('CHECK ('))
    FROM sqlite_master AS t WHERE t.type = 'table' AND t.sql LIKE '%CHECK (%'";

const POSTGRES_COLUMNS: &str = "
    SELECT table_name || '.' || column_name || ' ' || upper(data_type)
        || CASE WHEN is_nullable = 'NO' THEN ' NOT NULL' ELSE '' END
    FROM information_schema.columns WHERE table_schema = current_schema()";

const POSTGRES_KEYS: &str = "
    SELECT r.relname || CASE WHEN k.contype = 'p' THEN ' PRIMARY (' ELSE ' UNIQUE (' END
        || (SELECT string_agg(a.attname, ', ' ORDER BY n.place)
            FROM unnest(k.conkey) WITH ORDINALITY AS n (number, place)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = n.number) || ')'
    FROM pg_constraint AS k JOIN pg_class AS r ON r.oid = k.conrelid
    WHERE k.connamespace = current_schema()::regnamespace AND k.contype IN ('p', 'u')";

const POSTGRES_REFERENCES: &str = "
    SELECT r.relname || '.' || a.attname || ' → ' || g.relname || '.' || b.attname
        || ' ON DELETE ' || CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL'
            ELSE 'NO ACTION' END
    FROM pg_constraint AS k JOIN pg_class AS r ON r.oid = k.conrelid
    JOIN pg_class AS g ON g.oid = k.confrelid
    JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
    WHERE k.connamespace = current_schema()::regnamespace AND k.contype = 'f'";

const POSTGRES_CHECKS: &str = "
    SELECT r.relname || ' CHECK × ' || count(*)
    FROM pg_constraint AS k JOIN pg_class AS r ON r.oid = k.conrelid
    WHERE k.connamespace = current_schema()::regnamespace AND k.contype = 'c'
    GROUP BY r.relname";
