//! Who may do what: role × action × scope as one table, and the answer in words.

mod role;
mod subject;
mod table;
#[cfg(test)]
pub(crate) mod tests;

pub use role::{Action, Role, Scope};
pub use subject::{Actor, PersonId, RecordId, SectionId, Subject, UnitId, covers};
pub use table::grants;

/// The answer to "may I", with the reason as a Chinese sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Yes, because.
    Allowed(String),
    /// No, because; and whom to turn to.
    Denied(String),
    /// The actor must not learn that the record exists: answer as if it did not.
    Hidden,
}

impl Decision {
    /// Whether it may be done.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// The reason, as a Chinese sentence.
    pub fn reason(&self) -> &str {
        match self {
            Self::Allowed(reason) | Self::Denied(reason) => reason,
            Self::Hidden => "没有找到这条记录，请核对编号，或在列表中重新打开。",
        }
    }
}

/// Whether the actor may do this to the subject, and why.
pub fn decide(actor: &Actor, action: Action, subject: &Subject) -> Decision {
    if let Some(conflict) = role_conflict(&actor.roles) {
        return Decision::Denied(conflict);
    }
    if action.concerns_record() && !sees(actor, subject) {
        return Decision::Hidden;
    }
    let held = grants(action)
        .iter()
        .filter(|(role, _)| actor.roles.contains(role));
    let mut narrower = None;
    for (role, scope) in held {
        if covers(*scope, actor, subject) {
            return Decision::Allowed(allowed(*role, action, *scope));
        }
        narrower = Some((role, scope));
    }
    Decision::Denied(match narrower {
        Some((role, scope)) => format!(
            "您是{}，{}的范围是{}，这里超出了范围；请联系该单位或该地区的办理人。",
            role.label(),
            action.label(),
            scope.label()
        ),
        None => no_role(actor, action),
    })
}

/// Whether the actor may know of the subject: at work, or once it was released.
pub fn sees(actor: &Actor, subject: &Subject) -> bool {
    let granted = |action: Action| {
        grants(action)
            .iter()
            .any(|(role, scope)| actor.roles.contains(role) && covers(*scope, actor, subject))
    };
    role_conflict(&actor.roles).is_none()
        && (granted(Action::View) || (subject.is_released && granted(Action::ReadReleased)))
}

/// Whether the actor may do this to anything at all: what a page that lists or begins asks before
/// it looks at any record. Whoever may read what was released has the lists of it.
pub fn may(actor: &Actor, action: Action) -> Decision {
    if let Some(conflict) = role_conflict(&actor.roles) {
        return Decision::Denied(conflict);
    }
    let held = |action: Action| {
        grants(action)
            .iter()
            .find(|(role, _)| actor.roles.contains(role))
    };
    let found = held(action).or_else(|| match action {
        Action::View => held(Action::ReadReleased),
        _ => None,
    });
    match found {
        Some((role, scope)) => Decision::Allowed(allowed(*role, action, *scope)),
        None => Decision::Denied(no_role(actor, action)),
    }
}

fn allowed(role: Role, action: Action, scope: Scope) -> String {
    format!(
        "您是{}，可以{}（范围：{}）。",
        role.label(),
        action.label(),
        scope.label()
    )
}

fn no_role(actor: &Actor, action: Action) -> String {
    format!(
        "您是{}，不能{}；该事项由{}办理，请联系他们。",
        labels(&actor.roles),
        action.label(),
        labels(grants(action).iter().map(|(role, _)| role))
    )
}

/// Why these roles cannot be one person's, if they cannot.
///
/// House rule (三员分立): the three administrators exclude each other and every business role, so
/// that whoever can make an account can neither give it rights nor wipe the trace of it.
pub fn role_conflict(roles: &[Role]) -> Option<String> {
    let administrator = roles.iter().find(|role| role.is_administrator())?;
    let other = roles.iter().find(|role| role != &administrator)?;
    Some(format!(
        "{}不能兼任{}，请由安全保密管理员收回其中一个岗位。",
        administrator.label(),
        other.label()
    ))
}

fn labels<'a>(roles: impl IntoIterator<Item = &'a Role>) -> String {
    let labels: Vec<&str> = roles.into_iter().map(|role| role.label()).collect();
    if labels.is_empty() {
        "未分配岗位的人员".to_owned()
    } else {
        labels.join("、")
    }
}
