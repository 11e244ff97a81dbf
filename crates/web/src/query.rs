//! Addresses that keep what a person has chosen, and cursors that page through a list.

use std::fmt::Write as _;

/// The path, if it is one of this site and leads nowhere else.
pub fn inside(path: &str) -> Option<&str> {
    let is_path = path.starts_with('/') && !path.starts_with("//");
    let is_plain = path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    (is_path && is_plain).then_some(path)
}

/// A query string under construction; empty values are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pairs: Vec<(&'static str, String)>,
}

impl Query {
    /// Nothing chosen.
    pub fn new() -> Self {
        Self::default()
    }

    /// With `name` set to `value` instead of what it was; an empty value takes it away.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        self.pairs.retain(|(key, _)| *key != name);
        if !value.is_empty() {
            self.pairs.push((name, value));
        }
        self
    }

    /// Without `name`.
    #[must_use]
    pub fn without(self, name: &'static str) -> Self {
        self.with(name, "")
    }

    /// `path?…`, or `path` alone when nothing is chosen.
    pub fn at(&self, path: &str) -> String {
        let mut address = path.to_owned();
        for (place, (name, value)) in self.pairs.iter().enumerate() {
            address.push(if place == 0 { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            encode(&mut address, value);
        }
        address
    }

    /// The pairs, for hidden fields of a form.
    pub fn pairs(&self) -> &[(&'static str, String)] {
        &self.pairs
    }
}

/// Percent-encodes everything but unreserved characters (RFC 3986).
fn encode(address: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
}

/// The place after which a list goes on: the sort key and the id of the last row shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// The value that the list is sorted by.
    pub key: String,
    /// Tells rows of the same key apart.
    pub id: String,
}

impl Cursor {
    /// As it stands in an address.
    pub fn to_text(&self) -> String {
        format!("{}~{}", self.key, self.id)
    }

    /// From an address; nothing when it is not one of ours, so that the list starts at its top.
    pub fn parse(text: &str) -> Option<Self> {
        let (key, id) = text.rsplit_once('~')?;
        Some(Self {
            key: key.to_owned(),
            id: id.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Query};

    #[test]
    fn an_address_keeps_what_is_chosen_and_drops_what_is_empty() {
        let query = Query::new()
            .with("year", "2020")
            .with("text", "a&b=中 +")
            .with("kind", "");
        let expected = "/objects?year=2020&text=a%26b%3D%E4%B8%AD%20%2B";
        assert_eq!(query.at("/objects"), expected);
        assert_eq!(
            query.clone().without("text").at("/objects"),
            "/objects?year=2020"
        );
        assert_eq!(
            query.with("year", "2021").without("text").at("/"),
            "/?year=2021"
        );
        assert_eq!(Query::new().at("/"), "/");
    }

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        for (key, id) in [("1~2/3", "o-1"), ("", "o-2"), ("-1", "x")] {
            let cursor = Cursor {
                key: key.to_owned(),
                id: id.to_owned(),
            };
            assert_eq!(Cursor::parse(&cursor.to_text()), Some(cursor));
        }
        assert_eq!(Cursor::parse("nothing"), None);
    }
}
