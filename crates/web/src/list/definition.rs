//! What a list is: its columns and words, declared once.

use super::kept::Kept;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// What the row is called; stays in sight when the grid is scrolled.
    Name,
    /// Text.
    Text,
    /// Numbers, aligned to the right, sorted from the largest at first.
    Number,
}

/// A column of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in addresses.
    pub name: &'static str,
    /// Its head, in the grid and in files.
    pub label: &'static str,
    content: Content,
    /// Whether the list can be sorted by it.
    pub(super) is_sortable: bool,
    /// Whether it is shown to who has chosen nothing.
    is_usual: bool,
    /// The topic of [`domain::help`] that explains it.
    help: Option<&'static str>,
}

impl Column {
    const fn new(name: &'static str, label: &'static str, content: Content) -> Self {
        Self {
            name,
            label,
            content,
            is_sortable: false,
            is_usual: true,
            help: None,
        }
    }

    /// What the row is called: the first column of a list, always shown.
    pub const fn name(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Content::Name)
    }

    /// A column of text.
    pub const fn text(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Content::Text)
    }

    /// A column of numbers.
    pub const fn number(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Content::Number)
    }

    /// The list can be sorted by it.
    #[must_use]
    pub const fn sortable(mut self) -> Self {
        self.is_sortable = true;
        self
    }

    /// Shown only to who chooses it.
    #[must_use]
    pub const fn extra(mut self) -> Self {
        self.is_usual = false;
        self
    }

    /// Explained by the topic `id` of [`domain::help`].
    #[must_use]
    pub const fn explained(mut self, id: &'static str) -> Self {
        self.help = Some(id);
        self
    }

    /// Whether it holds numbers.
    pub fn is_number(&self) -> bool {
        self.content == Content::Number
    }

    /// The topic that explains it; none where nothing does.
    pub(super) fn topic(&self) -> Option<&'static str> {
        self.help
    }

    /// What explains it, for the tooltip of its head; empty where nothing does.
    pub(super) fn hint(&self) -> &'static str {
        let topic = self.help.and_then(domain::help::find);
        topic.map_or("", |topic| topic.text)
    }

    pub(super) fn class(&self) -> &'static str {
        match self.content {
            Content::Name => "pin",
            Content::Text => "",
            Content::Number => "right",
        }
    }
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column's name.
    pub column: &'static str,
    /// Whether the largest comes first.
    pub is_down: bool,
}

/// A list of records, declared once beside its handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// The name under which a person's choices are kept: `objects`.
    pub name: &'static str,
    /// The path of its page.
    pub path: &'static str,
    /// What the grid is called: 项目与部门清单.
    pub title: &'static str,
    /// What a row is: 项目.
    pub noun: &'static str,
    /// How rows are counted: 项.
    pub counter: &'static str,
    /// The columns; the first says what a row is called.
    pub columns: &'static [Column],
    /// The order where none is chosen.
    pub order: Order,
}

impl Definition {
    /// The order that `text` of an address asks for: a column's name, `-` before it for the
    /// largest first; the usual order where it asks for nothing that can be had.
    pub fn order_of(&self, text: &str) -> Order {
        let (name, is_down) = text
            .strip_prefix('-')
            .map_or((text, false), |name| (name, true));
        self.columns
            .iter()
            .find(|column| column.is_sortable && column.name == name)
            .map_or(self.order, |column| Order {
                column: column.name,
                is_down,
            })
    }

    /// Whether `column` is shown to a person who keeps `kept`.
    pub fn shows(&self, column: &Column, kept: &Kept) -> bool {
        let is_first = self.columns.first() == Some(column);
        is_first
            || match &kept.columns {
                Some(chosen) => chosen.iter().any(|name| name == column.name),
                None => column.is_usual,
            }
    }

    /// The columns that are shown to a person who keeps `kept`.
    pub fn shown(&self, kept: &Kept) -> impl Iterator<Item = (usize, &'static Column)> {
        let (definition, kept) = (*self, kept.clone());
        self.columns
            .iter()
            .enumerate()
            .filter(move |(_, column)| definition.shows(column, &kept))
    }

    /// The heads of a file with the columns that a person has chosen.
    pub fn file_head(&self, kept: &Kept) -> Vec<&'static Column> {
        self.shown(kept).map(|(_, column)| column).collect()
    }

    /// A row of a file, with the columns that a person has chosen.
    pub fn file_row(&self, kept: &Kept, cells: &[super::Cell]) -> Vec<String> {
        self.shown(kept)
            .map(|(place, _)| cells.get(place).map(super::Cell::plain).unwrap_or_default())
            .collect()
    }
}
