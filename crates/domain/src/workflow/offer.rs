//! What an actor can do with a record as it stands, and why not: what a page offers.

use super::machine::{RecordKind, Verb};
use super::refusal::Refusal;
use super::standing::{Command, Order, ReturnTo, Standing};
use super::transition::{transition, verbs};
use crate::permission::{Actor, PersonId};

/// A verb, and whether this actor may command it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The verb.
    pub verb: Verb,
    /// What it asks for, or why it is refused.
    pub answer: Result<Asked, Refusal>,
}

/// What a command asks for beyond its verb.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The outcomes to choose from; empty when none is asked for.
    pub outcomes: Vec<&'static str>,
    /// Whether a comment must be given.
    pub needs_comment: bool,
}

/// Everything that can be commanded as the record stands, each with this actor's answer. The
/// answers are those of [`transition`] itself, which is asked with a command that lacks nothing.
pub fn offers(kind: RecordKind, record: &Standing, actor: &Actor) -> Vec<Offer> {
    let record = &Standing {
        answered: None,
        ..record.clone()
    };
    verbs(kind, record)
        .into_iter()
        .map(|verb| Offer {
            verb,
            answer: asked(kind, record, verb, actor),
        })
        .collect()
}

fn asked(kind: RecordKind, record: &Standing, verb: Verb, actor: &Actor) -> Result<Asked, Refusal> {
    let attempt = |outcome: Option<&str>, comment: &str| {
        let command = Command {
            order: order(verb),
            comment: comment.to_owned(),
            outcome: outcome.map(str::to_owned),
            version: record.version,
            key: String::new(),
        };
        transition(kind, record, &command, actor)
    };
    let outcomes = match attempt(None, "意见") {
        Ok(_) => Vec::new(),
        Err(Refusal::OutcomeMissing(_)) => known_outcomes(kind, verb)
            .filter(|outcome| attempt(Some(outcome), "意见").is_ok())
            .collect(),
        Err(refusal) => return Err(refusal),
    };
    let in_silence = attempt(outcomes.first().copied(), "");
    Ok(Asked {
        outcomes,
        needs_comment: matches!(in_silence, Err(Refusal::CommentMissing(_))),
    })
}

/// The verb as an order that lacks nothing; whoever is drawn in is nobody in particular.
fn order(verb: Verb) -> Order {
    let somebody = PersonId(String::new());
    match verb {
        Verb::Return => Order::Return(ReturnTo::Filler),
        Verb::Delegate => Order::Delegate(somebody),
        Verb::Consult => Order::Consult(vec![somebody]),
        Verb::AddSigner => Order::AddSigner(somebody),
        verb => Order::Plain(verb),
    }
}

fn known_outcomes(kind: RecordKind, verb: Verb) -> impl Iterator<Item = &'static str> {
    let machine = kind.machine();
    let of_review = machine.review.map_or(&[][..], |part| part.outcomes);
    let mut known: Vec<&'static str> = Vec::new();
    let edges = machine.edges.iter().filter(move |edge| edge.verb == verb);
    for outcome in of_review
        .iter()
        .filter(|_| verb == Verb::Approve)
        .chain(edges.flat_map(|edge| edge.outcomes))
    {
        if !known.contains(outcome) {
            known.push(outcome);
        }
    }
    known.into_iter()
}
