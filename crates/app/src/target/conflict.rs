//! Two people saved: what each of them changed, together where it can be told whose change it is,
//! beside each other where both changed the same place. What was typed is not lost.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use db::Tx;
use domain::content::{
    Body, Content, Difference, Merge, Node, Piece, Side, Verdict, merge, pieces,
};
use domain::target::{Part, Target};
use web::{Error, Shell};

use super::store::record::Record;
use super::{Stop, versions, words};

/// Texts longer than this many letters are shown word by word.
const GLANCE_LETTERS: usize = 40;

/// A record that was saved while somebody filled it.
pub(super) struct Conflict {
    pub(super) record: Record,
    /// What was typed.
    typed: Target,
    /// The version that it began with.
    started: i64,
    base: Option<Content>,
    /// What others saved since, oldest first.
    saves: Vec<Save>,
    pub(super) merge: Merge,
    taken: BTreeMap<String, Side>,
    /// Whether the page was sent without every choice made.
    pub(super) is_unchosen: bool,
}

struct Save {
    by: String,
    at: String,
    content: Content,
}

impl Conflict {
    /// What was typed, which began with the version `started` that said `base`, beside the record.
    pub(super) fn new(
        tx: &mut Tx<'_>,
        (record, base, started): (Record, Option<Content>, i64),
        typed: Target,
        taken: BTreeMap<String, Side>,
    ) -> Result<Self, Stop> {
        let mut saves = Vec::new();
        for saved in versions::since(tx, &record, started)? {
            saves.push(Save {
                content: super::parsed(&saved.body)?,
                by: saved.by,
                at: words::moment(&saved.at),
            });
        }
        let (mine, theirs) = (typed.content(), record.target.content());
        let merge = merge(&base.clone().unwrap_or_default(), &mine, &theirs, &taken);
        Ok(Self {
            record,
            typed,
            started,
            base,
            saves,
            merge,
            taken,
            is_unchosen: false,
        })
    }

    /// Who made the place what it is now, and when: 张三 3月5日 09:30.
    fn author(&self, difference: &Difference) -> String {
        let mut before = self.base.as_ref();
        let mut author = self.last_author();
        for save in &self.saves {
            if before.is_none_or(|before| differs(difference, before, &save.content))
                && !save.by.is_empty()
            {
                author = format!("{} {}", save.by, save.at);
            }
            before = Some(&save.content);
        }
        author
    }

    fn last_author(&self) -> String {
        match &self.record.edited {
            Some((name, at)) => format!("{name} {}", words::moment(at)),
            None => "他人".to_owned(),
        }
    }

    fn line(&self, difference: &Difference) -> Line {
        let key = difference.key();
        let said = |node: &Option<Node>| match (node, difference.is_order) {
            (Some(list), true) => Some(names(list)),
            (Some(node), false) => Some(said(node)),
            (None, _) => None,
        };
        Line {
            taken: self.taken.get(&key).copied(),
            words: self.words(difference),
            by: match difference.verdict {
                Verdict::Only(Side::Mine) => "您".to_owned(),
                Verdict::Same => format!("您和 {}，改得一样", self.author(difference)),
                _ => self.author(difference),
            },
            is_mine: difference.verdict == Verdict::Only(Side::Mine),
            base: said(&difference.base),
            mine: said(&difference.mine),
            theirs: said(&difference.theirs),
            key,
        }
    }

    /// 绩效指标 · 改造道路长度 · 指标值
    fn words(&self, difference: &Difference) -> String {
        let sides = [self.record.target.content(), self.typed.content()];
        let start = self.base.clone().unwrap_or_default();
        let longest = |content: &Content| {
            let labels = content.labels(&difference.path);
            labels
                .iter()
                .map(|word| {
                    if word.is_empty() {
                        "未命名指标"
                    } else {
                        word
                    }
                })
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let mut words = Vec::new();
        for content in sides.iter().chain([&start]) {
            let found = longest(content);
            if found.len() > words.len() {
                words = found;
            }
        }
        if difference.is_order {
            words.push("行的顺序".to_owned());
        } else if difference.path.matches('/').count() == 1 {
            words.push("整行".to_owned());
        }
        words.join(" · ")
    }
}

/// Whether the place of the difference is another in `after`.
fn differs(difference: &Difference, before: &Content, after: &Content) -> bool {
    let (before, after) = (before.find(&difference.path), after.find(&difference.path));
    if difference.is_order {
        let order = |node: Option<&Node>| -> Vec<String> {
            let rows = node.map_or(&[][..], Node::children).iter();
            rows.map(|row| row.name.clone()).collect()
        };
        return order(before) != order(after);
    }
    before.map(|node| &node.body) != after.map(|node| &node.body)
}

/// Everything that a field or a row says: 改造道路长度 ≥ 5 公里 50.00.
fn said(node: &Node) -> String {
    if let Body::Text(text) = &node.body {
        return text.clone();
    }
    let printed = |cell: &Node| match (&*cell.name, cell.printed()) {
        ("core", "是") => "核心指标".to_owned(),
        ("core" | domain::target::ORIGIN, _) => String::new(),
        (_, text) => text.to_owned(),
    };
    let cells = node.children().iter().map(printed);
    let cells = cells.filter(|text| !text.is_empty());
    cells.collect::<Vec<_>>().join(" ")
}

/// The rows of a list by their titles, in order.
fn names(list: &Node) -> String {
    let titles = list.children().iter().map(|row| match &*row.label {
        "" => "未命名指标",
        title => title,
    });
    titles.collect::<Vec<_>>().join("、")
}

/// One place that somebody changed.
struct Line {
    key: String,
    /// 绩效指标 · 改造道路长度 · 指标值
    words: String,
    /// Who changed it, and when.
    by: String,
    is_mine: bool,
    base: Option<String>,
    mine: Option<String>,
    theirs: Option<String>,
    taken: Option<Side>,
}

impl Line {
    fn takes(&self, side: &str) -> bool {
        match self.taken {
            Some(Side::Mine) => side == "mine",
            Some(Side::Theirs) => side == "theirs",
            None => false,
        }
    }

    /// What stands there after the merge.
    fn result(&self) -> Option<&String> {
        if self.is_mine {
            self.mine.as_ref()
        } else {
            self.theirs.as_ref()
        }
    }

    /// The text with what is different from the start, where it is long.
    fn pieces(&self, text: &str) -> Vec<Piece> {
        match &self.base {
            Some(base) if text.chars().count() > GLANCE_LETTERS => pieces(base, text),
            _ => vec![Piece::Same(text.to_owned())],
        }
    }
}

#[derive(Template)]
#[template(path = "target/conflict.html")]
struct ConflictPage {
    shell: Shell,
    conflict: Conflict,
    /// What both changed differently.
    choices: Vec<Line>,
    /// What is merged without a question.
    settled: Vec<Line>,
    /// Who saved last, and when.
    other: String,
}

/// The page as an answer: 409, because nothing was saved; 422 where a choice is missing.
pub(super) fn page(shell: Shell, conflict: Conflict) -> Result<Response, Error> {
    let lines = |is_choice: bool| -> Vec<Line> {
        let differences = conflict.merge.differences.iter();
        differences
            .filter(|it| (it.verdict == Verdict::Choice) == is_choice)
            .map(|it| conflict.line(it))
            .collect()
    };
    let status = if conflict.is_unchosen {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::CONFLICT
    };
    let template = ConflictPage {
        shell: shell.at("/objects"),
        choices: lines(true),
        settled: lines(false),
        other: conflict.last_author(),
        conflict,
    };
    Ok((status, web::page(&template)?).into_response())
}
