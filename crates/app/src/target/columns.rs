//! The columns of the indicator grid on the page, as the form declares them.

use domain::rulepack::target_form::{IndicatorColumn, TargetForm};

/// A cell of each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Level1,
    Level2,
    Name,
    Operator,
    Value,
    Unit,
    Weight,
    /// Follows from the operator; nobody types it.
    Direction,
    Core,
}

impl Cell {
    /// Its name in the form that is sent.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Level1 => "level1",
            Self::Level2 => "level2",
            Self::Name => "name",
            Self::Operator => "operator",
            Self::Value => "value",
            Self::Unit => "unit",
            Self::Weight => "weight",
            Self::Direction => "direction",
            Self::Core => "core",
        }
    }
}

/// The heading over one or several cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) label: &'static str,
    /// The words of the cells below it, where it stands over several.
    pub(super) parts: &'static str,
    /// Over how many cells it stands.
    pub(super) span: usize,
    pub(super) class: &'static str,
    /// Said where the printed form does not have it.
    pub(super) hint: &'static str,
}

impl Head {
    /// The label in two pieces, between which a narrow column breaks it.
    pub(super) fn pieces(&self) -> (&'static str, &'static str) {
        let tails = ["性质", "度量单位", "方向性"];
        let split = |tail: &str| {
            let at = self.label.len().checked_sub(tail.len())?;
            self.label.ends_with(tail).then(|| self.label.split_at(at))
        };
        tails
            .into_iter()
            .find_map(split)
            .unwrap_or((self.label, ""))
    }
}

/// The grid's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) heads: Vec<Head>,
    /// From left to right.
    pub(super) cells: Vec<Cell>,
}

/// What the checks and the scoring need of each row.
const NEEDED: [IndicatorColumn; 5] = [
    IndicatorColumn::Name,
    IndicatorColumn::Operator,
    IndicatorColumn::Value,
    IndicatorColumn::Unit,
    IndicatorColumn::Weight,
];

impl Columns {
    /// The columns of the form in its order, then what is needed and not printed, then ours.
    ///
    /// House rule: a grid looks like the form that is printed from it; but a row that cannot be
    /// checked or scored would be of no use, so what that takes is asked for in any case.
    pub(super) fn of(form: &TargetForm) -> Self {
        let mut columns = Self {
            heads: Vec::new(),
            cells: Vec::new(),
        };
        for column in &form.indicator_columns {
            columns.add(*column, "");
        }
        for column in NEEDED {
            columns.add(column, "打印的表上没有这一栏，检查和打分要用");
        }
        columns.cells.push(Cell::Core);
        columns.heads.push(Head {
            label: "核心",
            parts: "",
            span: 1,
            class: "center",
            hint: "核心指标，不印在表上",
        });
        columns
    }

    fn add(&mut self, column: IndicatorColumn, hint: &'static str) {
        let (cells, parts, class): (&[Cell], _, _) = match column {
            IndicatorColumn::Level1 => (&[Cell::Level1], "", "w-level"),
            IndicatorColumn::Level2 => (&[Cell::Level2], "", "w-level2"),
            IndicatorColumn::Name => (&[Cell::Name], "", ""),
            IndicatorColumn::Operator => (&[Cell::Operator], "", "w-sign"),
            IndicatorColumn::Value => (&[Cell::Value], "", "w-value"),
            IndicatorColumn::Unit => (&[Cell::Unit], "", "w-unit"),
            IndicatorColumn::Target => (
                &[Cell::Operator, Cell::Value, Cell::Unit],
                "性质、值、度量单位",
                "w-target",
            ),
            IndicatorColumn::Weight => (&[Cell::Weight], "", "right w-weight"),
            IndicatorColumn::Direction => (&[Cell::Direction], "", "w-direction"),
        };
        if cells.iter().any(|&cell| self.has(cell)) {
            return;
        }
        self.cells.extend(cells);
        self.heads.push(Head {
            label: column.label(),
            parts,
            span: cells.len(),
            class,
            hint,
        });
    }

    pub(super) fn has(&self, cell: Cell) -> bool {
        self.cells.contains(&cell)
    }

    /// How many cells stand left of the points.
    pub(super) fn before_weight(&self) -> usize {
        let weight = self.cells.iter().position(|&cell| cell == Cell::Weight);
        weight.unwrap_or_default()
    }

    /// How many cells stand right of the points, the buttons among them.
    pub(super) fn after_weight(&self) -> usize {
        self.cells.len().saturating_sub(self.before_weight())
    }

    /// The names of the cells from left to right, as a block from a spreadsheet is pasted.
    pub(super) fn names(&self) -> String {
        let names: Vec<&str> = self.cells.iter().map(|cell| cell.name()).collect();
        names.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use domain::rulepack::default_pack;

    use super::*;

    fn columns(id: &str, declared: Option<&[IndicatorColumn]>) -> Columns {
        let mut form = default_pack().target_forms.find(id).unwrap().clone();
        if let Some(declared) = declared {
            form.indicator_columns = declared.to_vec();
        }
        Columns::of(&form)
    }

    fn labels(columns: &Columns) -> Vec<&str> {
        columns.heads.iter().map(|head| head.label).collect()
    }

    #[test]
    fn the_grid_has_the_columns_of_each_form() {
        let budget = columns("project_budget", None);
        assert_eq!(
            budget.names(),
            "level1 level2 name operator value unit weight direction core"
        );
        assert_eq!((budget.before_weight(), budget.after_weight()), (6, 3));
        assert!(labels(&budget).contains(&"绩效指标性质"));
        for id in [
            "project",
            "project_county",
            "department",
            "policy",
            "regional",
        ] {
            let national = columns(id, None);
            assert_eq!(
                labels(&national),
                ["一级指标", "二级指标", "三级指标", "指标值", "权重", "核心"],
                "{id}"
            );
            assert_eq!(
                national.names(),
                "level1 level2 name operator value unit weight core",
                "{id}"
            );
            assert!(
                national
                    .heads
                    .iter()
                    .all(|head| head.hint.is_empty() == (head.label != "核心"))
            );
        }
    }

    #[test]
    fn what_is_not_printed_is_asked_for_all_the_same() {
        use IndicatorColumn::{Level1, Name, Target, Weight};
        let own = columns("project", Some(&[Level1, Weight, Name]));
        assert_eq!(
            own.names(),
            "level1 weight name operator value unit core",
            "its order; 二级指标 is not asked for"
        );
        let hints = own.heads.iter().filter(|head| !head.hint.is_empty());
        assert_eq!(hints.count(), 4, "operator, value, unit and 核心");
        assert_eq!(own.before_weight(), 1);
        let whole = columns("project", Some(&[Level1, Target]));
        assert_eq!(whole.names(), "level1 operator value unit name weight core");
    }
}
