//! Every list of records: query strip, chips, dense grid, paging, batch bar, files, and what a
//! person keeps of it. A feature declares its [`Definition`], reads its rows and hands both over.
//!
//! Everything works without script: conditions are a form, a head is a link, the batch bar's
//! buttons are ordinary submit buttons, and what a person keeps lies on the server.

mod cell;
mod definition;
mod field;
mod kept;
#[cfg(test)]
mod tests;

use askama::Template;
use askama::filters::HtmlSafe;

pub use cell::Cell;
pub use definition::{Column, Definition, Order};
pub use field::{Choice, Field};
pub use kept::{Kept, View, clean};

use crate::help::{HelpList, help_list};
use crate::query::Query;

/// Rows of a page.
///
/// House rule: a hundred rows are read in one go and still scroll well on an office machine.
pub const ROWS: i64 = 100;

/// One row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// What a batch is sent for it, and the anchor of its line.
    pub id: String,
    /// One value for each column of the definition, in its order.
    pub cells: Vec<Cell>,
}

/// The place of a page in its list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// What `after` said in the address; empty on the first page.
    pub after: String,
    /// What `after` says for the next page; none on the last.
    pub next: Option<String>,
}

impl Page {
    /// The page after `after`, which is empty on the first page; `next` is what it says for the
    /// next one.
    pub fn new(after: &str, next: Option<String>) -> Self {
        Self {
            after: after.to_owned(),
            next,
        }
    }
}

/// What can be done with the rows that are chosen: one form with ordinary buttons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Where the ids are posted, each as a field `id`.
    pub action: String,
    /// The buttons.
    pub buttons: Vec<BatchButton>,
}

/// A button of the batch bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchButton {
    /// What the field `act` says when it is pressed.
    pub act: &'static str,
    /// What happens: 送审给教科文股.
    pub label: &'static str,
}

/// What stands in the place of an empty list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Empty {
    /// What is missing: 2020 年还没有项目.
    pub title: String,
    /// How to begin.
    pub sentence: String,
    /// The first step: its words and its address.
    pub step: Option<(String, String)>,
}

/// A condition that can be taken away.
struct Chip {
    label: String,
    href: String,
}

/// The head of a column.
struct Head {
    name: &'static str,
    label: &'static str,
    class: &'static str,
    hint: &'static str,
    href: Option<String>,
    /// `ascending` or `descending`, where the list is sorted by it.
    sorted: Option<&'static str>,
}

/// A kept view as the menu shows it.
struct ViewLink<'a> {
    view: &'a View,
    href: String,
    is_current: bool,
}

/// A list, ready to be printed in a page with `{{ list }}`.
#[derive(Template)]
#[template(path = "list/list.html")]
pub struct List {
    definition: &'static Definition,
    kept: Kept,
    year: i64,
    form_token: String,
    fields: Vec<Field>,
    order: Order,
    rows: Vec<Row>,
    page: Page,
    foot: Option<Vec<Cell>>,
    total: i64,
    note: String,
    empty: Empty,
    /// Replaces the words for an empty list where it is empty for another reason.
    hindrance: Option<Empty>,
    batch: Option<Batch>,
    files: &'static [&'static str],
    /// Above so many rows a file is made as a job.
    most_file_rows: i64,
}

impl HtmlSafe for List {}

impl List {
    /// The list `definition` for `year`, as the person keeps it. Forms send `form_token` back.
    pub fn new(definition: &'static Definition, kept: Kept, year: i64, form_token: &str) -> Self {
        Self {
            definition,
            kept,
            year,
            form_token: form_token.to_owned(),
            fields: Vec::new(),
            order: definition.order,
            rows: Vec::new(),
            page: Page::default(),
            foot: None,
            total: 0,
            note: String::new(),
            empty: Empty::default(),
            hindrance: None,
            batch: None,
            files: &[],
            most_file_rows: i64::MAX,
        }
    }

    /// The conditions of the query strip.
    #[must_use]
    pub fn fields(mut self, fields: Vec<Field>) -> Self {
        self.fields = fields;
        self
    }

    /// The order that the rows are in.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// The rows of this page.
    #[must_use]
    pub fn rows(mut self, rows: Vec<Row>, page: Page) -> Self {
        self.rows = rows;
        self.page = page;
        self
    }

    /// How many rows all pages have together.
    #[must_use]
    pub fn total(mut self, total: i64) -> Self {
        self.total = total;
        self
    }

    /// The line of sums, one value for each column.
    #[must_use]
    pub fn foot(mut self, foot: Vec<Cell>) -> Self {
        self.foot = Some(foot);
        self
    }

    /// A sentence beside the count.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// What is said while there is nothing at all.
    #[must_use]
    pub fn empty(mut self, empty: Empty) -> Self {
        self.empty = empty;
        self
    }

    /// Why the list cannot be shown; none where it can.
    #[must_use]
    pub fn hindrance(mut self, hindrance: Option<Empty>) -> Self {
        self.hindrance = hindrance;
        self
    }

    /// What can be done with chosen rows.
    #[must_use]
    pub fn batch(mut self, batch: Batch) -> Self {
        self.batch = Some(batch);
        self
    }

    /// The files that the list can be saved as: `xlsx`, `csv`. They lie at the path of the list
    /// with that ending and take the same conditions.
    #[must_use]
    pub fn files(mut self, endings: &'static [&'static str]) -> Self {
        self.files = endings;
        self
    }

    /// Above so many rows a file takes long: it is asked for by a form that is sent to
    /// `/lists/{name}/files`, not by a link.
    #[must_use]
    pub fn long_from(mut self, rows: i64) -> Self {
        self.most_file_rows = rows;
        self
    }
}

// What the template asks for.
impl List {
    /// The address of the conditions and the order, from the first page.
    fn address(&self) -> Query {
        let mut address = Query::new().with("year", self.year.to_string());
        for field in &self.fields {
            address = address.with(field.name, &*field.value);
        }
        let sort = if self.order == self.definition.order {
            String::new()
        } else {
            let down = if self.order.is_down { "-" } else { "" };
            format!("{down}{}", self.order.column)
        };
        // Where the list opens with a kept view, an address without conditions says so.
        let opens = self.kept.views.iter().any(|view| view.is_usual);
        address
            .with("sort", sort)
            .with("view", if opens { "-" } else { "" })
    }

    fn at(&self, address: &Query) -> String {
        address.at(self.definition.path)
    }

    /// The order as the address says it, for the form of conditions.
    fn sort(&self) -> String {
        let down = if self.order.is_down { "-" } else { "" };
        format!("{down}{}", self.order.column)
    }

    fn chips(&self) -> Vec<Chip> {
        let address = self.address();
        let chip = |field: &Field| {
            Some(Chip {
                label: field.chip()?,
                href: self.at(&address.clone().without(field.name)),
            })
        };
        self.fields.iter().filter_map(chip).collect()
    }

    /// The list without any condition.
    fn cleared(&self) -> String {
        let year = Query::new().with("year", self.year.to_string());
        self.at(&year.with("view", "-"))
    }

    fn heads(&self) -> Vec<Head> {
        let address = self.address();
        let head = |(_, column): (usize, &'static Column)| {
            let is_current = self.order.column == column.name;
            // Numbers are looked at from the top; a second click turns the order round.
            let down = if is_current {
                !self.order.is_down
            } else {
                column.is_number()
            };
            let sort = format!("{}{}", if down { "-" } else { "" }, column.name);
            let sorted = if self.order.is_down {
                "descending"
            } else {
                "ascending"
            };
            Head {
                name: column.name,
                label: column.label,
                class: column.class(),
                hint: column.hint(),
                href: column
                    .is_sortable
                    .then(|| self.at(&address.clone().with("sort", sort))),
                sorted: (is_current && column.is_sortable).then_some(sorted),
            }
        };
        self.definition.shown(&self.kept).map(head).collect()
    }

    /// The values of the columns that are shown, with the class of their cells, without the first.
    fn shown<'a>(&self, cells: &'a [Cell]) -> Vec<(&'static str, &'a Cell)> {
        self.definition
            .shown(&self.kept)
            .skip(1)
            .map(|(place, column)| (column.class(), cells.get(place).unwrap_or(&Cell::Nothing)))
            .collect()
    }

    fn next(&self) -> Option<String> {
        let next = self.page.next.as_ref()?;
        Some(self.at(&self.address().with("after", &**next)))
    }

    fn first(&self) -> Option<String> {
        (!self.page.after.is_empty()).then(|| self.at(&self.address()))
    }

    /// Each kind of file: its ending, its words, its address.
    fn file_links(&self) -> Vec<(&'static str, &'static str, String)> {
        let address = self.address().without("view");
        let link = |ending: &&'static str| {
            let words = match *ending {
                "xlsx" => "导出 Excel",
                _ => "导出 CSV",
            };
            let path = format!("{}.{ending}", self.definition.path);
            (*ending, words, address.at(&path))
        };
        self.files.iter().map(link).collect()
    }

    /// The query string of what is chosen now, to come back to.
    fn query(&self) -> String {
        self.address().at("").trim_start_matches('?').to_owned()
    }

    /// What a kept view would keep of it.
    fn condition(&self) -> String {
        clean(&self.query()).unwrap_or_default()
    }

    fn views(&self) -> Vec<ViewLink<'_>> {
        let condition = self.condition();
        let link = |view| -> ViewLink<'_> {
            let View { query, .. }: &View = view;
            ViewLink {
                href: format!("{}?year={}&view=-&{query}", self.definition.path, self.year),
                is_current: *query == condition,
                view,
            }
        };
        self.kept.views.iter().map(link).collect()
    }

    /// The name of the kept view that is shown.
    fn current_view(&self) -> Option<&str> {
        let condition = self.condition();
        let mut views = self.kept.views.iter();
        let found = views.find(|view| view.query == condition)?;
        Some(&found.name)
    }

    /// The columns that can be chosen, and whether they are.
    fn columns(&self) -> Vec<(&'static Column, bool)> {
        let shows = |column| (column, self.definition.shows(column, &self.kept));
        self.definition.columns.iter().skip(1).map(shows).collect()
    }

    /// What the shown columns mean.
    fn topics(&self) -> HelpList {
        let shown = self.definition.shown(&self.kept);
        let topics: Vec<&str> = shown.filter_map(|(_, column)| column.topic()).collect();
        help_list("各列的含义和依据", &topics)
    }

    fn is_narrowed(&self) -> bool {
        self.fields.iter().any(|field| !field.value.is_empty())
    }
}
