//! Pages of a list: each says where the next one begins.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::query::Cursor;

use super::input::{Limit, Text};

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The items, in an order that never changes between pages.
    pub(crate) items: Vec<T>,
    /// What to send as `after` for the next page; null on the last one.
    #[schema(required = true)]
    pub(crate) next: Option<String>,
}

impl<T> Page<T> {
    /// The page of `items`, which hold one more than `limit` where there is another page; `cursor`
    /// is the place of an item.
    pub(crate) fn new(mut items: Vec<T>, limit: Limit, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit.0).unwrap_or(usize::MAX);
        let has_more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| has_more);
        Self {
            next: last.map(|last| cursor(last).to_text()),
            items,
        }
    }
}

/// The place after which a page begins, as an earlier page gave it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Text")]
pub(crate) struct After(pub(crate) Cursor);

impl TryFrom<Text> for After {
    type Error = &'static str;

    fn try_from(Text(text): Text) -> Result<Self, Self::Error> {
        let cursor = Cursor::parse(&text).filter(|cursor| !cursor.id.is_empty());
        cursor
            .map(Self)
            .ok_or("not what an earlier page gave as next")
    }
}

/// One item more than the page shows tells whether there is another page.
pub(crate) fn one_more(limit: Limit) -> i64 {
    limit.0 + 1
}
