//! One engine for the life of every kind of record: a machine is data, and [`transition()`] is the
//! only way from one state to the next.
//!
//! A machine says which states there are, what can be commanded in each, who may and under which
//! conditions. The review in its middle is walked along a route of the rule pack. The function is
//! pure: the caller reads a [`Standing`], and writes the [`Moved`] and its event in one
//! transaction.

mod hand_in;
mod machine;
mod machines;
mod offer;
mod refusal;
mod review;
mod route;
mod standing;
#[cfg(test)]
mod tests;
mod transition;
mod way;

pub use machine::{Condition, Edge, Machine, RecordKind, ReviewPart, State, StateRow, Verb};
pub use offer::{Asked, Offer, offers};
pub use refusal::{Errors, Refusal};
pub use route::{ObjectKind, Route, Signer, Step, When};
pub use standing::{
    Answered, Case, Command, Desk, Holder, Lock, Moved, Order, ReturnTo, Seat, Standing,
};
pub use transition::{edit, fact, holders, transition, verbs};
pub use way::{Stage, duty, way_ahead};
