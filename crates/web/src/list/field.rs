//! The conditions over a list.

/// Something to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What stands in the address.
    pub id: String,
    /// What a person reads.
    pub name: String,
}

impl Choice {
    /// The choice `id`, read as `name`.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
        }
    }
}

/// How a condition is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// Part of a text, looked for in several columns.
    Search,
    /// A text that must be met exactly.
    Exact,
    /// A day.
    Day,
    /// One of these.
    Select(Vec<Choice>),
}

/// One condition of the query strip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in the address.
    pub(super) name: &'static str,
    /// Its label.
    pub(super) label: &'static str,
    /// What is chosen; empty for everything.
    pub(super) value: String,
    pub(super) input: Input,
    /// The word for no choice.
    pub(super) none: &'static str,
}

impl Field {
    fn new(name: &'static str, label: &'static str, value: &str, input: Input) -> Self {
        Self {
            name,
            label,
            value: value.trim().to_owned(),
            input,
            none: "全部",
        }
    }

    /// With another word for no choice than 全部, where nothing chosen does not mean everything.
    #[must_use]
    pub fn otherwise(mut self, none: &'static str) -> Self {
        self.none = none;
        self
    }

    /// Part of a text, looked for in what `label` names.
    pub fn search(name: &'static str, label: &'static str, value: &str) -> Self {
        Self::new(name, label, value, Input::Search)
    }

    /// A text that must be met exactly.
    pub fn exact(name: &'static str, label: &'static str, value: &str) -> Self {
        Self::new(name, label, value, Input::Exact)
    }

    /// A day.
    pub fn day(name: &'static str, label: &'static str, value: &str) -> Self {
        Self::new(name, label, value, Input::Day)
    }

    /// One of `choices`.
    pub fn select(
        name: &'static str,
        label: &'static str,
        value: &str,
        choices: Vec<Choice>,
    ) -> Self {
        Self::new(name, label, value, Input::Select(choices))
    }

    /// One of `choices`, each with what stands in the address and what a person reads.
    pub fn select_of(
        name: &'static str,
        label: &'static str,
        value: &str,
        choices: &[(&str, &str)],
    ) -> Self {
        let choices = choices.iter().map(|(id, name)| Choice::new(*id, *name));
        Self::select(name, label, value, choices.collect())
    }

    /// What its chip says; none where nothing is chosen.
    pub(super) fn chip(&self) -> Option<String> {
        if self.value.is_empty() {
            return None;
        }
        Some(match &self.input {
            Input::Search => format!("含“{}”", self.value),
            Input::Exact | Input::Day => format!("{}：{}", self.label, self.value),
            Input::Select(choices) => {
                let choice = choices.iter().find(|choice| choice.id == self.value);
                let name = choice.map_or("没有这一项", |choice| &choice.name);
                format!("{}：{name}", self.label)
            }
        })
    }

    /// The type of its input element; none for a select.
    pub(super) fn input_type(&self) -> Option<&'static str> {
        match &self.input {
            Input::Search | Input::Exact => Some("search"),
            Input::Day => Some("date"),
            Input::Select(_) => None,
        }
    }

    pub(super) fn choices(&self) -> &[Choice] {
        match &self.input {
            Input::Select(choices) => choices,
            _ => &[],
        }
    }
}
