//! Accounts from a workbook: read whole, shown before anything is written, all or nothing.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use db::Tx;
use domain::permission::{Role, role_conflict};
use office::workbook::{self, Limits, Sheet, Table, address};
use serde::Deserialize;
use web::{Error, Shell};

use super::new::{self, Made, ROLE, Typed};
use super::{FieldError, fresh_id};
use crate::audit;
use crate::check::{Content, Upload};
use crate::identity::account_event;
use crate::identity::entry::in_minutes;
use crate::identity::people::Issued;
use crate::identity::privileged::{self, Refused, fits_place};
use crate::identity::store::directory;
use crate::serve::{App, Frame, Person, Signed, now_text, workbook_file};

/// Most rows of a file: each costs a hashed password.
const MOST_ROWS: usize = 500;

/// Minutes in which a shown file can be confirmed.
const CONFIRM_MINUTES: i64 = 30;

/// The headings, with the field that each stands for.
const HEADINGS: [(&str, &str); 8] = [
    ("用户名", "login"),
    ("姓名", "name"),
    ("单位编码", "unit"),
    ("股室", "section"),
    ("邮箱", "email"),
    ("有效期至", "valid_to"),
    ("统一认证标识", "subject"),
    ("岗位", "roles"),
];

/// What is wrong with a cell.
struct CellError {
    cell: String,
    sentence: String,
}

#[derive(Template)]
#[template(path = "identity/accounts/import.html")]
struct ImportPage {
    shell: Shell,
    file: String,
    rows: Vec<Typed>,
    errors: Vec<CellError>,
    /// The kept file, where there is no mistake.
    kept: Option<String>,
}

impl ImportPage {
    fn labels(row: &Typed) -> String {
        let labels: Vec<&str> = row.roles().iter().map(|role| role.label()).collect();
        labels.join("、")
    }
}

fn empty(shell: Shell) -> ImportPage {
    ImportPage {
        shell: shell.at("/accounts"),
        file: String::new(),
        rows: Vec::new(),
        errors: Vec::new(),
        kept: None,
    }
}

/// `GET /accounts/import`
pub(super) async fn form(frame: Frame) -> Result<Response, Error> {
    web::page(&empty(frame.shell))
}

/// `GET /accounts/import/template`
pub(super) async fn template(_: Person) -> Result<Response, Error> {
    let table = Table {
        sheet: "账号".to_owned(),
        columns: HEADINGS.map(|(heading, _)| heading.to_owned()).to_vec(),
        rows: Vec::new(),
    };
    workbook_file("账号导入模板", table).await
}

/// `POST /accounts/import`: what the file says, and what is wrong with it.
pub(super) async fn preview(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    upload: Upload,
) -> Result<Response, Error> {
    let mut page = empty(frame.shell);
    let mut files = upload.files.into_iter();
    let (Some(sent), None, false) = (files.next(), files.next(), upload.has_more) else {
        return refuse(page, "", "请选择一个文件，一次导入一个。".to_owned());
    };
    page.file.clone_from(&sent.name);
    let Content::Bytes(bytes) = sent.content else {
        return refuse(page, "", "文件太大：请分成几个文件导入。".to_owned());
    };
    let permit = app.checking.acquire().await?;
    let read = tokio::task::spawn_blocking(move || {
        let book = workbook::open(&bytes, &Limits::default()).map_err(|error| error.to_string())?;
        let sheet = book.sheets.into_iter().find(|sheet| !sheet.hidden);
        rows(&sheet.unwrap_or_default())
    })
    .await?;
    drop(permit);
    let rows = match read {
        Ok(rows) => rows,
        Err(sentence) => return refuse(page, "", sentence),
    };
    let (id, file) = (fresh_id()?.replace("ac-", "im-"), sent.name);
    let kept = id.clone();
    let (rows, errors) = app
        .db
        .write(move |tx| {
            let now = now_text();
            let errors = examine(tx, &rows, &now)?;
            let typed: Vec<Typed> = rows.iter().map(|row| row.typed.clone()).collect();
            if errors.is_empty() {
                let region = audit::region(tx)?;
                let json = serde_json::to_string(&typed).unwrap_or_default();
                let keys = (&*id, &*region, &*person.account);
                let until = in_minutes(CONFIRM_MINUTES);
                directory::add_import(tx, keys, (&now, &until), (&file, &json))?;
            }
            Ok::<_, db::Error>((typed, errors))
        })
        .await?;
    let status = if errors.is_empty() {
        page.kept = Some(kept);
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page.rows = rows;
    page.errors = errors;
    Ok((status, web::page(&page)?).into_response())
}

fn refuse(mut page: ImportPage, cell: &str, sentence: String) -> Result<Response, Error> {
    page.errors.push(CellError {
        cell: cell.to_owned(),
        sentence,
    });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, web::page(&page)?).into_response())
}

/// One row of the file with the places of its cells.
#[derive(Debug, Clone, Default)]
struct Read {
    typed: Typed,
    cells: BTreeMap<&'static str, String>,
    /// What of the roles is no role.
    unknown_roles: Vec<String>,
}

/// The rows below the headings, wherever they stand.
fn rows(sheet: &Sheet) -> Result<Vec<Read>, String> {
    let is_heading = |text: &str| HEADINGS.iter().find(|(heading, _)| *heading == text.trim());
    let top = sheet.rows.iter().position(|cells| {
        let found = cells
            .iter()
            .filter(|cell| is_heading(cell.text()).is_some());
        found.count() >= 2
    });
    let Some(top) = top else {
        return Err(
            "没有找到表头：第一张工作表里要有“用户名”“姓名”等列，请用模板填写。".to_owned(),
        );
    };
    let columns: Vec<(usize, &'static str)> = sheet.rows[top]
        .iter()
        .enumerate()
        .filter_map(|(column, cell)| is_heading(cell.text()).map(|(_, field)| (column, *field)))
        .collect();
    for (heading, field) in HEADINGS.iter().take(2) {
        if !columns.iter().any(|(_, found)| found == field) {
            return Err(format!("表头里没有“{heading}”这一列，请用模板填写。"));
        }
    }
    let mut rows = Vec::new();
    for (place, cells) in sheet.rows.iter().enumerate().skip(top + 1) {
        let text = |column: usize| cells.get(column).map_or("", |cell| cell.text().trim());
        if columns.iter().all(|(column, _)| text(*column).is_empty()) {
            continue;
        }
        let mut read = Read::default();
        for (column, field) in &columns {
            read.cells.insert(field, address(place, *column));
            set(&mut read, field, text(*column));
        }
        rows.push(read);
    }
    match rows.len() {
        0 => Err("表里没有账号：请在表头下面一行填一个。".to_owned()),
        more if more > MOST_ROWS => Err(format!(
            "一次最多导入 {MOST_ROWS} 个账号，这个文件有 {more} 个：请分成几个文件。"
        )),
        _ => Ok(rows),
    }
}

fn set(read: &mut Read, field: &str, text: &str) {
    let typed = &mut read.typed;
    let text = text.to_owned();
    match field {
        "login" => typed.login = text,
        "name" => typed.name = text,
        "unit" => typed.unit = text,
        "section" => typed.section = text,
        "email" => typed.email = text,
        "valid_to" => typed.valid_to = date(&text),
        "subject" => typed.subject = text,
        _ => {
            let words = text.split(['、', '，', ',', ';', '；', '/']);
            for word in words.map(str::trim).filter(|word| !word.is_empty()) {
                match Role::ALL.into_iter().find(|role| role.label() == word) {
                    Some(role) => {
                        let name = format!("{ROLE}{}", role.name());
                        typed.boxes.insert(name, "1".to_owned());
                    }
                    None => read.unknown_roles.push(word.to_owned()),
                }
            }
        }
    }
}

/// A date cell reads `2021年12月31日`; it is kept as `2021-12-31`.
fn date(text: &str) -> String {
    let numbers: Option<Vec<u32>> = text
        .trim_end_matches('日')
        .split(['年', '月', '-', '/'])
        .map(|part| part.trim().parse().ok())
        .collect();
    match numbers.as_deref() {
        Some([year, month, day]) => format!("{year:04}-{month:02}-{day:02}"),
        _ => text.to_owned(),
    }
}

/// Everything that is wrong with the rows.
fn examine(tx: &mut Tx<'_>, rows: &[Read], now: &str) -> Result<Vec<CellError>, db::Error> {
    let today = now.get(..10).unwrap_or_default();
    let mut errors = Vec::new();
    let (mut logins, mut subjects) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        let (found, mut flaws) = new::examine(tx, &row.typed, today)?;
        let typed = &row.typed;
        if !logins.insert(&typed.login) {
            let flaw = format!("用户名 {} 在文件里出现了两次。", typed.login);
            flaws.push(FieldError::new("login", flaw));
        }
        if !typed.subject.is_empty() && !subjects.insert(&typed.subject) {
            flaws.push(FieldError::new("subject", "这个标识在文件里出现了两次。"));
        }
        for word in &row.unknown_roles {
            let flaw = format!("没有“{word}”这个岗位，请写系统里的岗位名称。");
            flaws.push(FieldError::new("roles", flaw));
        }
        let roles = typed.roles();
        flaws.extend(role_conflict(&roles).map(|flaw| FieldError::new("roles", flaw)));
        let place = (found.unit.is_some(), found.section.is_some());
        flaws.extend(
            fits_place(place.0, place.1, &roles).map(|flaw| FieldError::new("roles", flaw)),
        );
        errors.extend(flaws.into_iter().map(|flaw| CellError {
            cell: row.cells.get(flaw.field).cloned().unwrap_or_default(),
            sentence: flaw.sentence,
        }));
    }
    Ok(errors)
}

#[derive(Deserialize)]
pub(super) struct Confirmation {
    import: String,
    reason: String,
}

/// `POST /accounts/import/confirmation`: writes all of them, and asks for their roles together.
pub(super) async fn confirm(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Signed(sent): Signed<Confirmation>,
) -> Result<Response, Error> {
    let (key, by) = (sent.import.clone(), person.account.clone());
    let json = app
        .db
        .read(move |tx| directory::peek_import(tx, &key, &by, &now_text()))
        .await?;
    let gone = || Error::Refused("这次导入已经完成或过期：请重新选择文件。".to_owned());
    let rows: Vec<Typed> = serde_json::from_str(&json.ok_or_else(gone)?)?;
    let has_roles = rows.iter().any(|row| !row.roles().is_empty());
    if has_roles && sent.reason.trim().is_empty() {
        return Err(Error::Refused(
            "请返回上一页，写明授予岗位的理由。".to_owned(),
        ));
    }
    let permit = app.hashing.acquire().await?;
    let passwords = tokio::task::spawn_blocking(move || {
        let fresh = |_| {
            let password = web::token::readable()?;
            let made = Made {
                id: fresh_id()?,
                hash: web::password::hash(&password)?,
            };
            Ok::<_, Error>((password, made))
        };
        (0..rows.len())
            .map(fresh)
            .collect::<Result<Vec<_>, Error>>()
            .map(|made| (rows, made))
    })
    .await?;
    drop(permit);
    let (rows, made) = passwords?;
    let issued = rows.iter().zip(&made).map(|(row, (password, _))| Issued {
        login: row.login.clone(),
        name: row.name.clone(),
        password: password.clone(),
    });
    let issued: Vec<Issued> = issued.collect();
    let request = fresh_id()?.replace("ac-", "pc-");
    app.db
        .write(move |tx| {
            let now = now_text();
            write_all(tx, &person, (&sent, &request), (&rows, &made), &now)
        })
        .await?;
    let follows = has_roles
        .then(|| "账号已全部建好。岗位还没有生效，已送安全保密管理员一并复核。".to_owned());
    privileged::shown_once(frame.shell.at("/accounts"), issued, "/accounts", follows)
}

fn write_all(
    tx: &mut Tx<'_>,
    person: &Person,
    (sent, request): (&Confirmation, &str),
    (rows, made): (&[Typed], &[(String, Made)]),
    now: &str,
) -> Result<(), Refused> {
    let because = |sentence: String| Refused::Because(sentence);
    let kept = directory::take_import(tx, &sent.import, &person.account, now)?;
    let (file, _) =
        kept.ok_or_else(|| because("这次导入已经完成或过期：请重新选择文件。".to_owned()))?;
    let today = now.get(..10).unwrap_or_default();
    let mut grants = Vec::new();
    for (row, (_, made)) in rows.iter().zip(made) {
        let (found, errors) = new::examine(tx, row, today)?;
        if let Some(error) = errors.first() {
            let sentence = format!(
                "{}：{}情况有变，一个也没有导入。",
                row.login, error.sentence
            );
            return Err(because(sentence));
        }
        new::write(tx, row, &found, made, (&person.login, now))?;
        let roles = row.roles();
        grants.extend((!roles.is_empty()).then(|| (made.id.clone(), roles)));
    }
    let told = serde_json::json!({"file": file, "rows": rows.len()});
    let event = account_event(&person.login, "accounts_imported", "", Some(&told));
    audit::record(tx, now, &event)?;
    if grants.is_empty() {
        return Ok(());
    }
    let wish = new::wish(grants, "", &sent.reason);
    privileged::ask(tx, (&person.actor, &person.login), &wish, request, now)
}
