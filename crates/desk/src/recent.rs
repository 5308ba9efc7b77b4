//! Answers that were given lately: what many pages ask for alike and what costs a walk over much of the case.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dateline::case::Case;

use crate::Error;

/// Answers that are kept of one kind.
const KEPT: usize = 128;
/// An answer is kept no longer, even where nothing was recorded since.
const LONGEST: Duration = Duration::from_secs(60);

#[derive(Debug)]
struct Kept<T> {
    asked: String,
    head: u64,
    at: Instant,
    answer: Arc<T>,
}

#[derive(Debug)]
struct Answers<T> {
    /// The newest first.
    kept: VecDeque<Kept<T>>,
    /// How often they were forgotten.
    turn: u64,
}

/// Answers of one kind.
#[derive(Debug)]
pub(crate) struct Recent<T> {
    answers: Mutex<Answers<T>>,
    fresh: Duration,
}

impl<T> Recent<T> {
    /// Answers that may be so old while others record something.
    pub(crate) fn new(fresh: Duration) -> Self {
        Self { answers: Mutex::new(Answers { kept: VecDeque::new(), turn: 0 }), fresh }
    }

    /// What was answered lately to the same question, else what `answer` gives.
    pub(crate) fn of(&self, case: &Case, asked: String, answer: impl FnOnce() -> Result<T, Error>) -> Result<Arc<T>, Error> {
        let head = case.head()?.seq;
        let answers = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let good = |one: &&Kept<T>| {
            one.asked == asked && (one.at.elapsed() < self.fresh || (one.head == head && one.at.elapsed() < LONGEST))
        };
        let turn = {
            let answers = answers();
            if let Some(one) = answers.kept.iter().find(good) {
                return Ok(Arc::clone(&one.answer));
            }
            answers.turn
        };
        let at = Instant::now();
        let answer = Arc::new(answer()?);
        let mut answers = answers();
        // Where something was decided meanwhile it may be of before.
        if answers.turn == turn {
            answers.kept.retain(|one| one.asked != asked && one.at.elapsed() < LONGEST);
            answers.kept.truncate(KEPT - 1);
            answers.kept.push_front(Kept { asked, head, at, answer: Arc::clone(&answer) });
        }
        Ok(answer)
    }

    /// Forgets all: something was decided here, and who decided it looks at once.
    pub(crate) fn forget(&self) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.kept.clear();
        answers.turn += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_given_again_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let case = Case::init(folder.path(), "n", "Jo").unwrap();
        let recent = Recent::new(Duration::ZERO);
        let ask = |question: &str, answer: u32| *recent.of(&case, question.to_owned(), || Ok(answer)).unwrap();
        assert_eq!((ask("a", 1), ask("a", 2), ask("b", 3)), (1, 1, 3));
        recent.forget();
        assert_eq!((ask("a", 4), ask("a", 5)), (4, 4));
        // What failed is asked again, and what was worked out while something was decided is not kept.
        assert!(recent.of(&case, "c".to_owned(), || Err(Error::Internal)).is_err());
        let late = recent.of(&case, "c".to_owned(), || {
            recent.forget();
            Ok(6)
        });
        assert_eq!((*late.unwrap(), ask("c", 7)), (6, 7));
    }

    #[test]
    fn what_is_recorded_makes_answers_old() {
        let folder = tempfile::tempdir().unwrap();
        let mut case = Case::init(folder.path(), "n", "Jo").unwrap();
        let (exact, lax) = (Recent::new(Duration::ZERO), Recent::new(Duration::from_secs(60)));
        let ask = |case: &Case, recent: &Recent<u32>, answer: u32| *recent.of(case, "q".to_owned(), || Ok(answer)).unwrap();
        assert_eq!((ask(&case, &exact, 1), ask(&case, &lax, 1)), (1, 1));
        case.set_outlet("Wire", |_| ()).unwrap();
        assert_eq!((ask(&case, &exact, 2), ask(&case, &lax, 2)), (2, 1));
    }
}
