//! Taking up the key: made once, checked, lost, reset; and what an earlier version left in clear.

use std::path::{Path, PathBuf};

use db::testing::TestDb;
use db::{Sql, on_both};
use domain::permission::Role;

use super::{Refused, place, reset, take_up};
use crate::database::MIGRATIONS;
use crate::serve::testing::TestSite;

const ACCOUNT: &str = "performance_admin@";

/// A secret of an authenticator as it lay before there was a key.
const CLEAR: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

fn by_hand(test: &TestDb, statement: &'static str) {
    let sql = Sql {
        name: "BY_HAND",
        text: statement,
    };
    test.db
        .write_blocking(move |tx| tx.execute(sql, &[]))
        .unwrap();
}

fn value(test: &TestDb, statement: &'static str) -> Option<String> {
    let sql = Sql {
        name: "VALUE",
        text: statement,
    };
    let row = test.db.read_blocking(move |tx| tx.find(sql, &[])).unwrap();
    row.and_then(|row| row.opt_text("value").unwrap())
}

const SECRET: &str = "SELECT totp_secret AS value FROM account WHERE id = 'performance_admin@'";
const SEAL: &str = "SELECT value FROM setting WHERE name = 'submission_seal_key'";

fn start(test: &TestDb, key: &Path) -> Result<(), Refused> {
    take_up(test.db.clone(), &test.url, Some(key)).map(drop)
}

/// The file of the key that a test's database is opened with.
fn tests_key(folder: &Path) -> PathBuf {
    let path = folder.join("test.key");
    std::fs::write(&path, format!("jixiao-key-1:{}\n", "07".repeat(32))).unwrap();
    path
}

on_both!(
    MIGRATIONS,
    what_an_earlier_version_left_in_clear_is_sealed_and_still_opens,
    |test| {
        let folder = tempfile::tempdir().unwrap();
        let key = tests_key(folder.path());
        TestSite::logged_in_as(test, Role::PerformanceAdmin, None);
        by_hand(
            test,
            "UPDATE account SET totp_secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'",
        );
        by_hand(
            test,
            "INSERT INTO setting (name, value) VALUES ('submission_seal_key', \
             '0101010101010101010101010101010101010101010101010101010101010101')",
        );
        start(test, &key).unwrap();
        let sealed = (value(test, SECRET).unwrap(), value(test, SEAL).unwrap());
        for value in [&sealed.0, &sealed.1] {
            assert!(value.starts_with("sealed1:"), "{value}");
            assert!(
                !value.contains(CLEAR) && !value.contains("0101010101"),
                "{value}"
            );
        }
        let secret = test
            .db
            .read_blocking(|tx| crate::identity::store::second_factor::secret(tx, ACCOUNT));
        assert_eq!(secret.unwrap().as_deref(), Some(CLEAR));
        let public = "SELECT value FROM setting WHERE name = 'submission_seal_public_key'";
        assert_eq!(value(test, public).unwrap().len(), 64);
        // Another start changes nothing.
        start(test, &key).unwrap();
        assert_eq!(
            (value(test, SECRET).unwrap(), value(test, SEAL).unwrap()),
            sealed
        );
    }
);

on_both!(
    MIGRATIONS,
    a_secret_of_another_account_does_not_open,
    |test| {
        let folder = tempfile::tempdir().unwrap();
        TestSite::logged_in_as(test, Role::PerformanceAdmin, None);
        TestSite::logged_in_as(test, Role::BudgetOfficer, None);
        by_hand(test, "UPDATE account SET totp_secret = 'JBSWY3DPEHPK3PXP'");
        start(test, &tests_key(folder.path())).unwrap();
        by_hand(
            test,
            "UPDATE account SET totp_secret = (SELECT o.totp_secret FROM account o \
             WHERE o.id = 'budget_officer@') WHERE id = 'performance_admin@'",
        );
        let secret = test
            .db
            .read_blocking(|tx| crate::identity::store::second_factor::secret(tx, ACCOUNT));
        assert!(matches!(secret, Err(db::Error::Sealed(_))), "{secret:?}");
    }
);

on_both!(
    MIGRATIONS,
    a_lost_or_foreign_key_stops_the_start_and_a_reset_goes_on,
    |test| {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("here.key");
        TestSite::logged_in_as(test, Role::PerformanceAdmin, None);
        by_hand(test, "UPDATE account SET totp_secret = 'JBSWY3DPEHPK3PXP'");
        start(test, &key).unwrap();
        let before = test.content();
        let other = folder.path().join("other.key");
        let lost = start(test, &other).unwrap_err();
        assert!(lost.to_string().contains("请从备份恢复这个文件"), "{lost}");
        assert!(lost.to_string().contains("jixiao key reset"), "{lost}");
        assert!(!other.exists());
        let foreign = start(test, &tests_key(folder.path())).unwrap_err();
        assert!(foreign.to_string().contains("另一个数据库"), "{foreign}");
        std::fs::write(&other, "jixiao-key-1:07").unwrap();
        let damaged = start(test, &other).unwrap_err();
        assert!(damaged.to_string().contains("已经损坏"), "{damaged}");
        assert_eq!(test.content(), before);
        let unbound = reset(&test.db, "2020-03-05T09:30:00+08:00").unwrap();
        assert_eq!(unbound, 1);
        assert_eq!(value(test, SECRET), None);
        std::fs::remove_file(&other).unwrap();
        start(test, &other).unwrap();
    }
);

#[test]
fn the_key_is_made_once_for_its_owner_alone() {
    let test = TestDb::sqlite(MIGRATIONS);
    take_up(test.db.clone(), &test.url, None).unwrap();
    let file = PathBuf::from(test.url.trim_start_matches("sqlite://")).with_extension("key");
    let line = std::fs::read_to_string(&file).unwrap();
    assert_eq!(line.trim_end().len(), "jixiao-key-1:".len() + 64);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    take_up(test.db.clone(), &test.url, None).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), line);
    // Nothing else is left beside it.
    let names = std::fs::read_dir(file.parent().unwrap()).unwrap();
    assert!(
        names
            .flatten()
            .all(|entry| !entry.path().display().to_string().contains("key-"))
    );
}

#[test]
fn the_key_is_where_it_is_said_or_beside_what_is_there() {
    let here = place("postgres://db/jixiao", None);
    assert_eq!(here, Path::new("jixiao.key"));
    let named = place("postgres://db/jixiao", Some(Path::new("/etc/jixiao.key")));
    assert_eq!(named, Path::new("/etc/jixiao.key"));
    let beside = place("sqlite://data/jixiao.db", Some(Path::new("")));
    assert_eq!(beside, Path::new("data/jixiao.key"));
}
