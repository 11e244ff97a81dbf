//! What becomes of each row of a file.

use std::collections::{BTreeMap, BTreeSet};

use db::{Error, Tx};
use domain::rulepack::RulePack;
use domain::rulepack::target_form::TargetForm;
use domain::target::{Compared, Difference, Filed, RowFate, Target, difference, problems, tidied};

use super::{FiledTarget, Line};
use crate::budget::import::Outcome;
use crate::target::store::many::{self, KnownObject, KnownTarget};
use crate::workflow;

/// What a file is asked to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) region: &'a str,
    pub(crate) year: i64,
    /// The unit that every target must belong to, by its code; none for any.
    pub(crate) unit: Option<&'a str>,
}

/// What a load of a file does.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) lines: Vec<Line>,
    pub(super) works: Vec<Work>,
    pub(super) pack: &'static RulePack,
}

/// A target that is begun or changed.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) object: KnownObject,
    /// The edition that is being filled; none where one is begun.
    pub(super) open: Option<KnownTarget>,
    /// The number of the edition that is begun.
    pub(super) edition: i64,
    pub(super) form: &'static TargetForm,
    pub(super) target: Target,
}

impl Plan {
    /// How many targets are begun or changed.
    pub(crate) fn targets(&self) -> usize {
        self.works.len()
    }

    /// A digest of all that it would do, so that a preview can be held against it.
    pub(crate) fn digest(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for line in &self.lines {
            let texts = [&line.place, &line.code, &line.name, &line.message];
            // The length stands before each text, so that no two plans give the same.
            let told = texts.iter().map(|text| format!("{}:{text}", text.len()));
            parts.extend(told);
            parts.push(line.outcome.name().to_owned());
        }
        for work in &self.works {
            let open = work.open.as_ref();
            let open = open.map_or_else(String::new, |it| format!("{}@{}", it.id, it.version));
            parts.push(format!("{}={open}", work.object.id));
        }
        web::token::digest(&parts.join("/"))
    }

    /// How many rows are new, changed, unchanged and rejected.
    pub(crate) fn counts(&self) -> [usize; 4] {
        [
            Outcome::New,
            Outcome::Changed,
            Outcome::Unchanged,
            Outcome::Rejected,
        ]
        .map(|outcome| {
            self.lines
                .iter()
                .filter(|line| line.outcome == outcome)
                .count()
        })
    }
}

/// The objects of the region as files name them.
pub(crate) struct Library {
    objects: Vec<KnownObject>,
    by_code: BTreeMap<String, usize>,
    /// By the name without blanks; several units have projects of one name.
    by_name: BTreeMap<String, Vec<usize>>,
}

fn bare(text: &str) -> String {
    let half = domain::form_reader::half_width(text);
    half.split_whitespace().collect()
}

impl Library {
    /// Reads it, once for any number of files.
    ///
    /// # Errors
    /// The database fails.
    pub(crate) fn read(tx: &mut Tx<'_>, region: &str) -> Result<Self, Error> {
        Ok(Self::of(many::objects(tx, region)?))
    }

    /// Only the objects of one unit, by its id: of others nothing is told.
    ///
    /// # Errors
    /// The database fails.
    pub(crate) fn of_unit(tx: &mut Tx<'_>, region: &str, unit: &str) -> Result<Self, Error> {
        let mut objects = many::objects(tx, region)?;
        objects.retain(|object| object.unit_id == unit);
        Ok(Self::of(objects))
    }

    fn of(objects: Vec<KnownObject>) -> Self {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut by_code = BTreeMap::new();
        for (place, object) in objects.iter().enumerate() {
            by_code.insert(object.code.clone(), place);
            by_name.entry(bare(&object.name)).or_default().push(place);
        }
        Self {
            objects,
            by_code,
            by_name,
        }
    }

    /// The object that the file speaks of.
    fn find(&self, filed: &FiledTarget) -> Result<&KnownObject, String> {
        if !filed.code.is_empty() {
            let found = self.by_code.get(&filed.code);
            let found = found.and_then(|place| self.objects.get(*place));
            return found.ok_or_else(|| {
                format!("项目库里没有编码「{}」，请核对，或先导入预算", filed.code)
            });
        }
        let named = self.by_name.get(&bare(&filed.name));
        let named = named.into_iter().flatten();
        let of_unit = |object: &&KnownObject| {
            let is_code = |code: &String| *code == object.unit_code;
            let is_name = |name: &String| bare(name) == bare(&object.unit_name);
            filed.unit_code.as_ref().is_none_or(is_code) && filed.unit.as_ref().is_none_or(is_name)
        };
        let all: Vec<&KnownObject> = named.filter_map(|at| self.objects.get(*at)).collect();
        let mut own = all.iter().copied().filter(of_unit);
        match (own.next(), own.next(), all.first()) {
            (Some(one), None, _) => Ok(one),
            (Some(_), Some(_), _) => Err(format!(
                "有几个项目都叫「{}」，请在表里写明单位，或加上项目编码",
                filed.name
            )),
            (None, _, Some(other)) => Err(format!(
                "「{}」是「{}」的项目，不是表里写的「{}」的；请核对单位",
                filed.name,
                other.unit_name,
                filed
                    .unit
                    .as_deref()
                    .or(filed.unit_code.as_deref())
                    .unwrap_or("？")
            )),
            (None, _, None) if filed.name.is_empty() => Err("没有写项目名称，请补填".to_owned()),
            (None, _, None) => Err(format!(
                "项目库里没有「{}」，请核对名称，或先导入预算",
                filed.name
            )),
        }
    }
}

/// Says what becomes of every row of the file.
///
/// # Errors
/// The database fails.
pub(crate) fn look(
    tx: &mut Tx<'_>,
    asked: Asked<'_>,
    library: &Library,
    filed: &[FiledTarget],
) -> Result<Plan, Error> {
    let is_closed = workflow::is_year_closed(tx, asked.region, asked.year)?;
    let mut plan = Plan {
        lines: Vec::new(),
        works: Vec::new(),
        pack: workflow::place_pack(tx)?,
    };
    let mut units: BTreeMap<String, BTreeMap<String, KnownTarget>> = BTreeMap::new();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for target in filed {
        let refusal = if is_closed {
            Err(format!("{} 年已经关闭，不能再改目标", asked.year))
        } else {
            library
                .find(target)
                .and_then(|object| allowed(asked, target, object))
        };
        let object = match refusal {
            Ok(object) => object,
            Err(message) => {
                plan.lines.push(rejected(target, &target.code, message));
                continue;
            }
        };
        if let Some(before) = seen.insert(&object.id, &target.place) {
            let message = format!(
                "「{}」在 {before} 已经有了，同一个项目只能出现一次",
                object.name
            );
            plan.lines.push(rejected(target, &object.code, message));
            continue;
        }
        if !units.contains_key(&object.unit_id) {
            let known = many::of_unit(tx, &object.unit_id, asked.year)?;
            units.insert(object.unit_id.clone(), known);
        }
        let known = units
            .get(&object.unit_id)
            .and_then(|known| known.get(&object.id));
        one(&mut plan, target, object, known);
    }
    Ok(plan)
}

fn rejected(target: &FiledTarget, code: &str, message: String) -> Line {
    Line {
        place: target.place.clone(),
        code: code.to_owned(),
        name: target.name.clone(),
        outcome: Outcome::Rejected,
        message,
    }
}

/// The object, where its target may come from this file.
fn allowed<'a>(
    asked: Asked<'_>,
    target: &FiledTarget,
    object: &'a KnownObject,
) -> Result<&'a KnownObject, String> {
    if let Some(year) = target.year.filter(|year| *year != asked.year) {
        return Err(format!(
            "这张表是 {year} 年的，正在导入的是 {} 年；请选对文件或年度",
            asked.year
        ));
    }
    if let Some(unit) = asked.unit.filter(|unit| *unit != object.unit_code) {
        return Err(format!(
            "「{}」是「{}」（{}）的，正在导入的是单位 {unit}；请选对文件",
            object.name, object.unit_name, object.unit_code
        ));
    }
    let first_day = format!("{}-01-01", asked.year);
    let ended = object.unit_ended_on.as_deref();
    if let Some(day) = ended.filter(|day| **day < *first_day) {
        return Err(format!(
            "「{}」已于 {day} 撤销，不能再编 {} 年的目标；请先把项目转到承接单位",
            object.unit_name, asked.year
        ));
    }
    Ok(object)
}

/// Compares one target with what is kept.
fn one(plan: &mut Plan, filed: &FiledTarget, object: &KnownObject, known: Option<&KnownTarget>) {
    let is_over = |known: &&KnownTarget| ["cancelled", "rejected"].contains(&&*known.state);
    let kept = known.filter(|known| !is_over(known));
    let is_stamped_otherwise = match (&filed.id, kept) {
        (Some(id), Some(kept)) => *id != kept.id,
        _ => false,
    };
    if is_stamped_otherwise {
        let message = "这是该项目另一版目标的填报表，请重新下载".to_owned();
        plan.lines.push(rejected(filed, &object.code, message));
        return;
    }
    let form = kept.map(|kept| kept.form);
    let form = form.or_else(|| plan.pack.target_forms.applying(&object.kind, "initial"));
    let Some(form) = form else { return };
    let blank = Target::default().fitted(form);
    let before = kept.map_or(&blank, |kept| &kept.target);
    let compared = difference(before, &filed.filed);
    let after = whole(before, &compared, &filed.filed).settled(form);
    let after = tidied(&after);
    let is_open = |kept: &KnownTarget| ["draft", "returned", "adjusting"].contains(&&*kept.state);
    let is_locked = kept.is_some_and(|kept| !is_open(kept));
    let mut lines = lines(&compared, filed, object, kept.is_none());
    if is_locked && !compared.is_empty() {
        let message = "目标已经送审或批复，不能用导入修改；请在系统里撤回、退回或发起调整";
        for line in lines
            .iter_mut()
            .filter(|line| line.outcome != Outcome::Unchanged)
        {
            line.outcome = Outcome::Rejected;
            message.clone_into(&mut line.message);
        }
    }
    for problem in problems(form, &after) {
        let place = place_of(&after, filed, &problem.path);
        let line = lines.iter_mut().find(|line| line.place == place);
        match line {
            Some(line) => {
                line.outcome = Outcome::Rejected;
                line.message = problem.sentence;
            }
            None => lines.push(rejected(filed, &object.code, problem.sentence)),
        }
    }
    plan.lines.append(&mut lines);
    if !compared.is_empty() || kept.is_none() {
        plan.works.push(Work {
            object: object.clone(),
            open: kept.cloned(),
            edition: known.map_or(1, |known| known.edition + 1),
            form,
            target: after,
        });
    }
}

/// Everything that the file says: its rows, its goal and its fields, where it has them.
fn whole(before: &Target, compared: &Difference, filed: &Filed) -> Target {
    let parts: BTreeSet<String> = filed
        .parts
        .iter()
        .map(|part| part.key().to_owned())
        .collect();
    let all = (0..compared.lines.len()).collect();
    compared.taken(before, (true, &parts), &all)
}

/// The cell of the row that a problem's path speaks of.
fn place_of(target: &Target, filed: &FiledTarget, path: &str) -> String {
    let mut parts = path.split('/').skip(1);
    let key = parts.next();
    let at = target.rows.iter().position(|row| Some(&*row.key) == key);
    let row = at.and_then(|at| filed.filed.rows.get(at));
    row.map_or_else(|| filed.place.clone(), |row| row.place.clone())
}

fn lines(
    compared: &Difference,
    filed: &FiledTarget,
    object: &KnownObject,
    is_new: bool,
) -> Vec<Line> {
    let line = |place: &str, what: &str, outcome, message| Line {
        place: place.to_owned(),
        code: object.code.clone(),
        name: format!("{} · {what}", object.name),
        outcome,
        message,
    };
    let changed = if is_new {
        Outcome::New
    } else {
        Outcome::Changed
    };
    let mut lines = Vec::new();
    if compared.goal.is_some() {
        lines.push(line(&filed.place, "年度目标", changed, String::new()));
    }
    for (_, after) in &compared.parts {
        lines.push(line(&filed.place, after.label(), changed, String::new()));
    }
    for it in &compared.lines {
        let place = if it.place.is_empty() {
            &filed.place
        } else {
            &it.place
        };
        let (outcome, message) = fate(it);
        lines.push(line(place, &it.row.name, outcome, message));
    }
    lines
}

/// What becomes of an indicator. House rule: what is doubtful is not taken, because nobody looks at
/// each row of a list of thousands.
fn fate(line: &Compared) -> (Outcome, String) {
    if !line.doubts.is_empty() && line.fate != RowFate::Unchanged {
        return (Outcome::Rejected, line.doubts.join("；"));
    }
    match &line.fate {
        RowFate::New => (Outcome::New, line.hints.join("；")),
        RowFate::Unchanged => (Outcome::Unchanged, String::new()),
        RowFate::Missing => (Outcome::Changed, "文件里没有这一行，删除".to_owned()),
        RowFate::Changed(changes) => {
            let told: Vec<String> = changes
                .iter()
                .map(|(label, before, after)| format!("{label}：{before} → {after}"))
                .collect();
            (Outcome::Changed, told.join("；"))
        }
    }
}
