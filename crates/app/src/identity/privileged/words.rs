//! A request in words.

use db::{Error, Tx};
use domain::identity::Change;
use domain::permission::Role;

use super::Payload;
use crate::identity::store::privileged::Kept;
use crate::identity::store::{self as accounts, directory};

/// `张三（zhangsan）`
fn person(tx: &mut Tx<'_>, id: &str) -> Result<String, Error> {
    let account = accounts::find_by_id(tx, id)?;
    Ok(account.map_or_else(
        || id.to_owned(),
        |account| format!("{}（{}）", account.name, account.login),
    ))
}

fn labels(names: &[String]) -> String {
    let label = |name: &String| {
        let role = Role::ALL.into_iter().find(|role| role.name() == *name);
        role.map_or_else(|| name.clone(), |role| role.label().to_owned())
    };
    names.iter().map(label).collect::<Vec<_>>().join("、")
}

/// What a request asks for, one line for each account.
///
/// # Errors
/// The database fails.
pub(crate) fn summary(tx: &mut Tx<'_>, kept: &Kept) -> Result<Vec<String>, Error> {
    let payload: Payload = serde_json::from_str(&kept.payload).unwrap_or_default();
    let change = kept.request.change;
    let mut lines = Vec::new();
    match change {
        Change::GrantRoles | Change::RevokeRoles => {
            for grant in &payload.grants {
                let who = person(tx, &grant.account)?;
                lines.push(format!("{who}：{}", labels(&grant.roles)));
            }
        }
        Change::SetRetention => {
            let days = payload.days.unwrap_or_default();
            lines.push(format!("审计日志至少保存 {days} 天"));
        }
        Change::HandOver => {
            let leaver = person(tx, &kept.subject)?;
            let successor = person(tx, &payload.successor.unwrap_or_default())?;
            lines.push(format!("{leaver} 的在办事项交给 {successor}"));
        }
        Change::Rebind => {
            let who = person(tx, &kept.subject)?;
            let place = payload.place.unwrap_or_default();
            let unit = match &place.unit {
                Some(unit) => {
                    directory::unit(tx, unit)?.map(|(code, name)| format!("{code} {name}"))
                }
                None => None,
            };
            let section = match &place.section {
                Some(section) => directory::section(tx, section)?,
                None => None,
            };
            let or_none = |text: Option<String>| text.unwrap_or_else(|| "无".to_owned());
            lines.push(format!(
                "{who}：单位 {}，股室 {}，统一认证标识 {}",
                or_none(unit),
                or_none(section),
                or_none(place.subject)
            ));
        }
        _ => lines.push(person(tx, &kept.subject)?),
    }
    Ok(lines)
}
