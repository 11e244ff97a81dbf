//! A form's blocks as the page shows them, each field with what is said about it.

use domain::number::Fen;
use domain::rulepack::target_form::{Block, BlockKind, FieldKind, FormField, GOAL};
use domain::target::{Line, Target, money, wan_digits};

use super::edit::anchor;
use super::notes::Note;
use super::store::comment::Comment;
use super::store::record::Record;

/// A block of the form.
pub(super) enum BlockView {
    /// Single fields.
    Fields {
        key: String,
        title: String,
        fields: Vec<FieldView>,
    },
    /// The goal.
    Goal { label: String },
    /// A table of the form's own.
    Table(TableView),
    /// The indicators.
    Indicators { title: String },
}

/// A field, or a cell of a table.
pub(super) struct FieldView {
    /// Its name in the form that is sent.
    pub(super) name: String,
    /// Its id on the page.
    pub(super) anchor: String,
    pub(super) label: String,
    pub(super) text: String,
    pub(super) kind: FieldKind,
    /// Whether nobody types it.
    pub(super) is_fixed: bool,
    pub(super) is_required: bool,
    pub(super) is_wide: bool,
    pub(super) most_letters: usize,
    pub(super) help: String,
    pub(super) options: Vec<String>,
    pub(super) notes: Vec<Note>,
    pub(super) comments: Vec<Comment>,
}

/// A table of the form's own.
pub(super) struct TableView {
    pub(super) key: String,
    pub(super) anchor: String,
    pub(super) title: String,
    /// Headings: group, label, and whether it is an amount.
    pub(super) heads: Vec<HeadView>,
    pub(super) rows: Vec<LineView>,
    pub(super) most_rows: usize,
    pub(super) sum_label: String,
    /// The sum below each column; empty where there is none.
    pub(super) sums: Vec<String>,
    pub(super) notes: Vec<Note>,
    pub(super) comments: Vec<Comment>,
}

/// The heading of a column.
pub(super) struct HeadView {
    pub(super) label: String,
    pub(super) is_money: bool,
    pub(super) is_long: bool,
    pub(super) is_required: bool,
}

/// A row of a table.
pub(super) struct LineView {
    pub(super) place: usize,
    pub(super) key: String,
    pub(super) cells: Vec<FieldView>,
    pub(super) notes: Vec<Note>,
    pub(super) comments: Vec<Comment>,
}

impl FieldView {
    /// Whether something must be mended in it.
    pub(super) fn is_bad(&self) -> bool {
        self.notes.iter().any(|note| note.class == "error")
    }

    pub(super) fn is_money(&self) -> bool {
        self.kind == FieldKind::Money
    }

    pub(super) fn is_long(&self) -> bool {
        self.kind == FieldKind::Long
    }

    pub(super) fn is_choice(&self) -> bool {
        self.kind == FieldKind::Choice
    }

    /// The choices, and what stands there already.
    pub(super) fn choices(&self) -> Vec<&str> {
        let mut all: Vec<&str> = vec![""];
        all.extend(self.options.iter().map(|word| &**word));
        if !all.contains(&&*self.text) {
            all.push(&self.text);
        }
        all
    }

    /// What a keyboard on a screen offers.
    pub(super) fn input_mode(&self) -> &'static str {
        match self.kind {
            FieldKind::Money => "decimal",
            FieldKind::Phone => "tel",
            _ => "text",
        }
    }
}

/// What is said about fields: notes and comments.
pub(super) struct Said<'a> {
    pub(super) notes: &'a [Note],
    pub(super) comments: &'a [Comment],
}

impl Said<'_> {
    fn at(&self, path: &str) -> (Vec<Note>, Vec<Comment>) {
        let notes = self.notes.iter().filter(|note| note.path == path);
        let comments = self.comments.iter().filter(|it| it.field == path);
        (notes.cloned().collect(), comments.cloned().collect())
    }

    /// Of a row and all its cells.
    fn within(&self, path: &str) -> (Vec<Note>, Vec<Comment>) {
        let is_own = |field: &str| {
            let rest = field.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let notes = self.notes.iter().filter(|note| is_own(&note.path));
        let comments = self.comments.iter().filter(|it| is_own(&it.field));
        (notes.cloned().collect(), comments.cloned().collect())
    }
}

/// The blocks of the record's form with what `target` says. A block that holds the goal is parted
/// there, because the goal has a card of its own.
pub(super) fn views(record: &Record, target: &Target, said: &Said<'_>) -> Vec<BlockView> {
    let mut views = Vec::new();
    for block in &record.form.blocks {
        match block.kind {
            BlockKind::Fields => fields(record, target, said, block, &mut views),
            BlockKind::Table => views.push(BlockView::Table(table(target, said, block))),
            BlockKind::Indicators => views.push(BlockView::Indicators {
                title: block.title.clone(),
            }),
        }
    }
    views
}

fn fields(
    record: &Record,
    target: &Target,
    said: &Said<'_>,
    block: &Block,
    views: &mut Vec<BlockView>,
) {
    let mut own = Vec::new();
    let flush = |own: &mut Vec<FieldView>, views: &mut Vec<BlockView>| {
        if !own.is_empty() {
            views.push(BlockView::Fields {
                key: block.key.clone(),
                title: block.title.clone(),
                fields: std::mem::take(own),
            });
        }
    };
    for field in &block.fields {
        if field.key == GOAL {
            flush(&mut own, views);
            views.push(BlockView::Goal {
                label: field.label.clone(),
            });
            continue;
        }
        let text = match field.from {
            Some(source) => record.known.printed(source),
            None => target.value(&field.key).to_owned(),
        };
        let name = format!("v.{}", field.key);
        own.push(view(field, (name, &field.key), text, said));
    }
    flush(&mut own, views);
}

fn view(
    field: &FormField,
    (name, path): (String, &str),
    text: String,
    said: &Said<'_>,
) -> FieldView {
    let (notes, comments) = said.at(path);
    FieldView {
        name,
        anchor: anchor(path),
        label: field.label.clone(),
        text,
        kind: field.kind,
        is_fixed: !field.is_typed(),
        is_required: field.required,
        is_wide: field.is_wide(),
        most_letters: field.most_letters(),
        help: field.help.clone(),
        options: field.options.clone(),
        notes,
        comments,
    }
}

fn table(target: &Target, said: &Said<'_>, block: &Block) -> TableView {
    let lines = target.lines(&block.key);
    let (notes, comments) = said.at(&block.key);
    let head = |column: &FormField| HeadView {
        label: match &*column.group {
            "" => column.label.clone(),
            group => format!("{} · {}", group.trim_end_matches("（万元）"), column.label),
        },
        is_money: column.kind == FieldKind::Money,
        is_long: column.kind == FieldKind::Long,
        is_required: column.required,
    };
    let sum = |column: &FormField| match column.kind {
        FieldKind::Money => column_sum(target, block, &column.key),
        _ => String::new(),
    };
    TableView {
        key: block.key.clone(),
        anchor: anchor(&block.key),
        title: block.title.clone(),
        heads: block.fields.iter().map(head).collect(),
        rows: lines
            .iter()
            .enumerate()
            .map(|(place, line)| line_view(block, place, line, said))
            .collect(),
        most_rows: block.most_rows,
        sum_label: block.sum_label.clone(),
        sums: block.fields.iter().map(sum).collect(),
        notes,
        comments,
    }
}

fn line_view(block: &Block, place: usize, line: &Line, said: &Said<'_>) -> LineView {
    let path = format!("{}/{}", block.key, line.key);
    let (notes, comments) = said.within(&path);
    let cell = |column: &FormField| {
        let name = format!("t.{}.{place}.{}", block.key, column.key);
        let path = format!("{path}/{}", column.key);
        view(
            column,
            (name, &path),
            line.text(&column.key).to_owned(),
            said,
        )
    };
    LineView {
        place,
        key: line.key.clone(),
        cells: block.fields.iter().map(cell).collect(),
        notes,
        comments,
    }
}

/// The sum of a column in 万元, of the amounts that can be read.
pub(super) fn column_sum(target: &Target, block: &Block, column: &str) -> String {
    let lines = target.lines(&block.key).iter();
    let amounts = lines.filter_map(|line| money(line.text(column)).ok());
    let sum = amounts.fold(0_i64, |sum, fen| sum.saturating_add(fen.0));
    wan_digits(Fen(sum))
}
