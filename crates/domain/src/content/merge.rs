//! Brings together what two people made of one content.

use std::collections::{BTreeMap, BTreeSet};

use super::{Body, Content, Node, joined};

/// One of two who changed the same content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Whoever saves last.
    Mine,
    /// Whoever saved first.
    Theirs,
}

/// Who changed a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// One side alone, so that side's version is right.
    Only(Side),
    /// Both made the same of it.
    Same,
    /// Both, and differently: somebody has to choose.
    Choice,
}

/// A place that is not as it was at the start on at least one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where. Names of rows are those that the side gave them.
    pub path: String,
    /// Whether it is the order of the list at `path`, and nothing that one of its rows says.
    pub is_order: bool,
    /// What stood there at the start; none where it was not there.
    pub base: Option<Node>,
    /// What it is on the side of whoever saves last.
    pub mine: Option<Node>,
    /// What it is on the side of whoever saved first.
    pub theirs: Option<Node>,
    /// Who changed it.
    pub verdict: Verdict,
}

impl Difference {
    /// What a choice is named by: the path, and for an order the path with a slash behind.
    pub fn key(&self) -> String {
        if self.is_order {
            format!("{}/", self.path)
        } else {
            self.path.clone()
        }
    }
}

/// What came of two changed contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Both sides' changes in one. Where nobody has chosen yet, what was saved first stands.
    pub content: Content,
    /// Every place that somebody changed, in the order of a reader.
    pub differences: Vec<Difference>,
    /// The keys of the choices that nobody has made.
    pub open: Vec<String>,
}

/// Merges `mine` and `theirs`, which both began with `base`. `choices` says by a difference's key
/// which side is taken where both changed a place differently.
///
/// Nodes are the same by name. An empty `base` is one that is not known: then everything that
/// differs is a choice, and rows that stand on one side alone stay.
pub fn merge(
    base: &Content,
    mine: &Content,
    theirs: &Content,
    choices: &BTreeMap<String, Side>,
) -> Merge {
    let mut work = Work {
        choices,
        differences: Vec::new(),
        open: Vec::new(),
    };
    let three = Three {
        base: &base.nodes,
        mine: &mine.nodes,
        theirs: &theirs.nodes,
    };
    let nodes = work.siblings(three, "");
    Merge {
        content: Content { nodes },
        differences: work.differences,
        open: work.open,
    }
}

/// The same list in three versions.
#[derive(Clone, Copy)]
struct Three<'a> {
    base: &'a [Node],
    mine: &'a [Node],
    theirs: &'a [Node],
}

struct Work<'a> {
    choices: &'a BTreeMap<String, Side>,
    differences: Vec<Difference>,
    open: Vec<String>,
}

impl Work<'_> {
    fn siblings(&mut self, three: Three<'_>, above: &str) -> Vec<Node> {
        let (names, order) = order(three);
        let own = match order {
            Some(verdict) => self.settle(order_difference(above, three, verdict)),
            None => Side::Theirs,
        };
        let names = names(own);
        let twins = twins(three);
        let mut merged = Vec::new();
        for name in names {
            if twins.contains(name) {
                continue;
            }
            let path = joined(above, name);
            let find = |nodes| named(nodes, name);
            let (base, mine) = (find(three.base), find(three.mine));
            merged.extend(self.node(&path, base, mine, find(three.theirs)));
        }
        merged
    }

    /// What becomes of a node; none where it goes.
    fn node(
        &mut self,
        path: &str,
        base: Option<&Node>,
        mine: Option<&Node>,
        theirs: Option<&Node>,
    ) -> Option<Node> {
        if let (Some(mine), Some(theirs)) = (mine, theirs)
            && let (Body::Nodes(own), Body::Nodes(other)) = (&mine.body, &theirs.body)
        {
            let children = Three {
                base: base.map_or(&[], Node::children),
                mine: own,
                theirs: other,
            };
            let label = match base {
                Some(base) if base.label == theirs.label => &mine.label,
                _ => &theirs.label,
            };
            let nodes = self.siblings(children, path);
            return Some(Node::nodes(&*theirs.name, label, nodes));
        }
        let said = |node: Option<&Node>| node.map(|node| node.body.clone());
        let verdict = match (said(base), said(mine), said(theirs)) {
            (base, mine, theirs) if base == mine && mine == theirs => None,
            (_, mine, theirs) if mine == theirs => Some(Verdict::Same),
            (base, mine, _) if base == mine => Some(Verdict::Only(Side::Theirs)),
            (base, _, theirs) if base == theirs => Some(Verdict::Only(Side::Mine)),
            _ => Some(Verdict::Choice),
        };
        let side = match verdict {
            Some(verdict) => self.settle(Difference {
                path: path.to_owned(),
                is_order: false,
                base: base.cloned(),
                mine: mine.cloned(),
                theirs: theirs.cloned(),
                verdict,
            }),
            None => Side::Theirs,
        };
        match side {
            Side::Mine => mine.cloned(),
            Side::Theirs => theirs.cloned(),
        }
    }

    /// Notes a difference; the side that is taken.
    fn settle(&mut self, difference: Difference) -> Side {
        let key = difference.key();
        let side = match difference.verdict {
            Verdict::Only(side) => side,
            Verdict::Same => Side::Theirs,
            Verdict::Choice => {
                let chosen = self.choices.get(&key).copied();
                if chosen.is_none() {
                    self.open.push(key);
                }
                chosen.unwrap_or(Side::Theirs)
            }
        };
        self.differences.push(difference);
        side
    }
}

fn order_difference(path: &str, three: Three<'_>, verdict: Verdict) -> Difference {
    let list = |nodes: &[Node]| Some(Node::nodes("", "", nodes.to_vec()));
    Difference {
        path: path.to_owned(),
        is_order: true,
        base: list(three.base),
        mine: list(three.mine),
        theirs: list(three.theirs),
        verdict,
    }
}

fn named<'a>(nodes: &'a [Node], name: &str) -> Option<&'a Node> {
    nodes.iter().find(|node| node.name == name)
}

/// The names of my new nodes that say what a new one of theirs says: both added the same row.
fn twins(three: Three<'_>) -> BTreeSet<&str> {
    let is_new = |node: &&Node| named(three.base, &node.name).is_none();
    let mut others: Vec<&Node> = three
        .theirs
        .iter()
        .filter(is_new)
        .filter(|node| named(three.mine, &node.name).is_none())
        .collect();
    let mut twins = BTreeSet::new();
    for node in three.mine.iter().filter(is_new) {
        let is_twin = |other: &&Node| other.body == node.body && !node.children().is_empty();
        if named(three.theirs, &node.name).is_none()
            && let Some(found) = others.iter().position(is_twin)
        {
            others.remove(found);
            twins.insert(&*node.name);
        }
    }
    twins
}

/// All names in the order of the side that is asked for, and who changed the order of the nodes
/// that all three have, if anybody did.
fn order<'a>(three: Three<'a>) -> (impl Fn(Side) -> Vec<&'a str>, Option<Verdict>) {
    let common = |nodes: &'a [Node]| -> Vec<&'a str> {
        let names = nodes.iter().map(|node| &*node.name);
        names
            .filter(|name| named(three.mine, name).is_some() && named(three.theirs, name).is_some())
            .collect()
    };
    let (base, mine, theirs) = (common(three.base), common(three.mine), common(three.theirs));
    // A node that both have and the start has not stands where each put it.
    let started = |names: &[&'a str]| -> Vec<&'a str> {
        let known = names.iter().copied();
        known.filter(|name| base.contains(name)).collect()
    };
    let verdict = if mine == theirs {
        (started(&mine) != base).then_some(Verdict::Same)
    } else if started(&mine) == base {
        Some(Verdict::Only(Side::Theirs))
    } else if started(&theirs) == base {
        Some(Verdict::Only(Side::Mine))
    } else {
        Some(Verdict::Choice)
    };
    let names = move |side| match side {
        Side::Mine => woven(three.mine, &[three.theirs, three.base]),
        Side::Theirs => woven(three.theirs, &[three.mine, three.base]),
    };
    (names, verdict)
}

/// The names of `first`, with those of the others each behind the one that it stands behind there.
fn woven<'a>(first: &'a [Node], others: &[&'a [Node]]) -> Vec<&'a str> {
    let mut names: Vec<&str> = first.iter().map(|node| &*node.name).collect();
    for nodes in others {
        let mut at = 0;
        for node in *nodes {
            let found = names.iter().position(|name| *name == node.name);
            let place = found.unwrap_or_else(|| {
                names.insert(at, &node.name);
                at
            });
            at = place.saturating_add(1);
        }
    }
    names
}
