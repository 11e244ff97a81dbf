//! The indicator table: its heading in one row or two, its rows, its total row.

use crate::finding::{Finding, Severity};
use crate::form::{Field, IndicatorRow};
use crate::number::Decimal;

use super::amount;
use super::grid::{At, View};
use super::label::{self, Role};
use super::money::report_number;

/// What the indicator table holds.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<IndicatorRow>,
    pub(super) total_weight: Option<Field<Decimal>>,
    pub(super) total_score: Option<Field<Decimal>>,
    /// Whether there is a column for what was reached.
    pub(super) evaluates: bool,
}

/// A column: what it is, and which cells belong to it.
#[derive(Debug, Clone, Copy)]
struct Column {
    role: Role,
    left: usize,
    right: usize,
    /// Which repetition of the columns: 实施期 before 年度.
    group: usize,
}

fn role_at(view: &View<'_>, at: At) -> Option<Role> {
    label::column_role(&label::key(view.text(at)))
}

/// Whether a row is the (last) heading row of an indicator table.
pub(super) fn is_header(view: &View<'_>, row: usize) -> bool {
    let (mut first, mut others, mut flat) = (false, 0, Vec::new());
    for at in view.row_areas(row) {
        // A heading merged over two rows counts in its last row.
        if view.area(at).bottom != row {
            let below = view
                .row_areas(row + 1)
                .any(|under| view.area(under).top == row + 1 && role_at(view, under).is_some());
            if below {
                return false;
            }
        }
        match role_at(view, at) {
            Some(Role::Level1) => first = true,
            Some(role @ (Role::Level2 | Role::Level3 | Role::Target)) => {
                others += 1;
                flat.push(role);
            }
            Some(role) => flat.push(role),
            None => {}
        }
    }
    let has = |role: Role| flat.contains(&role);
    // A flat list names its indicators without levels (指标名称, 指标性质, 指标值, 完成值).
    let named = has(Role::Level3) && has(Role::Target);
    let measured = [Role::Operator, Role::Unit, Role::Actual, Role::Weight];
    let list = named && measured.into_iter().filter(|role| has(*role)).count() >= 2;
    (first && others >= 1) || list
}

/// Whether a table is the one of the whole period, which some forms print above the year's.
pub(super) fn is_long_term(view: &View<'_>, header: usize) -> bool {
    let names = |row: usize| {
        view.row_areas(row).any(|at| {
            let key = label::key(view.text(at));
            let whole = ["长期", "中长期", "中期", "实施期", "总目标", "总体"];
            whole.iter().any(|word| key.starts_with(word)) && key.ends_with("指标")
        })
    };
    names(header) || header.checked_sub(1).is_some_and(names)
}

/// The first row of a heading: the row above when the heading stands in two.
pub(super) fn first_header_row(view: &View<'_>, header: usize) -> usize {
    view.row_areas(header)
        .filter(|at| role_at(view, *at).is_some())
        .map(|at| view.area(at).top)
        .min()
        .unwrap_or(header)
}

fn columns(view: &View<'_>, header: usize) -> Vec<Column> {
    let mut found: Vec<Column> = Vec::new();
    let above = header
        .checked_sub(1)
        .filter(|row| is_upper_heading(view, *row));
    for at in view.row_areas(header) {
        let own = role_at(view, at);
        let upper = above
            .filter(|_| view.text(at).is_empty())
            .map(|row| (row, at.1));
        let Some(role) = own.or_else(|| upper.and_then(|at| role_at(view, at))) else {
            continue;
        };
        let repeated = found
            .iter()
            .filter(|column| column.role == role && groups(role))
            .map(|column| column.group + 1)
            .max();
        let before = found.last().map_or(0, |column| column.group);
        let group = repeated.map_or(before, |repeated| repeated.max(before));
        let taken = found
            .iter()
            .any(|column| column.role == role && column.group == group);
        if !taken {
            found.push(Column {
                role,
                left: at.1,
                right: view.area(at).right,
                group,
            });
        }
    }
    found
}

/// Whether a row can be the upper line of a heading: nothing but column names stands in it.
fn is_upper_heading(view: &View<'_>, row: usize) -> bool {
    view.row_areas(row)
        .filter(|at| !view.text(*at).is_empty())
        .all(|at| {
            let key = label::key(view.text(at));
            label::column_role(&key).is_some()
                || matches!(key.as_str(), "绩效指标" | "年度绩效指标")
        })
}

/// Whether a second column of this name begins a second group of columns.
fn groups(role: Role) -> bool {
    matches!(
        role,
        Role::Level1 | Role::Level2 | Role::Level3 | Role::Target
    )
}

/// The group that holds the year: by the words above it, otherwise the last.
fn year_group(view: &View<'_>, header: usize, columns: &[Column]) -> usize {
    let last = columns.iter().map(|column| column.group).max().unwrap_or(0);
    (0..=last)
        .find(|group| {
            columns
                .iter()
                .filter(|column| column.group == *group)
                .any(|column| {
                    let heads = (header.saturating_sub(3)..header).map(|row| (row, column.left));
                    let own = std::iter::once((header, column.left));
                    heads.chain(own).any(|at| {
                        let key = label::key(view.text(at));
                        key.starts_with("年度") && last > 0
                    })
                })
        })
        .unwrap_or(last)
}

/// Says which filled columns between and behind the known ones are not read, because nothing or
/// nothing known stands at their head.
fn unknown_columns(
    view: &View<'_>,
    header: usize,
    stop: usize,
    known: &[Column],
    findings: &mut Vec<Finding>,
) {
    let Some(first) = known.iter().map(|column| column.left).min() else {
        return;
    };
    let is_inside = |at: &At| {
        let within = |column: &Column| (column.left..=column.right).contains(&at.1);
        known.iter().any(within) || view.area(*at).bottom > header
    };
    for at in view
        .row_areas(header)
        .filter(|at| at.1 > first && !is_inside(at))
    {
        let text = view.text(at);
        let key = label::key(text);
        // What a two-line heading says above a blank cell may be known.
        let above = header
            .checked_sub(1)
            .filter(|row| is_upper_heading(view, *row));
        let above = above.map(|row| (row, at.1));
        let upper = above
            .filter(|_| key.is_empty())
            .map(|at| label::key(view.text(at)));
        if label::is_aside(&key) || upper.is_some_and(|key| label::is_aside(&key)) {
            continue;
        }
        let is_filled = |row: &usize| {
            let place = (*row, at.1);
            view.is_first(place) && !view.text(place).is_empty() && view.area(place).left == at.1
        };
        let filled = (header + 1..stop).filter(is_filled).count();
        if filled == 0 {
            continue;
        }
        let what = if key.is_empty() {
            "没有表头".to_owned()
        } else {
            format!("的表头「{text}」认不出")
        };
        findings.push(Finding {
            rule: "C98",
            severity: if key.is_empty() { Severity::W } else { Severity::I },
            r#where: view.place(at),
            message: format!(
                "这一列{what}，下面 {filled} 格没有读取；如是指标值、分值、完成值等，请改用表样上的表头"
            ),
            printed: Some(text.to_owned()).filter(|text| !text.is_empty()),
            computed: None,
        });
    }
}

/// The levels and the cells of one row.
struct Reader<'a, 'b> {
    view: &'a View<'b>,
    columns: Vec<Column>,
    header: usize,
    level1: Option<Field>,
    level2: Option<Field>,
}

/// Reads rows below a heading into `table`; gives the row after the last one that was read.
pub(super) fn read(
    view: &View<'_>,
    header: usize,
    stop: usize,
    table: &mut Table,
    findings: &mut Vec<Finding>,
) -> usize {
    let all = columns(view, header);
    let group = year_group(view, header, &all);
    let shared = |role: Role| !all.iter().any(|it| it.role == role && it.group == group);
    let columns: Vec<Column> = all
        .iter()
        .filter(|column| column.group == group || (column.group < group && shared(column.role)))
        .copied()
        .collect();
    unknown_columns(view, header, stop, &all, findings);
    table.evaluates |= columns
        .iter()
        .any(|column| matches!(column.role, Role::Actual | Role::Score));
    let mut reader = Reader {
        view,
        columns,
        header,
        level1: None,
        level2: None,
    };
    let mut blank = 0;
    let mut end = header + 1;
    for row in header + 1..stop {
        let first = view
            .row_areas(row)
            .find(|at| !view.text(*at).is_empty() && view.area(*at).top == row);
        let Some(first) = first else {
            blank += 1;
            if blank > 1 && reader.below_merge(row) {
                break;
            }
            continue;
        };
        let key = label::key(view.text(first));
        if reader.is_subtotal(row, &key) {
            end = row + 1;
            continue;
        }
        if label::is_total_row(&key) {
            reader.total(row, table, findings);
            return row + 1;
        }
        if reader.leaves(row, first, &key) {
            break;
        }
        blank = 0;
        end = row + 1;
        if let Some(line) = reader.row(row) {
            for field in [&line.weight, &line.score].into_iter().flatten() {
                report_number(field, findings);
            }
            table.rows.push(line);
        }
    }
    end
}

impl Reader<'_, '_> {
    fn column(&self, role: Role) -> Option<Column> {
        self.columns
            .iter()
            .find(|column| column.role == role)
            .copied()
    }

    /// Whether a row only adds up the points of those above it.
    fn is_subtotal(&self, row: usize, key: &str) -> bool {
        let target = self.text(row, Role::Target);
        matches!(key, "小计" | "分值小计" | "得分小计")
            && target.is_none_or(|target| target.is_blank())
    }

    /// Whether no level's merged area reaches into the row.
    fn below_merge(&self, row: usize) -> bool {
        [Role::Level1, Role::Level2]
            .into_iter()
            .filter_map(|role| self.column(role))
            .all(|column| {
                let area = self.view.area((row, column.left));
                area.top == area.bottom || area.top <= self.header
            })
    }

    /// Whether the table has ended before this row.
    fn leaves(&self, row: usize, first: At, key: &str) -> bool {
        let notes = [
            "注",
            "备注",
            "填报",
            "填表",
            "评价结论",
            "存在问题",
            "改进措施",
            "审核",
            "联系",
        ];
        if notes.iter().any(|note| key.starts_with(note)) && self.levels_blank(row, first) {
            return true;
        }
        if label::head_label(key).is_some() {
            return true;
        }
        // One text across the whole table is a note.
        let (Some(level1), Some(last)) = (
            self.column(Role::Level1),
            self.columns.iter().map(|column| column.left).max(),
        ) else {
            return false;
        };
        let area = self.view.area(first);
        area.left <= level1.left && area.right >= last && last > level1.left
    }

    fn levels_blank(&self, row: usize, first: At) -> bool {
        self.columns
            .iter()
            .filter(|column| !matches!(column.role, Role::Level1 | Role::Other))
            .filter(|column| column.left > self.view.area(first).right)
            .all(|column| {
                self.own(row, *column)
                    .is_none_or(|at| self.view.text(at).is_empty())
            })
    }

    /// The first filled cell of a column in a row, if it is not part of another column's cell.
    fn own(&self, row: usize, column: Column) -> Option<At> {
        let inside = |at: &At| self.view.area(*at).left >= column.left;
        let cells: Vec<At> = (column.left..=column.right)
            .map(|left| (row, left))
            .filter(inside)
            .collect();
        let filled = cells.iter().find(|at| !self.view.text(**at).is_empty());
        filled.or(cells.first()).copied()
    }

    /// Text of a column; cells under one heading that is merged sideways are read as one text.
    fn text(&self, row: usize, role: Role) -> Option<Field> {
        let column = self.column(role)?;
        let first = self.own(row, column)?;
        if self.view.area(first).top != row && role != Role::Level3 {
            return None;
        }
        if self.view.area(first).top <= self.header {
            return None;
        }
        let mut field = self.view.field(first);
        let mut next = self.view.right_of(first);
        while let Some(at) = next.filter(|at| at.1 <= column.right) {
            if let Some(value) = field.value.as_mut() {
                value.push_str(self.view.text(at));
                field.printed.clone_from(value);
            }
            next = self.view.right_of(at);
        }
        Some(field)
    }

    fn number(&self, row: usize, role: Role) -> Option<Field<Decimal>> {
        let at = self.own(row, self.column(role)?)?;
        let own = self.view.area(at).top == row;
        if own {
            amount::field(self.view, at)
        } else {
            None
        }
    }

    /// Levels: from the cell, from its merged area, or from the row above when left blank.
    fn levels(&mut self, row: usize) {
        let field = |role: Role| {
            let at = self.own(row, self.column(role)?)?;
            (self.view.area(at).top > self.header).then(|| self.view.field(at))
        };
        let (level1, level2) = (field(Role::Level1), field(Role::Level2));
        let first = level1.is_some();
        if let Some(found) = level1
            && (self.level1.is_none() || !found.is_blank())
        {
            if self
                .level1
                .as_ref()
                .is_some_and(|known| known.printed != found.printed)
            {
                self.level2 = None;
            }
            self.level1 = Some(found);
        }
        match level2 {
            Some(found) if self.level2.is_none() || !found.is_blank() => self.level2 = Some(found),
            // The level 1 cell reaches over level 2: there is no level 2 in this row.
            None if first => self.level2 = None,
            _ => {}
        }
    }

    fn row(&mut self, row: usize) -> Option<IndicatorRow> {
        self.levels(row);
        let target = match self.text(row, Role::AdjustedTarget) {
            Some(adjusted) if !adjusted.is_blank() => Some(adjusted),
            other => self.text(row, Role::Target).or(other),
        };
        let line = IndicatorRow {
            place: self.view.place((row, self.columns.first()?.left)),
            level1: self.level1.clone(),
            level2: self.level2.clone(),
            level3: self.text(row, Role::Level3),
            operator: self.text(row, Role::Operator),
            target,
            unit: self.text(row, Role::Unit),
            actual: self.text(row, Role::Actual),
            weight: self.number(row, Role::Weight),
            score: self.number(row, Role::Score),
            reason: self.text(row, Role::Reason),
        };
        let line = with_own_name(line);
        let texts = [&line.level3, &line.target, &line.actual, &line.operator];
        let numbers = [&line.weight, &line.score];
        let filled = texts.into_iter().flatten().any(|field| !field.is_blank())
            || numbers.into_iter().flatten().any(|field| !field.is_blank());
        filled.then_some(line)
    }

    fn total(&self, row: usize, table: &mut Table, findings: &mut Vec<Finding>) {
        let (weight, score) = (
            self.number(row, Role::Weight),
            self.number(row, Role::Score),
        );
        for field in [&weight, &score].into_iter().flatten() {
            report_number(field, findings);
        }
        // 自评总分 | 98 without columns for points.
        let lone = || {
            let mut found = self
                .view
                .row_areas(row)
                .filter(|at| amount::parse(self.view.text(*at)).is_some());
            let only = found.next()?;
            if found.next().is_some() {
                None
            } else {
                amount::field(self.view, only)
            }
        };
        let points = self.column(Role::Weight).is_some() || self.column(Role::Score).is_some();
        table.total_weight = weight.or(table.total_weight.take());
        table.total_score = score.or_else(|| if points { None } else { lone() });
    }
}

/// A row whose level 2 and level 3 share one cell that is no heading names the indicator there.
fn with_own_name(mut line: IndicatorRow) -> IndicatorRow {
    let heading = |field: &Field| {
        let key = label::key(&field.printed);
        [
            "指标",
            "效益",
            "满意度",
            "数量",
            "质量",
            "时效",
            "成本",
            "影响",
        ]
        .iter()
        .any(|word| key.ends_with(word))
    };
    if line.level3.is_none()
        && line
            .level2
            .as_ref()
            .is_some_and(|field| !field.is_blank() && !heading(field))
    {
        line.level3 = line.level2.take();
    }
    line
}
