//! 项目、部门整体、政策: the list and one object's whole life.

mod export;
mod life;
mod list;
mod record;
#[cfg(test)]
mod seat_tests;
mod stage;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use axum::routing::{get, post};
use domain::number::{Centi, Decimal, Fen, scaled};
use domain::permission::Action;

use crate::serve::{Access, Route};

pub(crate) use export::SOURCE;
pub(crate) use list::LIST;

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            "/objects",
            "/objects",
            Access::May(Action::View),
            get(list::show),
        ),
        Route::new(
            "/objects.csv",
            "/objects.csv",
            Access::May(Action::Export),
            get(export::csv),
        ),
        Route::new(
            "/objects.xlsx",
            "/objects.xlsx",
            Access::May(Action::Export),
            get(export::workbook),
        ),
        Route::new(
            "/objects/selection",
            "/objects/selection",
            Access::May(Action::Export),
            post(export::selection),
        ),
        Route::new(
            "/objects/{id}",
            "/objects/o-1",
            Access::Record(Action::View),
            get(life::show),
        ),
    ]
}

/// 执行率 in percent with two decimals; none without a budget.
pub(crate) fn rate(budget_fen: i64, executed_fen: i64) -> Option<String> {
    rate_centi(budget_fen, executed_fen).map(|rate| format!("{rate}%"))
}

/// 执行率 in hundredths of a percent; none without a budget.
pub(crate) fn rate_centi(budget_fen: i64, executed_fen: i64) -> Option<Centi> {
    let (budget, executed) = (Fen(budget_fen).yuan(), Fen(executed_fen).yuan());
    scaled(executed, Decimal::ONE_HUNDRED, budget).and_then(Centi::from_decimal)
}
