//! The fields of a page's form, as a browser would send them.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The names and values of the form on a page that has this class, without its buttons.
pub(crate) fn fields(page: &str, class: &str) -> Vec<(String, String)> {
    let begin = format!("<form class=\"{class}\"");
    let inside = page.split(&begin).nth(1).unwrap_or_default();
    let inside = inside.split("</form>").next().unwrap_or_default();
    inside.split('<').filter_map(Tag::read).fold(
        Vec::new(),
        |mut found: Vec<(String, String)>, tag| {
            let value = |name| tag.value(name).unwrap_or_default();
            match (tag.name, tag.value("name")) {
                ("input", Some(name)) if tag.is_sent() => found.push((name, value("value"))),
                ("textarea", Some(name)) => found.push((name, plain(tag.text))),
                ("select", Some(name)) => found.push((name, String::new())),
                ("option", _) if tag.has("selected") => {
                    if let Some((_, chosen)) = found.last_mut() {
                        *chosen = value("value");
                    }
                }
                _ => {}
            }
            found
        },
    )
}

/// A tag with the text behind it.
struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    text: &'a str,
}

impl<'a> Tag<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (tag, text) = text.split_once('>')?;
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        Some(Self {
            name,
            attributes,
            text,
        })
    }

    fn value(&self, name: &str) -> Option<String> {
        let begin = format!(" {name}=\"");
        let attributes = format!(" {}", self.attributes);
        let value = attributes.split_once(&begin)?.1;
        Some(plain(value.split('"').next()?))
    }

    fn has(&self, word: &str) -> bool {
        self.attributes.split(' ').any(|found| found == word)
    }

    /// A box that is not checked is not sent.
    fn is_sent(&self) -> bool {
        self.value("type").as_deref() != Some("checkbox") || self.has("checked")
    }
}

/// The text without entities.
fn plain(text: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    entities
        .iter()
        .fold(text.to_owned(), |text, (entity, letter)| {
            text.replace(entity, letter)
        })
}

/// The fields as the body of a request.
pub(crate) fn body(fields: &[(String, String)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    fields.join("&")
}

/// Whether this is the name of an indicator's value.
pub(crate) fn is_value(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, cell)| cell == "value")
}
