//! Accounts: what a password must be, who may log in now, how long a session lasts, who must show
//! a second factor, and the changes that two persons make together.

mod guess;
mod password;
mod privileged;
mod retention;
mod standing;
#[cfg(test)]
mod tests;

pub use password::{PasswordFlaw, Whose, password_flaws};
pub use privileged::{
    Change, ChangeState, Decider, PrivilegedRefusal, Request, Verdict, ask, askers, decide_change,
    deciders, leaves_no_administrator,
};
pub use retention::{RetentionRefusal, retention_flaw};
pub use standing::{
    Age, Confirmation, LoginRefusal, Present, confirmation, must_prove_twice, password_age,
    session_has_ended,
};
