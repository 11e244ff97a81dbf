//! How often somebody may fail before he must wait.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::Error;

/// How long a failure counts, and so how long one must wait at most.
const WINDOW: Duration = Duration::from_mins(5);

/// Most names remembered; the oldest go first, so that memory has a bound.
const MOST_NAMES: usize = 10_000;

/// Counts failures by name, such as an address and an account.
#[derive(Debug)]
pub struct Throttle {
    free_failures: u32,
    failures: Mutex<HashMap<String, (u32, Instant)>>,
}

impl Throttle {
    /// Lets each name fail so often before it must wait.
    pub fn new(free_failures: u32) -> Self {
        Self {
            free_failures,
            failures: Mutex::default(),
        }
    }

    /// Whether `name` may try at `now`.
    ///
    /// # Errors
    /// It failed too often; says how long to wait.
    pub fn check(&self, name: &str, now: Instant) -> Result<(), Error> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((count, last)) = failures.get(name) else {
            return Ok(());
        };
        let passed = now.saturating_duration_since(*last);
        if *count < self.free_failures || passed >= WINDOW {
            return Ok(());
        }
        Err(Error::TooMany {
            wait_seconds: WINDOW.saturating_sub(passed).as_secs() + 1,
        })
    }

    /// Counts a failure of `name` at `now`.
    pub fn failed(&self, name: &str, now: Instant) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST_NAMES {
            failures.retain(|_, (_, last)| now.saturating_duration_since(*last) < WINDOW);
        }
        if failures.len() >= MOST_NAMES {
            let oldest = failures.iter().min_by_key(|(_, (_, last))| *last);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                failures.remove(&oldest);
            }
        }
        let (count, last) = failures.entry(name.to_owned()).or_insert((0, now));
        if now.saturating_duration_since(*last) >= WINDOW {
            *count = 0;
        }
        *count += 1;
        *last = now;
    }

    /// Forgets the failures of `name`, which has succeeded.
    pub fn succeeded(&self, name: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE_FAILURES: u32 = 5;

    #[test]
    fn after_five_failures_one_waits_until_the_window_has_passed() {
        let (throttle, start) = (Throttle::new(FREE_FAILURES), Instant::now());
        for _ in 0..FREE_FAILURES {
            assert_eq!(throttle.check("a", start), Ok(()));
            throttle.failed("a", start);
        }
        assert!(throttle.check("a", start).is_err());
        assert_eq!(throttle.check("b", start), Ok(()));
        let almost = start + WINDOW.saturating_sub(Duration::from_millis(1));
        let waited = throttle.check("a", almost);
        assert_eq!(waited, Err(Error::TooMany { wait_seconds: 1 }));
        assert_eq!(throttle.check("a", start + WINDOW), Ok(()));
    }

    #[test]
    fn a_success_forgets_the_failures() {
        let (throttle, now) = (Throttle::new(FREE_FAILURES), Instant::now());
        for _ in 0..FREE_FAILURES {
            throttle.failed("a", now);
        }
        throttle.succeeded("a");
        assert_eq!(throttle.check("a", now), Ok(()));
    }

    #[test]
    fn the_memory_has_a_bound() {
        let (throttle, now) = (Throttle::new(FREE_FAILURES), Instant::now());
        for number in 0..=MOST_NAMES {
            throttle.failed(&number.to_string(), now);
        }
        assert_eq!(throttle.failures.lock().unwrap().len(), MOST_NAMES);
    }
}
