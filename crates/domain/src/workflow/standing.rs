//! How a record stands, what is commanded, and what came of it.

use sha2::{Digest as _, Sha256};

use super::machine::{Condition, State, Verb};
use super::route::{ObjectKind, Route, Signer};
use crate::permission::{PersonId, Subject};

/// How a record stands before a command, as the database tells it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Where it is.
    pub state: State,
    /// Counts its changes, from 1.
    pub version: u64,
    /// Which unit's it is, and who looks after that unit.
    pub subject: Subject,
    /// Everyone who filled any part of it.
    pub fillers: Vec<PersonId>,
    /// What holds it fast from outside, if anything.
    pub lock: Option<Lock>,
    /// What the conditions look at.
    pub case: Case,
    /// The review route of the rule pack that the record keeps.
    pub route: Route,
    /// The review as far as it has come.
    pub desk: Desk,
    /// The answer that was given earlier to a command with this command's key, if there is one.
    pub answered: Option<Answered>,
}

/// What the conditions look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The money that it is about, in fen.
    pub amount_fen: i64,
    /// What it is about.
    pub object: ObjectKind,
    /// The conditions that hold.
    pub holds: Vec<Condition>,
    /// The labels of required attachments that are not there.
    pub missing: Vec<String>,
    /// What the check says must be mended, as sentences.
    pub errors: Vec<String>,
    /// The latest outcome: a grade, a conclusion.
    pub outcome: Option<String>,
    /// What each reviewer's form of this step comes to (审核表), where the step has such a form.
    pub grades: Vec<(PersonId, String)>,
    /// Whose form of this step says what was agreed with the unit (商定的修改意见).
    pub agreed: Vec<PersonId>,
}

impl Case {
    /// What the person's form of this step comes to; none where the person has none.
    pub fn grade_by(&self, person: &PersonId) -> Option<&str> {
        let found = self.grades.iter().find(|(by, _)| by == person);
        found.map(|(_, grade)| grade.as_str())
    }
}

/// What holds a record fast from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// The round in which it is filled is closed.
    RoundClosed,
    /// The year is closed.
    YearClosed,
    /// It was drawn for re-evaluation, which is not over.
    UnderReEvaluation,
}

impl Lock {
    /// Why, and what to do.
    pub fn advice(self) -> &'static str {
        match self {
            Self::RoundClosed => "本轮填报已经关闭，不能再办理；确需补办请联系绩效股重新开放。",
            Self::YearClosed => "本年度已经归档，不能再办理；确需更正请联系绩效股。",
            Self::UnderReEvaluation => "这份自评正在复评，请等复评办结后再办理。",
        }
    }
}

/// A place at a review step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Who may take it.
    pub signer: Signer,
    /// The one person to whom it was handed on.
    pub delegate: Option<PersonId>,
    /// Who signed.
    pub signed_by: Option<PersonId>,
}

/// A review as far as it has come. The store keeps it beside the record's state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Desk {
    /// Who handed the record to the head of the unit.
    pub handed_in_by: Option<PersonId>,
    /// Who sent the record.
    pub sent_by: Option<PersonId>,
    /// The steps passed in this round, oldest first.
    pub path: Vec<State>,
    /// The places at this step; all must sign.
    pub seats: Vec<Seat>,
    /// 会签: these must sign too, in any order.
    pub asked: Vec<PersonId>,
    /// 加签: these sign before everyone else, the last one first.
    pub added: Vec<PersonId>,
}

/// Where a return goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReturnTo {
    /// The step before this one; the filler when this is the first.
    Previous,
    /// Whoever filled it.
    Filler,
    /// A step that it has passed, by the state's name.
    Step(String),
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// A verb that says it all.
    Plain(Verb),
    /// 退回
    Return(ReturnTo),
    /// 转办
    Delegate(PersonId),
    /// 会签
    Consult(Vec<PersonId>),
    /// 加签
    AddSigner(PersonId),
}

impl Order {
    /// Its verb.
    pub fn verb(&self) -> Verb {
        match self {
            Self::Plain(verb) => *verb,
            Self::Return(_) => Verb::Return,
            Self::Delegate(_) => Verb::Delegate,
            Self::Consult(_) => Verb::Consult,
            Self::AddSigner(_) => Verb::AddSigner,
        }
    }
}

/// A command, as it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What is to be done.
    pub order: Order,
    /// Why, in words; may be empty where no comment is asked for.
    pub comment: String,
    /// The outcome, where one is to be chosen.
    pub outcome: Option<String>,
    /// The version of the record that the actor saw.
    pub version: u64,
    /// Made by the form: the same key is the same command, however often it arrives.
    pub key: String,
}

impl Command {
    /// SHA-256 over all that was commanded, in hexadecimal: two commands with the same digest
    /// are the same.
    pub fn digest(&self) -> String {
        let version = self.version.to_string();
        let mut fields: Vec<&str> = vec![self.order.verb().name()];
        match &self.order {
            Order::Plain(_) => {}
            Order::Return(ReturnTo::Previous) => fields.push("previous"),
            Order::Return(ReturnTo::Filler) => fields.push("filler"),
            Order::Return(ReturnTo::Step(name)) => fields.extend(["step", name]),
            Order::Delegate(person) | Order::AddSigner(person) => fields.push(&person.0),
            Order::Consult(people) => fields.extend(people.iter().map(|person| &*person.0)),
        }
        let outcome = self.outcome.as_deref();
        fields.extend(["", &self.comment, outcome.unwrap_or_default()]);
        fields.extend([if outcome.is_some() { "chosen" } else { "none" }]);
        fields.extend([&*version, &self.key]);
        let mut hash = Sha256::new();
        for field in fields {
            // The length stands before each text, so that no two commands give the same bytes.
            hash.update(format!("{}:", field.len()));
            hash.update(field);
        }
        hash.finalize()
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|half| char::from_digit(half.into(), 16))
            .collect()
    }
}

/// A command that was carried out, and its answer. The same person's same command gets the answer
/// again; nothing happens twice. A refusal changes nothing and needs no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Who gave the command.
    pub by: PersonId,
    /// The command's key.
    pub key: String,
    /// The command's digest.
    pub digest: String,
    /// Its answer.
    pub moved: Moved,
}

/// Who holds a record next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// Whoever fills it.
    Filler,
    /// Anyone of this role and scope.
    Signer(Signer),
    /// This person.
    Person(PersonId),
}

/// What came of a command. The store writes all of it in one transaction: state, version, desk and
/// outcome to the record, `fact` with the command to the event row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Where it was.
    pub from: State,
    /// Where it is.
    pub state: State,
    /// The record's version from here on.
    pub version: u64,
    /// The review as far as it has come.
    pub desk: Desk,
    /// The latest outcome.
    pub outcome: Option<String>,
    /// Who holds it next; empty when nobody needs to do anything.
    pub holders: Vec<Holder>,
    /// What happened, in the past tense.
    pub fact: &'static str,
}
