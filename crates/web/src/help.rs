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

/// Explanations of the fields of a table or a record, closed until they are asked for. They stand
/// under each other, so that nothing that scrolls cuts them off.
#[derive(Debug, Clone)]
pub struct HelpList {
    words: &'static str,
    topics: Vec<&'static domain::help::Topic>,
}

/// Help about the topics `ids` of [`domain::help`] under the words of its summary; nothing is
/// printed where there is none of them.
pub fn help_list(words: &'static str, ids: &[&str]) -> HelpList {
    let topics = ids.iter().filter_map(|id| domain::help::find(id));
    HelpList {
        words,
        topics: topics.collect(),
    }
}

impl Display for HelpList {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.topics.is_empty() {
            return Ok(());
        }
        let (icon, words) = (icon("help-circle"), self.words);
        write!(
            f,
            "<details class=\"topics\"><summary>{icon}{words}</summary><dl>"
        )?;
        for topic in &self.topics {
            write!(f, "<div><dt>{}</dt><dd>", topic.label)?;
            escaped(f, topic.text)?;
            f.write_str("<span class=\"topic-source\">依据：")?;
            escaped(f, topic.source)?;
            f.write_str("</span></dd></div>")?;
        }
        f.write_str("</dl></details>")
    }
}

impl HtmlSafe for HelpList {}

#[cfg(test)]
mod tests {
    use super::{help, help_list};

    #[test]
    fn topics_stand_under_each_other_and_what_is_unknown_is_left_out() {
        let printed = help_list("各栏怎么填", &["weight", "nothing", "operator"]).to_string();
        assert_eq!(printed.matches("<dt>").count(), 2, "{printed}");
        assert!(printed.contains("各栏怎么填</summary>"), "{printed}");
        assert_eq!(help_list("各栏怎么填", &["nothing"]).to_string(), "");
    }

    #[test]
    fn help_opens_without_script_and_names_its_source() {
        let printed = help("weight").to_string();
        assert!(printed.starts_with("<details"), "{printed}");
        assert!(printed.contains("aria-label=\"什么是权重\""), "{printed}");
        assert!(printed.contains("依据：财预〔2020〕10号"), "{printed}");
        assert_eq!(help("nothing").to_string(), "");
    }
}
