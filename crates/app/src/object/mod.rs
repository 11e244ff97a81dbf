//! 项目、部门整体、政策: the list and one object's whole life.

mod list;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use axum::routing::get;
use domain::number::{Decimal, Fen, round_to, scaled};

use crate::serve::Route;

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new("/objects", "/objects", get(list::show)),
        Route::new("/objects.csv", "/objects.csv", get(list::export)),
    ]
}

/// 执行率 in percent with two decimals; none without a budget.
pub(crate) fn rate(budget_fen: i64, executed_fen: i64) -> Option<String> {
    let (budget, executed) = (Fen(budget_fen).yuan(), Fen(executed_fen).yuan());
    let rate = scaled(executed, Decimal::ONE_HUNDRED, budget)?;
    Some(format!("{:.2}%", round_to(rate, 2)))
}
