//! Accounts that the program makes itself: the first three administrators, the sample's people.

use db::{Db, Tx};
use domain::permission::Role;

use super::account_event;
use super::store::{self, NewAccount};
use crate::audit;
use crate::serve::{Error, now_text};

/// A password that was just made, to be shown once.
#[derive(Debug, Clone)]
pub(crate) struct Issued {
    /// The name to log in with.
    pub(crate) login: String,
    /// Who it is.
    pub(crate) name: String,
    /// The password.
    pub(crate) password: String,
}

/// The three administrators (三员): login name, name, role.
const ADMINISTRATORS: [(&str, &str, Role); 3] = [
    ("sysadmin", "系统管理员", Role::SystemAdmin),
    ("secadmin", "安全保密管理员", Role::SecurityAdmin),
    ("auditadmin", "安全审计员", Role::AuditAdmin),
];

/// Makes the three administrators if there is no account yet: their passwords, to be shown once.
/// Each must be changed at the first login.
///
/// # Errors
/// The machine gives no randomness, or the database fails.
pub(crate) fn first_administrators(db: &Db) -> Result<Vec<Issued>, Error> {
    if db.read_blocking(store::has_account)? {
        return Ok(Vec::new());
    }
    let mut issued = Vec::new();
    for (login, name, role) in ADMINISTRATORS {
        let id = account_id(login);
        db.write_blocking(move |tx| {
            let region = audit::region(tx)?;
            let new = NewAccount {
                id: &id,
                region_code: &region,
                login,
                name,
                unit: None,
                section: None,
                roles: &[role],
                provenance: "first_start",
            };
            store::insert(tx, &new)
        })?;
        issued.push(issue(db, login, name, true)?);
    }
    Ok(issued)
}

/// The id of an account that the program makes itself.
pub(super) fn account_id(login: &str) -> String {
    format!("ac-{login}")
}

/// Gives an account a new password.
fn issue(db: &Db, login: &str, name: &str, must_change: bool) -> Result<Issued, Error> {
    // The cause is in the log already.
    let failed = |_| Error::Start("系统没有提供随机数".to_owned());
    let password = web::token::readable().map_err(failed)?;
    let hash = web::password::hash(&password).map_err(failed)?;
    let (now, id) = (now_text(), account_id(login));
    db.write_blocking(move |tx| {
        store::set_password(tx, &id, &hash, &now, must_change)?;
        let event = account_event(audit::SYSTEM, "password_issued", &id, None);
        audit::record(tx, &now, &event)
    })?;
    Ok(Issued {
        login: login.to_owned(),
        name: name.to_owned(),
        password,
    })
}

/// One person of the sample city: login name, name, role, unit, section, and whether a password is
/// printed for the person.
type Sample<'a> = (
    &'a str,
    &'a str,
    Role,
    Option<&'a str>,
    Option<&'a str>,
    bool,
);

/// The people of the sample city's bureau and of two of its departments. The others of the city
/// have accounts too, whose passwords the system administrator gives out.
const SAMPLE: &[Sample<'static>] = &[
    (
        "sysadmin",
        "系统管理员",
        Role::SystemAdmin,
        None,
        None,
        true,
    ),
    (
        "secadmin",
        "安全保密管理员",
        Role::SecurityAdmin,
        None,
        None,
        true,
    ),
    (
        "auditadmin",
        "安全审计员",
        Role::AuditAdmin,
        None,
        None,
        true,
    ),
    (
        "jixiao",
        "绩效股经办",
        Role::PerformanceAdmin,
        None,
        None,
        true,
    ),
    (
        "yusuan",
        "预算股经办",
        Role::BudgetOfficer,
        None,
        None,
        true,
    ),
    (
        "guoku",
        "国库股经办",
        Role::TreasuryOfficer,
        None,
        None,
        true,
    ),
    ("renda", "人大财经委", Role::Observer, None, None, true),
    ("expert", "评审专家", Role::Expert, None, None, true),
];

/// Makes the accounts of the sample city where they are not there, and gives those whose passwords
/// are printed new ones.
///
/// # Errors
/// The machine gives no randomness, or the database fails.
pub(crate) fn sample_accounts(db: &Db) -> Result<Vec<Issued>, Error> {
    let people = db.write_blocking(|tx| {
        let mut people = Vec::new();
        for (login, name, role, unit, section, is_printed) in SAMPLE {
            add(tx, login, name, *role, (*unit, *section))?;
            people.extend(is_printed.then(|| ((*login).to_owned(), (*name).to_owned())));
        }
        people.extend(sections(tx)?);
        people.extend(departments(tx)?);
        Ok::<_, db::Error>(people)
    })?;
    people
        .iter()
        .map(|(login, name)| issue(db, login, name, false))
        .collect()
}

/// One reviewer for each business section; all are printed.
fn sections(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, db::Error> {
    let mut people = Vec::new();
    for (number, (id, name)) in (1..).zip(store::sections(tx)?) {
        let (login, name) = (format!("gushi{number}"), format!("{name}审核人"));
        add(tx, &login, &name, Role::SectionReviewer, (None, Some(&id)))?;
        people.push((login, name));
    }
    Ok(people)
}

/// Clerk, head and reviewer of each first-level unit; those of the first are printed.
fn departments(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, db::Error> {
    let roles = [
        ("a", "经办", Role::UnitClerk),
        ("b", "负责人", Role::UnitHead),
        ("c", "审核人", Role::DepartmentReviewer),
    ];
    let mut people = Vec::new();
    for (place, (id, code, name)) in store::first_level_units(tx)?.into_iter().enumerate() {
        for (letter, office, role) in roles {
            let (login, name) = (format!("{code}{letter}"), format!("{name}{office}"));
            add(tx, &login, &name, role, (Some(&id), None))?;
            people.extend((place == 0).then_some((login, name)));
        }
    }
    Ok(people)
}

fn add(
    tx: &mut Tx<'_>,
    login: &str,
    name: &str,
    role: Role,
    (unit, section): (Option<&str>, Option<&str>),
) -> Result<(), db::Error> {
    if store::find_account(tx, login)?.is_some() {
        return Ok(());
    }
    let region = audit::region(tx)?;
    let new = NewAccount {
        id: &account_id(login),
        region_code: &region,
        login,
        name,
        unit,
        section,
        roles: &[role],
        provenance: "reconstructed_from_published_counts",
    };
    store::insert(tx, &new)
}

/// Tells who started the program how to log in.
pub(crate) fn print(issued: &[Issued]) {
    if issued.is_empty() {
        return;
    }
    println!("账号和密码（密码只显示这一次）：");
    for Issued {
        login,
        name,
        password,
    } in issued
    {
        println!("  {login:<12} {password}  {name}");
    }
}
