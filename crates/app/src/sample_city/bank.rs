//! The words that the city is made from: units, projects and themes, read from the texts beside
//! this file. Their format is told at the top of each.

/// An indicator as a theme has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Promise {
    /// Q Z S C J H T K M
    pub(super) heading: char,
    /// 三级指标
    pub(super) name: &'static str,
    /// ≥ ≤ ＝ 定性 日期
    pub(super) operator: &'static str,
    /// A number, a range, `@` so many for each 万元, month and day, or a word.
    pub(super) value: &'static str,
    /// 度量单位
    pub(super) unit: &'static str,
}

/// What projects of one kind promise.
#[derive(Debug)]
pub(super) struct Theme {
    /// Its word in the texts.
    pub(super) key: &'static str,
    /// 年度目标, with {} for the project's name.
    pub(super) goal: &'static str,
    /// Its indicators.
    pub(super) promises: Vec<Promise>,
}

/// A project or policy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// Whether it is a policy.
    pub(super) is_policy: bool,
    /// Its name.
    pub(super) name: &'static str,
    /// Its theme's word.
    pub(super) theme: &'static str,
    /// 万元 of 2020.
    pub(super) wan: i64,
    /// The letters explained in `units_party.txt`.
    pub(super) flags: &'static str,
    /// Its own first indicator, `name:value:unit`, or nothing.
    pub(super) own: &'static str,
}

/// A first-level unit.
#[derive(Debug)]
pub(super) struct Unit {
    /// Its code.
    pub(super) code: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// Which section it belongs to: the first words of the section's name.
    pub(super) section: &'static str,
    /// People on its payroll.
    pub(super) staff: i64,
    /// K key evaluation, M key monitoring of the whole department.
    pub(super) flags: &'static str,
    /// What it is there for.
    pub(super) duty: &'static str,
    /// Its own indicators.
    pub(super) promises: Vec<Promise>,
    /// Names of the units below it.
    pub(super) below: Vec<&'static str>,
    /// Its projects and policies.
    pub(super) plans: Vec<Plan>,
}

const UNITS: [&str; 3] = [
    include_str!("units_party.txt"),
    include_str!("units_government.txt"),
    include_str!("units_town.txt"),
];

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    let is_content = |line: &&str| !line.is_empty() && !line.starts_with('#');
    text.lines().filter(is_content)
}

fn fields<const N: usize>(line: &'static str) -> [&'static str; N] {
    let parts: Vec<&str> = line.split('|').collect();
    parts
        .try_into()
        .unwrap_or_else(|_| panic!("the sample's texts are tested; odd line: {line}"))
}

fn promise(line: &'static str) -> Promise {
    let [heading, name, operator, value, unit] = fields(line);
    Promise {
        heading: heading.chars().next().expect("a heading"),
        name,
        operator,
        value,
        unit,
    }
}

/// All themes.
pub(super) fn themes() -> Vec<Theme> {
    let mut themes: Vec<Theme> = Vec::new();
    for line in lines(include_str!("themes.txt")) {
        if let Some(head) = line.strip_prefix("= ") {
            let [key, goal] = fields(head);
            themes.push(Theme {
                key,
                goal,
                promises: Vec::new(),
            });
        } else {
            let theme = themes.last_mut().expect("the first line opens a theme");
            theme.promises.push(promise(line));
        }
    }
    themes
}

/// All first-level units, in the order of their codes.
pub(super) fn units() -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for line in UNITS.into_iter().flat_map(lines) {
        let (mark, rest) = line.split_once('|').expect("a mark before the first bar");
        if mark == "U" {
            let [code, name, section, staff, flags, duty] = fields(rest);
            units.push(Unit {
                code,
                name,
                section,
                staff: staff.parse().expect("a whole number of people"),
                flags,
                duty,
                promises: Vec::new(),
                below: Vec::new(),
                plans: Vec::new(),
            });
            continue;
        }
        let unit = units.last_mut().expect("the first line opens a unit");
        match mark {
            "D" => unit.promises.push(promise(rest)),
            "S" => unit.below.push(rest),
            _ => unit.plans.push(plan(mark == "Z", rest)),
        }
    }
    units
}

fn plan(is_policy: bool, line: &'static str) -> Plan {
    let [name, theme, wan, flags, own] = fields(line);
    Plan {
        is_policy,
        name,
        theme,
        wan: wan.parse().expect("a whole number of 万元"),
        flags,
        own,
    }
}
