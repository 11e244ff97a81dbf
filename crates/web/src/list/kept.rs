//! What a person keeps of a list: columns, row height, and conditions under a name.

/// What a person keeps of one list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Names of the columns that are shown; none while the person has chosen nothing.
    pub columns: Option<Vec<String>>,
    /// Whether rows are low, so that more of them fit.
    pub is_dense: bool,
    /// Conditions under a name, in the order of their names.
    pub views: Vec<View>,
}

/// Conditions under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The name.
    pub name: String,
    /// The query string without the year, as [`clean`] leaves it.
    pub query: String,
    /// Whether the list opens with it.
    pub is_usual: bool,
}

/// The parts of an address that belong to one visit alone and are not kept.
const PASSING: [&str; 4] = ["year", "after", "view", "page"];

/// Most characters of a query string that is kept.
const MOST_CHARACTERS: usize = 2_000;

/// The query string without what belongs to one visit; none where it is not one that our pages
/// make.
pub fn clean(query: &str) -> Option<String> {
    let is_ours = query
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%=&+".contains(&byte));
    if !is_ours || query.len() > MOST_CHARACTERS {
        return None;
    }
    let kept = query.split('&').filter(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        !value.is_empty() && !PASSING.contains(&name)
    });
    Some(kept.collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn what_belongs_to_one_visit_is_not_kept_and_nothing_foreign_is() {
        for (query, kept) in [
            ("year=2020&kind=project&after=1~o-2", Some("kind=project")),
            (
                "text=%E6%B0%B4&sort=-budget&grade=",
                Some("text=%E6%B0%B4&sort=-budget"),
            ),
            ("", Some("")),
            ("view=-&year=2020", Some("")),
            ("a=1\r\nSet-Cookie: x", None),
            ("a=<b>", None),
            ("a=1#b", None),
        ] {
            assert_eq!(clean(query).as_deref(), kept, "{query}");
        }
        assert_eq!(clean(&"a".repeat(2_001)), None);
    }
}
