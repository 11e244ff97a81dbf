//! Accounts that the program makes itself: the first three administrators, the sample's people.

use std::io::{self, BufRead, IsTerminal as _, Write};

use db::{Db, Tx};
use domain::permission::Role;

use super::account_event;
use super::accounts::login_flaw;
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
/// At a terminal it asks who they are; without one they get the usual names.
///
/// # Errors
/// The machine gives no randomness, or the database fails.
pub(crate) fn first_start(db: &Db) -> Result<Vec<Issued>, Error> {
    if db.read_blocking(store::has_account)? {
        return Ok(Vec::new());
    }
    let people = if io::stdin().is_terminal() && io::stdout().is_terminal() {
        ask(&mut io::stdin().lock(), &mut io::stdout().lock())
            .map_err(|error| Error::Start(error.to_string()))?
    } else {
        usual()
    };
    make_administrators(db, people)
}

/// The three administrators by their usual names, if there is no account yet.
///
/// # Errors
/// As [`first_start`].
#[cfg(test)]
pub(crate) fn first_administrators(db: &Db) -> Result<Vec<Issued>, Error> {
    if db.read_blocking(store::has_account)? {
        return Ok(Vec::new());
    }
    make_administrators(db, usual())
}

/// Who the three administrators are: login name, name, role.
type Administrators = Vec<(String, String, Role)>;

fn usual() -> Administrators {
    let owned = |(login, name, role): (&str, &str, Role)| (login.to_owned(), name.to_owned(), role);
    ADMINISTRATORS.map(owned).to_vec()
}

/// Asks at the console who the three administrators are. Enter takes what is offered.
///
/// # Errors
/// The console is closed.
fn ask(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<Administrators> {
    writeln!(
        output,
        "数据库里还没有账号。请指定三位管理员（三员），他们互相制约，不能是同一个人。"
    )?;
    let mut people = Administrators::new();
    for (usual_login, usual_name, role) in ADMINISTRATORS {
        writeln!(output, "{}", role.label())?;
        let name = answer(input, output, "  姓名", usual_name)?;
        let login = loop {
            let login = answer(input, output, "  用户名", usual_login)?;
            let flaw = login_flaw(&login);
            if let Some(flaw) = flaw {
                writeln!(output, "  {flaw}")?;
            } else if people.iter().any(|(taken, ..)| *taken == login) {
                writeln!(output, "  这个用户名刚刚用过，请换一个。")?;
            } else {
                break login;
            }
        };
        people.push((login, name, role));
    }
    Ok(people)
}

/// One answer; the offered one where nothing is typed.
fn answer(
    input: &mut impl BufRead,
    output: &mut impl Write,
    question: &str,
    offered: &str,
) -> io::Result<String> {
    write!(output, "{question}（直接回车为 {offered}）：")?;
    output.flush()?;
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "没有读到管理员的姓名：请重新启动",
        ));
    }
    let line = line.trim();
    Ok(if line.is_empty() { offered } else { line }.to_owned())
}

fn make_administrators(db: &Db, people: Administrators) -> Result<Vec<Issued>, Error> {
    let mut issued = Vec::new();
    for (login, name, role) in people {
        let (id, typed) = (account_id(&login), (login.clone(), name.clone()));
        db.write_blocking(move |tx| {
            let region = audit::region(tx)?;
            let new = NewAccount {
                id: &id,
                region_code: &region,
                login: &typed.0,
                name: &typed.1,
                unit: None,
                section: None,
                roles: &[role],
                provenance: "first_start",
            };
            store::insert(tx, &new)
        })?;
        issued.push(issue(db, &login, &name, true)?);
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

#[cfg(test)]
mod tests {
    use super::ask;

    #[test]
    fn the_console_asks_who_the_three_are_until_their_names_fit() {
        let mut input = "王一\nWang\nwang\n\n\n李三\nwang\nli\n".as_bytes();
        let mut output = Vec::new();
        let people = ask(&mut input, &mut output).unwrap();
        let lines: Vec<String> = people
            .iter()
            .map(|(login, name, role)| format!("{login} {name} {}", role.name()))
            .collect();
        assert_eq!(
            lines,
            [
                "wang 王一 system_admin",
                "secadmin 安全保密管理员 security_admin",
                "li 李三 audit_admin"
            ]
        );
        let output = String::from_utf8(output).unwrap();
        assert!(
            output.contains("小写字母") && output.contains("刚刚用过"),
            "{output}"
        );
        assert!(ask(&mut "王一\n".as_bytes(), &mut Vec::new()).is_err());
    }
}
