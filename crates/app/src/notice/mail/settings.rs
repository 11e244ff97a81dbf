//! Which server mail is handed to: by the environment, else by what the system administrator set.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use db::{Error, Tx};

use super::send::is_address;
use super::store;

/// What the process was started with, as far as it is about mail.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Environment(BTreeMap<&'static str, String>);

/// The variables that are read; each overrides the setting of the same name. A password stands in
/// no database: it is a variable or a file alone.
const VARIABLES: [(&str, &str); 8] = [
    ("JIXIAO_SMTP_HOST", "mail_host"),
    ("JIXIAO_SMTP_PORT", "mail_port"),
    ("JIXIAO_SMTP_TLS", "mail_tls"),
    ("JIXIAO_SMTP_USER", "mail_user"),
    ("JIXIAO_SMTP_FROM", "mail_from"),
    ("JIXIAO_SITE", "site_address"),
    (PASSWORD, ""),
    (PASSWORD_FILE, ""),
];

const PASSWORD: &str = "JIXIAO_SMTP_PASSWORD";
const PASSWORD_FILE: &str = "JIXIAO_SMTP_PASSWORD_FILE";

impl Environment {
    /// The environment of this process.
    pub(crate) fn of_process() -> Self {
        let set = VARIABLES.iter().filter_map(|(variable, _)| {
            let value = std::env::var(variable).ok()?;
            Some((*variable, value.trim().to_owned())).filter(|(_, value)| !value.is_empty())
        });
        Self(set.collect())
    }

    /// An environment of these variables.
    #[cfg(test)]
    pub(crate) fn of(variables: &[(&'static str, &str)]) -> Self {
        let owned = |(name, value): &(&'static str, &str)| (*name, (*value).to_owned());
        Self(variables.iter().map(owned).collect())
    }

    /// Whether the environment decides the setting of this name.
    pub(crate) fn decides(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    fn value(&self, name: &str) -> Option<&String> {
        let (variable, _) = VARIABLES.iter().find(|(_, setting)| *setting == name)?;
        self.0.get(variable)
    }

    fn password(&self) -> Result<Option<String>, String> {
        if let Some(password) = self.0.get(PASSWORD) {
            return Ok(Some(password.clone()));
        }
        let Some(file) = self.0.get(PASSWORD_FILE) else {
            return Ok(None);
        };
        match std::fs::read_to_string(file) {
            Ok(text) => Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned())),
            Err(error) => Err(format!(
                "读不出邮件密码文件 {file}（{error}）：请核对 {PASSWORD_FILE} 和文件的权限"
            )),
        }
    }
}

// A password must not get into a log.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// How the way to the mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// TLS from the first byte (port 465).
    Tls,
    /// TLS after a greeting in the clear (port 587); a server that offers none gets no mail.
    StartTls,
    /// None (port 25): for a relay on the same machine or in the same room.
    Plain,
}

impl Security {
    /// Its name in the settings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::StartTls => "starttls",
            Self::Plain => "none",
        }
    }

    fn find(name: &str) -> Option<Self> {
        [Self::Tls, Self::StartTls, Self::Plain]
            .into_iter()
            .find(|security| security.name() == name)
    }

    fn usual_port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::StartTls => 587,
            Self::Plain => 25,
        }
    }
}

/// The mail server.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    /// Name and password, if the server asks for them.
    pub(crate) login: Option<(String, String)>,
    /// The sender's address.
    pub(crate) from: String,
    /// The address of this site for the links in mails, without a slash at its end; empty when
    /// mails have no links.
    pub(crate) site: String,
}

// A password must not get into a log.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} as {}", self.host, self.port, self.from)
    }
}

/// The values as they stand, by the names of the settings, to be shown and changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) host: String,
    pub(crate) port: String,
    pub(crate) tls: String,
    pub(crate) user: String,
    pub(crate) from: String,
    pub(crate) site: String,
}

impl Named {
    /// The names of the settings.
    pub(crate) const NAMES: [&'static str; 6] = [
        "mail_host",
        "mail_port",
        "mail_tls",
        "mail_user",
        "mail_from",
        "site_address",
    ];

    /// These values, but what the environment decides from `before`.
    pub(crate) fn under(mut self, before: &Self, environment: &Environment) -> Self {
        let old = before.clone();
        let fields: [(&str, &mut String, String); 6] = [
            ("mail_host", &mut self.host, old.host),
            ("mail_port", &mut self.port, old.port),
            ("mail_tls", &mut self.tls, old.tls),
            ("mail_user", &mut self.user, old.user),
            ("mail_from", &mut self.from, old.from),
            ("site_address", &mut self.site, old.site),
        ];
        for (name, field, value) in fields {
            if environment.decides(name) {
                *field = value;
            }
        }
        self
    }

    /// As an event tells it.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let fields = self.fields().into_iter();
        let pairs = fields.map(|(name, value)| (name.to_owned(), value.clone().into()));
        serde_json::Value::Object(pairs.collect())
    }

    fn fields(&self) -> [(&'static str, &String); 6] {
        [
            ("mail_host", &self.host),
            ("mail_port", &self.port),
            ("mail_tls", &self.tls),
            ("mail_user", &self.user),
            ("mail_from", &self.from),
            ("site_address", &self.site),
        ]
    }

    /// The server that the values name; none when no host is set.
    ///
    /// # Errors
    /// A value that cannot be; the text says which one and what to do.
    pub(crate) fn settings(&self, environment: &Environment) -> Result<Option<Settings>, String> {
        if self.host.is_empty() {
            return Ok(None);
        }
        let is_host = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        if self.host.len() > 253 || !self.host.chars().all(is_host) {
            return Err("邮件服务器应是域名或 IP 地址，例如 smtp.example.gov.cn".to_owned());
        }
        let security = match self.tls.as_str() {
            "" => Security::Tls,
            name => Security::find(name)
                .ok_or_else(|| "加密方式应是 tls、starttls 或 none".to_owned())?,
        };
        let port = match self.port.as_str() {
            "" => security.usual_port(),
            text => text
                .parse()
                .ok()
                .filter(|port| *port > 0)
                .ok_or_else(|| "端口应是 1 到 65535 的整数，常用 465、587、25".to_owned())?,
        };
        if !is_address(&self.from) {
            return Err("发件地址应是一个邮箱，例如 jixiao@example.gov.cn".to_owned());
        }
        let site = self.site.trim_end_matches('/');
        let is_site = site.starts_with("https://") || site.starts_with("http://");
        if !site.is_empty() && (!is_site || !site.chars().all(|c| c.is_ascii_graphic())) {
            return Err(
                "网站地址应以 http:// 或 https:// 开头，例如 https://jixiao.example".into(),
            );
        }
        let login = self.login(environment, security)?;
        Ok(Some(Settings {
            host: self.host.clone(),
            port,
            security,
            login,
            from: self.from.clone(),
            site: site.to_owned(),
        }))
    }

    fn login(
        &self,
        environment: &Environment,
        security: Security,
    ) -> Result<Option<(String, String)>, String> {
        if self.user.is_empty() {
            return Ok(None);
        }
        let password = environment.password()?.ok_or_else(|| {
            format!("设置了邮件账号，还没有密码：请用环境变量 {PASSWORD} 或 {PASSWORD_FILE} 提供")
        })?;
        if security == Security::Plain && !is_this_machine(&self.host) {
            return Err("不加密的连接不发送密码：请把加密方式改为 tls 或 starttls".to_owned());
        }
        Ok(Some((self.user.clone(), password)))
    }
}

fn is_this_machine(host: &str) -> bool {
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}

/// The values in force.
///
/// # Errors
/// The database fails.
pub(crate) fn read(tx: &mut Tx<'_>, environment: &Environment) -> Result<Named, Error> {
    let mut value = |name: &str| match environment.value(name) {
        Some(value) => Ok(value.clone()),
        None => store::setting(tx, name),
    };
    Ok(Named {
        host: value("mail_host")?,
        port: value("mail_port")?,
        tls: value("mail_tls")?,
        user: value("mail_user")?,
        from: value("mail_from")?,
        site: value("site_address")?,
    })
}

/// Keeps the values that the environment does not decide.
///
/// # Errors
/// The database fails.
pub(crate) fn save(tx: &mut Tx<'_>, environment: &Environment, named: &Named) -> Result<(), Error> {
    for (name, value) in named.fields() {
        if !environment.decides(name) {
            store::set(tx, name, value.trim())?;
        }
    }
    Ok(())
}
