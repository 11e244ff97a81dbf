//! What a form sends where a field may come several times.

use std::fmt;

use domain::permission::PersonId;
use domain::workflow::{Command, Order, ReturnTo, Verb};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use web::Error;

/// Most characters of a comment. House rule: a comment is a paragraph or two; what is longer is a
/// document and is attached.
const MOST_COMMENT: usize = 2_000;

/// Most people who are asked at once.
const MOST_PEOPLE: usize = 20;

/// Every field in the order in which it came.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the fields of a form")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    fields.push(pair);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

impl Fields {
    /// The first value of that name; empty where there is none.
    pub(super) fn one(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Every value of that name that is not empty.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Every value of that name, empty ones too.
    pub(super) fn column<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Refuses names that the form does not have, and texts that no keyboard makes.
    ///
    /// # Errors
    /// There is such a field.
    pub(super) fn only(&self, names: &[&str]) -> Result<(), Error> {
        let is_known = |(name, value): &(String, String)| {
            let strange = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
            names.contains(&name.as_str()) && !value.contains(strange)
        };
        if self.0.iter().all(is_known) {
            Ok(())
        } else {
            Err(Error::Unreadable)
        }
    }

    /// The text of that name, trimmed.
    ///
    /// # Errors
    /// It is too long.
    pub(super) fn text(&self, name: &str) -> Result<String, Error> {
        let text = self.one(name).trim();
        if text.chars().count() > MOST_COMMENT {
            return Err(Error::Refused(format!(
                "文字超过 {MOST_COMMENT} 字，请写要点，详细材料作为附件上传。"
            )));
        }
        Ok(text.to_owned())
    }

    /// The key that the form was made with.
    ///
    /// # Errors
    /// There is none, or it is not one of ours.
    pub(super) fn key(&self) -> Result<String, Error> {
        let key = self.one("key");
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if (8..=100).contains(&key.len()) && key.chars().all(is_plain) {
            Ok(key.to_owned())
        } else {
            Err(Error::Unreadable)
        }
    }

    /// The command that the form makes, for the record's version `version` under the key `key`.
    ///
    /// # Errors
    /// The form is not one of ours, or a text is too long.
    pub(super) fn command(&self, version: &str, key: String) -> Result<Command, Error> {
        let verb = Verb::find(self.one("verb")).ok_or(Error::Unreadable)?;
        let person = || PersonId(self.one("person").to_owned());
        let order = match verb {
            Verb::Return => Order::Return(match self.one("to") {
                "" | "filler" => ReturnTo::Filler,
                "previous" => ReturnTo::Previous,
                step => ReturnTo::Step(step.to_owned()),
            }),
            Verb::Delegate | Verb::AddSigner if person().0.is_empty() => Order::Plain(verb),
            Verb::Delegate => Order::Delegate(person()),
            Verb::AddSigner => Order::AddSigner(person()),
            Verb::Consult => {
                let people = self.all("people").map(PersonId::from);
                Order::Consult(people.take(MOST_PEOPLE).collect())
            }
            verb => Order::Plain(verb),
        };
        let outcome = self.one("outcome");
        Ok(Command {
            order,
            comment: self.text("comment")?,
            outcome: (!outcome.is_empty()).then(|| outcome.to_owned()),
            version: version.parse().map_err(|_| Error::Unreadable)?,
            key,
        })
    }
}
