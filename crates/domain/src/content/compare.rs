//! What is different between two contents.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Body, Change, Content, Node, joined};

/// The changes that make `after` of `before`, in the order in which a reader of `after` meets them;
/// what is gone stands where it was.
///
/// Nodes are the same by name first, then by label, so that a row that was deleted and typed again
/// is told as what changed in it.
pub fn diff(before: &Content, after: &Content) -> Vec<Change> {
    let mut changes = Vec::new();
    siblings(&before.nodes, &after.nodes, "", &mut changes);
    changes
}

/// A node with its place, from 1.
type Placed<'a> = (usize, &'a Node);

fn siblings(before: &[Node], after: &[Node], above: &str, changes: &mut Vec<Change>) {
    let pairs = matched(before, after);
    let stays = in_order(&pairs, before.len());
    let gone = |place: usize| !pairs.iter().any(|(earlier, _)| earlier.0 == place);
    let mut removed = (1..)
        .zip(before)
        .filter(|(place, _)| gone(*place))
        .peekable();
    let mut remove_to = |limit: usize, changes: &mut Vec<Change>| {
        while let Some((place, node)) = removed.next_if(|(place, _)| *place < limit) {
            changes.push(Change::Removed {
                path: joined(above, &node.name),
                place,
                node: node.clone(),
            });
        }
    };
    for (place, node) in (1..).zip(after) {
        let path = joined(above, &node.name);
        let earlier = pairs.iter().find(|(_, later)| later.0 == place);
        let Some(((from, earlier), _)) = earlier else {
            changes.push(Change::Added {
                path,
                place,
                node: node.clone(),
            });
            continue;
        };
        if stays.contains(from) {
            remove_to(*from, changes);
        } else {
            changes.push(Change::Moved {
                path: path.clone(),
                from: *from,
                to: place,
            });
        }
        within(earlier, node, &path, changes);
    }
    remove_to(usize::MAX, changes);
}

/// What changed in one node.
fn within(before: &Node, after: &Node, path: &str, changes: &mut Vec<Change>) {
    if before.name != after.name {
        changes.push(Change::Renamed {
            path: path.to_owned(),
            before: before.name.clone(),
        });
    }
    if before.label != after.label {
        changes.push(Change::Relabelled {
            path: path.to_owned(),
            before: before.label.clone(),
            after: after.label.clone(),
        });
    }
    match (&before.body, &after.body) {
        (Body::Text(earlier), Body::Text(later)) if earlier != later => {
            changes.push(Change::Changed {
                path: path.to_owned(),
                before: earlier.clone(),
                after: later.clone(),
            });
        }
        (Body::Nodes(earlier), Body::Nodes(later)) => siblings(earlier, later, path, changes),
        // Only nodes of the same kind are matched.
        _ => {}
    }
}

/// Which nodes are the same, in the order of `after`.
fn matched<'a>(before: &'a [Node], after: &'a [Node]) -> Vec<(Placed<'a>, Placed<'a>)> {
    let placed = |nodes: &'a [Node]| -> Vec<Placed<'a>> { (1..).zip(nodes).collect() };
    let (mut earlier, mut later) = (placed(before), placed(after));
    let mut pairs = Vec::new();
    let by_name = |one: &Node, other: &Node| one.name == other.name;
    let by_label = |one: &Node, other: &Node| !one.label.is_empty() && one.label == other.label;
    pair_up(&mut earlier, &mut later, by_name, &mut pairs);
    pair_up(&mut earlier, &mut later, by_label, &mut pairs);
    pairs.sort_by_key(|(_, (place, _))| *place);
    pairs
}

fn pair_up<'a>(
    earlier: &mut Vec<Placed<'a>>,
    later: &mut Vec<Placed<'a>>,
    is_same: impl Fn(&Node, &Node) -> bool,
    pairs: &mut Vec<(Placed<'a>, Placed<'a>)>,
) {
    later.retain(|(place, node)| {
        let is_kind = |other: &Node| {
            matches!(
                (&node.body, &other.body),
                (Body::Text(_), Body::Text(_)) | (Body::Nodes(_), Body::Nodes(_))
            )
        };
        let found = earlier
            .iter()
            .position(|(_, other)| is_kind(other) && is_same(other, node));
        let Some(found) = found else { return true };
        pairs.push((earlier.remove(found), (*place, node)));
        false
    });
}

/// The earlier places of the matched nodes that keep their order; all others moved. As many as can
/// keep it do, so that dragging one row past ten is one move.
fn in_order(pairs: &[(Placed<'_>, Placed<'_>)], most: usize) -> Vec<usize> {
    let now: Vec<usize> = pairs.iter().map(|((place, _), _)| *place).collect();
    let then: Vec<usize> = (1..=most).filter(|place| now.contains(place)).collect();
    let mut stays = Vec::new();
    for step in capture_diff_slices(Algorithm::Lcs, &then, &now) {
        if let DiffOp::Equal { old_index, len, .. } = step {
            stays.extend(then.iter().skip(old_index).take(len));
        }
    }
    stays
}
