//! Hands one mail to the server.

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{self, AsyncSmtpTransport};
use lettre::{Address, AsyncTransport as _, Tokio1Executor};
use office::document::clean;

use super::settings::{Security, Settings};
use crate::notice::outbox::store::Mail;

/// How long the server may take for one answer.
const ANSWER: Duration = Duration::from_secs(20);

/// How long handing over one mail may take as a whole; ten of them are less than a lease.
const WHOLE: Duration = Duration::from_mins(1);

/// Who a mail is from, in words.
const SENDER: &str = "预算绩效管理系统";

/// Characters of a server's answer that are kept.
const MOST_WORDS: usize = 300;

/// Why a mail was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// A sentence for the system administrator.
    pub(crate) why: String,
    /// Whether trying again cannot help.
    pub(crate) is_final: bool,
    /// Whether no other mail can be sent either.
    pub(crate) concerns_all: bool,
}

impl Trouble {
    /// A trouble of this mail alone, which no further try can mend.
    pub(crate) fn final_one(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            is_final: true,
            concerns_all: false,
        }
    }

    /// A trouble of the way to the server.
    fn of_server(why: String) -> Self {
        Self {
            why,
            is_final: false,
            concerns_all: true,
        }
    }

    fn of(error: &smtp::Error, settings: &Settings) -> Self {
        let said = words(error);
        let server = format!("{}:{}", settings.host, settings.port);
        match error.status().map(u16::from) {
            // The server refuses us, not this mail: the login or the encryption is wrong.
            Some(530 | 534 | 535 | 538) => {
                Self::of_server(format!("邮件服务器 {server} 不接受账号和密码：{said}"))
            }
            Some(_) if error.is_permanent() => {
                Self::final_one(format!("邮件服务器 {server} 拒收：{said}"))
            }
            Some(_) => Self {
                why: format!("邮件服务器 {server} 暂时不收：{said}"),
                is_final: false,
                concerns_all: false,
            },
            None if error.is_tls() => {
                Self::of_server(format!("与邮件服务器 {server} 的加密没有建立：{said}"))
            }
            None => Self::of_server(format!("连不上邮件服务器 {server}：{said}")),
        }
    }
}

/// The error with its causes, as one line.
fn words(error: &smtp::Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        cause = inner.source();
    }
    clean(&said).chars().take(MOST_WORDS).collect()
}

/// Whether mail can be sent to this.
pub(crate) fn is_address(text: &str) -> bool {
    text.len() <= 254 && text.is_ascii() && text.parse::<Address>().is_ok()
}

/// Hands the mail to the server.
pub(crate) async fn send(settings: &Settings, mail: &Mail) -> Result<(), Trouble> {
    let message = message(settings, mail)?;
    let transport = transport(settings).map_err(|error| Trouble::of(&error, settings))?;
    match tokio::time::timeout(WHOLE, transport.send(message)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Trouble::of(&error, settings)),
        Err(_) => Err(Trouble::of_server(format!(
            "邮件服务器 {}:{} 在一分钟里没有收完这封邮件",
            settings.host, settings.port
        ))),
    }
}

fn transport(settings: &Settings) -> Result<AsyncSmtpTransport<Tokio1Executor>, smtp::Error> {
    let tls = || TlsParameters::new(settings.host.clone());
    let security = match settings.security {
        Security::Tls => Tls::Wrapper(tls()?),
        Security::StartTls => Tls::Required(tls()?),
        Security::Plain => Tls::None,
    };
    let mut builder =
        AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.clone())
            .port(settings.port)
            .tls(security)
            .timeout(Some(ANSWER));
    if let Some((user, password)) = &settings.login {
        builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
    }
    Ok(builder.build())
}

fn message(settings: &Settings, mail: &Mail) -> Result<Message, Trouble> {
    let unreadable = |_| Trouble::final_one(format!("收件地址 {} 不是邮箱", mail.recipient));
    let to: Address = mail.recipient.parse().map_err(unreadable)?;
    let from: Address = settings
        .from
        .parse()
        .map_err(|_| Trouble::of_server(format!("发件地址 {} 不是邮箱", settings.from)))?;
    let id = format!("<{}@{}>", mail.id, from.domain());
    Message::builder()
        .from(Mailbox::new(Some(SENDER.to_owned()), from))
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .date_now()
        .message_id(Some(id))
        .header(ContentType::TEXT_PLAIN)
        .body(text(settings, mail))
        .map_err(|error| Trouble::final_one(format!("邮件写不成：{error}")))
}

/// The body with the address of what it is about.
fn text(settings: &Settings, mail: &Mail) -> String {
    let mut text = mail.body.clone();
    if !mail.link.is_empty() && !settings.site.is_empty() {
        text = format!("{text}\r\n\r\n办理：{}{}", settings.site, mail.link);
    }
    format!(
        "{text}\r\n\r\n这封邮件由{SENDER}自动发出，请勿回复。不想再收，可在系统的“消息”页关闭。\r\n"
    )
}
