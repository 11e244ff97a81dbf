//! Answers that were read before, kept as long as nothing in the database has changed.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;

use crate::error::Error;
use crate::executor::IsConflict;
use crate::tx::Tx;

/// How many answers are kept of each kind of question; the one that was asked longest ago goes.
const MOST_ANSWERS: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// What pages ask again and again. Two equal questions have the same answer as long as the database
/// is the same, so everything that the answer depends on, who asks and on which day too, is part
/// of the question.
pub trait Question: Clone + Eq + Hash + Send + Sync + 'static {
    /// What is answered.
    type Answer: Send + Sync + 'static;
    /// Why there is no answer; that is never kept.
    type Error: From<Error> + IsConflict + Send + 'static;

    /// Reads the answer.
    ///
    /// # Errors
    /// Why there is none.
    fn read(&self, tx: &mut Tx<'_>) -> Result<Self::Answer, Self::Error>;
}

/// The answers of one database.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<HashMap<TypeId, Box<dyn Any + Send>>>>);

/// The answers to one kind of question.
type Shelf<Q> = LruCache<Q, Arc<Mutex<Kept<Q>>>>;

/// An answer with the [version](Tx::version) of what it was read from; none at first.
type Kept<Q> = Option<(String, Arc<<Q as Question>::Answer>)>;

impl Memory {
    /// The kept answer, if it is still true; else the answer is read and kept. Whoever asks the
    /// same meanwhile waits for it instead of reading it too.
    pub(crate) fn answer<Q: Question>(
        &self,
        tx: &mut Tx<'_>,
        question: &Q,
    ) -> Result<Arc<Q::Answer>, Q::Error> {
        let place = self.place(question);
        // What a reader that panicked left is what was true before.
        let mut kept = place.lock().unwrap_or_else(PoisonError::into_inner);
        let version = tx.version()?;
        if let Some((_, answer)) = kept.as_ref().filter(|(known, _)| *known == version) {
            return Ok(Arc::clone(answer));
        }
        let answer = Arc::new(question.read(tx)?);
        *kept = Some((version, Arc::clone(&answer)));
        Ok(answer)
    }

    fn place<Q: Question>(&self, question: &Q) -> Arc<Mutex<Kept<Q>>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all
            .entry(TypeId::of::<Q>())
            .or_insert_with(|| Box::new(Shelf::<Q>::new(MOST_ANSWERS)));
        match own.downcast_mut::<Shelf<Q>>() {
            Some(kept) => Arc::clone(kept.get_or_insert_ref(question, Arc::default)),
            // A shelf stands under the type of its questions, so there is no other.
            None => Arc::default(),
        }
    }
}
