//! The web server: its state, its routes and how it starts and stops.

mod appearance;
mod clock;
mod file;
mod frame;
#[cfg(test)]
mod hostile;
mod listen;
mod nav;
mod pairs;
mod routes;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use db::Db;
use tokio::net::TcpListener;
use tokio::signal;
use tokio::sync::Semaphore;
use web::pace::Pace;
use web::proxy::Proxies;
use web::throttle::Throttle;

pub(crate) use clock::{
    days_between, later, now_text, seconds_between, text_after, today, unix_seconds,
};
pub(crate) use file::{WORKBOOK, file, workbook_file};
pub(crate) use frame::{Frame, LateFrame, Person, Signed};
pub(crate) use pairs::SignedPairs;
pub(crate) use routes::{Access, Route};

use crate::attachment::{self, Scanner};
use crate::job::{self, Jobs};
use crate::notice::{self, mail::Environment};
use crate::{api, identity, keys, target};

/// Passwords that are hashed at the same time; each takes 19 MiB and a processor.
const MOST_HASHES_AT_ONCE: usize = 2;

/// Files that are read at the same time; each takes memory and a processor.
const MOST_CHECKS_AT_ONCE: usize = 2;

/// Uploads that one person may send in a minute.
///
/// House rule: a clerk who mends a form and checks it again does so every few seconds at most.
const MOST_UPLOADS_A_MINUTE: u32 = 30;

/// Logins that may fail from one address before it must wait.
///
/// House rule: a department's staff stand behind one address; each account has its own, narrower
/// limit.
const MOST_FAILURES_OF_AN_ADDRESS: u32 = 30;

/// Requests that one token may send in a minute.
///
/// House rule: a hundred a second read a whole city in minutes and leave room for the people.
const MOST_CALLS_A_MINUTE: u32 = 6000;

/// How browsers reach the site.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way {
    /// Whether a proxy in front of it speaks TLS with them.
    pub(crate) is_https: bool,
    /// The proxies that are believed about who asks.
    pub(crate) proxies: Proxies,
}

/// What every handler can reach.
#[derive(Clone)]
pub(crate) struct App {
    /// The database.
    pub(crate) db: Db,
    /// The provider of the common login, where the place has one.
    pub(crate) common_login: Option<Arc<identity::Provider>>,
    /// Failed logins.
    pub(crate) throttle: Arc<Throttle>,
    /// Permits to hash a password.
    pub(crate) hashing: Arc<Semaphore>,
    /// Permits to read an uploaded file.
    pub(crate) checking: Arc<Semaphore>,
    /// How often each person uploads.
    pub(crate) uploads: Arc<Pace>,
    /// What the process was started with for mail.
    pub(crate) mail: Arc<Environment>,
    /// How often each token is used.
    pub(crate) programs: Arc<Pace>,
    /// What looks for viruses.
    pub(crate) scanner: Arc<Scanner>,
    /// Work that takes longer than a moment.
    pub(crate) jobs: Arc<Jobs>,
    /// How browsers reach the site.
    pub(crate) way: Arc<Way>,
}

impl App {
    /// The state over a migrated database.
    pub(crate) fn new(db: Db) -> Self {
        Self {
            db,
            common_login: None,
            throttle: Arc::new(Throttle::new(MOST_FAILURES_OF_AN_ADDRESS)),
            hashing: Arc::new(Semaphore::new(MOST_HASHES_AT_ONCE)),
            checking: Arc::new(Semaphore::new(MOST_CHECKS_AT_ONCE)),
            uploads: Arc::new(Pace::new(MOST_UPLOADS_A_MINUTE, Duration::from_mins(1))),
            mail: Arc::new(Environment::of_process()),
            programs: Arc::new(Pace::new(MOST_CALLS_A_MINUTE, Duration::from_mins(1))),
            scanner: Arc::new(Scanner::of_process()),
            jobs: Arc::new(Jobs::of_process()),
            way: Arc::default(),
        }
    }
}

/// Why the server cannot run; the text is for who started it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The bundled files are missing.
    #[error(transparent)]
    Assets(#[from] web::assets::Missing),
    /// The database failed.
    #[error("数据库出错：{0}")]
    Database(#[from] db::Error),
    /// The key of what is sealed is missing or another one.
    #[error(transparent)]
    Key(#[from] keys::Refused),
    /// A trusted proxy has no address.
    #[error("--trusted-proxy：{0}")]
    Proxy(#[from] web::proxy::NoAddress),
    /// No random numbers or no runtime.
    #[error("无法启动：{0}")]
    Start(String),
    /// The address is taken or not ours.
    #[error("无法在 {listen} 上启动网站：{cause}。请检查地址，或换一个端口")]
    Listen {
        /// Where.
        listen: SocketAddr,
        /// Why not.
        cause: std::io::Error,
    },
}

/// Serves the migrated database `db` at `listen`, which browsers reach by `way`, until the process
/// is told to stop. When the database has no account yet, makes the three administrators and prints
/// their passwords once.
pub(crate) fn run(db: Db, listen: SocketAddr, way: Way) -> Result<(), Error> {
    web::assets::check()?;
    let settings = identity::Settings::read(|name| std::env::var(name).ok());
    let settings = settings.map_err(Error::Start)?;
    identity::print(&identity::first_start(&db)?);
    // A second start in one process keeps the first one's log.
    let _ = tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .try_init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| Error::Start(cause.to_string()))?;
    let app = App {
        way: Arc::new(way),
        common_login: settings.map(|settings| Arc::new(identity::Provider::new(settings))),
        ..App::new(db)
    };
    runtime.block_on(listen_and_serve(app, listen, stop()))
}

async fn listen_and_serve(
    app: App,
    listen: SocketAddr,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let failed = |cause| Error::Listen { listen, cause };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    println!("网站已启动：http://{address}（按 Ctrl+C 停止）");
    // It ends with the runtime; what it was sending is sent again under its lease.
    tokio::spawn(notice::worker::run(app.db.clone(), Arc::clone(&app.mail)));
    let scanner = Arc::clone(&app.scanner);
    tokio::spawn(attachment::worker::run(app.db.clone(), scanner));
    tokio::spawn(job::worker::run(app.clone()));
    tokio::spawn(target::keep_all_pieces(app.db.clone()));
    listen::serve(listener, router(app), listen::Limits::default(), stop).await;
    Ok(())
}

/// All routes with their guards.
pub(crate) fn router(app: App) -> Router {
    let mut open = Router::new();
    let mut closed = Router::new();
    let mut programs = Router::new();
    for route in routes::all() {
        let methods = match route.access {
            Access::May(action) => {
                let right = from_fn_with_state(action, frame::require_right);
                route.methods.layer(right)
            }
            Access::Everybody | Access::Person | Access::Record(_) => route.methods,
        };
        if route.access == Access::Everybody {
            open = open.route(route.path, methods);
        } else if route.path.starts_with(web::guard::PROGRAMS) {
            programs = programs.route(route.path, methods);
        } else {
            closed = closed.route(route.path, methods);
        }
    }
    let closed = closed
        .layer(from_fn(frame::tell_sender))
        .layer(from_fn_with_state(app.clone(), frame::require_person));
    let programs = programs
        .layer(from_fn(frame::tell_sender))
        .layer(DefaultBodyLimit::max(api::MOST_BYTES))
        .layer(from_fn_with_state(app.clone(), api::require_token));
    let all = open.merge(closed).merge(programs).fallback(not_found);
    let way = Arc::clone(&app.way);
    let guarded = web::guard::around(all)
        .layer(from_fn(api::for_programs))
        .with_state(app)
        .layer(from_fn(web::refusal::log_refusals));
    let guarded = if way.is_https {
        guarded.layer(from_fn(web::https::over_tls))
    } else {
        guarded
    };
    let proxies = way.proxies.clone();
    guarded.layer(from_fn_with_state(proxies, web::proxy::tell_client))
}

async fn not_found() -> web::Error {
    web::Error::NotFound
}

/// The routes that belong to no feature.
fn own_routes() -> Vec<Route> {
    vec![
        Route::new(
            "/static/{name}",
            "/static/app.css",
            Access::Everybody,
            get(web::assets::serve),
        ),
        Route::new(
            "/healthz",
            "/healthz",
            Access::Everybody,
            get(async || "ok"),
        ),
        Route::new(
            "/appearance",
            "/appearance",
            Access::Person,
            post(appearance::choose),
        ),
    ]
}

/// Ends when the process is told to stop.
async fn stop() {
    let interrupt = async {
        // Without the signal the server runs until it is killed, which it survives.
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
