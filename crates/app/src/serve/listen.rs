//! Connections: how many there may be, how long each may take, how large its head may be.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;
use tower_http::timeout::{RequestBodyDeadlineLayer, RequestBodyTimeoutLayer};

/// Header lines of a request; a browser sends about twenty.
const MOST_HEADERS: usize = 100;

/// Bytes of a request's head: its address and all header lines.
const MOST_HEAD_BYTES: usize = 64 * 1024;

/// How long the server waits when the machine has no more files to open.
const PAUSE: Duration = Duration::from_secs(1);

/// What one connection may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Connections at the same time; who comes later waits.
    pub(super) connections: usize,
    /// For a request's head to arrive, and for the next request on a kept connection.
    pub(super) head: Duration,
    /// For a request's body to arrive.
    pub(super) body: Duration,
    /// Between two pieces of a request's body.
    pub(super) piece: Duration,
    /// For what is under way when the server is told to stop.
    pub(super) end: Duration,
}

impl Default for Limits {
    /// House rule: a head is one packet or two; the largest upload of 32 MiB takes 70 s over 4
    /// Mbit/s, which is a county's slowest line.
    fn default() -> Self {
        Self {
            connections: 2048,
            head: Duration::from_secs(20),
            body: Duration::from_mins(2),
            piece: Duration::from_secs(15),
            end: Duration::from_secs(30),
        }
    }
}

/// Serves until `stop` ends, and then what is under way.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let router = router
        .layer(RequestBodyDeadlineLayer::new(limits.body))
        .layer(RequestBodyTimeoutLayer::new(limits.piece));
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(MOST_HEADERS)
        .max_header_size(MOST_HEAD_BYTES);
    let permits = Arc::new(Semaphore::new(limits.connections));
    let open = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(cause) => {
                tracing::error!(%cause, "no connection can be taken");
                sleep(PAUSE).await;
                continue;
            }
        };
        let router = router.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        });
        let served = open.watch(protocol.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // The connection's place is free again when it ends.
            let _permit = permit;
            if let Err(cause) = served.await {
                told(peer, &cause);
            }
        });
    }
    drop(listener);
    if timeout(limits.end, open.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way at the end");
    }
}

/// Browsers close connections as they please; what is no HTTP or comes too slowly is told.
fn told(peer: SocketAddr, cause: &hyper::Error) {
    let from = peer.ip();
    if cause.is_timeout() {
        tracing::info!(%from, "a connection that sent nothing was closed");
    } else if cause.is_parse() {
        tracing::warn!(%from, %cause, "refused what is no HTTP request");
    }
}
