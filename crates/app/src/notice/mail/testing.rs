//! A mail server of its own for a test: it listens on this machine and keeps what it is handed.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use mailin::{Action, AuthMechanism, Handler, Response, SessionBuilder, response};

/// What the server takes and what it keeps.
#[derive(Clone, Default)]
pub(crate) struct Mailbox {
    state: Arc<Mutex<State>>,
    recipients: Vec<String>,
    message: Vec<u8>,
}

#[derive(Default)]
struct State {
    received: Vec<(Vec<String>, String)>,
    logins: Vec<(String, String)>,
    is_busy: bool,
}

/// The password of the server that asks for one.
pub(crate) const PASSWORD: &str = "correct horse";

impl Mailbox {
    /// Every mail that was handed over: to whom, and its text with headers.
    pub(crate) fn received(&self) -> Vec<(Vec<String>, String)> {
        self.state.lock().unwrap().received.clone()
    }

    /// Says to come again later from now on, or no longer.
    pub(crate) fn set_busy(&self, is_busy: bool) {
        self.state.lock().unwrap().is_busy = is_busy;
    }
}

impl Handler for Mailbox {
    fn mail(&mut self, _: IpAddr, _: &str, _: &str) -> Response {
        self.recipients.clear();
        self.message.clear();
        if self.state.lock().unwrap().is_busy {
            response::NO_SERVICE
        } else {
            response::OK
        }
    }

    fn rcpt(&mut self, to: &str) -> Response {
        if to.starts_with("nobody@") {
            return response::NO_MAILBOX;
        }
        self.recipients.push(to.to_owned());
        response::OK
    }

    fn data(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.message.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let text = String::from_utf8_lossy(&self.message).into_owned();
        let mail = (std::mem::take(&mut self.recipients), text);
        self.state.lock().unwrap().received.push(mail);
        response::OK
    }

    fn auth_plain(&mut self, _: &str, name: &str, password: &str) -> Response {
        let login = (name.to_owned(), password.to_owned());
        self.state.lock().unwrap().logins.push(login);
        if password == PASSWORD {
            response::AUTH_OK
        } else {
            response::INVALID_CREDENTIALS
        }
    }
}

/// Starts a server that ends with the test's process; its port.
pub(crate) fn start(asks_for_password: bool) -> (Mailbox, u16) {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let port = listener.local_addr().unwrap().port();
    let mailbox = Mailbox::default();
    let kept = mailbox.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let handler = kept.clone();
            thread::spawn(move || talk(stream.unwrap(), handler, asks_for_password));
        }
    });
    (mailbox, port)
}

/// One conversation, line by line.
fn talk(mut stream: TcpStream, handler: Mailbox, asks_for_password: bool) {
    let mut builder = SessionBuilder::new("mail.test");
    if asks_for_password {
        builder.insecure_enable_plaintext_auth();
        builder.enable_auth(AuthMechanism::Plain);
    }
    let mut session = builder.build(stream.peer_addr().unwrap().ip(), handler);
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut answer = session.greeting();
    loop {
        if answer.action != Action::NoReply {
            stream.write_all(&answer.buffer().unwrap()).unwrap();
        }
        if answer.action == Action::Close {
            return;
        }
        let mut line = Vec::new();
        // The client may hang up whenever it likes.
        match lines.read_until(b'\n', &mut line) {
            Ok(read) if read > 0 => answer = session.process(&line),
            _ => return,
        }
    }
}
