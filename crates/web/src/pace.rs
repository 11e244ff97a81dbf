//! How often somebody may ask for something that costs the machine much.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::Error;

/// Most names remembered; those whose time is over go first, so that memory has a bound.
const MOST_NAMES: usize = 10_000;

/// Lets each name through so many times in a stretch of time.
#[derive(Debug)]
pub struct Pace {
    most: u32,
    stretch: Duration,
    counts: Mutex<HashMap<String, (u32, Instant)>>,
}

impl Pace {
    /// `most` times in each `stretch`.
    pub fn new(most: u32, stretch: Duration) -> Self {
        Self {
            most,
            stretch,
            counts: Mutex::default(),
        }
    }

    /// Counts `name` at `now`.
    ///
    /// # Errors
    /// It came too often; says how long to wait.
    pub fn pass(&self, name: &str, now: Instant) -> Result<(), Error> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |began: Instant| now.saturating_duration_since(began) >= self.stretch;
        if counts.len() >= MOST_NAMES {
            counts.retain(|_, (_, began)| !is_over(*began));
        }
        if counts.len() >= MOST_NAMES && !counts.contains_key(name) {
            // Nobody who is new gets through while the memory is full of busy names.
            return Err(self.wait(now, now));
        }
        let (count, began) = counts.entry(name.to_owned()).or_insert((0, now));
        if is_over(*began) {
            (*count, *began) = (0, now);
        }
        if *count >= self.most {
            return Err(self.wait(*began, now));
        }
        *count += 1;
        Ok(())
    }

    fn wait(&self, began: Instant, now: Instant) -> Error {
        let passed = now.saturating_duration_since(began);
        Error::TooMany {
            wait_seconds: self.stretch.saturating_sub(passed).as_secs() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_too_often_waits_until_the_stretch_is_over() {
        let pace = Pace::new(2, Duration::from_mins(1));
        let start = Instant::now();
        assert_eq!(pace.pass("a", start), Ok(()));
        assert_eq!(pace.pass("a", start), Ok(()));
        let later = start + Duration::from_secs(50);
        assert_eq!(
            pace.pass("a", later),
            Err(Error::TooMany { wait_seconds: 11 })
        );
        assert_eq!(pace.pass("b", later), Ok(()));
        assert_eq!(pace.pass("a", start + Duration::from_mins(1)), Ok(()));
    }
}
