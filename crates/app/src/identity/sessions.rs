//! 登录设备: where one is logged in, and ending it there.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use web::{Error, Shell};

use super::entry::{self, Visit};
use super::store::session::{self, Holder, Listed, Stage};
use super::{account_event, moment};
use crate::audit;
use crate::serve::{App, Frame, Person, Signed, now_text, seconds_between};

/// One session as it is printed.
struct Line {
    digest: String,
    is_here: bool,
    browser: String,
    from: String,
    began: String,
    seen: String,
    how: &'static str,
    is_whole: bool,
}

impl Line {
    fn new(listed: Listed, here: &str) -> Self {
        Self {
            is_here: listed.digest == here,
            browser: browser(&listed.browser),
            from: listed.from_address,
            began: moment(&listed.began_at),
            seen: moment(&listed.seen_at),
            how: listed.proof.label(),
            is_whole: listed.stage == Stage::Full,
            digest: listed.digest,
        }
    }
}

#[derive(Template)]
#[template(path = "identity/sessions.html")]
struct SessionsPage {
    shell: Shell,
    lines: Vec<Line>,
    last: Option<String>,
    idle_minutes: u16,
    absolute_hours: u16,
}

impl SessionsPage {
    fn has_others(&self) -> bool {
        self.lines.iter().any(|line| !line.is_here)
    }
}

/// `GET /sessions`
pub(super) async fn show(
    State(app): State<App>,
    person: Person,
    frame: Frame,
) -> Result<Response, Error> {
    let (id, here) = (person.account.clone(), person.session.clone());
    let rules = &entry::rules(&person.actor.region).session;
    let (listed, holder) = app
        .db
        .read(move |tx| {
            let now = now_text();
            let mut listed = session::of(tx, &id, &now)?;
            listed.retain(|one| {
                let idle = seconds_between(&one.seen_at, &now).unwrap_or_default();
                idle < i64::from(rules.idle_minutes) * 60
            });
            Ok::<_, db::Error>((listed, session::find(tx, &here, &now)?))
        })
        .await?;
    let lines = listed
        .into_iter()
        .map(|one| Line::new(one, &person.session))
        .collect();
    let is_untold = frame.shell.notice.is_none();
    web::page(&SessionsPage {
        shell: frame.shell,
        lines,
        // In the first minute it stands above every page already.
        last: holder.as_ref().filter(|_| is_untold).and_then(last_login),
        idle_minutes: rules.idle_minutes,
        absolute_hours: rules.absolute_hours,
    })
}

/// When and from where the person logged in before, and how often somebody failed since then.
pub(crate) fn last_login(holder: &Holder) -> Option<String> {
    let mut sentence = match (&holder.previous_at, &holder.previous_from) {
        (Some(at), Some(from)) => format!("上次登录：{}，来自 {from}。", moment(at)),
        _ => "这是您第一次登录。".to_owned(),
    };
    if holder.failed_before > 0 {
        let failed = format!(
            "这之后有 {} 次输错密码或验证码，如果不是您本人，请修改密码并报告安全保密管理员。",
            holder.failed_before
        );
        sentence.push_str(&failed);
    }
    (holder.stage == Stage::Full).then_some(sentence)
}

#[derive(Deserialize)]
pub(super) struct Ending {
    #[serde(default)]
    session: String,
}

/// `POST /session-endings`: ends one session, or all but this one.
pub(super) async fn end(
    State(app): State<App>,
    visit: Visit,
    person: Person,
    Signed(ending): Signed<Ending>,
) -> Result<Response, Error> {
    let is_here = ending.session == person.session;
    let done = app.db.write(move |tx| {
        let ended = if ending.session == "others" {
            session::end_others(tx, &person.account, &person.session)?
        } else {
            u64::from(session::end_one_of(tx, &person.account, &ending.session)?)
        };
        if ended > 0 {
            let told = serde_json::json!({"from": visit.from, "sessions": ended});
            let id = &person.account;
            let event = account_event(&person.login, "sessions_ended", id, Some(&told));
            audit::record(tx, &visit.now, &event)?;
        }
        Ok::<_, db::Error>(())
    });
    done.await?;
    let to = if is_here { "/login" } else { "/sessions" };
    Ok(Redirect::to(to).into_response())
}

/// What a browser's own name says, in the words of its person: `Chrome 86 · Windows`.
fn browser(name: &str) -> String {
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg/", "Edge"),
        ("QQBrowser/", "QQ 浏览器"),
        ("Firefox/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("HeadlessChrome/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Version/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 8] = [
        ("Windows", "Windows"),
        ("Kylin", "麒麟"),
        ("UOS", "统信"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let browser = BROWSERS.iter().find_map(|(mark, word)| {
        let (_, rest) = name.split_once(mark)?;
        let version: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some(format!("{word} {version}").trim_end().to_owned())
    });
    let system = SYSTEMS.iter().find(|(mark, _)| name.contains(mark));
    match (browser, system) {
        (Some(browser), Some((_, system))) => format!("{browser} · {system}"),
        (Some(browser), None) => browser,
        (None, _) => "其他程序".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn a_browser_is_told_by_its_name_and_system() {
        for (name, expected) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/86.0.4240.198 Safari/537.36",
                "Chrome 86 · Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 \
                 Edg/120.0.1",
                "Edge 120 · Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:91.0) Gecko/20100101 Firefox/91.0",
                "Firefox 91 · Linux",
            ),
            ("curl/8.0", "其他程序"),
            ("", "其他程序"),
        ] {
            assert_eq!(browser(name), expected, "{name}");
        }
    }
}
