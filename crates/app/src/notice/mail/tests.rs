//! Settings that can and cannot be, and mail that really goes to a server.

use mail_parser::MessageParser;
use tokio::runtime::Runtime;

use super::testing::{PASSWORD, start};
use super::{Environment, Named, Settings, send};
use crate::notice::outbox::store::Mail;

fn named(host: &str, port: &str, tls: &str, user: &str, from: &str, site: &str) -> Named {
    Named {
        host: host.to_owned(),
        port: port.to_owned(),
        tls: tls.to_owned(),
        user: user.to_owned(),
        from: from.to_owned(),
        site: site.to_owned(),
    }
}

fn local(port: u16, environment: &Environment, user: &str) -> Settings {
    let port = port.to_string();
    let site = "https://jixiao.example/";
    named(
        "127.0.0.1",
        &port,
        "none",
        user,
        "jixiao@example.test",
        site,
    )
    .settings(environment)
    .unwrap()
    .unwrap()
}

fn mail(recipient: &str) -> Mail {
    Mail {
        id: "abc".to_owned(),
        recipient: recipient.to_owned(),
        subject: "3 项工作今天到期".to_owned(),
        body: "2020-11-30（今天到期）农村生活污水治理\n.\n第二行".to_owned(),
        link: "/records/monitoring/m-1".to_owned(),
        tries: 0,
        queued_at: "2020-11-30T09:00:00+08:00".to_owned(),
    }
}

/// What comes of the settings: the port, or a part of the refusal; `-` when none are set. `text` is
/// host, port, tls, user, from, site.
fn check(text: &str, environment: &Environment, expected: &str) {
    let mut values = text.split('|');
    let mut next = || values.next().unwrap();
    let named = named(next(), next(), next(), next(), next(), next());
    let found = match named.settings(environment) {
        Ok(Some(settings)) => settings.port.to_string(),
        Ok(None) => "-".to_owned(),
        Err(problem) => problem,
    };
    assert!(found.contains(expected), "{named:?}: {found}");
}

#[test]
fn settings_are_taken_or_refused_with_what_to_do() {
    let none = Environment::default();
    for (text, expected) in [
        ("|||||", "-"),
        ("smtp.test||||a@b.test|", "465"),
        ("smtp.test||starttls||a@b.test|", "587"),
        ("smtp.test||none||a@b.test|", "25"),
        ("smtp.test|2525|tls||a@b.test|", "2525"),
        ("smtp.test|0|||a@b.test|", "端口"),
        ("smtp.test|65536|||a@b.test|", "端口"),
        ("smtp.test|-1|||a@b.test|", "端口"),
        ("smtp.test||ssl||a@b.test|", "加密方式"),
        ("smtp test||||a@b.test|", "邮件服务器应是"),
        ("smtp.test||||jixiao|", "发件地址"),
        ("smtp.test||||a@b\r\nBcc: c@d|", "发件地址"),
        ("smtp.test||||a@b.test|ftp://x", "网站地址"),
        ("smtp.test||||a@b.test|http://x y", "网站地址"),
        ("smtp.test|||jixiao|a@b.test|", "还没有密码"),
    ] {
        check(text, &none, expected);
    }
}

#[test]
fn a_password_comes_from_the_environment_and_goes_over_no_open_wire() {
    let key = Environment::of(&[("JIXIAO_SMTP_PASSWORD", "secret")]);
    let lost = Environment::of(&[("JIXIAO_SMTP_PASSWORD_FILE", "/nowhere/password")]);
    for (text, environment, expected) in [
        ("smtp.test|||jixiao|a@b.test|", &key, "465"),
        ("smtp.test|||jixiao|a@b.test|", &lost, "读不出"),
        ("smtp.test||none|jixiao|a@b.test|", &key, "不发送密码"),
        ("localhost||none|jixiao|a@b.test|", &key, "25"),
        ("127.0.0.1||none|jixiao|a@b.test|", &key, "25"),
    ] {
        check(text, environment, expected);
    }
}

#[test]
fn a_password_is_in_no_debug_text() {
    let environment = Environment::of(&[("JIXIAO_SMTP_PASSWORD", "secret")]);
    let settings = local(25, &environment, "jixiao");
    for text in [format!("{environment:?}"), format!("{settings:?}")] {
        assert!(!text.contains("secret"), "{text}");
    }
}

#[test]
fn a_mail_arrives_with_its_words_its_link_and_an_id_of_its_own() {
    let (mailbox, port) = start(false);
    let settings = local(port, &Environment::default(), "");
    let sent = Runtime::new()
        .unwrap()
        .block_on(send(&settings, &mail("clerk@example.test")));
    assert_eq!(sent, Ok(()));
    let received = mailbox.received();
    let [(recipients, text)] = received.as_slice() else {
        panic!("one mail, not {}", received.len());
    };
    assert_eq!(recipients, &["clerk@example.test"]);
    let parsed = MessageParser::default().parse(text.as_bytes()).unwrap();
    assert_eq!(parsed.subject(), Some("3 项工作今天到期"));
    assert_eq!(parsed.message_id(), Some("abc@example.test"));
    let body = parsed.body_text(0).unwrap();
    for expected in [
        "农村生活污水治理",
        "第二行",
        "https://jixiao.example/records/monitoring/m-1",
        "请勿回复",
    ] {
        assert!(body.contains(expected), "{expected}: {body}");
    }
}

#[test]
fn a_server_that_asks_for_a_password_gets_it() {
    let (mailbox, port) = start(true);
    let runtime = Runtime::new().unwrap();
    for (password, is_taken) in [(PASSWORD, true), ("wrong", false)] {
        let environment = Environment::of(&[("JIXIAO_SMTP_PASSWORD", password)]);
        let settings = local(port, &environment, "jixiao");
        let sent = runtime.block_on(send(&settings, &mail("clerk@example.test")));
        match sent {
            Ok(()) => assert!(is_taken),
            Err(trouble) => {
                assert!(!is_taken, "{trouble:?}");
                assert!(trouble.why.contains("不接受账号和密码"), "{trouble:?}");
                assert!(!trouble.is_final && trouble.concerns_all, "{trouble:?}");
            }
        }
    }
    assert_eq!(mailbox.received().len(), 1);
}

#[test]
fn each_trouble_says_whether_trying_again_helps() {
    let (mailbox, port) = start(false);
    let runtime = Runtime::new().unwrap();
    let none = Environment::default();
    let settings = local(port, &none, "");
    let trouble = |settings: &Settings, to: &str| {
        let sent = runtime.block_on(send(settings, &mail(to)));
        let trouble = sent.unwrap_err();
        (trouble.is_final, trouble.concerns_all, trouble.why)
    };
    let (is_final, concerns_all, why) = trouble(&settings, "nobody@example.test");
    assert!(is_final && !concerns_all && why.contains("拒收"), "{why}");
    let (is_final, _, why) = trouble(&settings, "no address");
    assert!(is_final && why.contains("不是邮箱"), "{why}");
    mailbox.set_busy(true);
    let (is_final, _, why) = trouble(&settings, "clerk@example.test");
    assert!(!is_final && why.contains("暂时不收"), "{why}");
    // A server that offers no encryption gets no mail where encryption is asked for.
    let mut secure = settings.clone();
    secure.security = super::Security::StartTls;
    let (is_final, concerns_all, why) = trouble(&secure, "clerk@example.test");
    assert!(!is_final && concerns_all, "{why}");
    // Nobody listens where the server has just gone away.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nowhere = local(gone.local_addr().unwrap().port(), &none, "");
    drop(gone);
    let (is_final, concerns_all, why) = trouble(&nowhere, "clerk@example.test");
    assert!(!is_final && concerns_all && why.contains("连不上"), "{why}");
    assert!(mailbox.received().is_empty());
}
