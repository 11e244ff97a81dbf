//! The table of all routes. The router is built from it, and a test walks it.

use axum::routing::MethodRouter;

use super::App;
use crate::{audit, check, login, metrics, object, overview, receipt, statement};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody: the login page and what it needs.
    Everybody,
    /// Who is logged in.
    Person,
}

/// One path with its handlers.
pub(crate) struct Route {
    /// The path with its placeholders.
    pub(crate) path: &'static str,
    /// A path that fits, for the test that walks the table.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the test that walks the table reads it")
    )]
    pub(crate) sample: &'static str,
    /// Who may use it.
    pub(crate) access: Access,
    /// The handlers.
    pub(crate) methods: MethodRouter<App>,
}

impl Route {
    /// A route for who is logged in.
    pub(crate) fn new(
        path: &'static str,
        sample: &'static str,
        methods: MethodRouter<App>,
    ) -> Self {
        Self {
            path,
            sample,
            access: Access::Person,
            methods,
        }
    }

    /// A route for everybody.
    pub(crate) fn open(
        path: &'static str,
        sample: &'static str,
        methods: MethodRouter<App>,
    ) -> Self {
        Self {
            access: Access::Everybody,
            ..Self::new(path, sample, methods)
        }
    }
}

/// Every route of the program.
pub(crate) fn all() -> Vec<Route> {
    let mut routes = super::own_routes();
    routes.extend(login::routes());
    routes.extend(overview::routes());
    routes.extend(object::routes());
    routes.extend(receipt::routes());
    routes.extend(check::routes());
    routes.extend(metrics::routes());
    routes.extend(statement::routes());
    routes.extend(audit::routes());
    routes
}
