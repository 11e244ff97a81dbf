//! Carries changes out.

use super::{Body, Change, Content, Node, joined};

/// `content` with the changes carried out. With every change of `diff(content, other)` it is
/// `other` exactly; with some of them it is as near to that as they go.
pub fn apply(content: &Content, changes: &[Change]) -> Content {
    Content {
        nodes: siblings(&content.nodes, changes, ""),
    }
}

fn siblings(before: &[Node], changes: &[Change], above: &str) -> Vec<Node> {
    let (mut kept, mut placed) = (Vec::new(), Vec::new());
    for node in before {
        let path = joined(above, &node.name);
        let is_removed = |change: &Change| match change {
            // The name may have been given to another node since, of another kind or label.
            Change::Removed {
                path: gone,
                node: removed,
                ..
            } => *gone == path && removed == node,
            _ => false,
        };
        if changes.iter().any(is_removed) {
            continue;
        }
        let name = renamed(node, changes, above);
        let path = joined(above, &name);
        let moved = changes.iter().find_map(|change| match change {
            Change::Moved { path: at, to, .. } if *at == path => Some(*to),
            _ => None,
        });
        let node = within(node, name, &path, changes);
        match moved {
            Some(place) => placed.push((place, node)),
            None => kept.push(node),
        }
    }
    for change in changes {
        if let Change::Added { path, place, node } = change
            && *path == joined(above, &node.name)
        {
            placed.push((*place, node.clone()));
        }
    }
    placed.sort_by_key(|(place, _)| *place);
    for (place, node) in placed {
        let at = place.saturating_sub(1).min(kept.len());
        kept.insert(at, node);
    }
    kept
}

/// The node's name after the changes.
fn renamed(node: &Node, changes: &[Change], above: &str) -> String {
    let found = changes.iter().find_map(|change| match change {
        Change::Renamed { path, before } if *before == node.name => {
            let name = path.rsplit('/').next().unwrap_or(path);
            (joined(above, name) == *path).then(|| name.to_owned())
        }
        _ => None,
    });
    found.unwrap_or_else(|| node.name.clone())
}

fn within(node: &Node, name: String, path: &str, changes: &[Change]) -> Node {
    let (mut label, mut text) = (&node.label, None);
    for change in changes.iter().filter(|change| change.path() == path) {
        match change {
            Change::Relabelled { after, .. } => label = after,
            Change::Changed { after, .. } => text = Some(after),
            _ => {}
        }
    }
    let body = match (&node.body, text) {
        (Body::Text(_), Some(after)) => Body::Text(after.clone()),
        (Body::Text(before), None) => Body::Text(before.clone()),
        (Body::Nodes(nodes), _) => Body::Nodes(siblings(nodes, changes, path)),
    };
    Node {
        name,
        label: label.clone(),
        body,
    }
}
