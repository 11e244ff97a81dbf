//! 绩效目标申报表 as data: which blocks, fields and tables each form has, and which form applies.
//!
//! The page, the workbook, the printed form, the interface for programs and the checks are all made
//! from one declaration.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// Columns of a form's sheet, which a table's columns share among them.
pub const SHEET_COLUMNS: u16 = 9;

/// The field of the form that is kept as the target's goal.
pub const GOAL: &str = "goal";

/// The block of the form that is kept as the target's indicators.
pub const INDICATORS: &str = "indicators";

/// The form of targets that were begun before forms were declared: goal and indicators alone.
///
/// House rule: nobody is asked afterwards for what was not asked for when it was filled.
pub const PLAIN: &str = "project_budget";

/// The forms of a pack, and which of them applies to what.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Declared")]
pub struct TargetForms {
    applies: Vec<Applies>,
    forms: BTreeMap<String, TargetForm>,
}

/// A pack's forms as they are written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    applies: Vec<Applies>,
    form: BTreeMap<String, TargetForm>,
}

/// To what a form applies.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applies {
    /// `project`, `department` or `policy`.
    pub kind: String,
    /// `initial`, `supplement` or `transfer_from_above`; any where it is not said.
    #[serde(default)]
    pub origin: Option<String>,
    /// The form's id.
    pub form: String,
}

/// How a form is set on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Titles of blocks stand upright at the left, as 财预〔2015〕88号 has them.
    National,
    /// One row below the other, as the Sichuan budget system has them.
    Sichuan,
}

/// One form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetForm {
    /// Its name within the pack; the key that it is declared under.
    #[serde(skip)]
    pub id: String,
    /// The title that is printed.
    pub title: String,
    /// Document and article that it comes from.
    pub source: String,
    /// How it is set on paper.
    pub layout: Layout,
    /// The form whose blocks and rules it has besides its own.
    #[serde(default)]
    pub inherit: Option<String>,
    /// Columns of the indicator table, on paper and on the page.
    #[serde(default)]
    pub indicator_columns: Vec<IndicatorColumn>,
    /// Its blocks in order.
    #[serde(default)]
    pub blocks: Vec<Block>,
    /// What must hold between its amounts.
    #[serde(default)]
    pub rules: Vec<SumRule>,
    /// Lines below the form.
    #[serde(default)]
    pub footnotes: Vec<String>,
    /// Places for signatures.
    #[serde(default)]
    pub signatures: Vec<String>,
}

/// A column of the indicator table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorColumn {
    /// 一级指标
    Level1,
    /// 二级指标
    Level2,
    /// 三级指标
    Name,
    /// 绩效指标性质
    Operator,
    /// 绩效指标值
    Value,
    /// 绩效度量单位
    Unit,
    /// 指标值 with its sign and unit.
    Target,
    /// 权重
    Weight,
    /// 指标方向性
    Direction,
}

impl IndicatorColumn {
    /// The words of the form. Source: 财预〔2015〕88号 附件; the budget system's 绩效目标表.
    pub fn label(self) -> &'static str {
        match self {
            Self::Level1 => "一级指标",
            Self::Level2 => "二级指标",
            Self::Name => "三级指标",
            Self::Operator => "绩效指标性质",
            Self::Value => "绩效指标值",
            Self::Unit => "绩效度量单位",
            Self::Target => "指标值",
            Self::Weight => "权重",
            Self::Direction => "指标方向性",
        }
    }
}

/// A block of a form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Its name within the form; a table is kept under it.
    pub key: String,
    /// What stands over it.
    pub title: String,
    /// What it holds.
    pub kind: BlockKind,
    /// The inherited block that it stands in front of; at the end where none is named.
    #[serde(default)]
    pub before: Option<String>,
    /// Its fields, or the columns of its table.
    #[serde(default)]
    pub fields: Vec<FormField>,
    /// Most rows of a table.
    #[serde(default)]
    pub most_rows: usize,
    /// The word before a table's sums; no sums where it is empty.
    #[serde(default)]
    pub sum_label: String,
    /// Whether its texts stand beside each other on paper, each under its label.
    #[serde(default)]
    pub side_by_side: bool,
}

/// What a block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Single fields.
    Fields,
    /// A table with rows of its own.
    Table,
    /// The target's indicators.
    Indicators,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A line.
    #[default]
    Text,
    /// Several lines.
    Long,
    /// An amount in 万元, exact to the fen.
    Money,
    /// A day or a month.
    Date,
    /// From a day, a month or a year to another.
    Period,
    /// One of several words.
    Choice,
    /// A telephone number.
    Phone,
    /// Letters and digits.
    Code,
}

/// A field, or a column of a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Its name; texts are kept under it.
    pub key: String,
    /// The words of the form.
    pub label: String,
    /// What it holds.
    #[serde(default)]
    pub kind: FieldKind,
    /// Whether it must be filled before the target is sent.
    #[serde(default)]
    pub required: bool,
    /// Most letters; as many as its kind usually has where it is not said.
    #[serde(default)]
    pub most_letters: Option<usize>,
    /// How it is filled.
    #[serde(default)]
    pub help: String,
    /// What it is read from, where nobody types it.
    #[serde(default)]
    pub from: Option<Source>,
    /// The words of a choice.
    #[serde(default)]
    pub options: Vec<String>,
    /// Words over it and its neighbours with the same ones.
    #[serde(default)]
    pub group: String,
    /// Whether a field takes the whole width.
    #[serde(default)]
    pub wide: bool,
    /// How many of the sheet's columns a column of a table takes.
    #[serde(default)]
    pub width: u16,
}

/// What the register and the budget know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Name of the project, department or policy.
    Object,
    /// Its code.
    ObjectCode,
    /// The unit that fills the form.
    Unit,
    /// Its code.
    UnitCode,
    /// 主管部门
    Department,
    /// 主管部门编码
    DepartmentCode,
    /// 主管部门及代码
    DepartmentWithCode,
    /// 新增项目 or 延续项目
    Nature,
    /// 预算年度
    Year,
    /// All budget lines of the object in its year; of a department those of all its projects.
    Budget,
    /// Of [`Source::Budget`] what comes from the four books.
    BudgetFiscal,
    /// Of [`Source::Budget`] what comes from elsewhere.
    BudgetOther,
    /// Of [`Source::Budget`] personnel and operating expenditure.
    BasicBudget,
    /// Of [`Source::Budget`] all but [`Source::BasicBudget`].
    ProjectBudget,
}

impl Source {
    /// The source of this name.
    fn find(name: &str) -> Option<Self> {
        use serde::de::value::{Error, StrDeserializer};
        Self::deserialize(StrDeserializer::<Error>::new(name)).ok()
    }

    /// Whether it is an amount.
    pub fn is_money(self) -> bool {
        self >= Self::Budget
    }

    /// What messages call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Budget => "预算数",
            Self::BudgetFiscal => "预算数中的财政拨款",
            Self::BudgetOther => "预算数中的其他资金",
            Self::BasicBudget => "预算中的基本支出",
            Self::ProjectBudget => "预算中的项目支出",
            _ => "登记信息",
        }
    }
}

/// What must hold between amounts: the sum of some against the sum of others.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SumRule {
    /// The check that it belongs to: V07, V08 or V09.
    pub rule: String,
    /// Amounts: a field, `table.column` for the sum of a column, `@source` for what is known.
    pub left: Vec<String>,
    /// How they stand to each other.
    pub is: Relation,
    /// As `left`.
    pub right: Vec<String>,
    /// The table in each of whose rows it must hold; then `left` and `right` name its columns.
    #[serde(default)]
    pub rows: Option<String>,
}

/// How one sum stands to another; with a tolerance of 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// It is the same.
    Equal,
    /// It is not more.
    AtMost,
}

/// One amount of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand<'a> {
    /// A field.
    Field(&'a str),
    /// The sum of a table's column.
    Column(&'a str, &'a str),
    /// What is known.
    Known(Source),
}

impl Operand<'_> {
    /// The amount that a rule names; none where it is no source.
    pub fn of(name: &str) -> Option<Operand<'_>> {
        if let Some(source) = name.strip_prefix('@') {
            return Source::find(source).map(Operand::Known);
        }
        Some(match name.split_once('.') {
            Some((table, column)) => Operand::Column(table, column),
            None => Operand::Field(name),
        })
    }
}

impl FormField {
    /// Whether somebody types it.
    pub fn is_typed(&self) -> bool {
        self.from.is_none()
    }

    /// Most letters that are kept.
    pub fn most_letters(&self) -> usize {
        let usual = match self.kind {
            FieldKind::Long => 2_000,
            FieldKind::Text | FieldKind::Choice => 200,
            FieldKind::Period | FieldKind::Code => 60,
            FieldKind::Money | FieldKind::Date | FieldKind::Phone => 30,
        };
        self.most_letters.unwrap_or(usual)
    }

    /// Whether it takes the whole width of a form.
    pub fn is_wide(&self) -> bool {
        self.wide || self.kind == FieldKind::Long
    }
}

impl Block {
    /// The column of this name.
    pub fn column(&self, key: &str) -> Option<&FormField> {
        self.fields.iter().find(|field| field.key == key)
    }
}

impl TargetForm {
    /// Every field that is no column, in order, those that nobody types included.
    pub fn fields(&self) -> impl Iterator<Item = &FormField> {
        let blocks = self.blocks.iter();
        blocks
            .filter(|block| block.kind == BlockKind::Fields)
            .flat_map(|block| &block.fields)
    }

    /// Every table of its own, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Block> {
        let blocks = self.blocks.iter();
        blocks.filter(|block| block.kind == BlockKind::Table)
    }

    /// The table of this name.
    pub fn table(&self, key: &str) -> Option<&Block> {
        self.tables().find(|block| block.key == key)
    }

    /// The field of this name.
    pub fn field(&self, key: &str) -> Option<&FormField> {
        self.fields().find(|field| field.key == key)
    }

    /// What the form calls the goal.
    pub fn goal_label(&self) -> &str {
        self.field(GOAL).map_or("年度目标", |field| &*field.label)
    }

    /// The first mistake, as a Chinese clause.
    fn flaw(&self) -> Option<String> {
        let mut keys = BTreeSet::new();
        let typed = self.fields().map(|field| &*field.key);
        let blocks = self.blocks.iter().map(|block| &*block.key);
        for key in typed.chain(blocks) {
            if !is_key(key) {
                return Some(format!(
                    "「{key}」不能作栏目的 key：只用小写字母、数字和下划线"
                ));
            }
            if !keys.insert(key) {
                return Some(format!("key「{key}」用了两次"));
            }
        }
        if self.field(GOAL).is_none() || !keys.contains(INDICATORS) {
            return Some("应有 goal 栏目和 indicators 栏目".to_owned());
        }
        if let Some(flaw) = self.columns_flaw() {
            return Some(flaw);
        }
        let block = self.blocks.iter().find_map(Block::flaw);
        block.or_else(|| self.rules.iter().find_map(|rule| self.rule_flaw(rule)))
    }

    /// House rule: 一级指标 leads each row, because rows that repeat it are printed as one cell; a
    /// value stands in one column, whole or in parts.
    fn columns_flaw(&self) -> Option<String> {
        use IndicatorColumn::{Level1, Operator, Target, Unit, Value};
        let columns = &self.indicator_columns;
        if columns.first() != Some(&Level1) {
            return Some("indicator_columns 的第一列应是 level1".to_owned());
        }
        let has = |column: &IndicatorColumn| columns.contains(column);
        let count = |wanted| columns.iter().filter(|&&column| column == wanted).count();
        if let Some(&twice) = columns.iter().find(|&&column| count(column) > 1) {
            return Some(format!("indicator_columns 里「{}」出现两次", twice.label()));
        }
        let is_both = has(&Target) && [Operator, Value, Unit].iter().any(has);
        is_both.then(|| {
            "indicator_columns 里 target 已含性质、值和单位，不能再有 operator、value、unit"
                .to_owned()
        })
    }

    fn rule_flaw(&self, rule: &SumRule) -> Option<String> {
        if !["V07", "V08", "V09"].contains(&&*rule.rule) {
            return Some(format!(
                "勾稽关系的编号应为 V07、V08 或 V09，不是「{}」",
                rule.rule
            ));
        }
        let money = |field: Option<&FormField>| {
            field.is_some_and(|field| field.kind == FieldKind::Money && field.is_typed())
        };
        let is_known = |name: &String| match (&rule.rows, Operand::of(name)) {
            (Some(table), Some(Operand::Field(column))) => {
                money(self.table(table).and_then(|table| table.column(column)))
            }
            (None, Some(Operand::Field(key))) => money(self.field(key)),
            (None, Some(Operand::Column(table, column))) => {
                money(self.table(table).and_then(|table| table.column(column)))
            }
            (None, Some(Operand::Known(source))) => source.is_money(),
            _ => false,
        };
        let mut names = rule.left.iter().chain(&rule.right);
        let unknown = names.find(|name| !is_known(name));
        unknown.map(|name| format!("勾稽关系 {} 里没有金额「{name}」", rule.rule))
    }
}

impl Block {
    fn flaw(&self) -> Option<String> {
        let title = &self.title;
        for field in &self.fields {
            if (field.kind == FieldKind::Choice) == field.options.is_empty() && field.is_typed() {
                return Some(format!("「{}」的 kind 和 options 不配套", field.label));
            }
        }
        if self.kind == BlockKind::Table {
            let mut keys = BTreeSet::new();
            let mut columns = self.fields.iter();
            if let Some(column) = columns.find(|it| !is_key(&it.key) || !keys.insert(&it.key)) {
                return Some(format!(
                    "「{title}」的列 key「{}」重复或写法不对",
                    column.key
                ));
            }
            if self.fields.iter().any(|field| field.from.is_some()) {
                return Some(format!("「{title}」的列都要填写，不能有 from"));
            }
            let width: u16 = self.fields.iter().map(|field| field.width).sum();
            if width != SHEET_COLUMNS {
                return Some(format!(
                    "「{title}」各列宽度合计 {width}，应为 {SHEET_COLUMNS}"
                ));
            }
            if !(1..=200).contains(&self.most_rows) {
                return Some(format!("「{title}」的 most_rows 应在 1 至 200 之间"));
            }
        }
        let is_other = (self.kind == BlockKind::Indicators) != (self.key == INDICATORS);
        is_other.then(|| format!("「{title}」：kind = \"indicators\" 的栏目 key 应为 indicators"))
    }
}

/// Whether a name can be a key: paths and fields of pages are made of it.
fn is_key(key: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    key.starts_with(|letter: char| letter.is_ascii_lowercase())
        && key.chars().all(|letter| fits(letter) || letter == '_')
}

impl TargetForms {
    /// The form of this id.
    pub fn find(&self, id: &str) -> Option<&TargetForm> {
        self.forms.get(id)
    }

    /// Every form, by its id.
    pub fn all(&self) -> impl Iterator<Item = &TargetForm> {
        self.forms.values()
    }

    /// The form for a kind of object and where its money comes from; the plain one where the pack
    /// names none.
    pub fn applying(&self, kind: &str, origin: &str) -> Option<&TargetForm> {
        let fits = |applies: &&Applies| {
            applies.kind == kind && applies.origin.as_deref().is_none_or(|own| own == origin)
        };
        let id = self.applies.iter().find(fits);
        self.find(id.map_or(PLAIN, |applies| &*applies.form))
    }
}

impl TryFrom<Declared> for TargetForms {
    type Error = String;

    fn try_from(declared: Declared) -> Result<Self, String> {
        let mut forms = BTreeMap::new();
        for (id, own) in &declared.form {
            let mut form = match &own.inherit {
                Some(parent) => inherited(id, own, parent, &declared.form)?,
                None => own.clone(),
            };
            id.clone_into(&mut form.id);
            if let Some(flaw) = form.flaw() {
                return Err(format!("申报表「{id}」：{flaw}"));
            }
            forms.insert(id.clone(), form);
        }
        let mut named = declared.applies.iter().map(|applies| &*applies.form);
        if let Some(unknown) = named.find(|id| !forms.contains_key(*id)) {
            return Err(format!("applies 里的申报表「{unknown}」没有声明"));
        }
        if !forms.contains_key(PLAIN) {
            return Err(format!("缺少申报表「{PLAIN}」"));
        }
        Ok(Self {
            applies: declared.applies,
            forms,
        })
    }
}

/// The form with what it has of its parent: a block of the same key is replaced.
fn inherited(
    id: &str,
    own: &TargetForm,
    parent: &str,
    forms: &BTreeMap<String, TargetForm>,
) -> Result<TargetForm, String> {
    let parent = forms.get(parent).filter(|parent| parent.inherit.is_none());
    let parent = parent.ok_or_else(|| format!("申报表「{id}」的 inherit 应是没有上级的申报表"))?;
    let mut form = own.clone();
    form.blocks.clone_from(&parent.blocks);
    for block in &own.blocks {
        if let Some(same) = form.blocks.iter_mut().find(|it| it.key == block.key) {
            same.clone_from(block);
            continue;
        }
        let place = match block.before.as_deref() {
            None => None,
            Some(before) => {
                let found = form.blocks.iter().position(|it| it.key == before);
                let refusal = format!("申报表「{id}」：没有可以排在前面的栏目「{before}」");
                Some(found.ok_or(refusal)?)
            }
        };
        let end = form.blocks.len();
        form.blocks.insert(place.unwrap_or(end), block.clone());
    }
    let inherit = |own: &mut Vec<String>, theirs: &Vec<String>| {
        if own.is_empty() {
            own.clone_from(theirs);
        }
    };
    inherit(&mut form.footnotes, &parent.footnotes);
    inherit(&mut form.signatures, &parent.signatures);
    if form.indicator_columns.is_empty() {
        form.indicator_columns.clone_from(&parent.indicator_columns);
    }
    form.rules.extend(parent.rules.iter().cloned());
    Ok(form)
}
