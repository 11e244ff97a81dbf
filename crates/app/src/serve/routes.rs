//! The table of all routes. The router is built from it, and a test walks it.

use axum::routing::MethodRouter;
use domain::permission::Action;

use super::App;
use crate::{
    api, attachment, audit, budget, check, home, identity, indicator_library, job, list, metrics,
    notice, object, organisation, overview, receipt, review, statement, target, workflow,
};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody: the login page and what it needs.
    Everybody,
    /// Whoever is logged in.
    Person,
    /// Whoever may do this to anything; what is done to single records is asked again for each.
    May(Action),
    /// Whoever may do this to the record that the path names: its handler asks, because only it
    /// reads the record.
    Record(Action),
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
    /// A route.
    pub(crate) fn new(
        path: &'static str,
        sample: &'static str,
        access: Access,
        methods: MethodRouter<App>,
    ) -> Self {
        Self {
            path,
            sample,
            access,
            methods,
        }
    }
}

/// Every route of the program.
pub(crate) fn all() -> Vec<Route> {
    let mut routes = super::own_routes();
    routes.extend(identity::routes());
    routes.extend(home::routes());
    routes.extend(organisation::routes());
    routes.extend(attachment::routes());
    routes.extend(overview::routes());
    routes.extend(object::routes());
    routes.extend(budget::routes());
    routes.extend(list::routes());
    routes.extend(job::routes());
    routes.extend(receipt::routes());
    routes.extend(check::routes());
    routes.extend(metrics::routes());
    routes.extend(statement::routes());
    routes.extend(audit::routes());
    routes.extend(workflow::routes());
    routes.extend(notice::routes());
    routes.extend(api::routes());
    routes.extend(target::routes());
    routes.extend(indicator_library::routes());
    routes.extend(review::routes());
    routes
}
