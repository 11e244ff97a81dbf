//! One line in the log for every request that is refused: who asked for what, from where, and what
//! the answer was. Neither what was sent nor a query stands in it, because passwords, tokens and
//! names of people do.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

/// Characters of an address that are kept.
const MOST_CHARACTERS: usize = 200;

/// Who sends a request; told by whoever finds it out.
#[derive(Debug, Clone, Default)]
pub struct Sender(Arc<OnceLock<String>>);

impl Sender {
    /// Tells that the request is the person's of that login name.
    pub fn tell(request: &Request, login: &str) {
        if let Some(Self(sender)) = request.extensions().get() {
            // The first word holds.
            let _ = sender.set(login.to_owned());
        }
    }
}

/// Stands around everything and writes the line.
pub async fn log_refusals(mut request: Request, next: Next) -> Response {
    let sender = Sender::default();
    request.extensions_mut().insert(sender.clone());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let from = peer.map(|ConnectInfo(peer)| peer.ip());
    let method = request.method().clone();
    let path: String = request.uri().path().chars().take(MOST_CHARACTERS).collect();
    let answer = next.run(request).await;
    if answer.status().is_client_error() {
        let login = sender.0.get().map_or("-", String::as_str);
        write(answer.status(), method.as_str(), &path, login, from);
    }
    answer
}

/// What happens every day is told more quietly than what nobody of good will does.
fn write(status: StatusCode, method: &str, path: &str, login: &str, from: Option<IpAddr>) {
    let from = from.map(|from| from.to_string()).unwrap_or_default();
    let status = status.as_u16();
    if matches!(status, 404 | 409 | 422) {
        tracing::info!(status, method, path, login, from, "request refused");
    } else {
        tracing::warn!(status, method, path, login, from, "request refused");
    }
}
