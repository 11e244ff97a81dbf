//! Changes of the tree, as effects that a store writes.

use super::{Level, Unit, day_before, is_day};
use crate::permission::UnitId;

/// Characters of a unit's name.
const MOST_NAME_CHARACTERS: usize = 100;

/// What happens to units.
///
/// House rule: units change by documents of the 编制 office (设立, 更名, 划转, 合并, 分设, 撤销);
/// these are the shapes that such a document has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// 更名
    Rename {
        /// The new name.
        name: String,
    },
    /// 划转: under another unit, or to the first level.
    Move {
        /// The unit above from now on.
        parent: Option<UnitId>,
        /// The level from now on.
        level: Level,
    },
    /// 合并: the unit ends and goes into another, which lives on.
    Merge {
        /// The other.
        into: UnitId,
    },
    /// 分设: the unit ends, and new units carry its work on. The first of them is the one that an
    /// old year's figures are shown under.
    Split {
        /// The new units; at least two.
        into: Vec<NewUnit>,
    },
    /// 撤销: the unit ends without a successor.
    Close,
}

/// A unit that begins by a split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUnit {
    /// Its id, made by the caller.
    pub id: UnitId,
    /// 单位编码
    pub code: String,
    /// 单位名称
    pub name: String,
}

/// What the rules ask about a unit before it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// The first day of its present state: after its last change, else its first day.
    pub state_from: &'a str,
    /// How many open units are directly below it.
    pub open_children: u64,
    /// The lowest level among the open units below it, and whether there is any below those.
    pub lowest_child: Option<Level>,
    /// The unit that it is moved under or merged into, with the ids above that one.
    pub other: Option<(&'a Unit, &'a [UnitId])>,
    /// Codes that are taken, of those that new units would have.
    pub taken_codes: &'a [String],
}

/// A state that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// The unit as it was; its days are those of the state.
    pub state: Unit,
}

/// What the store writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Keep what it was.
    Keep(Former),
    /// It is this from now on.
    Set(Unit),
    /// A new unit.
    Begin(Unit),
    /// Old years are shown under the successor when asked for as now.
    Succeed {
        /// The unit that ended.
        predecessor: UnitId,
        /// The unit that goes on.
        successor: UnitId,
        /// Whether it is the one that figures are shown under.
        is_main: bool,
    },
}

/// Why a change is refused, as a Chinese sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The day cannot be read.
    #[error("日期“{0}”不是有效的日期，请写成 2020-01-31 的样子。")]
    NotADay(String),
    /// It does not exist on that day.
    #[error("{name}在 {day} 不存续（{from} 起{to}），请核对日期。")]
    NotOpen {
        /// The unit's name.
        name: String,
        /// The day.
        day: String,
        /// Its first day.
        from: String,
        /// 至…止, or empty.
        to: String,
    },
    /// Changes go forward in time.
    #[error("{name}在 {last} 已有变更，新的变更日期应晚于该日。")]
    BeforeLastChange {
        /// The unit's name.
        name: String,
        /// The first day of the present state.
        last: String,
    },
    /// Nothing changes.
    #[error("{0}没有变化，请核对后再提交。")]
    NoChange(&'static str),
    /// A name that cannot be.
    #[error("单位名称应为 1 至 {MOST_NAME_CHARACTERS} 个字，请修改。")]
    BadName,
    /// A code that cannot be.
    #[error("单位编码“{0}”应为 1 至 30 位数字、字母或短横线，请修改。")]
    BadCode(String),
    /// A code that another unit has.
    #[error("单位编码“{0}”已被其他单位使用，请换一个。")]
    CodeTaken(String),
    /// Under itself or what is below it.
    #[error("{0}不能放到自己或自己的下级单位之下，请另选上级单位。")]
    Cycle(String),
    /// Levels go down.
    #[error("{level}单位的上级应是级次更高的单位，请另选上级单位或改级次。")]
    LevelOrder {
        /// The level's word.
        level: &'static str,
    },
    /// A first-level unit has nobody above it, every other has.
    #[error("一级单位没有上级单位，二级和基层单位应有上级单位，请核对。")]
    ParentUnfit,
    /// There are units below.
    #[error("{name}还有 {children} 个下级单位，请先把它们划转到其他单位。")]
    OpenChildren {
        /// The unit's name.
        name: String,
        /// How many.
        children: u64,
    },
    /// A split has two parts at least.
    #[error("分设至少要有两个新单位，请补充。")]
    TooFewParts,
    /// The other unit does not exist.
    #[error("没有找到选定的单位，请重新选择。")]
    NoSuchUnit,
}

/// What the change writes, from the day `on`.
///
/// # Errors
/// A [`Refusal`]: nothing changes.
pub fn plan(change: &Change, step: &Step<'_>, on: &str) -> Result<Vec<Effect>, Refusal> {
    admit(step.unit, on)?;
    if step.state_from >= on {
        return Err(Refusal::BeforeLastChange {
            name: step.unit.name.clone(),
            last: step.state_from.to_owned(),
        });
    }
    let former = Effect::Keep(Former {
        state: Unit {
            valid_from: step.state_from.to_owned(),
            valid_to: Some(day_before(on)),
            ..step.unit.clone()
        },
    });
    match change {
        Change::Rename { name } => {
            let name = good_name(name)?;
            if name == step.unit.name {
                return Err(Refusal::NoChange("名称"));
            }
            let unit = step.unit.clone();
            Ok(vec![former, Effect::Set(Unit { name, ..unit })])
        }
        Change::Move { parent, level } => {
            moved(step, parent.as_ref(), *level, on).map(|unit| vec![former, Effect::Set(unit)])
        }
        Change::Merge { .. } => merged(step, on),
        Change::Split { into } => split(step, into, on),
        Change::Close => Ok(vec![Effect::Set(closed(step, on)?)]),
    }
}

fn admit(unit: &Unit, on: &str) -> Result<(), Refusal> {
    if !is_day(on) {
        return Err(Refusal::NotADay(on.to_owned()));
    }
    if unit.is_open_on(on) {
        return Ok(());
    }
    let to = unit.valid_to.as_ref();
    Err(Refusal::NotOpen {
        name: unit.name.clone(),
        day: on.to_owned(),
        from: unit.valid_from.clone(),
        to: to.map(|last| format!("，{last} 止")).unwrap_or_default(),
    })
}

/// The name without the blanks around it.
///
/// # Errors
/// It is empty or too long.
pub(super) fn good_name(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    let is_plain = !name.chars().any(char::is_control);
    if name.is_empty() || name.chars().count() > MOST_NAME_CHARACTERS || !is_plain {
        return Err(Refusal::BadName);
    }
    Ok(name.to_owned())
}

/// The code without the blanks around it.
///
/// # Errors
/// It has other characters than digits, letters and hyphens, or too many.
pub(super) fn good_code(code: &str) -> Result<String, Refusal> {
    let code = code.trim();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if code.is_empty() || code.len() > 30 || !code.chars().all(is_plain) {
        return Err(Refusal::BadCode(code.to_owned()));
    }
    Ok(code.to_owned())
}

fn moved(
    step: &Step<'_>,
    parent: Option<&UnitId>,
    level: Level,
    on: &str,
) -> Result<Unit, Refusal> {
    let unit = step.unit;
    if parent == unit.parent.as_ref() && level == unit.level {
        return Err(Refusal::NoChange("上级单位和级次"));
    }
    match (parent, level) {
        (None, Level::First) => {}
        (None, _) | (Some(_), Level::First) => return Err(Refusal::ParentUnfit),
        (Some(parent), _) => {
            let (other, above) = step
                .other
                .filter(|(other, _)| other.id == *parent)
                .ok_or(Refusal::NoSuchUnit)?;
            if other.id == unit.id || above.contains(&unit.id) {
                return Err(Refusal::Cycle(unit.name.clone()));
            }
            admit(other, on)?;
            if other.level >= level {
                let level = level.label();
                return Err(Refusal::LevelOrder { level });
            }
        }
    }
    if step.lowest_child.is_some_and(|child| child <= level) {
        let level = level.label();
        return Err(Refusal::LevelOrder { level });
    }
    Ok(Unit {
        parent: parent.cloned(),
        level,
        ..unit.clone()
    })
}

fn closed(step: &Step<'_>, on: &str) -> Result<Unit, Refusal> {
    if step.open_children > 0 {
        return Err(Refusal::OpenChildren {
            name: step.unit.name.clone(),
            children: step.open_children,
        });
    }
    Ok(Unit {
        valid_to: Some(day_before(on)),
        ..step.unit.clone()
    })
}

fn merged(step: &Step<'_>, on: &str) -> Result<Vec<Effect>, Refusal> {
    let (other, above) = step.other.ok_or(Refusal::NoSuchUnit)?;
    if other.id == step.unit.id || above.contains(&step.unit.id) {
        return Err(Refusal::Cycle(step.unit.name.clone()));
    }
    admit(other, on)?;
    Ok(vec![
        Effect::Set(closed(step, on)?),
        Effect::Succeed {
            predecessor: step.unit.id.clone(),
            successor: other.id.clone(),
            is_main: true,
        },
    ])
}

fn split(step: &Step<'_>, into: &[NewUnit], on: &str) -> Result<Vec<Effect>, Refusal> {
    if into.len() < 2 {
        return Err(Refusal::TooFewParts);
    }
    let mut effects = vec![Effect::Set(closed(step, on)?)];
    let mut codes: Vec<String> = step.taken_codes.to_vec();
    for (place, part) in into.iter().enumerate() {
        let (code, name) = (good_code(&part.code)?, good_name(&part.name)?);
        if codes.contains(&code) {
            return Err(Refusal::CodeTaken(code));
        }
        codes.push(code.clone());
        effects.push(Effect::Begin(Unit {
            id: part.id.clone(),
            code,
            name,
            level: step.unit.level,
            parent: step.unit.parent.clone(),
            valid_from: on.to_owned(),
            valid_to: None,
        }));
        effects.push(Effect::Succeed {
            predecessor: step.unit.id.clone(),
            successor: part.id.clone(),
            is_main: place == 0,
        });
    }
    Ok(effects)
}
