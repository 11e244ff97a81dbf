//! One value of a row, which a grid prints and a file keeps.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use domain::number::{Centi, Fen};

use crate::show::{self, Light, escaped};

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// There is no value.
    Nothing,
    /// A short text on one line.
    Word(String),
    /// A text of any length: two lines, the whole in the tooltip.
    Text(String),
    /// A link that opens the record; two lines, the hint in the tooltip.
    Link {
        /// The words.
        text: String,
        /// Where it leads.
        href: String,
        /// More about it, such as its code.
        hint: String,
    },
    /// An amount in 万元, the exact 元 in the tooltip.
    Money(Option<Fen>),
    /// Points or percent with two decimals.
    Points(Option<Centi>),
    /// A number as it is printed: a count, or a percentage.
    Number(String),
    /// A day of an ISO 8601 text.
    Day(Option<String>),
    /// A light: shape and word.
    Light(Light),
    /// A digest or a code: its beginning, the whole in the tooltip.
    Digest {
        /// What is shown.
        short: String,
        /// All of it.
        whole: String,
    },
}

impl Cell {
    /// A short text, or a dash where it is empty.
    pub fn word(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Nothing
        } else {
            Self::Word(text)
        }
    }

    /// A text of any length, or a dash where it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Nothing
        } else {
            Self::Text(text)
        }
    }

    /// A number as it is printed, or a dash.
    pub fn number(printed: Option<impl Into<String>>) -> Self {
        printed.map_or(Self::Nothing, |printed| Self::Number(printed.into()))
    }

    /// A link with `hint` in the tooltip.
    pub fn link(text: impl Into<String>, href: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Link {
            text: text.into(),
            href: href.into(),
            hint: hint.into(),
        }
    }

    /// Whether there is no value.
    pub fn is_nothing(&self) -> bool {
        matches!(
            self,
            Self::Nothing | Self::Money(None) | Self::Points(None) | Self::Day(None)
        )
    }

    /// The value as a file keeps it: nothing where the grid has a dash, no separators in numbers.
    pub fn plain(&self) -> String {
        match self {
            Self::Nothing | Self::Money(None) | Self::Points(None) | Self::Day(None) => {
                String::new()
            }
            Self::Word(text) | Self::Text(text) | Self::Link { text, .. } => text.clone(),
            Self::Money(Some(amount)) => amount.wan_text().replace(',', ""),
            Self::Points(Some(points)) => points.to_string(),
            Self::Number(printed) => printed.replace(',', ""),
            Self::Day(Some(iso)) => iso.chars().take(10).collect(),
            Self::Light(light) => light.word().to_owned(),
            Self::Digest { whole, .. } => whole.clone(),
        }
    }
}

impl Display for Cell {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => show::nothing().fmt(f),
            Self::Word(text) => wrapped(f, "span class=\"nowrap\"", "", text, "span"),
            Self::Text(text) => wrapped(f, "span class=\"two-lines\"", text, text, "span"),
            Self::Link { text, href, hint } => {
                f.write_str("<a class=\"two-lines\" href=\"")?;
                escaped(f, href)?;
                f.write_str("\" title=\"")?;
                escaped(f, hint)?;
                f.write_str("\">")?;
                escaped(f, text)?;
                f.write_str("</a>")
            }
            Self::Money(amount) => show::money(*amount).fmt(f),
            Self::Points(points) => show::points(*points).fmt(f),
            Self::Number(printed) => wrapped(f, "span class=\"num\"", "", printed, "span"),
            Self::Day(iso) => show::date(iso).fmt(f),
            Self::Light(light) => light.fmt(f),
            Self::Digest { short, whole } => {
                wrapped(f, "span class=\"hash nowrap muted\"", whole, short, "span")
            }
        }
    }
}

impl HtmlSafe for Cell {}

/// `text` in an element that begins with `open`, with a tooltip unless it is empty.
fn wrapped(
    f: &mut Formatter<'_>,
    open: &str,
    hint: &str,
    text: &str,
    element: &str,
) -> fmt::Result {
    write!(f, "<{open}")?;
    if !hint.is_empty() {
        f.write_str(" title=\"")?;
        escaped(f, hint)?;
        f.write_str("\"")?;
    }
    f.write_str(">")?;
    escaped(f, text)?;
    write!(f, "</{element}>")
}
