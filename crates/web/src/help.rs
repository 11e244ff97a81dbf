//! Help beside a field: a mark that opens to what the field means. Works without script.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;

use crate::show::{escaped, icon};

/// The explanation of a field, closed until it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Help(Option<&'static domain::help::Topic>);

/// Help about the topic `id` of [`domain::help`]; nothing is printed where there is no such topic.
pub fn help(id: &str) -> Help {
    Help(domain::help::find(id))
}

impl Display for Help {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(topic) = self.0 else {
            return Ok(());
        };
        write!(
            f,
            "<details class=\"topic\"><summary aria-label=\"什么是{0}\" title=\"什么是{0}\">{1}\
             </summary><span class=\"topic-text\"><strong>{0}</strong>",
            topic.label,
            icon("help-circle")
        )?;
        escaped(f, topic.text)?;
        f.write_str("<span class=\"topic-source\">依据：")?;
        escaped(f, topic.source)?;
        f.write_str("</span></span></details>")
    }
}

impl HtmlSafe for Help {}

#[cfg(test)]
mod tests {
    use super::help;

    #[test]
    fn help_opens_without_script_and_names_its_source() {
        let printed = help("weight").to_string();
        assert!(printed.starts_with("<details"), "{printed}");
        assert!(printed.contains("aria-label=\"什么是权重\""), "{printed}");
        assert!(printed.contains("依据：财预〔2020〕10号"), "{printed}");
        assert_eq!(help("nothing").to_string(), "");
    }
}
