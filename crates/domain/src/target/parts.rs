//! What a form asks for besides goal and indicators, as texts.

use crate::content::{Body, Node};
use crate::rulepack::target_form::{Block, BlockKind, FieldKind, FormField, GOAL, TargetForm};

use super::Target;
use super::value::{money, wan_digits};

/// A text with its name and the form's words for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Its name in the form.
    pub key: String,
    /// The form's words.
    pub label: String,
    /// As it was typed.
    pub text: String,
}

/// A row of a form's own table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Its number, as an indicator's row has one.
    pub key: String,
    /// Its cells, in the order of the columns.
    pub cells: Vec<Filled>,
}

/// A field, or a table of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A field.
    Field(Filled),
    /// A table.
    Table {
        /// Its name in the form.
        key: String,
        /// The form's words.
        label: String,
        /// Its rows.
        lines: Vec<Line>,
    },
}

impl Line {
    /// Whether nothing was typed into it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.trim().is_empty())
    }

    /// The text of the column.
    pub fn text(&self, column: &str) -> &str {
        let cell = self.cells.iter().find(|cell| cell.key == column);
        cell.map_or("", |cell| &*cell.text)
    }

    /// What a reader knows it by: its first text.
    pub fn title(&self) -> &str {
        let mut texts = self.cells.iter().map(|cell| cell.text.trim());
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// Whether it was saved before.
    pub fn is_kept(&self) -> bool {
        is_number(&self.key)
    }
}

/// Whether a row's name is a number that it was given.
pub(super) fn is_number(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|letter| letter.is_ascii_digit())
}

impl Part {
    /// Its name in the form.
    pub fn key(&self) -> &str {
        match self {
            Self::Field(filled) => &filled.key,
            Self::Table { key, .. } => key,
        }
    }

    /// The form's words for it.
    pub fn label(&self) -> &str {
        match self {
            Self::Field(filled) => &filled.label,
            Self::Table { label, .. } => label,
        }
    }

    pub(super) fn node(&self) -> Node {
        let text = |it: &Filled| Node::text(&it.key, &it.label, &*it.text);
        match self {
            Self::Field(filled) => text(filled),
            Self::Table { key, label, lines } => {
                let line = |line: &Line| {
                    let cells = line.cells.iter().map(text).collect();
                    Node::nodes(&*line.key, line.title(), cells)
                };
                Node::nodes(&**key, label, lines.iter().map(line).collect())
            }
        }
    }

    pub(super) fn of(node: &Node) -> Self {
        let filled = |node: &Node| Filled {
            key: node.name.clone(),
            label: node.label.clone(),
            text: node.printed().to_owned(),
        };
        match &node.body {
            Body::Text(_) => Self::Field(filled(node)),
            Body::Nodes(rows) => Self::Table {
                key: node.name.clone(),
                label: node.label.clone(),
                lines: rows
                    .iter()
                    .map(|row| Line {
                        key: row.name.clone(),
                        cells: row.children().iter().map(filled).collect(),
                    })
                    .collect(),
            },
        }
    }
}

impl Target {
    /// The text of a field of the form; empty where it was never typed.
    pub fn value(&self, key: &str) -> &str {
        if key == GOAL {
            return &self.goal;
        }
        let found = self.parts.iter().find_map(|part| match part {
            Part::Field(filled) if filled.key == key => Some(&*filled.text),
            _ => None,
        });
        found.unwrap_or_default()
    }

    /// The rows of a table of the form.
    pub fn lines(&self, key: &str) -> &[Line] {
        let found = self.parts.iter().find_map(|part| match part {
            Part::Table {
                key: own, lines, ..
            } if own == key => Some(&**lines),
            _ => None,
        });
        found.unwrap_or_default()
    }

    /// The rows of a table of the form, to be changed.
    pub fn lines_mut(&mut self, key: &str) -> Option<&mut Vec<Line>> {
        self.parts.iter_mut().find_map(|part| match part {
            Part::Table {
                key: own, lines, ..
            } if own == key => Some(lines),
            _ => None,
        })
    }

    /// Every row of every table of the form.
    pub fn all_lines_mut(&mut self) -> impl Iterator<Item = &mut Line> {
        self.parts.iter_mut().flat_map(|part| match part {
            Part::Table { lines, .. } => &mut **lines,
            Part::Field(_) => &mut [],
        })
    }

    /// Whether nothing was typed.
    pub fn is_blank(&self) -> bool {
        self.goal.trim().is_empty()
            && self.rows.is_empty()
            && self.parts.iter().all(|part| match part {
                Part::Field(filled) => filled.text.trim().is_empty(),
                Part::Table { lines, .. } => lines.is_empty(),
            })
    }

    /// The target with exactly the fields and tables that the form asks for, in its order and with
    /// its words. What the form does not have is left out.
    #[must_use]
    pub fn fitted(mut self, form: &TargetForm) -> Self {
        let old = std::mem::take(&mut self.parts);
        let from = Self {
            parts: old,
            ..Self::default()
        };
        for block in &form.blocks {
            match block.kind {
                BlockKind::Fields => {
                    let typed = block.fields.iter();
                    let typed = typed.filter(|field| field.is_typed() && field.key != GOAL);
                    self.parts.extend(typed.map(|field| {
                        Part::Field(filled(field, from.value(&field.key).to_owned()))
                    }));
                }
                BlockKind::Table => self.parts.push(Part::Table {
                    key: block.key.clone(),
                    label: block.title.clone(),
                    lines: from
                        .lines(&block.key)
                        .iter()
                        .map(|line| line_of(block, line))
                        .collect(),
                }),
                BlockKind::Indicators => {}
            }
        }
        self
    }

    /// The fitted target with amounts in one way of writing, where they can be read: plain digits,
    /// at least two decimals, exact to the fen.
    #[must_use]
    pub fn settled(self, form: &TargetForm) -> Self {
        let mut target = self.fitted(form);
        for part in &mut target.parts {
            match part {
                Part::Field(filled) => settle(form.field(&filled.key), filled),
                Part::Table { key, lines, .. } => {
                    let block = form.table(key);
                    for cell in lines.iter_mut().flat_map(|line| &mut line.cells) {
                        settle(block.and_then(|block| block.column(&cell.key)), cell);
                    }
                }
            }
        }
        target
    }
}

fn settle(field: Option<&FormField>, filled: &mut Filled) {
    if field.is_some_and(|field| field.kind == FieldKind::Money)
        && let Ok(fen) = money(&filled.text)
    {
        filled.text = wan_digits(fen);
    }
}

fn filled(field: &FormField, text: String) -> Filled {
    Filled {
        key: field.key.clone(),
        label: field.label.clone(),
        text,
    }
}

/// A row with exactly the columns of the table.
fn line_of(block: &Block, line: &Line) -> Line {
    Line {
        key: line.key.clone(),
        cells: block
            .fields
            .iter()
            .map(|column| filled(column, line.text(&column.key).to_owned()))
            .collect(),
    }
}

/// A blank row of the table.
pub fn blank_line(block: &Block) -> Line {
    line_of(block, &Line::default())
}
