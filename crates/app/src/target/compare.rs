//! Two contents side by side in one, field by field, for readers.

use domain::content::{Body, Change, Content, Node, Piece, diff, pieces};
use domain::target::readable;

/// What became of a field or a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Same,
    Added,
    Removed,
    Changed,
    /// From that place.
    Moved(usize),
}

impl Mark {
    /// The word that stands beside the colour; empty where nothing happened.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::Same => String::new(),
            Self::Added => "新增".to_owned(),
            Self::Removed => "删除".to_owned(),
            Self::Changed => "有改动".to_owned(),
            Self::Moved(from) => format!("原第 {from} 行"),
        }
    }

    /// The class that gives the colour.
    pub(crate) fn class(&self) -> &'static str {
        match self {
            Self::Same => "",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Moved(_) => "moved",
        }
    }
}

/// A text with its differences.
pub(crate) struct Cell {
    pub(crate) path: String,
    pub(crate) label: String,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) mark: Mark,
}

/// A row of a table.
pub(crate) struct Row {
    pub(crate) path: String,
    /// Its place now; where it was, when it is gone.
    pub(crate) number: usize,
    pub(crate) mark: Mark,
    pub(crate) cells: Vec<Cell>,
}

impl Row {
    /// The text of the cell at this place, with its differences; none where it has no such cell.
    pub(crate) fn pieces(&self, place: usize) -> &[Piece] {
        self.cells.get(place).map_or(&[], |cell| &cell.pieces)
    }

    /// What the cell at this place says now.
    pub(crate) fn now(&self, place: usize) -> String {
        let shown = self.pieces(place).iter().map(|piece| match piece {
            Piece::Same(text) | Piece::New(text) => text.as_str(),
            Piece::Old(_) => "",
        });
        shown.collect()
    }
}

/// A list of rows.
pub(crate) struct Table {
    pub(crate) path: String,
    pub(crate) label: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

impl Table {
    /// How many rows nothing happened to.
    pub(crate) fn same(&self) -> usize {
        let same = self.rows.iter().filter(|row| row.mark == Mark::Same);
        same.count()
    }
}

/// Everything that two contents say, and where they differ.
pub(crate) struct Comparison {
    pub(crate) fields: Vec<Cell>,
    pub(crate) tables: Vec<Table>,
    /// How many differences there are.
    pub(crate) count: usize,
}

/// Compares. The same content twice shows it as it is.
pub(crate) fn compare(before: &Content, after: &Content) -> Comparison {
    let (before, after) = (&readable(before), &readable(after));
    let changes = diff(before, after);
    let count = changes.iter().filter(|change| change.is_telling()).count();
    let (mut fields, mut tables) = (Vec::new(), Vec::new());
    for node in &after.nodes {
        match node.body {
            Body::Text(_) => fields.push(cell(node, &node.name, &changes)),
            Body::Nodes(_) => tables.push(table(node, &changes)),
        }
    }
    for change in &changes {
        match change {
            Change::Removed { path, node, .. } if !path.contains('/') => match node.body {
                Body::Text(_) => fields.push(gone(node, path)),
                Body::Nodes(_) => tables.push(table(node, &changes)),
            },
            _ => {}
        }
    }
    Comparison {
        fields,
        tables,
        count,
    }
}

fn table(list: &Node, changes: &[Change]) -> Table {
    let mut rows: Vec<Row> = (1..)
        .zip(list.children())
        .map(|(number, node)| row(number, node, &list.name, changes))
        .collect();
    for change in changes {
        if let Change::Removed { path, place, node } = change
            && path.split_once('/') == Some((&list.name, &node.name))
        {
            let at = place.saturating_sub(1).min(rows.len());
            rows.insert(at, removed_row(*place, node, path));
        }
    }
    let first = rows.first().map(|row| &row.cells[..]).unwrap_or_default();
    Table {
        path: list.name.clone(),
        label: list.label.clone(),
        columns: first.iter().map(|cell| cell.label.clone()).collect(),
        rows,
    }
}

fn row(number: usize, node: &Node, list: &str, changes: &[Change]) -> Row {
    let path = format!("{list}/{}", node.name);
    let own = changes.iter().find_map(|change| match change {
        Change::Added { path: at, .. } if *at == path => Some(Mark::Added),
        Change::Moved { path: at, from, .. } if *at == path => Some(Mark::Moved(*from)),
        _ => None,
    });
    let cells: Vec<Cell> = node
        .children()
        .iter()
        .map(|child| {
            let mut cell = cell(child, &format!("{path}/{}", child.name), changes);
            if own == Some(Mark::Added) && !child.printed().is_empty() {
                cell.pieces = vec![Piece::New(child.printed().to_owned())];
            }
            cell
        })
        .collect();
    let differs = cells.iter().any(|cell| cell.mark != Mark::Same);
    Row {
        path,
        number,
        mark: match own {
            Some(mark) => mark,
            None if differs => Mark::Changed,
            None => Mark::Same,
        },
        cells,
    }
}

fn removed_row(number: usize, node: &Node, path: &str) -> Row {
    let cells = node
        .children()
        .iter()
        .map(|child| gone(child, &format!("{path}/{}", child.name)));
    Row {
        path: path.to_owned(),
        number,
        mark: Mark::Removed,
        cells: cells.collect(),
    }
}

fn gone(node: &Node, path: &str) -> Cell {
    Cell {
        path: path.to_owned(),
        label: node.label.clone(),
        pieces: vec![Piece::Old(node.printed().to_owned())],
        mark: Mark::Removed,
    }
}

fn cell(node: &Node, path: &str, changes: &[Change]) -> Cell {
    let mut cell = Cell {
        path: path.to_owned(),
        label: node.label.clone(),
        pieces: vec![Piece::Same(node.printed().to_owned())],
        mark: Mark::Same,
    };
    for change in changes.iter().filter(|change| change.path() == path) {
        match change {
            Change::Changed { before, after, .. } => {
                cell.pieces = shown(before, after);
                cell.mark = Mark::Changed;
            }
            Change::Added { .. } => {
                cell.pieces = vec![Piece::New(node.printed().to_owned())];
                cell.mark = Mark::Added;
            }
            _ => {}
        }
    }
    cell
}

/// Texts that one takes in at a glance are shown whole, old and new; longer ones word by word.
const GLANCE_LETTERS: usize = 12;

fn shown(before: &str, after: &str) -> Vec<Piece> {
    let is_short = |text: &str| text.chars().count() <= GLANCE_LETTERS;
    if !(is_short(before) && is_short(after)) {
        return pieces(before, after);
    }
    let whole = [Piece::Old(before.to_owned()), Piece::New(after.to_owned())];
    whole
        .into_iter()
        .filter(|piece| !matches!(piece, Piece::Old(text) | Piece::New(text) if text.is_empty()))
        .collect()
}
