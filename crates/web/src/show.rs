//! How values are printed on every page. Each type here writes escaped HTML of its own.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use domain::number::{Centi, Fen, grouped};

use crate::assets;

/// What stands where there is no value.
const NOTHING: &str = "<span class=\"none\" title=\"没有数据\">—</span>";

/// An icon of the sprite; decoration only, so readers of the screen skip it.
#[derive(Debug, Clone, Copy)]
pub struct Icon(&'static str);

/// The icon `name` of `assets/src/icons.txt`.
pub fn icon(name: &'static str) -> Icon {
    Icon(name)
}

impl Display for Icon {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let sprite = assets::url("icons.svg");
        write!(
            f,
            "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{sprite}#{}\"></use></svg>",
            self.0
        )
    }
}

/// An amount: 万元 with two decimals, the exact 元 in the tooltip.
#[derive(Debug, Clone, Copy)]
pub struct Money(Option<Fen>);

/// An amount, or a dash.
pub fn money(amount: impl Into<Option<Fen>>) -> Money {
    Money(amount.into())
}

impl Display for Money {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str(NOTHING),
            Some(amount) => write!(
                f,
                "<span class=\"num\" title=\"{} 元\">{}</span>",
                grouped(amount.yuan(), 2),
                amount.wan_text()
            ),
        }
    }
}

/// Points or percent with two decimals.
#[derive(Debug, Clone, Copy)]
pub struct Points(Option<Centi>);

/// Points, or a dash.
pub fn points(points: impl Into<Option<Centi>>) -> Points {
    Points(points.into())
}

impl Display for Points {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str(NOTHING),
            Some(points) => write!(f, "<span class=\"num\">{points}</span>"),
        }
    }
}

/// A day.
#[derive(Debug, Clone)]
pub struct Date(Option<String>);

/// The day of an ISO 8601 text, or a dash.
pub fn date(iso: &Option<String>) -> Date {
    Date(iso.clone())
}

impl Display for Date {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.as_deref() {
            None | Some("") => f.write_str(NOTHING),
            Some(iso) => {
                let day: String = iso
                    .chars()
                    .take(10)
                    .filter(|c| c.is_ascii_digit() || *c == '-')
                    .collect();
                write!(f, "<time class=\"num\" datetime=\"{day}\">{day}</time>")
            }
        }
    }
}

/// A light: a shape and a word, never a colour alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Light {
    /// `red` …; `none` where there is nothing to say.
    colour: &'static str,
    word: &'static str,
    /// What is said about it: 执行滞后.
    about: String,
}

/// The light that the database calls `colour`, with a word about it (may be empty).
pub fn light(colour: &str, about: &str) -> Light {
    let (colour, word) = match colour {
        "red" => ("red", "红"),
        "yellow" => ("yellow", "黄"),
        "green" => ("green", "绿"),
        "blue" => ("blue", "蓝"),
        _ => ("none", "无"),
    };
    Light {
        colour,
        word,
        about: about.to_owned(),
    }
}

impl Light {
    /// 红 黄 绿 蓝 无
    pub fn word(&self) -> &'static str {
        self.word
    }

    /// The outline that tells the colours apart without colour.
    fn shape(&self) -> &'static str {
        match self.colour {
            "red" => "<rect x=\"1\" y=\"1\" width=\"10\" height=\"10\" rx=\"1\"/>",
            "yellow" => "<path d=\"M6 .6 11.6 11H.4z\"/>",
            "green" => "<circle cx=\"6\" cy=\"6\" r=\"5.2\"/>",
            "blue" => "<path d=\"M6 .2 11.8 6 6 11.8.2 6z\"/>",
            _ => "<circle cx=\"6\" cy=\"6\" r=\"4.6\" fill=\"none\" stroke=\"currentColor\"/>",
        }
    }
}

impl Display for Light {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<span class=\"light {}\"><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\">{}</svg>{}",
            self.colour,
            self.shape(),
            self.word
        )?;
        if !self.about.is_empty() {
            f.write_str(" · ")?;
            escaped(f, &self.about)?;
        }
        f.write_str("</span>")
    }
}

/// Writes `text` so that nothing in it is taken for HTML.
pub(crate) fn escaped(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    for c in text.chars() {
        match c {
            '<' => f.write_str("&#60;")?,
            '>' => f.write_str("&#62;")?,
            '&' => f.write_str("&#38;")?,
            '"' => f.write_str("&#34;")?,
            other => write!(f, "{other}")?,
        }
    }
    Ok(())
}

impl HtmlSafe for Icon {}
impl HtmlSafe for Money {}
impl HtmlSafe for Points {}
impl HtmlSafe for Date {}
impl HtmlSafe for Light {}

/// A dash where there is no value.
#[derive(Debug, Clone, Copy)]
pub struct Nothing;

/// The dash.
pub fn nothing() -> Nothing {
    Nothing
}

impl Display for Nothing {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(NOTHING)
    }
}

impl HtmlSafe for Nothing {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_in_wan_with_the_exact_yuan_in_the_tooltip() {
        let printed = money(Fen(123_456_789)).to_string();
        assert_eq!(
            printed,
            "<span class=\"num\" title=\"1,234,567.89 元\">123.46</span>"
        );
        assert_eq!(money(None).to_string(), NOTHING);
    }

    #[test]
    fn a_light_is_a_shape_and_a_word() {
        for (colour, word, shape) in [
            ("red", "红", "<rect"),
            ("yellow", "黄", "<path"),
            ("green", "绿", "<circle"),
            ("blue", "蓝", "<path"),
            ("anything", "无", "<circle"),
        ] {
            let printed = light(colour, "").to_string();
            assert!(
                printed.contains(word) && printed.contains(shape),
                "{printed}"
            );
        }
        assert!(
            light("red", "<执行滞后>")
                .to_string()
                .contains(" · &#60;执行滞后&#62;")
        );
    }

    #[test]
    fn a_date_is_a_day_and_nothing_else() {
        let day = date(&Some("2020-11-20T08:00:00+08:00".to_owned()));
        assert!(day.to_string().ends_with(">2020-11-20</time>"));
        assert_eq!(date(&None).to_string(), NOTHING);
        assert!(!date(&Some("<b>".to_owned())).to_string().contains("<b>"));
    }
}
