//! What events say of a change: the fields that differ, before and after.

use domain::content::{Change, Content, Node, diff};
use domain::target::readable;
use serde_json::{Map, Value};

/// The fields that differ, before and after, by their words; and how many there are.
pub(super) fn difference(before: &Content, after: &Content) -> (Value, Value, usize) {
    let (before, after) = (&readable(before), &readable(after));
    let (mut old, mut new) = (Map::new(), Map::new());
    let changes = diff(before, after);
    let telling = changes.iter().filter(|change| change.is_telling());
    let mut count = 0;
    for change in telling {
        count += 1;
        let content = match change {
            Change::Removed { .. } => before,
            _ => after,
        };
        let name = name(content, change.path());
        match change {
            Change::Changed { before, after, .. } => {
                old.insert(name.clone(), before.as_str().into());
                new.insert(name, after.as_str().into());
            }
            Change::Added { node, .. } => {
                new.insert(format!("{name}（新增）"), said(node).into());
            }
            Change::Removed { node, .. } => {
                old.insert(format!("{name}（删除）"), said(node).into());
            }
            Change::Moved { from, to, .. } => {
                old.insert(format!("{name}（位置）"), (*from).into());
                new.insert(format!("{name}（位置）"), (*to).into());
            }
            Change::Renamed { .. } | Change::Relabelled { .. } => {}
        }
    }
    (old.into(), new.into(), count)
}

/// The words of a path, and the row's number, so that rows of one name stay apart.
fn name(content: &Content, path: &str) -> String {
    let mut words: Vec<String> = content
        .labels(path)
        .iter()
        .map(|&word| word.into())
        .collect();
    if let Some((row, word)) = path.split('/').nth(1).zip(words.get_mut(1)) {
        let title = if word.is_empty() {
            "未命名"
        } else {
            &**word
        };
        *word = format!("{title}#{row}");
    }
    words.join(" · ")
}

/// Everything that a node says, in one line.
fn said(node: &Node) -> String {
    let cells: Vec<&str> = node
        .children()
        .iter()
        .map(Node::printed)
        .filter(|text| !text.is_empty())
        .collect();
    if cells.is_empty() {
        node.printed().to_owned()
    } else {
        cells.join(" ")
    }
}
