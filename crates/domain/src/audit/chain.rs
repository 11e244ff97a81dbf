//! Walking a chain from its first event to its head.

use std::fmt;

use super::{Algorithm, Event, NO_EVENT, digest};

/// The chain's last event, kept apart from the events, so that an end that was cut off is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub sequence: i64,
    /// Its hash.
    pub hash: String,
}

/// A chain without a break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many events it has.
    pub events: i64,
    /// Its last event; none in an empty chain.
    pub head: Option<Head>,
}

/// The first break of a chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct Broken {
    /// The number of the first event that is altered, missing or inserted.
    pub sequence: i64,
    /// What is wrong with it; its text is a Chinese sentence.
    pub fault: Fault,
}

/// What is wrong at the break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The event is not there.
    Missing {
        /// Its number.
        sequence: i64,
        /// The number of the event found instead.
        next: i64,
    },
    /// An event stands where a later one belongs.
    OutOfPlace {
        /// The number that belongs there.
        expected: i64,
        /// The number that stands there.
        found: i64,
    },
    /// The event does not refer to the one before it.
    Unlinked {
        /// Its number.
        sequence: i64,
    },
    /// The event is not what its hash says.
    Altered {
        /// Its number.
        sequence: i64,
    },
    /// The event cannot be read from where it is kept.
    Unreadable {
        /// Its number.
        sequence: i64,
    },
    /// Events at the end are not there.
    CutOff {
        /// The first of them.
        sequence: i64,
        /// The number that the head has.
        head: i64,
    },
    /// An event after the head.
    AfterHead {
        /// Its number.
        sequence: i64,
    },
    /// The last event is not the one that the head has.
    NotTheHead {
        /// Its number.
        sequence: i64,
    },
    /// There are events and no head.
    NoHead {
        /// The last event's number.
        sequence: i64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { sequence, next } => {
                write!(f, "第 {sequence} 号事件不见了，这里直接是第 {next} 号")
            }
            Self::OutOfPlace { expected, found } => write!(
                f,
                "应是第 {expected} 号事件的地方是第 {found} 号：有事件是插入的，或被改了序号"
            ),
            Self::Unlinked { sequence: 1 } => {
                write!(f, "第 1 号事件前面不应再有事件：它记的前一条摘要被改动过")
            }
            Self::Unlinked { sequence } => write!(
                f,
                "第 {sequence} 号事件与前一条接不上：它记的前一条摘要被改动过，或前一条是改动后重算的"
            ),
            Self::Altered { sequence } => {
                write!(f, "第 {sequence} 号事件与它的摘要不符：这一条被改动过")
            }
            Self::Unreadable { sequence } => {
                write!(f, "第 {sequence} 号事件读不出来：这一条被改动过")
            }
            Self::CutOff { sequence, head } => write!(
                f,
                "链头记着最后一条是第 {head} 号，从第 {sequence} 号起的事件不见了"
            ),
            Self::AfterHead { sequence } => write!(
                f,
                "链头没有记到第 {sequence} 号事件：这一条是绕过系统加入的，或链头被改动过"
            ),
            Self::NotTheHead { sequence } => write!(
                f,
                "第 {sequence} 号事件与链头记的摘要不符：这一条是改动后重算的，或链头被改动过"
            ),
            Self::NoHead { sequence } => write!(
                f,
                "链头记录不见了，不能断定第 {sequence} 号是不是最后一条事件"
            ),
        }
    }
}

/// A walk along a chain, one event after the other, in bounded memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walk {
    last: Option<Head>,
}

impl Walk {
    /// Before the first event.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of the event that belongs next.
    pub fn expected(&self) -> i64 {
        self.last
            .as_ref()
            .map_or(1, |last| last.sequence.saturating_add(1))
    }

    /// Goes on to `event`.
    ///
    /// # Errors
    /// It does not belong here, or is not what its hash says.
    pub fn step(&mut self, event: &Event) -> Result<(), Broken> {
        let sequence = self.expected();
        let broken = |fault| Err(Broken { sequence, fault });
        let found = event.content.sequence;
        if found > sequence {
            let next = found;
            return broken(Fault::Missing { sequence, next });
        }
        if found < sequence {
            let expected = sequence;
            return broken(Fault::OutOfPlace { expected, found });
        }
        let before = self.last.as_ref().map_or(NO_EVENT, |last| &last.hash);
        if event.prev_hash != before {
            return broken(Fault::Unlinked { sequence });
        }
        let computed = Algorithm::of(&event.hash)
            .map(|algorithm| digest(&event.prev_hash, &event.content, algorithm));
        if computed.as_ref() != Some(&event.hash) {
            return broken(Fault::Altered { sequence });
        }
        self.last = Some(Head {
            sequence,
            hash: event.hash.clone(),
        });
        Ok(())
    }

    /// Says that the next event is there and cannot be read.
    pub fn unreadable(&self) -> Broken {
        let sequence = self.expected();
        Broken {
            sequence,
            fault: Fault::Unreadable { sequence },
        }
    }

    /// Ends at the last event, which must be the one that `head` has.
    ///
    /// # Errors
    /// It is another one: the end was cut off, added to or written anew.
    pub fn finish(self, head: Option<&Head>) -> Result<Verified, Broken> {
        let next = self.expected();
        let end = self.last.as_ref().map_or(0, |last| last.sequence);
        let (sequence, fault) = match (head, &self.last) {
            (Some(head), Some(last)) if head == last => return Ok(self.end()),
            (None, None) => return Ok(self.end()),
            (Some(head), _) if head.sequence > end => {
                let (sequence, head) = (next, head.sequence);
                (sequence, Fault::CutOff { sequence, head })
            }
            (Some(head), _) if head.sequence < end => {
                let sequence = head.sequence.saturating_add(1);
                (sequence, Fault::AfterHead { sequence })
            }
            (Some(_), _) => (end, Fault::NotTheHead { sequence: end }),
            (None, Some(_)) => (end, Fault::NoHead { sequence: end }),
        };
        Err(Broken { sequence, fault })
    }

    /// Ends without a head to compare with.
    fn end(self) -> Verified {
        Verified {
            events: self.last.as_ref().map_or(0, |last| last.sequence),
            head: self.last,
        }
    }
}

/// Verifies a whole chain that has no head beside it; events cut off at its end are not seen.
///
/// # Errors
/// The first event that is altered, missing or inserted.
pub fn verify_chain<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<Verified, Broken> {
    let mut walk = Walk::new();
    for event in events {
        walk.step(event)?;
    }
    Ok(walk.end())
}
