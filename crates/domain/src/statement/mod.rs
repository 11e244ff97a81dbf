//! 年度情况说明: the annual statement composed from metrics. Nobody types a number into it.
//!
//! The outline is a list of headings and sentences; a sentence names the figures that stand in
//! it. Where a figure has no value, 「无」 is printed and the statement is not final.

mod outline;
#[cfg(test)]
mod tests;

use crate::metrics::Value;

pub use outline::OUTLINE;

/// A heading with the sentences below it.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// 1 (一、) to 4 (（1）).
    pub level: u8,
    /// The heading with its number.
    pub heading: &'static str,
    /// The sentences of its one paragraph, in order; none for a heading of headings.
    pub sentences: &'static [Sentence],
}

/// A sentence with its figures, written `{P3.3}`, `{P3.3#项目}` for a part, `{P3.4#*}` for the
/// names of the parts, `{P3.8/自评抽查复评率}` for a figure that belongs to a metric, `[B1.2]` for
/// the titles of the records in 《》, `[=A2.1]` for their names as they are, and `{Y}`, `{Y-1}`,
/// `{Y+1}` for years, `{地区}` for the region.
#[derive(Debug, Clone, Copy)]
pub struct Sentence {
    /// The figure that decides whether there is anything to tell; none decides for itself.
    pub deciding: Option<&'static str>,
    /// What is told.
    pub text: &'static str,
    /// What is told when there is nothing; none leaves the sentence out.
    pub otherwise: Option<&'static str>,
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Words.
    Text(String),
    /// A figure.
    Figure(Figure),
}

/// A figure as it stands in the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The figure's key: `P3.3`, `P3.8/自评抽查复评率`.
    pub key: String,
    /// The part that it tells, if it does.
    pub part: Option<String>,
    /// As printed: `24`, `100%`, 「无」.
    pub text: String,
    /// Whether it has no value.
    pub missing: bool,
}

/// A composed section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// 1 to 4.
    pub level: u8,
    /// The heading with its number.
    pub heading: String,
    /// Paragraphs.
    pub paragraphs: Vec<Vec<Run>>,
}

/// The statement of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// 关于2020年预算绩效管理工作情况的说明
    pub title: String,
    /// The sections in order.
    pub parts: Vec<Part>,
    /// The headings under which something is missing; empty when the statement is final.
    pub missing: Vec<String>,
}

impl Statement {
    /// Whether nothing is missing.
    pub fn is_final(&self) -> bool {
        self.missing.is_empty()
    }
}

/// What the statement is made from.
pub trait Facts {
    /// A figure's value and unit; `None` where there is no such figure, `Some((None, _))` where it
    /// is not applicable.
    fn value(&self, key: &str) -> Option<(Option<Value>, &'static str)>;
    /// The counts of a metric's parts, by name.
    fn parts(&self, key: &str) -> Vec<(String, i64)>;
    /// The titles of the records behind a figure.
    fn titles(&self, key: &str) -> Vec<String>;
}

/// Composes the statement of `year` for the region called `region`. `next_steps` is the text of
/// 下一步工作打算, paragraphs parted by line breaks; it may be empty.
///
/// Source: the structure of the seed statement (domain reference §8.2).
pub fn compose(year: i32, region: &str, facts: &dyn Facts, next_steps: &str) -> Statement {
    let composer = Composer {
        year,
        region,
        facts,
    };
    let mut parts = Vec::with_capacity(OUTLINE.len() + 1);
    let mut missing = Vec::new();
    for section in OUTLINE {
        let runs = composer.paragraph(section.sentences);
        let lacks = |run: &Run| matches!(run, Run::Figure(figure) if figure.missing);
        if runs.iter().any(lacks) {
            missing.push(section.heading.to_owned());
        }
        parts.push(Part {
            level: section.level,
            heading: section.heading.to_owned(),
            paragraphs: if runs.is_empty() {
                Vec::new()
            } else {
                vec![runs]
            },
        });
    }
    parts.push(plans(next_steps, &mut missing));
    Statement {
        title: format!("关于{year}年预算绩效管理工作情况的说明"),
        parts,
        missing,
    }
}

/// 下一步工作打算: the one part that is written, not computed.
fn plans(next_steps: &str, missing: &mut Vec<String>) -> Part {
    let heading = "三、下一步工作打算".to_owned();
    let mut paragraphs: Vec<Vec<Run>> = next_steps
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| vec![Run::Text(line.to_owned())])
        .collect();
    if paragraphs.is_empty() {
        missing.push(heading.clone());
        paragraphs.push(vec![Run::Text(NOTHING.to_owned())]);
    }
    Part {
        level: 1,
        heading,
        paragraphs,
    }
}

/// What is printed where there is no value.
pub const NOTHING: &str = "无";

struct Composer<'a> {
    year: i32,
    region: &'a str,
    facts: &'a dyn Facts,
}

impl Composer<'_> {
    fn paragraph(&self, sentences: &[Sentence]) -> Vec<Run> {
        let mut runs = Vec::new();
        for sentence in sentences {
            let told = sentence.deciding.is_none_or(|key| self.is_present(key));
            let text = if told {
                Some(sentence.text)
            } else {
                sentence.otherwise
            };
            if let Some(text) = text {
                self.sentence(
                    text,
                    (!told).then_some(sentence.deciding).flatten(),
                    &mut runs,
                );
            }
        }
        runs
    }

    /// Whether there is something to tell: a value that is neither 0 nor 否.
    fn is_present(&self, key: &str) -> bool {
        match self.facts.value(key) {
            Some((Some(Value::Number(number)), _)) => !number.is_zero(),
            Some((Some(Value::Truth(truth)), _)) => truth,
            Some((None, _)) | None => false,
        }
    }

    /// Adds a sentence; `absent` is the figure that has nothing to tell.
    fn sentence(&self, text: &str, absent: Option<&str>, runs: &mut Vec<Run>) {
        let mut rest = text;
        while let Some(at) = rest.find(['{', '[']) {
            let (words, marked) = rest.split_at(at);
            add_words(runs, words);
            let close = if marked.starts_with('{') { '}' } else { ']' };
            let Some((mark, after)) = marked.split_once(close) else {
                break;
            };
            let mut inner = mark.chars();
            match inner.next() {
                Some('{') if absent == Some(inner.as_str()) => {
                    runs.push(Run::Figure(figure(inner.as_str(), None, None)));
                }
                Some('{') => self.mark(inner.as_str(), runs),
                _ => runs.push(Run::Figure(self.titles(inner.as_str()))),
            }
            rest = after;
        }
        add_words(runs, rest);
    }

    fn mark(&self, mark: &str, runs: &mut Vec<Run>) {
        match mark {
            "Y" => add_words(runs, &self.year.to_string()),
            "Y-1" => add_words(runs, &(self.year - 1).to_string()),
            "Y+1" => add_words(runs, &(self.year + 1).to_string()),
            "地区" => add_words(runs, self.region),
            _ => runs.push(Run::Figure(match mark.split_once('#') {
                Some((key, "*")) => self.part_names(key),
                Some((key, part)) => self.part(key, part),
                None => self.figure(mark),
            })),
        }
    }

    fn figure(&self, key: &str) -> Figure {
        let text = self.facts.value(key).and_then(|(value, unit)| {
            let text = value
                .filter(|_| self.is_present(key) || unit == "%")?
                .text();
            Some(if unit == "%" {
                format!("{text}%")
            } else {
                text
            })
        });
        figure(key, None, text)
    }

    /// The count of one part; 0 where others are counted but not this one.
    fn part(&self, key: &str, part: &str) -> Figure {
        let parts = self.facts.parts(key);
        let found = parts.iter().find(|(name, _)| name == part);
        let text = match found {
            Some((_, count)) => Some(count.to_string()),
            None if parts.is_empty() => None,
            None => Some("0".to_owned()),
        };
        figure(key, Some(part), text)
    }

    fn part_names(&self, key: &str) -> Figure {
        let names: Vec<String> = self.facts.parts(key).into_iter().map(|it| it.0).collect();
        figure(key, None, (!names.is_empty()).then(|| names.join("、")))
    }

    fn titles(&self, key: &str) -> Figure {
        let names = key.strip_prefix('=');
        let key = names.unwrap_or(key);
        let mut titles = self.facts.titles(key);
        if names.is_none() {
            titles = titles.iter().map(|title| quoted(title)).collect();
        }
        figure(key, None, (!titles.is_empty()).then(|| titles.join("、")))
    }
}

fn figure(key: &str, part: Option<&str>, text: Option<String>) -> Figure {
    Figure {
        key: key.to_owned(),
        part: part.map(str::to_owned),
        missing: text.is_none(),
        text: text.unwrap_or_else(|| NOTHING.to_owned()),
    }
}

/// A title in 《》, once.
fn quoted(title: &str) -> String {
    if title.contains('《') {
        title.to_owned()
    } else {
        format!("《{title}》")
    }
}

/// Adds words, joined to words that stand before them.
fn add_words(runs: &mut Vec<Run>, words: &str) {
    if words.is_empty() {
        return;
    }
    match runs.last_mut() {
        Some(Run::Text(text)) => text.push_str(words),
        _ => runs.push(Run::Text(words.to_owned())),
    }
}
