//! The audit chain (审计链): who did what to which record, each event sealed by a digest that
//! covers the digest of the event before it, so that nobody can change, take away or slip in one
//! without breaking what follows.

mod chain;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sm3::Sm3;

pub use chain::{Broken, Fault, Head, Verified, Walk, verify_chain};

/// What stands as `prev_hash` of a chain's first event.
pub const NO_EVENT: &str = "";

/// Stands before the fields in what is hashed; another layout gets another number.
const LAYOUT: &str = "jixiao-event-1";

/// How events are hashed. The name stands in front of each hash, so that a chain may change its
/// algorithm and old events still verify.
///
/// House rule: SM3 (GB/T 32905-2016) beside SHA-256, because systems that are held to commercial
/// cryptography (《密码法》) must not rest on SHA-256 alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// SHA-256 (FIPS 180-4), where nothing else is chosen.
    #[default]
    Sha256,
    /// SM3 (GB/T 32905-2016).
    Sm3,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 2] = [Self::Sha256, Self::Sm3];

    /// `sha256` or `sm3`, as it stands in front of a hash.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sm3 => "sm3",
        }
    }

    /// The algorithm of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    /// The algorithm that made `hash`, by the name in front of it.
    pub fn of(hash: &str) -> Option<Self> {
        hash.split_once(':').and_then(|(name, _)| Self::find(name))
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What happened: everything of an event but its place in the chain's hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// 行政区划代码, whose chain the event is in; empty in a database without data.
    pub region_code: String,
    /// The event's number in its chain, from 1 without gap.
    pub sequence: i64,
    /// ISO 8601 with offset.
    pub happened_at: String,
    /// The account, or 系统.
    pub actor: String,
    /// A verb's code: `login`.
    pub action: String,
    /// What kind of record it happened to: `account`.
    pub record_kind: String,
    /// Which one.
    pub record_id: String,
    /// The record before, as JSON.
    pub before_json: Option<String>,
    /// The record after, as JSON.
    pub after_json: Option<String>,
}

/// An event with its links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub content: Content,
    /// The hash of the event before it; [`NO_EVENT`] for the first.
    pub prev_hash: String,
    /// `sha256:…` or `sm3:…` over everything above.
    pub hash: String,
}

impl Event {
    /// `content` as the event after the one with `prev_hash`.
    pub fn sealed(content: Content, prev_hash: &str, algorithm: Algorithm) -> Self {
        Self {
            hash: digest(prev_hash, &content, algorithm),
            prev_hash: prev_hash.to_owned(),
            content,
        }
    }
}

/// The hash of an event after the one with `prev_hash`, with the algorithm's name in front.
pub fn digest(prev_hash: &str, content: &Content, algorithm: Algorithm) -> String {
    let hex = match algorithm {
        Algorithm::Sha256 => hashed::<Sha256>(prev_hash, content),
        Algorithm::Sm3 => hashed::<Sm3>(prev_hash, content),
    };
    format!("{algorithm}:{hex}")
}

fn hashed<D: Digest>(prev_hash: &str, content: &Content) -> String {
    let mut hash = D::new();
    let sequence = content.sequence.to_string();
    for field in [
        Some(LAYOUT),
        Some(prev_hash),
        Some(&*content.region_code),
        Some(&*sequence),
        Some(&*content.happened_at),
        Some(&*content.actor),
        Some(&*content.action),
        Some(&*content.record_kind),
        Some(&*content.record_id),
        content.before_json.as_deref(),
        content.after_json.as_deref(),
    ] {
        // The length in bytes stands before each text, and nothing is another mark than the empty
        // text, so that no two contents give the same bytes.
        match field {
            Some(text) => {
                hash.update(format!("{}:", text.len()));
                hash.update(text);
            }
            None => hash.update("-"),
        }
    }
    hash.finalize()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}
